"""
title = "Column means"
kind = "write"
level = 1
minutes = 2
concepts = ["T21"]
task = "Return the mean of each column of the table `X` (n, d): a tensor of shape (d,), in the dtype of `X`."
right = "The first half of standardising a table."
hints = [
    "Which dimension must vanish: the rows, or the columns?",
    "`X.mean(dim=...)` makes one dimension vanish.",
    "`return X.mean(dim=...)`: dimension 0 counts the rows, dimension 1 the columns.",
]
"""

# %% setup
import torch


# %% stub
def column_means(X: torch.Tensor) -> torch.Tensor:
    """Return the mean of each column of X: (n, d) to (d,), same dtype."""
    ...


# %% solution
def column_means(X):
    return X.mean(dim=0)


# %% also right: sum over count
def column_means(X):
    return X.sum(0) / X.shape[0]


# %% also right: a product with a row of equal weights
def column_means(X):
    weights = torch.full((1, X.shape[0]), 1 / X.shape[0], dtype=X.dtype)
    return (weights @ X).squeeze(0)


# %% also right: the rows of the transposed table
def column_means(X):
    return torch.mean(X.T, axis=-1)


# %% also right: a loop over the columns
def column_means(X):
    return torch.stack([X[:, j].mean() for j in range(X.shape[1])])


# %% also right: Python numbers, and the dtype of X
def column_means(X):
    means = [sum(column) / len(column) for column in zip(*X.tolist())]
    return torch.tensor(means, dtype=X.dtype)


# %% also right: a loop over the rows
def column_means(X):
    total = torch.zeros_like(X[0])
    for row in X:
        total += row
    return total / len(X)


# %% wrong: A bare `squeeze()` takes every dimension of size 1 away: of a table with a single column, also that of the columns.
def column_means(X):
    return X.mean(0).squeeze()


# %% wrong: This is the mean of each row: the columns have vanished, where the rows should.
def column_means(X):
    return X.mean(dim=1)


# %% wrong: Without a `dim` all numbers are averaged into one.
def column_means(X):
    return X.mean()


# %% wrong: The shape is (1, d), as `keepdim=True` gives it, and not (d,): the rows should vanish.
def column_means(X):
    return X.mean(dim=0, keepdim=True)


# %% wrong: This is the sum of each column; a mean divides it by the number of rows.
def column_means(X):
    return X.sum(dim=0)


# %% wrong: The sum of each column was divided by the number of columns, not by the number of rows.
def column_means(X):
    return X.sum(dim=0) / X.shape[1]


# %% wrong: This is the median of each column, the number in the middle; the mean was asked for.
def column_means(X):
    return X.median(dim=0).values


# %% wrong: `reshape` does not turn columns into rows: it keeps the order of reading and only breaks the lines elsewhere.
def column_means(X):
    return X.reshape(X.shape[1], X.shape[0]).mean(dim=1)


# %% wrong: The means are right, but `float32`, as `.float()` and new tensors of Python numbers are; `X` may be `float64`.
def column_means(X):
    return torch.tensor([column.mean().item() for column in X.T])


# %% wrong: This is a list of numbers; a tensor was asked for.
def column_means(X):
    return [column.mean().item() for column in X.T]


# %% wrong: The means are right, but the first row of `X` was overwritten: `X[0]` is a view, and `+=` writes into it.
def column_means(X):
    total = X[0]
    for row in X[1:]:
        total += row
    return total / len(X)


# %% wrong: The sum of each column was divided by one less than the number of rows; a mean divides it by their number.
def column_means(X):
    return X.sum(dim=0) / (X.shape[0] - 1)


# %% wrong: `X[j]` is a row: these are the means of rows, as many as there are columns.
def column_means(X):
    means = []
    for j in range(X.shape[1]):
        means.append(X[j].mean())
    return torch.stack(means)


# %% wrong: `//` leaves the decimals out; a mean keeps them.
def column_means(X):
    return X.sum(dim=0) // X.shape[0]


# %% wrong: Only the mean of the first column came back: a `return` inside of a loop ends it at once.
def column_means(X):
    for j in range(X.shape[1]):
        return X[:, j].mean()


# %% cases
def cases():
    yield (torch.tensor([[1.0, 2.0], [3.0, 6.0], [5.0, 1.0]]),)
    yield (torch.randn(1, 4),)
    yield (torch.randn(7, 1),)
    yield (torch.randn(5, 3, dtype=torch.float64),)
    yield (torch.randn(3, 4).T,)
    yield (torch.randn(6, 6)[::2],)
    yield (torch.randn(4, 4),)
    yield (torch.tensor([[0.0, 2.0, 0.0], [4.0, 0.0, 0.0]]),)
