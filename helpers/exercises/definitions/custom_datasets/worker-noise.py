"""
title = "The same noise twice"
kind = "repair"
level = 3
minutes = 8
concepts = ["C07"]
task = '''This dataset adds noise with a standard deviation of `sigma` to the images. With `num_workers=2` the noise of the first image of one worker is, number by number, that of the first image of the other, and each epoch begins with the same noise again. Repair the class: each time that a sample is read its noise must be new for every pixel, in each worker and epoch, and without workers too, even if somebody has looked at `dataset[0]` before. And yet all of it must come out the same again in a run that is seeded with `torch.manual_seed` and the like.'''
right = "A worker gets a copy of the dataset, generators included; the seeds that differ in each worker and epoch are those of PyTorch, and those that PyTorch sets in a worker."
hints = [
    "When is `self.rng` made, and what does a worker get: this object, or a copy of it?",
    "In a worker, PyTorch's own generator has a seed of its own, new in each epoch. Which function draws noise from it?",
    "Without `self.rng`; in `__getitem__`: `x = self.images[index]`, then `return x + self.sigma * ...`.",
]
"""

# %% setup
import copy
import random

import numpy as np
import torch
from torch.utils.data import Dataset, get_worker_info


# %% stub
class NoisySet(Dataset):
    def __init__(self, images, sigma):
        self.images, self.sigma = images, sigma
        self.rng = np.random.default_rng(0)

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        x = self.images[index]  # (1, H, W)
        noise = self.rng.normal(0.0, self.sigma, size=x.shape)
        return x + torch.from_numpy(noise).float()


# %% solution
class NoisySet(Dataset):
    def __init__(self, images, sigma):
        self.images, self.sigma = images, sigma

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        x = self.images[index]
        return x + self.sigma * torch.randn_like(x)


# %% also right: a generator of its own, made anew where the seed is another
class NoisySet(Dataset):
    def __init__(self, images, sigma):
        self.images, self.sigma, self.seed = images, sigma, None

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        if self.seed != torch.initial_seed():
            self.seed = torch.initial_seed()
            self.rng = np.random.default_rng(self.seed)
        x = self.images[index]
        return x + torch.from_numpy(self.rng.normal(0.0, self.sigma, size=x.shape)).float()


# %% also right: a new generator for each sample, with a seed drawn from PyTorch
class NoisySet(Dataset):
    def __init__(self, images, sigma):
        self.images, self.sigma = images, sigma

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        rng = np.random.default_rng(int(torch.randint(2**31, (1,))))
        x = self.images[index]
        return x + torch.tensor(rng.normal(0.0, self.sigma, size=x.shape), dtype=x.dtype)


# %% also right: the global generator of NumPy, which PyTorch seeds in each worker
class NoisySet(Dataset):
    def __init__(self, images, sigma):
        self.images, self.sigma = images, sigma

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        x = self.images[index]
        return x + torch.from_numpy(np.random.normal(0.0, self.sigma, size=x.shape)).float()


# %% wrong: Two workers still give the same noise: whatever is made in `__init__` is copied into each of them, with its state.
class NoisySet(Dataset):
    def __init__(self, images, sigma):
        self.images, self.sigma = images, sigma
        self.rng = torch.Generator().manual_seed(0)

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        x = self.images[index]
        return x + self.sigma * torch.randn(x.shape, generator=self.rng)


# %% wrong: Without a seed the noise differs from run to run, but two workers still get copies of one generator, and the run cannot be repeated any more.
class NoisySet(Dataset):
    def __init__(self, images, sigma):
        self.images, self.sigma = images, sigma
        self.rng = np.random.default_rng()

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        x = self.images[index]
        return x + torch.from_numpy(self.rng.normal(0.0, self.sigma, size=x.shape)).float()


