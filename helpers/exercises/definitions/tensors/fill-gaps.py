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


# %% wrong: `view` cannot lay a transposed table out in one row, as its numbers do not lie in that order; a table may be transposed.
def fill_gaps(readings):
    flat = readings.clone().view(-1)
    gaps = flat.isnan()
    flat[gaps] = flat[~gaps].mean()
    return flat.view(readings.shape)


# %% wrong: The gaps are filled, but the result is `float32`, as `.float()`, `torch.empty(...)` and new tensors of Python numbers are; the readings may be `float64`.
def fill_gaps(readings):
    filled = torch.tensor(readings.tolist())
    gaps = filled.isnan()
    filled[gaps] = filled[~gaps].mean()
    return filled


# %% wrong: The gaps are still filled in `readings` itself: a view, or a second name, has the memory of the original.
def fill_gaps(readings):
    filled = readings.view(readings.shape)
    gaps = filled.isnan()
    filled[gaps] = filled[~gaps].mean()
    return filled


# %% wrong: `flatten` and `reshape` give a view where they can, and of a transposed table a copy: there the gaps are still open.
def fill_gaps(readings):
    filled = readings.clone()
    flat = filled.flatten()
    flat[flat.isnan()] = readings.nanmean()
    return filled


# %% wrong: What was returned still has its gaps. Usual reasons: a mean that takes NaN in, or of the gaps alone, is NaN itself; `== nan` is never true; two pairs of brackets write into a copy that nobody keeps; `readings` was returned and not the copy.
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


# %% wrong: The readings that were there became the mean, and the gaps are still NaN: the mask, or the two values of `torch.where`, are the wrong way round.
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


# %% wrong: The gaps are filled, but the result is `float64`, whatever the dtype of the readings.
def fill_gaps(readings):
    return readings.double().nan_to_num(readings.nanmean().item())


# %% wrong: What was returned still has its gaps, and those of `readings` were filled: the copy was made, but the original was written into.
def fill_gaps(readings):
    filled = readings.clone()
    gaps = readings.isnan()
    readings[gaps] = readings[~gaps].mean()
    return filled


# %% wrong: Nothing is equal to NaN, not even NaN: a comparison by `==` finds no gap.
def fill_gaps(readings):
    filled = readings.clone()
    for i in range(len(filled)):
        if filled[i] == float("nan"):
            filled[i] = filled[~filled.isnan()].mean()
    return filled


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
