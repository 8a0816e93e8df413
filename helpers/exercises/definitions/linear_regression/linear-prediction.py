"""
title = "Predictions of a table"
kind = "write"
level = 1
minutes = 2
concepts = ["L02"]
task = '''A table `X` (n, d), weights `w` (m, d) with one row for each target, and biases `b` (m,). Return the predictions of the linear model: a tensor of shape (n, m), with one row for each row of `X`.'''
right = "`nn.Linear` computes just this, with its weight stored as (out, in)."
hints = [
    "Write down the two shapes of the product. Which dimension must stand in the middle, and vanish?",
    "`.t()` turns rows into columns; `@` is the matrix product; `+` broadcasts over the rows.",
    "`return X @ ... + b`, where the dots have shape (d, m).",
]
"""

# %% setup
import torch
from torch.nn import functional as F


# %% stub
def predict_table(X: torch.Tensor, w: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """Return the predictions: (n, d), (m, d), (m,) to (n, m)."""
    ...


# %% solution
def predict_table(X, w, b):
    return X @ w.t() + b


# %% also right: PyTorch's function
def predict_table(X, w, b):
    return F.linear(X, w, b)


# %% also right: one weighted sum at a time
def predict_table(X, w, b):
    y_hat = torch.zeros(len(X), len(w))
    for i in range(len(X)):
        for j in range(len(w)):
            y_hat[i, j] = (X[i] * w[j]).sum() + b[j]
    return y_hat


# %% also right: the product the other way round, then turned
def predict_table(X, w, b):
    return (w @ X.T + b[:, None]).T


# %% also right: Einstein's notation
def predict_table(X, w, b):
    return torch.einsum("nd,md->nm", X, w).add(b)


# %% wrong: The biases are not added.
def predict_table(X, w, b):
    return X @ w.t()


# %% wrong: The numbers are right, but the table is turned: it has a row for each target and not for each sample.
def predict_table(X, w, b):
    return (X @ w.t() + b).t()


# %% wrong: `w` is used as it stands: in `X @ w` a row of X meets a column of `w`, and it is a row of `w` that belongs to a target.
def predict_table(X, w, b):
    return X @ w + b


# %% wrong: Each bias was added along a row, to one sample; a bias belongs to one target.
def predict_table(X, w, b):
    return X @ w.t() + b.unsqueeze(1)


# %% wrong: `w @ X.t()` has a row for each target; wanted is a row for each sample.
def predict_table(X, w, b):
    return w @ X.t() + b


# %% wrong: The biases are counted once for each feature.
def predict_table(X, w, b):
    return (X.unsqueeze(1) * w + b.unsqueeze(1)).sum(dim=2)


# %% wrong: The table `w` was reshaped and not turned: its numbers stay in their old order and land in wrong places.
def predict_table(X, w, b):
    return X @ w.reshape(w.shape[1], -1) + b


# %% wrong: The sum of all biases is added to every prediction; each target has one of its own.
def predict_table(X, w, b):
    return (X @ w.t()) + b.sum()


# %% wrong: A new layer has weights and biases of its own, drawn at random: `w` and `b` are not used.
def predict_table(X, w, b):
    layer = torch.nn.Linear(X.shape[1], w.shape[0])
    return layer(X)


# %% cases
def cases():
    X = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    w = torch.tensor([[1.0, 10.0], [0.0, 1.0]])
    yield X, w, torch.tensor([100.0, 200.0])
    yield torch.randn(5, 3), torch.randn(2, 3), torch.randn(2)
    yield torch.randn(1, 4), torch.randn(1, 4), torch.randn(1)
    yield torch.randn(4, 3), torch.randn(3, 3), torch.randn(3)
    yield torch.randn(3, 4).T, torch.randn(3, 2).T, torch.randn(4)[::2]
