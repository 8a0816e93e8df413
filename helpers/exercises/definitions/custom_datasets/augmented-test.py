"""
title = "A test that varies"
kind = "repair"
level = 2
minutes = 5
concepts = ["C06", "C10"]
task = '''This function makes a training part and a test part; `augment` varies a Pillow image at random, `prepare` makes it a tensor. But one and the same network gets another accuracy on the test part in each run, and a lower one than it deserves. Repair it: the training images are augmented, anew whenever one is read, and then prepared; the test images are prepared only. (`images` is a tensor (N, H, W) uint8, `train` and `test` are tensors of indices; `ImageDataset` is the class of section 4.)'''
right = "A `Subset` has no transform of its own: it hands on what its dataset gives, so two ways to prepare need two datasets."
hints = [
    "Which images go through `augment` here? Look at a few of the test part.",
    "A `Subset` keeps indices and a dataset; both subsets here hold the same dataset. Two objects of `ImageDataset` can share the same images.",
    "`varied = ImageDataset(images, labels, ...)` with both steps, `plain = ImageDataset(images, labels, ...)` with one; then each `Subset` of its own dataset.",
]
"""

# %% setup
import copy

import torch
from torch.utils.data import Dataset, Subset
from torchvision.transforms import v2

from helpers.datasets import ImageDataset


# %% stub
def make_sets(images, labels, train, test, augment, prepare):
    transform = v2.Compose([augment, prepare])
    dataset = ImageDataset(images, labels, transform)
    train_set = torch.utils.data.Subset(dataset, train)
    test_set = torch.utils.data.Subset(dataset, test)
    return train_set, test_set


# %% solution
def make_sets(images, labels, train, test, augment, prepare):
    varied = ImageDataset(images, labels, v2.Compose([augment, prepare]))
    plain = ImageDataset(images, labels, prepare)
    return torch.utils.data.Subset(varied, train), torch.utils.data.Subset(plain, test)


# %% also right: a copy of the dataset with another transform
def make_sets(images, labels, train, test, augment, prepare):
    dataset = ImageDataset(images, labels, v2.Compose([augment, prepare]))
    plain = copy.copy(dataset)
    plain.transform = prepare
    return torch.utils.data.Subset(dataset, train), torch.utils.data.Subset(plain, test)


# %% also right: the images are picked, without Subset
def make_sets(images, labels, train, test, augment, prepare):
    def augment_and_prepare(image):
        return prepare(augment(image))

    train_set = ImageDataset(images[train], labels[train], augment_and_prepare)
    return train_set, ImageDataset(images[test], labels[test], prepare)


# %% also right: the training part transforms what a plain dataset gives
def make_sets(images, labels, train, test, augment, prepare):
    dataset = ImageDataset(images, labels)

    class Transformed(Dataset):
        def __init__(self, indices, transform):
            self.indices, self.transform = indices, transform

        def __len__(self):
            return len(self.indices)

        def __getitem__(self, index):
            image, label = dataset[self.indices[index]]
            return self.transform(image), label

    both = v2.Compose([augment, prepare])
    return Transformed(train, both), Transformed(test, prepare)


# %% wrong: The test images are still augmented: the transform that counts is that of the dataset behind a `Subset`, and this is one for both parts.
def make_sets(images, labels, train, test, augment, prepare):
    dataset = ImageDataset(images, labels, lambda image: prepare(augment(image)))
    return Subset(dataset, train), Subset(dataset, test)


# %% wrong: The training images are no longer augmented: one transform serves both parts, or `augment` reaches none of the images.
def make_sets(images, labels, train, test, augment, prepare):
    dataset = ImageDataset(images, labels, v2.Compose([augment, prepare]))
    train_set = torch.utils.data.Subset(dataset, train)
    test_set = torch.utils.data.Subset(dataset, test)
    test_set.dataset.transform = prepare
    return train_set, test_set


# %% wrong: The parts are mixed up: the test images are augmented now, and the training images are not.
def make_sets(images, labels, train, test, augment, prepare):
    varied = ImageDataset(images, labels, v2.Compose([augment, prepare]))
    plain = ImageDataset(images, labels, prepare)
    return torch.utils.data.Subset(plain, train), torch.utils.data.Subset(varied, test)


