"""
title = "Comparable rows"
kind = "write"
level = 3
minutes = 8
concepts = ["T21", "T12", "T28"]
tolerance = 1e-3
task = "Each row of `X` (n, t) is a series in a unit of its own. Return (n, t) in the same dtype, with `X` as it was: from each row its mean is subtracted, and the rest is divided by the row's standard deviation (the divisor is t: `correction=0`), however small that is. A row of equal numbers becomes zeros, also where rounding leaves it a standard deviation of 0.00000001, as with ten times 0.1."
right = "Series in metres and in dollars now have one scale; layer normalisation does the same inside of a network."
hints = [
    "Each row needs two numbers of its own. Which shape must (n,) numbers have to be broadcast along the rows of (n, t)?",
    "`mean` and `std` with `dim` and `keepdim=True`; `std` takes `correction=0`; `torch.where` chooses place by place.",
    "`mean = X.mean(dim=1, keepdim=True)`, `std` likewise, and `(X - mean) / std` for the rows whose largest and smallest number differ. Rows of equal numbers are left.",
]
"""

# %% setup
import torch


# %% stub
def standardise_rows(X: torch.Tensor) -> torch.Tensor:
    """Return each row minus its mean, over its standard deviation: (n, t) to (n, t), same dtype."""
    ...


# %% solution
def standardise_rows(X):
    centred = X - X.mean(dim=1, keepdim=True)
    std = X.std(dim=1, correction=0, keepdim=True)
    constant = X.amin(dim=1, keepdim=True) == X.amax(dim=1, keepdim=True)
    return torch.where(constant, 0, centred / std)


# %% also right: None puts the dimension back, and constant rows are divided by 1
def standardise_rows(X):
    centred = X - X.mean(1)[:, None]
    std = (centred**2).mean(1).sqrt()
    constant = (X == X[:, :1]).all(1)
    std[constant] = 1
    centred[constant] = 0
    return centred / std[:, None]


# %% also right: a loop over the rows
def standardise_rows(X):
    result = torch.zeros_like(X)
    for i, row in enumerate(X):
        if row.min() < row.max():
            result[i] = (row - row.mean()) / row.std(correction=0)
    return result


# %% also right: the columns of the transposed table, moved to start at 0, where no rounding is
def standardise_rows(X):
    rows = (X - X[:, :1]).T
    std = rows.std(dim=0, unbiased=False)
    return ((rows - rows.mean(dim=0)) / std).nan_to_num(nan=0.0).T


# %% also right: a bound that goes with the size of the numbers
def standardise_rows(X):
    var, mean = torch.var_mean(X, dim=1, correction=0, keepdim=True)
    std = var.sqrt()
    return torch.where(std > 1e-6 * mean.abs(), (X - mean) / std, 0)


# %% also right: a bound between rounding and all that is measured
def standardise_rows(X):
    std, mean = torch.std_mean(X, dim=1, correction=0, keepdim=True)
    return torch.where(std < 1e-6, 0, (X - mean) / std)


# %% also right: Python numbers
def standardise_rows(X):
    rows = []
    for row in X.tolist():
        mean = sum(row) / len(row)
        std = (sum((x - mean) ** 2 for x in row) / len(row)) ** 0.5
        rows.append([0.0 if len(set(row)) == 1 else (x - mean) / std for x in row])
    return torch.tensor(rows, dtype=X.dtype)


# %% wrong: Rows of equal numbers did not all become zeros: their mean is rounded, so that what is left and the standard deviation can be tiny numbers other than 0.
def standardise_rows(X):
    mean = X.mean(dim=1, keepdim=True)
    return (X - mean) / X.std(dim=1, correction=0, keepdim=True).clamp(min=1e-12)


# %% wrong: A fixed number was added to the divisor or, as in layer normalisation, to the variance, or is a lowest value or a bound: beside a standard deviation of 0.001 it is not small.
def standardise_rows(X):
    mean = X.mean(dim=1, keepdim=True)
    return (X - mean) / (X.std(dim=1, correction=0, keepdim=True) + 1e-5)


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
    return ((X - mean) / X.std(dim=1, keepdim=True)).nan_to_num(0)


