"""
title = "A loss that depends on batches"
kind = "repair"
level = 2
minutes = 4
concepts = ["M11", "X12", "M10"]
task = "`loss_and_accuracy` should return the mean cross entropy and the accuracy (from 0 to 1) over all samples that `loader` gives, two plain numbers; `loader` may leave samples out (`drop_last=True`), or be a plain list of batches (X, Y). Somebody measures one model on the same samples with batches of 64, 100 and 128: the accuracy is the same each time, but the loss is not. Repair it."
right = "A mean over samples stays the same however they are cut into batches, and that is how you can test any such function."
hints = [
    "How many samples stand behind each of the numbers that are added up? And the last batch?",
    "`F.cross_entropy` returns the mean of its batch. Times the size of the batch it is a sum, and so it is with `reduction='sum'`.",
    "In the loop `total += loss.item() * ...`, and at the end `total / ...`: both as for the hits.",
]
"""

# %% setup
import torch
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset


# %% stub
def loss_and_accuracy(model, loader):
    """Return the mean loss and the accuracy over all samples."""
    losses, hits, count = 0.0, 0, 0
    with torch.no_grad():
        for X, Y in loader:
            scores = model(X)
            losses += F.cross_entropy(scores, Y).item()
            hits += (scores.argmax(dim=1) == Y).sum().item()
            count += len(Y)
    return losses / len(loader), hits / count


# %% solution
def loss_and_accuracy(model, loader):
    losses, hits, count = 0.0, 0, 0
    with torch.no_grad():
        for X, Y in loader:
            scores = model(X)
            losses += F.cross_entropy(scores, Y).item() * len(Y)
            hits += (scores.argmax(dim=1) == Y).sum().item()
            count += len(Y)
    return losses / count, hits / count


# %% also right: the sum of each batch
def loss_and_accuracy(model, loader):
    losses = hits = count = 0
    with torch.inference_mode():
        for X, Y in loader:
            scores = model(X)
            losses += F.cross_entropy(scores, Y, reduction="sum")
            hits += (scores.max(dim=1).indices == Y).sum()
            count += X.shape[0]
    return (losses / count).item(), float(hits / count)


# %% also right: all samples in one batch
@torch.no_grad()
def loss_and_accuracy(model, loader):
    pairs = [(model(X), Y) for X, Y in loader]
    scores = torch.cat([s for s, _ in pairs])
    labels = torch.cat([Y for _, Y in pairs])
    hits = scores.argmax(1).eq(labels).float()
    return F.cross_entropy(scores, labels).item(), hits.mean().item()


# %% also right: a list with the loss of each sample
def loss_and_accuracy(model, loader):
    losses, hits = [], []
    for X, Y in loader:
        scores = model(X).detach()
        losses.extend(F.cross_entropy(scores, Y, reduction="none").tolist())
        hits.extend((scores.argmax(dim=-1) == Y).tolist())
    return sum(losses) / len(losses), sum(hits) / len(hits)


# %% wrong: The mean of the batch means counts each sample of a smaller batch more than the others.
def loss_and_accuracy(model, loader):
    losses, hits, count = [], 0, 0
    with torch.no_grad():
        for X, Y in loader:
            scores = model(X)
            losses.append(F.cross_entropy(scores, Y).item())
            hits += (scores.argmax(dim=1) == Y).sum().item()
            count += len(Y)
    return sum(losses) / len(losses), hits / count


# %% wrong: Now sums over samples are added up, but still divided by the number of batches.
def loss_and_accuracy(model, loader):
    losses, hits, count = 0.0, 0, 0
    with torch.no_grad():
        for X, Y in loader:
            scores = model(X)
            losses += F.cross_entropy(scores, Y).item() * len(Y)
            hits += (scores.argmax(dim=1) == Y).sum().item()
            count += len(Y)
    return losses / len(loader), hits / count


# %% wrong: Batch means are added up and divided by the number of samples; but each of them has been divided by the size of its batch already.
def loss_and_accuracy(model, loader):
    losses, hits, count = 0.0, 0, 0
    with torch.no_grad():
        for X, Y in loader:
            scores = model(X)
            losses += F.cross_entropy(scores, Y).item()
            hits += (scores.argmax(dim=1) == Y).sum().item()
            count += len(Y)
    return losses / count, hits / count


