"""
title = "The best line at once"
kind = "write"
level = 3
minutes = 7
concepts = ["L05"]
task = '''Compute the weights `w` (m, d) and biases `b` (m,) for which `X @ w.t() + b` comes closest to `Y` in the mean squared error, without training: `X` is (n, d), `Y` is (n, m), both float32, with more rows than columns. Return `w` and `b`, in float32 too.'''
right = "The reference for every trained linear model: no training can get below its loss."
tolerance = 1e-3
hints = [
    "A bias is a weight for a feature that is 1 in every row.",
    "`torch.cat` puts a column of ones beside X; `torch.linalg.lstsq(A, Y).solution` has a row for each column of A.",
    "`S = torch.linalg.lstsq(torch.cat([X, ones], dim=1), Y).solution` is (d + 1, m): its last row is b, and w is ...",
]
"""

# %% setup
import torch


# %% stub
def fit_exactly(X: torch.Tensor, Y: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the best w (m, d) and b (m,) for X (n, d) and Y (n, m), all float32."""
    ...


# %% solution
def fit_exactly(X, Y):
    A = torch.cat([X, torch.ones_like(X[:, :1])], dim=1)
    S = torch.linalg.lstsq(A, Y).solution
    return S[:-1].t(), S[-1]


# %% also right: ones in front, and the pseudoinverse
def fit_exactly(X, Y):
    A = torch.hstack((torch.ones(len(X), 1), X))
    S = torch.linalg.pinv(A) @ Y
    return S[1:].T, S[0]


# %% also right: centred first, the bias afterwards
def fit_exactly(X, Y):
    x_mean, y_mean = X.mean(dim=0), Y.mean(dim=0)
    w = torch.linalg.lstsq(X - x_mean, Y - y_mean).solution.t()
    return w, y_mean - w @ x_mean


# %% also right: the normal equations in float64
def fit_exactly(X, Y):
    A = torch.cat([X, torch.ones(X.shape[0], 1)], dim=1).double()
    S = torch.linalg.solve(A.t() @ A, A.t() @ Y.double()).to(X.dtype)
    return S[: X.shape[1]].t(), S[X.shape[1]]


# %% also right: one target at a time
def fit_exactly(X, Y):
    A = torch.column_stack([*X.unbind(1), torch.ones(len(X))])
    columns = [torch.linalg.lstsq(A, Y[:, [j]]).solution.flatten() for j in range(Y.shape[1])]
    return torch.stack([s[:-1] for s in columns]), torch.stack([s[-1] for s in columns])


# %% also right: in float64, and back to float32
def fit_exactly(X, Y):
    A = torch.cat([X, torch.ones(len(X), 1)], dim=1).double()
    S = torch.linalg.lstsq(A, Y.double()).solution.float()
    return S[:-1].T, S[-1]


# %% wrong: Without a column of ones the line has to pass through the origin: there is no bias in it.
def fit_exactly(X, Y):
    w = torch.linalg.lstsq(X, Y).solution.t()
    return w, torch.zeros(len(w))


# %% wrong: w and b are fitted one after the other; the best w depends on b, so both have to be fitted at once.
def fit_exactly(X, Y):
    w = torch.linalg.lstsq(X, Y).solution.t()
    return w, (Y - X @ w.t()).mean(dim=0)


# %% wrong: The weights came out as (d, m), a column for each target; the model wants a row for each.
def fit_exactly(X, Y):
    A = torch.cat([X, torch.ones_like(X[:, :1])], dim=1)
    S = torch.linalg.lstsq(A, Y).solution
    return S[:-1], S[-1]


# %% wrong: The bias kept a dimension: it has shape (1, m) and not (m,).
def fit_exactly(X, Y):
    A = torch.cat([X, torch.ones_like(X[:, :1])], dim=1)
    S = torch.linalg.lstsq(A, Y).solution
    return S[:-1].t(), S[-1:]


# %% wrong: The ones stand first, but the last row was taken as the bias.
def fit_exactly(X, Y):
    A = torch.cat([torch.ones_like(X[:, :1]), X], dim=1)
    S = torch.linalg.lstsq(A, Y).solution
    return S[:-1].t(), S[-1]


# %% wrong: The weights are right. The mean of Y is the bias only if every column of X has mean 0.
def fit_exactly(X, Y):
    x_mean, y_mean = X.mean(dim=0), Y.mean(dim=0)
    w = torch.linalg.lstsq(X - x_mean, Y - y_mean).solution.t()
    return w, y_mean


# %% wrong: The ones are part of the table, but their row of the solution was left among the weights.
def fit_exactly(X, Y):
    A = torch.cat([X, torch.ones_like(X[:, :1])], dim=1)
    S = torch.linalg.lstsq(A, Y).solution
    return S.t(), S[-1]


# %% wrong: The weights are right, but the bias is 0: nothing was computed for it.
def fit_exactly(X, Y):
    w = torch.linalg.lstsq(X - X.mean(dim=0), Y - Y.mean(dim=0)).solution.t()
    return w, torch.zeros(len(w))


# %% wrong: One mean was taken away from all columns; each column of X and of Y has its own.
def fit_exactly(X, Y):
    w = torch.linalg.lstsq(X - X.mean(), Y - Y.mean()).solution.t()
    return w, (Y - X @ w.t()).mean(dim=0)


# %% wrong: The line was fitted without a bias, and the mean of Y was put in as one afterwards: both have to be fitted at once.
def fit_exactly(X, Y):
    return torch.linalg.lstsq(X, Y).solution.t(), Y.mean(dim=0)


# %% wrong: The two came back in the wrong order: w is wanted first, then b.
def fit_exactly(X, Y):
    A = torch.cat([X, torch.ones_like(X[:, :1])], dim=1)
    S = torch.linalg.lstsq(A, Y).solution
    return S[-1], S[:-1].t()


# %% wrong: This is the whole solution in one table; w and b are wanted apart.
def fit_exactly(X, Y):
    A = torch.cat([X, torch.ones_like(X[:, :1])], dim=1)
    return torch.linalg.lstsq(A, Y).solution


# %% wrong: The numbers are right, but they are float64: the dtype of X was lost on the way, as in NumPy, whose ones are float64.
def fit_exactly(X, Y):
    A = torch.cat([X, torch.ones_like(X[:, :1])], dim=1).double()
    S = torch.linalg.lstsq(A, Y.double()).solution
    return S[:-1].t(), S[-1]


# %% wrong: `solve` wants as many equations as unknowns; a table with more rows than columns has no exact solution.
def fit_exactly(X, Y):
    A = torch.cat([X, torch.ones_like(X[:, :1])], dim=1)
    S = torch.linalg.solve(A, Y)
    return S[:-1].t(), S[-1]


# %% wrong: `inv` needs as many rows as columns, and a table of features has more.
def fit_exactly(X, Y):
    A = torch.cat([X, torch.ones_like(X[:, :1])], dim=1)
    S = torch.linalg.inv(A) @ Y
    return S[:-1].t(), S[-1]


# %% wrong: The solution stands in an attribute of what `lstsq` returns; this is the whole of it.
def fit_exactly(X, Y):
    A = torch.cat([X, torch.ones_like(X[:, :1])], dim=1)
    S = torch.linalg.lstsq(A, Y)
    return S[:-1].t(), S[-1]


# %% wrong: `lstsq` returns several things in one; the solution is only one of them, under a name.
def fit_exactly(X, Y):
    A = torch.cat([X, torch.ones_like(X[:, :1])], dim=1)
    B = torch.linalg.lstsq(A, Y)
    return B[:-1].T, B[-1]


# %% wrong: Each column of X was fitted as if it were alone. Where columns go together they share the work, so all have to be fitted at once.
def fit_exactly(X, Y):
    # slope = cov / var
    Xc = X - X.mean(0)
    Yc = Y - Y.mean(0)
    w = (Yc.t() @ Xc) / (Xc**2).sum(0)
    b = Y.mean(0) - w @ X.mean(0)
    return w, b


# %% wrong: This is the line for the standardised X; `w` and `b` are wanted for the X that came in.
def fit_exactly(X, Y):
    s = X.std(0)
    Z = (X - X.mean(0)) / s
    w = torch.linalg.lstsq(Z, Y - Y.mean(0)).solution.T
    return w, Y.mean(0)


# %% wrong: Means over whole tables were taken away; each column of X and of Y has a mean of its own.
def fit_exactly(X, Y):
    w = torch.linalg.lstsq(X - X.mean(), Y - Y.mean()).solution.T
    return w, Y.mean() - w @ X.mean(0)


# %% wrong: The weights are right. In the bias, the part that comes from the means of X has the wrong sign.
def fit_exactly(X, Y):
    w = torch.linalg.lstsq(X - X.mean(0), Y - Y.mean(0)).solution.T
    return w, Y.mean(0) + w @ X.mean(0)


# %% wrong: This is the whole solution in one table, turned; w and b are wanted apart.
def fit_exactly(X, Y):
    A = torch.cat([X, torch.ones(len(X), 1, dtype=X.dtype)], dim=1)
    w = torch.linalg.lstsq(A, Y).solution.t()
    return w


# %% wrong: The ones stand last, but the first row of the solution was taken as the bias.
def fit_exactly(X, Y):
    A = torch.cat([X, torch.ones(len(X), 1, dtype=X.dtype)], dim=1)
    sol = torch.linalg.lstsq(A, Y).solution
    return sol[1:].t(), sol[0]


# %% cases
def cases():
    X = torch.tensor([[0.0], [1.0], [2.0]])
    yield X, torch.tensor([[1.0, 5.0], [3.0, 4.0], [5.0, 3.0]])
    yield torch.randn(20, 3), torch.randn(20, 2) + 3
    yield torch.randn(30, 2) + 1, torch.randn(30, 2) - 2
    yield torch.randn(12, 4) + 1, torch.randn(12, 1)
    yield torch.randn(3, 9).T, torch.randn(4, 9).T
