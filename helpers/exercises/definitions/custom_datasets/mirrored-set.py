"""
title = "A dataset with mirror images"
kind = "write"
level = 2
minutes = 8
concepts = ["C01"]
task = '''Write a dataset that holds each of N images twice: samples 0 to N-1 are the `images` (N, H, W) uint8, samples N to 2N-1 the same ones mirrored left to right. A sample is a pair of the image, (1, H, W) float32 from 0 to 1, and its label as a whole number (`int`). A number from 2N on is beyond the end and must raise `IndexError`, so that a `for` loop over the dataset ends.'''
right = "A `for` loop asks a dataset for 0, 1, 2 and so on until `IndexError` comes; a dataset that computes its indices must raise it itself."
hints = [
    "Which of the N images does sample `index` show? And how do you tell that it is a mirrored one?",
    "`index % n` is the place of the image, and `index >= n` says that it is mirrored; `x.flip(-1)` turns the columns around.",
    "`if index >= len(self): raise IndexError(index)`; `x = self.images[...].unsqueeze(0) / 255`; mirror `x` if ...; return `x, int(self.labels[...])`.",
]
"""

# %% setup
import numpy as np
import torch
from torch.utils.data import Dataset


# %% stub
class MirroredSet(Dataset):
    """Each of the images (N, H, W) uint8 twice: as it is, and mirrored."""

    def __init__(self, images: torch.Tensor, labels: torch.Tensor) -> None:
        self.images, self.labels = images, labels

    def __len__(self) -> int: ...

    def __getitem__(self, index: int) -> tuple[torch.Tensor, int]: ...


# %% solution
class MirroredSet(Dataset):
    def __init__(self, images, labels):
        self.images, self.labels = images, labels

    def __len__(self):
        return 2 * len(self.images)

    def __getitem__(self, index):
        if index >= len(self):
            raise IndexError(index)
        n = len(self.images)
        x = self.images[index % n].unsqueeze(0) / 255
        return (x.flip(-1) if index >= n else x), int(self.labels[index % n])


# %% also right: both halves made in advance
class MirroredSet(Dataset):
    def __init__(self, images, labels):
        self.images = torch.cat([images, images.flip(2)])
        self.labels = labels.tolist() * 2

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, index):
        return self.images[index][None].float().div(255), self.labels[index]


# %% also right: without super class, by divmod
class MirroredSet:
    def __init__(self, images, labels):
        self.images, self.labels = images, labels

    def __len__(self):
        return len(self.images) + len(self.labels)

    def __getitem__(self, index):
        half, place = divmod(index, max(len(self.images), 1))
        if half > 1 or len(self.images) == 0:
            raise IndexError("beyond the end")
        x = self.images[place].to(torch.float32) / 255.0
        if half == 1:
            x = torch.fliplr(x)
        return x.view(1, *x.shape), self.labels[place].item()


# %% also right: through NumPy
class MirroredSet(Dataset):
    def __init__(self, images, labels):
        self.images, self.labels = images.numpy(), [int(y) for y in labels]

    def __len__(self):
        return self.images.shape[0] * 2

    def __getitem__(self, index):
        n = self.images.shape[0]
        if index not in range(2 * n):
            raise IndexError
        image = self.images[index] if index < n else self.images[index - n][:, ::-1]
        return torch.from_numpy((image / 255).astype(np.float32))[None], self.labels[index % n]


