"""
title = "Windows of a series"
kind = "write"
level = 2
minutes = 6
concepts = ["T28", "T11"]
task = "Make samples from which a model can learn to predict a `series` (n,), longer than `size`. `inputs` (n - size, size) holds the windows of `size` neighbouring values, from the first window to the last that has a next value; `targets` (n - size,) holds the value after each window. Both have the dtype of `series`, which may be cut out of a longer series, as in `long[3::2]`."
right = "Forecasts of weather, sales or traffic are trained on just such pairs."
hints = [
    "For a series of 5 values and windows of 2, write down all pairs of window and target. How many are there?",
    "`series.unfold(0, size, 1)` gives all windows; a slice of `series` gives the targets.",
    "The first target is `series[size]`. Of the windows that `unfold` gives, one has no next value: `inputs = series.unfold(0, size, 1)[...]`",
]
"""

# %% setup
import torch


# %% stub
def windows(series: torch.Tensor, size: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Return each window that has a next value, and these: (n - size, size), (n - size,)."""
    inputs = ...
    targets = ...
    return inputs, targets


# %% solution
def windows(series, size):
    inputs = series.unfold(-1, size, 1)[:-1]
    targets = series[size:]
    return inputs, targets


# %% also right: a slice for each window
def windows(series, size):
    count = len(series) - size
    inputs = torch.stack([series[i : i + size] for i in range(count)])
    targets = torch.stack([series[i + size] for i in range(count)])
    return inputs, targets


# %% also right: a table of places
def windows(series, size):
    places = torch.arange(len(series) - size)[:, None] + torch.arange(size)
    return series[places], series[places[:, -1] + 1]


# %% also right: windows that are one longer, cut in two
def windows(series, size):
    both = series.unfold(0, size + 1, 1)
    return both[:, :-1], both[:, -1]


# %% also right: a shape and strides of our own
def windows(series, size):
    step = series.stride(0)
    n = len(series)
    inputs = series.as_strided((n - size, size), (step, step), series.storage_offset())
    return inputs, series[-(n - size) :]


# %% also right: Python numbers, and the dtype of the series
def windows(series, size):
    values = series.tolist()
    inputs = [values[i : i + size] for i in range(len(values) - size)]
    return torch.tensor(inputs, dtype=series.dtype), torch.tensor(values[size:], dtype=series.dtype)


# %% also right: the columns, each one place further on
def windows(series, size):
    m = series.numel() - size
    return torch.stack([series[k : k + m] for k in range(size)], dim=1), series[size:].clone()


# %% wrong: The targets are counted from the first place of the storage, where a series that is cut out of another one does not begin.
def windows(series, size):
    n = len(series) - size
    s = series.stride(0)
    inputs = series.as_strided((n, size), (s, s))
    targets = series.as_strided((n,), (s,), size)
    return inputs, targets


# %% wrong: The last window has no next value: there are n - size windows with one, and n - size + 1 without that condition.
def windows(series, size):
    return series.unfold(0, size, 1), series[size:]


# %% wrong: Each target is the last value of its own window, so the model is asked for what it has seen. The next value was meant.
def windows(series, size):
    return series.unfold(0, size, 1)[:-1], series[size - 1 : -1]


# %% wrong: The first window was left out where the last should be, so that each target is the last value of its own window.
def windows(series, size):
    return series.unfold(0, size, 1)[1:], series[size:]


# %% wrong: One sample is missing at the end: `range` leaves its bound out, so no further 1 is to be taken off.
def windows(series, size):
    count = len(series) - size - 1
    inputs = torch.stack([series[i : i + size] for i in range(count)])
    return inputs, series[size : size + count]


# %% wrong: These windows stand side by side. They should overlap: each begins one place after the one before.
def windows(series, size):
    return series.unfold(0, size, size), series[size:]


# %% wrong: Each target is the first value of its own window; the value after the window was meant.
def windows(series, size):
    return series.unfold(0, size, 1)[:-1], series[:-size]


# %% wrong: `unfold` was given 1 as the size of a window and `size` as its step: the size comes first.
def windows(series, size):
    return series.unfold(0, 1, size), series[size:]


# %% wrong: The targets stand in a column, (n - size, 1); a row of numbers was asked for.
def windows(series, size):
    return series.unfold(0, size, 1)[:-1], series[size:, None]


# %% wrong: Inputs and targets have changed places.
def windows(series, size):
    return series[size:], series.unfold(0, size, 1)[:-1]


# %% wrong: The windows lie across: this is (size, n - size), a window in each column.
def windows(series, size):
    return series.unfold(0, size, 1)[:-1].T, series[size:]


# %% wrong: One sample is missing at the beginning: the first window starts at place 0.
def windows(series, size):
    return series.unfold(0, size, 1)[1:-1], series[size + 1 :]


# %% wrong: One value was left out between each window and its target; the very next one was meant.
def windows(series, size):
    return series.unfold(0, size, 1)[:-2], series[size + 1 :]


# %% wrong: The windows are right, but the targets begin one place too late, so that one is missing.
def windows(series, size):
    return series.unfold(0, size, 1)[:-1], series[size + 1 :]


# %% wrong: The targets are right, but a window is missing at the end.
def windows(series, size):
    return series.unfold(0, size, 1)[:-2], series[size:]


# %% wrong: The windows are right, but there is one target more than windows: the first value after the first window is `series[size]`.
def windows(series, size):
    return series.unfold(0, size, 1)[:-1], series[size - 1 :]


# %% wrong: A value behind the end of the series was asked for: the loop goes one window too far, or the place of the target is counted one too high.
def windows(series, size):
    count = len(series) - size + 1
    inputs = torch.stack([series[i : i + size] for i in range(count)])
    return inputs, torch.stack([series[i + size] for i in range(count)])


# %% wrong: These windows stand side by side, and so do their targets. Windows should overlap: each begins one place after the one before.
def windows(series, size):
    return series.unfold(0, size, size), series[size::size]


# %% wrong: The numbers in each window stand in reverse order.
def windows(series, size):
    return series.unfold(0, size, 1)[:-1].flip(1), series[size:]


# %% wrong: Only the windows were returned; the targets belong to the result.
def windows(series, size):
    return series.unfold(0, size, 1)[:-1]


# %% wrong: These are lists of tensors; two tensors were asked for.
def windows(series, size):
    places = range(len(series) - size)
    return [series[i : i + size] for i in places], [series[i + size] for i in places]


# %% wrong: The numbers are right, but `float32`, as `.float()` and new tensors of Python numbers are; the series may be `float64`.
def windows(series, size):
    return series.unfold(0, size, 1)[:-1].float(), series[size:].float()


# %% wrong: `inputs` is a part of the series, not a table of windows.
def windows(series, size):
    return series[:-size], series[size:]


# %% wrong: `as_strided` counts places in the storage: the values of a series that is cut out of another one can lie more than one place apart.
def windows(series, size):
    return series.as_strided((len(series) - size, size), (1, 1)), series[size:]


# %% wrong: The offset 0 is the first place of the storage, where a series that is cut out of another one does not begin.
def windows(series, size):
    step = series.stride(0)
    return series.as_strided((len(series) - size, size), (step, step), 0), series[size:]


# %% wrong: These strides lead behind the end of the storage: they count places, not bytes, and neighbouring windows begin one place apart.
def windows(series, size):
    n = len(series)
    inputs = torch.as_strided(series, (n - size, size), (4, 4))
    return inputs, series[size:]


# %% wrong: These strides lead behind the end of the storage: with `size` as the first the windows stand side by side, where each should begin one place after the one before.
def windows(series, size):
    s = series.stride(0)
    inputs = series.as_strided((len(series) - size, size), (size * s, s))
    return inputs, series[size:]


# %% wrong: These windows, and their targets, are `size` places apart. They should overlap: each begins one place after the one before.
def windows(series, size):
    inputs = []
    targets = []
    for i in range(0, len(series) - size, size):
        inputs.append(series[i : i + size])
        targets.append(series[i + size])
    return torch.stack(inputs), torch.stack(targets)


# %% wrong: The windows stand side by side, and the last is missing; they should overlap, each one place after the one before.
def windows(series, size):
    return series.unfold(0, size, size)[:-1], series[size:]


# %% wrong: The windows were joined into one row, (m,), with `cat`; they need a dimension that counts them.
def windows(series, size):
    inputs = []
    targets = []
    for i in range(len(series) - size):
        inputs.append(series[i : i + size])
        targets.append(series[i + size])
    return torch.cat(inputs), torch.tensor(targets)


# %% wrong: `torch.tensor` takes numbers, not a list of tensors that hold several each.
def windows(series, size):
    inputs = []
    targets = []
    for i in range(len(series) - size):
        inputs.append(series[i : i + size])
        targets.append(series[i + size])
    return torch.tensor(inputs), torch.tensor(targets)


# %% wrong: One value was left out between each window and its target, and one sample is missing for that.
def windows(series, size):
    inputs = []
    targets = []
    for i in range(len(series) - size - 1):
        inputs.append(series[i : i + size])
        targets.append(series[i + size + 1])
    return torch.stack(inputs), torch.stack(targets)


# %% wrong: The windows are one value too long: each has its own target at its end.
def windows(series, size):
    W = series.unfold(0, size + 1, 1)
    return W, W[:, -1]


# %% wrong: The columns of the table are right, but `reshape` does not exchange rows and columns: it keeps the order of reading.
def windows(series, size):
    n = len(series) - size
    return torch.stack([series[k : n + k] for k in range(size)]).reshape(n, size), series[size:]


# %% cases
def cases():
    yield (torch.tensor([10.0, 11.0, 12.0, 13.0, 14.0, 15.0]), 2)
    yield (torch.randn(20), 4)
    yield (torch.randn(9, dtype=torch.float64), 3)
    yield (torch.randint(0, 100, (8,)), 3)
    yield (torch.randn(5), 1)
    yield (torch.randn(4), 3)
    yield (torch.randn(30)[3::2], 5)
    yield (torch.randn(12)[4:], 3)
