"""
title = "Numbers of the training part"
kind = "repair"
level = 2
minutes = 6
concepts = ["C11", "C10"]
task = '''This function computes the mean and the standard deviation of each channel, over all pixels of the images (C, h, w) of a dataset; the images may be of uneven sizes. `train` is a tensor with the places (indices) of the training samples in the dataset. But when other images are put into the test part, both results change, and they should not. Repair it. (The standard deviation divides by the number of pixels, as here.)'''
right = "`v2.Normalize(mean, std)` takes these two, in training and wherever the model is used."
hints = [
    "Which samples does the loop visit?",
    "`train` holds indices: `dataset[i]` is the sample of an index. A `Subset` would do as well.",
    "`for i in ...:` and then `x, _ = dataset[i]`; the rest may stay.",
]
"""

# %% setup
import torch
from torch.utils.data import DataLoader, Subset


# %% stub
def channel_statistics(dataset, train):
    num_pixels, total, squares = 0, 0, 0
    for x, _ in dataset:
        num_pixels += x.shape[1] * x.shape[2]
        total += x.sum(dim=(1, 2))
        squares += (x**2).sum(dim=(1, 2))
    mean = total / num_pixels
    std = (squares / num_pixels - mean**2).sqrt()
    return mean, std


# %% solution
def channel_statistics(dataset, train):
    num_pixels, total, squares = 0, 0, 0
    for i in train:
        x, _ = dataset[i]
        num_pixels += x.shape[1] * x.shape[2]
        total += x.sum(dim=(1, 2))
        squares += (x**2).sum(dim=(1, 2))
    mean = total / num_pixels
    std = (squares / num_pixels - mean**2).sqrt()
    return mean, std


# %% also right: all training pixels in one row
def channel_statistics(dataset, train):
    pixels = torch.cat([dataset[i][0].flatten(start_dim=1) for i in train], dim=1)
    return pixels.mean(dim=1), pixels.std(dim=1, correction=0)


# %% also right: a subset, in two rounds
def channel_statistics(dataset, train):
    part = Subset(dataset, train)
    num_pixels = sum(x[0].numel() for x, _ in part)
    mean = sum(x.sum(dim=(1, 2)) for x, _ in part) / num_pixels
    squares = [((x - mean[:, None, None]) ** 2).sum(dim=(1, 2)) for x, _ in part]
    return [mean, (torch.stack(squares).sum(dim=0) / num_pixels) ** 0.5]


# %% also right: a loader, one image at a time
def channel_statistics(dataset, train):
    loader = DataLoader(Subset(dataset, train.tolist()), batch_size=1)
    num_pixels, total, squares = 0, 0, 0
    for X, _ in loader:
        num_pixels += X.size(2) * X.size(3)
        total += X.sum(dim=(0, 2, 3))
        squares += X.square().sum(dim=(0, 2, 3))
    mean = total / num_pixels
    return mean, torch.sqrt(squares / num_pixels - mean.pow(2))


# %% also right: in float64
def channel_statistics(dataset, train):
    pixels = torch.cat([x.flatten(1) for x, _ in Subset(dataset, train)], dim=1).double()
    std, mean = torch.std_mean(pixels, dim=1, correction=0)
    return mean, std


# %% wrong: The test images are still among those that the numbers are made of.
def channel_statistics(dataset, train):
    pixels = torch.cat([x.flatten(start_dim=1) for x, _ in dataset], dim=1)
    return pixels.mean(dim=1), pixels.std(dim=1, correction=0)


# %% wrong: These are the first samples of the dataset, as many as `train` has; `train` says which ones are meant.
def channel_statistics(dataset, train):
    num_pixels, total, squares = 0, 0, 0
    for i in range(len(train)):
        x, _ = dataset[i]
        num_pixels += x.shape[1] * x.shape[2]
        total = total + x.sum(dim=(1, 2))
        squares = squares + (x**2).sum(dim=(1, 2))
    mean = total / num_pixels
    return mean, (squares / num_pixels - mean**2).sqrt()


