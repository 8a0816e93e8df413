"""
title = "A checkpoint that is whole"
kind = "write"
level = 3
minutes = 8
concepts = ["M13", "M14"]
task = '''A training run is stopped after `epoch` epochs, and shall go on later, in another program, as if nothing had happened. Return the checkpoint: a dictionary with the keys `"model"`, `"optimizer"`, `"scheduler"`, `"epoch"`, `"random"` (torch's own random state, from which dropout draws) and `"generator"` (the state of the generator that shuffles). The check saves it with `torch.save`, reads it with `weights_only=True` into new objects with another seed, trains on, and compares.'''
right = "A run that goes on to the last bit can be stopped at any time, and nothing is lost but the time since the last checkpoint."
hints = [
    "Each of the objects has a state that can be written down as a dictionary or a tensor. Objects themselves do not pass `weights_only=True`.",
    "`model.state_dict()`, and the same for two others; `generator.get_state()`; and `torch.get_rng_state()`.",
    '''`return {"model": model.state_dict(), "optimizer": ..., "scheduler": ..., "epoch": epoch, "random": ..., "generator": ...}`.''',
]
tolerance = 0.0
"""

# %% setup
import io
from pickle import UnpicklingError

import torch
import torch.nn.functional as F
from torch import nn


# %% stub
def whole_checkpoint(model, optimizer, scheduler, generator, epoch: int) -> dict:
    """Return all that a run needs to go on, as tensors, plain values and dictionaries of them."""
    ...


# %% solution
def whole_checkpoint(model, optimizer, scheduler, generator, epoch):
    return {
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "scheduler": scheduler.state_dict(),
        "epoch": epoch,
        "random": torch.get_rng_state(),
        "generator": generator.get_state(),
    }


# %% also right: a loop over what has a state
def whole_checkpoint(model, optimizer, scheduler, generator, epoch):
    parts = {"scheduler": scheduler, "optimizer": optimizer, "model": model}
    contents = {name: part.state_dict() for name, part in parts.items()}
    contents["generator"] = generator.get_state()
    return contents | {"random": torch.random.get_rng_state(), "epoch": epoch}


# %% also right: more than is needed
def whole_checkpoint(model, optimizer, scheduler, generator, epoch):
    return dict(
        model={name: value.clone() for name, value in model.state_dict().items()},
        optimizer=optimizer.state_dict(),
        scheduler=scheduler.state_dict(),
        epoch=int(epoch),
        random=torch.default_generator.get_state(),
        generator=generator.get_state(),
        rate=scheduler.get_last_lr(),
        history=[],
    )


# %% wrong: Only the model is there: the optimiser starts again without its running means, and the rest from the beginning.
def whole_checkpoint(model, optimizer, scheduler, generator, epoch):
    return {"model": model.state_dict()}


# %% wrong: The random states are missing: dropout and shuffling go on in another way.
def whole_checkpoint(model, optimizer, scheduler, generator, epoch):
    return {
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "scheduler": scheduler.state_dict(),
        "epoch": epoch,
    }


# %% wrong: The state of the generator is missing: the samples come in another order.
def whole_checkpoint(model, optimizer, scheduler, generator, epoch):
    return {
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "scheduler": scheduler.state_dict(),
        "epoch": epoch,
        "random": torch.get_rng_state(),
    }


# %% wrong: torch's own random state is missing: dropout drops other numbers.
def whole_checkpoint(model, optimizer, scheduler, generator, epoch):
    return {
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "scheduler": scheduler.state_dict(),
        "epoch": epoch,
        "generator": generator.get_state(),
    }


# %% wrong: The scheduler is missing: the learning rate goes on from the beginning of the schedule.
def whole_checkpoint(model, optimizer, scheduler, generator, epoch):
    return {
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "epoch": epoch,
        "random": torch.get_rng_state(),
        "generator": generator.get_state(),
    }


# %% wrong: The optimiser is missing: its running means start again from zero.
def whole_checkpoint(model, optimizer, scheduler, generator, epoch):
    return {
        "model": model.state_dict(),
        "scheduler": scheduler.state_dict(),
        "epoch": epoch,
        "random": torch.get_rng_state(),
        "generator": generator.get_state(),
    }


