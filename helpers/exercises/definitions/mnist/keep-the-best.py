"""
title = "Keep the best weights"
kind = "repair"
level = 2
minutes = 5
concepts = ["M15", "M13"]
task = "`train_keeping_best` trains `model` for `num_epochs` epochs, calling `train_one_epoch(model)` and then `validation_loss(model)` in each. Afterwards it should return the lowest validation loss, of whatever size, and leave in the `model` that was passed in all that it held after the epoch with that loss, the first such epoch if there are several. The number that it returns is right; but the model, measured again, has the loss of the last epoch. Repair it."
right = "The same holds for anything that you keep of a model while training goes on: a reference follows it, a copy stays."
hints = [
    "What is in `model.state_dict()`: copies of the weights, or the tensors that training goes on changing?",
    "`copy.deepcopy` copies a dictionary and the tensors in it.",
    "`best_loss, best = loss, copy.deepcopy(...)`; the other lines can stay.",
]
"""

# %% setup
import copy
import io

import torch
from torch import nn


# %% stub
def train_keeping_best(model, train_one_epoch, validation_loss, num_epochs):
    """Train, put the best epoch's weights back, and return the lowest validation loss."""
    best_loss, best = float("inf"), None
    for _ in range(num_epochs):
        train_one_epoch(model)
        loss = validation_loss(model)
        if loss < best_loss:
            best_loss, best = loss, model.state_dict()
    model.load_state_dict(best)
    return best_loss


# %% solution
def train_keeping_best(model, train_one_epoch, validation_loss, num_epochs):
    best_loss, best = float("inf"), None
    for _ in range(num_epochs):
        train_one_epoch(model)
        loss = validation_loss(model)
        if loss < best_loss:
            best_loss, best = loss, copy.deepcopy(model.state_dict())
    model.load_state_dict(best)
    return best_loss


# %% also right: each tensor cloned
def train_keeping_best(model, train_one_epoch, validation_loss, num_epochs):
    losses, best = [], {}
    for _ in range(num_epochs):
        train_one_epoch(model)
        losses.append(validation_loss(model))
        if losses.index(min(losses)) == len(losses) - 1:
            best = {name: value.clone() for name, value in model.state_dict().items()}
    model.load_state_dict(best)
    return min(losses)


# %% also right: a file in memory
def train_keeping_best(model, train_one_epoch, validation_loss, num_epochs):
    best_loss = None
    for _ in range(num_epochs):
        train_one_epoch(model)
        loss = validation_loss(model)
        if best_loss is None or best_loss > loss:
            best_loss, file = loss, io.BytesIO()
            torch.save(model.state_dict(), file)
    file.seek(0)
    model.load_state_dict(torch.load(file))
    return best_loss


# %% also right: a copy of the whole model
def train_keeping_best(model, train_one_epoch, validation_loss, num_epochs):
    pairs = []
    for _ in range(num_epochs):
        train_one_epoch(model)
        pairs.append((validation_loss(model), copy.deepcopy(model)))
    loss, best = min(pairs, key=lambda pair: pair[0])
    model.load_state_dict(best.state_dict())
    return loss


# %% wrong: The model that was passed in still ends with the weights of the last epoch: nothing was put back into it, or what was put back had followed the training, or was copied after the last epoch.
def train_keeping_best(model, train_one_epoch, validation_loss, num_epochs):
    best_loss, best = float("inf"), None
    for _ in range(num_epochs):
        train_one_epoch(model)
        loss = validation_loss(model)
        if loss < best_loss:
            best_loss, best = loss, dict(model.state_dict())
    model.load_state_dict(best)
    return best_loss


# %% wrong: The parameters are put back, but a model can hold other numbers too, which no gradient changes: these are still those of the last epoch.
def train_keeping_best(model, train_one_epoch, validation_loss, num_epochs):
    best_loss, best = float("inf"), None
    for _ in range(num_epochs):
        train_one_epoch(model)
        loss = validation_loss(model)
        if loss < best_loss:
            best_loss, best = loss, [p.detach().clone() for p in model.parameters()]
    with torch.no_grad():
        for parameter, kept in zip(model.parameters(), best):
            parameter.copy_(kept)
    return best_loss


# %% wrong: The copy was taken before the first epoch, and never again.
def train_keeping_best(model, train_one_epoch, validation_loss, num_epochs):
    best_loss, best = float("inf"), copy.deepcopy(model.state_dict())
    for _ in range(num_epochs):
        train_one_epoch(model)
        best_loss = min(best_loss, validation_loss(model))
    model.load_state_dict(best)
    return best_loss


