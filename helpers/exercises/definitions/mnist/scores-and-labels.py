"""
title = "Scores beside their labels"
kind = "repair"
level = 2
minutes = 4
concepts = ["X21", "M12", "X22"]
task = "`scores_and_labels` should return the scores of all samples of `loader` and their labels: row i of the first belongs to entry i of the second. For the validation loader the accuracy that is computed from them is 98 %, for the training loader it is 10 %, although the same model has learned from just these samples. Repair it, so that it works with any loader: one that shuffles, one with `drop_last=True`, or a plain list of batches (X, Y). Both results are tensors, and no graph is to be kept."
right = "One pass, and both halves of each batch kept together: then the order of the loader does not matter."
hints = [
    "In what do the two loaders differ? And what happens when you go through one of them a second time?",
    "A loader that shuffles draws a new order at each pass. Within a batch, X and Y belong together.",
    "One loop: `for X, Y in loader:`, in it `parts.append(model(X))` and `labels.append(...)`, and `torch.cat` on both lists at the end.",
]
"""

# %% setup
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


# %% stub
def scores_and_labels(model, loader):
    """Return the scores (n, classes) and the labels (n,) that belong to them."""
    with torch.no_grad():
        scores = torch.cat([model(X) for X, _ in loader])
    labels = torch.cat([Y for _, Y in loader])
    return scores, labels


# %% solution
def scores_and_labels(model, loader):
    with torch.no_grad():
        pairs = [(model(X), Y) for X, Y in loader]
    scores = torch.cat([scores for scores, _ in pairs])
    labels = torch.cat([Y for _, Y in pairs])
    return scores, labels


# %% also right: the batches kept first
@torch.no_grad()
def scores_and_labels(model, loader):
    batches = list(loader)
    scores = torch.cat([model(X) for X, _ in batches])
    labels = torch.cat([Y for _, Y in batches])
    return scores, labels


# %% also right: two lists
def scores_and_labels(model, loader):
    scores, labels = [], []
    for X, Y in loader:
        scores.extend(model(X).detach())
        labels += Y.tolist()
    return torch.stack(scores), torch.tensor(labels)


# %% also right: zip
def scores_and_labels(model, loader):
    X, Y = zip(*loader)
    with torch.no_grad():
        return model(torch.cat(X)), torch.cat(Y)


# %% wrong: A plain list of batches has no dataset; all that is needed comes out of the loader itself.
def scores_and_labels(model, loader):
    loader = DataLoader(loader.dataset, batch_size=loader.batch_size, drop_last=loader.drop_last)
    with torch.no_grad():
        scores = torch.cat([model(X) for X, _ in loader])
    return scores, torch.cat([Y for _, Y in loader])


# %% wrong: There are still two passes through the loader, and one that shuffles draws a new order for each.
def scores_and_labels(model, loader):
    labels = torch.cat([Y for _, Y in loader])
    with torch.no_grad():
        scores = torch.cat([model(X) for X, _ in loader])
    return scores, labels


# %% wrong: The labels were taken in the order of the dataset, and the scores in that of the loader.
def scores_and_labels(model, loader):
    with torch.no_grad():
        scores = torch.cat([model(X) for X, _ in loader])
    labels = torch.stack([loader.dataset[i][1] for i in range(len(loader.dataset))])
    return scores, labels


# %% wrong: The samples were taken from the dataset, past the loader: a loader can leave samples out, or be a plain list without a dataset.
def scores_and_labels(model, loader):
    dataset = loader.dataset
    X = torch.stack([dataset[i][0] for i in range(len(dataset))])
    with torch.inference_mode():
        return model(X), torch.tensor([int(dataset[i][1]) for i in range(len(dataset))])


# %% wrong: These are the scores and labels of one batch; all were asked for.
def scores_and_labels(model, loader):
    with torch.no_grad():
        for X, Y in loader:
            scores, labels = model(X), Y
    return scores, labels


# %% wrong: Only the first batch is there: the loop was left too early.
def scores_and_labels(model, loader):
    X, Y = next(iter(loader))
    with torch.no_grad():
        return model(X), Y


# %% wrong: The pairs are right, but the scores keep the graphs of all batches.
def scores_and_labels(model, loader):
    pairs = [(model(X), Y) for X, Y in loader]
    return torch.cat([scores for scores, _ in pairs]), torch.cat([Y for _, Y in pairs])


# %% wrong: Sorting the labels does not bring them beside their scores.
def scores_and_labels(model, loader):
    with torch.no_grad():
        pairs = [(model(X), Y) for X, Y in loader]
    labels = torch.cat([Y for _, Y in pairs]).sort().values
    return torch.cat([scores for scores, _ in pairs]), labels


# %% wrong: These are the labels that the model gives; those of the loader were asked for.
def scores_and_labels(model, loader):
    with torch.no_grad():
        scores = torch.cat([model(X) for X, _ in loader])
    return scores, scores.argmax(dim=1)


# %% wrong: These are lists; one tensor for all scores and one for all labels were asked for.
def scores_and_labels(model, loader):
    scores, labels = [], []
    with torch.no_grad():
        for X, Y in loader:
            scores.append(model(X))
            labels.append(Y)
    return scores, labels


# %% wrong: These are probabilities; the scores themselves were asked for.
def scores_and_labels(model, loader):
    with torch.no_grad():
        pairs = [(model(X).softmax(dim=1), Y) for X, Y in loader]
    return torch.cat([scores for scores, _ in pairs]), torch.cat([Y for _, Y in pairs])


