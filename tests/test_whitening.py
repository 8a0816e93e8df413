"""Filters from the images: what they answer is uncorrelated, and bad shapes are refused."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from helpers.datasets import embedded_digits
from helpers.errors import InputError
from helpers.whitening import whiten_


def inputs():
    images = embedded_digits().train_images[:300].unsqueeze(1) / 255  # (300, 1, 28, 28)
    return F.pixel_unshuffle(images - images.mean(), 2)  # (300, 4, 14, 14)


def test_the_answers_vary_alike_and_are_uncorrelated():
    X, conv = inputs(), nn.Conv2d(4, 32, 3, bias=False)
    whiten_(conv, X, eps=0.0)
    answers = conv(X).detach().transpose(0, 1).flatten(1)[:16].double()  # (16, places)
    moments = answers @ answers.T / answers.shape[1]
    torch.testing.assert_close(moments, torch.eye(16).double(), atol=1e-3, rtol=0)


def test_the_strongest_pattern_comes_first_and_each_has_its_opposite():
    X, conv = inputs(), nn.Conv2d(4, 32, 3)
    whiten_(conv, X)
    weight = conv.weight.detach().flatten(1)  # (32, 36)
    assert torch.equal(weight[16:], -weight[:16])
    patches = F.unfold(X, 3).transpose(1, 2).reshape(-1, 36)
    unit = weight[:16] / weight[:16].norm(dim=1, keepdim=True)
    strength = (patches @ unit.T).square().mean(0)
    assert torch.equal(strength, strength.sort(descending=True).values)
    assert conv.weight.requires_grad


def test_few_filters_and_an_odd_number_of_them():
    X, conv = inputs(), nn.Conv2d(4, 5, 3)
    whiten_(conv, X)
    assert torch.equal(conv.weight[3:].detach(), -conv.weight[:2].detach())


def test_what_occurs_nowhere_is_not_blown_up():
    conv = nn.Conv2d(1, 4, 3)
    whiten_(conv, torch.zeros(10, 1, 28, 28), eps=0.25)
    assert conv.weight.isfinite().all() and conv.weight.abs().max() <= 2


@pytest.mark.parametrize(
    "shape, filters", [((9, 1, 14, 14), 8), ((9, 14, 14), 8), ((9, 4, 14, 14), 73)]
)
def test_what_does_not_fit_is_refused(shape, filters):
    with pytest.raises(InputError, match="expected"):
        whiten_(nn.Conv2d(4, filters, 3), torch.zeros(shape))
