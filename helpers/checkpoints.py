"""Save a training run so that it can go on where it stopped, to the last bit on the CPU.

A checkpoint holds tensors and plain Python values only, so that it can be read with
``torch.load(weights_only=True)``, which never runs code from the file.
"""

import os
import pickle
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.optim.lr_scheduler import LRScheduler

from helpers.errors import CheckpointError
from helpers.files import written_whole
from helpers.seeding import get_random_state, set_random_state

FORMAT = 1  # raised when the layout of the file changes
PARTS = {
    "format", "model", "optimizer", "scheduler", "epoch", "history", "random", "generator", "extra"
}  # fmt: skip
# What PyTorch and Python raise at a state that is not one of this object.
MISFITS = (ValueError, KeyError, TypeError, AttributeError, RuntimeError, IndexError)


@dataclass
class Checkpoint:
    """What a checkpoint tells besides the states that it put back.

    Attributes:
        epoch: How many epochs were done.
        history: As ``training.fit`` returns it.
        extra: The plain values that were saved along, such as class names.

    """

    epoch: int
    history: dict[str, list[float]]
    extra: dict[str, Any] = field(default_factory=dict)


def save_checkpoint(
    path: str | Path,
    model: nn.Module,
    optimizer: torch.optim.Optimizer | None = None,
    scheduler: LRScheduler | None = None,
    *,
    history: dict[str, list[float]] | None = None,
    generator: torch.Generator | None = None,
    extra: dict[str, Any] | None = None,
) -> Path:
    """Write a checkpoint; the old one stays whole until the new one is.

    Args:
        path: The file, such as ``checkpoints/cnn.pt``; its folder is made.
        model: Its ``state_dict`` is saved, not the object.
        optimizer: Saved too if given; without it training cannot go on as it was.
        scheduler: Likewise.
        history: As ``training.fit`` returns it; its length is the number of epochs done.
        generator: The generator that shuffles the loader, if it has one of its own.
        extra: Further tensors or plain values (numbers, strings, lists, dicts).

    Returns:
        The path.

    Raises:
        CheckpointError: Something in ``extra`` is neither a tensor nor a plain value, or the file
            cannot be written.

    """
    path = Path(path)
    history = history or {}
    contents = {
        "format": FORMAT,
        "model": model.state_dict(),
        "optimizer": None if optimizer is None else optimizer.state_dict(),
        "scheduler": None if scheduler is None else scheduler.state_dict(),
        "epoch": len(history.get("train_loss", [])),
        "history": history,
        "random": get_random_state(),
        "generator": None if generator is None else generator.get_state(),
        "extra": extra or {},
    }
    try:
        with written_whole(path) as part:
            with part.open("wb") as file:
                torch.save(contents, file)
                file.flush()
                os.fsync(file.fileno())  # on the disk before the old file goes
            _read(part, path.name, "cpu")  # what cannot be read back must not replace what can
    except CheckpointError:
        raise
    except (OSError, RuntimeError) as error:
        cause = error if isinstance(error, OSError) else error.__context__  # torch.save covers it
        if not isinstance(cause, OSError):
            raise
        raise CheckpointError(
            f"{path.name} could not be written to {path.parent} ({cause.strerror or cause}). Make "
            "room there, or choose another folder; a checkpoint that was there before is whole."
        ) from None
    return path


def load_checkpoint(
    path: str | Path,
    model: nn.Module,
    optimizer: torch.optim.Optimizer | None = None,
    scheduler: LRScheduler | None = None,
    *,
    generator: torch.Generator | None = None,
    restore_random: bool = True,
) -> Checkpoint:
    """Put a training run back to where ``save_checkpoint`` found it.

    The tensors go to the device that the model is on, wherever they were saved.

    Args:
        path: The file.
        model: Of the same architecture; filled in place.
        optimizer: Filled in place if given.
        scheduler: Likewise.
        generator: Likewise.
        restore_random: Put the random generators back too. Switch it off to use a model
            without touching the randomness around it.

    Raises:
        CheckpointError: The file is missing, damaged, not a checkpoint of ours, or belongs to
            another model or optimizer. The model is unchanged unless only the optimizer or
            scheduler did not fit.

    """
    path = Path(path)
    device = next((p.device for p in model.parameters()), torch.device("cpu"))
    contents = _read(path, path.name, device)
    _check_model(contents["model"], model, path.name)
    before = get_random_state()
    try:
        if restore_random:
            set_random_state(contents["random"])
        if generator is not None and contents["generator"] is not None:
            generator.set_state(contents["generator"].cpu())  # last: it fits, or is unchanged
    except MISFITS as error:
        set_random_state(before)
        raise CheckpointError(
            f"{path.name} holds no state of the random generators that can be put back ({error}). "
            "Load it with restore_random=False and without a generator; training then goes on "
            "with other random numbers."
        ) from None
    model.load_state_dict(contents["model"])
    for kind, target in (("optimizer", optimizer), ("scheduler", scheduler)):
        if target is None:
            continue
        if contents[kind] is None:
            raise CheckpointError(
                f"{path.name} holds no {kind}: it was saved without one. Leave it out here, or "
                "pass it to save_checkpoint."
            )
        try:
            if contents[kind].keys() != target.state_dict().keys():
                raise ValueError("it was saved from another kind")
            target.load_state_dict(contents[kind])
        except MISFITS as error:
            raise CheckpointError(
                f"{path.name} does not fit this {kind} ({error}). Make the {kind} as it was made "
                "when the checkpoint was saved."
            ) from None
    return Checkpoint(contents["epoch"], contents["history"], contents["extra"])