# %% wrong: Each batch was weighted by `loader.batch_size`, and the last one may hold fewer samples.
def loss_and_accuracy(model, loader):
    losses, hits, count = 0.0, 0, 0
    with torch.no_grad():
        for X, Y in loader:
            scores = model(X)
            losses += F.cross_entropy(scores, Y).item() * loader.batch_size
            hits += (scores.argmax(dim=1) == Y).sum().item()
            count += len(Y)
    return losses / count, hits / count


# %% wrong: The smaller batch at the end was left out; the mean goes over all samples.
def loss_and_accuracy(model, loader):
    losses, hits, count = 0.0, 0, 0
    with torch.no_grad():
        for X, Y in loader:
            if len(Y) < loader.batch_size:
                continue
            scores = model(X)
            losses += F.cross_entropy(scores, Y).item() * len(Y)
            hits += (scores.argmax(dim=1) == Y).sum().item()
            count += len(Y)
    return losses / max(count, 1), hits / max(count, 1)


# %% wrong: The loss is right now, but the accuracy became a mean of batch means.
def loss_and_accuracy(model, loader):
    losses, shares, count = 0.0, [], 0
    with torch.no_grad():
        for X, Y in loader:
            scores = model(X)
            losses += F.cross_entropy(scores, Y).item() * len(Y)
            shares.append((scores.argmax(dim=1) == Y).float().mean().item())
            count += len(Y)
    return losses / count, sum(shares) / len(shares)


# %% wrong: The loss is the mean of a running mean: the last batch counts half.
def loss_and_accuracy(model, loader):
    loss, hits, count = None, 0, 0
    with torch.no_grad():
        for X, Y in loader:
            scores = model(X)
            new = F.cross_entropy(scores, Y).item()
            loss = new if loss is None else (loss + new) / 2
            hits += (scores.argmax(dim=1) == Y).sum().item()
            count += len(Y)
    return loss, hits / count


# %% wrong: The numbers are right, but the loss still carries the graphs of all batches.
def loss_and_accuracy(model, loader):
    losses, hits, count = 0.0, 0, 0
    for X, Y in loader:
        scores = model(X)
        losses += F.cross_entropy(scores, Y) * len(Y)
        hits += (scores.argmax(dim=1) == Y).sum().item()
        count += len(Y)
    return losses / count, hits / count


# %% wrong: The numbers are right, but they are tensors, and the loss carries the graphs of all batches; wanted are two plain numbers.
def loss_and_accuracy(model, loader):
    losses = hits = count = 0
    for X, Y in loader:
        scores = model(X)
        losses += F.cross_entropy(scores, Y, reduction="sum")
        hits += (scores.argmax(dim=1) == Y).sum()
        count += len(Y)
    return losses / count, hits / count


# %% wrong: The numbers are right, but they are tensors; wanted are two plain numbers.
def loss_and_accuracy(model, loader):
    losses = hits = count = 0
    with torch.no_grad():
        for X, Y in loader:
            scores = model(X)
            losses += F.cross_entropy(scores, Y, reduction="sum")
            hits += (scores.argmax(dim=1) == Y).sum()
            count += len(Y)
    return losses / count, hits / count


# %% wrong: The accuracy is right and a plain number; the loss is right, but still a tensor.
def loss_and_accuracy(model, loader):
    losses, hits, count = 0.0, 0, 0
    with torch.no_grad():
        for X, Y in loader:
            scores = model(X)
            losses += F.cross_entropy(scores, Y) * len(Y)
            hits += (scores.argmax(dim=1) == Y).sum().item()
            count += len(Y)
    return losses / count, hits / count


# %% wrong: The loss is right and a plain number; the accuracy is right, but still a tensor.
def loss_and_accuracy(model, loader):
    losses, hits, count = 0.0, 0, 0
    with torch.no_grad():
        for X, Y in loader:
            scores = model(X)
            losses += F.cross_entropy(scores, Y).item() * len(Y)
            hits += (scores.argmax(dim=1) == Y).sum()
            count += len(Y)
    return losses / count, hits / count


# %% wrong: `len(loader.dataset)` is the size of the dataset: the loader may give fewer samples, and a plain list has no dataset.
def loss_and_accuracy(model, loader):
    losses, hits, count = 0.0, 0, 0
    with torch.no_grad():
        for X, Y in loader:
            scores = model(X)
            losses += F.cross_entropy(scores, Y, reduction="sum").item()
            hits += (scores.argmax(dim=1) == Y).sum().item()
            count += len(Y)
    return losses / len(loader.dataset), hits / count


