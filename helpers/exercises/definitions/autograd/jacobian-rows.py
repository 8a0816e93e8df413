"""
title = "A Jacobian, row by row"
kind = "write"
level = 3
minutes = 7
concepts = ["A06", "A07", "A05"]
task = "Return the Jacobian of `f` at `x`: a tensor of shape (m, n) and of the dtype of `x`, one row for each output and one column for each input. The function `f` takes a tensor of shape (n,) and returns one of shape (m,). The tensor `x` may ask for its gradient already, and bring an old one along, which must not count; its own `requires_grad` and `.grad` may be changed."
right = "gradcheck collects the Jacobian of a backward rule in this way."
hints = [
    "A vector v with a single 1 picks out one row. How many such vectors are there?",
    "`torch.eye(m)` holds these vectors; `torch.autograd.grad(..., grad_outputs=v)` returns a row and adds nothing up.",
    "`rows = [torch.autograd.grad(f(own), own, grad_outputs=v)[0] for v in ...]`, with a fresh graph for each row, and `torch.stack` at the end.",
]
"""

# %% setup
import torch
import torch._dynamo  # torch.func and torch.optim load it, slowly: not in the answer's time


# %% stub
def jacobian(f, x: torch.Tensor) -> torch.Tensor:
    """Return the Jacobian of f at x: (n,) to (m, n), with the dtype of x."""
    ...


# %% solution
def jacobian(f, x):
    own = x.detach().clone().requires_grad_()
    rows = []
    for output in f(own):
        (row,) = torch.autograd.grad(output, own, retain_graph=True)
        rows.append(row)
    return torch.stack(rows)


# %% also right: vectors with a single 1, and a fresh graph for each
def jacobian(f, x):
    own = x.detach().clone().requires_grad_()
    ones = torch.eye(len(f(own)), dtype=x.dtype)
    return torch.stack([torch.autograd.grad(f(own), own, grad_outputs=v)[0] for v in ones])


# %% also right: backward, with a copy and a clearing for each row
def jacobian(f, x):
    own = x.detach().clone().requires_grad_()
    table = torch.empty(len(f(own)), len(x), dtype=x.dtype)
    for i in range(len(table)):
        f(own)[i].backward()
        table[i] = own.grad
        own.grad = None
    return table


# %% also right: torch.func
def jacobian(f, x):
    return torch.func.jacrev(f)(x)


# %% also right: vectors, and a clearing with zeros
def jacobian(f, x):
    own = x.detach().clone().requires_grad_()
    outputs = f(own)
    rows = []
    for i in range(outputs.numel()):
        v = torch.zeros_like(outputs)
        v[i] = 1
        outputs.backward(v, retain_graph=True)
        rows.append(own.grad.tolist())
        own.grad.zero_()
    return torch.tensor(rows, dtype=x.dtype)


# %% also right: on x itself, after a clearing for each row
def jacobian(f, x):
    x.requires_grad_()
    rows = []
    for i in range(len(f(x))):
        x.grad = None
        f(x)[i].backward()
        rows.append(x.grad)
    return torch.stack(rows)


# %% also right: all vectors at once
def jacobian(f, x):
    own = x.detach().clone().requires_grad_()
    y = f(own)
    return torch.autograd.grad(y, own, torch.eye(len(y)).to(y), is_grads_batched=True)[0]


# %% wrong: `x` may bring an old gradient along, and it counts in the first row: the clearing comes after that.
def jacobian(f, x):
    x.requires_grad_()
    rows = []
    for i in range(len(f(x))):
        f(x)[i].backward()
        rows.append(x.grad.clone())
        x.grad.zero_()
    return torch.stack(rows)


# %% wrong: Rows and columns are exchanged: there is one row here for each input.
def jacobian(f, x):
    return torch.func.jacrev(f)(x).T


# %% wrong: This is one gradient, that of the sum of the outputs; the rows are added up in it.
def jacobian(f, x):
    own = x.detach().clone().requires_grad_()
    f(own).sum().backward()
    return own.grad


