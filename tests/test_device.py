"""Devices, with machines that this one is not patched in: choice, transfer, precision."""

from contextlib import nullcontext

import pytest
import torch
from torch import nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves
from torch.utils.data import DataLoader, TensorDataset

from helpers import fast
from helpers.batches import TensorBatches, pixel_statistics
from helpers.checkpoints import load_checkpoint, save_checkpoint
from helpers.datasets import embedded_digits
from helpers.device import available_devices, pick_device
from helpers.errors import InputError
from helpers.loaders import make_loader
from helpers.models import CNN, MLP, FastCNN, FastMLP
from helpers.training import accuracy, fit, predict


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


# ---------------------------------------------------------------- the work of an accelerator


@pytest.fixture
def read(monkeypatch):
    """Note what is read from the meta device, which plays the accelerator here.

    Tensors there have no values: code that looks at one, or mixes them with the CPU's, fails. Only
    ``item`` and ``float`` are answered, with 0.5.
    """
    noted = []

    def answering(method):
        def answer(tensor):
            if tensor.device.type != "meta":
                return method(tensor)
            noted.append(tuple(tensor.shape))
            return 0.5

        return answer

    for name in ("item", "__float__"):
        monkeypatch.setattr(torch.Tensor, name, answering(getattr(torch.Tensor, name)))
    return noted


def small_set():
    return TensorDataset(torch.rand(12, 1, 28, 28), torch.arange(12) % 10)


def test_the_loop_moves_its_batches_and_reads_a_few_numbers_of_each(read):
    model, loader = MLP().to("meta"), DataLoader(small_set(), batch_size=4)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    history = fit(
        model, loader, loader, nn.CrossEntropyLoss(), optimizer, num_epochs=2, device="meta",
        metrics={"accuracy": accuracy},
    )  # fmt: skip
    assert history["val_accuracy"] == [0.5, 0.5]
    # In each of 2 epochs, of each of 3 batches: the loss twice in training; loss and accuracy.
    assert read == [()] * 2 * 3 * (2 + 2)


@pytest.mark.parametrize("num_batches", [1, 5])
def test_the_fast_loop_reads_nothing_before_its_end(read, monkeypatch, num_batches):
    asked = []
    monkeypatch.setattr(
        fast, "low_precision", lambda *given: (asked.append(given), nullcontext())[1]
    )
    model = FastMLP().to("meta")
    optimizer = torch.optim.AdamW(model.parameters())
    scheduler = torch.optim.lr_scheduler.LinearLR(optimizer)
    images = torch.zeros(4 * num_batches, 28, 28, dtype=torch.uint8, device="meta")
    labels = torch.zeros(len(images), dtype=torch.int64, device="meta")
    batches = TensorBatches(images, labels, 4, mean=0.1, std=0.3, shuffle=True)
    fast.train_steps(model, batches, nn.CrossEntropyLoss(), optimizer, scheduler, torch.bfloat16)
    assert read == [(), ()]  # the sum of the losses: is it finite, and what is it
    assert asked == [(torch.device("meta"), torch.bfloat16)] * num_batches


@pytest.mark.parametrize(
    ("device", "precision", "enabled"),
    [
        ("cuda:1", torch.bfloat16, True),
        ("cuda", torch.float32, False),
        ("cpu", torch.bfloat16, True),
        ("mps", torch.float32, False),
    ],
)
def test_mixed_precision_is_asked_for_by_device_type(monkeypatch, device, precision, enabled):
    monkeypatch.setattr(torch, "autocast", lambda *args, **options: (args, options))
    args, options = fast.low_precision(torch.device(device), precision)
    assert args == (device.split(":")[0],)
    assert options == {"dtype": precision, "enabled": enabled}


@pytest.mark.parametrize("cuda", [True, False])
def test_memory_is_pinned_where_there_is_a_gpu(machine, cuda):
    machine(cuda=cuda)
    assert make_loader(small_set(), 4).pin_memory is cuda


class NoFloat64(TorchDispatchMode):
    """Let the CPU play MPS, which has no float64: an operator that meets such a tensor fails."""

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        out = func(*args, **(kwargs or {}))
        for leaf in tree_leaves((args, kwargs, out)):
            if isinstance(leaf, torch.Tensor) and leaf.dtype == torch.float64:
                raise TypeError(f"{func} met float64")
        return out


def test_float64_never_reaches_mps(tmp_path, seen):
    digits = embedded_digits()
    images, labels = digits.train_images[:256], digits.train_labels[:256]
    mean, std = pixel_statistics(images)
    batches = TensorBatches(images, labels, 64, mean=mean, std=std)
    loss_fn = nn.CrossEntropyLoss()
    for network in (MLP, CNN, FastCNN, FastMLP):
        model = network()
        optimizer = torch.optim.AdamW(model.parameters(), lr=0.01)
        scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=0.01, total_steps=8)
        with NoFloat64():
            fit(
                model, batches, batches, loss_fn, optimizer, num_epochs=1, device="cpu",
                scheduler=scheduler, metrics={"accuracy": accuracy},
            )  # fmt: skip
            predict(model, batches)
            save_checkpoint(tmp_path / "run.pt", model, optimizer, scheduler)
            load_checkpoint(tmp_path / "run.pt", model, optimizer, scheduler)
            fast.train_steps(model, batches, loss_fn, optimizer, scheduler)
    with NoFloat64():
        pixel_statistics(images)
        trained = fast.train_fast(images, labels, fast.Recipe(num_epochs=1), device="cpu")
        trained.accuracy(images, labels)
    with NoFloat64(), pytest.raises(TypeError, match="float64"):
        torch.ones(2).double()
    seen("nothing: what is trained on is float32 throughout")