# %% wrong: The numbers come from the test part now; they belong to the training part.
def channel_statistics(dataset, train):
    test = [i for i in range(len(dataset)) if i not in train]
    pixels = torch.cat([dataset[i][0].flatten(start_dim=1) for i in test], dim=1)
    return pixels.mean(dim=1), pixels.std(dim=1, correction=0)


# %% wrong: Only training pixels are added up, but the sums are divided by the number of pixels in the whole dataset.
def channel_statistics(dataset, train):
    num_pixels, total, squares = 0, 0, 0
    for i in range(len(dataset)):
        x, _ = dataset[i]
        num_pixels += x.shape[1] * x.shape[2]
        if i in train:
            total = total + x.sum(dim=(1, 2))
            squares = squares + (x**2).sum(dim=(1, 2))
    mean = total / num_pixels
    return mean, (squares / num_pixels - mean**2).sqrt()


# %% wrong: Every image counts as much as every other here, a small one too; each pixel should. And the spread between the images is lost when their standard deviations are averaged.
def channel_statistics(dataset, train):
    images = [dataset[i][0].flatten(start_dim=1) for i in train]
    mean = torch.stack([x.mean(dim=1) for x in images]).mean(dim=0)
    return mean, torch.stack([x.std(dim=1, correction=0) for x in images]).mean(dim=0)


# %% wrong: One number for all channels: each channel has its own.
def channel_statistics(dataset, train):
    pixels = torch.cat([dataset[i][0].flatten() for i in train])
    return pixels.mean(), pixels.std(correction=0)


# %% wrong: The mean is that of the training part, and the standard deviation is still that of all images.
def channel_statistics(dataset, train):
    mean = torch.cat([dataset[i][0].flatten(start_dim=1) for i in train], dim=1).mean(dim=1)
    pixels = torch.cat([x.flatten(start_dim=1) for x, _ in dataset], dim=1)
    return mean, pixels.std(dim=1, correction=0)


# %% wrong: This is the variance; the root of it is the standard deviation.
def channel_statistics(dataset, train):
    pixels = torch.cat([dataset[i][0].flatten(start_dim=1) for i in train], dim=1)
    return pixels.mean(dim=1), pixels.var(dim=1, correction=0)


# %% wrong: `std` divides by one less than the number of pixels if nothing else is said; here it is the number itself.
def channel_statistics(dataset, train):
    pixels = torch.cat([dataset[i][0].flatten(start_dim=1) for i in train], dim=1)
    return pixels.mean(dim=1), pixels.std(dim=1)


# %% wrong: Uneven images cannot be stacked; sum over the pixels of one image at a time.
def channel_statistics(dataset, train):
    X = torch.stack([dataset[i][0] for i in train])
    return X.mean(dim=(0, 2, 3)), X.std(dim=(0, 2, 3), correction=0)


# %% wrong: Every image counts as much as every other here, a small one too; each pixel should. Nor is the mean of several standard deviations that of all pixels.
def channel_statistics(dataset, train):
    images = [dataset[i][0].flatten(start_dim=1) for i in train]
    mean = torch.stack([x.mean(dim=1) for x in images]).mean(dim=0)
    return mean, torch.stack([x.std(dim=1) for x in images]).mean(dim=0)


# %% wrong: No sample was found: a set of tensors does not know a number, even if one of them holds it; `train.tolist()` gives numbers.
def channel_statistics(dataset, train):
    num_pixels, total, squares, chosen = 0, 0, 0, set(train)
    for i, (x, _) in enumerate(dataset):
        if i in chosen:
            num_pixels += x.shape[1] * x.shape[2]
            total += x.sum(dim=(1, 2))
            squares += (x**2).sum(dim=(1, 2))
    mean = total / num_pixels
    return mean, (squares / num_pixels - mean**2).sqrt()


