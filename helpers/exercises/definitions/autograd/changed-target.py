"""
title = "A loss that is always 0"
kind = "repair"
level = 2
minutes = 5
concepts = ["A08"]
task = "The model's shares `p` (n, classes) are compared with a sharper version of themselves, which counts as given: squared, then divided so that each row adds up to 1 again. But the loss is always 0, and `p` has changed afterwards. Repair it, so that the loss is right, no gradient comes through the target, and `p` stays as it is."
right = "Training on unlabelled pictures often uses such targets, made from the model's own answers."
hints = [
    "Print `p` before and after the two lines in the middle.",
    "`detach()` gives a view: the same memory, without the history. What gives a copy?",
    "`target = p.detach()...`, with one more call that copies the numbers.",
]
"""

# %% setup
import torch


# %% stub
def sharpening_loss(p: torch.Tensor) -> torch.Tensor:
    """Return the mean squared distance of p (n, classes) from its sharper version: ()."""
    target = p.detach()
    target.pow_(2)
    target.div_(target.sum(dim=1, keepdim=True))
    return ((p - target) ** 2).mean()


# %% solution
def sharpening_loss(p):
    target = p.detach().clone()
    target.pow_(2)
    target.div_(target.sum(dim=1, keepdim=True))
    return ((p - target) ** 2).mean()


# %% also right: new tensors, out of place
def sharpening_loss(p):
    target = p.detach() ** 2
    target = target / target.sum(dim=1, keepdim=True)
    return torch.nn.functional.mse_loss(p, target)


# %% also right: made where nothing is recorded
def sharpening_loss(p):
    with torch.no_grad():
        squares = p * p
        target = squares / squares.sum(1)[:, None]
    return (p - target).square().mean()


# %% also right: tracked, and detached at the end
def sharpening_loss(p):
    target = p.clone()
    target = target.pow(2) / target.pow(2).sum(dim=1, keepdim=True)
    return ((p - target.detach()) ** 2).mean()


# %% wrong: The value is right, but the target is tracked: the gradient comes through it too.
def sharpening_loss(p):
    target = p.clone()
    target = target**2
    target = target / target.sum(dim=1, keepdim=True)
    return ((p - target) ** 2).mean()


# %% wrong: The numbers of `p` itself were changed: `target` had the same memory when the steps in between were made.
def sharpening_loss(p):
    target = p.data
    target.pow_(2)
    target.div_(target.sum(dim=1, keepdim=True))
    return ((p - target) ** 2).mean()


# %% wrong: The value is right, but the loss has lost its graph, so nothing can be learned from it.
def sharpening_loss(p):
    p = p.detach()
    target = p**2
    target = target / target.sum(dim=1, keepdim=True)
    return ((p - target) ** 2).mean()


# %% wrong: The two are exchanged: here the gradient comes through the target, and `p` counts as given.
def sharpening_loss(p):
    target = p**2
    target = target / target.sum(dim=1, keepdim=True)
    return ((p.detach() - target) ** 2).mean()


# %% wrong: `p` stays as it is, but the rows of the target do not add up to 1 again after the squares.
def sharpening_loss(p):
    target = p.detach().pow(2)
    target.div(target.sum(dim=1, keepdim=True))
    return ((p - target) ** 2).mean()


# %% wrong: The columns of the target add up to 1 here, and not its rows.
def sharpening_loss(p):
    target = p.detach() ** 2
    target = target / target.sum(dim=0, keepdim=True)
    return ((p - target) ** 2).mean()


# %% wrong: The `p` that was given is spared, but the loss is still 0, and teaches nothing: either both sides of the difference have the same memory, or `pow` and `div` gave new tensors that nothing has kept, or the differences cancelled before they were squared.
def sharpening_loss(p):
    p = p.clone()
    target = p.detach()
    target.pow_(2)
    target.div_(target.sum(dim=1, keepdim=True))
    return ((p - target) ** 2).mean()


# %% wrong: `item()` takes the number out and leaves the graph behind, so nothing can be learned from it.
def sharpening_loss(p):
    target = p.detach().clone()
    target.pow_(2)
    target.div_(target.sum(dim=1, keepdim=True))
    return ((p - target) ** 2).mean().item()


# %% wrong: `target` is `p` itself here, a leaf that asks for its gradient, and such a tensor is not changed in place while PyTorch records.
def sharpening_loss(p):
    target = p
    target.pow_(2)
    target.div_(target.sum(dim=1, keepdim=True))
    return ((p - target) ** 2).mean()


# %% wrong: All numbers of the target together add up to 1 here; each row should.
def sharpening_loss(p):
    target = p.detach() ** 2
    target = target / target.sum()
    return ((p - target) ** 2).mean()


# %% wrong: The squares are added up here; their mean is asked for.
def sharpening_loss(p):
    target = p.detach() ** 2
    target = target / target.sum(dim=1, keepdim=True)
    return ((p - target) ** 2).sum()


# %% wrong: Without `keepdim=True` the sums of the rows have the shape (n,), and they meet the columns.
def sharpening_loss(p):
    target = p.detach() ** 2
    target = target / target.sum(dim=1)
    return ((p - target) ** 2).mean()


# %% wrong: The value is right, but the loss was computed from a copy of `p` with a graph of its own, so no gradient reaches the `p` that was given.
def sharpening_loss(p):
    p = p.detach().clone().requires_grad_()
    target = p.detach() ** 2
    target = target / target.sum(dim=1, keepdim=True)
    return ((p - target) ** 2).mean()


# %% wrong: The softmax makes rows that add up to 1 in another way; here each row is divided by its sum.
def sharpening_loss(p):
    target = p.detach() ** 2
    return ((p - target.softmax(1)) ** 2).mean()


# %% wrong: These are absolute differences; squared ones are asked for.
def sharpening_loss(p):
    target = p.detach() ** 2
    target = target / target.sum(dim=1, keepdim=True)
    return (p - target).abs().mean()


# %% wrong: `p` itself was changed: its squares were written into the memory that it shares with the target.
def sharpening_loss(p):
    target = p.detach().pow_(2)
    target = target / target.sum(dim=1, keepdim=True)
    return ((p - target) ** 2).mean()


# %% wrong: The squares of each row were added up, and only then came the mean; it is one over all numbers.
def sharpening_loss(p):
    target = p.detach() ** 2
    target = target / target.sum(dim=1, keepdim=True)
    return ((p - target) ** 2).sum(dim=1).mean()


# %% cases
def shares(*shape, **options):
    return torch.randn(*shape, **options).softmax(1).requires_grad_()


def cases():
    yield (torch.tensor([[0.8, 0.2], [0.5, 0.5], [0.1, 0.9]], requires_grad=True),)
    yield (shares(1, 3),)
    yield (shares(5, 4, dtype=torch.float64),)
    yield (shares(3, 3),)


def observe(answer, p):
    loss = answer(p)
    if loss is None:
        return None
    tracked = isinstance(loss, torch.Tensor) and loss.requires_grad
    found = {"the loss": loss, "the loss has a graph": tracked}
    gradient = torch.zeros_like(p)
    if tracked and loss.dim() == 0:
        gradient = torch.autograd.grad(loss, p, allow_unused=True, materialize_grads=True)[0]
    return found | {"the gradient at p": gradient}