# %% wrong: A `for` loop over it would never end: beyond the end something is returned still, be it an image or `None`, and no `IndexError` raised.
class MirroredSet(Dataset):
    def __init__(self, images, labels):
        self.images, self.labels = images, labels

    def __len__(self):
        return 2 * len(self.images)

    def __getitem__(self, index):
        n = len(self.images)
        x = self.images[index % n].unsqueeze(0) / 255
        return (x.flip(-1) if index // n % 2 == 1 else x), int(self.labels[index % n])


# %% wrong: `__len__` says N, so a loader never comes to the mirrored half.
class MirroredSet(Dataset):
    def __init__(self, images, labels):
        self.images, self.labels = images, labels

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        n = len(self.images)
        if index >= 2 * n:
            raise IndexError(index)
        x = self.images[index % n].unsqueeze(0) / 255
        return (x.flip(-1) if index >= n else x), int(self.labels[index % n])


# %% wrong: The second half stands on its head: the rows were turned around and not the columns.
class MirroredSet(Dataset):
    def __init__(self, images, labels):
        self.images, self.labels = images, labels

    def __len__(self):
        return 2 * len(self.images)

    def __getitem__(self, index):
        n = len(self.images)
        if index >= 2 * n:
            raise IndexError(index)
        x = self.images[index % n].unsqueeze(0) / 255
        return (x.flip(1) if index >= n else x), int(self.labels[index % n])


# %% wrong: The images and their mirror images alternate; first come all N images, then the N mirrored ones.
class MirroredSet(Dataset):
    def __init__(self, images, labels):
        self.images, self.labels = images, labels

    def __len__(self):
        return 2 * len(self.images)

    def __getitem__(self, index):
        if index >= len(self):
            raise IndexError(index)
        x = self.images[index // 2].unsqueeze(0) / 255
        return (x.flip(-1) if index % 2 == 1 else x), int(self.labels[index // 2])


# %% wrong: The second half holds the same images again: none of them is mirrored.
class MirroredSet(Dataset):
    def __init__(self, images, labels):
        self.images, self.labels = images, labels

    def __len__(self):
        return 2 * len(self.images)

    def __getitem__(self, index):
        if index >= len(self):
            raise IndexError(index)
        i = index % len(self.images)
        return self.images[i].unsqueeze(0) / 255, int(self.labels[i])


# %% wrong: The label is a tensor; a whole number was asked for, as `int` or `.item()` gives it.
class MirroredSet(Dataset):
    def __init__(self, images, labels):
        self.images, self.labels = images, labels

    def __len__(self):
        return 2 * len(self.images)

    def __getitem__(self, index):
        n = len(self.images)
        if index >= 2 * n:
            raise IndexError(index)
        x = self.images[index % n].unsqueeze(0) / 255
        return (x.flip(-1) if index >= n else x), self.labels[index % n]


# %% wrong: The dimension of the channel is missing: an image is (1, H, W), also where there is one channel.
class MirroredSet(Dataset):
    def __init__(self, images, labels):
        self.images, self.labels = images, labels

    def __len__(self):
        return 2 * len(self.images)

    def __getitem__(self, index):
        n = len(self.images)
        if index >= 2 * n:
            raise IndexError(index)
        x = self.images[index % n] / 255
        return (x.flip(-1) if index >= n else x), int(self.labels[index % n])


# %% wrong: The values still go up to 255: `float()` converts and does not scale.
class MirroredSet(Dataset):
    def __init__(self, images, labels):
        self.images, self.labels = images, labels

    def __len__(self):
        return 2 * len(self.images)

    def __getitem__(self, index):
        n = len(self.images)
        if index >= 2 * n:
            raise IndexError(index)
        x = self.images[index % n].unsqueeze(0).float()
        return (x.flip(-1) if index >= n else x), int(self.labels[index % n])


# %% wrong: The labels are looked up with the number of the sample; a mirrored sample needs the label of its image, as in the first half.
class MirroredSet(Dataset):
    def __init__(self, images, labels):
        self.images, self.labels = images, labels

    def __len__(self):
        return 2 * len(self.images)

    def __getitem__(self, index):
        n = len(self.images)
        if index >= 2 * n:
            raise IndexError(index)
        x = self.images[index % n].unsqueeze(0) / 255
        return (x.flip(-1) if index >= n else x), int(self.labels[index])


# %% wrong: Something is raised beyond the end, but a `for` loop ends by `IndexError` alone.
class MirroredSet(Dataset):
    def __init__(self, images, labels):
        self.images, self.labels = images, labels

    def __len__(self):
        return 2 * len(self.images)

    def __getitem__(self, index):
        n = len(self.images)
        if index >= 2 * n:
            raise ValueError("beyond the end")
        x = self.images[index % n].unsqueeze(0) / 255
        return (x.flip(-1) if index >= n else x), int(self.labels[index % n])


# %% wrong: The second half stands on its head: the rows were turned around and not the columns. Besides, a label is still a tensor, and beyond the end no `IndexError` is raised.
class MirroredSet(Dataset):
    def __init__(self, images, labels):
        self.images, self.labels = images, labels

    def __len__(self):
        return 2 * len(self.images)

    def __getitem__(self, index):
        n = len(self.images)
        x = self.images[index % n].unsqueeze(0) / 255
        return (x.flip(1) if index >= n else x), self.labels[index % n]


# %% wrong: The second half stands on its head: the rows were turned around and not the columns. Besides, beyond the end no `IndexError` is raised.
class MirroredSet(Dataset):
    def __init__(self, images, labels):
        self.images, self.labels = images, labels

    def __len__(self):
        return 2 * len(self.images)

    def __getitem__(self, index):
        n = len(self.images)
        x = self.images[index % n].unsqueeze(0) / 255
        return (x.flip(1) if index >= n else x), int(self.labels[index % n])


# %% wrong: The values were divided by the largest one that occurs in the images, so the scale is another for each set; a byte always goes up to 255.
class MirroredSet(Dataset):
    def __init__(self, images, labels):
        self.images, self.labels = images / images.max(), labels

    def __len__(self):
        return 2 * len(self.images)

    def __getitem__(self, index):
        if index >= len(self):
            raise IndexError(index)
        n = len(self.images)
        x = self.images[index % n].unsqueeze(0)
        return (x.flip(-1) if index >= n else x), int(self.labels[index % n])


# %% wrong: `__len__` says N, and the error for numbers beyond the end goes by it: none of the mirrored images can be had.
class MirroredSet(Dataset):
    def __init__(self, images, labels):
        self.images, self.labels = images, labels

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        n = len(self.images)
        if index >= len(self):
            raise IndexError
        x = self.images[index % n].unsqueeze(0) / 255
        return (x.flip(-1) if index >= n else x), int(self.labels[index % n])


# %% wrong: Sample N is not mirrored; it is the first of the second half.
class MirroredSet(Dataset):
    def __init__(self, images, labels):
        self.images, self.labels = images, labels

    def __len__(self):
        return 2 * len(self.images)

    def __getitem__(self, index):
        n = len(self.images)
        if index >= 2 * n:
            raise IndexError(index)
        x = self.images[index % n].unsqueeze(0) / 255
        return (x.flip(-1) if index > n else x), int(self.labels[index % n])


# %% wrong: Beyond the end `StopIteration` is raised; that is the sign of an iterator, and a dataset gives `IndexError`.
class MirroredSet(Dataset):
    def __init__(self, images, labels):
        self.images, self.labels = images, labels

    def __len__(self):
        return 2 * len(self.images)

    def __getitem__(self, index):
        n = len(self.images)
        if index >= 2 * n:
            raise StopIteration
        x = self.images[index % n].unsqueeze(0) / 255
        return (x.flip(-1) if index >= n else x), int(self.labels[index % n])


# %% wrong: The end comes one sample late: the last one is 2N-1, and 2N still gives something.
class MirroredSet(Dataset):
    def __init__(self, images, labels):
        self.images, self.labels = images, labels

    def __len__(self):
        return 2 * len(self.images)

    def __getitem__(self, index):
        n = len(self.images)
        if index > 2 * n:
            raise IndexError(index)
        x = self.images[index % n].unsqueeze(0) / 255
        return (x.flip(-1) if index >= n else x), int(self.labels[index % n])


# %% wrong: A tensor cannot be read backwards with `[::-1]`, as a list or an array can.
class MirroredSet(Dataset):
    def __init__(self, images, labels):
        self.images, self.labels = images, labels

    def __len__(self):
        return 2 * len(self.images)

    def __getitem__(self, index):
        n = len(self.images)
        if index >= 2 * n:
            raise IndexError(index)
        x = self.images[index % n].unsqueeze(0) / 255
        return (x[:, :, ::-1] if index >= n else x), int(self.labels[index % n])


# %% wrong: An array that is read backwards, with `[::-1]`, cannot be made a tensor as it is: its strides (the steps from number to number) are negative.
class MirroredSet(Dataset):
    def __init__(self, images, labels):
        self.images, self.labels = images, labels

    def __len__(self):
        return 2 * len(self.images)

    def __getitem__(self, index):
        n = len(self.images)
        if index >= 2 * n:
            raise IndexError(index)
        x = self.images[index % n].numpy()
        x = x[:, ::-1] if index >= n else x
        return torch.from_numpy(x)[None] / 255, int(self.labels[index % n])


# %% wrong: The dimension of the channel stands last; in a tensor it comes first, (1, H, W).
class MirroredSet(Dataset):
    def __init__(self, images, labels):
        self.images, self.labels = images, labels

    def __len__(self):
        return 2 * len(self.images)

    def __getitem__(self, index):
        n = len(self.images)
        if index >= 2 * n:
            raise IndexError(index)
        x = self.images[index % n].unsqueeze(-1) / 255
        return (x.flip(1) if index >= n else x), int(self.labels[index % n])


# %% cases
TWO = [[[0, 51, 255], [51, 0, 0]], [[102, 0, 0], [0, 153, 255]]]


def cases():
    yield torch.tensor(TWO, dtype=torch.uint8), torch.tensor([7, 4])
    yield torch.randint(0, 200, (3, 4, 4), dtype=torch.uint8), torch.tensor([2, 0, 1])
    yield torch.randint(0, 256, (1, 2, 5), dtype=torch.uint8), torch.tensor([3])


def observe(answer, images, labels):
    dataset = answer(images, labels)
    n = len(images)
    samples = [dataset[i] for i in range(2 * n)]
    pairs = all(isinstance(sample, tuple | list) and len(sample) == 2 for sample in samples)
    beyond = {}
    for index in (2 * n, 2 * n + 1, 5 * n):
        try:
            dataset[index]
            beyond[f"dataset[{index}]"] = "something"
        except Exception as error:
            beyond[f"dataset[{index}]"] = type(error).__name__
    return {
        "len(dataset)": len(dataset),
        "the images": [image for image, _ in samples] if pairs else samples,
        "the labels": [label for _, label in samples] if pairs else samples,
        **beyond,
    }
