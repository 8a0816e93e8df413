"""
title = "Two models, one of them trained"
kind = "repair"
level = 3
minutes = 6
concepts = ["L12", "L11"]
task = '''This function trains each of several models, in place, for `num_steps` steps and returns the losses as numbers, a list for each model. The first model's losses fall and then rise again, although `lr` is small enough; the losses of every other model are the same number in all steps. Two faults are in it; mend both.'''
right = "An optimiser holds the parameters that it was made with, and nothing else: make it after the model, once for each model."
hints = [
    "For which model was the optimiser made? And what is in `.grad` when `backward` runs for the second time?",
    "`optimizer.zero_grad()` empties `.grad`. The line `optimizer = ...` may stand elsewhere.",
    "Inside the first loop: `optimizer = torch.optim.SGD(model.parameters(), lr=lr)`; inside the second: predict, loss, ..., `loss.backward()`, `optimizer.step()`.",
]
"""

# %% setup
import copy

import torch
from torch import nn

torch.optim.SGD([torch.zeros(1)], lr=0.1)  # the first one loads parts of PyTorch, for seconds


# %% stub
def compare(models, X, Y, lr, num_steps):
    loss_fn = nn.MSELoss()
    optimizer = torch.optim.SGD(models[0].parameters(), lr=lr)
    losses = []
    for model in models:
        losses.append([])
        for _ in range(num_steps):
            loss = loss_fn(model(X), Y)
            loss.backward()
            optimizer.step()
            losses[-1].append(loss.item())
    return losses