# %% wrong: The noise differs everywhere, but a seeded run cannot be repeated: a generator without a seed takes one from the operating system.
class NoisySet(Dataset):
    def __init__(self, images, sigma):
        self.images, self.sigma = images, sigma

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        x, rng = self.images[index], np.random.default_rng()
        return x + torch.from_numpy(rng.normal(0.0, self.sigma, size=x.shape)).float()


# %% wrong: The workers differ now, but each epoch brings the same noise again: a worker's number is the same in all of them.
class NoisySet(Dataset):
    def __init__(self, images, sigma):
        self.images, self.sigma, self.rng = images, sigma, None

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        if self.rng is None:
            info = get_worker_info()
            self.rng = np.random.default_rng(0 if info is None else info.id)
        x = self.images[index]
        return x + torch.from_numpy(self.rng.normal(0.0, self.sigma, size=x.shape)).float()


# %% wrong: Each sample now has noise of its own, and always the same: a fixed disturbance, which the network can learn by heart.
class NoisySet(Dataset):
    def __init__(self, images, sigma):
        self.images, self.sigma = images, sigma

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        x, rng = self.images[index], np.random.default_rng(index)
        return x + torch.from_numpy(rng.normal(0.0, self.sigma, size=x.shape)).float()


# %% wrong: All samples get the same noise now: the generator is made anew, with one seed, for every sample.
class NoisySet(Dataset):
    def __init__(self, images, sigma):
        self.images, self.sigma = images, sigma

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        x, rng = self.images[index], np.random.default_rng(0)
        return x + torch.from_numpy(rng.normal(0.0, self.sigma, size=x.shape)).float()


# %% wrong: The workers differ, but within a worker all samples get the same noise: the seed of the worker begins anew for each of them.
class NoisySet(Dataset):
    def __init__(self, images, sigma):
        self.images, self.sigma = images, sigma

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        x, rng = self.images[index], np.random.default_rng(torch.initial_seed())
        return x + torch.from_numpy(rng.normal(0.0, self.sigma, size=x.shape)).float()


# %% wrong: There is no noise any more.
class NoisySet(Dataset):
    def __init__(self, images, sigma):
        self.images, self.sigma = images, sigma

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        return self.images[index]


# %% wrong: The noise is drawn evenly between 0 and 1 now: it must spread around 0, as a normal distribution.
class NoisySet(Dataset):
    def __init__(self, images, sigma):
        self.images, self.sigma = images, sigma

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        x = self.images[index]
        return x + self.sigma * torch.rand(x.shape)


# %% wrong: `sigma` is not used any more: the noise has a standard deviation of 1.
class NoisySet(Dataset):
    def __init__(self, images, sigma):
        self.images, self.sigma = images, sigma

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        x = self.images[index]
        return x + torch.randn(x.shape)


# %% wrong: The noise was added to the image that the dataset keeps, so it grows from epoch to epoch.
class NoisySet(Dataset):
    def __init__(self, images, sigma):
        self.images, self.sigma = images, sigma

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        x = self.images[index]
        x += self.sigma * torch.randn(x.shape)
        return x


# %% wrong: A sample that one process reads twice gets the same noise twice: `torch.initial_seed()` is one number in a worker, and without workers the same in each epoch.
class NoisySet(Dataset):
    def __init__(self, images, sigma):
        self.images, self.sigma = images, sigma

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        rng = np.random.default_rng([torch.initial_seed(), index])
        x = self.images[index]
        return x + torch.from_numpy(rng.normal(0.0, self.sigma, size=x.shape)).float()


# %% wrong: Once a sample has been looked at before the workers start, each of them gets a copy of the generator that was made then, and all give the same noise again.
class NoisySet(Dataset):
    def __init__(self, images, sigma):
        self.images, self.sigma, self.rng = images, sigma, None

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        if self.rng is None:
            self.rng = np.random.default_rng(torch.initial_seed())
        x = self.images[index]
        return x + torch.from_numpy(self.rng.normal(0.0, self.sigma, size=x.shape)).float()


