"""
title = "Two paths to one leaf"
kind = "choose"
level = 2
minutes = 3
concepts = ["A03", "A12"]
task = '''`x` reaches the loss on two paths, once through `h` and once directly:

    x = torch.tensor(2.0, requires_grad=True)
    h = 3 * x
    loss = h * h + 5 * x
    loss.backward()

Which number is in `x.grad`: 5, 17, 36, 41 or 180? Work it out along the arrows of the graph, then try it.'''
right = "Weights that are used more than once, as in networks that share them, collect all their parts in this way."
hints = [
    "Follow each path from the loss back to `x`. What does each one bring?",
    "Along a path the slopes are multiplied: `h * h` has the slope 2h, and `3 * x` has the slope 3.",
    "The path through `h` brings 2 · 6 · 3, and the direct path brings 5. What does `AccumulateGrad` do with the two?",
]
"""

# %% setup
import torch


# %% stub
answer = ...  # 5, 17, 36, 41 or 180


# %% solution
answer = 41


# %% also right: as a float
answer = 41.0


# %% also right: both paths written out
answer = 2 * 6 * 3 + 5


# %% also right: by autograd
x = torch.tensor(2.0, requires_grad=True)
h = 3 * x
(h * h + 5 * x).backward()
answer = x.grad


# %% wrong: This is the direct path alone; the loss reaches `x` through `h` too.
answer = 5


# %% wrong: This is the path through `h` alone; `5 * x` leads to `x` as well.
answer = 36


# %% wrong: The path through `h` ended at `h` here: from `h` to `x` there is one more slope.
answer = 17


# %% wrong: This multiplies the two paths. Slopes multiply along a path, not across paths.
answer = 180


# %% wrong: This is a text: write the number without quotes.
answer = "41"


# %% wrong: One number is asked for, and this is a list, a tuple, or another thing that can hold several.
answer = [41]


# %% wrong: This is a function; write the number itself.
answer = lambda: 41


# %% cases
import math


def cases():
    yield ()


def observe(answer):
    if isinstance(answer, str):
        return "a text"  # whatever stands in it
    if isinstance(answer, list | tuple | dict | set):
        return "several"
    if callable(answer):
        return "a function"
    number = getattr(answer, "item", None)  # of PyTorch or NumPy
    if number and math.prod(answer.shape) != 1:
        return "several"
    return number() if number else answer
