"""The networks: shapes, sizes counted by hand, gradients everywhere."""

import re

import pytest
import torch
from torch import nn
from torchinfo import summary

from helpers import models
from helpers.models import CNN, MLP, count_parameters

BY_HAND = {
    MLP: (784 * 512 + 512) + (512 * 512 + 512) + (512 * 10 + 10),
    CNN: (9 * 16 + 16) + 2 * 16 + (9 * 16 * 32 + 32) + 2 * 32
    + (9 * 32 * 64 + 64) + 2 * 64 + (576 * 10 + 10),
}  # fmt: skip


@pytest.mark.parametrize("kind", [MLP, CNN])
def test_shapes_and_parameters(kind):
    model = kind()
    X = torch.rand(3, 1, 28, 28)
    logits = model(X)
    assert logits.shape == (3, 10) and logits.dtype == torch.float32
    assert count_parameters(model) == BY_HAND[kind]
    assert summary(model, input_size=(3, 1, 28, 28), verbose=0).total_params == BY_HAND[kind]
    logits.sum().backward()
    assert all(p.grad is not None and p.grad.isfinite().all() for p in model.parameters())


@pytest.mark.parametrize("kind", [MLP, CNN])
def test_other_numbers_of_classes(kind):
    assert kind(num_classes=26)(torch.rand(2, 1, 28, 28)).shape == (2, 26)


def test_outputs_are_raw_scores():
    logits = CNN().eval()(torch.rand(4, 1, 28, 28))
    assert logits.min() < 0 and not torch.allclose(logits.sum(dim=1), torch.ones(4))


def test_frozen_parameters_are_not_counted():
    model = nn.Linear(3, 2)
    model.bias.requires_grad_(False)
    assert count_parameters(model) == 6


@pytest.mark.parametrize("kind", [MLP, CNN])
def test_the_short_summary_says_what_torchinfo_says(kind):
    model, X = kind(), torch.rand(2, 1, 28, 28)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    short, full = (
        function(model, input_data=X, col_names=("output_size", "num_params"), verbose=0)
        for function in (models.summary, summary)
    )
    assert short.total_params == full.total_params
    leaves = [line for line in full.summary_list if line.is_leaf_layer]
    rows = str(short).splitlines()[1:-1]
    assert len(rows) == len(leaves) > 5
    for row, leaf in zip(rows, leaves, strict=True):
        name, shape, count = re.fullmatch(r"(\w+) +(\[.+\]) +([\d,]+|--)", row).groups()
        assert (name, shape) == (leaf.class_name, str(leaf.output_size))
        assert int(count.replace(",", "").replace("--", "0")) == leaf.param_bytes // 4
    assert model.training and not model._forward_hooks
    assert all(torch.equal(before[name], value) for name, value in model.state_dict().items())