# %% wrong: The training images are augmented and not prepared: they are still Pillow images, and no loader can stack these.
def make_sets(images, labels, train, test, augment, prepare):
    varied = ImageDataset(images, labels, augment)
    plain = ImageDataset(images, labels, prepare)
    return torch.utils.data.Subset(varied, train), torch.utils.data.Subset(plain, test)


# %% wrong: The test images have no transform at all now: they must still become tensors.
def make_sets(images, labels, train, test, augment, prepare):
    varied = ImageDataset(images, labels, v2.Compose([augment, prepare]))
    plain = ImageDataset(images, labels)
    return torch.utils.data.Subset(varied, train), torch.utils.data.Subset(plain, test)


# %% wrong: Each part holds all the images now: training would see the test images.
def make_sets(images, labels, train, test, augment, prepare):
    varied = ImageDataset(images, labels, v2.Compose([augment, prepare]))
    return varied, ImageDataset(images, labels, prepare)


# %% wrong: The training images are prepared first and augmented afterwards; `augment` is meant for the Pillow image.
def make_sets(images, labels, train, test, augment, prepare):
    varied = ImageDataset(images, labels, v2.Compose([prepare, augment]))
    plain = ImageDataset(images, labels, prepare)
    return torch.utils.data.Subset(varied, train), torch.utils.data.Subset(plain, test)


# %% wrong: The training images were augmented once, in advance: each epoch will show the same variations again.
def make_sets(images, labels, train, test, augment, prepare):
    varied = Subset(ImageDataset(images, labels, v2.Compose([augment, prepare])), train)
    return list(varied), Subset(ImageDataset(images, labels, prepare), test)


# %% wrong: This is one part alone; the training part and the test part were asked for.
def make_sets(images, labels, train, test, augment, prepare):
    return Subset(ImageDataset(images, labels, v2.Compose([augment, prepare])), train)


# %% cases
class Turn:
    """Stands for a random transform: a quarter to the left, and later the other way."""

    angle = 90

    def __repr__(self):
        return "a quarter to the left"

    def __call__(self, image):
        return image.rotate(Turn.angle)


class ToTensor:
    """Makes a Pillow image a tensor (1, H, W), scaled."""

    def __repr__(self):
        return "to a tensor"

    def __call__(self, image):
        return v2.functional.to_dtype(v2.functional.to_image(image), torch.float32, scale=True)


def cases():
    images = torch.tensor([[[255, 0], [0, 51]], [[102, 153], [0, 0]], [[0, 0], [255, 51]]])
    labels = torch.tensor([5, 6, 7])
    parts = torch.tensor([0, 2]), torch.tensor([1])
    yield images.to(torch.uint8), labels, *parts, Turn(), ToTensor()
    images = torch.randint(0, 256, (8, 4, 4), dtype=torch.uint8)
    parts = torch.tensor([6, 1, 3, 0]), torch.tensor([2, 4, 5, 7])
    yield images, torch.arange(8), *parts, Turn(), ToTensor()


KEYS = (
    "the labels of the training part",
    "the images of the training part",
    "the labels of the test part",
    "the images of the test part",
    "a training image that is read again is augmented anew",
)


def observe(answer, images, labels, train, test, augment, prepare):
    parts = answer(images, labels, train, test, augment, prepare)
    if parts is None:
        return None
    what = f"an object of type {type(parts).__name__}"
    if isinstance(parts, tuple | list):
        what = f"{len(parts)} parts"
    seen = {"the result": what}
    if what != "2 parts":
        return {**seen, **dict.fromkeys(KEYS)}
    for name, part in zip(("training", "test"), parts):
        samples = [part[i] for i in range(len(part))]
        seen[f"the labels of the {name} part"] = [label for _, label in samples]
        seen[f"the images of the {name} part"] = [image for image, _ in samples]
    Turn.angle = -90
    try:
        later = [parts[0][i][0] for i in range(len(parts[0]))]
    finally:
        Turn.angle = 90
    first = seen[KEYS[1]]
    seen[KEYS[-1]] = all(not same_image(a, b) for a, b in zip(first, later))
    return seen


def same_image(a, b):
    return a is b or (isinstance(a, torch.Tensor) and torch.equal(a, b))
