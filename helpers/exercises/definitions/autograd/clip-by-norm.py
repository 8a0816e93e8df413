"""
title = "Clip gradients by norm"
kind = "write"
level = 3
minutes = 6
concepts = ["A14", "A13"]
task = "`gradients` is a list of tensors of any shapes. Take all their numbers together as one long vector, and let `norm` be its length, the root of the sum of all squares. If it is above `max_norm`, make all gradients smaller by one common factor, so that the length becomes `max_norm`; else leave their numbers alone. Return a list of tensors of the same shapes and dtypes; those that were given keep their numbers."
right = "`torch.nn.utils.clip_grad_norm_` does this to the gradients of a model, and keeps one bad batch from ruining it."
hints = [
    "The length of the long vector is the root of the sum of all squares, over all tensors.",
    "One factor for all: `max_norm / norm`, but never above 1. `torch.clamp(..., max=1.0)` cuts it off.",
    "`norm = torch.stack([g.norm() for g in gradients]).norm()`, then the factor, then `[g * factor for g in ...]`.",
]
"""

# %% setup
import torch


# %% stub
def clip_by_norm(gradients: list[torch.Tensor], max_norm: float) -> list[torch.Tensor]:
    """Return the gradients, made smaller together if their common norm is above max_norm."""
    ...


# %% solution
def clip_by_norm(gradients, max_norm):
    norm = torch.stack([g.norm() for g in gradients]).norm()
    factor = torch.clamp(max_norm / norm, max=1.0)
    return [g * factor for g in gradients]


# %% also right: one long vector, and an if
def clip_by_norm(gradients, max_norm):
    norm = torch.cat([g.flatten() for g in gradients]).norm().item()
    if norm <= max_norm:
        return [g.clone() for g in gradients]
    return [g / norm * max_norm for g in gradients]


# %% also right: a sum of squares
def clip_by_norm(gradients, max_norm):
    norm = sum(g.square().sum().item() for g in gradients) ** 0.5
    factor = max_norm / max(norm, max_norm)
    return [factor * g for g in gradients]


# %% also right: PyTorch's own function, on stand-ins
def clip_by_norm(gradients, max_norm):
    owners = [torch.zeros_like(g, requires_grad=True) for g in gradients]
    for owner, g in zip(owners, gradients):
        owner.grad = g.clone()
    torch.nn.utils.clip_grad_norm_(owners, max_norm)
    return [owner.grad for owner in owners]


# %% also right: cut into pieces again
def clip_by_norm(gradients, max_norm):
    long = torch.cat([g.reshape(-1) for g in gradients])
    if long.norm() <= max_norm:
        return gradients
    pieces = (long / long.norm() * max_norm).split([g.numel() for g in gradients])
    return tuple(piece.view(g.shape) for piece, g in zip(pieces, gradients))


# %% wrong: Each tensor was clipped for itself, so their common direction has changed.
def clip_by_norm(gradients, max_norm):
    return [g * torch.clamp(max_norm / g.norm(), max=1.0) for g in gradients]


# %% wrong: This cuts off each number for itself: the direction has changed, and the length is not what was asked for.
def clip_by_norm(gradients, max_norm):
    return [g.clamp(-max_norm, max_norm) for g in gradients]


# %% wrong: The bound is for the length; here the square of the length is compared with it.
def clip_by_norm(gradients, max_norm):
    norm2 = sum((g**2).sum() for g in gradients)
    if norm2 > max_norm:
        return [g * max_norm / norm2.sqrt() for g in gradients]
    return [g.clone() for g in gradients]


# %% wrong: Gradients whose length is above 1 are scaled, also where that is below `max_norm`.
def clip_by_norm(gradients, max_norm):
    norm = torch.sqrt(sum((g**2).sum() for g in gradients))
    if norm > 1.0:
        return [g * (max_norm / norm) for g in gradients]
    return [g.clone() for g in gradients]


# %% wrong: Short gradients are made longer here: they should stay as they are.
def clip_by_norm(gradients, max_norm):
    norm = torch.stack([g.norm() for g in gradients]).norm()
    return [g * max_norm / norm for g in gradients]


# %% wrong: The lengths of the tensors were added up; the length of the long vector is less than that.
def clip_by_norm(gradients, max_norm):
    norm = sum(g.norm() for g in gradients)
    factor = torch.clamp(max_norm / norm, max=1.0)
    return [g * factor for g in gradients]


# %% wrong: The root is missing: the sum of the squares is the square of the length.
def clip_by_norm(gradients, max_norm):
    norm = sum((g**2).sum() for g in gradients)
    factor = torch.clamp(max_norm / norm, max=1.0)
    return [g * factor for g in gradients]


# %% wrong: The largest number was taken for the length.
def clip_by_norm(gradients, max_norm):
    norm = torch.stack([g.abs().max() for g in gradients]).max()
    factor = torch.clamp(max_norm / norm, max=1.0)
    return [g * factor for g in gradients]


# %% wrong: The numbers are right, but the tensors that were given have been changed too.
def clip_by_norm(gradients, max_norm):
    norm = torch.stack([g.norm() for g in gradients]).norm()
    factor = torch.clamp(max_norm / norm, max=1.0)
    for g in gradients:
        g *= factor
    return gradients