def read_extra(path: str | Path) -> dict[str, Any]:
    """Return what was saved along with a model, such as its class names, before there is a model.

    So the number of classes can decide the size of the model that ``load_checkpoint`` fills.

    Args:
        path: A file of ``save_checkpoint``.

    Raises:
        CheckpointError: The file is missing, damaged, or not a checkpoint of ours.

    """
    path = Path(path)
    extra: dict[str, Any] = _read(path, path.name, "cpu")["extra"]
    return extra


def _read(path: Path, name: str, device: torch.device | str) -> dict[str, Any]:
    """Look at the file, then read it with ``weights_only=True``."""
    if not path.is_file():
        raise CheckpointError(f"There is no file {path}. Check the path, or train and save first.")
    with path.open("rb") as file:
        start = file.read(16)
    if not start.startswith(b"PK"):  # torch.save writes a zip archive
        what = "is empty" if not start else f"begins with {start!r}"
        raise CheckpointError(
            f"{name} is not a checkpoint: it {what}, where a zip archive was expected. A download "
            "that failed often leaves such a file: delete it and fetch or save it again."
        )
    try:
        with zipfile.ZipFile(path) as archive:
            changed = archive.testzip()  # torch.load does not compare all checksums
        if changed:
            raise ValueError(f"{changed} has changed since it was saved")
        contents = torch.load(path, map_location=device, weights_only=True)
    except pickle.UnpicklingError:
        raise CheckpointError(
            f"{name} holds more than tensors and plain values, so reading it could run code that "
            "it carries; it is neither written nor read. Save state_dict() and plain numbers, "
            "strings and lists. Convert NumPy values with float(), int() or torch.from_numpy()."
        ) from None
    except Exception as error:  # damaged bytes make torch.load raise errors of almost any kind
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise CheckpointError(
            f"{name} is damaged and cannot be read ({reason}). Use an older checkpoint, or train "
            "again."
        ) from None
    layout = contents.get("format") if isinstance(contents, dict) else None
    if not isinstance(layout, int) or layout != FORMAT:
        raise CheckpointError(
            f"{name} was not written by save_checkpoint (layout {FORMAT}). If it is a bare "
            "state_dict: model.load_state_dict(torch.load(path, weights_only=True))."
        )
    if missing := sorted(PARTS - contents.keys()):
        raise CheckpointError(
            f"{name} lacks {', '.join(missing)}: something else than save_checkpoint has changed "
            "it. Use another checkpoint, or save again."
        )
    return contents


def _check_model(state: object, model: nn.Module, name: str) -> None:
    """Compare names and shapes before anything is overwritten."""
    if not isinstance(state, dict) or not all(isinstance(v, torch.Tensor) for v in state.values()):
        raise CheckpointError(
            f"{name} holds no weights where a model's state_dict was expected. Use another "
            "checkpoint, or save again."
        )
    own = model.state_dict()
    missing = sorted(own.keys() - state.keys())
    unexpected = sorted(state.keys() - own.keys())
    shapes = [
        f"{key} {tuple(state[key].shape)} instead of {tuple(own[key].shape)}"
        for key in own.keys() & state.keys()
        if state[key].shape != own[key].shape
    ]
    if missing or unexpected or shapes:
        raise CheckpointError(
            f"{name} belongs to another model than this {type(model).__name__}. "
            f"Missing in the file: {missing[:3] or 'nothing'}; unknown to the model: "
            f"{unexpected[:3] or 'nothing'}; other shapes: {sorted(shapes)[:3] or 'none'}. "
            "Build the model with the same layers and sizes as when it was saved."
        )