# %% wrong: The copy was taken before the epoch's training; the loss is measured after it.
def train_keeping_best(model, train_one_epoch, validation_loss, num_epochs):
    best_loss, best = float("inf"), None
    for _ in range(num_epochs):
        now = copy.deepcopy(model.state_dict())
        train_one_epoch(model)
        loss = validation_loss(model)
        if loss < best_loss:
            best_loss, best = loss, now
    model.load_state_dict(best)
    return best_loss


# %% wrong: The copy is put back inside the loop, so each epoch starts again from the best one.
def train_keeping_best(model, train_one_epoch, validation_loss, num_epochs):
    best_loss, best = float("inf"), None
    for _ in range(num_epochs):
        train_one_epoch(model)
        loss = validation_loss(model)
        if loss < best_loss:
            best_loss, best = loss, copy.deepcopy(model.state_dict())
        model.load_state_dict(best)
    return best_loss


# %% wrong: Of several epochs with the same loss, the last one was kept.
def train_keeping_best(model, train_one_epoch, validation_loss, num_epochs):
    best_loss, best = float("inf"), None
    for _ in range(num_epochs):
        train_one_epoch(model)
        loss = validation_loss(model)
        if loss <= best_loss:
            best_loss, best = loss, copy.deepcopy(model.state_dict())
    model.load_state_dict(best)
    return best_loss


# %% wrong: The weights of the highest loss were kept.
def train_keeping_best(model, train_one_epoch, validation_loss, num_epochs):
    best_loss, best = -float("inf"), None
    for _ in range(num_epochs):
        train_one_epoch(model)
        loss = validation_loss(model)
        if loss > best_loss:
            best_loss, best = loss, copy.deepcopy(model.state_dict())
    model.load_state_dict(best)
    return best_loss


# %% wrong: `best_loss` is never lowered, so the weights of the last epoch are taken for the best.
def train_keeping_best(model, train_one_epoch, validation_loss, num_epochs):
    best_loss = float("inf")
    for _ in range(num_epochs):
        train_one_epoch(model)
        loss = validation_loss(model)
        if loss < best_loss:
            best = copy.deepcopy(model.state_dict())
    model.load_state_dict(best)
    return loss


# %% wrong: The weights are right, but the loss is that of the last epoch.
def train_keeping_best(model, train_one_epoch, validation_loss, num_epochs):
    best_loss, best = float("inf"), None
    for _ in range(num_epochs):
        train_one_epoch(model)
        loss = validation_loss(model)
        if loss < best_loss:
            best_loss, best = loss, copy.deepcopy(model.state_dict())
    model.load_state_dict(best)
    return loss


# %% wrong: Training stopped at the first loss that was not lower; a later epoch can be the best.
def train_keeping_best(model, train_one_epoch, validation_loss, num_epochs):
    best_loss, best = float("inf"), None
    for _ in range(num_epochs):
        train_one_epoch(model)
        loss = validation_loss(model)
        if loss >= best_loss:
            break
        best_loss, best = loss, copy.deepcopy(model.state_dict())
    model.load_state_dict(best)
    return best_loss


# %% wrong: The loss to begin with is lower than all that came here, so that no epoch counted as the best: a loss can be of any size.
def train_keeping_best(model, train_one_epoch, validation_loss, num_epochs):
    best_loss, best = 100.0, None
    for _ in range(num_epochs):
        train_one_epoch(model)
        loss = validation_loss(model)
        if loss < best_loss:
            best_loss, best = loss, copy.deepcopy(model.state_dict())
    model.load_state_dict(best)
    return best_loss


# %% wrong: No epoch counted as the best: the loss to begin with is too low, so that none of the losses here lies below it, or they are compared the wrong way round.
def train_keeping_best(model, train_one_epoch, validation_loss, num_epochs):
    best_loss, best = 0, None
    for _ in range(num_epochs):
        train_one_epoch(model)
        loss = validation_loss(model)
        if loss < best_loss:
            best_loss, best = loss, copy.deepcopy(model.state_dict())
    model.load_state_dict(best)
    return best_loss


# %% wrong: A copy of the best model is returned beside the loss; the model that was passed in is to hold the best weights, and the loss alone to be returned.
def train_keeping_best(model, train_one_epoch, validation_loss, num_epochs):
    best_loss, best = float("inf"), None
    for _ in range(num_epochs):
        train_one_epoch(model)
        loss = validation_loss(model)
        if loss < best_loss:
            best_loss, best = loss, copy.deepcopy(model)
    return best_loss, best


# %% wrong: The model was measured before the first epoch too; only what it holds after an epoch is asked for.
def train_keeping_best(model, train_one_epoch, validation_loss, num_epochs):
    best_loss, best = validation_loss(model), copy.deepcopy(model.state_dict())
    for _ in range(num_epochs):
        train_one_epoch(model)
        loss = validation_loss(model)
        if loss < best_loss:
            best_loss, best = loss, copy.deepcopy(model.state_dict())
    model.load_state_dict(best)
    return best_loss


