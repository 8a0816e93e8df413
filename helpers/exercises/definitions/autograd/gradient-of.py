"""
title = "Gradient without traces"
kind = "write"
level = 2
minutes = 5
concepts = ["A04", "A02", "A05"]
task = "Return the gradient of `f` at `x`: a tensor of the shape and the dtype of `x`. The function `f` takes a tensor and returns one number, a tensor of shape (). Leave no traces: afterwards `x` and all tensors that `f` uses have the same `requires_grad` and the same `.grad` as before. Whether the result has a graph does not matter."
right = "A function that borrows a tensor and gives it back as it was can be used in the middle of any training loop."
hints = [
    "`x` itself may not ask for a gradient. Which tensor with the same numbers may?",
    "`backward()` fills the `.grad` of every leaf in the graph; `torch.autograd.grad` returns one gradient and fills none.",
    "`own = x.detach().clone().requires_grad_()`, then `torch.autograd.grad(f(own), own)`, which is a tuple with one entry for each input.",
]
"""

# %% setup
import torch
import torch._dynamo  # torch.func and torch.optim load it, slowly: not in the answer's time


# %% stub
def gradient_of(f, x: torch.Tensor) -> torch.Tensor:
    """Return the gradient of f, which returns one number, at x: the shape and dtype of x."""
    own = ...  # the numbers of x, in a leaf that asks for its gradient
    result = f(own)
    ...


# %% solution
def gradient_of(f, x):
    own = x.detach().clone().requires_grad_()
    (gradient,) = torch.autograd.grad(f(own), own)
    return gradient


# %% also right: a view of x is enough where nothing is changed
def gradient_of(f, x):
    own = x.detach()
    own.requires_grad = True
    return torch.autograd.grad(f(own), [own])[0]


# %% also right: torch.func
def gradient_of(f, x):
    return torch.func.grad(f)(x.detach())


# %% also right: backward for one input only
def gradient_of(f, x):
    own = x.detach().clone().requires_grad_(True)
    f(own).backward(inputs=[own])
    return own.grad


# %% also right: with a graph of the gradient
def gradient_of(f, x):
    own = x.detach().clone().requires_grad_()
    return torch.autograd.grad(f(own), own, create_graph=True)[0]


# %% wrong: The numbers are right, but `x` now asks for its gradient, and has one, and so may the tensors that `f` uses.
def gradient_of(f, x):
    x.requires_grad_()
    f(x).backward()
    return x.grad


# %% wrong: `x` was cleaned up afterwards with `None`, but it may have had a gradient before.
def gradient_of(f, x):
    asked = x.requires_grad
    x.requires_grad_()
    (gradient,) = torch.autograd.grad(f(x), x)
    x.grad = None
    x.requires_grad_(asked)
    return gradient


# %% wrong: `x` is left alone, but `backward()` also filled the `.grad` of another tensor that `f` uses.
def gradient_of(f, x):
    own = x.detach().clone().requires_grad_()
    f(own).backward()
    return own.grad


# %% wrong: This is the value of `f`, not its gradient.
def gradient_of(f, x):
    return f(x.detach())


# %% wrong: `torch.autograd.grad` returns a tuple with one gradient for each input, and here all of it was returned.
def gradient_of(f, x):
    own = x.detach().clone().requires_grad_()
    return torch.autograd.grad(f(own), own)


# %% wrong: The gradient is right, but `x` is left asking for its own.
def gradient_of(f, x):
    x.requires_grad_()
    return torch.autograd.grad(f(x), x)[0]


# %% wrong: `x` itself may not ask for a gradient, and then there is no graph to go back through.
def gradient_of(f, x):
    return torch.autograd.grad(f(x), x)[0]


# %% wrong: `item()` gives a plain number, which has no graph and no `backward`.
def gradient_of(f, x):
    own = x.detach().clone().requires_grad_()
    f(own).item().backward()
    return own.grad


