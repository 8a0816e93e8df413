"""
title = "Backward of many losses"
kind = "repair"
level = 1
minutes = 3
concepts = ["A07", "A06"]
task = "This function stops with a `RuntimeError` at `backward()`. Repair it, so that it returns the gradient of the *mean* of the n squared errors with respect to `w`: a tensor of shape (d,), with the dtype of `w`. The `w` that is given may bring an old gradient along, which must not count."
right = "The losses of PyTorch take this mean for you unless you say otherwise."
hints = [
    "Look at the shape of `losses`. From which shape can `backward()` start?",
    "Make one number of the losses before `backward()`. Which of `sum()` and `mean()` is asked for?",
    "`loss = losses...`, a tensor of shape (), then `loss.backward()`.",
]
"""

# %% setup
import torch
import torch._dynamo  # torch.func and torch.optim load it, slowly: not in the answer's time


# %% stub
def mean_gradient(w: torch.Tensor, X: torch.Tensor, Y: torch.Tensor) -> torch.Tensor:
    """Return the gradient of the mean squared error at w: (d,), for X: (n, d) and Y: (n,)."""
    w = w.detach().clone().requires_grad_()
    errors = X @ w - Y
    losses = errors**2
    losses.backward()
    return w.grad


# %% solution
def mean_gradient(w, X, Y):
    w = w.detach().clone().requires_grad_()
    errors = X @ w - Y
    losses = errors**2
    losses.mean().backward()
    return w.grad


# %% also right: a vector of equal shares
def mean_gradient(w, X, Y):
    w = w.detach().clone().requires_grad_()
    losses = (X @ w - Y) ** 2
    losses.backward(torch.full_like(losses, 1 / len(losses)))
    return w.grad


# %% also right: the sum, divided afterwards
def mean_gradient(w, X, Y):
    w = w.detach().clone().requires_grad_()
    ((X @ w - Y) ** 2).sum().backward()
    return w.grad / len(Y)


# %% also right: on paper
def mean_gradient(w, X, Y):
    return 2 * X.T @ (X @ w - Y) / X.shape[0]


# %% also right: the ready-made loss
def mean_gradient(w, X, Y):
    w = w.detach().clone().requires_grad_()
    torch.nn.functional.mse_loss(X @ w, Y).backward()
    return w.grad


# %% wrong: `w` may bring an old gradient along: `backward` adds to it, and so it counts in the result.
def mean_gradient(w, X, Y):
    w.requires_grad_()
    ((X @ w - Y) ** 2).mean().backward()
    return w.grad


# %% wrong: This is the gradient of the sum of the squared errors; the mean is asked for.
def mean_gradient(w, X, Y):
    w = w.detach().clone().requires_grad_()
    losses = (X @ w - Y) ** 2
    losses.backward(torch.ones_like(losses))
    return w.grad


# %% wrong: Only the first point counts here: the error is gone, and so are the other points.
def mean_gradient(w, X, Y):
    w = w.detach().clone().requires_grad_()
    losses = (X @ w - Y) ** 2
    losses[0].backward()
    return w.grad


# %% wrong: The mean of the errors was squared. Positive and negative errors cancel in it.
def mean_gradient(w, X, Y):
    w = w.detach().clone().requires_grad_()
    errors = X @ w - Y
    (errors.mean() ** 2).backward()
    return w.grad


# %% wrong: The errors themselves were averaged here, without the squares.
def mean_gradient(w, X, Y):
    w = w.detach().clone().requires_grad_()
    errors = X @ w - Y
    errors.mean().backward()
    return w.grad


# %% wrong: The losses were used as weights of themselves: the vector in `backward(v)` says how much each loss counts.
def mean_gradient(w, X, Y):
    w = w.detach().clone().requires_grad_()
    losses = (X @ w - Y) ** 2
    losses.backward(losses.detach())
    return w.grad


# %% wrong: There are still n losses at `backward()`, and without a vector it starts from one number only.
def mean_gradient(w, X, Y):
    w = w.detach().clone().requires_grad_()
    losses = (X @ w - Y) ** 2
    losses.backward(retain_graph=True)
    return w.grad


# %% wrong: These are n passes back through one graph, and the first one let go of what its nodes had saved.
def mean_gradient(w, X, Y):
    w = w.detach().clone().requires_grad_()
    losses = (X @ w - Y) ** 2
    for loss in losses:
        loss.backward()
    return w.grad


# %% wrong: Only the last point counts here: the gradients of the others were cleared on the way.
def mean_gradient(w, X, Y):
    w = w.detach().clone().requires_grad_()
    losses = (X @ w - Y) ** 2
    for loss in losses:
        w.grad = None
        loss.backward(retain_graph=True)
    return w.grad


