"""Batches: all samples, in an order that repeats, with and without workers."""

import random

import numpy as np
import pytest
import torch
from torch.utils.data import Dataset, TensorDataset

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