# %% wrong: The rows were divided by their variance, which is the square of the standard deviation.
def standardise_rows(X):
    mean = X.mean(dim=1, keepdim=True)
    return ((X - mean) / X.var(dim=1, correction=0, keepdim=True)).nan_to_num(0)


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
    return ((X - low) / (high - low)).nan_to_num(0)


# %% wrong: Each row lost its own mean, but all were divided by one standard deviation, that of the whole table.
def standardise_rows(X):
    return (X - X.mean(dim=1, keepdim=True)) / X.std(correction=0)


# %% wrong: The rows were divided by the mean distance from their mean; the standard deviation is the root of the mean squared distance.
def standardise_rows(X):
    centred = X - X.mean(dim=1, keepdim=True)
    return (centred / centred.abs().mean(dim=1, keepdim=True)).nan_to_num(0)


# %% wrong: The result is right, but the rows of `X` were moved: `-=` works in the caller's tensor.
def standardise_rows(X):
    constant = X.amin(dim=1, keepdim=True) == X.amax(dim=1, keepdim=True)
    X -= X.mean(dim=1, keepdim=True)
    return torch.where(constant, 0, X / X.std(dim=1, correction=0, keepdim=True))


# %% wrong: The result is right, but `X` was overwritten: `-=` and `/=` work in the caller's tensor.
def standardise_rows(X):
    std = X.std(dim=1, correction=0, keepdim=True)
    constant = X.amin(dim=1) == X.amax(dim=1)
    X -= X.mean(dim=1, keepdim=True)
    X /= std
    X[constant] = 0
    return X


# %% wrong: The numbers are right, but `float32`, as `.float()` and new tensors of Python numbers are; `X` may be `float64`.
def standardise_rows(X):
    constant = X.amin(dim=1, keepdim=True) == X.amax(dim=1, keepdim=True)
    centred = X - X.mean(dim=1, keepdim=True)
    std = X.std(dim=1, correction=0, keepdim=True)
    return torch.tensor(torch.where(constant, 0, centred / std).tolist())


# %% cases
def cases():
    yield (torch.tensor([[1.0, 3.0], [10.0, 50.0], [7.0, 7.0]]),)
    yield (torch.tensor([[0.0, 0.25, 0.5], [100.0, 200.0, 600.0]]),)
    yield (torch.tensor([[3.0, 5.0, 3.0, 3.0], [2.0, 2.0, 1.0, 2.0]]),)
    yield (torch.randn(6, 10) * torch.tensor([[0.1], [1], [10], [100], [0.5], [3]]) + 5,)
    yield (torch.randn(5, 5) + torch.arange(5.0)[:, None],)
    yield (torch.randn(1, 7),)
    yield (torch.randn(4, 1),)
    yield (torch.randn(4, 9, dtype=torch.float64).T,)
    yield (torch.full((2, 8), 4.0),)
    yield (torch.tensor([[0.0, 0.001, 0.002], [0.002, 0.0, 0.0]]),)
    for x in (0.1, 0.3, 0.7):
        yield (torch.full((1, 10), x),)
    yield (torch.tensor([[0.1], [0.3], [0.7]]).repeat(1, 13),)


def observe(answer, X):
    """Say of rows that test rounding only whether they came out well: by how much not is chance."""
    result = answer(X)
    kept = result if isinstance(result, torch.Tensor) and result.shape == X.shape else None
    facts = {"the result": result}
    if kept is None or not kept.is_floating_point():
        return facts
    if (X == X[:, :1]).all() and X.shape[1] > 1 and X.max() < 1:
        name = "whether rows of equal numbers became zeros"
        facts = {"the result": kept.new_zeros(X.shape), name: bool((kept.abs() < 1e-4).all())}
    elif X.max() < 0.01:
        facts = {"the result": kept.new_zeros(X.shape)}
        name = "whether rows with a standard deviation of about 0.001 have one of 1 now"
        well = (kept.std(dim=1, correction=0) - 1).abs() < 5e-4
        facts[name] = bool(well.all()) and bool((kept.mean(dim=1).abs() < 1e-3).all())
    return facts
