"""Batches of an image set that lies whole in memory, each made by one index."""

import math
from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from helpers.errors import InputError


def check_shares(batch_size: int, world_size: int) -> None:
    """Check that several processes can share a batch equally.

    The mean over unequal parts would not be the mean over the batch.

    Raises:
        InputError: They cannot, or there is no sample in a batch.

    """
    if batch_size < 1 or batch_size % world_size:
        raise InputError(
            f"batch_size is {batch_size}; expected 1 or more, and a multiple of the number of "
            f"processes ({world_size}), so that each has an equal share."
        )


class TensorBatches:
    """Give batches ``(X, Y)`` of whole tensors, as a ``DataLoader`` does of single samples.

    A ``DataLoader`` fetches each sample by itself, transforms it, and stacks a batch of them. Here
    the images stay bytes, a quarter of the memory of float32; a batch is taken out by one index,
    and turned into numbers by two operations on the whole of it. Images on a GPU stay there.

    Several processes that share each batch are told by ``rank`` and ``world_size``: with the same
    generator they draw the same order, and each takes its own samples of every batch.

    Args:
        images: ``(N, H, W)`` uint8, grey pixels.
        labels: ``(N,)`` int64, on the same device.
        batch_size: Samples in a batch, those of all processes together.
        mean: Of the pixels, each counted from 0 to 1.
        std: Their standard deviation.
        shuffle: Draw a new order each time that the batches are gone through.
        generator: Where the order comes from, on the CPU; torch's own generator if left out.
        drop_last: Leave out a last batch that is not full.
        augment: Called with each batch of images, ``(batch, 1, H, W)`` uint8.
        rank: Which process this is, counted from 0.
        world_size: How many processes share each batch.

    Yields:
        X: ``(batch / world_size, 1, H, W)`` float32, ``(pixel / 255 - mean) / std``.
        Y: ``(batch / world_size,)`` int64.

    Raises:
        InputError: The tensors do not fit together, ``std`` is not above 0, the batch size is not
            1 or more, or several processes cannot share it equally.

    """

    def __init__(
        self,
        images: Tensor,
        labels: Tensor,
        batch_size: int,
        *,
        mean: float,
        std: float,
        shuffle: bool = False,
        generator: torch.Generator | None = None,
        drop_last: bool = False,
        augment: Callable[[Tensor], Tensor] | None = None,
        rank: int = 0,
        world_size: int = 1,
    ) -> None:
        if images.ndim != 3 or images.dtype != torch.uint8:
            raise InputError(
                f"images has shape {tuple(images.shape)} and dtype {images.dtype}; expected "
                "(N, H, W) and torch.uint8: grey pixels from 0 to 255, not yet scaled."
            )
        if labels.shape != images.shape[:1] or labels.device != images.device:
            raise InputError(
                f"labels has shape {tuple(labels.shape)} on {labels.device}; expected "
                f"({len(images)},) on {images.device}: one number for each image."
            )
        if std <= 0:
            raise InputError(f"std is {std}; expected more than 0. Are all pixels alike?")
        check_shares(batch_size, world_size)
        if world_size > 1 and not drop_last and len(images) % batch_size % world_size:
            raise InputError(
                f"The last batch of {len(images) % batch_size} cannot be shared equally by "
                f"{world_size} processes: leave it out with drop_last=True."
            )
        self.images, self.labels, self.batch_size = images, labels, batch_size
        self.mean, self.std = mean, std
        self.shuffle, self.generator, self.drop_last = shuffle, generator, drop_last
        self.augment, self.rank, self.world_size = augment, rank, world_size

    def __len__(self) -> int:
        """Return the number of batches."""
        full, rest = divmod(len(self.images), self.batch_size)
        return full if self.drop_last or rest == 0 else full + 1

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        """Go through all samples once."""
        if self.shuffle:
            order = torch.randperm(len(self.images), generator=self.generator)
        else:
            order = torch.arange(len(self.images))
        order = order.to(self.images.device)
        for batch in torch.split(order, self.batch_size)[: len(self)]:
            own = batch[self.rank :: self.world_size]  # (batch / world_size,)
            X = self.images[own].unsqueeze(1)  # (batch / world_size, 1, H, W) uint8
            if self.augment is not None:
                X = self.augment(X)
            yield self.normalise(X), self.labels[own]

    def normalise(self, X: Tensor) -> Tensor:
        """Return ``(X / 255 - mean) / std`` as float32, in two steps instead of three."""
        return X.sub(255 * self.mean).div_(255 * self.std)


def pixel_statistics(images: Tensor, most: int = 5000) -> tuple[float, float]:
    """Return mean and standard deviation of the pixels, each counted from 0 to 1.

    The pixels are counted by value first: 256 numbers, whatever the number of images. Python
    reckons the rest, for MPS has no float64.

    Args:
        images: ``(N, H, W)`` uint8.
        most: About so many images are looked at, evenly spread; of 60,000, a few thousand tell
            both to the second digit.

    """
    some = images[:: max(1, len(images) // most)]
    counts = torch.bincount(some.flatten(), minlength=256).tolist()
    values = [value / 255 for value in range(256)]
    total = sum(counts)
    mean = sum(n * v for n, v in zip(counts, values, strict=True)) / total
    variance = sum(n * (v - mean) ** 2 for n, v in zip(counts, values, strict=True)) / total
    return mean, math.sqrt(variance)
