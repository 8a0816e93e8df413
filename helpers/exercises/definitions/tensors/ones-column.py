"""
title = "A column of ones"
kind = "write"
level = 2
minutes = 4
concepts = ["T25", "T17", "T04"]
task = "Put a column of ones in front of the table `X` (n, d): (n, d + 1). The ones get the dtype and the device of `X`, whatever they are; the check also tries a device that is not the CPU."
right = "A function written so runs on the CPU, on a GPU and in half precision without a change; the column of ones is how a linear model gets its constant."
hints = [
    "Which shape must the ones have, so that they can be joined to `X` along its columns?",
    "`torch.ones` takes `dtype=` and `device=`, and `X` has attributes of these names. `torch.cat` joins along a dimension that exists.",
    "`ones = torch.ones(n, 1, dtype=X.dtype, device=...)`, and then `torch.cat([...], dim=...)`.",
]
"""

# %% setup
import torch


# %% stub
def with_ones(X: torch.Tensor) -> torch.Tensor:
    """Return X with a column of ones in front: (n, d) to (n, d + 1), dtype and device of X."""
    n = X.shape[0]
    ones = ...
    return ...


# %% solution
def with_ones(X):
    n = X.shape[0]
    ones = torch.ones(n, 1, dtype=X.dtype, device=X.device)
    return torch.cat([ones, X], dim=1)


# %% also right: new_ones takes both from X
def with_ones(X):
    return torch.hstack([X.new_ones(len(X), 1), X])


# %% also right: ones like the first column
def with_ones(X):
    n = X.shape[0]
    ones = torch.ones_like(X[:, 0]).reshape(n, 1)
    return torch.concat((ones, X), 1)


# %% also right: moved and converted afterwards
def with_ones(X):
    ones = torch.ones(X.shape[0], 1).to(X)
    return torch.cat([ones, X], dim=-1)


# %% also right: a new table that is filled
def with_ones(X):
    n, d = X.shape
    result = torch.empty(n, d + 1, dtype=X.dtype, device=X.device)
    result[:, 0] = 1
    result[:, 1:] = X
    return result


# %% also right: padding on the left
def with_ones(X):
    return torch.nn.functional.pad(X, (1, 0), value=1)


# %% also right: a new table on the CPU, filled and then moved
def with_ones(X):
    n, d = X.shape
    out = torch.ones(n, d + 1, dtype=X.dtype)
    out[:, 1:] = X
    return out.to(X.device)


# %% also right: a power that is 1 for every number
def with_ones(X):
    return torch.cat((X[:, :1] ** 0, X), -1)


# %% wrong: The ones have the dtype that PyTorch finds for the number 1, `int64`; tables of smaller whole numbers become `int64` by that.
def with_ones(X):
    n = X.shape[0]
    ones = torch.full((n, 1), 1, device=X.device)
    return torch.cat((ones, X), 1)


# %% wrong: The ones are `float32` and on one fixed device, wherever `X` is and whatever its dtype.
def with_ones(X):
    n = X.shape[0]
    ones = torch.ones(n, 1)
    return torch.cat([ones, X], dim=1)


# %% wrong: The device is right, but the ones have the default dtype `float32`, and joined with whole or with half-precision numbers it wins.
def with_ones(X):
    n = X.shape[0]
    ones = torch.ones(n, 1, device=X.device)
    return torch.cat([ones, X], dim=1)


# %% wrong: The dtype is right, but the ones are made on one fixed device, whichever `X` is on.
def with_ones(X):
    n = X.shape[0]
    ones = torch.ones(n, 1, dtype=X.dtype)
    return torch.cat([ones, X], dim=1)


# %% wrong: The dtype is right, but the result is on the CPU, wherever `X` is: who calls this with `X` on a GPU expects it there.
def with_ones(X):
    ones = torch.ones(X.shape[0], 1, dtype=X.dtype)
    return torch.cat([ones, X.cpu()], dim=1)


# %% wrong: The ones stand behind `X`, not in front of it.
def with_ones(X):
    return torch.cat([X, X.new_ones(len(X), 1)], dim=1)


# %% wrong: This is a row of ones on top of `X`: (n + 1, d).
def with_ones(X):
    return torch.cat([X.new_ones(1, X.shape[1]), X], dim=0)


# %% wrong: `ones_like(X)` has the shape of `X`: that puts d columns of ones in front, not one.
def with_ones(X):
    return torch.cat([torch.ones_like(X), X], dim=1)


# %% wrong: The first column of `X` was overwritten with ones; it should move to the right.
def with_ones(X):
    result = X.clone()
    result[:, 0] = 1
    return result


# %% wrong: The dtype of `X` came back too late: on the way all numbers were `float32`, which does not hold every whole number above 16777216.
def with_ones(X):
    ones = torch.ones(X.shape[0], 1).to(X.device)
    return torch.cat([ones, X], dim=1).to(X.dtype)


# %% wrong: A number over itself is 1 in most cases; but 0 / 0 is NaN, and division turns whole numbers into `float32`.
def with_ones(X):
    return torch.cat([X[:, :1] / X[:, :1], X], dim=1)


# %% wrong: These ones have shape (n,); to stand beside the columns of `X` they need two dimensions, as `X` has.
def with_ones(X):
    return torch.cat([torch.ones(X.shape[0], dtype=X.dtype, device=X.device), X], dim=1)