# %% wrong: The pairs are right, but the labels became floats: `torch.empty(0)` and `torch.tensor([])` are float32.
def scores_and_labels(model, loader):
    scores, labels = torch.empty(0), torch.empty(0)
    with torch.no_grad():
        for X, Y in loader:
            scores = torch.cat([scores, model(X)])
            labels = torch.cat([labels, Y])
    return scores, labels


# %% wrong: `torch.stack` makes a new dimension, one entry for each batch, and all batches have to be of one size; the rows of all batches are to lie one below the other.
def scores_and_labels(model, loader):
    scores, labels = [], []
    with torch.no_grad():
        for X, Y in loader:
            scores.append(model(X))
            labels.append(Y)
    return torch.stack(scores), torch.stack(labels)


# %% wrong: These are the classes that the model chooses; the scores themselves were asked for.
def scores_and_labels(model, loader):
    scores, labels = [], []
    with torch.no_grad():
        for X, Y in loader:
            scores.append(model(X).argmax(dim=1))
            labels.append(Y)
    return torch.cat(scores), torch.cat(labels)


# %% wrong: The two results are exchanged: the scores come first.
def scores_and_labels(model, loader):
    scores, labels = [], []
    with torch.no_grad():
        for X, Y in loader:
            scores.append(model(X))
            labels.append(Y)
    return torch.cat(labels), torch.cat(scores)


# %% wrong: These are NumPy arrays; tensors were asked for.
def scores_and_labels(model, loader):
    scores, labels = [], []
    with torch.no_grad():
        for X, Y in loader:
            scores.append(model(X))
            labels.append(Y)
    return torch.cat(scores).numpy(), torch.cat(labels).numpy()


# %% wrong: The labels are those of the last batch alone: they were collected after the loop.
def scores_and_labels(model, loader):
    scores, labels = [], []
    with torch.no_grad():
        for X, Y in loader:
            scores.append(model(X))
        labels.append(Y)
    return torch.cat(scores), torch.cat(labels)


# %% wrong: The batches were put side by side, `dim=1`; the rows of all batches are to lie one below the other.
def scores_and_labels(model, loader):
    scores, labels = [], []
    with torch.no_grad():
        for X, Y in loader:
            scores.append(model(X))
            labels.append(Y)
    return torch.cat(scores, dim=1), torch.cat(labels)


# %% wrong: To set `loader.shuffle` changes nothing: a loader's order was settled when it was made, and a plain list has no such attribute.
def scores_and_labels(model, loader):
    loader.shuffle = False
    with torch.no_grad():
        scores = torch.cat([model(X) for X, _ in loader])
    return scores, torch.cat([Y for _, Y in loader])


# %% wrong: An iterator can be gone through once: after the scores nothing is left in it for the labels.
def scores_and_labels(model, loader):
    batches = iter(loader)
    with torch.no_grad():
        scores = torch.cat([model(X) for X, _ in batches])
    return scores, torch.cat([Y for _, Y in batches])


# %% cases
def cases():
    yield 6, 2, "in order"
    yield 6, 2, "shuffles"
    yield 50, 7, "shuffles"
    yield 30, 30, "shuffles"
    yield 8, 3, "shuffles, with drop_last=True"
    yield 5, 2, "a plain list"


def observe(scores_and_labels, num_samples, batch_size, the_loader):
    """Sample i has the label (3 i + 1) % 5, and the model turns its one input, i, into (i, -2 i)."""
    model = nn.Linear(1, 2)
    model.load_state_dict({"weight": torch.tensor([[1.0], [-2.0]]), "bias": torch.zeros(2)})
    X = torch.arange(float(num_samples)).unsqueeze(1)
    generator = torch.Generator().manual_seed(7)
    dataset = TensorDataset(X, (3 * torch.arange(num_samples) + 1) % 5)
    loader = DataLoader(
        dataset,
        batch_size,
        shuffle="shuffles" in the_loader,
        drop_last="drop_last" in the_loader,
        generator=generator,
    )
    if "list" in the_loader:
        loader = list(loader)
    scores, labels = scores_and_labels(model, loader)
    result = {
        "the kind of the scores": type(scores).__name__,
        "the kind of the labels": type(labels).__name__,
        "the shape of the scores": None,
        "how many labels": None,
        "whether the scores are as the model gives them": None,
        "how many rows of scores lie beside their own label": None,
        "how many different samples": None,
        "the dtype of the labels": None,
        "whether a graph is kept": None,
    }
    if isinstance(scores, torch.Tensor) and isinstance(labels, torch.Tensor):
        result["the shape of the scores"] = str(tuple(scores.shape))
        result["how many labels"] = len(labels)
        result["the dtype of the labels"] = labels.dtype
        result["whether a graph is kept"] = scores.requires_grad
        if scores.ndim == 2 and scores.shape[:1] == labels.shape:
            own = scores[:, 0].round().long()
            given = scores.shape[1] == 2 and (scores == torch.stack([own, -2 * own], 1)).all()
            result["whether the scores are as the model gives them"] = bool(given)
            fits = (3 * own + 1) % 5 == labels
            if given:
                result["how many rows of scores lie beside their own label"] = int(fits.sum())
                result["how many different samples"] = len(set(own.tolist()))
    return result
