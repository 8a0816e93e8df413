"""
title = "A batch with loss weights"
kind = "choose"
level = 2
minutes = 4
concepts = ["C09"]
task = '''A batch holds two images. The first, of class 0, has a cross entropy of 1.0; the second, of class 1, of 3.0. The classes have the weights 1 and 3. Which loss does `F.cross_entropy(logits, labels, weight=torch.tensor([1.0, 3.0]))` return for the batch: 2, 2.5, 5 or 10? Try it with `labels = torch.tensor([0, 1])` and `logits = torch.tensor([[p, 1 - p], [1 - q, q]]).log()`, where `p` is `math.exp(-1)` and `q` is `math.exp(-3)`.'''
right = "The weighted mean is divided by the sum of the weights, so the loss stays of the same size, whatever the weights; with one class alone in a batch they do nothing at all."
hints = [
    "It is a mean, and not a sum. What is a mean divided by, when one of its numbers counts three times?",
    "Read the entry `weight` and the formula for `reduction='mean'` in the documentation of `torch.nn.CrossEntropyLoss`.",
    "(1 x 1.0 + 3 x 3.0) / (...): what stands below the line?",
]
"""

# %% setup
import torch


# %% stub
batch_loss = ...  # 2, 2.5, 5 or 10


# %% solution
batch_loss = 2.5


# %% also right: as a fraction
batch_loss = (1 * 1.0 + 3 * 3.0) / (1 + 3)


# %% also right: as it comes from PyTorch
batch_loss = torch.tensor(2.5)


# %% also right: as a number from a tensor
batch_loss = torch.tensor([1.0, 9.0]).sum().item() / 4


# %% wrong: That is the plain mean, without weights: the second image has to count three times.
batch_loss = 2


# %% wrong: That is the weighted sum divided by the number of images; it is divided by something else.
batch_loss = 5


# %% wrong: That is the weighted sum; `cross_entropy` returns a mean unless it is told otherwise.
batch_loss = 10


# %% wrong: That is the sum without weights.
batch_loss = 4


# %% wrong: The value is right; write it as a number, without quotes.
batch_loss = "2.5"


# %% cases
def cases():
    yield ()


def observe(answer):
    if isinstance(answer, str):
        try:
            return "2.5, as a text" if float(answer) == 2.5 else float(answer)
        except ValueError:
            return answer
    number = isinstance(answer, torch.Tensor) and answer.numel() == 1
    return float(answer) if number or isinstance(answer, int | float) else answer