# %% wrong: All gradients were divided by their length, which makes it 1, whatever `max_norm` is.
def clip_by_norm(gradients, max_norm):
    norm = torch.stack([g.norm() for g in gradients]).norm()
    return [g / norm if norm > max_norm else g for g in gradients]


# %% wrong: The gradients came back as they were: no number in the list has changed.
def clip_by_norm(gradients, max_norm):
    norm = torch.stack([g.norm() for g in gradients]).norm()
    for g in gradients:
        g = g * torch.clamp(max_norm / norm, max=1.0)
    return gradients


# %% wrong: If all numbers are 0, so is the length, and Python does not divide a number by 0.
def clip_by_norm(gradients, max_norm):
    norm = sum(g.square().sum().item() for g in gradients) ** 0.5
    return [g * min(1.0, max_norm / norm) for g in gradients]


# %% wrong: The length of the longest tensor was taken; the vector of all numbers is longer.
def clip_by_norm(gradients, max_norm):
    norm = max(g.norm() for g in gradients)
    factor = torch.clamp(max_norm / norm, max=1.0)
    return [g * factor for g in gradients]


# %% wrong: `torch.cat` joins tensors of equal dimensions only, and the gradients may have any shapes.
def clip_by_norm(gradients, max_norm):
    norm = torch.cat(gradients).norm()
    return [g * torch.clamp(max_norm / norm, max=1.0) for g in gradients]


# %% wrong: `torch.stack` puts tensors of one shape together only, and the gradients may have any shapes.
def clip_by_norm(gradients, max_norm):
    norm = torch.stack(gradients).norm()
    return [g * torch.clamp(max_norm / norm, max=1.0) for g in gradients]


# %% wrong: The absolute numbers were added up; the length is the root of the sum of the squares.
def clip_by_norm(gradients, max_norm):
    norm = torch.cat([g.flatten() for g in gradients]).abs().sum()
    return [g * torch.clamp(max_norm / norm, max=1.0) for g in gradients]


# %% wrong: The factor is upside down: it makes long gradients longer.
def clip_by_norm(gradients, max_norm):
    norm = torch.cat([g.flatten() for g in gradients]).norm()
    return [g * torch.clamp(norm / max_norm, min=1.0) for g in gradients]


# %% wrong: The factor is never below 1 here, so nothing is made smaller, and short gradients are made longer.
def clip_by_norm(gradients, max_norm):
    norm = torch.cat([g.flatten() for g in gradients]).norm()
    factor = max(1.0, max_norm / norm)
    return [g * factor for g in gradients]


# %% wrong: This is the long vector itself; a list is asked for, with a tensor for each gradient.
def clip_by_norm(gradients, max_norm):
    long = torch.cat([g.flatten() for g in gradients])
    return long * torch.clamp(max_norm / long.norm(), max=1.0)


# %% wrong: Each number above `max_norm` was cut off for itself: the direction has changed, and large negative numbers are as they were.
def clip_by_norm(gradients, max_norm):
    return [g.clamp(max=max_norm) for g in gradients]


# %% wrong: If nothing has to be made smaller, this list is empty; all gradients belong in it.
def clip_by_norm(gradients, max_norm):
    norm = torch.cat([g.flatten() for g in gradients]).norm()
    return [g * max_norm / norm for g in gradients if norm > max_norm]


# %% wrong: `len` tells how many numbers there are. The length of a vector is the root of the sum of all squares.
def clip_by_norm(gradients, max_norm):
    norm = len(torch.cat([g.flatten() for g in gradients]))
    if norm > max_norm:
        return [g * max_norm / norm for g in gradients]
    return gradients


# %% wrong: `clip_grad_norm_` looks at the `.grad` of the tensors that it is given, and these have none: they are gradients themselves. And what it returns is the norm.
def clip_by_norm(gradients, max_norm):
    return torch.nn.utils.clip_grad_norm_(gradients, max_norm)


# %% wrong: `clip_grad_norm_` looks at the `.grad` of what it is given, and here that is `None`: the gradients stand in the numbers of the parameters.
def clip_by_norm(gradients, max_norm):
    owners = [torch.nn.Parameter(g) for g in gradients]
    torch.nn.utils.clip_grad_norm_(owners, max_norm)
    return [owner.grad for owner in owners]


# %% wrong: A mean was taken over the squares of each tensor; in the length all squares are added up.
def clip_by_norm(gradients, max_norm):
    norm = sum((g**2).mean() for g in gradients).sqrt()
    return [g * torch.clamp(max_norm / norm, max=1.0) for g in gradients]


# %% cases
def cases():
    yield [torch.tensor([6.0, 0.0]), torch.tensor([8.0])], 5.0
    yield [torch.tensor([0.3, 0.0]), torch.tensor([0.4])], 5.0
    yield [torch.tensor([[3.0, 0.0]])], 5.0
    yield [torch.tensor([2.0])], 5.0
    yield [torch.tensor([[3.0, 4.0]]), torch.tensor(0.0)], 5.0
    yield [torch.zeros(2, 2), torch.zeros(3)], 1.0
    yield [torch.randn(4, 3), torch.randn(4), torch.randn(2, 4).T, torch.randn(())], 1.5
    yield [torch.randn(5, dtype=torch.float64) * 100], 0.5
