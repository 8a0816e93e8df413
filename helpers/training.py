"""Train and evaluate a model: one function for an epoch, one to evaluate, one that fits.

A loss over many batches is weighted by the number of samples in each: a last batch that is
not full would otherwise count too much. Notebooks 03 and 04 build these loops by hand first.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.optim.lr_scheduler import LRScheduler

from helpers.device import pick_device
from helpers.errors import InputError, TrainingError, TrainingStopped
from helpers.progress import progress_bar

LossFunction = Callable[[Tensor, Tensor], Tensor]
Metric = Callable[[Tensor, Tensor], float]
History = dict[str, list[float]]


def accuracy(logits: Tensor, labels: Tensor) -> float:
    """Return the share of samples whose highest score is at their label.

    Args:
        logits: ``(batch, num_classes)``.
        labels: ``(batch,)`` integers.

    >>> accuracy(torch.tensor([[2.0, 1.0], [0.0, 3.0]]), torch.tensor([0, 0]))
    0.5

    """
    return (logits.argmax(dim=1) == labels).float().mean().item()


def train_epoch(
    model: nn.Module,
    loader: Iterable[tuple[Tensor, Tensor]],
    loss_fn: LossFunction,
    optimizer: torch.optim.Optimizer,
    device: torch.device | str = "cpu",
    *,
    scheduler: LRScheduler | None = None,
) -> float:
    """Go through the loader once, and take one optimizer step for each batch.

    Args:
        model: Already on ``device``.
        loader: Gives batches ``(X, Y)``.
        loss_fn: Takes ``(model output, Y)`` and returns the mean loss of the batch.
        optimizer: Made from this model's parameters.
        device: Where the batches are moved.
        scheduler: Its ``step`` is called after each *batch*.

    Returns:
        The mean loss over all samples, each counted at the moment it was trained on.

    Raises:
        InputError: Before the first step: nothing to train, a batch of another dtype or
            device than the model, targets of a wrong shape or dtype, labels out of range,
            probabilities in place of logits, an empty loader. Later: a last batch of one
            sample in front of batch norm.
        TrainingError: The loss is not a finite number.

    """
    check_trainable(model, optimizer)
    model.train()
    total_loss, num_samples = 0.0, 0
    for X, Y in progress_bar(loader, desc="training", unit="batch"):
        X, Y = X.to(device), Y.to(device)
        with explained(model, X):
            output = model(X)
        check_targets(output, Y, loss_fn)
        loss = loss_fn(output, Y)
        check_finite(loss, num_samples)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        if scheduler is not None:
            scheduler.step()
        total_loss += loss.item() * len(X)
        num_samples += len(X)
    check_not_empty(num_samples)
    return total_loss / num_samples


@torch.no_grad()
def evaluate(
    model: nn.Module,
    loader: Iterable[tuple[Tensor, Tensor]],
    loss_fn: LossFunction,
    device: torch.device | str = "cpu",
    *,
    metrics: Mapping[str, Metric] | None = None,
) -> dict[str, float]:
    """Measure a model on all samples of a loader, without training it.

    The model is put into evaluation mode for this, and back into the mode that it was in.

    Args:
        model: Already on ``device``.
        loader: Gives batches ``(X, Y)``.
        loss_fn: As in ``train_epoch``.
        device: Where the batches are moved.
        metrics: Further figures by name, such as ``{"accuracy": accuracy}``; each function
            takes ``(model output, Y)`` and returns the batch's mean.

    Returns:
        ``"loss"`` and each metric: means over all samples.

    Raises:
        InputError: A batch or targets that do not fit, or an empty loader.

    """
    measures: dict[str, Callable[[Tensor, Tensor], Any]] = {"loss": loss_fn, **(metrics or {})}
    totals, num_samples = dict.fromkeys(measures, 0.0), 0
    was_training = model.training
    model.eval()
    try:
        for X, Y in loader:
            X, Y = X.to(device), Y.to(device)
            with explained(model, X):
                output = model(X)
            check_targets(output, Y, loss_fn)
            for name, measure in measures.items():
                totals[name] += float(measure(output, Y)) * len(X)
            num_samples += len(X)
    finally:
        model.train(was_training)
    check_not_empty(num_samples)
    return {name: total / num_samples for name, total in totals.items()}


@torch.no_grad()
def predict(
    model: nn.Module, loader: Iterable[tuple[Tensor, Tensor]], device: torch.device | str = "cpu"
) -> tuple[Tensor, Tensor]:
    """Collect what a model says to every sample, on the CPU.

    Returns:
        The outputs, ``(N, …)``, and the targets, ``(N, …)``, in the loader's order.

    Raises:
        InputError: The loader is empty.

    """
    was_training = model.training
    model.eval()
    try:
        pairs = [(model(X.to(device)).cpu(), Y) for X, Y in loader]
    finally:
        model.train(was_training)
    check_not_empty(len(pairs))
    return torch.cat([output for output, _ in pairs]), torch.cat([Y for _, Y in pairs])


def fit(
    model: nn.Module,
    train_loader: Iterable[tuple[Tensor, Tensor]],
    val_loader: Iterable[tuple[Tensor, Tensor]] | None,
    loss_fn: LossFunction,
    optimizer: torch.optim.Optimizer,
    *,
    num_epochs: int,
    device: torch.device | str | None = None,
    scheduler: LRScheduler | None = None,
    metrics: Mapping[str, Metric] | None = None,
    history: History | None = None,
    on_epoch_end: Callable[[History], object] | None = None,
) -> History:
    """Train up to ``num_epochs`` epochs and evaluate after each.

    With the history of an earlier run it goes on from there: a history of 2 epochs and
    ``num_epochs=4`` trains 2 more. Ctrl-C (the stop button) ends it early, and the cell with it;
    the model keeps what it has learned.

    Args:
        model: Is moved to ``device``.
        train_loader: Gives batches ``(X, Y)`` to learn from.
        val_loader: Gives batches to evaluate on, or ``None``.
        loss_fn: Takes ``(model output, Y)`` and returns the mean loss of the batch.
        optimizer: Made from this model's parameters.
        num_epochs: The total number of epochs, those of ``history`` counted in.
        device: ``pick_device()`` if left out.
        scheduler: Its ``step`` is called after each *batch*, so count its lengths in batches.
        metrics: As in ``evaluate``.
        history: What an earlier call returned, to continue it. It is not changed.
        on_epoch_end: Called with the history after each epoch, to save a checkpoint, say.

    Returns:
        A list of plain floats for each of ``"train_loss"``, ``"val_loss"`` and
        ``"val_<metric>"``, one an epoch.

    Raises:
        InputError: As in ``train_epoch``.
        TrainingError: The loss is not a finite number.
        TrainingStopped: It was ended early; the error has the history of the epochs done.

    """
    device = pick_device() if device is None else device
    model.to(device)
    history = {name: list(values) for name, values in (history or {}).items()}
    done = len(history.get("train_loss", []))
    try:
        for epoch in range(done, num_epochs):
            train_loss = train_epoch(
                model, train_loader, loss_fn, optimizer, device, scheduler=scheduler
            )
            figures = {"train_loss": train_loss}
            if val_loader is not None:
                measured = evaluate(model, val_loader, loss_fn, device, metrics=metrics)
                figures |= {f"val_{name}": value for name, value in measured.items()}
            for name, value in figures.items():
                history.setdefault(name, []).append(value)
            done = epoch + 1
            if on_epoch_end is not None:
                on_epoch_end(history)
    except KeyboardInterrupt:
        raise TrainingStopped(
            f"It was ended after {done} of {num_epochs} epochs, and the model keeps what it has "
            "learned. To train from the start, run the cell again.",
            history,
        ) from None
    return history


# ---------------------------------------------------------------- checks, in a reader's words


def check_trainable(model: nn.Module, optimizer: torch.optim.Optimizer) -> None:
    """Refuse a model that this optimizer cannot train.

    Raises:
        InputError: No parameter takes gradients, or the optimizer holds none of them.

    """
    trainable = [p for p in model.parameters() if p.requires_grad]
    if not trainable:
        kind = type(model).__name__
        raise InputError(
            f"{kind} has no parameter to train. Either all are frozen (requires_grad is False), "
            "or its layers are kept in a plain list, which registers nothing: use "
            "nn.ModuleList or nn.Sequential."
        )
    held = {id(p) for group in optimizer.param_groups for p in group["params"]}
    if not any(id(p) in held for p in trainable):
        raise InputError(
            "The optimizer holds none of this model's parameters: it was made for another "
            "model, or for this one before it was made anew. Make it again: "
            "torch.optim.SGD(model.parameters(), lr=…)."
        )


@contextmanager
def explained(model: nn.Module, X: Tensor) -> Iterator[None]:
    """Say in a sentence why a model could not take a batch, where the cause can be told.

    Raises:
        InputError: PyTorch refused the batch, which is of another device or dtype than the
            model, or a single sample in front of batch norm.

    """
    try:
        yield
    except (RuntimeError, ValueError) as error:
        if cause := _cause(model, X, error):
            raise InputError(cause) from error
        raise


def _cause(model: nn.Module, X: Tensor, error: Exception) -> str | None:
    weights = [p for p in model.parameters() if p.is_floating_point()]
    if weights and X.device not in {p.device for p in weights}:
        return (
            f"The model is on {weights[0].device} and the batch on {X.device}; expected both on "
            "one device. Move the model there with model.to(device), and pass the same device on."
        )
    is_number = X.is_floating_point() or X.dtype == torch.uint8  # other integers may be indices
    if weights and is_number and X.dtype not in {p.dtype for p in weights}:
        return (
            f"The batch is {X.dtype} and the model's weights are {weights[0].dtype}; expected one "
            "dtype. NumPy's numbers are float64 and pixels uint8: convert them with X.float() "
            "where the dataset is made."
        )
    has_batch_norm = any(isinstance(m, nn.modules.batchnorm._BatchNorm) for m in model.modules())
    if isinstance(error, ValueError) and model.training and len(X) == 1 and has_batch_norm:
        return (
            "The batch holds one sample, and batch norm trains on what differs between several. "
            "Usually it is the last batch, of what was left over: make the loader with "
            "drop_last=True, or choose another batch_size."
        )
    return None


def check_targets(output: Tensor, target: Tensor, loss_fn: LossFunction) -> None:
    """Refuse targets that the loss would reject obscurely, or take without a word.

    Only losses whose needs are known are checked: cross entropy and the regression losses.

    Raises:
        InputError: A wrong shape, dtype or label.

    """
    if isinstance(loss_fn, nn.CrossEntropyLoss) or loss_fn is F.cross_entropy:
        _check_class_targets(output, target, getattr(loss_fn, "ignore_index", -100))
    elif isinstance(loss_fn, _REGRESSION_LOSSES) or loss_fn in _REGRESSION_FUNCTIONS:
        _check_value_targets(output, target)


_REGRESSION_LOSSES = (nn.MSELoss, nn.L1Loss, nn.SmoothL1Loss, nn.HuberLoss)
_REGRESSION_FUNCTIONS = (F.mse_loss, F.l1_loss, F.smooth_l1_loss, F.huber_loss)


def _check_class_targets(logits: Tensor, labels: Tensor, ignore_index: int) -> None:
    if logits.ndim < 2:
        raise InputError(
            f"The model returned shape {tuple(logits.shape)}; cross entropy expects "
            "(batch, num_classes): one score for each class."
        )
    if labels.is_floating_point() and labels.shape == logits.shape:
        return  # a probability for each class is allowed too
    expected = logits.shape[:1] + logits.shape[2:]
    if labels.shape != expected:
        raise InputError(
            f"The labels have shape {tuple(labels.shape)}; expected {tuple(expected)}, one class "
            "number for each sample. A column (N, 1) becomes (N,) with labels.squeeze(1)."
        )
    if labels.dtype != torch.int64:
        raise InputError(
            f"The labels are {labels.dtype}; cross entropy expects torch.int64 class numbers: "
            "convert them with labels.long()."
        )
    if labels.device.type != "cpu" or labels.numel() == 0:
        return  # to look at the values would make an accelerator wait for each batch
    if len(logits) > 1 and logits.min() >= 0 and (logits.sum(dim=1) - 1).abs().max() < 1e-4:
        raise InputError(
            "The model returns probabilities: none is negative, and those of each sample sum to 1. "
            "Cross entropy expects raw scores (logits) and applies softmax itself; twice makes "
            "the gradients small. Remove the softmax from the model."
        )
    counted = labels[labels != ignore_index]
    if counted.numel() and not 0 <= int(counted.min()) <= int(counted.max()) < logits.shape[1]:
        raise InputError(
            f"The labels run from {int(counted.min())} to {int(counted.max())}; the model has "
            f"{logits.shape[1]} outputs, so expected 0 to {logits.shape[1] - 1}. Count classes "
            "from 0, and give the last layer one output for each."
        )


def _check_value_targets(output: Tensor, target: Tensor) -> None:
    if output.shape != target.shape:
        raise InputError(
            f"The model returned shape {tuple(output.shape)} and the targets have "
            f"{tuple(target.shape)}; expected the same. PyTorch would broadcast them against "
            "each other and train on a wrong loss. Targets (N,) become (N, 1) with "
            "target.unsqueeze(1)."
        )
    if not target.is_floating_point():
        raise InputError(
            f"The targets are {target.dtype}; a regression loss expects floating point numbers: "
            "convert them with target.float()."
        )
    if target.dtype == torch.float64 != output.dtype:
        raise InputError(
            f"The targets are torch.float64, as NumPy's numbers are, and the model returned "
            f"{output.dtype}; expected the same: convert them with target.float()."
        )


def check_finite(loss: Tensor, num_samples: int) -> None:
    """Stop at a loss that is infinite or not a number, before it spoils the parameters.

    Raises:
        TrainingError: Names the moment and the usual causes.

    """
    value = loss.item()
    if not math.isfinite(value):
        raise TrainingError(
            f"The loss is {value} after {num_samples:,} samples of this epoch; the parameters "
            "were left as they were before this step. The usual causes are a learning rate that "
            "is too high, and values in the data that are not numbers: try a tenth of the "
            "learning rate, and look for NaN with X.isnan().any()."
        )


def check_not_empty(num_samples: int) -> None:
    """Refuse a loader that gave no batch.

    Raises:
        InputError: There were no samples.

    """
    if num_samples == 0:
        raise InputError(
            "The loader gave no batch. Its dataset is empty, or smaller than one batch with "
            "drop_last=True; or it was an iterator that an earlier loop has used up."
        )
