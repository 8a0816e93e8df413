"""Device choice, with machines that this one is not patched in."""

import pytest
import torch

from helpers.device import available_devices, pick_device
from helpers.errors import InputError


@pytest.fixture
def machine(monkeypatch):
    """Pretend to a machine with these accelerators, and no variable set."""

    def pretend(*, cuda=False, mps=False):
        monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda)
        monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)

    monkeypatch.delenv("WORKBOOK_DEVICE", raising=False)
    return pretend


@pytest.mark.parametrize(
    ("cuda", "mps", "expected"),
    [
        (False, False, ["cpu"]),
        (True, False, ["cuda", "cpu"]),
        (False, True, ["mps", "cpu"]),
        (True, True, ["cuda", "mps", "cpu"]),
    ],
)
def test_the_fastest_available_is_taken(machine, cuda, mps, expected):
    machine(cuda=cuda, mps=mps)
    assert available_devices() == expected
    assert pick_device() == torch.device(expected[0])


def test_the_variable_forces_a_device(machine, monkeypatch):
    machine(cuda=True)
    monkeypatch.setenv("WORKBOOK_DEVICE", "cpu")
    assert pick_device() == torch.device("cpu")
    assert pick_device("cuda:1") == torch.device("cuda", 1)  # an argument wins


@pytest.mark.parametrize("name", ["gpu", "cpu:x", "cuda;"])
def test_a_misspelt_name(machine, name):
    machine()
    with pytest.raises(InputError, match="not the name of a device"):
        pick_device(name)


def test_a_device_that_is_not_there(machine):
    machine()
    with pytest.raises(InputError, match="this machine offers cpu"):
        pick_device("cuda")
