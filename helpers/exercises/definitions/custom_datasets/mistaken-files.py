"""
title = "The files of the mistakes"
kind = "repair"
level = 1
minutes = 4
concepts = ["X21", "C10"]
task = '''`files[i]` is the file of sample `i` of the dataset. This function returns the files whose answer is wrong, in the order of the dataset. How many it returns is right every time; but in each run they are others, and most of the pictures that it names were answered rightly. Repair it. The list must not depend on `batch_size`. (`model` is in `eval()` when it comes, and must stay in it.)'''
right = "A test loader keeps the order of its dataset, so that place i of the answers is sample i: leave `shuffle` off."
hints = [
    "Where does sample 0 of the dataset stand in `wrong`?",
    "What may `DataLoader` be told about the order, and which order does a test need?",
    "Of the three arguments of `DataLoader`, one changes the order of the samples; the rest of the function may stay.",
]
"""

# %% setup
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

next(iter(DataLoader(TensorDataset(torch.zeros(2, 1)), shuffle=True)))  # the first one is slow


# %% stub
def mistaken_files(model, dataset, files, batch_size):
    loader = torch.utils.data.DataLoader(dataset, batch_size=batch_size, shuffle=True)
    wrong = []
    with torch.inference_mode():
        for X, Y in loader:
            wrong.append(model(X).argmax(dim=1) != Y)
    places = torch.cat(wrong).nonzero().flatten()
    return [files[i] for i in places]


# %% solution
def mistaken_files(model, dataset, files, batch_size):
    loader = torch.utils.data.DataLoader(dataset, batch_size)
    wrong = []
    with torch.inference_mode():
        for X, Y in loader:
            wrong.append(model(X).argmax(dim=1) != Y)
    places = torch.cat(wrong).nonzero().flatten()
    return [files[i] for i in places]


# %% also right: without a loader, sample by sample
def mistaken_files(model, dataset, files, batch_size):
    mistaken = []
    with torch.no_grad():
        for (x, y), file in zip(dataset, files):
            if int(model(x.unsqueeze(0)).argmax()) != int(y):
                mistaken.append(file)
    return mistaken


# %% also right: shuffled batches whose order is known
def mistaken_files(model, dataset, files, batch_size):
    order = torch.randperm(len(dataset)).tolist()
    mistaken = []
    for i, (X, Y) in zip(order, DataLoader(dataset, batch_size=1, sampler=order)):
        if (model(X).argmax(dim=1) != Y).item():
            mistaken.append(i)
    return [files[i] for i in sorted(mistaken)]


# %% also right: the mode is put back
def mistaken_files(model, dataset, files, batch_size):
    was, mistaken = model.training, []
    model.eval()
    place = 0
    for X, Y in DataLoader(dataset, batch_size):
        for answer, label in zip(model(X).argmax(dim=1).tolist(), Y.tolist()):
            if answer != label:
                mistaken.append(files[place])
            place += 1
    model.train(was)
    return mistaken


# %% also right: answers and labels gathered, then compared
def mistaken_files(model, dataset, files, batch_size):
    batches = [(model(X), Y) for X, Y in DataLoader(dataset, batch_size)]
    answers = torch.cat([outputs for outputs, _ in batches]).max(dim=1).indices
    labels = torch.cat([Y for _, Y in batches])
    return [file for file, same in zip(files, (answers == labels).tolist()) if not same]


# %% wrong: With a seed the wrong files are the same ones in each run, but the order of the loader is still not that of `files`.
def mistaken_files(model, dataset, files, batch_size):
    generator = torch.Generator().manual_seed(0)
    loader = DataLoader(dataset, batch_size=batch_size, shuffle=True, generator=generator)
    wrong = []
    with torch.inference_mode():
        for X, Y in loader:
            wrong.append(model(X).argmax(dim=1) != Y)
    places = torch.cat(wrong).nonzero().flatten()
    return [files[i] for i in places]


# %% wrong: The order of the loader is still not that of `files`: sorting the names afterwards does not help.
def mistaken_files(model, dataset, files, batch_size):
    loader = DataLoader(dataset, batch_size=batch_size, shuffle=True)
    wrong = torch.cat([model(X).argmax(dim=1) != Y for X, Y in loader])
    return sorted(files[i] for i in wrong.nonzero().flatten())


# %% wrong: These are the files that were answered rightly.
def mistaken_files(model, dataset, files, batch_size):
    loader = DataLoader(dataset, batch_size=batch_size)
    right = torch.cat([model(X).argmax(dim=1) == Y for X, Y in loader])
    return [files[i] for i in right.nonzero().flatten()]


# %% wrong: The answers and the labels come from two rounds over a shuffled loader, so they belong to different samples.
def mistaken_files(model, dataset, files, batch_size):
    loader = DataLoader(dataset, batch_size=batch_size, shuffle=True)
    with torch.inference_mode():
        answers = torch.cat([model(X).argmax(dim=1) for X, _ in loader])
    labels = torch.cat([Y for _, Y in loader])
    return [files[i] for i in (answers != labels).nonzero().flatten()]


# %% wrong: The places were counted within each batch: from the second batch on they must go on where the last one ended.
def mistaken_files(model, dataset, files, batch_size):
    loader = DataLoader(dataset, batch_size=batch_size)
    mistaken = []
    with torch.inference_mode():
        for X, Y in loader:
            places = (model(X).argmax(dim=1) != Y).nonzero().flatten()
            mistaken += [files[i] for i in places]
    return mistaken


