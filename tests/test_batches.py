"""Batches of whole tensors: the values of torchvision's road, every sample once, equal shares."""

import pytest
import torch
from torchvision import transforms

from helpers.batches import TensorBatches
from helpers.datasets import ImageDataset
from helpers.errors import InputError
from helpers.loaders import make_loader


@pytest.fixture
def digits():
    generator = torch.Generator().manual_seed(0)
    images = torch.randint(0, 256, (10, 28, 28), generator=generator, dtype=torch.uint8)
    return images, torch.arange(10)


def labels_of(batches):
    return [Y.tolist() for _, Y in batches]


def test_the_values_are_those_of_torchvisions_road(digits):
    usual = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.1307,), (0.3081,))])
    loader = make_loader(ImageDataset(*digits, transform=usual), 4)
    batches = TensorBatches(*digits, 4, mean=0.1307, std=0.3081)
    assert len(batches) == len(loader) == 3
    for (X, Y), (X_usual, Y_usual) in zip(batches, loader, strict=True):
        assert X.shape == X_usual.shape and X.dtype == X_usual.dtype == torch.float32
        torch.testing.assert_close(X, X_usual, rtol=1e-6, atol=1e-6)
        assert torch.equal(Y, Y_usual)


def test_order_and_last_batch(digits):
    plain = TensorBatches(*digits, 4, mean=0.5, std=0.5)
    assert labels_of(plain) == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]
    full = TensorBatches(*digits, 4, mean=0.5, std=0.5, drop_last=True)
    assert labels_of(full) == [[0, 1, 2, 3], [4, 5, 6, 7]] and len(full) == 2


def test_shuffling_repeats_from_the_seed_and_changes_with_the_epoch(digits):
    def two_epochs(seed):
        generator = torch.Generator().manual_seed(seed)
        batches = TensorBatches(*digits, 10, mean=0.5, std=0.5, shuffle=True, generator=generator)
        return labels_of(batches), labels_of(batches)

    first, second = two_epochs(0)
    assert sorted(first[0]) == list(range(10)) and first != second
    assert two_epochs(0) == (first, second)
    assert two_epochs(1)[0] != first


def test_an_image_keeps_its_label_when_shuffled(digits):
    images, labels = digits
    batches = TensorBatches(images, labels, 3, mean=0.0, std=1.0, shuffle=True)
    for X, Y in batches:
        torch.testing.assert_close(X.squeeze(1) * 255, images[Y].float())


def test_processes_share_each_batch(digits):
    whole = labels_of(TensorBatches(*digits, 4, mean=0.5, std=0.5, drop_last=True))
    shares = [
        labels_of(
            TensorBatches(*digits, 4, mean=0.5, std=0.5, drop_last=True, rank=rank, world_size=2)
        )
        for rank in range(2)
    ]
    for batch, one, two in zip(whole, *shares, strict=True):
        assert len(one) == len(two) == 2 and sorted(one + two) == batch


def test_augmentation_sees_each_batch_as_bytes_and_leaves_the_set_alone(digits):
    images, labels = digits
    before, seen = images.clone(), []

    def turned(X):
        seen.append((tuple(X.shape), X.dtype))
        return X.flip(-1).mul_(1)

    X, _ = next(iter(TensorBatches(images, labels, 4, mean=0.0, std=1.0, augment=turned)))
    assert seen == [((4, 1, 28, 28), torch.uint8)]
    torch.testing.assert_close(X.squeeze(1) * 255, before[:4].flip(-1).float())
    assert torch.equal(images, before)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"images": torch.zeros(10, 28, 28)}, "torch.uint8"),
        ({"images": torch.zeros(10, 1, 28, 28, dtype=torch.uint8)}, r"\(N, H, W\)"),
        ({"labels": torch.arange(9)}, "one number for each image"),
        ({"labels": torch.empty(10, device="meta")}, "on meta; expected"),
        ({"std": 0.0}, "all pixels alike"),
        ({"batch_size": 0}, "1 or more"),
        ({"batch_size": 5, "world_size": 2}, "multiple of the number of processes"),
        ({"batch_size": 4, "world_size": 4}, "drop_last=True"),
    ],
)
def test_what_does_not_fit_is_refused(digits, change, said):
    images, labels = digits
    given = {"images": images, "labels": labels, "batch_size": 4, "mean": 0.5, "std": 0.5}
    with pytest.raises(InputError, match=said):
        TensorBatches(**(given | change))
