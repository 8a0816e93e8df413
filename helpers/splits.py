"""Split samples into a part to learn from and a part to be judged by."""

from collections.abc import Hashable, Sequence

import torch
from torch import Tensor

from helpers.errors import InputError


def random_split(
    num_samples: int, test_fraction: float, generator: torch.Generator | None = None
) -> tuple[Tensor, Tensor]:
    """Draw the test samples one by one, at random.

    Right where samples have nothing to do with each other. Where they come in groups (one
    font, one patient, one camera), use ``group_split``.

    Args:
        num_samples: How many samples there are.
        test_fraction: The share that goes to the test part, between 0 and 1.
        generator: The source of the randomness; torch's own if left out.

    Returns:
        Indices of the training part and of the test part, int64, each shape ``(n,)`` and
        sorted. Together they are ``0 … num_samples - 1``, and both have at least one.

    Raises:
        InputError: The fraction is not between 0 and 1, or there are fewer than 2 samples.

    """
    num_test = _test_count(num_samples, test_fraction, "samples")
    order = torch.randperm(num_samples, generator=generator)
    return order[num_test:].sort().values, order[:num_test].sort().values


def group_split(
    groups: Sequence[Hashable], test_fraction: float, generator: torch.Generator | None = None
) -> tuple[Tensor, Tensor]:
    """Draw whole groups, so that no group stands on both sides.

    Args:
        groups: The group of each sample, such as the name of its font.
        test_fraction: The share of the *groups* that goes to the test part.
        generator: The source of the randomness; torch's own if left out.

    Returns:
        Indices of the training part and of the test part, as ``random_split`` gives them.

    Raises:
        InputError: The fraction is not between 0 and 1, or there are fewer than 2 groups.

    """
    names = list(dict.fromkeys(groups))  # each once, in order of appearance
    num_test = _test_count(len(names), test_fraction, "groups")
    order = torch.randperm(len(names), generator=generator).tolist()
    test_names = {names[i] for i in order[:num_test]}
    in_test = torch.tensor([group in test_names for group in groups])
    return (~in_test).nonzero().flatten(), in_test.nonzero().flatten()


def _test_count(total: int, fraction: float, what: str) -> int:
    """Return how many of ``total`` go to the test part: at least 1, and not all."""
    if not 0 < fraction < 1:
        raise InputError(
            f"test_fraction is {fraction}; expected a number between 0 and 1, such as 0.2."
        )
    if total < 2:
        raise InputError(f"There are {total} {what}: two parts need at least 2.")
    return min(max(round(total * fraction), 1), total - 1)
