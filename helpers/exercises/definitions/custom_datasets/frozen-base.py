"""
title = "A base that drifts"
kind = "repair"
level = 3
minutes = 7
concepts = ["C12"]
task = '''This function puts a new head on a base, `model.features`, and trains the head alone, one step for each batch. But the base does not stay as it was: after the training, its `state_dict` holds other numbers than before. Repair it, so that the base stays the same to the last bit; its parameters stay frozen, and the head learns, in training mode. (The base has batch norm, and no dropout.)'''
right = "A base is frozen by two things: no gradients for its parameters, and `eval()` for the numbers that batch norm keeps, again after each `model.train()`."
hints = [
    "Compare the `state_dict` of the base before and after. Which entries differ? Are these parameters?",
    "Batch norm moves its running mean and variance in training mode, with or without gradients. Which line puts the base into that mode?",
    "Leave the loop as it is, and after `model.train()` add one line that puts `model.features` into ... mode.",
]
"""

# %% setup
import torch
import torch.nn.functional as F
from torch import nn

torch.optim.SGD([torch.zeros(1)], lr=0.1)  # the first one loads parts of PyTorch, for seconds


# %% stub
def train_head(model, head, batches, lr):
    model.features.requires_grad_(False)
    model.features.eval()
    model.head = head
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for X, Y in batches:
        model.train()
        loss = F.cross_entropy(model(X), Y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


# %% solution
def train_head(model, head, batches, lr):
    model.features.requires_grad_(False)
    model.head = head
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for X, Y in batches:
        model.train()
        model.features.eval()
        loss = F.cross_entropy(model(X), Y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


# %% also right: only the head is put into training mode
def train_head(model, head, batches, lr):
    model.features.requires_grad_(False)
    model.head = head
    model.eval()
    head.train()
    optimizer = torch.optim.SGD(head.parameters(), lr=lr)
    losses = []
    for X, Y in batches:
        loss = F.cross_entropy(model(X), Y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


# %% also right: the base in inference, the head by itself
def train_head(model, head, batches, lr):
    for parameter in model.features.parameters():
        parameter.requires_grad = False
    model.head = head
    model.train()
    model.features.train(False)
    loss_fn, losses = nn.CrossEntropyLoss(), []
    for X, Y in batches:
        with torch.no_grad():
            features = model.features(X)
        loss = loss_fn(head(features), Y)
        gradients = torch.autograd.grad(loss, list(head.parameters()))
        with torch.no_grad():
            for parameter, gradient in zip(head.parameters(), gradients):
                parameter -= lr * gradient
                parameter.grad = gradient
        losses.append(loss.item())
    return losses


# %% wrong: The base still changes: `requires_grad_(False)` and an optimiser for the head keep its parameters, but batch norm moves its own numbers in training mode.
def train_head(model, head, batches, lr):
    model.features.requires_grad_(False)
    model.head = head
    optimizer = torch.optim.SGD(model.head.parameters(), lr=lr)
    model.train()
    losses = []
    for X, Y in batches:
        loss = F.cross_entropy(model(X), Y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


# %% wrong: The base is in `eval()` for the first batch only: `model.train()` after it undoes that for the next.
def train_head(model, head, batches, lr):
    model.features.requires_grad_(False)
    model.head = head
    model.features.eval()
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for X, Y in batches:
        loss = F.cross_entropy(model(X), Y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        model.train()
    return losses


# %% wrong: The head is in `eval()` while it trains: a dropout in it does not work.
def train_head(model, head, batches, lr):
    model.features.requires_grad_(False)
    model.head = head
    model.eval()
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for X, Y in batches:
        loss = F.cross_entropy(model(X), Y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


# %% wrong: The numbers of batch norm stay, but the parameters of the base learn now: they are no longer frozen.
def train_head(model, head, batches, lr):
    model.head = head
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for X, Y in batches:
        model.train()
        model.features.eval()
        loss = F.cross_entropy(model(X), Y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


# %% wrong: The base was put back at the end, but while the head learned it was in training mode: the head was trained on other features than it will get in use.
def train_head(model, head, batches, lr):
    before = {name: value.clone() for name, value in model.features.state_dict().items()}
    model.features.requires_grad_(False)
    model.head = head
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for X, Y in batches:
        model.train()
        loss = F.cross_entropy(model(X), Y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    model.features.load_state_dict(before)
    return losses


# %% wrong: Nothing is left that could learn, and the loss has no gradient: the head is frozen too, or the loss was computed under `torch.no_grad()`.
def train_head(model, head, batches, lr):
    model.head = head
    model.requires_grad_(False)
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for X, Y in batches:
        model.train()
        model.features.eval()
        loss = F.cross_entropy(model(X), Y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


# %% wrong: The optimiser does not hold the parameters of the new head, so this does not learn. It holds those that it was given when it was made.
def train_head(model, head, batches, lr):
    model.features.requires_grad_(False)
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    model.head = head
    losses = []
    for X, Y in batches:
        model.train()
        model.features.eval()
        loss = F.cross_entropy(model(X), Y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


# %% wrong: The base stays as it was, because no optimiser holds its parameters; but they are not frozen, and gradients are still computed for them.
def train_head(model, head, batches, lr):
    model.head = head
    optimizer = torch.optim.SGD(head.parameters(), lr=lr)
    losses = []
    for X, Y in batches:
        model.train()
        model.features.eval()
        loss = F.cross_entropy(model(X), Y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


# %% also right: only batch norm is put into eval mode
def train_head(model, head, batches, lr):
    model.features.requires_grad_(False)
    model.head = head
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for X, Y in batches:
        model.train()
        for module in model.features.modules():
            if isinstance(module, nn.BatchNorm1d):
                module.eval()
        loss = F.cross_entropy(model(X), Y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


# %% wrong: The gradients of earlier batches were not set to zero: they add up from batch to batch.
def train_head(model, head, batches, lr):
    model.features.requires_grad_(False)
    model.head = head
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for X, Y in batches:
        model.train()
        model.features.eval()
        loss = F.cross_entropy(model(X), Y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


# %% cases
class Network(nn.Module):
    """A base with batch norm, and a head."""

    def __repr__(self):
        return "a network with features and head"

    def __init__(self, features, classes):
        super().__init__()
        self.features = nn.Sequential(nn.Linear(features, 3), nn.BatchNorm1d(3), nn.ReLU())
        self.head = nn.Linear(3, classes)

    def forward(self, X):
        return self.head(self.features(X))


class Head(nn.Sequential):
    """A dropout and a linear layer."""

    def __repr__(self):
        return "a dropout and a linear layer"


def cases():
    for classes, head in ((2, nn.Linear(3, 2)), (4, Head(nn.Dropout(0.4), nn.Linear(3, 4)))):
        model = Network(2, 5)
        model(torch.randn(50, 2) + 1)
        batches = [
            (torch.randint(-2, 3, (rows, 2)).float(), torch.randint(0, classes, (rows,)))
            for rows in (3, classes, 3)
        ]
        yield model, head.eval(), batches, 0.5


def observe(answer, model, head, batches, lr):
    before = {name: value.clone() for name, value in model.features.state_dict().items()}
    start = [value.detach().clone() for value in head.parameters()]
    losses = answer(model, head, batches, lr)
    after = model.features.state_dict()
    moved = [name for name in before if not torch.equal(before[name], after[name])]
    learned = [not torch.equal(a, b) for a, b in zip(start, head.parameters())]
    return {
        "tensors of the base that changed": ", ".join(moved) or "none",
        "parameters of the base that are not frozen": ", ".join(
            name for name, value in model.features.named_parameters() if value.requires_grad
        )
        or "none",
        "model.head is the new head": model.head is head,
        "the new head has learned": all(learned),
        "losses": losses,
        "the new head": [value.detach() for value in head.parameters()],
    }