# %% solution
def compare(models, X, Y, lr, num_steps):
    loss_fn = nn.MSELoss()
    losses = []
    for model in models:
        optimizer = torch.optim.SGD(model.parameters(), lr=lr)
        losses.append([])
        for _ in range(num_steps):
            loss = loss_fn(model(X), Y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses[-1].append(loss.item())
    return losses


# %% also right: reset after the step
def compare(models, X, Y, lr, num_steps):
    optimizers = [torch.optim.SGD(model.parameters(), lr=lr) for model in models]
    losses = []
    for model, optimizer in zip(models, optimizers):
        losses.append([])
        for _ in range(num_steps):
            loss = ((model(X) - Y) ** 2).mean()
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
            losses[-1].append(loss.item())
    return losses


# %% also right: one optimiser for the parameters of all
def compare(models, X, Y, lr, num_steps):
    loss_fn = nn.MSELoss()
    optimizer = torch.optim.SGD([p for model in models for p in model.parameters()], lr=lr)
    losses = [[] for _ in models]
    for i, model in enumerate(models):
        for _ in range(num_steps):
            optimizer.zero_grad()
            loss = loss_fn(model(X), Y)
            loss.backward()
            optimizer.step()
            losses[i].append(loss.item())
    return losses


# %% also right: by hand, all models side by side
def compare(models, X, Y, lr, num_steps):
    losses = [[] for _ in models]
    for _ in range(num_steps):
        for model, mine in zip(models, losses):
            parameters = list(model.parameters())
            loss = nn.functional.mse_loss(model(X), Y)
            gradients = torch.autograd.grad(loss, parameters)
            with torch.no_grad():
                for parameter, gradient in zip(parameters, gradients):
                    parameter -= lr * gradient
            mine.append(loss.item())
    return losses


# %% wrong: Half of it is mended: the gradients are reset. But the losses of all models but the first still do not change: nothing steps their parameters.
def compare(models, X, Y, lr, num_steps):
    loss_fn = nn.MSELoss()
    optimizer = torch.optim.SGD(models[0].parameters(), lr=lr)
    losses = []
    for model in models:
        losses.append([])
        for _ in range(num_steps):
            loss = loss_fn(model(X), Y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses[-1].append(loss.item())
    return losses


# %% wrong: Half of it is mended: every model is trained. But each step still follows the sum of all gradients so far.
def compare(models, X, Y, lr, num_steps):
    loss_fn = nn.MSELoss()
    losses = []
    for model in models:
        optimizer = torch.optim.SGD(model.parameters(), lr=lr)
        losses.append([])
        for _ in range(num_steps):
            loss = loss_fn(model(X), Y)
            loss.backward()
            optimizer.step()
            losses[-1].append(loss.item())
    return losses


# %% wrong: The gradients of each model are reset, but the optimiser still steps the parameters of the first model only, even while the others should train.
def compare(models, X, Y, lr, num_steps):
    loss_fn = nn.MSELoss()
    optimizer = torch.optim.SGD(models[0].parameters(), lr=lr)
    losses = []
    for model in models:
        losses.append([])
        for _ in range(num_steps):
            model.zero_grad()
            loss = loss_fn(model(X), Y)
            loss.backward()
            optimizer.step()
            losses[-1].append(loss.item())
    return losses


# %% wrong: No model moves: `backward` or `step` is never called, or the gradients are reset between the two, and nothing is left to step with.
def compare(models, X, Y, lr, num_steps):
    loss_fn = nn.MSELoss()
    losses = []
    for model in models:
        optimizer = torch.optim.SGD(model.parameters(), lr=lr)
        losses.append([])
        for _ in range(num_steps):
            loss = loss_fn(model(X), Y)
            loss.backward()
            optimizer.zero_grad()
            optimizer.step()
            losses[-1].append(loss.item())
    return losses


# %% wrong: Only the last model is trained: the optimiser that steps holds the parameters of that one and no other.
def compare(models, X, Y, lr, num_steps):
    loss_fn = nn.MSELoss()
    for model in models:
        optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for model in models:
        losses.append([])
        for _ in range(num_steps):
            loss = loss_fn(model(X), Y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses[-1].append(loss.item())
    return losses


# %% wrong: The optimiser holds the parameters of all models now, but no gradient is reset: the first models go on moving while the others train.
def compare(models, X, Y, lr, num_steps):
    loss_fn = nn.MSELoss()
    optimizer = torch.optim.SGD([p for model in models for p in model.parameters()], lr=lr)
    losses = []
    for model in models:
        losses.append([])
        for _ in range(num_steps):
            loss = loss_fn(model(X), Y)
            loss.backward()
            optimizer.step()
            losses[-1].append(loss.item())
    return losses


# %% wrong: The optimiser belongs to each model, but it stepped once for each model only, after the loop over the steps.
def compare(models, X, Y, lr, num_steps):
    loss_fn = nn.MSELoss()
    losses = []
    for model in models:
        optimizer = torch.optim.SGD(model.parameters(), lr=lr)
        losses.append([])
        for _ in range(num_steps):
            loss = loss_fn(model(X), Y)
            optimizer.zero_grad()
            loss.backward()
            losses[-1].append(loss.item())
        optimizer.step()
    return losses


# %% wrong: The models are trained well now, but each loss is that after the step; this function returned the one that was stepped with.
def compare(models, X, Y, lr, num_steps):
    loss_fn = nn.MSELoss()
    losses = []
    for model in models:
        optimizer = torch.optim.SGD(model.parameters(), lr=lr)
        losses.append([])
        for _ in range(num_steps):
            optimizer.zero_grad()
            loss_fn(model(X), Y).backward()
            optimizer.step()
            losses[-1].append(loss_fn(model(X), Y).item())
    return losses


# %% wrong: The steps are not those of plain SGD any more: the two faults have nothing to do with the kind of optimiser.
def compare(models, X, Y, lr, num_steps):
    loss_fn = nn.MSELoss()
    losses = []
    for model in models:
        optimizer = torch.optim.Adam(model.parameters(), lr=lr)
        losses.append([])
        for _ in range(num_steps):
            loss = loss_fn(model(X), Y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses[-1].append(loss.item())
    return losses


# %% wrong: Only the losses of the first model came back; a list for each model is wanted.
def compare(models, X, Y, lr, num_steps):
    loss_fn = nn.MSELoss()
    losses = []
    for model in models:
        optimizer = torch.optim.SGD(model.parameters(), lr=lr)
        losses.append([])
        for _ in range(num_steps):
            loss = loss_fn(model(X), Y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses[-1].append(loss.item())
    return losses[0]


# %% wrong: The losses are right, but the models that came in are as they were: copies were trained, of them or of their parameters.
def compare(models, X, Y, lr, num_steps):
    losses = []
    for model in [copy.deepcopy(model) for model in models]:
        optimizer = torch.optim.SGD(model.parameters(), lr=lr)
        losses.append([])
        for _ in range(num_steps):
            loss = nn.functional.mse_loss(model(X), Y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses[-1].append(loss.item())
    return losses


# %% wrong: Only the first model was trained, as when `return` stands inside the loop over the models.
def compare(models, X, Y, lr, num_steps):
    loss_fn = nn.MSELoss()
    losses = []
    for model in models:
        optimizer = torch.optim.SGD(model.parameters(), lr=lr)
        losses.append([])
        for _ in range(num_steps):
            optimizer.zero_grad()
            loss = loss_fn(model(X), Y)
            loss.backward()
            optimizer.step()
            losses[-1].append(loss.item())
        return losses


# %% wrong: Only the losses of the last model came back: the list begins anew with each model.
def compare(models, X, Y, lr, num_steps):
    loss_fn = nn.MSELoss()
    for model in models:
        losses = []
        optimizer = torch.optim.SGD(model.parameters(), lr=lr)
        losses.append([])
        for _ in range(num_steps):
            optimizer.zero_grad()
            loss = loss_fn(model(X), Y)
            loss.backward()
            optimizer.step()
            losses[-1].append(loss.item())
    return losses


# %% wrong: The losses of all models stand in one list; a list for each model is wanted.
def compare(models, X, Y, lr, num_steps):
    loss_fn = nn.MSELoss()
    losses = []
    for model in models:
        optimizer = torch.optim.SGD(model.parameters(), lr=lr)
        for _ in range(num_steps):
            optimizer.zero_grad()
            loss = loss_fn(model(X), Y)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    return losses


# %% wrong: Each loss stands in a list of its own: a new list is begun at each step, and not at each model.
def compare(models, X, Y, lr, num_steps):
    loss_fn = nn.MSELoss()
    losses = []
    for model in models:
        for _ in range(num_steps):
            optimizer = torch.optim.SGD(model.parameters(), lr=lr)
            losses.append([])
            loss = loss_fn(model(X), Y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses[-1].append(loss.item())
    return losses


# %% wrong: Of each model only the last loss was kept; one for each step is wanted.
def compare(models, X, Y, lr, num_steps):
    loss_fn = nn.MSELoss()
    losses = []
    for model in models:
        optimizer = torch.optim.SGD(model.parameters(), lr=lr)
        losses.append([])
        for _ in range(num_steps):
            loss = loss_fn(model(X), Y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        losses[-1].append(loss.item())
    return losses


# %% wrong: The losses are tensors here; plain numbers are wanted.
def compare(models, X, Y, lr, num_steps):
    loss_fn = nn.MSELoss()
    losses = []
    for model in models:
        optimizer = torch.optim.SGD(model.parameters(), lr=lr)
        losses.append([])
        for _ in range(num_steps):
            loss = loss_fn(model(X), Y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses[-1].append(loss)
    return losses


# %% cases
def cases():
    X, Y = torch.tensor([[0.0], [1.0], [2.0]]), torch.tensor([[1.0], [3.0], [5.0]])
    yield [nn.Linear(1, 1), nn.Linear(1, 1)], X, Y, 0.1, 4
    X, Y = torch.randn(8, 3), torch.randn(8, 2)
    network = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2))
    yield [nn.Linear(3, 2), network, nn.Linear(3, 2)], X, Y, 0.05, 6
    yield [nn.Linear(3, 2)], X, Y, 0.05, 1
