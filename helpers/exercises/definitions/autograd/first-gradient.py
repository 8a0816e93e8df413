"""
title = "The first of two gradients"
kind = "choose"
level = 2
minutes = 2
concepts = ["A05"]
task = '''Somebody keeps the first gradient, to compare it with the second:

    w = torch.tensor(3.0, requires_grad=True)
    (w**2).backward()
    first = w.grad
    (5 * w).backward()

Which number does `first` hold at the end: 5, 5.5, 6 or 11? Decide, then try it.'''
right = "Whoever collects gradients to plot them needs a copy of each: `w.grad.clone()`."
hints = [
    "Two questions in one: what does the second `backward` do with what is in `.grad`, and is `first` a copy?",
    "Print `first` after each `backward`, and `first is w.grad` at the end.",
    "The slopes are 6 and 5, and `backward` adds in place, to the tensor that both names stand for.",
]
"""

# %% setup
import torch


# %% stub
answer = ...  # 5, 5.5, 6 or 11


# %% solution
answer = 11


# %% also right: the sum
answer = 2 * 3 + 5


# %% also right: by autograd
w = torch.tensor(3.0, requires_grad=True)
(w**2).backward()
first = w.grad
(5 * w).backward()
answer = first


# %% also right: as a float
answer = 11.0


# %% wrong: This is the slope of the second function alone; the second `backward` did not start from nothing.
answer = 5


# %% wrong: `first = w.grad` made no copy: it is a second name for a tensor that was changed afterwards.
answer = 6


# %% wrong: No mean is taken of gradients that arrive one after the other.
answer = 5.5


# %% wrong: This is a text: write the number without quotes.
answer = "11"


# %% wrong: One number is asked for, and this is a list, a tuple, or another thing that can hold several.
answer = [11]


# %% wrong: This is a function; write the number itself.
answer = lambda: 11


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
