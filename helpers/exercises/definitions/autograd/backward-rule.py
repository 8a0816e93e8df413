"""
title = "A backward rule"
kind = "write"
level = 3
minutes = 7
concepts = ["A11"]
task = '''The function x · sigmoid(x), called *swish*, gets a `Function` of its own:

    class Swish(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x * torch.sigmoid(x)

        backward = staticmethod(swish_backward)

Write `swish_backward`: `grad_output` has the shape of `x`, and so has the result. The rule has to pass `gradcheck`, and leaves `grad_output` as it is. The numbers in `x` may be as large as 1000.'''
right = "Rules like this one let you use a formula that is shorter, faster or safer than what autograd would record."
hints = [
    "Two factors depend on x, so the product rule has two parts. And what has arrived must have its part too.",
    "`(x,) = ctx.saved_tensors`; with `p = torch.sigmoid(x)`, the slope of the sigmoid is `p * (1 - p)`.",
    "The slope of x · p is `p + x * p * (1 - p)`. `return ...`: the slope, and what `grad_output` does to it.",
]
"""

# %% setup
import torch


# %% stub
def swish_backward(ctx, grad_output: torch.Tensor) -> torch.Tensor:
    """Return the gradient for x, from the one for the output; ctx.saved_tensors holds x."""
    ...


# %% solution
def swish_backward(ctx, grad_output):
    (x,) = ctx.saved_tensors
    p = torch.sigmoid(x)
    return grad_output * (p + x * p * (1 - p))


# %% also right: in terms of the output
def swish_backward(ctx, grad_output):
    x = ctx.saved_tensors[0]
    p = 1 / (1 + (-x).exp())
    y = x * p
    return (y + p * (1 - y)) * grad_output


# %% also right: autograd does it
def swish_backward(ctx, grad_output):
    x = ctx.saved_tensors[0].detach().requires_grad_()
    with torch.enable_grad():
        y = torch.nn.functional.silu(x)
    return torch.autograd.grad(y, x, grad_output)[0]


# %% also right: with a None that stands for no input
def swish_backward(ctx, grad_output):
    (x,) = ctx.saved_tensors
    p = torch.sigmoid(x)
    return grad_output * p * (1 + x * (1 - p)), None


# %% wrong: For a large x the result is nan, which is no number: infinity was divided by infinity.
def swish_backward(ctx, grad_output):
    (x,) = ctx.saved_tensors
    p = x.exp() / (1 + x.exp())
    return grad_output * (p + x * p * (1 - p))


# %% wrong: `grad_output` has no part in this. After a `sum()` that does not show, because a 1 arrives everywhere.
def swish_backward(ctx, grad_output):
    (x,) = ctx.saved_tensors
    p = torch.sigmoid(x)
    return p + x * p * (1 - p)


# %% wrong: Only the first factor was differentiated: this treats the sigmoid as a constant.
def swish_backward(ctx, grad_output):
    (x,) = ctx.saved_tensors
    return grad_output * torch.sigmoid(x)


# %% wrong: Only the second factor was differentiated: this treats the x in front as a constant.
def swish_backward(ctx, grad_output):
    (x,) = ctx.saved_tensors
    p = torch.sigmoid(x)
    return grad_output * x * p * (1 - p)


# %% wrong: The two slopes were multiplied; the slope of a product is not the product of the slopes.
def swish_backward(ctx, grad_output):
    (x,) = ctx.saved_tensors
    p = torch.sigmoid(x)
    return grad_output * p * (1 - p)


# %% wrong: In the second part of the product rule the factor x is missing.
def swish_backward(ctx, grad_output):
    (x,) = ctx.saved_tensors
    p = torch.sigmoid(x)
    return grad_output * (p + p * (1 - p))


# %% wrong: This is the forward pass with `grad_output` in front: the value of the function is not its slope.
def swish_backward(ctx, grad_output):
    (x,) = ctx.saved_tensors
    return grad_output * x * torch.sigmoid(x)


# %% wrong: What arrived was added to the slope; along a path slopes are multiplied.
def swish_backward(ctx, grad_output):
    (x,) = ctx.saved_tensors
    p = torch.sigmoid(x)
    return grad_output + p + x * p * (1 - p)


# %% wrong: All outputs were added up: the gradient needs one number for each number of x.
def swish_backward(ctx, grad_output):
    (x,) = ctx.saved_tensors
    p = torch.sigmoid(x)
    return (grad_output * (p + x * p * (1 - p))).sum().expand_as(x)


# %% wrong: `ctx.saved_tensors` is a tuple, even if it holds one tensor.
def swish_backward(ctx, grad_output):
    x = ctx.saved_tensors
    p = torch.sigmoid(x)
    return grad_output * (p + x * p * (1 - p))


