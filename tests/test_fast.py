"""The fast loop: learns, repeats, agrees with the plain loop, and refuses what cannot train."""

import itertools

import pytest
import torch
from torch import nn

from helpers.batches import TensorBatches, pixel_statistics
from helpers.datasets import embedded_digits, write_idx
from helpers.errors import InputError, TrainingError
from helpers.fast import Recipe, main, pick_precision, train_fast, train_steps
from helpers.models import FastCNN, FastMLP
from helpers.training import train_epoch


@pytest.fixture(scope="module")
def digits():
    return embedded_digits()


def train(digits, **changes):
    precision = changes.pop("precision", torch.float32)
    recipe = Recipe(**{"num_epochs": 2, **changes})
    return train_fast(
        digits.train_images, digits.train_labels, recipe, device="cpu", precision=precision
    )


@pytest.mark.parametrize("precision", [torch.float32, torch.bfloat16])
def test_it_learns_the_embedded_digits(digits, precision):
    trained = train(digits, num_epochs=5, precision=precision)
    assert trained.accuracy(digits.test_images, digits.test_labels) > 0.93
    assert not trained.model.training and trained.precision == precision


def test_a_run_repeats_from_its_seed(digits):
    one, two, other = train(digits), train(digits), train(digits, seed=1)
    weights = [run.model.classifier.weight for run in (one, two, other)]
    assert torch.equal(weights[0], weights[1]) and not torch.equal(weights[0], weights[2])


def test_a_run_leaves_the_data_alone(digits):
    before = digits.train_images.clone()
    train(digits, num_epochs=0.2)
    assert torch.equal(digits.train_images, before)


def parts(seed=0):
    torch.manual_seed(seed)
    model = FastCNN()
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.01)
    scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=0.01, total_steps=8)
    return model, optimizer, scheduler


def test_its_steps_are_those_of_the_plain_loop(digits):
    batches = TensorBatches(digits.train_images, digits.train_labels, 64, mean=0.2, std=0.3)
    eight = list(itertools.islice(batches, 8))
    loss_fn = nn.CrossEntropyLoss()
    fast, optimizer, scheduler = parts()
    fast_loss = train_steps(fast, eight, loss_fn, optimizer, scheduler)
    plain, optimizer, scheduler = parts()
    plain_loss = train_epoch(plain, eight, loss_fn, optimizer, scheduler=scheduler)
    assert fast_loss == pytest.approx(plain_loss, rel=1e-6)
    for name, value in plain.state_dict().items():
        assert torch.equal(value, fast.state_dict()[name]), name


def test_statistics_are_those_of_all_pixels(digits):
    pixels = digits.train_images.double() / 255
    mean, std = pixel_statistics(digits.train_images)
    assert mean == pytest.approx(pixels.mean().item(), rel=1e-9)
    assert std == pytest.approx(pixels.std(correction=0).item(), rel=1e-9)


@pytest.mark.parametrize("num_classes", [2, 26])
def test_the_number_of_classes_comes_from_the_labels(digits, num_classes):
    labels = torch.arange(len(digits.train_images)) % num_classes
    recipe = Recipe(num_epochs=0.1)
    trained = train_fast(digits.train_images, labels, recipe, device="cpu")
    assert trained.model.classifier.out_features == num_classes


def test_what_cannot_train_is_refused(digits):
    with pytest.raises(InputError, match="come to no step"):
        train(digits, num_epochs=0.01)
    with pytest.raises(TrainingError, match="The loss is"):
        train(digits, max_lr=1e30)
    model, optimizer, scheduler = parts()
    with pytest.raises(InputError, match="no batch"):
        train_steps(model, [], nn.CrossEntropyLoss(), optimizer, scheduler)


def test_precision_is_low_only_where_the_processor_has_it(monkeypatch):
    cpu = torch.device("cpu")
    for has, precision in [
        ({"avx512_bf16": True}, torch.bfloat16),
        ({"amx_bf16": True, "avx512_bf16": False}, torch.bfloat16),
        ({"avx2": True}, torch.float32),
        ({}, torch.float32),
    ]:
        monkeypatch.setattr(torch.cpu, "get_capabilities", lambda has=has: has, raising=False)
        assert pick_precision(cpu) == precision
    monkeypatch.delattr(torch.cpu, "get_capabilities")  # as in versions without it
    assert pick_precision(cpu) == torch.float32
    for answer, precision in [(True, torch.bfloat16), (False, torch.float32)]:
        monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda answer=answer: answer)
        assert pick_precision(torch.device("cuda")) == precision
    assert pick_precision(torch.device("mps")) == torch.float32


def test_any_network_is_trained_with_the_classes_of_the_labels(digits):
    recipe = Recipe(num_epochs=6, max_lr=0.01)
    trained = train_fast(
        digits.train_images,
        digits.train_labels,
        recipe,
        network=FastMLP,
        device="cpu",
    )
    assert isinstance(trained.model, FastMLP)
    assert trained.accuracy(digits.test_images, digits.test_labels) > 0.9


def test_statistics_of_many_images_come_from_some_of_them(digits):
    whole = pixel_statistics(digits.train_images)
    some = pixel_statistics(digits.train_images, most=200)
    assert some != whole
    assert some == pytest.approx(whole, rel=0.02)


def test_the_program_reads_a_folder_of_images_or_says_why_not(
    digits, tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr("sys.argv", ["fast", "--images", str(tmp_path)])
    with pytest.raises(SystemExit, match="should hold one file"):
        main()
    for part in ("train", "test"):
        write_idx(tmp_path / f"{part}-images-idx", getattr(digits, f"{part}_images"))
        labels = getattr(digits, f"{part}_labels").to(torch.uint8)
        write_idx(tmp_path / f"{part}-labels-idx", labels)
    monkeypatch.setattr("sys.argv", ["fast", "--images", str(tmp_path), "--num-epochs", "3"])
    main()
    assert "% of the test images after" in capsys.readouterr().out
