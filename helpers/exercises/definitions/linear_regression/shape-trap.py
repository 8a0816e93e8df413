"""
title = "The same answer for everyone"
kind = "repair"
level = 2
minutes = 4
concepts = ["L18", "L03"]
task = '''`train_line` trains a model with one output, (n, d) to (n, 1), in place, on targets `y` of shape (n,), and returns the loss of each step as a number. No error is raised, the loss falls and settles; but afterwards the model gives every row nearly the same prediction. Repair it; the loss is meant to be the mean over the n rows.'''
right = "Where losses settle at the variance of the targets, look at the shapes first."
hints = [
    "Print the shape of `diff`. How many numbers should it hold?",
    "`unsqueeze(1)` adds a dimension of size 1, `squeeze(1)` removes one.",
    "`diff = model(X)... - y`, where the left side has the shape of y.",
]
"""

# %% setup
import copy
import warnings

import torch
from torch import nn
from torch.nn import functional as F

torch.optim.SGD([torch.zeros(1)], lr=0.1)  # the first one loads parts of PyTorch, for seconds


# %% stub
def train_line(model, X, y, lr, num_steps):
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for _ in range(num_steps):
        diff = model(X) - y
        loss = (diff * diff).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


# %% solution
def train_line(model, X, y, lr, num_steps):
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for _ in range(num_steps):
        diff = model(X).squeeze(1) - y
        loss = (diff * diff).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


# %% also right: a column of targets, and PyTorch's loss
def train_line(model, X, y, lr, num_steps):
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for _ in range(num_steps):
        loss = F.mse_loss(model(X), y.view(-1, 1))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


# %% also right: the diagonal of all differences
def train_line(model, X, y, lr, num_steps):
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for _ in range(num_steps):
        diff = (model(X) - y).diagonal()
        loss = (diff**2).sum() / len(X)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


# %% also right: predictions in a row
def train_line(model, X, y, lr, num_steps):
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for _ in range(num_steps):
        diff = model(X).T - y
        loss = diff.square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


# %% wrong: The errors are still n · n numbers: every prediction is compared with every target.
def train_line(model, X, y, lr, num_steps):
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for _ in range(num_steps):
        diff = model(X) - y.unsqueeze(0)
        loss = (diff * diff).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


# %% wrong: Each prediction is compared with the mean of all targets now: this is also what the mean over a row of the n · n differences does.
def train_line(model, X, y, lr, num_steps):
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for _ in range(num_steps):
        diff = (model(X) - y).mean(dim=1)
        loss = (diff * diff).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


# %% wrong: The mean of all predictions is compared with each target, and each prediction has a target of its own: this is also what the mean over a column of the n · n differences does.
def train_line(model, X, y, lr, num_steps):
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for _ in range(num_steps):
        diff = model(X).mean() - y
        loss = (diff * diff).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


# %% wrong: Only the first prediction is used, and it is compared with all targets.
def train_line(model, X, y, lr, num_steps):
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for _ in range(num_steps):
        diff = model(X)[0] - y
        loss = (diff * diff).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


# %% wrong: The shapes are mended, but the errors are added up now and not averaged.
def train_line(model, X, y, lr, num_steps):
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for _ in range(num_steps):
        diff = model(X).squeeze(1) - y
        loss = (diff * diff).sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


# %% wrong: The n · n squares are all still there; dividing their sum by n only makes the loss larger.
def train_line(model, X, y, lr, num_steps):
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for _ in range(num_steps):
        diff = model(X) - y
        loss = (diff * diff).sum() / len(X)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


# %% wrong: The shapes are mended, but this is the mean of the absolute errors and not of their squares.
def train_line(model, X, y, lr, num_steps):
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for _ in range(num_steps):
        loss = (model(X).squeeze(1) - y).abs().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


# %% wrong: The shapes are mended, but the gradients are not reset any more: each step follows the sum of all so far.
def train_line(model, X, y, lr, num_steps):
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for _ in range(num_steps):
        diff = model(X).squeeze(1) - y
        loss = (diff * diff).mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


# %% wrong: The losses are right, but the model that came in is as it was: a copy was trained, of it or of its parameters.
def train_line(model, X, y, lr, num_steps):
    model = copy.deepcopy(model)
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for _ in range(num_steps):
        diff = model(X).squeeze(1) - y
        loss = (diff * diff).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


# %% wrong: The shapes are mended, but the model never moves: `backward` or `step` is missing, or the gradients are reset between the two.
def train_line(model, X, y, lr, num_steps):
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for _ in range(num_steps):
        diff = model(X).squeeze(1) - y
        loss = (diff * diff).mean()
        optimizer.zero_grad()
        loss.backward()
        losses.append(loss.item())
    return losses


# %% wrong: In each step `y` gets one dimension more: it is reshaped inside the loop, and kept.
def train_line(model, X, y, lr, num_steps):
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for _ in range(num_steps):
        y = y.unsqueeze(1)
        diff = model(X) - y
        loss = (diff * diff).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


# %% wrong: The shapes are mended, but this is the mean of the errors: the squares are missing.
def train_line(model, X, y, lr, num_steps):
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for _ in range(num_steps):
        diff = model(X).squeeze(1) - y
        loss = diff.mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


# %% wrong: Only the last loss was kept; the loss of each step is wanted.
def train_line(model, X, y, lr, num_steps):
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for _ in range(num_steps):
        diff = model(X).squeeze(1) - y
        loss = (diff * diff).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    losses.append(loss.item())
    return losses


# %% wrong: The losses are tensors here; plain numbers are wanted.
def train_line(model, X, y, lr, num_steps):
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for _ in range(num_steps):
        diff = model(X).squeeze(1) - y
        loss = (diff * diff).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss)
    return losses


# %% wrong: The shapes are mended, but the loss is half of the mean of the squares.
def train_line(model, X, y, lr, num_steps):
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for _ in range(num_steps):
        diff = model(X).squeeze(1) - y
        loss = 0.5 * (diff * diff).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


# %% wrong: The shapes are mended, but this is the root of the mean of the squares.
def train_line(model, X, y, lr, num_steps):
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for _ in range(num_steps):
        diff = model(X).squeeze(1) - y
        loss = (diff * diff).mean().sqrt()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


# %% cases
def cases():
    yield (
        nn.Linear(1, 1),
        torch.tensor([[0.0], [1.0], [2.0]]),
        torch.tensor([1.0, 3.0, 5.0]),
        0.1,
        3,
    )
    yield nn.Linear(3, 1), torch.randn(8, 3), torch.randn(8) + 2, 0.05, 8
    yield nn.Linear(2, 1), torch.randn(1, 2), torch.randn(1), 0.1, 2
    yield nn.Linear(2, 1).double(), torch.randn(4, 2).double(), torch.arange(4.0).double(), 0.1, 4


def observe(answer, model, X, y, lr, num_steps):
    with warnings.catch_warnings():
        if len(X) != 3:
            warnings.simplefilter("ignore")  # what PyTorch says of the first case is enough
        return answer(model, X, y, lr, num_steps)
