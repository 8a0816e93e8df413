"""
title = "A batch of uneven images"
kind = "write"
level = 3
minutes = 8
concepts = ["C07"]
task = '''Write a `collate_fn`: from a list of samples, each an image (C, h, w) float32 and a label, make a triple. `X` (batch, C, H, W): every image on the upper left of a sheet of zeros; H is the largest height of the batch, rounded up to a multiple of `multiple`, and W the same of the widths. `Y` (batch,): the labels, int64. `sizes` (batch, 2): height and width of each image, int64.'''
right = "Networks that halve their input several times need sides that can be halved; the sizes tell later which pixels are real."
hints = [
    "First find how large the sheet must be, then make it, then lay the images on it, one by one.",
    "`sheet = torch.zeros(C, H, W)` is empty paper; `sheet[:, :h, :w] = x` lays an image on it; `torch.stack` makes a batch of the sheets. `-(-n // m) * m` rounds n up to a multiple of m.",
    "`sizes = torch.tensor([x.shape[1:] for x, _ in samples])`, `H, W = (-(-sizes.amax(dim=0) // multiple) * multiple).tolist()`, a loop that makes a sheet for each image, and `return torch.stack(...), torch.tensor(...), sizes`.",
]
"""

# %% setup
import math

import torch
import torch.nn.functional as F


