"""
title = "Comparable rows"
kind = "write"
level = 3
minutes = 8
concepts = ["T21", "T12", "T28"]
tolerance = 1e-3
task = "Each row of `X` (n, t) is a series in a unit of its own. Return (n, t): from each row its mean is subtracted, and the rest is divided by the row's standard deviation (the divisor is t: `correction=0`). A constant row becomes zeros."
right = "Series in metres and in dollars now have one scale; layer normalisation does the same inside of a network."
hints = [
    "Each row needs two numbers of its own. Which shape must (n,) numbers have to be broadcast along the rows of (n, t)?",
    "`mean` and `std` with `dim` and `keepdim=True`; `std` takes `correction=0`; `torch.where` chooses place by place.",
    "`mean = X.mean(dim=1, keepdim=True)`, `std` likewise, and `(X - mean) / std` for the rows where `std > 0`. The constant rows are left.",
]
"""

# %% setup
import torch


# %% stub
def standardise_rows(X: torch.Tensor) -> torch.Tensor:
    """Return each row minus its mean, over its standard deviation: (n, t) to (n, t)."""
    ...


# %% solution
def standardise_rows(X):
    mean = X.mean(dim=1, keepdim=True)
    std = X.std(dim=1, correction=0, keepdim=True)
    return torch.where(std > 0, (X - mean) / std, 0)


# %% also right: None puts the dimension back
def standardise_rows(X):
    centred = X - X.mean(1)[:, None]
    std = (centred**2).mean(1).sqrt()[:, None]
    std[std == 0] = 1
    return centred / std


# %% also right: a loop over the rows
def standardise_rows(X):
    result = torch.zeros_like(X)
    for i, row in enumerate(X):
        if row.min() < row.max():
            result[i] = (row - row.mean()) / row.std(correction=0)
    return result


# %% also right: the columns of the transposed table
def standardise_rows(X):
    rows = X.T
    std = rows.std(dim=0, unbiased=False)
    return ((rows - rows.mean(dim=0)) / std).nan_to_num(nan=0.0).T


# %% also right: a standard deviation that is never below a tiny number
def standardise_rows(X):
    var, mean = torch.var_mean(X, dim=1, correction=0, keepdim=True)
    return (X - mean) / var.sqrt().clamp(min=1e-12)


# %% also right: a tiny number added to each standard deviation
def standardise_rows(X):
    mean = X.mean(dim=-1, keepdim=True)
    return (X - mean) / (X.std(dim=-1, correction=0, keepdim=True) + 1e-7)


# %% also right: layer normalisation, which adds a tiny number to the variance
def standardise_rows(X):
    return torch.nn.functional.layer_norm(X, X.shape[1:])


# %% wrong: The columns were standardised: with `dim=0` the rows vanish.
def standardise_rows(X):
    return (X - X.mean(dim=0)) / X.std(dim=0, correction=0)


# %% wrong: Numbers of shape (n,) are aligned with the columns: (n, t) refuses them, and a square table takes the wrong ones without a word.
def standardise_rows(X):
    return (X - X.mean(dim=1)) / X.std(dim=1, correction=0)


# %% wrong: Numbers of shape (n,) are aligned with the columns of (n, t), not with its rows; and `std` divides by t - 1 unless it is told otherwise.
def standardise_rows(X):
    return (X - X.mean(dim=1)) / X.std(dim=1)


# %% wrong: A constant row has a standard deviation of 0, and 0 / 0 is NaN.
def standardise_rows(X):
    mean = X.mean(dim=1, keepdim=True)
    return (X - mean) / X.std(dim=1, correction=0, keepdim=True)


# %% wrong: By default `std` divides by t - 1; here the divisor is t. For a single number that is 0 / 0, and constant rows need a case of their own too.
def standardise_rows(X):
    mean = X.mean(dim=1, keepdim=True)
    return (X - mean) / X.std(dim=1, keepdim=True)


# %% wrong: By default `std` divides by t - 1; here the divisor is t.
def standardise_rows(X):
    mean = X.mean(dim=1, keepdim=True)
    std = X.std(dim=1, keepdim=True)
    return torch.where(std > 0, (X - mean) / std, 0)


# %% wrong: The rows were divided by their variance, which is the square of the standard deviation.
def standardise_rows(X):
    mean = X.mean(dim=1, keepdim=True)
    var = X.var(dim=1, correction=0, keepdim=True)
    return torch.where(var > 0, (X - mean) / var, 0)


# %% wrong: The mean and the standard deviation are those of the whole table, where each row should have its own.
def standardise_rows(X):
    return (X - X.mean()) / X.std()


# %% wrong: Every row was moved and divided by the same two numbers, those of the whole table.
def standardise_rows(X):
    return (X - X.mean()) / X.std(correction=0)


# %% wrong: The rows have a mean of 0 now, but still each its own scale.
def standardise_rows(X):
    return X - X.mean(dim=1, keepdim=True)


# %% wrong: Division comes before subtraction: without brackets only the mean was divided.
def standardise_rows(X):
    return X - X.mean(dim=1, keepdim=True) / X.std(dim=1, correction=0, keepdim=True)


# %% wrong: The rows were divided without their mean subtracted first.
def standardise_rows(X):
    std = X.std(dim=1, correction=0, keepdim=True)
    return torch.where(std > 0, X / std, 0)


# %% wrong: The rows were stretched to lie between 0 and 1; a mean of 0 and a standard deviation of 1 were asked for.
def standardise_rows(X):
    low, high = X.amin(dim=1, keepdim=True), X.amax(dim=1, keepdim=True)
    return torch.where(high > low, (X - low) / (high - low), 0)


# %% wrong: The result is right, but `X` was overwritten: `-=` and `/=` work in the caller's tensor.
def standardise_rows(X):
    std = X.std(dim=1, correction=0, keepdim=True)
    X -= X.mean(dim=1, keepdim=True)
    X /= std
    X[(std == 0)[:, 0]] = 0
    return X


# %% cases
def cases():
    yield (torch.tensor([[1.0, 3.0], [10.0, 50.0], [7.0, 7.0]]),)
    yield (torch.tensor([[0.0, 0.25, 0.5], [100.0, 200.0, 600.0]]),)
    yield (torch.randn(6, 10) * torch.tensor([[0.1], [1], [10], [100], [0.5], [3]]) + 5,)
    yield (torch.randn(5, 5) + torch.arange(5.0)[:, None],)
    yield (torch.randn(1, 7),)
    yield (torch.randn(4, 1),)
    yield (torch.randn(4, 9, dtype=torch.float64).T,)
    yield (torch.full((2, 8), 4.0),)
