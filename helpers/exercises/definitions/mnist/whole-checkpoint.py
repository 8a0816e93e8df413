"""
title = "A checkpoint that is whole"
kind = "write"
level = 3
minutes = 8
concepts = ["M13", "M14"]
task = '''A training run is stopped after `epoch` epochs, and shall go on later, in another program, as if nothing had happened. Return the checkpoint: a dictionary with the keys `"model"`, `"optimizer"`, `"scheduler"`, `"epoch"`, `"random"` (torch's own random state, from which dropout draws) and `"generator"` (the state of the generator that shuffles). The check saves it with `torch.save`, reads it with `weights_only=True`, puts each part into new objects with another seed, trains on, and compares.'''
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
import random
from pickle import PicklingError, UnpicklingError

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
        epoch=torch.tensor(epoch),
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


# %% wrong: Something in it is no tensor, plain value, list or dictionary: an object put in whole, a NumPy array, or a method that was not called, as in `model.state_dict` without brackets. A file with such a thing is refused by `weights_only=True`.
def whole_checkpoint(model, optimizer, scheduler, generator, epoch):
    return {
        "model": model,
        "optimizer": optimizer,
        "scheduler": scheduler,
        "epoch": epoch,
        "random": torch.get_rng_state(),
        "generator": generator.get_state(),
    }


# %% wrong: A seed is no random state: it says where the random numbers begin, and not how far the run has come in them.
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


# %% wrong: The state of the generator that shuffles was put in twice; dropout draws from torch's own one.
def whole_checkpoint(model, optimizer, scheduler, generator, epoch):
    return {
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "scheduler": scheduler.state_dict(),
        "epoch": epoch,
        "random": generator.get_state(),
        "generator": generator.get_state(),
    }


# %% wrong: The two random states are exchanged: dropout draws from torch's own generator, and the samples from the other one.
def whole_checkpoint(model, optimizer, scheduler, generator, epoch):
    return {
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "scheduler": scheduler.state_dict(),
        "epoch": epoch,
        "random": generator.get_state(),
        "generator": torch.get_rng_state(),
    }


# %% wrong: The learning rate alone is not the state of an optimiser: it also keeps a running mean for each parameter.
def whole_checkpoint(model, optimizer, scheduler, generator, epoch):
    return {
        "model": model.state_dict(),
        "optimizer": optimizer.param_groups[0]["lr"],
        "scheduler": scheduler.state_dict(),
        "epoch": epoch,
        "random": torch.get_rng_state(),
        "generator": generator.get_state(),
    }


# %% wrong: Nothing was returned; wanted is the dictionary itself, which the check then saves.
def whole_checkpoint(model, optimizer, scheduler, generator, epoch):
    torch.save(model.state_dict(), io.BytesIO())


# %% wrong: These are the parts without their names; wanted is a dictionary.
def whole_checkpoint(model, optimizer, scheduler, generator, epoch):
    parts = model.state_dict(), optimizer.state_dict(), scheduler.state_dict()
    return [*parts, epoch, torch.get_rng_state(), generator.get_state()]


# %% wrong: Nothing stands under the keys `model`, `optimizer` and `scheduler`; under another name a part is not found.
def whole_checkpoint(model, optimizer, scheduler, generator, epoch):
    return {
        "model_state_dict": model.state_dict(),
        "optimizer_state_dict": optimizer.state_dict(),
        "scheduler_state_dict": scheduler.state_dict(),
        "epoch": epoch,
        "random": torch.get_rng_state(),
        "generator": generator.get_state(),
    }


# %% wrong: This is the random state of Python's own module `random`; dropout draws from torch's.
def whole_checkpoint(model, optimizer, scheduler, generator, epoch):
    return {
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "scheduler": scheduler.state_dict(),
        "epoch": epoch,
        "random": random.getstate(),
        "generator": generator.get_state(),
    }


# %% wrong: The state of the optimiser was put in for the scheduler, too.
def whole_checkpoint(model, optimizer, scheduler, generator, epoch):
    return {
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "scheduler": optimizer.state_dict(),
        "epoch": epoch,
        "random": torch.get_rng_state(),
        "generator": generator.get_state(),
    }


# %% wrong: The random states became lists; they can be put back only as the tensors that they were.
def whole_checkpoint(model, optimizer, scheduler, generator, epoch):
    return {
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "scheduler": scheduler.state_dict(),
        "epoch": epoch,
        "random": torch.get_rng_state().tolist(),
        "generator": generator.get_state().tolist(),
    }


# %% wrong: This random state is a plain number, like a seed: that says where the random numbers begin, and not how far the run has come in them.
def whole_checkpoint(model, optimizer, scheduler, generator, epoch):
    return {
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "scheduler": scheduler.state_dict(),
        "epoch": epoch,
        "random": torch.initial_seed(),
        "generator": generator.get_state(),
    }


# %% wrong: This is a list in place of the optimiser's state, as `param_groups` is: it holds the settings, and not the running mean of each parameter.
def whole_checkpoint(model, optimizer, scheduler, generator, epoch):
    return {
        "model": model.state_dict(),
        "optimizer": optimizer.param_groups,
        "scheduler": scheduler.state_dict(),
        "epoch": epoch,
        "random": torch.get_rng_state(),
        "generator": generator.get_state(),
    }


# %% wrong: This dictionary is not the whole state of the optimiser, which also keeps a running mean for each parameter.
def whole_checkpoint(model, optimizer, scheduler, generator, epoch):
    return {
        "model": model.state_dict(),
        "optimizer": {"lr": optimizer.param_groups[0]["lr"]},
        "scheduler": scheduler.state_dict(),
        "epoch": epoch,
        "random": torch.get_rng_state(),
        "generator": generator.get_state(),
    }


# %% cases
def cases():
    yield 1, 1
    yield 2, 3


class Momentum:
    """An optimiser with running means; the first of torch's in a process imports for seconds."""

    def __init__(self, parameters, lr):
        self.param_groups = [{"params": list(parameters), "lr": lr}]
        self.state = {}

    def zero_grad(self, set_to_none=True):
        for parameter in self.param_groups[0]["params"]:
            parameter.grad = None

    def step(self):
        for parameter in self.param_groups[0]["params"]:
            own = self.state.setdefault(parameter, {"mean": torch.zeros_like(parameter)})
            own["mean"] = 0.9 * own["mean"] + parameter.grad
            parameter.data -= self.param_groups[0]["lr"] * own["mean"]

    def state_dict(self):
        group = self.param_groups[0]
        numbers = {parameter: i for i, parameter in enumerate(group["params"])}
        state = {numbers[parameter]: dict(own) for parameter, own in self.state.items()}
        return {"state": state, "param_groups": [group | {"params": list(numbers.values())}]}

    def load_state_dict(self, state_dict):
        parameters = self.param_groups[0]["params"]
        state = {parameters[i]: dict(own) for i, own in state_dict["state"].items()}
        self.param_groups = [state_dict["param_groups"][0] | {"params": parameters}]
        self.state = state