# %% stub
def pad_batch(
    samples: list[tuple[torch.Tensor, int]], multiple: int
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return X (batch, C, H, W), Y (batch,) and the sizes (batch, 2)."""
    ...


# %% solution
def pad_batch(samples, multiple):
    sizes = torch.tensor([x.shape[1:] for x, _ in samples])
    height, width = (-(-sizes.amax(dim=0) // multiple) * multiple).tolist()
    sheets = []
    for x, _ in samples:
        sheet = torch.zeros(len(x), height, width)
        sheet[:, : x.shape[1], : x.shape[2]] = x
        sheets.append(sheet)
    return torch.stack(sheets), torch.tensor([y for _, y in samples]), sizes


# %% also right: pad and stack
def pad_batch(samples, multiple):
    images, labels = zip(*samples)
    height = math.ceil(max(x.size(1) for x in images) / multiple) * multiple
    width = math.ceil(max(x.size(2) for x in images) / multiple) * multiple
    X = torch.stack([F.pad(x, (0, width - x.size(2), 0, height - x.size(1))) for x in images])
    return X, torch.LongTensor(labels), torch.LongTensor([[x.size(1), x.size(2)] for x in images])


# %% also right: glued together with strips of zeros
def pad_batch(samples, multiple):
    sizes = [tuple(x.shape[-2:]) for x, _ in samples]
    height, width = (max(side) for side in zip(*sizes))
    while height % multiple:
        height += 1
    while width % multiple:
        width += 1
    sheets = []
    for x, _ in samples:
        x = torch.cat([x, x.new_zeros(x.shape[0], height - x.shape[1], x.shape[2])], dim=1)
        sheets.append(torch.cat([x, x.new_zeros(x.shape[0], height, width - x.shape[2])], dim=2))
    labels = torch.zeros(len(samples), dtype=torch.int64)
    for i, (_, y) in enumerate(samples):
        labels[i] = y
    return torch.stack(sheets), labels, torch.tensor(sizes)


# %% wrong: The sheet is as large as the largest image, but its sides were not rounded up to a multiple of `multiple`.
def pad_batch(samples, multiple):
    sizes = torch.tensor([x.shape[1:] for x, _ in samples])
    height, width = sizes.amax(dim=0).tolist()
    X = torch.zeros(len(samples), samples[0][0].shape[0], height, width)
    for i, (x, _) in enumerate(samples):
        X[i, :, : x.shape[1], : x.shape[2]] = x
    return X, torch.tensor([y for _, y in samples]), sizes


# %% wrong: A side that is a multiple already needs no more room; here it got one step too many.
def pad_batch(samples, multiple):
    sizes = torch.tensor([x.shape[1:] for x, _ in samples])
    height, width = ((sizes.amax(dim=0) // multiple + 1) * multiple).tolist()
    X = torch.zeros(len(samples), samples[0][0].shape[0], height, width)
    for i, (x, _) in enumerate(samples):
        X[i, :, : x.shape[1], : x.shape[2]] = x
    return X, torch.tensor([y for _, y in samples]), sizes


# %% wrong: The sheet is square; height and width are rounded up each for itself.
def pad_batch(samples, multiple):
    sizes = torch.tensor([x.shape[1:] for x, _ in samples])
    side = -(-int(sizes.max()) // multiple) * multiple
    X = torch.zeros(len(samples), samples[0][0].shape[0], side, side)
    for i, (x, _) in enumerate(samples):
        X[i, :, : x.shape[1], : x.shape[2]] = x
    return X, torch.tensor([y for _, y in samples]), sizes


# %% wrong: The images were laid in the middle of their sheets; they belong on the upper left.
def pad_batch(samples, multiple):
    sizes = torch.tensor([x.shape[1:] for x, _ in samples])
    height, width = (-(-sizes.amax(dim=0) // multiple) * multiple).tolist()
    X = torch.zeros(len(samples), samples[0][0].shape[0], height, width)
    for i, (x, _) in enumerate(samples):
        h, w = x.shape[1:]
        top, left = (height - h) // 2, (width - w) // 2
        X[i, :, top : top + h, left : left + w] = x
    return X, torch.tensor([y for _, y in samples]), sizes


# %% wrong: The images were cut to the smallest height and width: pixels are lost. The sheet must hold the largest.
def pad_batch(samples, multiple):
    sizes = torch.tensor([x.shape[1:] for x, _ in samples])
    height, width = sizes.amin(dim=0).tolist()
    X = torch.stack([x[:, :height, :width] for x, _ in samples])
    return X, torch.tensor([y for _, y in samples]), sizes


# %% wrong: The images were stretched to one size; they were to be padded, so that no shape changes.
def pad_batch(samples, multiple):
    sizes = torch.tensor([x.shape[1:] for x, _ in samples])
    height, width = (-(-sizes.amax(dim=0) // multiple) * multiple).tolist()
    stretched = [F.interpolate(x[None].float(), (height, width))[0].to(x.dtype) for x, _ in samples]
    return torch.stack(stretched), torch.tensor([y for _, y in samples]), sizes


# %% wrong: Uneven images cannot be stacked before they are padded.
def pad_batch(samples, multiple):
    X = torch.stack([x for x, _ in samples])
    sizes = torch.tensor([x.shape[1:] for x, _ in samples])
    return X, torch.tensor([y for _, y in samples]), sizes


# %% wrong: The sizes are those of the sheet; the padded batch shows them anyway. What is lost is the size of each image.
def pad_batch(samples, multiple):
    sizes = torch.tensor([x.shape[1:] for x, _ in samples])
    height, width = (-(-sizes.amax(dim=0) // multiple) * multiple).tolist()
    X = torch.zeros(len(samples), samples[0][0].shape[0], height, width)
    for i, (x, _) in enumerate(samples):
        X[i, :, : x.shape[1], : x.shape[2]] = x
    return X, torch.tensor([y for _, y in samples]), torch.tensor([[height, width]] * len(X))


# %% wrong: The sizes are given as width and height; height comes first, as in the shape of a tensor.
def pad_batch(samples, multiple):
    sizes = torch.tensor([x.shape[1:] for x, _ in samples])
    height, width = (-(-sizes.amax(dim=0) // multiple) * multiple).tolist()
    X = torch.zeros(len(samples), samples[0][0].shape[0], height, width)
    for i, (x, _) in enumerate(samples):
        X[i, :, : x.shape[1], : x.shape[2]] = x
    return X, torch.tensor([y for _, y in samples]), sizes.flip(1)


# %% wrong: The sizes are missing: without them nobody knows later which pixels are real.
def pad_batch(samples, multiple):
    sizes = torch.tensor([x.shape[1:] for x, _ in samples])
    height, width = (-(-sizes.amax(dim=0) // multiple) * multiple).tolist()
    X = torch.zeros(len(samples), samples[0][0].shape[0], height, width)
    for i, (x, _) in enumerate(samples):
        X[i, :, : x.shape[1], : x.shape[2]] = x
    return X, torch.tensor([y for _, y in samples])


# %% wrong: The labels are a list still; `Y` is a tensor of shape (batch,).
def pad_batch(samples, multiple):
    sizes = torch.tensor([x.shape[1:] for x, _ in samples])
    height, width = (-(-sizes.amax(dim=0) // multiple) * multiple).tolist()
    X = torch.zeros(len(samples), samples[0][0].shape[0], height, width)
    for i, (x, _) in enumerate(samples):
        X[i, :, : x.shape[1], : x.shape[2]] = x
    return X, [y for _, y in samples], sizes


# %% wrong: The sheet has one channel; images with three do not fit on it.
def pad_batch(samples, multiple):
    sizes = torch.tensor([x.shape[1:] for x, _ in samples])
    height, width = (-(-sizes.amax(dim=0) // multiple) * multiple).tolist()
    X = torch.zeros(len(samples), 1, height, width)
    for i, (x, _) in enumerate(samples):
        X[i, :, : x.shape[1], : x.shape[2]] = x
    return X, torch.tensor([y for _, y in samples]), sizes


# %% wrong: The sizes hold three numbers, the channels among them; height and width were asked for.
def pad_batch(samples, multiple):
    sizes = torch.tensor([x.shape for x, _ in samples])
    height, width = (-(-sizes[:, 1:].amax(dim=0) // multiple) * multiple).tolist()
    X = torch.zeros(len(samples), samples[0][0].shape[0], height, width)
    for i, (x, _) in enumerate(samples):
        X[i, :, : x.shape[1], : x.shape[2]] = x
    return X, torch.tensor([y for _, y in samples]), sizes


# %% wrong: The images were laid on the lower right of their sheets; they belong on the upper left.
def pad_batch(samples, multiple):
    sizes = torch.tensor([x.shape[1:] for x, _ in samples])
    height, width = (-(-sizes.amax(dim=0) // multiple) * multiple).tolist()
    padded = [F.pad(x, (width - x.shape[2], 0, height - x.shape[1], 0)) for x, _ in samples]
    return torch.stack(padded), torch.tensor([y for _, y in samples]), sizes


# %% wrong: The sheet was made for the first image, and a later one may be larger: here pixels were cut off.
def pad_batch(samples, multiple):
    images, labels = zip(*samples)
    height, width = (-(-side // multiple) * multiple for side in images[0].shape[1:])
    X = torch.stack([F.pad(x, (0, width - x.size(2), 0, height - x.size(1))) for x in images])
    return X, torch.tensor(labels), torch.tensor([x.shape[1:] for x in images])


# %% wrong: The sheet was made for the first image, and a later one may be larger: it does not fit on the sheet.
def pad_batch(samples, multiple):
    sizes = torch.tensor([x.shape[1:] for x, _ in samples])
    height, width = (-(-side // multiple) * multiple for side in sizes[0].tolist())
    X = torch.zeros(len(samples), samples[0][0].shape[0], height, width)
    for i, (x, _) in enumerate(samples):
        X[i, :, : x.shape[1], : x.shape[2]] = x
    return X, torch.tensor([y for _, y in samples]), sizes


# %% wrong: The sheet has three channels, but images may have one or two.
def pad_batch(samples, multiple):
    sizes = torch.tensor([x.shape[1:] for x, _ in samples])
    height, width = (-(-sizes.amax(dim=0) // multiple) * multiple).tolist()
    X = torch.zeros(len(samples), 3, height, width)
    for i, (x, _) in enumerate(samples):
        X[i, :, : x.shape[1], : x.shape[2]] = x
    return X, torch.tensor([y for _, y in samples]), sizes


# %% wrong: The sheet has three channels and the height and width of the first image: images may have one channel or two, and a later one may be larger.
def pad_batch(samples, multiple):
    sizes = torch.tensor([x.shape[1:] for x, _ in samples])
    height, width = (-(-side // multiple) * multiple for side in sizes[0].tolist())
    X = torch.zeros(len(samples), 3, height, width)
    for i, (x, _) in enumerate(samples):
        X[i, :, : x.shape[1], : x.shape[2]] = x
    return X, torch.tensor([y for _, y in samples]), sizes


# %% wrong: The first two numbers of a shape (C, h, w) were taken for height and width; they are the channels and the height.
def pad_batch(samples, multiple):
    sizes = torch.tensor([x.shape[:2] for x, _ in samples])
    height, width = (-(-sizes.amax(dim=0) // multiple) * multiple).tolist()
    X = [F.pad(x, (0, width - x.size(2), 0, height - x.size(1))) for x, _ in samples]
    return torch.stack(X), torch.tensor([y for _, y in samples]), sizes


# %% wrong: `F.pad` counts the dimensions from the last one, which is the width: here it got the room for the height.
def pad_batch(samples, multiple):
    sizes = torch.tensor([x.shape[1:] for x, _ in samples])
    height, width = (-(-sizes.amax(dim=0) // multiple) * multiple).tolist()
    X = [F.pad(x, (0, height - x.size(1), 0, width - x.size(2))) for x, _ in samples]
    return torch.stack(X), torch.tensor([y for _, y in samples]), sizes


# %% wrong: The sides were rounded to the nearest multiple, which may be smaller than the image: pixels were cut off. It must be the next one up.
def pad_batch(samples, multiple):
    sizes = torch.tensor([x.shape[1:] for x, _ in samples])
    height, width = (round(side / multiple) * multiple for side in sizes.amax(dim=0).tolist())
    X = [F.pad(x, (0, width - x.size(2), 0, height - x.size(1))) for x, _ in samples]
    return torch.stack(X), torch.tensor([y for _, y in samples]), sizes


# %% wrong: The sides were rounded to the nearest multiple, which may be smaller than the image: it does not fit on the sheet. It must be the next one up.
def pad_batch(samples, multiple):
    sizes = torch.tensor([x.shape[1:] for x, _ in samples])
    height, width = (round(side / multiple) * multiple for side in sizes.amax(dim=0).tolist())
    X = torch.zeros(len(samples), samples[0][0].shape[0], height, width)
    for i, (x, _) in enumerate(samples):
        X[i, :, : x.shape[1], : x.shape[2]] = x
    return X, torch.tensor([y for _, y in samples]), sizes


# %% cases
def cases():
    yield [(torch.tensor([[[1.0, 2.0, 3.0]]]), 7), (torch.tensor([[[4.0], [5.0]]]), 3)], 2
    yield [(torch.rand(1, 3, 2), 1), (torch.rand(1, 4, 6), 0), (torch.rand(1, 1, 1), 2)], 1
    yield [(torch.rand(3, 5, 9), 4), (torch.rand(3, 7, 2), 4)], 4
    yield [(torch.rand(2, 4, 8), 5)], 4
    yield [(torch.rand(1, 3, 3), 0), (torch.rand(1, 2, 5), 1)], 8


def observe(answer, samples, multiple):
    batch = answer(samples, multiple)
    if batch is None:
        return None
    what = f"an object of type {type(batch).__name__}"
    if isinstance(batch, tuple | list):
        what = f"{len(batch)} results"
    three = batch if what == "3 results" else [None] * 3
    return {"the result": what, **dict(zip(("X", "Y", "sizes"), three))}
