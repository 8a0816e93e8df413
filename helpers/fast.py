"""The quickest honest way to train on small grey images, in plain PyTorch.

The loop is the one of ``helpers.training``, with what costs time taken out of it: batches are cut
from whole tensors (``helpers.batches``), the network works on a quarter of the pixels
(``helpers.models.FastCNN``), the learning rate rises and falls once (one cycle), numbers have 16
bits where the processor multiplies those faster, and nothing is read back from the device before
the end. ``workbook.py bench`` compares it with recipes that others publish.

    python -m helpers.fast --num-epochs 0.6
"""

import argparse
import itertools
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from helpers.batches import TensorBatches, pixel_statistics
from helpers.datasets import load_image_set, load_mnist
from helpers.device import pick_device
from helpers.errors import DataFileError, InputError
from helpers.models import FastCNN
from helpers.training import accuracy, check_finite, check_not_empty, evaluate


@dataclass(frozen=True)
class Recipe:
    """What decides a run.

    Attributes:
        num_epochs: How often the training images are gone through; may be a part of 1.
        batch_size: Samples for each step.
        max_lr: The highest learning rate of AdamW, reached after a fifth of the steps.
        weight_decay: Of AdamW.
        label_smoothing: How much of the target is spread evenly over all classes.
        seed: Decides the first weights and the order.

    """

    num_epochs: float = 0.6
    batch_size: int = 128
    max_lr: float = 0.015
    weight_decay: float = 0.05
    label_smoothing: float = 0.1
    seed: int = 0


@dataclass(frozen=True)
class Trained:
    """A trained model, and what it needs to judge further images.

    Attributes:
        model: In evaluation mode.
        mean: Of the training pixels, counted from 0 to 1.
        std: Their standard deviation.
        precision: The dtype in which it was trained and is to be used.

    """

    model: nn.Module
    mean: float
    std: float
    precision: torch.dtype

    def accuracy(self, images: Tensor, labels: Tensor, batch_size: int = 1000) -> float:
        """Return the share of images whose label the model tells.

        Args:
            images: ``(N, 28, 28)`` uint8.
            labels: ``(N,)`` int64.
            batch_size: Images judged at a time.

        """
        device = next(self.model.parameters()).device
        batches = TensorBatches(
            images.to(device), labels.to(device), batch_size, mean=self.mean, std=self.std
        )
        with low_precision(device, self.precision):
            measured = evaluate(
                self.model, batches, nn.CrossEntropyLoss(), device, metrics={"accuracy": accuracy}
            )
        return measured["accuracy"]


def pick_precision(device: torch.device) -> torch.dtype:
    """Return the dtype to multiply in: bfloat16 where the processor has instructions for it.

    On other processors bfloat16 is emulated, and slower than float32.
    """
    if device.type == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float32
    if device.type == "cpu":
        ask: Callable[[], dict[str, Any]] = getattr(torch.cpu, "get_capabilities", dict)
        has = ask()  # empty where this version of PyTorch has no such function
        return torch.bfloat16 if has.get("amx_bf16") or has.get("avx512_bf16") else torch.float32
    return torch.float32


def low_precision(device: torch.device, precision: torch.dtype) -> torch.autocast:
    """Return a block in which matrix products and convolutions are computed in ``precision``."""
    return torch.autocast(device.type, dtype=precision, enabled=precision != torch.float32)


