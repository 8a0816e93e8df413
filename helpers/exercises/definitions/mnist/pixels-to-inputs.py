"""
title = "From bytes to inputs"
kind = "write"
level = 1
minutes = 3
concepts = ["M01", "M02", "X10"]
task = "Turn grey pictures `images`, `uint8` (n, h, w), into what a convolutional network takes: `float32` (n, 1, h, w). The pixels are brought to 0 … 1; then `mean` is subtracted, and the rest is divided by `std`. Both numbers were measured on pixels from 0 to 1."
right = "The same three steps, with the numbers of the training part, have to be done to every picture that the network is ever shown."
hints = [
    "Three things change: the dtype, the range and the number of dimensions. In which units are `mean` and `std`?",
    "`.float()` changes the dtype, a division by the largest byte the range, and `unsqueeze` puts in a dimension of size 1.",
    "`pixels = images.unsqueeze(...).float() / ...`, and then `return (pixels - ...) / ...`.",
]
"""

# %% setup
import torch


# %% stub
def to_inputs(images: torch.Tensor, mean: float, std: float) -> torch.Tensor:
    """Return the pictures (n, h, w) as normalised float32 (n, 1, h, w)."""
    ...


# %% solution
def to_inputs(images, mean, std):
    return (images.unsqueeze(1).float() / 255 - mean) / std


# %% also right: the numbers brought to bytes instead of the pixels to 0 … 1
def to_inputs(images, mean, std):
    pixels = images.to(torch.float32)
    pixels -= 255 * mean
    pixels /= 255 * std
    return pixels[:, None]


# %% also right: a division of bytes gives floats
def to_inputs(images, mean, std):
    n, h, w = images.shape
    return ((images / 255).sub(mean).div(std)).reshape(n, 1, h, w)


# %% also right: a table of the 256 values that can come out
def to_inputs(images, mean, std):
    values = (torch.linspace(0, 1, 256) - mean) / std
    return values[images.long()].unsqueeze(dim=-3)


# %% also right: one picture after the other
def to_inputs(images, mean, std):
    result = torch.empty(len(images), 1, *images.shape[1:])
    for i, image in enumerate(images):
        result[i, 0] = (image.float() / 255 - mean) / std
    return result


# %% wrong: The pixels still run from 0 to 255, and `mean` and `std` were measured on 0 … 1.
def to_inputs(images, mean, std):
    return (images.unsqueeze(1).float() - mean) / std


# %% wrong: The division by 255 comes too late: `mean` and `std` were measured on pixels from 0 to 1.
def to_inputs(images, mean, std):
    return (images.unsqueeze(1).float() - mean) / std / 255


# %% wrong: The pixels are brought to 0 … 1, but not normalised.
def to_inputs(images, mean, std):
    return images.unsqueeze(1).float() / 255


# %% wrong: The dimension of the channel is missing: the result has to have the shape (n, 1, h, w).
def to_inputs(images, mean, std):
    return (images.float() / 255 - mean) / std


# %% wrong: The new dimension stands in front of the number of pictures; the channel comes behind it.
def to_inputs(images, mean, std):
    return (images.unsqueeze(0).float() / 255 - mean) / std


# %% wrong: The channel stands last, as in NumPy and Pillow; PyTorch's convolutions want it before height and width.
def to_inputs(images, mean, std):
    return (images.unsqueeze(-1).float() / 255 - mean) / std


# %% wrong: This takes mean and deviation from the pictures at hand; the numbers that were passed in are not used.
def to_inputs(images, mean, std):
    pixels = images.unsqueeze(1).float() / 255
    return (pixels - pixels.mean()) / pixels.std()


# %% wrong: The bytes were divided as integers, so that all greys became 0.
def to_inputs(images, mean, std):
    return ((images.unsqueeze(1) // 255).float() - mean) / std


# %% wrong: This is float64, as NumPy gives it; the weights of the network are float32.
def to_inputs(images, mean, std):
    return (images.unsqueeze(1).double() / 255 - mean) / std


# %% wrong: The largest byte is 255 and has to become 1; the division was by 256.
def to_inputs(images, mean, std):
    return (images.unsqueeze(1).float() / 256 - mean) / std


# %% wrong: The pictures can have any height and width, not only 28.
def to_inputs(images, mean, std):
    return (images.reshape(-1, 1, 28, 28).float() / 255 - mean) / std


# %% wrong: `mean` is divided by `std`, but the pixels are not: a pair of brackets is missing.
def to_inputs(images, mean, std):
    return images.unsqueeze(1).float() / 255 - mean / std


# %% wrong: The range is -1 … 1 here, as after `Normalize((0.5,), (0.5,))`; the numbers that were passed in are not used.
def to_inputs(images, mean, std):
    return (images.unsqueeze(1).float() / 255 - 0.5) / 0.5


# %% wrong: The pixels were divided by the lightest one at hand; bytes go up to 255 in every picture.
def to_inputs(images, mean, std):
    return ((images / images.max()).unsqueeze(1) - mean) / std


# %% wrong: The range was taken from the pictures at hand, from their darkest to their lightest pixel; bytes go from 0 to 255 in every picture.
def to_inputs(images, mean, std):
    pixels = images.unsqueeze(1).float()
    pixels = (pixels - pixels.min()) / (pixels.max() - pixels.min())
    return (pixels - mean) / std


# %% wrong: Two things are missing: the pixels still run from 0 to 255, and there is no dimension for the channel.
def to_inputs(images, mean, std):
    return (images.float() - mean) / std


# %% wrong: Two things are missing: the pixels are not normalised, and there is no dimension for the channel.
def to_inputs(images, mean, std):
    return images.float() / 255


# %% wrong: The pixels were multiplied by `std`; it is a division.
def to_inputs(images, mean, std):
    return (images.unsqueeze(1).float() / 255 - mean) * std


# %% wrong: The numbers 0.1307 and 0.3081 belong to MNIST alone; those that were passed in are not used.
def to_inputs(images, mean, std):
    return (images.unsqueeze(1).float() / 255 - 0.1307) / 0.3081


# %% wrong: The pixels were brought to -1 … 1 first; `mean` and `std` were measured on 0 … 1.
def to_inputs(images, mean, std):
    return (images.unsqueeze(1).float() / 127.5 - 1 - mean) / std


# %% wrong: This takes mean and deviation from each picture; the numbers that were passed in are not used.
def to_inputs(images, mean, std):
    x = images.unsqueeze(1).float() / 255
    dims = (1, 2, 3)
    return (x - x.mean(dim=dims, keepdim=True)) / x.std(dim=dims, keepdim=True)


# %% wrong: This divides by the square root of `std`; a standard deviation is one already, that of the variance.
def to_inputs(images, mean, std):
    return (images.unsqueeze(1).float() / 255 - mean) / std**0.5


# %% cases
def cases():
    yield torch.tensor([[[0, 255, 51]], [[102, 204, 153]]], dtype=torch.uint8), 0.2, 0.4
    yield torch.randint(0, 256, (3, 28, 28), dtype=torch.uint8), 0.1307, 0.3081
    yield torch.randint(0, 256, (1, 5, 7), dtype=torch.uint8), 0.5, 0.25
    yield torch.randint(0, 256, (4, 3, 6), dtype=torch.uint8).transpose(1, 2), 0.3, 0.2
