"""
title = "Twice the same scores"
kind = "repair"
level = 2
minutes = 5
concepts = ["M09", "M10"]
task = "`collect_scores` should return the scores of all samples of `loader`, in order. Called twice with the same model and the same loader it returns different scores, although nobody trains in between. Repair it: equal scores at each call, one tensor, computed without building a graph, nothing in the model changed by measuring, and the model left in the mode in which it came, training or evaluation (all its layers come in the same one). Its own `forward` may ask for the mode, too."
right = "So it can be called in the middle of training, as often as you like, without a trace."
hints = [
    "`torch.no_grad()` stops gradients. Which layers act by chance, or learn something, without any gradient?",
    "`model.eval()` switches dropout and batch normalisation; `model.training` tells in which mode a model is, and `model.train(...)` takes True or False.",
    "`was_training = model.training`, then `model.eval()`, the old lines, and at the end `model.train(...)`, before the `return`.",
]
"""

# %% setup
import copy

import torch
import torch.nn.functional as F
from torch import nn


# %% stub
def collect_scores(model, loader):
    """Return the scores of all samples, in order: (n, classes)."""
    parts = []
    with torch.no_grad():
        for X, _ in loader:
            parts.append(model(X))
    return torch.cat(parts)


# %% solution
def collect_scores(model, loader):
    was_training = model.training
    model.eval()
    parts = []
    with torch.no_grad():
        for X, _ in loader:
            parts.append(model(X))
    model.train(was_training)
    return torch.cat(parts)


# %% also right: a copy in evaluation mode
def collect_scores(model, loader):
    measured = copy.deepcopy(model).eval()
    with torch.inference_mode():
        return torch.cat([measured(X) for X, _ in loader])


# %% also right: the mode of each layer kept and put back
@torch.no_grad()
def collect_scores(model, loader):
    modes = {layer: layer.training for layer in model.modules()}
    model.train(False)
    try:
        return torch.cat([model(X) for X, _ in loader], dim=0)
    finally:
        for layer, mode in modes.items():
            layer.training = mode


# %% also right: both branches written out
def collect_scores(model, loader):
    if model.training:
        model.eval()
        scores = collect_scores(model, loader)
        model.train()
        return scores
    with torch.no_grad():
        return torch.cat([model(X) for X, _ in loader])


# %% wrong: The model is still in training mode: dropout draws anew at each call, and batch normalisation learns from what is measured.
def collect_scores(model, loader):
    with torch.no_grad():
        return torch.cat([model(X) for X, _ in loader])


# %% wrong: The scores are right, but a model that came in training mode is left in evaluation mode: the rest of its training goes on without dropout.
def collect_scores(model, loader):
    model.eval()
    with torch.no_grad():
        return torch.cat([model(X) for X, _ in loader])


# %% wrong: A model that came in evaluation mode is left in training mode: whoever measures with it next measures with dropout.
def collect_scores(model, loader):
    model.eval()
    with torch.no_grad():
        scores = torch.cat([model(X) for X, _ in loader])
    model.train()
    return scores


# %% wrong: `eval()` comes after the scores were computed.
def collect_scores(model, loader):
    with torch.no_grad():
        scores = torch.cat([model(X) for X, _ in loader])
    model.eval()
    return scores


# %% wrong: `model.eval()` took the place of `torch.no_grad()`; it stops no gradients, and all graphs are kept.
def collect_scores(model, loader):
    was_training = model.training
    model.eval()
    scores = torch.cat([model(X) for X, _ in loader])
    model.train(was_training)
    return scores


# %% wrong: Gradients were switched off for good: the program cannot train any more afterwards.
def collect_scores(model, loader):
    was_training = model.training
    model.eval()
    torch.set_grad_enabled(False)
    scores = torch.cat([model(X) for X, _ in loader])
    model.train(was_training)
    return scores


# %% wrong: All parameters were frozen, and they stay frozen.
def collect_scores(model, loader):
    was_training = model.training
    model.eval()
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    scores = torch.cat([model(X) for X, _ in loader])
    model.train(was_training)
    return scores


# %% wrong: A fixed seed makes dropout drop the same numbers each time; it still drops some, and batch normalisation still learns.
def collect_scores(model, loader):
    torch.manual_seed(0)
    with torch.no_grad():
        return torch.cat([model(X) for X, _ in loader])


# %% wrong: Dropout alone was switched off; batch normalisation still uses the batch at hand, and learns from it.
def collect_scores(model, loader):
    was_training = model.training
    for layer in model.modules():
        if isinstance(layer, nn.Dropout):
            layer.eval()
    with torch.no_grad():
        scores = torch.cat([model(X) for X, _ in loader])
    model.train(was_training)
    return scores


# %% wrong: The mode is put back after the first batch, inside the loop.
def collect_scores(model, loader):
    was_training = model.training
    model.eval()
    parts = []
    with torch.no_grad():
        for X, _ in loader:
            parts.append(model(X))
            model.train(was_training)
    return torch.cat(parts)


# %% wrong: These are the scores of the last batch alone.
def collect_scores(model, loader):
    was_training = model.training
    model.eval()
    with torch.no_grad():
        for X, _ in loader:
            scores = model(X)
    model.train(was_training)
    return scores


