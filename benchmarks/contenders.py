"""The programs that are compared: ours, and recipes that others publish, written anew.

Each takes the digits, a number of epochs and a seed, trains a new network, and tells how long that
took and how well it does on the test set. The schedules are fixed before a run: the test set stops
nothing and chooses nothing.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset

from helpers.datasets import MNIST_FILES, Digits, ImageDataset, write_idx
from helpers.fast import Recipe, train_fast
from helpers.loaders import make_loader
from helpers.models import CNN, MLP, FastMLP
from helpers.training import accuracy, evaluate, train_epoch

MEAN, STD = 0.1307, 0.3081  # of MNIST's training pixels, as pytorch/examples has them


@dataclass
class Run:
    """What one run took, and how well its model does.

    Attributes:
        accuracy: On the test set, after each epoch; for a schedule that counts on its end, once.
        train_seconds: Up to and with each of these epochs, the testing left out.
        test_seconds: Of reading the test set once.

    """

    accuracy: list[float] = field(default_factory=list)
    train_seconds: list[float] = field(default_factory=list)
    test_seconds: float = 0.0


class ExamplesNet(nn.Module):
    """The network of pytorch/examples, mnist/main.py: 1,199,882 parameters with 10 classes."""

    def __init__(self, num_classes: int = 10) -> None:
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 32, 3), nn.Conv2d(32, 64, 3)
        self.dropout1, self.dropout2 = nn.Dropout(0.25), nn.Dropout(0.5)
        self.fc1, self.fc2 = nn.Linear(9216, 128), nn.Linear(128, num_classes)

    def forward(self, X: Tensor) -> Tensor:
        """Return log probabilities, ``(batch, num_classes)``."""
        X = F.relu(self.conv2(F.relu(self.conv1(X))))  # (batch, 64, 24, 24)
        X = self.dropout1(F.max_pool2d(X, 2)).flatten(1)  # (batch, 9216)
        return F.log_softmax(self.fc2(self.dropout2(F.relu(self.fc1(X)))), dim=1)


def mnist_sets(
    digits: Digits, folder: Path, transform: Callable[[Any], Any] | None = None
) -> tuple[Dataset[Any], ...]:
    """Return torchvision's MNIST, training and test.

    Args:
        digits: Written to the folder first.
        folder: Where torchvision reads them.
        transform: Those of pytorch/examples if left out.

    """
    from torchvision import datasets, transforms

    parts = (digits.train_images, digits.train_labels, digits.test_images, digits.test_labels)
    for name, values in zip(MNIST_FILES, parts, strict=True):
        write_idx(folder / "MNIST" / "raw" / name, values.to(torch.uint8))
    usual = transforms.Compose([transforms.ToTensor(), transforms.Normalize((MEAN,), (STD,))])
    return tuple(
        datasets.MNIST(str(folder), train=t, transform=transform or usual) for t in (True, False)
    )


def examples(digits: Digits, num_epochs: float, seed: int) -> Run:
    """Follow pytorch/examples, mnist/main.py, on a CPU.

    Batches of 64 in the order of the files, Adadelta with a learning rate of 1 that falls to 0.7
    of itself after each epoch, dropout, negative log likelihood, a test after each epoch.
    """
    run = Run()
    with TemporaryDirectory() as folder:
        train_set, test_set = mnist_sets(digits, Path(folder))
        train_loader = DataLoader(train_set, batch_size=64)
        test_loader = DataLoader(test_set, batch_size=1000)
        torch.manual_seed(seed)
        model = ExamplesNet(num_classes=int(digits.train_labels.max()) + 1)
        optimizer = torch.optim.Adadelta(model.parameters(), lr=1.0)
        scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=1, gamma=0.7)
        trained = 0.0
        for _ in range(max(1, round(num_epochs))):
            start = time.perf_counter()
            model.train()
            for X, Y in train_loader:
                optimizer.zero_grad()
                loss = F.nll_loss(model(X), Y)
                loss.backward()  # type: ignore[no-untyped-call]
                optimizer.step()
            scheduler.step()
            trained += time.perf_counter() - start
            test(run, trained, lambda: evaluate(
                model, test_loader, F.nll_loss, metrics={"accuracy": accuracy}
            )["accuracy"])  # fmt: skip
    return run


def plain(digits: Digits, num_epochs: float, seed: int) -> Run:
    """Follow notebook 04: a dataset, a DataLoader, the CNN, AdamW, ``train_epoch``."""
    from torchvision import transforms

    usual = transforms.Compose([transforms.ToTensor(), transforms.Normalize((MEAN,), (STD,))])
    train_set = ImageDataset(digits.train_images, digits.train_labels, transform=usual)
    test_set = ImageDataset(digits.test_images, digits.test_labels, transform=usual)
    generator = torch.Generator().manual_seed(seed)
    train_loader = make_loader(train_set, 64, shuffle=True, generator=generator)
    num_classes = int(digits.train_labels.max()) + 1
    torch.manual_seed(seed)
    model, loss_fn, run, trained = CNN(num_classes), nn.CrossEntropyLoss(), Run(), 0.0
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    for _ in range(max(1, round(num_epochs))):
        start = time.perf_counter()
        train_epoch(model, train_loader, loss_fn, optimizer)
        trained += time.perf_counter() - start
        loader = make_loader(test_set, 1000)
        test(run, trained, lambda loader=loader: evaluate(  # type: ignore[misc]
            model, loader, loss_fn, metrics={"accuracy": accuracy}
        )["accuracy"])  # fmt: skip
    return run


def quickstart(digits: Digits, num_epochs: float, seed: int) -> Run:
    """Follow the quickstart of PyTorch's basics tutorial: an MLP and SGD with a rate of 0.001."""
    from torchvision import transforms

    run, trained, loss_fn = Run(), 0.0, nn.CrossEntropyLoss()
    with TemporaryDirectory() as folder:
        train_set, test_set = mnist_sets(digits, Path(folder), transforms.ToTensor())
        train_loader, test_loader = DataLoader(train_set, 64), DataLoader(test_set, 64)
        torch.manual_seed(seed)
        model = MLP(num_classes=int(digits.train_labels.max()) + 1)
        optimizer = torch.optim.SGD(model.parameters(), lr=1e-3)
        for _ in range(max(1, round(num_epochs))):
            start = time.perf_counter()
            model.train()
            for X, Y in train_loader:
                loss = loss_fn(model(X), Y)
                loss.backward()
                optimizer.step()
                optimizer.zero_grad()
            trained += time.perf_counter() - start
            test(run, trained, lambda: evaluate(
                model, test_loader, loss_fn, metrics={"accuracy": accuracy}
            )["accuracy"])  # fmt: skip
    return run