# %% wrong: The weights are put back, but nothing is returned: the lowest loss was asked for too.
def train_keeping_best(model, train_one_epoch, validation_loss, num_epochs):
    best_loss, best = float("inf"), None
    for _ in range(num_epochs):
        train_one_epoch(model)
        loss = validation_loss(model)
        if loss < best_loss:
            best_loss, best = loss, copy.deepcopy(model.state_dict())
    model.load_state_dict(best)


# %% wrong: The loss to begin with is 1, and a loss can be larger than that: no epoch counted as the best, and nothing was put back.
def train_keeping_best(model, train_one_epoch, validation_loss, num_epochs):
    best_loss, best = 1.0, None
    for _ in range(num_epochs):
        train_one_epoch(model)
        loss = validation_loss(model)
        if loss < best_loss:
            best_loss, best = loss, copy.deepcopy(model.state_dict())
    if best:
        model.load_state_dict(best)
    return best_loss


# %% wrong: `best_loss` is never lowered from where it began: every epoch counts as the best, and the last one stays.
def train_keeping_best(model, train_one_epoch, validation_loss, num_epochs):
    best_loss, best = float("inf"), None
    for _ in range(num_epochs):
        train_one_epoch(model)
        loss = validation_loss(model)
        if loss < best_loss:
            best = copy.deepcopy(model.state_dict())
    model.load_state_dict(best)
    return best_loss


# %% wrong: The loss was measured before the epoch's training, and the weights copied after it; the loss belongs to the weights that were measured.
def train_keeping_best(model, train_one_epoch, validation_loss, num_epochs):
    best_loss, best = float("inf"), None
    for _ in range(num_epochs):
        loss = validation_loss(model)
        train_one_epoch(model)
        if loss < best_loss:
            best_loss, best = loss, copy.deepcopy(model.state_dict())
    model.load_state_dict(best)
    return best_loss


# %% wrong: Measuring and copying come before the epoch's training: the untrained model takes part, and the last epoch is never measured.
def train_keeping_best(model, train_one_epoch, validation_loss, num_epochs):
    best_loss, best = float("inf"), None
    for _ in range(num_epochs):
        loss = validation_loss(model)
        if loss < best_loss:
            best_loss, best = loss, copy.deepcopy(model.state_dict())
        train_one_epoch(model)
    model.load_state_dict(best)
    return best_loss


# %% wrong: The copy was taken anew before each epoch's training, whatever the losses.
def train_keeping_best(model, train_one_epoch, validation_loss, num_epochs):
    best_loss, best = float("inf"), None
    for _ in range(num_epochs):
        best = copy.deepcopy(model.state_dict())
        train_one_epoch(model)
        loss = validation_loss(model)
        best_loss = min(best_loss, loss)
    model.load_state_dict(best)
    return best_loss


# %% wrong: All copies were written into the same file, one behind the other, and the first one was read again.
def train_keeping_best(model, train_one_epoch, validation_loss, num_epochs):
    best_loss, file = float("inf"), io.BytesIO()
    for _ in range(num_epochs):
        train_one_epoch(model)
        loss = validation_loss(model)
        if loss < best_loss:
            best_loss = loss
            torch.save(model.state_dict(), file)
    file.seek(0)
    model.load_state_dict(torch.load(file))
    return best_loss


# %% cases
def cases():
    yield ([5.0, 3.0, 4.0],)
    yield ([5.0, 3.0, 4.0, 2.0],)
    yield ([5.0, 3.0, 3.0, 7.0],)
    yield ([5e4, 3e4, 4e4],)
    yield ([1.0],)
    yield ([2.0, 6.0, 5.0, 4.0, 9.0],)


def observe(train_keeping_best, losses):
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(1, 2), nn.BatchNorm1d(2))
    model.load_state_dict({name: 0 * value for name, value in model.state_dict().items()})
    measured, trained_epochs = set(), []

    def train_one_epoch(trained):
        trained_epochs.append(1)
        with torch.no_grad():
            for value in trained.state_dict().values():
                value += 1

    def validation_loss(trained):
        epoch = int(trained[0].bias[0])
        measured.add(epoch)
        return losses[epoch - 1] if epoch else 0.0

    lowest = train_keeping_best(model, train_one_epoch, validation_loss, len(losses))
    return {
        "the epoch whose weights the model holds": int(model[0].bias[0]),
        "the epoch whose buffers (running means and the like) it holds": int(
            model[1].running_mean[0]
        ),
        "the epochs measured": sorted(measured),
        "how many epochs were trained": len(trained_epochs),
        "the lowest loss": lowest,
        "all in the model": [value for value in model.state_dict().values()],
    }
