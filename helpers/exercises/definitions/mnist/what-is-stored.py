"""
title = "What a state holds"
kind = "choose"
level = 2
minutes = 3
concepts = ["X04", "M04", "M13"]
task = "`model = nn.Sequential(nn.Linear(20, 30), nn.BatchNorm1d(30), nn.ReLU(), nn.Linear(30, 5))`. How many numbers does an optimiser change that got `model.parameters()`, and how many numbers are in all tensors of `model.state_dict()`? Choose (785, 846), (810, 871), (845, 845), (845, 905), (845, 906) or (906, 906). Work it out, then settle it in a cell of your own."
right = "A state holds all that the model needs to give the same scores again: the parameters, and also the running means and variances, which no gradient changes."
hints = [
    "A linear layer has n · m weights and m biases. Which numbers does batch normalisation learn by gradients, and which does it keep besides?",
    "`model.parameters()` and `model.state_dict().items()` list the tensors; `numel()` counts the numbers of one.",
    "Linear layers: 20 · 30 + 30 and 30 · 5 + 5. Batch normalisation has a scale and a shift, a running mean and a running variance of 30 numbers each, and something of a single number: print the keys of the state.",
]
"""

# %% setup
import torch
from torch import nn

# %% stub
answer = ...  # a pair such as (785, 846)

# %% solution
answer = (845, 906)

# %% also right: layer by layer
answer = (20 * 30 + 30 + 2 * 30 + 30 * 5 + 5, 20 * 30 + 30 + 4 * 30 + 1 + 30 * 5 + 5)

# %% also right: by trying it
model = nn.Sequential(nn.Linear(20, 30), nn.BatchNorm1d(30), nn.ReLU(), nn.Linear(30, 5))
answer = [
    sum(p.numel() for p in model.parameters()),
    sum(value.numel() for value in model.state_dict().values()),
]

# %% wrong: Batch normalisation has a scale and a shift for each of its 30 features, which the optimiser changes.
answer = (785, 846)

# %% wrong: The biases are missing: each linear layer has one for each of its outputs.
answer = (810, 871)

# %% wrong: The state holds more than the parameters: batch normalisation keeps running values, which no gradient changes.
answer = (845, 845)

# %% wrong: Nearly: batch normalisation also counts its batches, in a tensor of its own.
answer = (845, 905)

# %% wrong: The running values are no parameters: an optimiser does not get them.
answer = (906, 906)

# %% wrong: This is a text: the pair is to be written without quotation marks.
answer = "(845, 906)"

# %% wrong: This is not a pair: it takes two numbers in brackets, the first one and then the second.
answer = 845

# %% wrong: This pair is none of the six to choose from.
answer = (846, 906)


# %% cases
OPTIONS = [[785, 846], [810, 871], [845, 845], [845, 905], [845, 906], [906, 906]]


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