# %% wrong: `grad_output` was multiplied with the first part only: brackets are missing.
def swish_backward(ctx, grad_output):
    (x,) = ctx.saved_tensors
    p = torch.sigmoid(x)
    return grad_output * p + x * p * (1 - p)


# %% wrong: The slope was taken at `grad_output`. It belongs at the x that `forward` saved.
def swish_backward(ctx, grad_output):
    p = torch.sigmoid(grad_output)
    return p + grad_output * p * (1 - p)


# %% wrong: The parts of the product rule were taken away from each other; they are added.
def swish_backward(ctx, grad_output):
    (x,) = ctx.saved_tensors
    p = torch.sigmoid(x)
    return grad_output * (p - x * p * (1 - p))


# %% wrong: In the slope of the sigmoid the factor p is missing.
def swish_backward(ctx, grad_output):
    (x,) = ctx.saved_tensors
    p = torch.sigmoid(x)
    return grad_output * (p + x * (1 - p))


# %% wrong: In the slope of the sigmoid the factor 1 − p is missing.
def swish_backward(ctx, grad_output):
    (x,) = ctx.saved_tensors
    p = torch.sigmoid(x)
    return grad_output * (p + x * p)


# %% wrong: In the first part of the product rule 1 stands alone: the sigmoid, the factor that was not differentiated, is missing.
def swish_backward(ctx, grad_output):
    (x,) = ctx.saved_tensors
    p = torch.sigmoid(x)
    return grad_output * (1 + x * p * (1 - p))


# %% wrong: One number came out, by a mean or a sum. The gradient has the shape of x.
def swish_backward(ctx, grad_output):
    (x,) = ctx.saved_tensors
    p = torch.sigmoid(x)
    return (grad_output * (p + x * p * (1 - p))).mean()


# %% wrong: There is no graph to go back through: inside a backward rule PyTorch does not record by itself.
def swish_backward(ctx, grad_output):
    (x,) = ctx.saved_tensors
    x = x.detach().requires_grad_()
    y = x * torch.sigmoid(x)
    return torch.autograd.grad(y, x, grad_output)[0]


# %% wrong: The numbers are right, but they were written into `grad_output`, which other parts of the graph may still need.
def swish_backward(ctx, grad_output):
    (x,) = ctx.saved_tensors
    p = torch.sigmoid(x)
    grad_output *= p + x * p * (1 - p)
    return grad_output


# %% wrong: `ctx.saved_tensors` holds x alone; `forward` saved nothing else.
def swish_backward(ctx, grad_output):
    x, p = ctx.saved_tensors
    return grad_output * (p + x * p * (1 - p))


# %% wrong: `@` adds up the products; the gradient needs one number for each number of x.
def swish_backward(ctx, grad_output):
    (x,) = ctx.saved_tensors
    p = torch.sigmoid(x)
    return grad_output @ (p + x * p * (1 - p))


# %% wrong: In the slope of the sigmoid a sign is turned round: there is a plus where a minus belongs.
def swish_backward(ctx, grad_output):
    (x,) = ctx.saved_tensors
    p = torch.sigmoid(x)
    return grad_output * (p + x * p * (1 + p))


# %% wrong: Two gradients came back, and `forward` has one input: `grad_output` and the slope stand there apart from each other.
def swish_backward(ctx, grad_output):
    (x,) = ctx.saved_tensors
    p = torch.sigmoid(x)
    return grad_output, p + x * p * (1 - p)


# %% cases
class Context:
    def __init__(self, x):
        self.x = x

    def __repr__(self):
        return f"the one that saved {self.x.tolist() if self.x.numel() < 7 else 'x'}"


def cases():
    double = {"dtype": torch.float64}
    x = torch.tensor([0.0, 1.0, -2.0], **double)
    yield Context(x), torch.tensor([1.0, 10.0, 0.5], **double)
    yield Context(torch.randn(2, 3, **double)), torch.ones(2, 3, **double)
    yield Context(torch.tensor(0.5, **double)), torch.tensor(-3.0, **double)
    yield Context(torch.randn(4, 3, **double).T), torch.randn(3, 4, **double)
    yield Context(torch.tensor([1000.0, -1000.0], **double)), torch.tensor([2.0, 3.0], **double)


def observe(answer, ctx, grad_output):
    returned = []

    def rule(ctx, arrived):
        returned.append(answer(ctx, arrived))
        return returned[-1]

    class Swish(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x * torch.sigmoid(x)

        backward = staticmethod(rule)

    x = ctx.x.clone().requires_grad_()
    torch.autograd.grad(Swish.apply(x), x, grad_output, allow_unused=True)
    result = returned[0]
    if result is None:
        return None
    if isinstance(result, tuple) and result and not any(r is not None for r in result[1:]):
        result = result[0]
    passes = isinstance(result, torch.Tensor)
    passes = passes and torch.autograd.gradcheck(Swish.apply, x, raise_exception=False)
    return {"the gradient for x": result, "gradcheck passes": passes}
