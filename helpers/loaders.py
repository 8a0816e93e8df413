"""Turn a dataset into batches."""

from typing import Any

import torch
from torch.utils.data import DataLoader, Dataset

from helpers.errors import InputError


def make_loader(
    dataset: Dataset[Any],
    batch_size: int,
    *,
    shuffle: bool = False,
    generator: torch.Generator | None = None,
    num_workers: int = 0,
    drop_last: bool = False,
) -> DataLoader[Any]:
    """Make a ``DataLoader`` whose order repeats.

    Each worker gets a seed of its own from the loader's generator; PyTorch seeds ``random`` and
    NumPy in it too.

    Args:
        dataset: Has ``__len__`` and ``__getitem__``.
        batch_size: Samples in a batch; the last batch holds what is left.
        shuffle: Draw a new order for each epoch. For training, not for a test set.
        generator: Where the order comes from; torch's own generator if left out.
        num_workers: Processes that load beside the training. 0 loads in this one.
        drop_last: Leave out a last batch that is not full.

    Raises:
        InputError: The dataset is empty or the batch size is not 1 or more.

    """
    size = len(dataset)  # type: ignore[arg-type]
    if size == 0:
        raise InputError(
            "The dataset is empty (its length is 0). Check the path and the split that it is "
            "made from."
        )
    if batch_size < 1:
        raise InputError(f"batch_size is {batch_size}; expected 1 or more, such as 64.")
    return DataLoader(
        dataset,
        batch_size=batch_size,
        shuffle=shuffle,
        generator=generator,
        num_workers=num_workers,
        drop_last=drop_last,
        persistent_workers=num_workers > 0,
        pin_memory=torch.cuda.is_available(),  # faster copies to a GPU
    )
