"""Batches: all samples, in an order that repeats, with and without workers."""

import multiprocessing
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch.utils.data import Dataset, TensorDataset

from helpers.datasets import CsvImageDataset, ImageDataset
from helpers.errors import InputError
from helpers.loaders import make_loader


@pytest.fixture
def numbers():
    return TensorDataset(torch.arange(10))


def batches(loader):
    return [X.tolist() for (X,) in loader]


def test_order_and_last_batch(numbers):
    assert batches(make_loader(numbers, 4)) == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]
    assert batches(make_loader(numbers, 4, drop_last=True)) == [[0, 1, 2, 3], [4, 5, 6, 7]]


def test_shuffling_repeats_from_the_seed_and_changes_with_the_epoch(numbers):
    def two_epochs(seed):
        loader = make_loader(
            numbers, 10, shuffle=True, generator=torch.Generator().manual_seed(seed)
        )
        return batches(loader), batches(loader)

    first, second = two_epochs(0)
    assert sorted(first[0]) == list(range(10)) and first != second
    assert two_epochs(0) == (first, second)
    assert two_epochs(1)[0] != first


def test_workers_give_the_same_batches(numbers):
    def epoch(num_workers):
        generator = torch.Generator().manual_seed(0)
        loader = make_loader(numbers, 3, shuffle=True, generator=generator, num_workers=num_workers)
        return batches(loader)

    assert epoch(2) == epoch(0)


class WhatWorkersDraw(Dataset):
    def __len__(self):
        return 4

    def __getitem__(self, index):
        return random.random(), float(np.random.rand()), torch.rand(1).item()


def test_what_workers_draw_differs_and_repeats():
    def epoch(seed):
        generator = torch.Generator().manual_seed(seed)
        loader = make_loader(WhatWorkersDraw(), 1, generator=generator, num_workers=2)
        return [tuple(float(value) for value in row) for row in loader]

    first = epoch(0)
    assert epoch(0) == first
    assert all(a != b for a, b in zip(first, epoch(1), strict=True))
    assert len({value for row in first for value in row}) == 12  # two workers, three generators


def test_what_cannot_be_loaded(numbers):
    with pytest.raises(InputError, match="empty"):
        make_loader(TensorDataset(torch.zeros(0)), 4)
    with pytest.raises(InputError, match="batch_size is 0"):
        make_loader(numbers, 0)


# ---------------------------------------------------------------- workers, however they start


def image_set():
    images = torch.arange(12 * 16).reshape(12, 4, 4).to(torch.uint8)
    return ImageDataset(images, torch.arange(12), transform=np.array)


def table_set(folder):
    for number in range(12):
        Image.new("L", (4, 4), color=number * 10).save(folder / f"{number}.png")
    rows = "".join(f"{number}.png,{number}\n" for number in range(12))
    (folder / "labels.csv").write_text(f"file,label\n{rows}")
    return CsvImageDataset(folder / "labels.csv", transform=np.array, target_transform=int)


METHODS = multiprocessing.get_all_start_methods()


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("kind", ["images in memory", "images in files"])
def test_workers_give_the_same_batches_however_they_start(method, kind, tmp_path, seen):
    dataset = image_set() if kind == "images in memory" else table_set(tmp_path)

    def epoch(num_workers):
        generator = torch.Generator().manual_seed(3)
        loader = make_loader(dataset, 5, shuffle=True, generator=generator, num_workers=num_workers)
        if num_workers:
            loader.multiprocessing_context = method
        return [(X.tolist(), Y.tolist()) for X, Y in loader]

    alone = epoch(0)
    assert sorted(label for _, Y in alone for label in Y) == list(range(12))
    assert epoch(2) == alone
    seen("nothing: the batches are those of one process")


def test_a_lambda_cannot_be_sent_to_a_worker(monkeypatch, seen):
    dataset = image_set()
    dataset.transform = lambda image: image
    make_loader(dataset, 4)  # no worker: no matter
    monkeypatch.setattr(multiprocessing, "get_start_method", lambda allow_none: "spawn")
    with pytest.raises(InputError, match="ImageDataset cannot be sent") as caught:
        make_loader(dataset, 4, num_workers=2)
    seen(caught.value)


IN_A_NOTEBOOK = """
import multiprocessing
from torch.utils.data import Dataset, Subset
from helpers.errors import InputError
from helpers.loaders import make_loader

class Mine(Dataset):
    def __len__(self): return 4
    def __getitem__(self, index): return index

multiprocessing.set_start_method("spawn")
for dataset in (Mine(), Subset(Mine(), [0, 1])):
    try:
        make_loader(dataset, 2, num_workers=2)
    except InputError as error:
        print(error)
"""


def test_a_class_of_the_notebook_cannot_be_sent_to_a_worker(seen):
    done = subprocess.run(  # like a notebook, what -c runs is in no file
        [sys.executable, "-c", IN_A_NOTEBOOK], capture_output=True, text=True, check=True
    )
    lines = done.stdout.splitlines()
    assert len(lines) == 2 and all("defined in this notebook" in line for line in lines)
    seen(lines[0])


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere, workers need no sockets")
def test_the_path_of_the_folder_for_temporary_files_is_too_long(seen):
    code = (
        "import torch; from helpers.loaders import make_loader\n"
        "print(next(iter(make_loader(torch.arange(4), 4, num_workers=1))).tolist())"
    )
    said = []
    for length in (75, 76):  # /pymp-abcdefgh/listener-abcdefgh has 32 more
        with tempfile.TemporaryDirectory() as short:
            folder = Path(short, "x" * (length - len(short) - 1))
            folder.mkdir()
            done = subprocess.run(
                [sys.executable, "-c", code],
                env={**os.environ, "TMPDIR": str(folder)},
                capture_output=True,
                text=True,
                timeout=60,
            )
        said.append(done.stdout or done.stderr.splitlines()[-1])
    assert said[0] == "[0, 1, 2, 3]\n"
    if sys.version_info < (3, 14):  # later ones may choose another folder by themselves
        assert "at most 107 are allowed" in said[1]
    assert said[1] == said[0] or "at most 107 are allowed" in said[1]
    seen(said[1].rpartition("Error: ")[2].replace(str(folder), "..."))
