"""
title = "Weights from a file"
kind = "repair"
level = 2
minutes = 6
concepts = ["X13", "M14", "X14"]
task = '''`restore` puts the weights that a checkpoint file holds under the key `"model"` into `model`, which lies on the CPU, and returns the epoch that it holds under `"epoch"`. It runs without an error, and the epoch is right, but the model is no better than a new one. Repair it. Also, the file may come from a machine with GPUs that this one lacks; it may come from a stranger, and must not run any code; and weights that do not fit the model have to raise an error.'''
right = "Options that make an error go away are the ones to look at first when a loaded model is bad."
hints = [
    "Which dictionary does `load_state_dict` get here, and which one does it need? And why does it not complain?",
    "`strict=False` passes over all names that do not fit, `weights_only=False` runs what a file asks for, and `map_location` says where the tensors shall go.",
    "`checkpoint = torch.load(path, map_location=...)`, where `weights_only=True` is the default, then `model.load_state_dict(checkpoint[...])`, with nothing that silences it.",
]
"""

# %% setup
import os
import tempfile
from pathlib import Path
from pickle import UnpicklingError
from unittest import mock

import torch
from torch import nn


# %% stub
def restore(model, path):
    """Load the weights of a checkpoint file into the model; return the epoch."""
    checkpoint = torch.load(path, weights_only=False)
    model.load_state_dict(checkpoint, strict=False)
    return checkpoint["epoch"]


# %% solution
def restore(model, path):
    checkpoint = torch.load(path, map_location="cpu")  # weights_only=True is the default
    model.load_state_dict(checkpoint["model"])
    return checkpoint["epoch"]


# %% also right: a device, and the parts taken out one by one
def restore(model, path):
    with path.open("rb") as file:
        parts = torch.load(file, torch.device("cpu"), weights_only=True)
    weights, epoch = parts["model"], parts["epoch"]
    model.load_state_dict(weights, strict=True)
    return epoch


# %% also right: a function that says where
def restore(model, path):
    parts = torch.load(path, map_location=lambda storage, location: storage, weights_only=True)
    own = model.state_dict()
    if own.keys() != parts["model"].keys():
        raise RuntimeError("The names do not fit.")
    for name, value in parts["model"].items():
        own[name].copy_(value)
    return parts["epoch"]


# %% wrong: The tensors go back to the device that they were saved on, and this machine may not have it.
def restore(model, path):
    checkpoint = torch.load(path, weights_only=True)
    model.load_state_dict(checkpoint["model"])
    return checkpoint["epoch"]


# %% wrong: What `load_state_dict` was given does not fit the model: the weights are only one part of the checkpoint.
def restore(model, path):
    model.load_state_dict(torch.load(path, map_location="cpu"))["model"]
    return torch.load(path, map_location="cpu")["epoch"]


# %% wrong: Weights of another model are passed over without a word; they have to raise an error.
def restore(model, path):
    checkpoint = torch.load(path, map_location="cpu", weights_only=True)
    model.load_state_dict(checkpoint["model"], strict=False)
    return checkpoint["epoch"]


# %% wrong: None of the weights of the file reach the model; `strict=False` can hide such a thing, because it passes over all names that do not fit.
def restore(model, path):
    checkpoint = torch.load(path, map_location="cpu", weights_only=True)
    model.load_state_dict(checkpoint, strict=False)
    return checkpoint["epoch"]


# %% wrong: `load_state_dict` was given the whole checkpoint, and the weights are only one part of it.
def restore(model, path):
    checkpoint = torch.load(path)
    model.load_state_dict(checkpoint)["model"]
    return checkpoint["epoch"]


# %% wrong: With `weights_only=False` a file can run any code while it is loaded.
def restore(model, path):
    checkpoint = torch.load(path, map_location="cpu", weights_only=False)
    model.load_state_dict(checkpoint["model"])
    return checkpoint["epoch"]


# %% wrong: Where the safe way refuses a file, this opens it in the unsafe one.
def restore(model, path):
    try:
        checkpoint = torch.load(path, map_location="cpu", weights_only=True)
    except Exception:
        checkpoint = torch.load(path, map_location="cpu", weights_only=False)
        raise
    model.load_state_dict(checkpoint["model"])
    return checkpoint["epoch"]


# %% wrong: The weights are loaded, but the epoch is not returned.
def restore(model, path):
    checkpoint = torch.load(path, map_location="cpu", weights_only=True)
    model.load_state_dict(checkpoint["model"])


# %% wrong: `load_state_dict` returns a report on the names; the epoch stands in the checkpoint.
def restore(model, path):
    checkpoint = torch.load(path, map_location="cpu", weights_only=True)
    return model.load_state_dict(checkpoint["model"])


# %% wrong: Each value of the checkpoint was loaded as if it were weights.
def restore(model, path):
    checkpoint = torch.load(path, map_location="cpu", weights_only=True)
    for part in checkpoint.values():
        model.load_state_dict(part)
    return checkpoint["epoch"]


# %% wrong: The weights arrive now, and the tensors of another machine's GPUs do not; a file can still run any code, too.
def restore(model, path):
    checkpoint = torch.load(path, weights_only=False)
    model.load_state_dict(checkpoint["model"])
    return checkpoint["epoch"]


# %% wrong: The weights arrive now, and no code is run. Tensors of another machine's GPUs do not arrive, and weights that do not fit are passed over.
def restore(model, path):
    checkpoint = torch.load(path, weights_only=True)
    model.load_state_dict(checkpoint["model"], strict=False)
    return checkpoint["epoch"]


# %% wrong: The weights arrive now, also from another machine; but a file can run any code, and weights that do not fit are passed over.
def restore(model, path):
    checkpoint = torch.load(path, map_location="cpu", weights_only=False)
    model.load_state_dict(checkpoint["model"], strict=False)
    return checkpoint["epoch"]


# %% wrong: The weights arrive now. Of the other three things that were asked for, none is done yet.
def restore(model, path):
    checkpoint = torch.load(path, weights_only=False)
    model.load_state_dict(checkpoint["model"], strict=False)
    return checkpoint["epoch"]


# %% cases
def cases():
    yield ("from this machine",)
    yield ("from a machine with 100 GPUs",)
    yield ("with weights of another model",)
    yield ("with code in it",)


class Payload:
    def __init__(self, folder):
        self.folder = folder

    def __reduce__(self):
        return os.mkdir, (str(self.folder),)


def observe(restore, the_file):
    torch.manual_seed(0)
    model, trained = nn.Linear(2, 3), nn.Linear(2, 3)
    contents = {"model": trained.state_dict(), "epoch": 5}
    if "another" in the_file:
        contents["model"] = nn.Sequential(nn.Linear(2, 3)).state_dict()
    place = "cuda:99" if "GPU" in the_file else "cpu"
    with tempfile.TemporaryDirectory() as folder:
        if "code" in the_file:
            contents["more"] = Payload(Path(folder) / "ran")
        path = Path(folder) / "run.pt"
        with mock.patch("torch.serialization.location_tag", lambda storage: place):
            torch.save(contents, path)
        try:
            happened = f"it returned {restore(model, path)!r}"
        except UnpicklingError:
            happened = "the file was refused"
        except RuntimeError:
            if "another" not in the_file:
                raise
            happened = "an error: the names do not fit"
        return {
            "what happened": happened,
            "the weights": model.weight,
            "the biases": model.bias,
            "whether code of the file ran": (Path(folder) / "ran").exists(),
        }