# %% wrong: Both sums were divided by `len(loader.dataset)`, the size of the dataset: the loader may give fewer samples, and a plain list has no dataset.
def loss_and_accuracy(model, loader):
    losses, hits = 0.0, 0
    with torch.no_grad():
        for X, Y in loader:
            scores = model(X)
            losses += F.cross_entropy(scores, Y, reduction="sum").item()
            hits += (scores.argmax(dim=1) == Y).sum().item()
    return losses / len(loader.dataset), hits / len(loader.dataset)


# %% wrong: The whole dataset was taken, past the loader: it may give fewer samples, and a plain list has no dataset.
def loss_and_accuracy(model, loader):
    with torch.no_grad():
        X, Y = loader.dataset[:]
        scores = model(X)
        hits = (scores.argmax(dim=1) == Y).float().mean().item()
        return F.cross_entropy(scores, Y).item(), hits


# %% wrong: All batches were weighted with the size of the first one, and the last one may hold fewer samples.
def loss_and_accuracy(model, loader):
    losses, hits, count, size = 0.0, 0, 0, 0
    with torch.no_grad():
        for X, Y in loader:
            scores = model(X)
            size = size or len(Y)
            losses += F.cross_entropy(scores, Y).item() * size
            hits += (scores.argmax(dim=1) == Y).sum().item()
            count += len(Y)
    return losses / count, hits / count


# %% wrong: This is the loss of the last batch alone.
def loss_and_accuracy(model, loader):
    hits, count = 0, 0
    with torch.no_grad():
        for X, Y in loader:
            scores = model(X)
            loss = F.cross_entropy(scores, Y).item()
            hits += (scores.argmax(dim=1) == Y).sum().item()
            count += len(Y)
    return loss, hits / count


# %% wrong: `F.cross_entropy` has already divided by the size of the batch; here it is done a second time.
def loss_and_accuracy(model, loader):
    losses, hits, count = 0.0, 0, 0
    with torch.no_grad():
        for X, Y in loader:
            scores = model(X)
            losses += F.cross_entropy(scores, Y).item() / len(Y)
            hits += (scores.argmax(dim=1) == Y).sum().item()
            count += len(Y)
    return losses / len(loader), hits / count


# %% wrong: The loss is right; the hits were only counted, and the accuracy is their share of the samples.
def loss_and_accuracy(model, loader):
    losses, hits, count = 0.0, 0, 0
    with torch.no_grad():
        for X, Y in loader:
            scores = model(X)
            losses += F.cross_entropy(scores, Y).item() * len(Y)
            hits += (scores.argmax(dim=1) == Y).sum().item()
            count += len(Y)
    return losses / count, hits


# %% wrong: `reduction="sum"` gives the sum of a batch already; it was multiplied by the size of the batch once more.
def loss_and_accuracy(model, loader):
    losses, hits, count = 0.0, 0, 0
    with torch.no_grad():
        for X, Y in loader:
            scores = model(X)
            losses += F.cross_entropy(scores, Y, reduction="sum").item() * len(Y)
            hits += (scores.argmax(dim=1) == Y).sum().item()
            count += len(Y)
    return losses / count, hits / count


# %% wrong: The losses and the hits were both divided by the number of batches.
def loss_and_accuracy(model, loader):
    losses, hits, count = 0.0, 0, 0
    with torch.no_grad():
        for X, Y in loader:
            scores = model(X)
            losses += F.cross_entropy(scores, Y).item()
            hits += (scores.argmax(dim=1) == Y).sum().item()
            count += 1
    return losses / count, hits / count


# %% wrong: The loss is right now, but the hits were divided by the number of batches.
def loss_and_accuracy(model, loader):
    losses, hits, count = 0.0, 0, 0
    with torch.no_grad():
        for X, Y in loader:
            scores = model(X)
            losses += F.cross_entropy(scores, Y).item() * len(Y)
            hits += (scores.argmax(dim=1) == Y).sum().item()
            count += len(Y)
    return losses / count, hits / len(loader)