# %% wrong: Each row holds the sum of itself and of all rows before it, because gradients add up.
def jacobian(f, x):
    own = x.detach().clone().requires_grad_()
    rows = []
    for i in range(len(f(own))):
        f(own)[i].backward()
        rows.append(own.grad.clone())
    return torch.stack(rows)


# %% wrong: Each row is the same tensor, the `.grad` of the leaf, which was changed again after it had been put into the list.
def jacobian(f, x):
    own = x.detach().clone().requires_grad_()
    rows = []
    for i in range(len(f(own))):
        f(own)[i].backward()
        rows.append(own.grad)
        own.grad.zero_()
    return torch.stack(rows)


# %% wrong: All rows are the sum of all rows: either the outputs were added up, or each row is the same tensor, the `.grad` of the leaf, to which all gradients were added.
def jacobian(f, x):
    own = x.detach().clone().requires_grad_()
    rows = []
    for i in range(len(f(own))):
        f(own)[i].backward()
        rows.append(own.grad)
    return torch.stack(rows)


# %% wrong: The first pass back let go of what the nodes had saved, and the second one needs it.
def jacobian(f, x):
    own = x.detach().clone().requires_grad_()
    outputs = f(own)
    rows = [torch.autograd.grad(output, own)[0] for output in outputs]
    return torch.stack(rows)


# %% wrong: These are the rows in a list, or in a tuple; one tensor of shape (m, n) is asked for.
def jacobian(f, x):
    return list(torch.func.jacrev(f)(x))


# %% wrong: The rows were joined into one long row; they belong one below the other.
def jacobian(f, x):
    own = x.detach().clone().requires_grad_()
    rows = [torch.autograd.grad(o, own, retain_graph=True)[0] for o in f(own)]
    return torch.cat(rows)


# %% wrong: `x` does not ask for its gradient, so PyTorch has recorded nothing to go back through.
def jacobian(f, x):
    return torch.stack([torch.autograd.grad(o, x, retain_graph=True)[0] for o in f(x)])


# %% wrong: If `x` asks for its gradient already, its clone is not a leaf but a result in the graph of `x`, and in the `.grad` of a result nothing is kept.
def jacobian(f, x):
    own = x.clone().requires_grad_()
    rows = []
    for i in range(len(f(own))):
        own.grad = None
        f(own)[i].backward()
        rows.append(own.grad)
    return torch.stack(rows)


# %% wrong: The old gradient of `x` counts in the first row, and each row in all that follow, because gradients add up.
def jacobian(f, x):
    x.requires_grad_()
    rows = []
    for i in range(len(f(x))):
        f(x)[i].backward()
        rows.append(x.grad.clone())
    return torch.stack(rows)


# %% wrong: Only the first row is here: the `return` stands inside the loop.
def jacobian(f, x):
    own = x.detach().clone().requires_grad_()
    for output in f(own):
        return torch.autograd.grad(output, own)[0][None]


# %% wrong: The table is right, but it stands in a tuple, with one table for each input, as `torch.autograd.grad` returns it; the table itself is asked for.
def jacobian(f, x):
    own = x.detach().clone().requires_grad_()
    y = f(own)
    return torch.autograd.grad(y, own, torch.eye(len(y)).to(y), is_grads_batched=True)


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
    yield f, torch.tensor([1.0, 2.0, 3.0])
    yield Formula("(x**3).sum(0, keepdim=True)"), torch.tensor([1.0, 2.0])
    yield Formula("torch.stack([x[0], x[0] ** 2, x[0].exp()])"), torch.tensor([0.5])
    yield Formula("x.softmax(0)"), torch.randn(4)
    M = torch.randn(2, 5, dtype=torch.float64)
    yield Formula("torch.sin(M @ x)", M=M), torch.randn(5, dtype=torch.float64)
    yield Formula("x.cumprod(0)"), leaf(2.0, -3.0, grad=10.0)
