"""
title = "The first step of Adam"
kind = "choose"
level = 2
minutes = 3
concepts = ["L11"]
task = '''`w` holds `[5.0, 5.0]`, its gradient is `[0.001, 100.0]`, and `torch.optim.Adam([w], lr=0.1)` takes its first step. What does `w` hold then? Choose one of `[4.9999, -5.0]`, `[4.9, 4.9]`, `[5.1, 5.1]`, `[4.684, 4.684]`, `[4.99, -5.0]`; you may write a gradient into `w.grad` by hand to try it.'''
right = "In the first step of Adam the size of a gradient cancels out: every number moves by the learning rate, so `lr` means a distance there."
tolerance = 1e-3
hints = [
    "What is the square root of g², and what is g divided by it?",
    "Follow the formulas of section 8.1 for step t = 1, starting from m = s = 0.",
    "`w = torch.tensor([5.0, 5.0], requires_grad=True)`, `w.grad = torch.tensor([0.001, 100.0])`, then one step of the optimiser, and `print(w)`.",
]
"""

# %% setup
import re

import torch

torch.optim.SGD([torch.zeros(1)], lr=0.1)  # the first one loads parts of PyTorch, for seconds


# %% stub
answer = ...  # a list of two numbers


# %% solution
answer = [4.9, 4.9]


# %% also right: tried out
w = torch.tensor([5.0, 5.0], requires_grad=True)
w.grad = torch.tensor([0.001, 100.0])
torch.optim.Adam([w], lr=0.1).step()
answer = w


# %% also right: by the formulas
g = torch.tensor([0.001, 100.0], dtype=torch.float64)
m, s = 0.1 * g / (1 - 0.9), 0.001 * g**2 / (1 - 0.999)
answer = tuple((5 - 0.1 * m / (s.sqrt() + 1e-8)).tolist())


# %% wrong: That is a step of plain SGD: the gradient times lr. Adam divides by something first.
answer = [4.9999, -5.0]


# %% wrong: Both gradients are positive, so the loss grows with w, and a step has to go the other way.
answer = [5.1, 5.1]


# %% wrong: The running means start at 0 and are too small in the first step: the division by 1 - β^t is missing.
answer = [4.684, 4.684]


# %% wrong: Each number gets a step length of its own in Adam: a gradient 100,000 times larger does not make the step longer.
answer = [4.99, -5.0]


# %% wrong: That is w as it was before the step.
answer = [5.0, 5.0]


# %% wrong: `w` holds two numbers, and the answer holds two: write them in a list.
answer = 4.9


# %% wrong: That is momentum: the running mean of the gradients times lr. Adam divides it by something before it steps.
answer = [4.99999, 4.0]


# %% wrong: The running mean of the gradients was corrected for the first steps, but the one of their squares was not.
answer = [1.8377, 1.8377]


# %% wrong: The running mean of the squares was corrected for the first steps, but the one of the gradients was not.
answer = [4.99, 4.99]


# %% wrong: Here the gradient is divided by its square; the formula divides by the root of it.
answer = [-95.0, 4.999]


# %% wrong: The direction is right, but the step is 1 long: the learning rate is missing.
answer = [4.0, 4.0]


# %% wrong: This is the step alone; the question was what `w` holds after it.
answer = [0.1, 0.1]


# %% wrong: This is the step alone, with its sign; the question was what `w` holds after it.
answer = [-0.1, -0.1]


# %% wrong: The gradient was subtracted as it is; neither lr nor Adam's division is in this.
answer = [4.999, -95.0]


# %% cases
def cases():
    yield ()


def observe(answer):
    if isinstance(answer, list | tuple) and all(isinstance(item, str) for item in answer):
        answer = " ".join(answer)
    if isinstance(answer, str):
        answer = [float(number) for number in re.findall(r"-?\d+[.]?\d*", answer)]
    try:
        numbers = torch.as_tensor(answer, dtype=torch.float64).flatten().tolist()
    except (TypeError, ValueError, RuntimeError):
        numbers = []
    return numbers if len(numbers) == 2 else "something other than two numbers"
