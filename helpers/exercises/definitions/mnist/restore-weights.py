"""
title = "Weights from a file"
kind = "repair"
level = 2
minutes = 6
concepts = ["X13", "M14", "X14"]
task = '''`restore` puts the weights that a checkpoint file holds under the key `"model"` into `model`, which lies on the CPU and stays there, and returns the epoch that it holds under `"epoch"`. It runs without an error, and the epoch is right, but the model is no better than a new one. Repair it. Also, the file may come from a machine with GPUs that this one lacks; it may come from a stranger, and must not run any code; and weights that do not fit the model (a name too few or too many, or another shape) have to raise an error, of whatever kind.'''
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
        raise KeyError("The names do not fit.")
    for name, value in parts["model"].items():
        if own[name].shape != value.shape:
            raise ValueError(name)
        own[name].copy_(value)
    return parts["epoch"]


# %% also right: the report of what did not fit
def restore(model, path):
    parts = torch.load(str(path), map_location={"cuda:%d" % i: "cpu" for i in range(100)})
    report = model.load_state_dict(parts.pop("model"), strict=False)
    assert not report.missing_keys and not report.unexpected_keys, report
    return parts.pop("epoch")


# %% wrong: Weights that the file lacks are left as they are in the model, without a word; they have to raise an error.
def restore(model, path):
    checkpoint = torch.load(path, map_location="cpu", weights_only=True)
    own = model.state_dict()
    for name, value in checkpoint["model"].items():
        if own[name].shape != value.shape:
            raise ValueError(name)
        own[name].copy_(value)
    return checkpoint["epoch"]


# %% wrong: Weights that the model lacks are left out without a word; a file with names too many does not fit, and has to raise an error.
def restore(model, path):
    checkpoint = torch.load(path, map_location="cpu", weights_only=True)
    own = model.state_dict()
    model.load_state_dict({k: v for k, v in checkpoint["model"].items() if k in own})
    return checkpoint["epoch"]


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


# %% wrong: No weights of the file reach the model, which is still as it came: nothing was loaded into it, or `strict=False` passed over names that do not fit.
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


# %% wrong: No weights of the file reach the model: nothing was loaded into it, or `strict=False` passed over names that do not fit. And a file can still run any code.
def restore(model, path):
    checkpoint = torch.load(path, map_location="cpu", weights_only=False)
    model.load_state_dict(checkpoint, strict=False)
    return checkpoint["epoch"]


# %% wrong: No weights of the file reach the model: nothing was loaded into it, or `strict=False` passed over names that do not fit. And tensors of another machine's GPUs do not arrive.
def restore(model, path):
    checkpoint = torch.load(path, weights_only=True)
    model.load_state_dict(checkpoint, strict=False)
    return checkpoint["epoch"]


# %% wrong: No weights of the file reach the model, which is still as it came; and of the other three things that were asked for, none is done yet.
def restore(model, path):
    checkpoint = torch.load(path, weights_only=False)
    model = checkpoint["model"]
    return checkpoint["epoch"]


# %% wrong: `copy_` spreads weights of another shape over the model's where it can; they have to raise an error.
def restore(model, path):
    checkpoint = torch.load(path, map_location="cpu", weights_only=True)
    own = model.state_dict()
    if own.keys() != checkpoint["model"].keys():
        raise KeyError("The names do not fit.")
    for name, value in own.items():
        value.copy_(checkpoint["model"][name])
    return checkpoint["epoch"]


# %% wrong: Where weights do not fit, no error comes out of this: it was caught, or what does not fit was left out before; it is to be raised.
def restore(model, path):
    checkpoint = torch.load(path, map_location="cpu", weights_only=True)
    try:
        model.load_state_dict(checkpoint["model"])
    except RuntimeError as error:
        print(error)
    return checkpoint["epoch"]


# %% wrong: All errors are caught and passed over here; whoever calls this has to notice that nothing was loaded.
def restore(model, path):
    try:
        checkpoint = torch.load(path, map_location="cpu", weights_only=True)
        model.load_state_dict(checkpoint["model"])
        return checkpoint["epoch"]
    except Exception as error:
        print(error)


# %% wrong: The weights were put in by their order, whatever their names and shapes; those that do not fit have to raise an error.
def restore(model, path):
    checkpoint = torch.load(path, map_location="cpu", weights_only=True)
    for parameter, value in zip(model.parameters(), checkpoint["model"].values()):
        parameter.data = value
    return checkpoint["epoch"]


# %% wrong: Each parameter looks up its own name, so names too many in the file are not noticed; and `copy_` spreads weights of another shape over the model's where it can. Both have to raise an error.
def restore(model, path):
    checkpoint = torch.load(path, map_location="cpu", weights_only=True)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            parameter.copy_(checkpoint["model"][name])
    return checkpoint["epoch"]


# %% wrong: A module has no `.device`; this one lies on the CPU.
def restore(model, path):
    checkpoint = torch.load(path, map_location=model.device, weights_only=True)
    model.load_state_dict(checkpoint["model"])
    return checkpoint["epoch"]


# %% wrong: The file has no entry of the name `"model_state_dict"`; the task says under which keys its parts stand.
def restore(model, path):
    checkpoint = torch.load(path, map_location="cpu", weights_only=True)
    model.load_state_dict(checkpoint["model_state_dict"])
    return checkpoint["epoch"]


# %% wrong: The file has no entry of the name `"state_dict"`; the task says under which keys its parts stand.
def restore(model, path):
    checkpoint = torch.load(path, map_location="cpu", weights_only=True)
    model.load_state_dict(checkpoint["state_dict"])
    return checkpoint["epoch"]


# %% cases
def cases():
    yield ("from this machine",)
    yield ("from a machine with 100 GPUs",)
    yield ("with weights of another model",)
    yield ("with weights of another shape",)
    yield ("without the biases",)
    yield ("with weights to spare",)
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
    if "shape" in the_file:
        contents["model"] = nn.Linear(2, 1).state_dict()
    if "spare" in the_file:
        contents["model"]["more"] = torch.zeros(2)
    if "without" in the_file:
        del contents["model"]["bias"]
    place = "cuda:99" if "GPU" in the_file else "cpu"
    with tempfile.TemporaryDirectory() as folder:
        if "code" in the_file:
            contents["more"] = Payload(Path(folder) / "ran")
        path = Path(folder) / "run.pt"
        with mock.patch("torch.serialization.location_tag", lambda storage: place):
            torch.save(contents, path)
        try:
            happened = f"it returned {restore(model, path)!r}"
            loaded = True
        except (NameError, AttributeError):  # of a slip in the answer
            raise
        except Exception:
            if "from" in the_file:
                raise
            happened, loaded = "it raised an error", False
        return {
            "what happened": happened,
            "the device of the model": model.weight.device,
            "the weights": model.weight if loaded else "not looked at",
            "the biases": model.bias if loaded else "not looked at",
            "whether code of the file ran": (Path(folder) / "ran").exists(),
        }
