"""The networks of the workbook. Each takes a batch and returns raw scores (logits)."""

from typing import NamedTuple

import torch
from torch import Tensor, nn


class MLP(nn.Module):
    """A multilayer perceptron for small grey images: 784-512-512-10.

    Takes ``(batch, 1, 28, 28)`` float32, returns logits ``(batch, num_classes)``.
    """

    def __init__(self, num_classes: int = 10) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Flatten(),  # (batch, 784)
            nn.Linear(28 * 28, 512),
            nn.ReLU(),
            nn.Linear(512, 512),
            nn.ReLU(),
            nn.Linear(512, num_classes),
        )

    def forward(self, X: Tensor) -> Tensor:
        """Return the logits of a batch."""
        return self.layers(X)


class CNN(nn.Module):
    """A small convolutional network for grey images of 28 x 28 pixels.

    Three times: convolve, normalise, cut off below zero; in between, keep the largest of each
    2 x 2 pixels. Pooling comes before the normalisation, which then has a quarter of the work.

    Takes ``(batch, 1, 28, 28)`` float32, returns logits ``(batch, num_classes)``.
    """

    def __init__(self, num_classes: int = 10, dropout: float = 0.25) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 16, kernel_size=3, padding=1),  # (batch, 16, 28, 28)
            nn.MaxPool2d(2),  # (batch, 16, 14, 14)
            nn.BatchNorm2d(16),
            nn.ReLU(),
            nn.Conv2d(16, 32, kernel_size=3, padding=1),  # (batch, 32, 14, 14)
            nn.MaxPool2d(2),  # (batch, 32, 7, 7)
            nn.BatchNorm2d(32),
            nn.ReLU(),
            nn.Conv2d(32, 64, kernel_size=3, padding=1),  # (batch, 64, 7, 7)
            nn.MaxPool2d(2),  # (batch, 64, 3, 3)
            nn.BatchNorm2d(64),
            nn.ReLU(),
        )
        self.classifier = nn.Sequential(
            nn.Flatten(),  # (batch, 576)
            nn.Dropout(dropout),
            nn.Linear(64 * 3 * 3, num_classes),
        )

    def forward(self, X: Tensor) -> Tensor:
        """Return the logits of a batch."""
        return self.classifier(self.features(X))


def count_parameters(model: nn.Module) -> int:
    """Return how many numbers of the model training can change.

    >>> count_parameters(nn.Linear(3, 2))  # 3 x 2 weights and 2 biases
    8
    """
    return sum(p.numel() for p in model.parameters() if p.requires_grad)


class Summary(NamedTuple):
    """What ``summary`` found: a table to print, and the number of all parameters."""

    table: str
    total_params: int

    def __str__(self) -> str:
        return self.table


def summary(model: nn.Module, input_data: Tensor, **_: object) -> Summary:
    """Send a batch through a model, and return each layer's output shape and parameters.

    It stands in for ``torchinfo.summary`` where that package is not installed.

    Args:
        model: The model; its mode and its parameters stay as they are.
        input_data: A batch that it takes.
        _: Other options of torchinfo's function, which change nothing here.

    """
    lines = [f"{'Layer':22}{'Output Shape':22}{'Param #':>10}"]

    def note(layer: nn.Module, _: object, output: Tensor) -> None:
        count = sum(p.numel() for p in layer.parameters())
        shown = f"{count:,}" if count else "--"
        lines.append(f"{type(layer).__name__:22}{list(output.shape)!s:22}{shown:>10}")

    layers = [layer for layer in model.modules() if not list(layer.children())]
    hooks = [layer.register_forward_hook(note) for layer in layers]
    was_training = model.training
    model.eval()
    try:
        with torch.no_grad():
            model(input_data)
    finally:
        model.train(was_training)
        for hook in hooks:
            hook.remove()
    total = sum(p.numel() for p in model.parameters())
    return Summary("\n".join([*lines, f"Total params: {total:,}"]), total)


class FastCNN(nn.Module):
    """A convolutional network for grey images of 28 x 28 pixels that trains in seconds.

    Each 2 x 2 pixels become four channels (``PixelUnshuffle``), so that the first convolution has
    a quarter of the places to visit. It leaves out the border, where images of this kind are
    empty. Pooling comes before the normalisation, and the convolutions have no bias, since the
    normalisation that follows has one.

    Takes ``(batch, 1, 28, 28)`` float32, returns logits ``(batch, num_classes)``.
    """

    def __init__(self, num_classes: int = 10) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.PixelUnshuffle(2),  # (batch, 4, 14, 14)
            nn.Conv2d(4, 32, kernel_size=3, bias=False),  # (batch, 32, 12, 12)
            nn.MaxPool2d(2),  # (batch, 32, 6, 6)
            nn.BatchNorm2d(32),
            nn.ReLU(inplace=True),
            nn.Conv2d(32, 64, kernel_size=3, padding=1, bias=False),  # (batch, 64, 6, 6)
            nn.MaxPool2d(2),  # (batch, 64, 3, 3)
            nn.BatchNorm2d(64),
            nn.ReLU(inplace=True),
            nn.Conv2d(64, 64, kernel_size=3, padding=1, bias=False),  # (batch, 64, 3, 3)
            nn.BatchNorm2d(64),
            nn.ReLU(inplace=True),
        )
        self.classifier = nn.Linear(3 * 3 * 64, num_classes)

    def forward(self, X: Tensor) -> Tensor:
        """Return the logits of a batch."""
        X = self.features(X)  # (batch, 64, 3, 3)
        X = X.permute(0, 2, 3, 1).flatten(1)  # (batch, 576), no copy where channels lie last
        return self.classifier(X)


class FastMLP(nn.Module):
    """A multilayer perceptron with batch normalisation, which allows a high learning rate.

    Takes ``(batch, 1, 28, 28)`` float32, returns logits ``(batch, num_classes)``.
    """

    def __init__(self, num_classes: int = 10) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Flatten(),  # (batch, 784)
            nn.Linear(28 * 28, 256, bias=False),
            nn.BatchNorm1d(256),
            nn.ReLU(inplace=True),
            nn.Linear(256, 256, bias=False),
            nn.BatchNorm1d(256),
            nn.ReLU(inplace=True),
            nn.Linear(256, num_classes),
        )

    def forward(self, X: Tensor) -> Tensor:
        """Return the logits of a batch."""
        return self.layers(X)
