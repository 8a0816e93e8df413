"""
title = "Comparable rows"
kind = "write"
level = 3
minutes = 8
concepts = ["T21", "T12", "T28"]
tolerance = 1e-3
task = "Each row of `X` (n, t) is a series in a unit of its own. Return (n, t) in the same dtype, with `X` as it was: each row has a mean of 0 and a standard deviation of 1 (the divisor is t: `correction=0`), also if its numbers differ by a thousandth only. A row whose numbers are all equal becomes zeros exactly, whatever is left of it after its mean, which is rounded, is subtracted: try 13 times 30000.1."
right = "Series in metres and in dollars now have one scale; layer normalisation does the same inside of a network."
hints = [
    "Each row needs two numbers of its own. Which shape must (n,) numbers have to be broadcast along the rows of (n, t)?",
    "`mean` and `std` with `dim` and `keepdim=True`; `std` takes `correction=0`; `torch.where` chooses place by place.",
    "`mean = X.mean(dim=1, keepdim=True)`, `std` likewise, and `(X - mean) / std` for the rows whose largest and smallest number differ. Rows of equal numbers are left: do not compute their zeros, put them there.",
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


# %% also right: Python numbers
def standardise_rows(X):
    rows = []
    for row in X.tolist():
        mean = sum(row) / len(row)
        std = (sum((x - mean) ** 2 for x in row) / len(row)) ** 0.5
        rows.append([0.0 if len(set(row)) == 1 else (x - mean) / std for x in row])
    return torch.tensor(rows, dtype=X.dtype)


# %% wrong: A single number came out as NaN: its standard deviation is 0 with the divisor t and NaN with t - 1, and a row of one number becomes zeros too.
def standardise_rows(X):
    const = X.var(1) == 0
    Z = (X - X.mean(1, keepdim=True)) / X.std(1, correction=0, keepdim=True)
    Z[const] = 0
    return Z


# %% wrong: Rows of equal numbers did not all become zeros exactly: their mean is rounded, so that something is left when it is subtracted, and the standard deviation need not be 0.
def standardise_rows(X):
    mean = X.mean(dim=1, keepdim=True)
    return (X - mean) / X.std(dim=1, correction=0, keepdim=True).clamp(min=1e-12)


# %% wrong: Rows whose numbers differ by a thousandth did not come out well, as happens if a fixed number is added to the divisor or, as in layer normalisation, to the variance, or is a lowest value or a bound: beside 0.001 it is not small.
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


# %% wrong: The result is right, but the mean was subtracted in `X` itself, which is the caller's tensor.
def standardise_rows(X):
    constant = X.amin(dim=1, keepdim=True) == X.amax(dim=1, keepdim=True)
    X -= X.mean(dim=1, keepdim=True)
    return torch.where(constant, 0, X / X.std(dim=1, correction=0, keepdim=True))


# %% wrong: The result is right, but `X` holds it too: what is written into `X`, or into a row of it, is written into the caller's tensor.
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


# %% wrong: One-pass variances fail with large numbers: the mean of the squares and the square of the mean agree in nearly all digits that `float32` holds.
def standardise_rows(X):
    m = X.mean(1, keepdim=True)
    v = (X * X).mean(1, keepdim=True) - m * m
    s = v.sqrt()
    const = (X == X[:, :1]).all(1, keepdim=True)
    return torch.where(const, 0.0, (X - m) / s)


# %% wrong: Rows of equal numbers were left as they were; they become zeros.
def standardise_rows(X):
    out = []
    for row in X:
        if (row == row[0]).all():
            out.append(row)
        else:
            out.append((row - row.mean()) / row.std(correction=0))
    return torch.stack(out)


# %% wrong: Rows of equal numbers are missing from the result; they become zeros.
def standardise_rows(X):
    out = []
    for row in X:
        if not (row == row[0]).all():
            out.append((row - row.mean()) / row.std(correction=0))
    return torch.stack(out)


# %% wrong: The means went along the rows, but divisors of shape (n,) are aligned with the columns.
def standardise_rows(X):
    X = X - X.mean(dim=1, keepdim=True)
    equal = (X == X[:, :1]).all(dim=1)
    std = X.std(dim=1, correction=0)
    std[equal] = 1
    return X / std


# %% wrong: `torch.std_mean` gives the standard deviation first and the mean second: here each has the other's name.
def standardise_rows(X):
    const = (X == X[:, :1]).all(1)
    m, s = torch.std_mean(X, dim=1, correction=0, keepdim=True)
    Z = (X - m) / s
    Z[const] = 0
    return Z


# %% wrong: The numbers are right, but `float64`; the result has the dtype of `X`.
def standardise_rows(X):
    D = X.double()
    s, m = torch.std_mean(D, dim=1, correction=0, keepdim=True)
    const = (X == X[:, :1]).all(1, keepdim=True)
    return torch.where(const, 0.0, (D - m) / s)


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
    yield (torch.tensor([[0.001] + 9 * [0.0], 5 * [0.001, 0.002]]),)
    yield (torch.tensor([[10000.0, 10001.0, 10002.0]]),)
    for x in (0.1, 0.3, 0.7):
        yield (torch.full((1, 10), x),)
    yield (torch.tensor([[0.1], [0.3], [30000.1]]).repeat(1, 13),)


def observe(answer, X):
    """Say of rows that test rounding only whether they came out well: by how much not is chance."""
    result = answer(X)
    kept = result if isinstance(result, torch.Tensor) and result.shape == X.shape else None
    facts = {"the result": result}
    if kept is None or not kept.is_floating_point():
        return facts
    if (X == X[:, :1]).all() and X.shape[1] > 1 and X[0, 0] < 1:
        name = "whether rows of equal numbers became zeros"
        facts = {"the result": kept.new_zeros(X.shape), name: bool((kept == 0).all())}
    elif X.max() < 0.01:
        facts = {"the result": kept.new_zeros(X.shape)}
        name = "whether rows whose numbers differ by a thousandth have a standard deviation of 1"
        well = (kept.std(dim=1, correction=0) - 1).abs() < 5e-4
        facts[name] = bool(well.all()) and bool((kept.mean(dim=1).abs() < 1e-3).all())
    return facts
