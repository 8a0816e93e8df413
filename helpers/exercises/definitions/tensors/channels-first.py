"""
title = "Channels first"
kind = "repair"
level = 2
minutes = 3
concepts = ["T18", "T15", "T28"]
task = "`to_batch` turns `uint8` pictures (n, h, w, 3) into what image layers expect: `float32` from 0 to 1, channels first, (n, 3, h, w). Its shapes are right and a network trains with it, but hardly better than by guessing; drawn, the planes show stripes. Mend it."
right = "Pictures from files, cameras and NumPy keep the channel last; whoever feeds them to PyTorch needs this step."
hints = [
    "Look at `pictures[0, 0, 0]`, the three colours of one pixel: where should they stand in the result?",
    "`permute` names the new order of the dimensions; `movedim` moves one.",
    "The dimensions are 0 picture, 1 height, 2 width, 3 channel: `batch = pictures.permute(0, ...)`",
]
"""

# %% setup
import torch


# %% stub
def to_batch(pictures):
    """Return uint8 pictures (n, h, w, 3) as float32 from 0 to 1, channels first."""
    n, h, w, channels = pictures.shape
    batch = pictures.reshape(n, channels, h, w)
    return batch.float() / 255


# %% solution
def to_batch(pictures):
    batch = pictures.permute(0, 3, 1, 2)
    return batch.float() / 255


# %% also right: one dimension moved
def to_batch(pictures):
    return pictures.movedim(-1, 1) / 255


# %% also right: two exchanges
def to_batch(pictures):
    return pictures.transpose(1, 3).transpose(2, 3).contiguous().float().div(255)


# %% also right: the colours one by one
def to_batch(pictures):
    return torch.stack([pictures[..., c] for c in range(3)], dim=1).float() / 255


# %% also right: letters
def to_batch(pictures):
    return torch.einsum("nhwc->nchw", pictures.float() / 255)


# %% also right: picture by picture
def to_batch(pictures):
    n, h, w, channels = pictures.shape
    batch = torch.zeros(n, channels, h, w)
    for i, picture in enumerate(pictures):
        batch[i] = picture.permute(2, 0, 1) / 255.0
    return batch


# %% also right: all pixels of a picture in one row, exchanged with the channels
def to_batch(pictures):
    n, h, w, c = pictures.shape
    return pictures.view(n, h * w, c).transpose(1, 2).view(n, c, h, w).float() / 255


# %% wrong: The numbers are still in the order of reading, as `reshape` and `view` keep it: the colours of a pixel stand side by side, in one plane.
def to_batch(pictures):
    n, h, w, channels = pictures.shape
    return pictures.contiguous().view(n, channels, h, w).float() / 255


# %% wrong: The planes are right, but height and width have changed places: the pictures lie on their sides.
def to_batch(pictures):
    return pictures.transpose(1, 3).float() / 255


# %% wrong: The channels came before the pictures: this is (3, n, h, w).
def to_batch(pictures):
    return pictures.permute(3, 0, 1, 2).float() / 255


# %% wrong: The order is right; but the numbers go from 0 to 255, not from 0 to 1.
def to_batch(pictures):
    return pictures.permute(0, 3, 1, 2).float()


# %% wrong: The order is right; but the numbers were cut to 0 and 1, because they were divided or converted as whole numbers.
def to_batch(pictures):
    return (pictures.permute(0, 3, 1, 2) // 255).float()


# %% wrong: The shape was mended by a second `reshape`, after the dimensions had been put in order: that mixes them again.
def to_batch(pictures):
    n, h, w, channels = pictures.shape
    return pictures.permute(0, 3, 2, 1).reshape(n, channels, h, w).float() / 255


# %% wrong: Only width and channel changed places: this is (n, h, 3, w).
def to_batch(pictures):
    return pictures.transpose(2, 3).float() / 255


# %% wrong: The largest `uint8` is 255: divided by 256 it stays below 1.
def to_batch(pictures):
    return pictures.permute(0, 3, 1, 2) / 256


# %% wrong: The numbers were divided by the largest one at hand, so that the same picture comes out differently in another batch.
def to_batch(pictures):
    return pictures.permute(0, 3, 1, 2) / pictures.max()


# %% wrong: The colours stand in reverse order: the first plane should be the first channel.
def to_batch(pictures):
    return pictures.flip(-1).permute(0, 3, 1, 2).float() / 255


# %% wrong: The order is right; but the numbers go from -1 to 1, not from 0 to 1.
def to_batch(pictures):
    return pictures.permute(0, 3, 1, 2).float() / 127.5 - 1


# %% wrong: The order is right; but these are `uint8` still, not `float32` from 0 to 1.
def to_batch(pictures):
    return pictures.permute(0, 3, 1, 2)


# %% wrong: The order is right; but the numbers are `float64`, as `.double()` and a division in NumPy give them.
def to_batch(pictures):
    batch = pictures.permute(0, 3, 1, 2)
    return batch.double() / 255


# %% wrong: The order is right; but as whole numbers, `uint8`, all that is below 1 became 0.
def to_batch(pictures):
    batch = pictures.permute(0, 3, 1, 2)
    return batch // 255


# %% wrong: The channels still stand last: `permute` gives a new tensor and leaves the old one as it was, and the new one was not kept.
def to_batch(pictures):
    pictures.permute(0, 3, 1, 2)
    return pictures.float() / 255


# %% wrong: The new order reads (0, 2, 3, 1): behind the picture come width, channel and height. The numbers name the old dimensions, in their new order.
def to_batch(pictures):
    batch = pictures.permute(0, 2, 3, 1)
    return batch.float() / 255


# %% wrong: `transpose` exchanges two dimensions and takes no more than two; several are put in order by another method.
def to_batch(pictures):
    return pictures.transpose(0, 3, 1, 2).float() / 255


# %% wrong: Stacked along the first dimension, the colours come before the pictures, and `reshape` does not exchange the two.
def to_batch(pictures):
    n, h, w, channels = pictures.shape
    batch = []
    for c in range(channels):
        batch.append(pictures[:, :, :, c])
    return torch.stack(batch).reshape(n, channels, h, w).float() / 255


# %% cases
def cases():
    def pictures(*shape):
        return torch.randint(0, 256, shape, dtype=torch.uint8)

    rows = [[[255, 0, 51], [204, 0, 51]]]
    yield (torch.tensor([rows], dtype=torch.uint8),)
    yield (pictures(2, 4, 5, 3),)
    yield (pictures(3, 3, 3, 3),)
    yield (pictures(2, 6, 6, 3),)
    yield (pictures(1, 3, 8, 3),)
    yield (pictures(2, 7, 3, 3),)