# %% wrong: The number of samples was taken to be the number of batches times `loader.batch_size`; the last batch may hold fewer.
def loss_and_accuracy(model, loader):
    losses, hits, count = 0.0, 0, 0
    with torch.no_grad():
        for X, Y in loader:
            scores = model(X)
            losses += F.cross_entropy(scores, Y).item() * len(Y)
            hits += (scores.argmax(dim=1) == Y).sum().item()
    count = len(loader) * loader.batch_size
    return losses / count, hits / count


# %% wrong: Only the first batch was measured: the loop was left too early.
def loss_and_accuracy(model, loader):
    losses, hits, count = 0.0, 0, 0
    with torch.no_grad():
        for X, Y in loader:
            scores = model(X)
            losses += F.cross_entropy(scores, Y).item() * len(Y)
            hits += (scores.argmax(dim=1) == Y).sum().item()
            count += len(Y)
            return losses / count, hits / count


# %% wrong: The loss is right. The accuracy is in per cent; a share from 0 to 1 is meant, as before.
def loss_and_accuracy(model, loader):
    losses, hits, count = 0.0, 0, 0
    with torch.no_grad():
        for X, Y in loader:
            scores = model(X)
            losses += F.cross_entropy(scores, Y).item() * len(Y)
            hits += (scores.argmax(dim=1) == Y).sum().item()
            count += len(Y)
    return losses / count, 100 * hits / count


# %% wrong: Each batch was weighted with 64, whatever its size.
def loss_and_accuracy(model, loader):
    losses, hits, count = 0.0, 0, 0
    with torch.no_grad():
        for X, Y in loader:
            scores = model(X)
            losses += F.cross_entropy(scores, Y).item() * 64
            hits += (scores.argmax(dim=1) == Y).sum().item()
            count += len(Y)
    return losses / count, hits / count


# %% wrong: The samples are never counted, so this divides by 0.
def loss_and_accuracy(model, loader):
    losses, hits, count = 0.0, 0, 0
    with torch.no_grad():
        for X, Y in loader:
            scores = model(X)
            losses += F.cross_entropy(scores, Y).item() * len(Y)
            hits += (scores.argmax(dim=1) == Y).sum().item()
    return losses / count, hits / count


# %% wrong: The accuracy is right, but the losses of all samples were only added up; their mean was asked for.
def loss_and_accuracy(model, loader):
    losses, hits, count = 0.0, 0, 0
    with torch.no_grad():
        for X, Y in loader:
            scores = model(X)
            losses += F.cross_entropy(scores, Y).item() * len(Y)
            hits += (scores.argmax(dim=1) == Y).sum().item()
            count += len(Y)
    return losses, hits / count


# %% cases
def cases():
    scores = torch.tensor([[2.0, 0.0], [1.0, 0.0], [0.0, 5.0]])
    yield scores, torch.tensor([0, 0, 0]), 2, "a DataLoader"
    yield torch.randn(10, 3), torch.randint(0, 3, (10,)), 4, "a DataLoader"
    yield torch.randn(12, 3), torch.randint(0, 3, (12,)), 4, "a DataLoader"
    yield torch.randn(5, 10), torch.randint(0, 10, (5,)), 64, "a DataLoader"
    yield 5 * torch.randn(21, 4), torch.randint(0, 4, (21,)), 10, "a DataLoader"
    yield torch.randn(7, 3), torch.randint(0, 3, (7,)), 3, "with drop_last=True"
    yield torch.randn(7, 3), torch.randint(0, 3, (7,)), 3, "a plain list"


def number_of(value):
    return value.item() if isinstance(value, torch.Tensor) and value.numel() == 1 else value


def observe(loss_and_accuracy, scores, Y, batch_size, loader):
    model = torch.nn.Linear(scores.shape[1], scores.shape[1], bias=False)
    model.load_state_dict({"weight": torch.eye(scores.shape[1])})
    batches = DataLoader(TensorDataset(scores, Y), batch_size, drop_last="drop" in loader)
    loss, accuracy = loss_and_accuracy(model, list(batches) if "list" in loader else batches)
    return {
        "the loss": number_of(loss),
        "the accuracy": number_of(accuracy),
        "whether a graph is kept": bool(getattr(loss, "requires_grad", False)),
        "whether the loss is a plain number": not isinstance(loss, torch.Tensor),
        "whether the accuracy is a plain number": not isinstance(accuracy, torch.Tensor),
    }