# %% wrong: The scores are equal now, and the running values are put back; but the model still drops features and looks at the batch, as it does while it trains.
def collect_scores(model, loader):
    before = copy.deepcopy(model.state_dict())
    torch.manual_seed(0)
    with torch.no_grad():
        scores = torch.cat([model(X) for X, _ in loader])
    model.load_state_dict(before)
    return scores


# %% wrong: The model itself is in its old mode, but the layers inside it stay in evaluation mode: `model.training = ...` sets the mode of the whole alone, and a `copy.copy` of the model has the same layers inside.
def collect_scores(model, loader):
    was_training = model.training
    model.eval()
    with torch.no_grad():
        scores = torch.cat([model(X) for X, _ in loader])
    model.training = was_training
    return scores


# %% wrong: The model itself is in its old mode, but layers inside it were left in evaluation mode.
def collect_scores(model, loader):
    for layer in model.modules():
        if isinstance(layer, nn.Dropout | nn.BatchNorm1d):
            layer.eval()
    with torch.no_grad():
        return torch.cat([model(X) for X, _ in loader])


# %% wrong: These are probabilities; the scores themselves were asked for.
def collect_scores(model, loader):
    was_training = model.training
    model.eval()
    with torch.no_grad():
        scores = torch.cat([model(X).softmax(dim=1) for X, _ in loader])
    model.train(was_training)
    return scores


# %% wrong: The scores are right and carry no graph in the end, but one was built for each batch on the way; that costs time and memory.
def collect_scores(model, loader):
    was_training = model.training
    model.eval()
    scores = torch.cat([model(X) for X, _ in loader])
    model.train(was_training)
    return scores.detach()


# %% wrong: The scores are right, but they lie in a list or tuple of batches; one tensor was asked for.
def collect_scores(model, loader):
    was_training = model.training
    model.eval()
    parts = []
    with torch.no_grad():
        for X, _ in loader:
            parts.append(model(X))
    model.train(was_training)
    return parts


# %% wrong: `torch.stack` makes a new dimension, one entry for each batch, and all batches have to be of one size; the rows of all batches are to lie one below the other.
def collect_scores(model, loader):
    was_training = model.training
    model.eval()
    parts = []
    with torch.no_grad():
        for X, _ in loader:
            parts.append(model(X))
    model.train(was_training)
    return torch.stack(parts)


# %% wrong: These are the classes that the model chooses; the scores themselves were asked for.
def collect_scores(model, loader):
    was_training = model.training
    model.eval()
    parts = []
    with torch.no_grad():
        for X, _ in loader:
            parts.append(model(X).argmax(dim=1))
    model.train(was_training)
    return torch.cat(parts)


# %% wrong: The layers inside were switched to evaluation mode, but not the model itself, and its own `forward` may ask for its mode.
def collect_scores(model, loader):
    modes = [layer.training for layer in model.children()]
    for layer in model.children():
        layer.eval()
    with torch.no_grad():
        scores = torch.cat([model(X) for X, _ in loader])
    for layer, mode in zip(model.children(), modes):
        layer.train(mode)
    return scores


# %% wrong: `model.training = False` switches the whole alone: the layers inside it are still in training mode, so dropout draws anew at each call, and batch normalisation learns from what is measured.
def collect_scores(model, loader):
    was_training = model.training
    model.training = False
    with torch.no_grad():
        scores = torch.cat([model(X) for X, _ in loader])
    model.training = was_training
    return scores


# %% cases
def cases():
    yield True, [4, 4], "a Sequential"
    yield False, [4, 4], "a Sequential"
    yield True, [5, 3, 2], "a Sequential"
    yield True, [3, 1], "a Sequential"
    yield True, [4, 2], "with F.dropout in its own forward"


class Net(nn.Sequential):
    def forward(self, X):
        return F.dropout(super().forward(X), 0.5, training=self.training)


def observe(collect_scores, comes_in_training_mode, batch_sizes, the_model):
    torch.manual_seed(sum(batch_sizes))
    layers = nn.Linear(2, 6), nn.BatchNorm1d(6), nn.Dropout(0.5), nn.Linear(6, 3)
    model = Net(*layers) if "own" in the_model else nn.Sequential(*layers)
    model[1].running_mean += 0.3
    model.train(comes_in_training_mode)
    graphs = []
    model[3].register_forward_hook(lambda layer, X, scores: graphs.append(scores.requires_grad))
    loader = [(torch.randn(n, 2), torch.zeros(n, dtype=torch.int64)) for n in batch_sizes]
    first = collect_scores(model, loader)
    mode = [layer.training for layer in model.modules()]
    second = collect_scores(model, loader)
    return {
        "the scores": first,
        "the scores of a second call": second,
        "the running mean afterwards": model[1].running_mean,
        "model.training afterwards": mode[0],
        "the modes of all layers afterwards": mode,
        "whether a graph is kept": bool(getattr(second, "requires_grad", False)),
        "whether a graph was built on the way": any(graphs),
        "how many parameters ask for gradients": sum(p.requires_grad for p in model.parameters()),
    }
