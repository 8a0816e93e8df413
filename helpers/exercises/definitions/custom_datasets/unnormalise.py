"""
title = "Back to pictures"
kind = "write"
level = 1
minutes = 4
concepts = ["C06"]
task = '''A batch `X` (batch, 3, H, W) was normalised with `mean` (3,) and `std` (3,), one number for each channel. Undo it, to look at the pictures: return them as a tensor (batch, H, W, 3), in the order that Matplotlib takes, with every value between 0 and 1 (cut off what lies outside, as an augmentation may leave it).'''
right = "Look at what the network is given, after all transforms, before you train for hours."
hints = [
    "Normalising was: subtract the mean, then divide by the standard deviation. What undoes the last step, and what the first?",
    "Give `mean` and `std` the shape (3, 1, 1), so that each number meets its channel. `clamp` cuts off, `permute` puts dimensions in another order.",
    "`X = X * std.view(3, 1, 1) + ...`, then `return X.clamp(...).permute(0, ...)`.",
]
"""

# %% setup
import numpy as np
import torch


# %% stub
def to_pictures(X: torch.Tensor, mean: torch.Tensor, std: torch.Tensor) -> torch.Tensor:
    """Undo the normalisation: (batch, 3, H, W) to (batch, H, W, 3), from 0 to 1."""
    ...


# %% solution
def to_pictures(X, mean, std):
    X = X * std.view(3, 1, 1) + mean.view(3, 1, 1)
    return X.clamp(0, 1).permute(0, 2, 3, 1)


# %% also right: channels last first, so that no view is needed
def to_pictures(X, mean, std):
    X = X.movedim(1, -1) * std + mean
    return torch.clip(X, 0.0, 1.0)


# %% also right: a loop over the channels
def to_pictures(X, mean, std):
    channels = [X[:, c] * std[c] + mean[c] for c in range(3)]
    return torch.stack(channels, dim=-1).clamp(min=0).clamp(max=1)


# %% also right: normalised once more, with the numbers that undo it
def to_pictures(X, mean, std):
    X = (X - (-mean / std)[:, None, None]) / (1 / std)[:, None, None]
    X = torch.where(X < 0, torch.zeros_like(X), X)
    X = torch.where(X > 1, torch.ones_like(X), X)
    return X.transpose(1, 2).transpose(2, 3).contiguous()


# %% also right: written into an empty tensor of float32
def to_pictures(X, mean, std):
    pictures = torch.empty(X.shape[0], X.shape[2], X.shape[3], 3)
    for c in range(3):
        pictures[..., c] = (X[:, c] * std[c] + mean[c]).clip(0, 1)
    return pictures


# %% wrong: The mean and the standard deviation met the columns and not the channels: three numbers go with the last dimension, and here that is the width.
def to_pictures(X, mean, std):
    return (X * std + mean).clamp(0, 1).permute(0, 2, 3, 1)


# %% wrong: This normalises a second time; undoing takes the opposite steps.
def to_pictures(X, mean, std):
    X = (X - mean.view(3, 1, 1)) / std.view(3, 1, 1)
    return X.clamp(0, 1).permute(0, 2, 3, 1)


# %% wrong: The steps were undone in the wrong order: the division came last, so it must be undone first.
def to_pictures(X, mean, std):
    X = (X + mean.view(3, 1, 1)) * std.view(3, 1, 1)
    return X.clamp(0, 1).permute(0, 2, 3, 1)


# %% wrong: The numbers are right, but the channels stand second; Matplotlib takes them last.
def to_pictures(X, mean, std):
    X = X * std.view(3, 1, 1) + mean.view(3, 1, 1)
    return X.clamp(0, 1)


# %% wrong: `reshape` gives the shape and mixes up the pixels: it keeps the order of reading and only counts it otherwise.
def to_pictures(X, mean, std):
    X = X * std.view(3, 1, 1) + mean.view(3, 1, 1)
    return X.clamp(0, 1).reshape(X.shape[0], X.shape[2], X.shape[3], 3)


# %% wrong: Height and width have changed places: the pictures lie on their sides, mirrored.
def to_pictures(X, mean, std):
    X = X * std.view(3, 1, 1) + mean.view(3, 1, 1)
    return X.clamp(0, 1).permute(0, 3, 2, 1)


# %% wrong: Values below 0 or above 1 were left as they are; they must be cut off.
def to_pictures(X, mean, std):
    return (X * std.view(3, 1, 1) + mean.view(3, 1, 1)).permute(0, 2, 3, 1)


# %% wrong: The smallest value was made 0 and the largest 1: that looks well, and shows other colours than the network was given.
def to_pictures(X, mean, std):
    X = X * std.view(3, 1, 1) + mean.view(3, 1, 1)
    return ((X - X.min()) / (X.max() - X.min())).permute(0, 2, 3, 1)


# %% wrong: It was cut off before it was undone: every value below the mean is lost.
def to_pictures(X, mean, std):
    X = X.clamp(0, 1) * std.view(3, 1, 1) + mean.view(3, 1, 1)
    return X.clamp(0, 1).permute(0, 2, 3, 1)


# %% wrong: The pictures are right, but the caller's batch holds other numbers now: what works in place, as `*=` or `mul_` does, writes into it.
def to_pictures(X, mean, std):
    X *= std.view(3, 1, 1)
    X += mean.view(3, 1, 1)
    return X.clamp(0, 1).permute(0, 2, 3, 1)


# %% wrong: The mean and the standard deviation met the pictures of the batch and not the channels.
def to_pictures(X, mean, std):
    X = X * std.view(-1, 1, 1, 1) + mean.view(-1, 1, 1, 1)
    return X.clamp(0, 1).permute(0, 2, 3, 1)


# %% wrong: `reshape` was used to put the channels last: it gives the shape and mixes up the pixels, and the mean and the standard deviation then meet numbers of any channel.
def to_pictures(X, mean, std):
    X = X.reshape(X.shape[0], X.shape[2], X.shape[3], 3)
    return (X * std + mean).clamp(0, 1)


# %% wrong: The channels stand in the opposite order, blue first, and so they met the mean and the standard deviation of other channels.
def to_pictures(X, mean, std):
    return (X.movedim(1, -1).flip(-1) * std + mean).clamp(0, 1)


# %% wrong: This is a NumPy array; a tensor was asked for.
def to_pictures(X, mean, std):
    X = X * std.view(3, 1, 1) + mean.view(3, 1, 1)
    return X.clamp(0, 1).permute(0, 2, 3, 1).numpy()


# %% cases
def cases():
    mean, std = torch.tensor([0.5, 0.4, 0.3]), torch.tensor([0.2, 0.25, 0.5])
    yield torch.tensor([[[[-1.0, 1.0]], [[0.0, 2.0]], [[-0.4, 4.0]]]]), mean, std
    yield torch.randn(2, 3, 3, 3), mean, std
    yield torch.randn(1, 3, 4, 2), mean, std
    yield torch.randn(3, 3, 2, 5, dtype=torch.float64), mean.double(), std.double()
    yield torch.randn(0, 3, 2, 2), mean, std


def observe(answer, X, mean, std):
    pictures = answer(X, mean, std)
    if isinstance(pictures, torch.Tensor) and pictures.is_floating_point():
        return pictures.float()  # whatever the number of bits
    return pictures
