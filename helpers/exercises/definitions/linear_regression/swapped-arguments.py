"""
title = "Which losses can be swapped"
kind = "choose"
level = 1
minutes = 3
concepts = ["L10", "X20"]
task = '''Someone writes `loss_fn(target, prediction)` instead of `loss_fn(prediction, target)`. With which of these four losses does that change nothing? **1** `F.mse_loss`, **2** `F.l1_loss`, **3** `F.cross_entropy` with a probability for each class as the target, **4** `F.huber_loss`. Try each in a scratch cell, on `prediction = torch.randn(5, 3)` and `target = torch.rand(5, 3)`, and answer with a list of the numbers, such as `[1, 2]`.'''
right = "Losses of the difference alone do not mind; a loss that treats scores and targets differently does, and raises no error."
hints = [
    "An error that is raised would be easy. Look for a number that changes without one.",
    "Import `from torch.nn import functional as F`, and call each loss twice, the second time with the arguments swapped.",
    "`[n for n, f in enumerate((F.mse_loss, F.l1_loss, F.cross_entropy, F.huber_loss), 1) if torch.allclose(f(prediction, target), ...)]`",
]
"""

# %% setup
import re

import torch
from torch.nn import functional as F


# %% stub
answer = ...  # a list of numbers from 1 to 4


# %% solution
answer = [1, 2, 4]


# %% also right: a set
answer = {4, 2, 1}


# %% also right: found by trying
a, b = torch.randn(5, 3), torch.rand(5, 3)
functions = (F.mse_loss, F.l1_loss, F.cross_entropy, F.huber_loss)
answer = [n for n, f in enumerate(functions, 1) if torch.allclose(f(a, b), f(b, a))]


# %% also right: a text, in another order
answer = "2, 1, 4"


# %% also right: numbers as texts
answer = ["1", "2", "4"]


# %% also right: a tensor of floats
answer = torch.tensor([1.0, 2.0, 4.0])


# %% wrong: The squared error is not the only one: look at what the others do with the sign of the difference.
answer = [1]


# %% wrong: No error is raised in any of the four; but in one of them the number changes. Print both numbers of each.
answer = [1, 2, 3, 4]


# %% wrong: These two are right, but they are not all.
answer = [1, 2]


# %% wrong: This is the loss for which the order matters. The question was where it does not.
answer = 3


# %% wrong: It is not the square that makes these two harmless; another loss does not mind the sign of the distance either.
answer = [1, 4]


# %% wrong: It is not the absolute value alone: the squared error does not mind a sign either.
answer = [2]


# %% wrong: These two can be swapped, but they are not all: look for another loss that uses only the distance of two numbers.
answer = [2, 4]


# %% wrong: Some of them can be swapped: compare (a - b)² with (b - a)², to begin with.
answer = []


# %% wrong: That one can be swapped, but it is not the only one: look for others that use only the distance of two numbers.
answer = [4]


# %% wrong: One of these three treats scores and targets differently. Print both numbers of each.
answer = [1, 2, 3]


# %% wrong: There is no loss 0: in the task they are counted from 1.
answer = [0, 1, 3]


# %% wrong: The answer is wanted as numbers: those from 1 to 4 that stand before the losses in the task, in a list.
answer = [F.mse_loss]


# %% wrong: The losses have the numbers 1 to 4 in the task; another number stands in your answer.
answer = [1, 2, 5]


# %% wrong: That is one number; a list of the numbers of the losses is wanted, such as `[1, 2]`.
answer = 124


# %% cases
def cases():
    yield ()


def observe(answer):
    if isinstance(answer, str):
        answer = re.findall(r"[0-9]+", answer) or [answer]
    elif isinstance(answer, torch.Tensor):
        answer = answer.flatten().tolist()
    elif isinstance(answer, int | float) and not isinstance(answer, bool):
        if answer not in (0, 1, 2, 3, 4):
            return "one other number"
        answer = [answer]
    elif isinstance(answer, dict):
        return "no list of numbers"
    try:
        items = list(answer)
        if any(isinstance(item, bool) for item in items):
            raise TypeError
        numbers = {float(item) for item in items}
    except (TypeError, ValueError):
        return "no list of numbers"
    if 0 in numbers:
        return "a list with a 0"
    if not numbers <= {1, 2, 3, 4}:
        return "a list with another number"
    return sorted(int(number) for number in numbers)
