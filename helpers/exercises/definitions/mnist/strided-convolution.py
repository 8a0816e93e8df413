"""
title = "A convolution's output"
kind = "choose"
level = 2
minutes = 3
concepts = ["M05", "M04"]
task = "Pictures of three colours, 32 × 32, go through `nn.Conv2d(3, 8, kernel_size=5, stride=2, padding=1)`, whose kernel moves two pixels at a time. How many rows has the picture that comes out, and how many parameters has the layer? Choose (14, 608), (15, 208), (15, 600), (15, 608), (16, 608) or (30, 608). Work it out, then settle it in a cell of your own."
right = "The kernel has (32 + 2 · 1 - 5) / 2 + 1 places, rounded down, and each of the 8 output channels has 3 · 5 · 5 weights and a bias."
hints = [
    "With its frame of zeros, how wide is the picture? At which pixels can the left edge of the kernel stand?",
    "Count the places of a kernel of 5 pixels in a row of 34, at a distance of 2. An output channel has weights for every input channel.",
    "The left edge stands at 0, 2, 4, … and 34 - 5 = 29 at the most. In a cell: `layer = nn.Conv2d(...)`, the shape of `layer(torch.zeros(1, 3, 32, 32))`, and the sum of `p.numel()` for `p in layer.parameters()`.",
]
"""

# %% setup
import torch
from torch import nn

# %% stub
answer = ...  # a pair such as (14, 608)

# %% solution
answer = (15, 608)

# %% also right: as the formula has it
answer = ((32 + 2 * 1 - 5) // 2 + 1, 8 * (3 * 5 * 5 + 1))

# %% also right: a tensor
answer = torch.tensor([15, 608])

# %% also right: by trying it
layer = nn.Conv2d(3, 8, kernel_size=5, stride=2, padding=1)
answer = [layer(torch.zeros(1, 3, 32, 32)).shape[2], sum(p.numel() for p in layer.parameters())]

# %% wrong: 29 / 2, rounded down, is the number of steps; there is one place more than steps.
answer = (14, 608)

# %% wrong: The number of rows is right. Each output channel has weights for all three input channels.
answer = (15, 208)

# %% wrong: The number of rows is right. Each output channel also has a bias.
answer = (15, 600)

# %% wrong: Half of 32 would come out if the kernel filled the frame at both ends: places where it does not fit are left out.
answer = (16, 608)

# %% wrong: These are the places at a distance of one pixel; with `stride=2` every second one is taken.
answer = (30, 608)

# %% wrong: This is a text: the pair is to be written without quotation marks.
answer = "(15, 608)"

# %% wrong: This is not a pair: it takes two numbers in brackets, the first one and then the second.
answer = 608

# %% wrong: This pair is none of the six to choose from.
answer = (15, 509)


# %% cases
OPTIONS = [[14, 608], [15, 208], [15, 600], [15, 608], [16, 608], [30, 608]]


def cases():
    yield ()


def observe(answer):
    if isinstance(answer, str):
        return "a text"
    if hasattr(answer, "tolist"):
        answer = answer.tolist()
    if not isinstance(answer, list | tuple) or len(answer) != 2:
        return "not a pair"
    numbers = [part.item() if hasattr(part, "item") else part for part in answer]
    if any(isinstance(part, str) for part in numbers):
        return "a text"
    return numbers if numbers in OPTIONS else "another pair"
