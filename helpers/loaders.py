"""Turn a dataset into batches."""

import multiprocessing
import multiprocessing.util
import os
import pickle
import sys
from typing import Any

import torch
from torch.multiprocessing import get_sharing_strategy
from torch.utils.data import DataLoader, Dataset

from helpers.errors import InputError

LONGEST_SOCKET = 107  # bytes that Linux allows for the path of a socket


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
        InputError: The dataset is empty, the batch size is not 1 or more, the dataset cannot be
            sent to a worker, or a worker could send nothing back.

    """
    size = len(dataset)  # type: ignore[arg-type]
    if size == 0:
        raise InputError(
            "The dataset is empty (its length is 0). Check the path and the split that it is "
            "made from."
        )
    if batch_size < 1:
        raise InputError(f"batch_size is {batch_size}; expected 1 or more, such as 64.")
    if num_workers > 0:
        check_can_be_sent(dataset)
        check_can_send_back()
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


def check_can_be_sent(dataset: Dataset[Any]) -> None:
    """Check that a worker can have a copy of the dataset.

    A worker that is forked, as on Linux before Python 3.14, has all that this process has. Others
    start as an empty Python: the dataset is pickled for them, and its classes are imported.

    Raises:
        InputError: It cannot be pickled, or a class or function of it is defined in a notebook.

    """
    methods = multiprocessing.get_all_start_methods()  # the default comes first
    if (multiprocessing.get_start_method(allow_none=True) or methods[0]) == "fork":
        return
    name = type(dataset).__name__
    try:
        sent = pickle.dumps(dataset, protocol=2)  # this protocol writes names as plain text
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise InputError(
            f"The {name} cannot be sent to a worker process ({error}). A lambda, or a function "
            "within a function, is the usual cause: define it at the top of a .py file and import "
            "it, or take num_workers=0."
        ) from None
    in_notebook = not hasattr(sys.modules["__main__"], "__file__")
    if in_notebook and b"c__main__\n" in sent:
        raise InputError(
            f"The {name} uses a class or function that is defined in this notebook, and worker "
            "processes cannot import a notebook. Put it into a .py file and import it, or take "
            "num_workers=0."
        )


def check_can_send_back() -> None:
    """Check that workers can hand over batches.

    On Linux they do it through sockets in the folder for temporary files. If the path of such a
    socket is too long, the batch is lost without an error, and the loader waits for ever.

    Raises:
        InputError: The path would be too long.

    """
    if get_sharing_strategy() != "file_descriptor":  # type: ignore[no-untyped-call]
        return
    folder = multiprocessing.util.get_temp_dir()
    length = len(os.fsencode(folder)) + len("/listener-abcdefgh")
    if length > LONGEST_SOCKET:
        raise InputError(
            f"Worker processes would need a socket in {folder}, with a path of {length} letters; "
            f"at most {LONGEST_SOCKET} are allowed. Set TMPDIR to a folder with a shorter path, "
            "such as /tmp, before Jupyter starts, or take num_workers=0."
        )
