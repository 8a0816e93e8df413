"""
title = "A batch of one"
kind = "repair"
level = 1
minutes = 3
concepts = ["T16"]
task = "`row_brightness` should return the mean of each row of pixels of each grey image: (n, 1, h, w) to (n, h), in their dtype. With 64 images it does; with a single one of 28 by 28 pixels the result has shape (28,) in place of (1, 28). Mend it."
right = "The last batch of a data set often holds one image only, and then a bare `squeeze()` spoils what went well for an hour."
hints = [
    "Which dimensions of (1, 1, 28, 28) have size 1, and which of them should stay?",
    "`squeeze(dim)` removes the dimension that it is told, and no other.",
    "Dimension 0 counts the images, dimension 1 the channels: `grey = images.squeeze(...)`",
]
"""

# %% setup
import torch


# %% stub
def row_brightness(images):
    """Return the mean of each row of pixels: (n, 1, h, w) to (n, h), same dtype."""
    grey = images.squeeze()
    return grey.mean(dim=-1)


# %% solution
def row_brightness(images):
    grey = images.squeeze(1)
    return grey.mean(dim=-1)


# %% also right: the only channel, by its number
def row_brightness(images):
    return images[:, 0].mean(dim=-1)


# %% also right: a mean over the channel and the width
def row_brightness(images):
    return images.mean(dim=(1, 3))


# %% also right: a loop over the images
def row_brightness(images):
    return torch.stack([image[0].mean(dim=1) for image in images])


# %% also right: a sum over a shape that names all its sizes
def row_brightness(images):
    n, _, h, w = images.shape
    return images.reshape(n, h, w).sum(dim=2) / w


# %% wrong: A bare `squeeze()` still takes every dimension of size 1 away: also that of a single row or a single column of pixels.
def row_brightness(images):
    if len(images) == 1:
        return images.squeeze().mean(dim=-1).unsqueeze(0)
    return images.squeeze().mean(dim=-1)


# %% wrong: Dimension 0 counts the images: it went from the batch of one, and from larger batches nothing went.
def row_brightness(images):
    return images.squeeze(0).mean(dim=-1)


# %% wrong: The single image is right now, but an image with one row or one column of pixels loses that dimension too.
def row_brightness(images):
    grey = images.squeeze()
    if len(images) == 1:
        grey = grey.unsqueeze(0)
    return grey.mean(dim=-1)


# %% wrong: Where two dimensions are left, the missing one is not always the batch: it can also be one row or one column of pixels.
def row_brightness(images):
    grey = images.squeeze()
    if grey.ndim == 2:
        grey = grey.unsqueeze(0)
    return grey.mean(dim=-1)


# %% wrong: All dimensions of size 1 still vanish, that of the batch among them.
def row_brightness(images):
    return torch.squeeze(images).mean(-1)


# %% wrong: The dimension of the channel is still there: (n, 1, h).
def row_brightness(images):
    return images.mean(dim=-1)


# %% wrong: This is the mean of each column of pixels: h has vanished, where w should.
def row_brightness(images):
    return images.squeeze(1).mean(dim=1)


# %% wrong: This is one number an image; one for each row of its pixels was asked for.
def row_brightness(images):
    return images.mean(dim=(1, 2, 3))


# %% wrong: A dimension is put in front of every batch: the single image is right now, and of 64 there is a batch of batches.
def row_brightness(images):
    return images.squeeze().unsqueeze(0).mean(dim=-1)


# %% wrong: This is the sum of each row of pixels; a mean divides it by the number of pixels.
def row_brightness(images):
    return images.sum(dim=(1, 3))


# %% wrong: The sizes of one kind of image were written down; h and w can be any numbers.
def row_brightness(images):
    return images.view(-1, 28, 28).mean(-1)


# %% wrong: The sizes of one kind of image were written down, and (n, h, w) has to fit them all.
def row_brightness(images):
    return images.reshape(len(images), 28, 28).mean(-1)


# %% wrong: The means are right, but `float32`, as `.float()` and new tensors of Python numbers are; the images may be `float64`.
def row_brightness(images):
    return torch.tensor([[sum(row) / len(row) for row in image[0]] for image in images.tolist()])


# %% wrong: The sum of each row was divided by the number of rows, h; a row holds w pixels.
def row_brightness(images):
    return images.squeeze(1).sum(dim=-1) / images.shape[2]


# %% wrong: A dimension of size 1 is left at the end, (n, h, 1), as `keepdim=True` leaves it.
def row_brightness(images):
    grey = images.squeeze(dim=1)
    return grey.mean(dim=-1, keepdim=True)


# %% wrong: A dimension was put in front of the means of every batch: with 64 images it is one too many.
def row_brightness(images):
    grey = images.squeeze()
    return grey.mean(dim=-1).unsqueeze(0)


# %% wrong: All pixels of an image were averaged into one number; one for each row of its pixels was asked for.
def row_brightness(images):
    n, c, h, w = images.shape
    return images.view(n, h * w).mean(-1)


# %% wrong: The sum of each row was divided by the number of all pixels, h times w; a row holds w.
def row_brightness(images):
    n, _, h, w = images.shape
    return torch.einsum("nchw->nh", images) / (h * w)


# %% cases
def cases():
    yield (torch.tensor([[[[0.0, 0.5, 1.0], [1.0, 1.0, 1.0]]]]),)
    yield (torch.rand(4, 1, 3, 2),)
    yield (torch.rand(64, 1, 28, 28),)
    yield (torch.rand(1, 1, 28, 28),)
    yield (torch.rand(3, 1, 1, 5),)
    yield (torch.rand(3, 1, 5, 1),)
    yield (torch.rand(1, 1, 1, 1),)
    yield (torch.rand(2, 1, 4, 6, dtype=torch.float64).mT,)