# %% wrong: The last batch is left out where it is not full, and its mistakes with it.
def mistaken_files(model, dataset, files, batch_size):
    loader = DataLoader(dataset, batch_size=batch_size, drop_last=True)
    wrong = [torch.zeros(0, dtype=torch.bool)]
    wrong += [model(X).argmax(dim=1) != Y for X, Y in loader]
    return [files[i] for i in torch.cat(wrong).nonzero().flatten()]


# %% wrong: These are numbers, such as the places of the mistakes; their files were asked for.
def mistaken_files(model, dataset, files, batch_size):
    loader = DataLoader(dataset, batch_size=batch_size)
    wrong = torch.cat([model(X).argmax(dim=1) != Y for X, Y in loader])
    return wrong.nonzero().flatten().tolist()


# %% wrong: The order of the loader is still not that of `files`; a seed would make the wrong files the same ones in each run, and no righter.
def mistaken_files(model, dataset, files, batch_size):
    loader = DataLoader(dataset, batch_size=batch_size, shuffle=True)
    wrong = torch.cat([model(X).argmax(dim=1) != Y for X, Y in loader])
    return [files[i] for i in wrong.nonzero().flatten()]


# %% wrong: The files are right, but the model was left in training mode.
def mistaken_files(model, dataset, files, batch_size):
    model.eval()
    loader = DataLoader(dataset, batch_size=batch_size)
    wrong = torch.cat([model(X).argmax(dim=1) != Y for X, Y in loader])
    model.train()
    return [files[i] for i in wrong.nonzero().flatten()]


# %% wrong: The place was worked out from the size of the batch at hand; the last batch is smaller than those before it.
def mistaken_files(model, dataset, files, batch_size):
    mistaken = []
    with torch.inference_mode():
        for b, (X, Y) in enumerate(DataLoader(dataset, batch_size)):
            for i, bad in enumerate(model(X).argmax(dim=1) != Y):
                if bad:
                    mistaken.append(files[b * len(X) + i])
    return mistaken


# %% wrong: The last batch is left out where it is not full: its mistakes are missing, and where it is the only one, there is nothing to join.
def mistaken_files(model, dataset, files, batch_size):
    loader = DataLoader(dataset, batch_size=batch_size, drop_last=True)
    wrong = [model(X).argmax(dim=1) != Y for X, Y in loader]
    return [files[i] for i in torch.cat(wrong).nonzero().flatten()]


# %% wrong: Only the last batch counts: what the batches before it gave was overwritten.
def mistaken_files(model, dataset, files, batch_size):
    for X, Y in DataLoader(dataset, batch_size=batch_size):
        wrong = model(X).argmax(dim=1) != Y
    return [files[i] for i in wrong.nonzero().flatten()]


# %% wrong: This is a tensor, such as one with the places of the mistakes; a list of files was asked for.
def mistaken_files(model, dataset, files, batch_size):
    loader = DataLoader(dataset, batch_size=batch_size)
    wrong = torch.cat([model(X).argmax(dim=1) != Y for X, Y in loader])
    return wrong.nonzero().flatten()


# %% wrong: The files are the right ones, but they stand in the order in which a shuffled loader gave them; the order of the dataset was asked for.
def mistaken_files(model, dataset, files, batch_size):
    loader = DataLoader(list(zip(dataset, files)), batch_size=batch_size, shuffle=True)
    mistaken = []
    with torch.inference_mode():
        for (X, Y), names in loader:
            bad = model(X).argmax(dim=1) != Y
            mistaken += [name for name, b in zip(names, bad) if b]
    return mistaken


# %% wrong: The files happen to be right, but the model was in training mode when it answered: a dropout or a batch norm in it would make other answers of it.
def mistaken_files(model, dataset, files, batch_size):
    model.train()
    loader = DataLoader(dataset, batch_size=batch_size)
    wrong = torch.cat([model(X).argmax(dim=1) != Y for X, Y in loader])
    model.eval()
    return [files[i] for i in wrong.nonzero().flatten()]


# %% wrong: The model was put into training mode, and left in it: a dropout or a batch norm in it would make other answers of it.
def mistaken_files(model, dataset, files, batch_size):
    model.train()
    loader = DataLoader(dataset, batch_size=batch_size)
    wrong = torch.cat([model(X).argmax(dim=1) != Y for X, Y in loader])
    return [files[i] for i in wrong.nonzero().flatten()]


# %% cases
class Pictures(TensorDataset):
    """Pictures and labels in memory."""

    def __repr__(self):
        return f"{len(self)} samples"


def cases():
    X, Y = torch.eye(5), torch.tensor([0, 1, 0, 3, 1])
    files = ["eve.png", "dan.png", "cat.png", "bob.png", "ann.png"]
    yield nn.Identity().eval(), Pictures(X, Y), files, 2
    X, Y = torch.randn(20, 4), torch.randint(0, 3, (20,))
    files = [f"{(7 * i) % 20:02}.png" for i in range(20)]
    yield nn.Linear(4, 3).eval(), Pictures(X, Y), files, 6
    yield nn.Linear(4, 3).eval(), Pictures(X, Y), files, 64


def form(result):
    """Say what a result is, if it is not a list of texts."""
    if not isinstance(result, list | tuple):
        return f"an object of type {type(result).__name__}"
    kinds = sorted({type(item).__name__ for item in result} - {"str"})
    return f"a list of {' and '.join(kinds)}" if kinds else "a list of texts"


def observe(answer, model, dataset, files, batch_size):
    modes = [model.training]
    model.register_forward_pre_hook(lambda module, inputs: modes.append(module.training))
    result = answer(model, dataset, files, batch_size)
    if result is None:
        return None
    what = form(result)
    if what != "a list of texts":
        result = []
    return {
        "the result": what,
        "the files": ", ".join(result) or "none",
        "the model answered in training mode": any(modes),
        "model.training afterwards": model.training,
    }