def train_steps(
    model: nn.Module,
    batches: Iterable[tuple[Tensor, Tensor]],
    loss_fn: nn.Module,
    optimizer: torch.optim.Optimizer,
    scheduler: torch.optim.lr_scheduler.LRScheduler,
    precision: torch.dtype = torch.float32,
) -> float:
    """Take one optimizer step for each batch, without waiting for the device in between.

    ``train_epoch`` of ``helpers.training`` reads each loss and stops at the first that is not a
    number. Here the losses are added up on the device and read once, at the end.

    Args:
        model: On the device of the batches.
        batches: ``(X, Y)``, on the device.
        loss_fn: Returns the mean loss of a batch.
        optimizer: Made from this model's parameters.
        scheduler: Its ``step`` is called after each batch.
        precision: See ``pick_precision``.

    Returns:
        The mean loss over all samples, each counted at the moment it was trained on.

    Raises:
        InputError: There was no batch.
        TrainingError: The mean loss is not a finite number.

    """
    model.train()
    device = next(model.parameters()).device
    total_loss, num_samples = torch.zeros((), device=device), 0
    for X, Y in batches:
        with low_precision(device, precision):
            loss = loss_fn(model(X), Y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        scheduler.step()
        total_loss += loss.detach() * len(X)
        num_samples += len(X)
    check_not_empty(num_samples)
    check_finite(total_loss, num_samples)
    return total_loss.item() / num_samples


def train_fast(
    images: Tensor,
    labels: Tensor,
    recipe: Recipe | None = None,
    *,
    network: Callable[[int], nn.Module] = FastCNN,
    device: torch.device | str | None = None,
    precision: torch.dtype | None = None,
) -> Trained:
    """Train a new network.

    Args:
        images: ``(N, 28, 28)`` uint8.
        labels: ``(N,)`` int64, counted from 0.
        recipe: The one above if left out.
        network: Makes the network, given the number of classes: the highest label and one.
        device: ``pick_device()`` if left out.
        precision: ``pick_precision(device)`` if left out.

    Raises:
        InputError: The tensors do not fit together, or the recipe comes to no step.
        TrainingError: The loss is not a finite number.

    """
    recipe = recipe or Recipe()
    device = pick_device() if device is None else torch.device(device)
    precision = pick_precision(device) if precision is None else precision
    batch_size = min(recipe.batch_size, len(images))
    num_steps = round(recipe.num_epochs * (len(images) // max(batch_size, 1)))
    if num_steps < 1:
        raise InputError(
            f"{recipe.num_epochs} epochs of {len(images)} images in batches of "
            f"{recipe.batch_size} come to no step; expected more epochs or images."
        )
    mean, std = pixel_statistics(images)
    generator = torch.Generator().manual_seed(recipe.seed)
    batches = TensorBatches(
        images.to(device), labels.to(device), batch_size, mean=mean, std=std,
        shuffle=True, generator=generator, drop_last=True,
    )  # fmt: skip
    again_and_again = itertools.chain.from_iterable(itertools.repeat(batches))

    torch.manual_seed(recipe.seed)
    model = network(int(labels.max()) + 1).to(device)
    model = model.to(memory_format=torch.channels_last)
    loss_fn = nn.CrossEntropyLoss(label_smoothing=recipe.label_smoothing)
    optimizer = torch.optim.AdamW(
        model.parameters(),
        lr=recipe.max_lr,
        betas=(0.85, 0.95),  # the usual 0.999 averages over more steps than a short run has
        weight_decay=recipe.weight_decay,
        fused=True,
    )
    scheduler = torch.optim.lr_scheduler.OneCycleLR(
        optimizer,
        max_lr=recipe.max_lr,
        total_steps=num_steps,
        pct_start=0.2,
        anneal_strategy="linear",
        cycle_momentum=False,
    )
    first = itertools.islice(again_and_again, num_steps)
    train_steps(model, first, loss_fn, optimizer, scheduler, precision)
    return Trained(model.eval(), mean, std, precision)


def main() -> None:
    """Train on MNIST, or on images in its file format, read the test set once, tell the times."""
    parser = argparse.ArgumentParser(prog="python -m helpers.fast", description=main.__doc__)
    parser.add_argument("--images", help="a folder with four files in MNIST's format")
    parser.add_argument("--num-epochs", type=float, default=Recipe.num_epochs)
    parser.add_argument("--seed", type=int, default=Recipe.seed)
    given = vars(parser.parse_args())
    folder = given.pop("images")
    start = time.perf_counter()
    try:
        digits = load_image_set(folder) if folder else load_mnist()
    except DataFileError as error:
        sys.exit(str(error))
    read = time.perf_counter()
    torch.optim.SGD([torch.zeros(1)], lr=0.1).zero_grad()  # PyTorch imports its compiler here
    ready = time.perf_counter()
    trained = train_fast(digits.train_images, digits.train_labels, Recipe(**given))
    trained_at = time.perf_counter()
    share = trained.accuracy(digits.test_images, digits.test_labels)
    end = time.perf_counter()
    print(digits)
    print(
        f"{100 * share:.2f} % of the test images after {trained_at - ready:.2f} s of training and "
        f"{end - trained_at:.2f} s of testing ({trained.precision})"
    )
    print(
        f"before it {read - start:.2f} s of reading and {ready - read:.2f} s until PyTorch had "
        "imported its first optimizer"
    )


if __name__ == "__main__":
    main()