# %% wrong: The labels were looked up in `train`, which holds the places of the samples in the dataset.
def channel_statistics(dataset, train):
    num_pixels, total, squares = 0, 0, 0
    for x, y in dataset:
        if y in train:
            num_pixels += x.shape[1] * x.shape[2]
            total += x.sum(dim=(1, 2))
            squares += (x**2).sum(dim=(1, 2))
    mean = total / num_pixels
    return mean, (squares / num_pixels - mean**2).sqrt()


# %% wrong: A dataset gives one sample for one number; here it was asked for all of them at once.
def channel_statistics(dataset, train):
    num_pixels, total, squares = 0, 0, 0
    for x, _ in dataset[train]:
        num_pixels += x.shape[1] * x.shape[2]
        total += x.sum(dim=(1, 2))
        squares += (x**2).sum(dim=(1, 2))
    mean = total / num_pixels
    return mean, (squares / num_pixels - mean**2).sqrt()


# %% wrong: Uneven images do not fit into one batch; and `std` divides by one less than the number of pixels if nothing else is said.
def channel_statistics(dataset, train):
    X, _ = next(iter(DataLoader(Subset(dataset, train), batch_size=len(train))))
    return X.mean(dim=(0, 2, 3)), X.std(dim=(0, 2, 3))


# %% wrong: The number of pixels is too large: those of all channels were counted together, and each channel has its own sum.
def channel_statistics(dataset, train):
    num_pixels, total, squares = 0, 0, 0
    for i in train:
        x, _ = dataset[i]
        num_pixels += x.numel()
        total += x.sum(dim=(1, 2))
        squares += (x**2).sum(dim=(1, 2))
    mean = total / num_pixels
    return mean, (squares / num_pixels - mean**2).sqrt()


# %% wrong: These are the numbers of the first training image alone: the `return` stands in the loop.
def channel_statistics(dataset, train):
    num_pixels, total, squares = 0, 0, 0
    for i in train:
        x, _ = dataset[i]
        num_pixels += x.shape[1] * x.shape[2]
        total += x.sum(dim=(1, 2))
        squares += (x**2).sum(dim=(1, 2))
        mean = total / num_pixels
        return mean, (squares / num_pixels - mean**2).sqrt()


# %% wrong: The mean is right; in the standard deviation it was subtracted as it is, and not its square.
def channel_statistics(dataset, train):
    num_pixels, total, squares = 0, 0, 0
    for i in train:
        x, _ = dataset[i]
        num_pixels += x.shape[1] * x.shape[2]
        total += x.sum(dim=(1, 2))
        squares += (x**2).sum(dim=(1, 2))
    mean = total / num_pixels
    return mean, (squares / num_pixels - mean).sqrt()


# %% wrong: A loader puts the dimension of the batch in front, so dimensions 1 and 2 are no longer height and width.
def channel_statistics(dataset, train):
    num_pixels, total, squares = 0, 0, 0
    for x, _ in DataLoader(Subset(dataset, train), batch_size=1):
        num_pixels += x.shape[1] * x.shape[2]
        total += x.sum(dim=(1, 2))
        squares += (x**2).sum(dim=(1, 2))
    mean = total / num_pixels
    return mean, (squares / num_pixels - mean**2).sqrt()


# %% cases
def cases():
    images = [torch.tensor([[values]]) for values in ([0.0, 0.4], [0.9, 0.9], [0.2, 0.6, 0.8])]
    yield list(zip(images, [2, 0, 1])), torch.tensor([2, 0])
    sizes = [(2, 3), (4, 4), (1, 2), (3, 3), (5, 2), (2, 2)]
    images = [torch.rand(3, h, w) * (i + 1) / 6 for i, (h, w) in enumerate(sizes)]
    labels = [3, 1, 0, 1, 5, 4]
    yield list(zip(images, labels)), torch.tensor([5, 1, 2, 4])
    yield list(zip(images, labels)), torch.tensor([1])


def observe(answer, dataset, train):
    results = answer(dataset, train)
    if not isinstance(results, tuple | list):
        return results
    return [
        x.float() if isinstance(x, torch.Tensor) and x.is_floating_point() else x for x in results
    ]