# %% wrong: The sum was divided by the number of weights; a mean over the points divides by n.
def mean_gradient(w, X, Y):
    w = w.detach().clone().requires_grad_()
    losses = (X @ w - Y) ** 2
    losses.sum().backward()
    return w.grad / len(w)


# %% wrong: This is half of the gradient: the 2 that comes from the square is missing.
def mean_gradient(w, X, Y):
    return X.T @ (X @ w - Y) / len(Y)


# %% wrong: A mean was taken over the numbers of the gradient, and one number is left; the mean is one over the errors.
def mean_gradient(w, X, Y):
    w = w.detach().clone().requires_grad_()
    losses = (X @ w - Y) ** 2
    losses.backward(torch.ones_like(losses))
    return w.grad.mean()


# %% wrong: This is the loss itself; its gradient is asked for.
def mean_gradient(w, X, Y):
    w = w.detach().clone().requires_grad_()
    losses = (X @ w - Y) ** 2
    loss = losses.mean()
    loss.backward()
    return loss


# %% wrong: The result is `None`. `backward()` itself returns nothing, and `.grad` is `None` as long as no `backward()` has reached the tensor: what `item()` or `torch.tensor` makes has no history.
def mean_gradient(w, X, Y):
    w = w.detach().clone().requires_grad_()
    losses = (X @ w - Y) ** 2
    loss = torch.tensor(losses.mean().item(), requires_grad=True)
    loss.backward()
    return w.grad


# %% wrong: The loss has no graph: the `w` in it does not ask for its gradient, or nothing was recorded.
def mean_gradient(w, X, Y):
    losses = (X @ w - Y) ** 2
    losses.mean().backward()
    return w.grad


# %% wrong: These are absolute errors; squared errors are asked for.
def mean_gradient(w, X, Y):
    w = w.detach().clone().requires_grad_()
    (X @ w - Y).abs().mean().backward()
    return w.grad


# %% wrong: This is the gradient of the root of the mean; the mean itself is asked for.
def mean_gradient(w, X, Y):
    w = w.detach().clone().requires_grad_()
    losses = (X @ w - Y) ** 2
    losses.mean().sqrt().backward()
    return w.grad


# %% wrong: This is a tuple with one gradient for each input, as `torch.autograd.grad` returns it; the tensor in it is asked for.
def mean_gradient(w, X, Y):
    w = w.detach().clone().requires_grad_()
    losses = (X @ w - Y) ** 2
    return torch.autograd.grad(losses.mean(), w)


# %% wrong: The errors stand in a table, n × n: `X @ w`, of shape (n,), met a column of shape (n, 1).
def mean_gradient(w, X, Y):
    w = w.detach().clone().requires_grad_()
    losses = (X @ w - Y.reshape(-1, 1)) ** 2
    losses.mean().backward()
    return w.grad


# %% wrong: `item()` gives a plain number, which has no graph and no `backward`.
def mean_gradient(w, X, Y):
    w = w.detach().clone().requires_grad_()
    losses = (X @ w - Y) ** 2
    losses.mean().item().backward()
    return w.grad


# %% wrong: These are the gradients of the n losses, one in each row; the gradient of their mean is asked for.
def mean_gradient(w, X, Y):
    w = w.detach().clone().requires_grad_()
    losses = (X @ w - Y) ** 2
    rows = [torch.autograd.grad(loss, w, retain_graph=True)[0] for loss in losses]
    return torch.stack(rows)


# %% wrong: The sum was divided by the number of all entries of `X`; a mean over the points divides by n.
def mean_gradient(w, X, Y):
    w = w.detach().clone().requires_grad_()
    return 2 * X.T @ (X @ w - Y) / X.numel()


# %% wrong: The sign is turned round: somewhere truth minus answer stands for answer minus truth.
def mean_gradient(w, X, Y):
    w = w.detach().clone().requires_grad_()
    return 2 * X.T @ (Y - X @ w) / len(Y)


# %% wrong: `w.grad` is as it was before: `torch.func.grad` returns the gradient, and fills no `.grad`.
def mean_gradient(w, X, Y):
    torch.func.grad(lambda w: ((X @ w - Y) ** 2).mean())(w)
    return w.grad


# %% cases
def cases():
    w = torch.tensor([1.0, 2.0])
    yield w, torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]), torch.tensor([0.0, 3.0, 1.0])
    yield torch.zeros(3), torch.randn(1, 3), torch.randn(1)
    yield torch.randn(2), torch.randn(3, 10).T[:, :2], torch.randn(10)
    double = {"dtype": torch.float64}
    yield torch.randn(4, **double), torch.randn(7, 4, **double), torch.randn(7, **double)
    brings = torch.tensor([1.0, -1.0], requires_grad=True)
    brings.grad = torch.tensor([10.0, 10.0])
    yield brings, torch.randn(5, 2), torch.randn(5)
