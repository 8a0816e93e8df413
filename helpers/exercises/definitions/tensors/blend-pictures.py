"""
title = "Blend two pictures"
kind = "write"
level = 1
minutes = 3
concepts = ["T07"]
task = "Average two grey pictures `a` and `b` pixel by pixel: both are `uint8` and (h, w), and so is the result. Halves are cut off: 200 and 101 make 150."
right = "Pictures arrive as `uint8` almost everywhere, and whoever adds, subtracts or averages them meets this limit."
hints = [
    "What is the largest number that `uint8` holds, and what is 200 + 101?",
    "`a.int()` converts to a dtype with room for the sum, `.to(torch.uint8)` converts back.",
    "`total = a.int() + b.int()`, then `total // 2`. One step is missing: the dtype of the result.",
]
"""

# %% setup
import torch


# %% stub
def blend(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """Return the average of two uint8 pictures, halves cut off: (h, w) and (h, w) to (h, w)."""
    ...


# %% solution
def blend(a, b):
    return ((a.int() + b.int()) // 2).to(torch.uint8)


# %% also right: a mean over a stack of decimal numbers, cut off by the conversion
def blend(a, b):
    return torch.stack([a, b]).float().mean(dim=0).to(torch.uint8)


# %% also right: a sum over a stack, which PyTorch makes in int64
def blend(a, b):
    return torch.stack((a, b)).sum(0).div(2, rounding_mode="floor").byte()


# %% also right: in uint8 from beginning to end
def blend(a, b):
    return a // 2 + b // 2 + (a % 2) * (b % 2)


# %% also right: the bits that both have, and half of those that one has
def blend(a, b):
    return (a & b) + ((a ^ b) >> 1)


# %% also right: Python numbers, one pixel at a time
def blend(a, b):
    pairs = zip(a.flatten().tolist(), b.flatten().tolist())
    return torch.tensor([(x + y) // 2 for x, y in pairs], dtype=torch.uint8).reshape(a.shape)


# %% wrong: The sum was made in `uint8`, where counting starts again after 255: there 200 + 100 is 44.
def blend(a, b):
    return (a + b) // 2


# %% wrong: The sum was still made in `uint8` and wrapped after 255: what divides or converts it afterwards comes too late. The result is not `uint8` either.
def blend(a, b):
    return (a + b) / 2


# %% wrong: Each picture was halved and cut off by itself, so that two odd pixels lose two halves: 1 and 1 make 0.
def blend(a, b):
    return a // 2 + b // 2


# %% wrong: The average has its halves still, and the dtype of decimal numbers; a picture of `uint8` was asked for.
def blend(a, b):
    return (a.float() + b.float()) / 2


# %% wrong: The numbers are right, but the result has kept the wider dtype; a picture of `uint8` was asked for.
def blend(a, b):
    return (a.int() + b.int()) // 2


# %% wrong: Halves were rounded, not cut off: 151.5 became 152.
def blend(a, b):
    return torch.stack([a, b]).float().mean(dim=0).round().to(torch.uint8)


# %% wrong: The sum was limited to 255 before it was halved, so nothing comes out brighter than 127.
def blend(a, b):
    return ((a.int() + b.int()).clamp(max=255) // 2).to(torch.uint8)


# %% wrong: `int8` has room for -128 to 127 only, so the bright pixels became negative.
def blend(a, b):
    return ((a.to(torch.int8) + b.to(torch.int8)) // 2).to(torch.uint8)


# %% wrong: `b - a` is made in `uint8` too, where a number below 0 wraps: there 1 - 2 is 255.
def blend(a, b):
    return a + (b - a) // 2


# %% wrong: Halves were rounded up, not cut off: 151.5 became 152.
def blend(a, b):
    return ((a.int() + b.int() + 1) // 2).to(torch.uint8)


# %% wrong: This is the sum of the two pictures, wrapped after 255; nothing was halved.
def blend(a, b):
    return a + b


# %% wrong: PyTorch takes no mean of whole numbers: it does not know in which dtype the result should be.
def blend(a, b):
    return torch.stack([a, b]).mean(dim=0)


# %% wrong: The numbers are right, but `int64`, as a new tensor of Python numbers is; a picture of `uint8` was asked for.
def blend(a, b):
    rows = []
    for ra, rb in zip(a.tolist(), b.tolist()):
        rows.append([(x + y) // 2 for x, y in zip(ra, rb)])
    return torch.tensor(rows)


# %% wrong: The numbers are right, but `int16`; a picture of `uint8` was asked for.
def blend(a, b):
    return (a.short() + b.short()) // 2


# %% wrong: The result is `float32`, as `torch.zeros` makes it; and the sums were made in `uint8`, where counting starts again after 255.
def blend(a, b):
    h, w = a.shape
    out = torch.zeros(h, w)
    for i in range(h):
        for j in range(w):
            out[i, j] = (a[i, j] + b[i, j]) // 2
    return out


# %% wrong: The result is right, but `a` holds it too: a second name is no copy.
def blend(a, b):
    out = a
    for i in range(len(a)):
        for j in range(len(a[0])):
            out[i][j] = (int(a[i][j]) + int(b[i][j])) // 2
    return out


# %% wrong: `mean` gives decimal numbers only; the conversion to `uint8` has to come after it.
def blend(a, b):
    return torch.stack((a, b)).mean(0, dtype=torch.uint8)


# %% wrong: Each picture was halved by itself, so that 1 and 1 make 0; and `//=` has changed both pictures of the caller.
def blend(a, b):
    a //= 2
    b //= 2
    return a + b


# %% wrong: The sum was made in `uint8`, where counting starts again after 255; and it was written into `a`.
def blend(a, b):
    return a.add_(b) // 2


# %% wrong: The sum was made in `uint8`, where counting starts again after 255; and `+=` and `//=` have changed `a`.
def blend(a, b):
    a += b
    a //= 2
    return a


# %% wrong: `a - b` is made in `uint8`, where a number below 0 wraps: there 7 - 8 is 255.
def blend(a, b):
    return (a - b) // 2 + b


# %% wrong: The result is `float64`, as NumPy makes a mean, and has its halves still.
def blend(a, b):
    import numpy as np

    return torch.from_numpy(np.mean([a.numpy(), b.numpy()], axis=0))


# %% wrong: Each picture was halved by itself, so that 1 and 1 make 0; and the caller's `a` was changed.
def blend(a, b):
    a //= 2
    a += b // 2
    return a


# %% cases
def cases():
    def picture(*shape):
        return torch.randint(0, 256, shape, dtype=torch.uint8)

    a = torch.tensor([[200, 203, 1], [255, 0, 7]], dtype=torch.uint8)
    b = torch.tensor([[101, 100, 1], [255, 0, 8]], dtype=torch.uint8)
    yield (a, b)
    yield (torch.tensor([[10, 20]], dtype=torch.uint8), torch.tensor([[30, 40]], dtype=torch.uint8))
    small = torch.tensor([[100, 3], [120, 127]], dtype=torch.uint8)
    yield (small, torch.tensor([[200, 254], [201, 255]], dtype=torch.uint8))
    yield (picture(16, 20), picture(16, 20))
    yield (picture(8, 6), picture(8, 6))
    yield (picture(1, 1), picture(1, 1))
