"""
title = "A vector-Jacobian product"
kind = "write"
level = 1
minutes = 4
concepts = ["A06", "A07"]
task = "Return the vector-Jacobian product $vJ$ of the function `f` at `x`, a tensor of shape (n,): the result has this shape too, and the dtype of `x`. The function takes a tensor of shape (n,) and returns one of shape (m,), and `v` has shape (m,). The tensor `x` may ask for its gradient already, and bring an old one along, which must not count; its own `requires_grad` and `.grad` may be changed."
right = "This is what each node of a graph does on the way back: it gets v, and passes vJ on."
hints = [
    "`f` returns several numbers. What does `backward` want to know about them?",
    "Both `backward(v)` of a tensor and `torch.autograd.grad(..., grad_outputs=v)` compute this product.",
    "`own = x.detach().clone().requires_grad_()`, then `f(own).backward(...)`; the product is then in `own.grad`.",
]
"""

# %% setup
import torch
import torch._dynamo  # torch.func and torch.optim load it, slowly: not in the answer's time


# %% stub
def vector_jacobian(f, x: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    """Return v times the Jacobian of f at x: (n,), with the dtype of x, for v: (m,)."""
    ...


# %% solution
def vector_jacobian(f, x, v):
    own = x.detach().clone().requires_grad_()
    f(own).backward(v)
    return own.grad


# %% also right: torch.autograd.grad
def vector_jacobian(f, x, v):
    own = x.detach().requires_grad_()
    return torch.autograd.grad(f(own), own, grad_outputs=v)[0]


# %% also right: one number first
def vector_jacobian(f, x, v):
    own = x.detach().clone().requires_grad_()
    (f(own) * v).sum().backward()
    return own.grad


# %% also right: the whole Jacobian
def vector_jacobian(f, x, v):
    return v @ torch.func.jacrev(f)(x.detach())


# %% also right: torch.func.vjp
def vector_jacobian(f, x, v):
    _, product = torch.func.vjp(f, x)
    return product(v)[0]


# %% also right: on x itself, after a clearing
def vector_jacobian(f, x, v):
    x.requires_grad_().grad = None
    torch.autograd.backward(f(x), v)
    return x.grad


# %% wrong: `x` may bring an old gradient along: `backward` adds to it, and so it counts in the result.
def vector_jacobian(f, x, v):
    x.requires_grad_()
    f(x).backward(v)
    return x.grad


# %% wrong: If `x` asks for its gradient already, its clone is not a leaf but a result in the graph of `x`, and in the `.grad` of a result nothing is kept.
def vector_jacobian(f, x, v):
    own = x.clone().requires_grad_()
    f(own).backward(v)
    return own.grad


# %% wrong: `v` has no part in this: it is the gradient of the sum of all outputs.
def vector_jacobian(f, x, v):
    own = x.detach().clone().requires_grad_()
    f(own).sum().backward()
    return own.grad


# %% wrong: `backward()` without a vector works from a single number only, and `f` may return more.
def vector_jacobian(f, x, v):
    own = x.detach().clone().requires_grad_()
    f(own).backward()
    return own.grad


# %% wrong: This is the Jacobian itself; its product with `v` is asked for.
def vector_jacobian(f, x, v):
    return torch.func.jacrev(f)(x.detach())


# %% wrong: `v` was multiplied with the outputs of `f`, and no gradient was taken.
def vector_jacobian(f, x, v):
    return (f(x) * v).sum()


# %% wrong: `v` has one number for each output, but here it met the gradient, which has one for each input.
def vector_jacobian(f, x, v):
    own = x.detach().clone().requires_grad_()
    f(own).sum().backward()
    return own.grad * v


# %% wrong: This is `J @ v`, from the right: it adds over the inputs, and not over the outputs.
def vector_jacobian(f, x, v):
    return torch.func.jacrev(f)(x.detach()) @ v


# %% wrong: `x` does not ask for its gradient, so PyTorch has recorded nothing to go back through.
def vector_jacobian(f, x, v):
    f(x).backward(v)
    return x.grad


# %% wrong: This is a tuple with one product for each input, as `torch.autograd.grad` returns it; the tensor in it is asked for.
def vector_jacobian(f, x, v):
    own = x.detach().clone().requires_grad_()
    return torch.autograd.grad(f(own), own, grad_outputs=v)


# %% wrong: `v` has one number for each output, but the gradient with which it was multiplied has one for each input.
def vector_jacobian(f, x, v):
    own = x.detach().clone().requires_grad_()
    f(own).sum().backward()
    return v * own.grad


# %% wrong: The inputs of `f` were multiplied by `v`, which has one number for each output.
def vector_jacobian(f, x, v):
    own = x.detach().clone().requires_grad_()
    f(own * v).sum().backward()
    return own.grad


# %% wrong: A mean was taken over the outputs. In the product they are added up.
def vector_jacobian(f, x, v):
    own = x.detach().clone().requires_grad_()
    (f(own) * v).mean().backward()
    return own.grad


# %% wrong: Each row got its number of `v`, but then the numbers within each row were added up, and not the rows.
def vector_jacobian(f, x, v):
    return (v[:, None] * torch.func.jacrev(f)(x.detach())).sum(1)


# %% wrong: The numbers are right, but in a table with one row; the shape (n,) is asked for.
def vector_jacobian(f, x, v):
    return v[None] @ torch.func.jacrev(f)(x.detach())


# %% wrong: These are two results, the outputs of `f` and the product; the product alone is asked for.
def vector_jacobian(f, x, v):
    return torch.autograd.functional.vjp(f, x, v)


# %% wrong: `*` multiplies number by number. In the product of a vector with a table, sums are taken too.
def vector_jacobian(f, x, v):
    return v * torch.func.jacrev(f)(x.detach())


# %% wrong: The rows got their numbers of `v`, but they were not added up yet.
def vector_jacobian(f, x, v):
    return v[:, None] * torch.func.jacrev(f)(x.detach())


# %% wrong: The result is `None`. `backward()` itself returns nothing, and `.grad` is `None` as long as no `backward()` has reached the tensor.
def vector_jacobian(f, x, v):
    own = x.detach().clone().requires_grad_()
    return f(own).backward(v)


# %% wrong: `backward()` without a vector works from a single number only. `v` came in afterwards, where it met the gradient, which has one number for each input.
def vector_jacobian(f, x, v):
    own = x.detach().clone().requires_grad_()
    f(own).backward()
    return v @ own.grad


# %% wrong: The outputs were added up first, so each counts the same, and one row is left. `v`, with one number for each output, does not fit it any more.
def vector_jacobian(f, x, v):
    own = x.detach().clone().requires_grad_()
    f(own).sum().backward()
    return v @ own.grad


# %% wrong: This adds over the inputs, as `J @ v` does, and `v` has one number for each output.
def vector_jacobian(f, x, v):
    return torch.einsum("n,mn->m", v, torch.func.jacrev(f)(x))


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
    x.grad = torch.full_like(x, grad)  # of an earlier round
    return x


def cases():
    f = Formula("torch.stack([x[0] * x[1], x[1] + x[2] ** 2])")
    yield f, torch.tensor([1.0, 2.0, 3.0]), torch.tensor([10.0, 1.0])
    yield Formula("x.cumsum(0)"), torch.tensor([1.0, 2.0]), torch.tensor([3.0, 5.0])
    yield Formula("(x**2).sum(0, keepdim=True)"), torch.tensor([1.0, -2.0]), torch.tensor([3.0])
    M = torch.randn(4, 3, dtype=torch.float64)
    double = {"dtype": torch.float64}
    yield Formula("torch.tanh(M @ x)", M=M), torch.randn(3, **double), torch.randn(4, **double)
    yield Formula("torch.stack([x[0], x[0].exp()])"), torch.tensor([0.5]), torch.randn(2)
    yield Formula("x.cumprod(0)"), leaf(2.0, -3.0, grad=10.0), torch.tensor([1.0, 4.0])
