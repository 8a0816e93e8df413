"""
title = "Freeze the first layers"
kind = "write"
level = 2
minutes = 5
concepts = ["A08", "X08", "A02", "A09"]
task = "`weights` is a list of leaf tensors, the first layer first. Freeze the first `num_frozen` of them, and let all others ask for their gradient, whatever each did before. No optimiser that still holds the frozen ones may move them, so their `.grad` is `None` afterwards; the `.grad` of the others may be kept or cleared. The tensors themselves are changed; nothing needs to be returned."
right = "Fine-tuning starts like this: the first layers of a trained model are frozen, and the last ones are trained."
hints = [
    "Two things decide about a tensor: whether it will get gradients, and what is left in `.grad` from before.",
    "`w.requires_grad_(...)` takes `True` or `False`; an optimiser passes over a tensor whose `.grad` is `None`.",
    "In the loop: `w.requires_grad_(number >= num_frozen)`, and then what the frozen ones need besides.",
]
"""

# %% setup
import torch


# %% stub
def freeze_first(weights: list[torch.Tensor], num_frozen: int) -> None:
    """Freeze the first num_frozen tensors, and let all others ask for their gradient."""
    for number, w in enumerate(weights):
        ...


# %% solution
def freeze_first(weights, num_frozen):
    for number, w in enumerate(weights):
        w.requires_grad_(number >= num_frozen)
        if not w.requires_grad:
            w.grad = None


# %% also right: two loops
def freeze_first(weights, num_frozen):
    for w in weights[:num_frozen]:
        w.requires_grad = False
        w.grad = None
    for w in weights[num_frozen:]:
        w.requires_grad = True


# %% also right: all gradients cleared
def freeze_first(weights, num_frozen):
    for w in weights:
        w.grad = None
        w.requires_grad_(False)
    [w.requires_grad_() for w in weights[num_frozen:]]


# %% wrong: The right ones are frozen, but an old gradient is still there, and an optimiser would use it.
def freeze_first(weights, num_frozen):
    for number, w in enumerate(weights):
        w.requires_grad_(number >= num_frozen)


# %% wrong: The first ones are frozen, but some of the others were frozen before, and still are.
def freeze_first(weights, num_frozen):
    for w in weights[:num_frozen]:
        w.requires_grad_(False)
        w.grad = None


# %% wrong: `requires_grad` of each tensor is as it was: it was not set here, or its name is misspelt, and Python lets you add an attribute of any name to a tensor.
def freeze_first(weights, num_frozen):
    for number, w in enumerate(weights):
        w.require_grad = number >= num_frozen
        if number < num_frozen:
            w.grad = None


# %% wrong: The others ask for their gradient now, but the first ones are as they were.
def freeze_first(weights, num_frozen):
    for number, w in enumerate(weights):
        if number >= num_frozen:
            w.requires_grad_(True)


# %% wrong: The tensors in the list are as they were. Another tensor, such as `detach()` returns, does not get into the list by taking the name `w`, and would not be the one that an optimiser holds.
def freeze_first(weights, num_frozen):
    for number, w in enumerate(weights):
        if number < num_frozen:
            w = w.detach()


# %% wrong: One too many is frozen: the numbers of the tensors start at 0.
def freeze_first(weights, num_frozen):
    for number, w in enumerate(weights):
        w.requires_grad_(number > num_frozen)
        if number <= num_frozen:
            w.grad = None


# %% wrong: It is the other way round: the first ones ask, and the others are frozen.
def freeze_first(weights, num_frozen):
    for number, w in enumerate(weights):
        w.requires_grad_(number < num_frozen)
        if number >= num_frozen:
            w.grad = None


# %% wrong: The list got other tensors. The old ones, which an optimiser may hold, are as they were.
def freeze_first(weights, num_frozen):
    for number, w in enumerate(weights):
        weights[number] = w.detach().clone().requires_grad_(number >= num_frozen)


# %% wrong: A tensor that no `backward()` has reached yet has `None` in `.grad`, and `None` cannot be filled with zeros.
def freeze_first(weights, num_frozen):
    for number, w in enumerate(weights):
        w.requires_grad_(number >= num_frozen)
        if number < num_frozen:
            w.grad.zero_()


# %% wrong: The right ones are frozen, but an old gradient is still there, though full of zeros: an optimiser with momentum or weight decay would still move the tensor.
def freeze_first(weights, num_frozen):
    for number, w in enumerate(weights):
        w.requires_grad_(number >= num_frozen)
        if number < num_frozen and w.grad is not None:
            w.grad.zero_()


# %% wrong: The last ones are frozen, and the first ones are asked for: the list begins with the first layer.
def freeze_first(weights, num_frozen):
    for w in weights:
        w.requires_grad_(True)
    for w in weights[-num_frozen:]:
        w.requires_grad_(False)
        w.grad = None


# %% wrong: All tensors are frozen, the others too.
def freeze_first(weights, num_frozen):
    for w in weights:
        w.requires_grad_(False)
        w.grad = None


# %% wrong: The first ones in the list are other tensors now. Those that stood there, which an optimiser may hold, are as they were.
def freeze_first(weights, num_frozen):
    for number, w in enumerate(weights):
        if number < num_frozen:
            weights[number] = w.detach()
        else:
            w.requires_grad_(True)


# %% wrong: The first ones are frozen, but an old gradient is still there, and an optimiser would use it. And some of the others were frozen before, and still are.
def freeze_first(weights, num_frozen):
    for number, w in enumerate(weights):
        if number < num_frozen:
            w.requires_grad = False


# %% wrong: It is the other way round: the first ones ask, and the others are frozen. And all gradients are cleared.
def freeze_first(weights, num_frozen):
    for number, w in enumerate(weights):
        w.requires_grad = number < num_frozen
        w.grad = None


# %% wrong: The first ones in the list are other tensors now, and those that stood there are as they were. And some of the others were frozen before, and still are.
def freeze_first(weights, num_frozen):
    for number, w in enumerate(weights):
        if number < num_frozen:
            weights[number] = w.detach()


# %% cases
class Weights(list):
    def __repr__(self):
        words = ["asks" if w.requires_grad else "frozen" for w in self]
        old = [" with an old gradient" * (w.grad is not None) for w in self]
        return ", ".join(map(str.__add__, words, old))


def leaf(asks, grad):
    w = torch.randn(2, 2, requires_grad=asks)
    if grad:
        w.grad = torch.ones(2, 2)
    return w


def cases():
    yield Weights(leaf(True, False) for _ in range(3)), 2
    yield Weights(leaf(True, True) for _ in range(2)), 1
    yield Weights(leaf(False, False) for _ in range(4)), 2
    yield Weights([leaf(False, True), leaf(True, True), leaf(False, False)]), 0
    yield Weights([leaf(True, True), leaf(True, False)]), 2


def observe(answer, weights, num_frozen):
    held = list(weights)
    answer(weights, num_frozen)
    left = [w.grad for w in held[:num_frozen] if w.grad is not None]
    kept = "numbers" if any(grad.any() for grad in left) else "zeros"
    return {
        "requires_grad of the given weights": [w.requires_grad for w in held],
        "the .grad of the frozen ones": kept if left else "None",
        "the list holds the same tensors": all(a is b for a, b in zip(held, weights)),
    }