# %% wrong: The seeds of two workers are neighbours, so a seed plus a number of a sample is often the same in both: two samples then have the same noise.
class NoisySet(Dataset):
    def __init__(self, images, sigma):
        self.images, self.sigma = images, sigma

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        x, info = self.images[index], get_worker_info()
        if info is None:
            return x + self.sigma * torch.randn(x.shape)
        rng = np.random.default_rng(info.seed + index)
        return x + torch.from_numpy(rng.normal(0.0, self.sigma, size=x.shape)).float()


# %% wrong: A seed plus the number of a sample: two workers, whose seeds are neighbours, often get the same sum, and a sample that is read twice gets the same noise twice.
class NoisySet(Dataset):
    def __init__(self, images, sigma):
        self.images, self.sigma = images, sigma

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        x, rng = self.images[index], np.random.default_rng(torch.initial_seed() + index)
        return x + torch.from_numpy(rng.normal(0.0, self.sigma, size=x.shape)).float()


# %% wrong: In a worker the seed and the number of the sample are the same whenever that sample is read again, and so is its noise.
class NoisySet(Dataset):
    def __init__(self, images, sigma):
        self.images, self.sigma = images, sigma

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        x, info = self.images[index], get_worker_info()
        if info is None:
            return x + self.sigma * torch.randn(x.shape)
        rng = np.random.default_rng([info.seed, index])
        return x + torch.from_numpy(rng.normal(0.0, self.sigma, size=x.shape)).float()


# %% wrong: One row of noise was drawn and laid on all the rows of an image; each pixel needs its own.
class NoisySet(Dataset):
    def __init__(self, images, sigma):
        self.images, self.sigma = images, sigma

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        x = self.images[index]
        return x + self.sigma * torch.randn(x.shape[-1])


# %% wrong: All pixels of an image got the same noise. One number was drawn for a whole image: it only becomes lighter or darker.
class NoisySet(Dataset):
    def __init__(self, images, sigma):
        self.images, self.sigma = images, sigma

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        return self.images[index] + self.sigma * torch.randn(1)


# %% wrong: The normal noise was multiplied by the square of `sigma`: `sigma` is the standard deviation, and not its root.
class NoisySet(Dataset):
    def __init__(self, images, sigma):
        self.images, self.sigma = images, sigma

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        x = self.images[index]
        return x + self.sigma**2 * torch.randn(x.shape)


# %% wrong: The normal noise was multiplied by the root of `sigma`: `sigma` is the standard deviation, and not its square, the variance.
class NoisySet(Dataset):
    def __init__(self, images, sigma):
        self.images, self.sigma = images, sigma

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        x = self.images[index]
        return x + self.sigma**0.5 * torch.randn(x.shape)


# %% wrong: The workers differ, but within a worker all samples get the same noise, in each epoch: its number is the seed, anew for each sample.
class NoisySet(Dataset):
    def __init__(self, images, sigma):
        self.images, self.sigma = images, sigma

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        info, x = get_worker_info(), self.images[index]
        rng = np.random.default_rng(info.id if info else 0)
        return x + torch.from_numpy(rng.normal(0.0, self.sigma, size=x.shape)).float()


# %% wrong: The workers differ, but within a worker all samples get the same noise: its seed begins anew for each of them.
class NoisySet(Dataset):
    def __init__(self, images, sigma):
        self.images, self.sigma = images, sigma
        self.rng = np.random.default_rng(0)

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        info, x = get_worker_info(), self.images[index]
        rng = np.random.default_rng(info.seed) if info else self.rng
        return x + torch.from_numpy(rng.normal(0.0, self.sigma, size=x.shape)).float()


# %% wrong: One number was drawn for a whole image: it only becomes lighter or darker.
class NoisySet(Dataset):
    def __init__(self, images, sigma):
        self.images, self.sigma = images, sigma

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        return self.images[index] + random.gauss(0.0, self.sigma)