# %% wrong: `stack` makes a new dimension, so both sides must have one shape; here one side is wider.
def with_ones(X):
    return torch.stack([X.new_ones(len(X), 1), X], dim=1)


# %% wrong: The column in front holds zeros, not ones.
def with_ones(X):
    return torch.cat([X.new_zeros(len(X), 1), X], dim=1)


# %% wrong: The ones are `float64`, and joined with any other dtype it wins.
def with_ones(X):
    ones = torch.ones(X.shape[0], 1, dtype=torch.float64, device=X.device)
    return torch.cat([ones, X], dim=1)


# %% wrong: A new table has the default dtype `float32` and is on the CPU, whatever the dtype and the device of `X`.
def with_ones(X):
    n, d = X.shape
    out = torch.ones(n, d + 1)
    out[:, 1:] = X
    return out


# %% wrong: A tensor made of Python numbers is on the CPU, and its dtype is found from the numbers: neither is that of `X`.
def with_ones(X):
    rows = []
    for row in X.tolist():
        rows.append([1] + row)
    return torch.tensor(rows)


# %% wrong: Everything became `float32`, whatever the dtype of `X`, and the ones are made on one fixed device.
def with_ones(X):
    n = X.shape[0]
    ones = torch.ones(n, 1, dtype=torch.float32)
    return torch.cat([ones, X.float()], dim=1)


# %% wrong: The first column of `X` itself was overwritten with ones: a slice is a view.
def with_ones(X):
    n = X.shape[0]
    ones = X[:, :1]
    ones[:] = 1
    return torch.cat([ones, X], dim=1)


# %% wrong: Without a `dim` the tables are joined one below the other; the ones should stand beside `X`.
def with_ones(X):
    n = X.shape[0]
    ones = torch.ones(n, 1, dtype=X.dtype, device=X.device)
    return torch.cat([ones, X])


# %% wrong: `torch.cat` takes the tensors together, in one list or tuple.
def with_ones(X):
    n = X.shape[0]
    ones = torch.ones_like(X[:, :1])
    return torch.cat(ones, X, dim=1)


# %% wrong: These ones have shape (n,), and `hstack` joins what has as many dimensions as `X`.
def with_ones(X):
    ones = torch.ones_like(X)[:, 0]
    return torch.hstack((ones, X))


# %% cases
def cases():
    yield (torch.tensor([[5.0, 6.0], [7.0, 8.0], [9.0, 2.0]]),)
    yield (torch.tensor([[5, 6, 7], [8, 9, 10]]),)
    yield (torch.randn(4, 3).half(),)
    yield (torch.randn(5, 2, dtype=torch.float64),)
    yield (torch.randn(3, 4).T,)
    yield (torch.randn(4, 4),)
    yield (torch.randn(6, 1),)
    yield (torch.tensor([[0.0, 2.0], [float("nan"), 0.0]]),)
    yield (torch.tensor([[2**24 + 1, 3], [0, 2**60 + 1]]),)
    yield (torch.tensor([[5, 6], [7, 8]], dtype=torch.int32),)
    yield (torch.tensor([[5, 6], [7, 8]], dtype=torch.uint8),)


class Posing(torch.Tensor):
    """Numbers on the CPU that pose as a tensor on another device."""


class OtherDevice(torch.overrides.TorchFunctionMode):
    """Let posing tensors call their device "meta", make others there, and meet no tensor of the CPU.

    A real tensor on "meta" does not serve: its first addition loads code for several seconds.
    """

    def __torch_function__(self, func, types, args=(), kwargs=None):
        kwargs = dict(kwargs or {})
        items = [*args, *kwargs.values()]
        items = [x for item in items for x in (item if isinstance(item, tuple | list) else [item])]
        tensors = [x for x in items if isinstance(x, torch.Tensor)]
        away = {isinstance(x, Posing) for x in tensors if x.ndim}
        if func == torch.Tensor.device.__get__:
            return torch.device("meta" if True in away else "cpu")
        name, device = getattr(func, "__name__", ""), kwargs.pop("device", None)
        if name in ("to", "type_as"):
            device = device or next(
                (x for x in args[1:] if isinstance(x, torch.device | str)), None
            )
            away = {isinstance(x, Posing) for x in tensors[-1:]}
            args = (args[0], *(x for x in args[1:] if not isinstance(x, torch.device | str)))
        if name in ("__setitem__", "copy_"):  # numbers may be copied from one device to another
            away = {isinstance(args[0], Posing)}
        if device is not None or name == "cpu":
            away = {torch.device(device or "cpu").type == "meta"}
        if len(away) > 1:
            raise RuntimeError("Expected all tensors to be on the same device: meta and cpu!")
        kind = Posing if True in away else torch.Tensor
        bare = name == "to" and len(args) == 1 and not kwargs
        result = args[0] if bare else func(*args, **kwargs)
        return result.as_subclass(kind) if isinstance(result, torch.Tensor) else result


def observe(answer, X):
    result = answer(X)
    with OtherDevice():
        try:
            place = str(getattr(answer(X.to("meta")), "device", None))
        except RuntimeError as error:
            place = "an error: two devices met" if "same device" in str(error) else str(error)
    return {"the result": result, "the device of the result, with X on 'meta'": place}