class Halving:
    """A scheduler: each epoch has half the learning rate of the one before."""

    def __init__(self, optimizer, rate):
        self.optimizer, self.base_lrs, self.last_epoch = optimizer, [rate], 0

    def step(self):
        self.last_epoch += 1
        self.optimizer.param_groups[0]["lr"] = self.get_last_lr()[0]

    def get_last_lr(self):
        return [rate * 0.5**self.last_epoch for rate in self.base_lrs]

    def state_dict(self):
        return {"base_lrs": self.base_lrs, "last_epoch": self.last_epoch}

    def load_state_dict(self, state_dict):
        self.__dict__.update(state_dict)


AFTERWARDS = (
    "the epoch",
    "the learning rate at the end",
    "whether the run ends as it would have in one go",
    "all in the model at the end",
)


def start(seed):
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Linear(2, 5), nn.BatchNorm1d(5), nn.Dropout(0.5), nn.Linear(5, 2))
    optimizer = Momentum(model.parameters(), lr=0.1)
    return model, optimizer, Halving(optimizer, 0.1), torch.Generator().manual_seed(seed)


def train(model, optimizer, scheduler, generator):
    X = torch.linspace(-2, 2, 16).reshape(8, 2)
    Y = torch.tensor([0, 1, 1, 0, 1, 0, 0, 1])
    for rows in torch.randperm(8, generator=generator).split(4):
        loss = F.cross_entropy(model(X[rows]), Y[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    scheduler.step()


def named(value):
    kinds = {int: "a number", float: "a number", dict: "a dictionary", torch.Tensor: "a tensor"}
    return kinds.get(type(value), f"a {type(value).__name__}")


def observe(whole_checkpoint, epochs_before, epochs_after):
    first = start(0)
    for _ in range(epochs_before):
        train(*first)
    contents = whole_checkpoint(*first, epochs_before)
    if contents is None:
        return None
    names = ("model", "optimizer", "scheduler", "epoch", "random", "generator")
    kind = "a list or a tuple" if isinstance(contents, list | tuple) else type(contents).__name__
    result = {"what was returned": "a dictionary" if isinstance(contents, dict) else kind}
    result["whether weights_only=True can read the file"] = True
    result |= dict.fromkeys(f"what became of {name}" for name in names)
    result |= dict.fromkeys(AFTERWARDS)
    if not isinstance(contents, dict):
        return result
    file = io.BytesIO()
    try:
        torch.save(contents, file)
        file.seek(0)
        saved = torch.load(file, weights_only=True)
    except (PicklingError, UnpicklingError, AttributeError, TypeError):
        result["whether weights_only=True can read the file"] = False
        return result
    model, optimizer, scheduler, generator = second = start(1)
    load = {name: part.load_state_dict for name, part in zip(names, second[:3])}
    load |= {"generator": generator.set_state, "random": torch.set_rng_state, "epoch": int}
    for name in names:
        result[f"what became of {name}"] = "put back" if name in saved else "it is missing"
        try:
            if name in saved:
                load[name](saved[name])
        except Exception:
            result[f"what became of {name}"] = f"it cannot be put back: it is {named(saved[name])}"
    for _ in range(epochs_after):
        train(*second)
    in_one_go = start(0)
    for _ in range(epochs_before + epochs_after):
        train(*in_one_go)
    pairs = list(zip(model.state_dict().values(), in_one_go[0].state_dict().values()))
    same = all(torch.equal(a, b) for a, b in pairs)
    epoch = saved.get("epoch")
    if isinstance(epoch, torch.Tensor) and epoch.numel() == 1:
        epoch = epoch.item()
    numbers = epoch, optimizer.param_groups[0]["lr"], same, model.state_dict()
    return result | dict(zip(AFTERWARDS, numbers))