# %% cases
from types import SimpleNamespace
from unittest import mock


def read(dataset, indices, seed, worker=None):
    """Read samples as a worker does: a copy of the dataset, and seeds of its own."""
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
    if worker is None:
        return torch.stack([dataset[i] for i in indices])
    dataset = copy.deepcopy(dataset)
    info = SimpleNamespace(id=worker, num_workers=2, seed=seed, dataset=dataset)
    with mock.patch("torch.utils.data._utils.worker._worker_info", info, create=True):
        return torch.stack([dataset[i] for i in indices])


def make(answer, images, sigma):
    np.random.seed(0)
    torch.manual_seed(0)
    return answer(images, sigma)


def cases():
    yield torch.zeros(4, 1, 30, 30), 0.5
    yield torch.rand(6, 1, 20, 25), 0.1


def repeated(noise):
    """Tell whether two of several images of noise are the same."""
    n = len(noise)
    return any(torch.allclose(noise[i], noise[j], atol=1e-5) for i in range(n) for j in range(i))


def about(number, sigma):
    """Say which number this is, give or take a tenth."""
    known = {"sigma": sigma, "1": 1.0, "the square of sigma": sigma**2, "its root": sigma**0.5}
    return next((k for k, v in known.items() if 0.9 < number / v < 1.1), "another number")


def observe(answer, images, sigma):
    before, n = images.clone(), len(images)

    def noise(dataset, indices, *seed_and_worker):
        return read(dataset, indices, *seed_and_worker) - before[list(indices)]

    dataset = make(answer, images, sigma)
    even, odd, half = range(0, n, 2), range(1, n, 2), range(n // 2)
    one, other = noise(dataset, even, 100, 0), noise(dataset, odd, 101, 1)
    again, later = noise(dataset, even, 100, 0), noise(dataset, even, 200, 0)
    left, right = noise(dataset, half, 100, 0), noise(dataset, range(n // 2, n), 101, 1)
    twice = noise(dataset, [0, 2, 0], 400, 0)
    alone = noise(dataset, range(n), 300)
    alone_later = torch.stack([dataset[i] for i in range(n)]) - before
    looked = [noise(dataset, half, 500 + i, i) for i in range(2)]
    looked_later = noise(dataset, half, 600, 0)
    fresh = noise(make(answer, before.clone(), sigma), range(n), 300)
    parts = [one, other, later, left, right, alone, alone_later]
    spread = torch.cat([part.flatten() for part in parts])
    return {
        "len(dataset)": len(dataset),
        "shape of a sample": tuple(one.shape[1:]),
        "dtype of a sample": one.dtype,
        "noise has mean 0": abs(spread.mean().item()) < 0.1 * sigma,
        "the standard deviation of the noise": about(spread.std().item(), sigma),
        "two rows of an image have the same noise": torch.allclose(
            one[0, 0, 0], one[0, 0, 1], atol=1e-5
        ),
        "the first samples of two workers have the same noise": any(
            torch.allclose(a[0], b[0], atol=1e-5) for a, b in ((one, other), (left, right))
        ),
        "two samples of a worker have the same noise": repeated(one),
        "two samples of two workers have the same noise": repeated(torch.cat([one, other])),
        "two epochs with workers give the same noise": torch.allclose(one, later, atol=1e-5),
        "a sample that a worker reads twice has the same noise": repeated(twice),
        "two epochs without workers give the same noise": torch.allclose(
            alone, alone_later, atol=1e-5
        ),
        "two workers give the same noise, if a sample was looked at before": repeated(
            torch.cat(looked)
        ),
        "two epochs with workers give the same noise, if a sample was looked at before": repeated(
            torch.cat([looked[0], looked_later])
        ),
        "the same seeds in a worker give the same noise": torch.allclose(one, again, atol=1e-5),
        "the same seeds without workers give the same noise": torch.allclose(
            alone, fresh, atol=1e-5
        ),
    }
