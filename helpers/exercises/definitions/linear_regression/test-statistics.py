"""
title = "Nothing from the test part"
kind = "repair"
level = 2
minutes = 3
concepts = ["L17", "L06", "L16"]
task = '''This function standardises a training part (n, d) and a test part (k, d). When other patients come into the test part, the training part comes out differently, although nobody in it has changed; and models trained this way do a little worse on later patients than their test promised. Repair it: the test part stands for the future, and any number of rows may be in it, even one. How PyTorch computes `mean` and `std` is no fault.'''
right = "Everything that is computed from data before training counts as training: means, scales, which columns to keep."
hints = [
    "Which rows are known on the day of training?",
    "`mean` and `std` of `X_train` alone; what is then done with X_test?",
    "`mean, std = X_train.mean(dim=0), ...`, then both parts as in the last line.",
]
"""

# %% setup
import warnings

import torch


# %% stub
def standardise_parts(X_train, X_test):
    table = torch.cat([X_train, X_test])  # (n + k, d)
    mean, std = table.mean(dim=0), table.std(dim=0)  # (d,), (d,)
    return (X_train - mean) / std, (X_test - mean) / std


# %% solution
def standardise_parts(X_train, X_test):
    mean, std = X_train.mean(dim=0), X_train.std(dim=0)
    return (X_train - mean) / std, (X_test - mean) / std


# %% also right: one column at a time
def standardise_parts(X_train, X_test):
    train, test = X_train.clone(), X_test.clone()
    for j in range(X_train.shape[1]):
        column = X_train[:, j]
        train[:, j] = (column - column.mean()) / column.std()
        test[:, j] = (X_test[:, j] - column.mean()) / column.std()
    return train, test


# %% also right: both parts at once, with the numbers of the first
def standardise_parts(X_train, X_test):
    std, mean = torch.std_mean(X_train, dim=0, keepdim=True)
    table = (torch.cat([X_train, X_test]) - mean) / std
    return table[: len(X_train)], table[len(X_train) :]


# %% also right: written out as sums
def standardise_parts(X_train, X_test):
    n = X_train.shape[0]
    mean = X_train.sum(0) / n
    std = (((X_train - mean) ** 2).sum(0) / (n - 1)) ** 0.5
    return [X.sub(mean).div(std) for X in (X_train, X_test)]


# %% wrong: The training part is right. But the test part is scaled by its own numbers: a patient's row then depends on who else is tested, and the model sees another scale than it learned.
def standardise_parts(X_train, X_test):
    parts = []
    for X in (X_train, X_test):
        diff = X - X.mean(dim=0)
        parts.append(diff / (diff**2).sum(dim=0).div(len(X) - 1).sqrt())
    return parts


# %% wrong: The mean comes from the training part now, but the standard deviation still from all rows.
def standardise_parts(X_train, X_test):
    table = torch.cat([X_train, X_test])
    mean, std = X_train.mean(dim=0), table.std(dim=0)
    return (X_train - mean) / std, (X_test - mean) / std


# %% wrong: Test rows are still in the mean and in the standard deviation.
def standardise_parts(X_train, X_test):
    table = torch.vstack((X_test, X_train))
    table = (table - table.mean(dim=0)) / table.std(dim=0)
    return table[len(X_test) :], table[: len(X_test)]


# %% wrong: One mean and one standard deviation for all columns: each column needs its own.
def standardise_parts(X_train, X_test):
    mean, std = X_train.mean(), X_train.std()
    return (X_train - mean) / std, (X_test - mean) / std


# %% wrong: The test part is still on its raw scale: it was left as it is, or the mean and std of a training part were used that had been standardised before, and these are 0 and 1.
def standardise_parts(X_train, X_test):
    mean, std = X_train.mean(dim=0), X_train.std(dim=0)
    return (X_train - mean) / std, X_test


# %% wrong: The numbers come from the test part now; they belong to the training part.
def standardise_parts(X_train, X_test):
    mean = X_test.mean(dim=0)
    std = ((X_test - mean) ** 2).sum(dim=0).div(len(X_test) - 1).sqrt()
    return (X_train - mean) / std, (X_test - mean) / std


# %% wrong: The numbers are right, but `-=` and `/=` changed the caller's own tables.
def standardise_parts(X_train, X_test):
    mean, std = X_train.mean(dim=0), X_train.std(dim=0)
    X_train -= mean
    X_train /= std
    X_test -= mean
    X_test /= std
    return X_train, X_test


# %% wrong: Only the mean was taken away; the division by the standard deviation is missing.
def standardise_parts(X_train, X_test):
    mean = X_train.mean(dim=0)
    return X_train - mean, X_test - mean


# %% wrong: The standard deviation is divided by n here; `std` divided by n - 1, and that was no fault.
def standardise_parts(X_train, X_test):
    mean, std = X_train.mean(dim=0), X_train.std(dim=0, correction=0)
    return (X_train - mean) / std, (X_test - mean) / std


# %% wrong: The training part is right. But the mean of the test part is its own: where its patients differ from the others, the model cannot see it.
def standardise_parts(X_train, X_test):
    std = X_train.std(dim=0)
    return (X_train - X_train.mean(dim=0)) / std, (X_test - X_test.mean(dim=0)) / std


# %% wrong: The training part is right. But test rows are still in the numbers that the test part is scaled by, so it is on another scale than the model learned.
def standardise_parts(X_train, X_test):
    table = torch.cat([X_train, X_test])
    train = (X_train - X_train.mean(dim=0)) / X_train.std(dim=0)
    return train, (X_test - table.mean(dim=0)) / table.std(dim=0)


# %% wrong: The two parts came back in the wrong order.
def standardise_parts(X_train, X_test):
    mean, std = X_train.mean(dim=0), X_train.std(dim=0)
    return (X_test - mean) / std, (X_train - mean) / std


# %% wrong: The numbers were divided by the variance: the root is missing.
def standardise_parts(X_train, X_test):
    mean, var = X_train.mean(dim=0), X_train.var(dim=0)
    return (X_train - mean) / var, (X_test - mean) / var


# %% wrong: Only the mean is divided by the standard deviation: `/` comes before `-` where no brackets stand.
def standardise_parts(X_train, X_test):
    mean, std = X_train.mean(dim=0), X_train.std(dim=0)
    return X_train - mean / std, X_test - mean / std


# %% wrong: Only the training part came back; the test part is wanted as well.
def standardise_parts(X_train, X_test):
    mean, std = X_train.mean(dim=0), X_train.std(dim=0)
    return (X_train - mean) / std


# %% cases
def cases():
    X_train = torch.tensor([[1.0, 10.0], [2.0, 20.0], [3.0, 60.0]])
    yield X_train, torch.tensor([[4.0, 30.0], [2.0, 90.0]])
    yield X_train, torch.tensor([[2.0, 30.0]])
    yield torch.randn(20, 4) * 3 + 5, torch.randn(6, 4)
    yield torch.randn(5, 2), torch.randn(9, 2) - 4
    yield torch.randn(3, 8).T, torch.randn(3, 2).T


def observe(answer, X_train, X_test):
    with warnings.catch_warnings():
        if len(X_test) == 1:
            warnings.simplefilter("ignore")  # the standard deviation of one row, when others failed
        return answer(X_train, X_test)
