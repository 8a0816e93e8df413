"""
title = "A walk"
kind = "repair"
level = 2
minutes = 4
concepts = ["T08", "T10"]
task = "`walk` takes NumPy arrays of decimal numbers, the place `start` (d,) and the `steps` (n, d), and should return the place after each step as a tensor (n, d), in the dtype of the arrays. Today every row that it returns is the last place, and `start` itself has moved there. Mend it."
right = "Whatever fills one array again and again, such as a camera, a reader of files or a simulation, gives its tensors this fault."
hints = [
    "How many different arrays are there in the whole loop, and how many names for them?",
    "`place += step` changes an array in place; `place + step` makes a new one. `torch.from_numpy` shares, `torch.tensor` copies.",
    "Keep the loop. The name `place` must stand for a new array after each step: `place = ...`",
]
"""

# %% setup
import numpy as np
import torch


# %% stub
def walk(start, steps):
    """Return the place after each step: arrays (d,) and (n, d) to a tensor (n, d)."""
    place = start
    path = []
    for step in steps:
        place += step
        path.append(torch.from_numpy(place))
    return torch.stack(path)


# %% solution
def walk(start, steps):
    place = start
    path = []
    for step in steps:
        place = place + step
        path.append(torch.from_numpy(place))
    return torch.stack(path)


# %% also right: a copy at the start, and one after each step
def walk(start, steps):
    place = start.copy()
    path = []
    for step in steps:
        place += step
        path.append(torch.tensor(place))
    return torch.stack(path)


# %% also right: tensors from the beginning
def walk(start, steps):
    place = torch.tensor(start)
    path = []
    for step in torch.tensor(steps):
        place += step
        path.append(place.clone())
    return torch.stack(path)


# %% also right: a running sum
def walk(start, steps):
    return torch.from_numpy(start + np.cumsum(steps, axis=0))


# %% also right: PyTorch's running sum, on shared memory that nothing writes into
def walk(start, steps):
    return torch.from_numpy(start) + torch.from_numpy(steps).cumsum(dim=0)


# %% also right: written into a new tensor row by row
def walk(start, steps):
    path = torch.empty(steps.shape, dtype=torch.from_numpy(steps).dtype)
    place = torch.tensor(start)
    for i in range(len(steps)):
        place = place + torch.from_numpy(steps[i])
        path[i] = place
    return path


# %% wrong: `path` still holds one array under many names, and `start` is a name of it too: nothing has been copied yet.
def walk(start, steps):
    place = start
    path = []
    for step in steps:
        place += step
        path.append(torch.as_tensor(place).contiguous())
    return torch.stack(path)


# %% wrong: `start` stays where it was now, but every row is still the last place: while `path` holds one array under many names, each step moves all of its entries.
def walk(start, steps):
    place = start.copy()
    path = []
    for step in steps:
        place += step
        path.append(torch.from_numpy(place))
    return torch.stack(path)


# %% wrong: The path is right, but `start` was moved: the caller's array was written into, by its own name or by something that shares its memory, such as a second name, a slice or a tensor of `from_numpy`.
def walk(start, steps):
    place = start
    path = []
    for step in steps:
        place += step
        path.append(torch.tensor(place))
    return torch.stack(path)


# %% wrong: The result is `float32`, as `torch.Tensor(...)`, `torch.zeros(...)`, `.float()` and lists of Python numbers give it; these arrays are `float64`.
def walk(start, steps):
    place = start
    path = []
    for step in steps:
        place = place + step
        path.append(torch.Tensor(place))
    return torch.stack(path)


# %% wrong: `float32` copies hid the sharing: the dtype is another one now, and `start` has still been moved.
def walk(start, steps):
    place = start
    path = []
    for step in steps:
        place += step
        path.append(torch.Tensor(place))
    return torch.stack(path)


# %% wrong: The path begins with `start` itself, and the place after the last step is missing.
def walk(start, steps):
    place = start
    path = []
    for step in steps:
        path.append(torch.from_numpy(place))
        place = place + step
    return torch.stack(path)


# %% wrong: Each step was added to `start` alone: a walk goes on from the place it has reached.
def walk(start, steps):
    path = []
    for step in steps:
        place = start + step
        path.append(torch.from_numpy(place))
    return torch.stack(path)


# %% wrong: This running sum holds the steps alone: the place where the walk starts was left out.
def walk(start, steps):
    return torch.from_numpy(np.cumsum(steps, axis=0))


# %% wrong: The result is `float64` whatever the arrays hold; it should have their dtype.
def walk(start, steps):
    return torch.tensor(start + steps.cumsum(0), dtype=torch.float64)


# %% wrong: The dtype is right at the end, but the sums were made in `float32`, which keeps about seven digits.
def walk(start, steps):
    path = torch.Tensor(start) + torch.Tensor(steps).cumsum(0)
    return path.to(torch.from_numpy(steps).dtype)


# %% wrong: The path is right, but the first row of `steps` was changed: the caller's array was written into, by its own name or by something that shares its memory.
def walk(start, steps):
    path = torch.from_numpy(steps)
    path[0] += torch.from_numpy(start)
    return path.cumsum(0)


# %% wrong: The place where the walk starts stands in front: that is one row too many.
def walk(start, steps):
    return torch.from_numpy(np.vstack([start, steps]).cumsum(0))


# %% wrong: Without an `axis` NumPy counts through all numbers of the table in one go.
def walk(start, steps):
    return torch.from_numpy(start + np.cumsum(steps))


# %% wrong: The sums run along each step, from one coordinate to the next; they should run from step to step.
def walk(start, steps):
    return torch.from_numpy(start + np.cumsum(steps, axis=1))


# %% wrong: The places are right, but this is a list of tensors; one tensor (n, d) was asked for.
def walk(start, steps):
    return [torch.from_numpy(place) for place in start + np.cumsum(steps, axis=0)]


# %% wrong: The path is right, but `steps` holds it too: the caller's array was written into, by its own name or by something that shares its memory.
def walk(start, steps):
    path = torch.from_numpy(steps)
    path[0] += torch.from_numpy(start)
    return path.cumsum_(0)


# %% wrong: The path is right, but `steps` holds its own running sum now: the caller's array was written into.
def walk(start, steps):
    np.cumsum(steps, axis=0, out=steps)
    return torch.from_numpy(steps + start)


# %% cases
def cases():
    def numbers(*shape):
        return torch.randn(*shape, dtype=torch.float64).numpy()

    yield (np.array([5.0, 0.0]), np.array([[1.0, 0.0], [0.0, 2.0], [1.0, 1.0]]))
    yield (numbers(3), numbers(20, 3))
    yield (numbers(2), numbers(1, 2))
    yield (numbers(2), numbers(12, 2)[::3])
    yield (numbers(4)[::2], numbers(2, 7).T)
    yield (numbers(2).astype(np.float32), numbers(6, 2).astype(np.float32))
    yield (np.array([2.0**30, 0.0]), np.array([[0.25, 1.0], [-(2.0**30), 1.0]]))