def fast(digits: Digits, num_epochs: float, seed: int) -> Run:
    """Follow ``helpers.fast``, in the precision that suits this processor."""
    recipe = Recipe(num_epochs=num_epochs or Recipe.num_epochs, seed=seed)
    return timed_fast(digits, recipe)


def fast_float32(digits: Digits, num_epochs: float, seed: int) -> Run:
    """Follow ``helpers.fast`` in float32."""
    recipe = Recipe(num_epochs=num_epochs or Recipe.num_epochs, seed=seed)
    return timed_fast(digits, recipe, precision=torch.float32)


def fast_mlp(digits: Digits, num_epochs: float, seed: int) -> Run:
    """Follow ``helpers.fast`` with a multilayer perceptron."""
    recipe = Recipe(num_epochs=num_epochs or 1.8, batch_size=256, max_lr=0.01, seed=seed)
    return timed_fast(digits, recipe, network=FastMLP)


def timed_fast(digits: Digits, recipe: Recipe, **options: Any) -> Run:
    """Time ``train_fast`` and the one test after it."""
    run = Run()
    start = time.perf_counter()
    trained = train_fast(digits.train_images, digits.train_labels, recipe, device="cpu", **options)
    seconds = time.perf_counter() - start
    test(run, seconds, lambda: trained.accuracy(digits.test_images, digits.test_labels))
    return run


def test(run: Run, trained: float, measure: Callable[[], float]) -> None:
    """Add what a model reaches on the test set, and how long it trained."""
    start = time.perf_counter()
    run.accuracy.append(measure())
    run.test_seconds = time.perf_counter() - start
    run.train_seconds.append(trained)


CONTENDERS: dict[str, Callable[[Digits, float, int], Run]] = {
    "examples": examples,
    "plain": plain,
    "quickstart": quickstart,
    "fast": fast,
    "fast-float32": fast_float32,
    "fast-mlp": fast_mlp,
}
