"""How many images a second each road from the data to a batch gives, without any training."""

from collections.abc import Iterable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import torch
from torch import Tensor
from torch.utils.benchmark import Timer
from torch.utils.data import DataLoader, TensorDataset

from benchmarks.contenders import MEAN, STD, mnist_sets
from helpers.batches import TensorBatches
from helpers.datasets import Digits

BATCH_SIZE = 128


def roads(digits: Digits, folder: Path) -> dict[str, Iterable[tuple[Tensor, Tensor]]]:
    """Return the roads by name, all with the same batches and values."""
    train_set, _ = mnist_sets(digits, folder)
    whole = TensorBatches(digits.train_images, digits.train_labels, BATCH_SIZE, mean=MEAN, std=STD)
    ready = TensorDataset(whole.normalise(digits.train_images.unsqueeze(1)), digits.train_labels)
    return {
        "datasets.MNIST, DataLoader": DataLoader(train_set, batch_size=BATCH_SIZE),
        "TensorDataset, DataLoader": DataLoader(ready, batch_size=BATCH_SIZE),
        "TensorBatches": whole,
    }


def check_same(ways: dict[str, Iterable[tuple[Tensor, Tensor]]]) -> None:
    """Fail unless all roads give the same labels and normalised values."""
    first, *others = ways.values()
    for (X, Y), *rest in zip(first, *others, strict=True):
        for X_other, Y_other in rest:
            torch.testing.assert_close(X, X_other, rtol=1e-5, atol=1e-5)
            torch.testing.assert_close(Y, Y_other)


def measure_roads(digits: Digits, rounds: int) -> dict[str, list[float]]:
    """Return images a second by road, one figure a round; the roads take turns.

    Raises:
        AssertionError: Two roads give other values.

    """
    with TemporaryDirectory() as folder:
        ways = roads(digits, Path(folder))
        check_same(ways)
        speeds: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(rounds):
            for name, batches in ways.items():
                timer = Timer(
                    "for X, Y in batches: pass",
                    globals={"batches": batches},
                    num_threads=torch.get_num_threads(),
                )
                taken = timer.blocked_autorange(min_run_time=0.2).median
                speeds[name].append(len(digits.train_images) / taken)
    return speeds


def ratios(speeds: dict[str, list[float]]) -> dict[str, float]:
    """Return how many times as fast as the first road each is: the median over the rounds."""
    first = next(iter(speeds.values()))
    return {
        name: median(a / b for a, b in zip(values, first, strict=True))
        for name, values in speeds.items()
    }
