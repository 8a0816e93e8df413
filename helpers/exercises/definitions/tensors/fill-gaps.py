"""
title = "Fill the gaps"
kind = "repair"
level = 2
minutes = 3
concepts = ["T11", "T10"]
task = "`fill_gaps` replaces each missing reading (NaN) of a series or a table, also a transposed one, by the mean of all others, and what it returns is right. But a program that counts the missing readings afterwards, in the tensor that it passed in, finds none. Mend it."
right = "The same care is due wherever a function is handed a tensor: `[:]` copies a list, and of a tensor it gives a view."
hints = [
    "Which line writes, and whose memory does it write into?",
    "A slice is a view. `clone()` copies, and `torch.where` makes a new tensor.",
    "Only the first line is at fault: after it, `filled` must have memory of its own. `filled = readings.___()`",
]
"""

# %% setup
import torch


# %% stub
def fill_gaps(readings):
    """Return the readings, each NaN replaced by the mean of the others: same shape and dtype."""
    filled = readings[:]
    gaps = filled.isnan()
    filled[gaps] = filled[~gaps].mean()
    return filled


# %% solution
def fill_gaps(readings):
    filled = readings.clone()
    gaps = filled.isnan()
    filled[gaps] = filled[~gaps].mean()
    return filled


# %% also right: a choice between two values, place by place
def fill_gaps(readings):
    return torch.where(readings.isnan(), readings.nanmean(), readings)


# %% also right: NaN as a number of our choice
def fill_gaps(readings):
    return readings.nan_to_num(nan=readings[~readings.isnan()].mean().item())


# %% also right: masked_fill, which copies
def fill_gaps(readings):
    gaps = readings != readings
    return readings.masked_fill(gaps, readings[~gaps].mean().item())


# %% also right: a deep copy, then a loop
def fill_gaps(readings):
    import copy

    filled = copy.deepcopy(readings)
    mean = readings.nanmean()
    for i in range(len(filled)):
        filled[i][filled[i].isnan()] = mean
    return filled


# %% wrong: The gaps are still filled in `readings` itself: a view, or a second name, has the memory of the original.
def fill_gaps(readings):
    filled = readings.view(readings.shape)
    gaps = filled.isnan()
    filled[gaps] = filled[~gaps].mean()
    return filled


# %% wrong: `flatten` gives a view where it can, and of a transposed table a copy: there the gaps are still open.
def fill_gaps(readings):
    filled = readings.clone()
    flat = filled.flatten()
    flat[flat.isnan()] = readings.nanmean()
    return filled


# %% wrong: The gaps are still NaN, for one of three reasons: a mean that takes them in is NaN itself, `== nan` is never true, and two pairs of brackets write into a copy that nobody keeps.
def fill_gaps(readings):
    filled = readings.clone()
    gaps = filled.isnan()
    filled[gaps] = filled.mean()
    return filled


# %% wrong: The gaps were taken out, not filled: there are fewer readings than before.
def fill_gaps(readings):
    return readings[~readings.isnan()]


# %% wrong: The gaps were filled with 0, not with the mean of the other readings.
def fill_gaps(readings):
    return readings.nan_to_num()


# %% wrong: The gaps were counted as zeros in the mean, which draws it towards 0.
def fill_gaps(readings):
    filled = readings.nan_to_num()
    filled[readings.isnan()] = filled.mean()
    return filled


# %% wrong: `torch.where` takes its second argument where the condition is true, and its third elsewhere: these two are the wrong way round.
def fill_gaps(readings):
    return torch.where(readings.isnan(), readings, readings.nanmean())


# %% wrong: All readings were replaced by the mean, those that were there as well.
def fill_gaps(readings):
    filled = readings.clone()
    filled[:] = readings.nanmean()
    return filled


# %% wrong: `float()` copies only where the dtype changes: of `float32` readings it gives the tensor itself, and of `float64` ones a copy of another dtype.
def fill_gaps(readings):
    filled = readings.float()
    gaps = filled.isnan()
    filled[gaps] = filled[~gaps].mean()
    return filled


# %% wrong: Each gap in a table got the mean of its column; the mean of all other readings was meant.
def fill_gaps(readings):
    return torch.where(readings.isnan(), readings.nanmean(dim=0), readings)


# %% wrong: Each gap in a table got the mean of its row; the mean of all other readings was meant.
def fill_gaps(readings):
    return torch.where(readings.isnan(), readings.nanmean(dim=-1, keepdim=True), readings)


# %% wrong: The gaps were filled with the number in the middle, the median; the mean was meant.
def fill_gaps(readings):
    return torch.where(readings.isnan(), readings.nanmedian(), readings)


# %% cases
def cases():
    nan = float("nan")
    yield (torch.tensor([1.0, nan, 3.0, 8.0]),)
    yield (torch.tensor([2.0, 4.0, 6.0]),)
    readings = torch.randn(40) + 3
    readings[torch.rand(40) < 0.3] = nan
    yield (readings,)
    yield (readings.double().reshape(5, 8),)
    yield (readings.reshape(8, 5).T,)
    yield (readings[::3],)
    yield (torch.tensor([[nan, -1.0]]),)