# %% wrong: An object was put in whole; a file with such a thing is refused by `weights_only=True`.
def whole_checkpoint(model, optimizer, scheduler, generator, epoch):
    return {
        "model": model,
        "optimizer": optimizer,
        "scheduler": scheduler,
        "epoch": epoch,
        "random": torch.get_rng_state(),
        "generator": generator.get_state(),
    }


# %% wrong: A seed says where the random numbers began, and not how far the run has come in them.
def whole_checkpoint(model, optimizer, scheduler, generator, epoch):
    return {
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "scheduler": scheduler.state_dict(),
        "epoch": epoch,
        "random": torch.initial_seed(),
        "generator": generator.initial_seed(),
    }


# %% wrong: The same random state was put in twice: the generator that shuffles has one of its own.
def whole_checkpoint(model, optimizer, scheduler, generator, epoch):
    return {
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "scheduler": scheduler.state_dict(),
        "epoch": epoch,
        "random": torch.get_rng_state(),
        "generator": torch.get_rng_state(),
    }


# %% wrong: The parameters are not the whole state of a model: the running means of batch normalisation are missing.
def whole_checkpoint(model, optimizer, scheduler, generator, epoch):
    return {
        "model": dict(model.named_parameters()),
        "optimizer": optimizer.state_dict(),
        "scheduler": scheduler.state_dict(),
        "epoch": epoch,
        "random": torch.get_rng_state(),
        "generator": generator.get_state(),
    }


# %% wrong: `epoch` counts the epochs that are done; it was changed on its way into the file.
def whole_checkpoint(model, optimizer, scheduler, generator, epoch):
    return {
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "scheduler": scheduler.state_dict(),
        "epoch": epoch + 1,
        "random": torch.get_rng_state(),
        "generator": generator.get_state(),
    }


# %% wrong: The learning rates are not the state of a scheduler: it has a `state_dict`, which also says how far it has come.
def whole_checkpoint(model, optimizer, scheduler, generator, epoch):
    return {
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "scheduler": scheduler.get_last_lr(),
        "epoch": epoch,
        "random": torch.get_rng_state(),
        "generator": generator.get_state(),
    }


# %% cases
# The first optimiser of a process imports for seconds; here no clock is running.
torch.optim.AdamW([torch.zeros(1)], lr=0.1).zero_grad()


def cases():
    yield 1, 1
    yield 2, 3


def start(seed):
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Linear(2, 5), nn.BatchNorm1d(5), nn.Dropout(0.5), nn.Linear(5, 2))
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.1)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=1, gamma=0.5)
    return model, optimizer, scheduler, torch.Generator().manual_seed(seed)


def train(model, optimizer, scheduler, generator):
    X = torch.linspace(-2, 2, 16).reshape(8, 2)
    Y = torch.tensor([0, 1, 1, 0, 1, 0, 0, 1])
    for rows in torch.randperm(8, generator=generator).split(4):
        loss = F.cross_entropy(model(X[rows]), Y[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    scheduler.step()


def observe(whole_checkpoint, epochs_before, epochs_after):
    first = start(0)
    for _ in range(epochs_before):
        train(*first)
    contents = whole_checkpoint(*first, epochs_before)
    if not isinstance(contents, dict):
        return contents
    file = io.BytesIO()
    torch.save(contents, file)
    file.seek(0)
    try:
        saved = torch.load(file, weights_only=True)
    except UnpicklingError:
        return "a file that weights_only=True refuses"
    model, optimizer, scheduler, generator = second = start(1)
    wanted = ("model", "optimizer", "scheduler", "epoch", "random", "generator")
    for name, part in zip(wanted, second):
        if name in saved and name != "epoch" and hasattr(part, "load_state_dict"):
            part.load_state_dict(saved[name])
    if "generator" in saved:
        generator.set_state(saved["generator"])
    if "random" in saved:
        torch.set_rng_state(saved["random"])
    for _ in range(epochs_after):
        train(*second)
    in_one_go = start(0)
    for _ in range(epochs_before + epochs_after):
        train(*in_one_go)
    pairs = zip(model.state_dict().values(), in_one_go[0].state_dict().values())
    return {
        "the keys that are missing": ", ".join(k for k in wanted if k not in saved) or "none",
        "the epoch": saved.get("epoch"),
        "the learning rate at the end": optimizer.param_groups[0]["lr"],
        "whether the run ends as it would have in one go": all(torch.equal(a, b) for a, b in pairs),
        "the biases at the end": model[3].bias,
        "all in the model at the end": dict(model.state_dict()),
    }