# %% wrong: `x` may have a gradient from before: `backward()` adds to it, and so it counts in the result, and afterwards it is lost.
def gradient_of(f, x):
    asked = x.requires_grad
    x.requires_grad_()
    f(x).backward()
    gradient = x.grad.clone()
    x.grad = None
    x.requires_grad_(asked)
    return gradient


# %% wrong: `x` may have asked for its gradient before, and may have had one; here both are gone, and the old one counts in the result.
def gradient_of(f, x):
    x.requires_grad_()
    f(x).backward()
    gradient = x.grad.clone()
    x.grad = None
    x.requires_grad_(False)
    return gradient


# %% wrong: If `x` asks for its gradient, `x.clone()` is not a leaf but a result in the graph of `x`, and its `.grad` stays `None`. And `backward()` also fills the `.grad` of other tensors that `f` uses.
def gradient_of(f, x):
    own = x.clone().requires_grad_()
    f(own).backward()
    return own.grad


# %% wrong: `x.clone()` hangs on `x`, so `backward()` filled the `.grad` of `x`, if it asks, and that of other tensors that `f` uses.
def gradient_of(f, x):
    own = x.clone().requires_grad_()
    own.retain_grad()
    f(own).backward()
    return own.grad


# %% wrong: The result is `None`. `backward()` itself returns nothing, and `.grad` is `None` as long as no `backward()` has reached the tensor.
def gradient_of(f, x):
    own = x.detach().clone().requires_grad_()
    return f(own).backward()


# %% wrong: `f` was given a copy, and the gradient was asked for at `x`, which has no part in this graph.
def gradient_of(f, x):
    own = x.detach().clone().requires_grad_()
    return torch.autograd.grad(f(own), x)[0]


# %% wrong: This is the gradient of the result at itself, which is always 1; the one at `x` is asked for.
def gradient_of(f, x):
    own = x.detach().clone().requires_grad_()
    result = f(own)
    result.retain_grad()
    result.backward()
    return result.grad


# %% wrong: These are two results, the gradient and the value of `f`; the gradient alone is asked for.
def gradient_of(f, x):
    return torch.func.grad_and_value(f)(x)


# %% wrong: One number came out, the sum of the slopes; the gradient has one slope for each number of `x`.
def gradient_of(f, x):
    own = x.detach().clone().requires_grad_()
    return torch.autograd.grad(f(own), own)[0].sum()


# %% cases
class Formula:
    def __init__(self, text, **tensors):
        self.text, self.tensors = text, tensors

    def __call__(self, x):
        return eval(self.text, {"torch": torch, "x": x, **self.tensors})

    def __repr__(self):
        return self.text


def leaf(*numbers, grad):
    x = torch.tensor(numbers, requires_grad=True)
    x.grad = torch.full_like(x, grad)
    return x


def cases():
    yield Formula("(x**2).sum()"), torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    yield Formula("x**2 + 3 * x"), torch.tensor(2.0)
    yield Formula("(x**3).sum()"), leaf(1.0, -2.0, grad=10.0)
    w = leaf(3.0, 4.0, grad=1.0)
    yield Formula("(w * x).sum()", w=w), torch.tensor([1.0, 5.0])
    w = torch.tensor(2.0, requires_grad=True)
    yield Formula("torch.sigmoid(w * x).mean()", w=w), torch.randn(3, 4)
    yield Formula("x.exp().sum()"), torch.randn(4, 2, dtype=torch.float64).T


def traces(tensors):
    return [(t.requires_grad, None if t.grad is None else t.grad.clone()) for t in tensors]


def observe(answer, f, x):
    tensors = [x, *f.tensors.values()]
    before = traces(tensors)
    result = answer(f, x)
    if result is None:
        return None
    after = traces(tensors)
    same = [
        b[1] is a[1] is None or (b[1] is not None and a[1] is not None and torch.equal(b[1], a[1]))
        for b, a in zip(before, after)
    ]
    return {
        "the gradient": result,
        "x.requires_grad": x.requires_grad,
        "x.grad is as before": same[0],
        "the .grad of what f uses is as before": all(same[1:]),
        "requires_grad of what f uses": [asks for asks, _ in after[1:]],
    }
