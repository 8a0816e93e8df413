"""Splits: nothing lost, nothing twice, no group on both sides."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.errors import InputError
from helpers.splits import group_split, random_split

fractions = st.floats(0.01, 0.99)


@given(num_samples=st.integers(2, 200), fraction=fractions, seed=st.integers(0, 50))
@settings(deadline=None)
def test_random_split(num_samples, fraction, seed):
    def split():
        return random_split(num_samples, fraction, torch.Generator().manual_seed(seed))

    train, test = split()
    assert sorted(torch.cat([train, test]).tolist()) == list(range(num_samples))
    assert len(train) >= 1 and len(test) >= 1
    assert abs(len(test) - num_samples * fraction) <= 1
    assert torch.equal(train, train.sort().values)
    assert all(torch.equal(a, b) for a, b in zip((train, test), split(), strict=True))


@given(
    groups=st.lists(st.sampled_from("abcdefg"), min_size=2).filter(lambda g: len(set(g)) > 1),
    fraction=fractions,
    seed=st.integers(0, 50),
)
@settings(deadline=None)
def test_group_split(groups, fraction, seed):
    train, test = group_split(groups, fraction, torch.Generator().manual_seed(seed))
    assert sorted(torch.cat([train, test]).tolist()) == list(range(len(groups)))
    left = {groups[i] for i in train.tolist()}
    right = {groups[i] for i in test.tolist()}
    assert left and right and not left & right
    assert abs(len(right) - len(set(groups)) * fraction) <= 1


def test_another_seed_another_split():
    splits = {
        tuple(random_split(50, 0.2, torch.Generator().manual_seed(seed))[1].tolist())
        for seed in range(10)
    }
    assert len(splits) == 10


@pytest.mark.parametrize("fraction", [0, 1, -0.1, 1.5, 20])
def test_a_wrong_fraction(fraction):
    with pytest.raises(InputError, match="between 0 and 1"):
        random_split(10, fraction)


def test_too_few():
    with pytest.raises(InputError, match="1 samples"):
        random_split(1, 0.5)
    with pytest.raises(InputError, match="1 groups"):
        group_split(["a", "a"], 0.5)
