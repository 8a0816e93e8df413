"""
title = "Slope by central differences"
kind = "write"
level = 1
minutes = 3
concepts = ["A01"]
tolerance = 1e-8
task = "Return the slope of the function `f` at the number `x` by central differences: take one step `h` to each side of `x`, see how far `f` moves between the two points, and divide by the distance between them. The function takes and returns plain numbers (floats); return one too, and do not round it."
right = "This is how a gradient written by hand is tested, in gradcheck too."
hints = [
    "Which are the two points, and how far apart are they?",
    "Call `f` twice: at `x + h` and at `x - h`.",
    "`return (f(x + h) - f(x - h)) / (...)`, with the distance between the two points in place of the dots.",
]
"""

# %% setup
import torch


# %% stub
def central_difference(f, x: float, h: float) -> float:
    """Return the slope of f at x, from one step h to each side."""
    ...


# %% solution
def central_difference(f, x, h):
    return (f(x + h) - f(x - h)) / (2 * h)


# %% also right: the mean of the two one-sided slopes
def central_difference(f, x, h):
    ahead = (f(x + h) - f(x)) / h
    behind = (f(x) - f(x - h)) / h
    return (ahead + behind) / 2


# %% also right: the two points first
def central_difference(f, x, h):
    low, high = [f(point) for point in (x - h, x + h)]
    return (high - low) * 0.5 / h


# %% wrong: The result was rounded.
def central_difference(f, x, h):
    return round((f(x + h) - f(x - h)) / (2 * h), 4)


# %% wrong: The points went through a float32 tensor. Its seven digits are too few for a difference of numbers that lie so close together.
def central_difference(f, x, h):
    x = torch.tensor(x)
    return float((f(x + h) - f(x - h)) / (2 * h))


# %% wrong: The values of `f` went through a float32 tensor. Its seven digits are too few for a difference of numbers that lie so close together.
def central_difference(f, x, h):
    low, high = torch.tensor([f(x - h), f(x + h)])
    return float((high - low) / (2 * h))


# %% wrong: This takes one step, forward only: the slope lies to one side of `x`.
def central_difference(f, x, h):
    return (f(x + h) - f(x)) / h


# %% wrong: This takes one step, backward only: the slope lies to one side of `x`.
def central_difference(f, x, h):
    return (f(x) - f(x - h)) / h


# %% wrong: This divides by `h`, but the two points are farther apart than that: the slope is twice too large.
def central_difference(f, x, h):
    return (f(x + h) - f(x - h)) / h


# %% wrong: This divides a one-sided difference by `2 * h`: the slope is half of what it should be.
def central_difference(f, x, h):
    return (f(x + h) - f(x)) / (2 * h)


# %% wrong: Without brackets, `/ 2 * h` divides by 2 and then multiplies by `h`.
def central_difference(f, x, h):
    return (f(x + h) - f(x - h)) / 2 * h


# %% wrong: Without brackets around the difference, only the second value is divided.
def central_difference(f, x, h):
    return f(x + h) - f(x - h) / (2 * h)


# %% wrong: The difference lost its sign: this slope can never be negative.
def central_difference(f, x, h):
    return abs(f(x + h) - f(x - h)) / (2 * h)


# %% wrong: The sign is turned round: the left value minus the right one.
def central_difference(f, x, h):
    return (f(x - h) - f(x + h)) / (2 * h)


# %% wrong: This is how far `f` moves between the two points. Their distance has no part in it yet.
def central_difference(f, x, h):
    return f(x + h) - f(x - h)


# %% wrong: These are half steps: each point should lie one whole `h` from `x`.
def central_difference(f, x, h):
    return (f(x + h / 2) - f(x - h / 2)) / h


# %% wrong: This asks autograd for the slope at `x` itself. Asked for is the one between two points, and `f` may return plain numbers, which have no graph.
def central_difference(f, x, h):
    x = torch.tensor(x, requires_grad=True)
    f(x).backward()
    return x.grad.item()


# %% wrong: This divides by `2 * x`; how far the two points are apart has nothing to do with where they lie.
def central_difference(f, x, h):
    return (f(x + h) - f(x - h)) / (2 * x)


# %% wrong: The two values were added; how far `f` moves is their difference.
def central_difference(f, x, h):
    return (f(x + h) + f(x - h)) / (2 * h)


# %% cases
import math


class Formula:
    def __init__(self, text):
        self.text = text

    def __call__(self, x):
        return eval(self.text, {"x": x, "math": math})

    def __repr__(self):
        return self.text


def cases():
    yield Formula("x**2 + 3 * x"), 2.0, 0.25
    yield Formula("x**3"), 1.0, 0.1
    yield Formula("7 - 2 * x"), 4.0, 0.25
    yield Formula("math.exp(x)"), -1.0, 1e-4
    yield Formula("abs(x)"), 0.0, 1e-3
