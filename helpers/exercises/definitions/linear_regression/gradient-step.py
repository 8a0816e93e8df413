"""
title = "One step of training"
kind = "write"
level = 2
minutes = 5
concepts = ["L04", "L03", "L02"]
task = '''Take one step of gradient descent on the mean squared error of a linear model, without an optimiser: `X` (n, d), `Y` (n, m), `w` (m, d), `b` (m,), and the learning rate `lr`. Return the new `w` and the new `b`, with no graph behind them; the tensors that came in stay as they were. The mean goes over all n · m numbers.'''
right = "This is all that plain SGD does in a step; the optimiser only does it for every parameter of a model."
hints = [
    "The section has the gradient of w as a formula. The one of b is the same, with a column of ones in place of X.",
    "`diff.t() @ X` has the shape of w, `diff.sum(dim=0)` the shape of b; `diff.numel()` is n · m.",
    "`grad_w = 2 / diff.numel() * diff.t() @ X`, `grad_b = ...`, `return w - lr * grad_w, ...`",
]
"""

# %% setup
import torch
from torch import nn

torch.optim.SGD([torch.zeros(1)], lr=0.1)  # the first one loads parts of PyTorch, for seconds


# %% stub
def gradient_step(
    X: torch.Tensor, Y: torch.Tensor, w: torch.Tensor, b: torch.Tensor, lr: float
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return w (m, d) and b (m,) after one step on the mean squared error."""
    diff = X @ w.t() + b - Y  # (n, m)
    grad_w = ...  # (m, d)
    grad_b = ...  # (m,)
    ...


# %% solution
def gradient_step(X, Y, w, b, lr):
    diff = X @ w.t() + b - Y
    grad_w = 2 / diff.numel() * diff.t() @ X
    grad_b = 2 / diff.numel() * diff.sum(dim=0)
    return w - lr * grad_w, b - lr * grad_b


# %% also right: autograd
def gradient_step(X, Y, w, b, lr):
    w, b = w.clone().requires_grad_(), b.clone().requires_grad_()
    loss = nn.MSELoss()(X @ w.t() + b, Y)
    loss.backward()
    with torch.no_grad():
        return w - lr * w.grad, b - lr * b.grad


# %% also right: an optimiser on copies
def gradient_step(X, Y, w, b, lr):
    w, b = nn.Parameter(w.clone()), nn.Parameter(b.clone())
    optimizer = torch.optim.SGD([w, b], lr=lr)
    ((X @ w.t() + b - Y) ** 2).mean().backward()
    optimizer.step()
    return w, b


# %% also right: one sample at a time
def gradient_step(X, Y, w, b, lr):
    grad_w, grad_b = torch.zeros_like(w), torch.zeros_like(b)
    for x, y in zip(X, Y):
        error = w @ x + b - y
        grad_w += 2 * torch.outer(error, x)
        grad_b += 2 * error
    return [w - lr * grad_w / Y.numel(), b - lr * grad_b / Y.numel()]


# %% wrong: This climbs: the step goes along the gradient, so the loss grows.
def gradient_step(X, Y, w, b, lr):
    diff = X @ w.t() + b - Y
    return (
        w + lr * 2 / diff.numel() * diff.t() @ X,
        b + lr * 2 / diff.numel() * diff.sum(dim=0),
    )


# %% wrong: The step is half as long as it should be: the derivative of a square has a factor.
def gradient_step(X, Y, w, b, lr):
    diff = X @ w.t() + b - Y
    return w - lr / diff.numel() * diff.t() @ X, b - lr / diff.numel() * diff.sum(dim=0)


# %% wrong: This is the gradient of the sum of the squared errors, not of their mean.
def gradient_step(X, Y, w, b, lr):
    diff = X @ w.t() + b - Y
    return w - lr * 2 * diff.t() @ X, b - lr * 2 * diff.sum(dim=0)


# %% wrong: Divided by the number of rows only: the mean goes over all numbers of Y.
def gradient_step(X, Y, w, b, lr):
    diff = X @ w.t() + b - Y
    return w - lr * 2 / len(X) * diff.t() @ X, b - lr * 2 / len(X) * diff.sum(dim=0)


# %% wrong: The new w is right, but b came back as it was: it has a gradient too.
def gradient_step(X, Y, w, b, lr):
    diff = X @ w.t() + b - Y
    return w - lr * 2 / diff.numel() * diff.t() @ X, b


# %% wrong: The new w is right, but every target's bias got the same gradient: sum over the rows only.
def gradient_step(X, Y, w, b, lr):
    diff = X @ w.t() + b - Y
    return w - lr * 2 / diff.numel() * diff.t() @ X, b - lr * 2 * diff.mean()


# %% wrong: The new w is right. In the gradient of b, only the mean over the rows was taken; the loss is also a mean over the m targets.
def gradient_step(X, Y, w, b, lr):
    diff = X @ w.t() + b - Y
    return w - lr * 2 / diff.numel() * diff.t() @ X, b - lr * 2 * diff.mean(dim=0)


# %% wrong: These are the gradients; the step subtracts them, times lr, from w and b.
def gradient_step(X, Y, w, b, lr):
    diff = X @ w.t() + b - Y
    return 2 / diff.numel() * diff.t() @ X, 2 / diff.numel() * diff.sum(dim=0)


# %% wrong: The learning rate is not used.
def gradient_step(X, Y, w, b, lr):
    diff = X @ w.t() + b - Y
    return w - 2 / diff.numel() * diff.t() @ X, b - 2 / diff.numel() * diff.sum(dim=0)


# %% wrong: The numbers are right, but the caller's own tensors were changed on the way.
def gradient_step(X, Y, w, b, lr):
    diff = X @ w.t() + b - Y
    w -= lr * 2 / diff.numel() * diff.t() @ X
    b -= lr * 2 / diff.numel() * diff.sum(dim=0)
    return w, b


# %% wrong: The gradient of b was taken after w had already moved: compute both from the same predictions.
def gradient_step(X, Y, w, b, lr):
    diff = X @ w.t() + b - Y
    w = w - lr * 2 / diff.numel() * diff.t() @ X
    diff = X @ w.t() + b - Y
    return w, b - lr * 2 / diff.numel() * diff.sum(dim=0)


# %% wrong: The numbers are right, but the `w` and `b` that came in track gradients now, and hold one in `.grad`: they were to stay as they were.
def gradient_step(X, Y, w, b, lr):
    w.requires_grad_()
    b.requires_grad_()
    ((X @ w.t() + b - Y) ** 2).mean().backward()
    with torch.no_grad():
        return w - lr * w.grad, b - lr * b.grad


# %% wrong: The numbers are right, but the `w` and `b` that came in have `requires_grad` set now: they were to stay as they were.
def gradient_step(X, Y, w, b, lr):
    w.requires_grad_()
    b.requires_grad_()
    loss = ((X @ w.t() + b - Y) ** 2).mean()
    grad_w, grad_b = torch.autograd.grad(loss, [w, b])
    return w - lr * grad_w, b - lr * grad_b


# %% wrong: The two came back in the wrong order: the new w is wanted first, then the new b.
def gradient_step(X, Y, w, b, lr):
    diff = X @ w.t() + b - Y
    return b - lr * 2 / diff.numel() * diff.sum(dim=0), w - lr * 2 / diff.numel() * diff.t() @ X


# %% wrong: The gradient of w is turned: it has a row for each feature, and w has a row for each target.
def gradient_step(X, Y, w, b, lr):
    diff = X @ w.t() + b - Y
    return w - lr * 2 / diff.numel() * X.t() @ diff, b - lr * 2 / diff.numel() * diff.sum(dim=0)


# %% wrong: Only the new w came back; the new b is wanted as well.
def gradient_step(X, Y, w, b, lr):
    diff = X @ w.t() + b - Y
    return w - lr * 2 / diff.numel() * diff.t() @ X


# %% wrong: The numbers are right, but a graph hangs on them: in a loop it would grow with each step.
def gradient_step(X, Y, w, b, lr):
    w, b = w.clone().requires_grad_(), b.clone().requires_grad_()
    ((X @ w.t() + b - Y) ** 2).mean().backward()
    return w - lr * w.grad, b - lr * b.grad


# %% wrong: `.grad` is None: no `backward` filled it, or this is not the tensor whose gradient it filled.
def gradient_step(X, Y, w, b, lr):
    w = w.clone().requires_grad_(True)
    b = b.clone().requires_grad_(True)
    loss = nn.MSELoss()(X @ w.t() + b, Y)
    with torch.no_grad():
        w -= lr * w.grad
        b -= lr * b.grad
    return w, b


# %% wrong: w and b came back as they were: the step is missing, or there were no gradients to step with.
def gradient_step(X, Y, w, b, lr):
    w = w.clone().requires_grad_(True)
    b = b.clone().requires_grad_(True)
    optimizer = torch.optim.SGD([w, b], lr=lr)
    loss = nn.MSELoss()(X @ w.t() + b, Y)
    loss.backward()
    return w.detach(), b.detach()


# %% wrong: The biases are missing in the predictions.
def gradient_step(X, Y, w, b, lr):
    diff = X @ w.t() - Y
    grad_w = 2 * diff.t() @ X / diff.numel()
    grad_b = 2 * diff.sum(dim=0) / diff.numel()
    return w - lr * grad_w, b - lr * grad_b


# %% wrong: Divided by how many numbers X has; the mean goes over those of Y.
def gradient_step(X, Y, w, b, lr):
    diff = X @ w.t() + b - Y  # (n, m)
    grad_w = 2 * diff.t() @ X / X.numel()
    grad_b = 2 * diff.sum(dim=0) / X.numel()
    return w - lr * grad_w, b - lr * grad_b


# %% wrong: For b, the errors of each row were added up; the bias of a target belongs to the errors in its column.
def gradient_step(X, Y, w, b, lr):
    diff = X @ w.t() + b - Y
    grad_w = 2 * diff.t() @ X / diff.numel()
    grad_b = 2 * diff.sum(dim=1) / diff.numel()
    return w - lr * grad_w, b - lr * grad_b


# %% wrong: This is a step of a new model, with weights of its own: `w` and `b` are not used.
def gradient_step(X, Y, w, b, lr):
    model = nn.Linear(X.shape[1], Y.shape[1])
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    loss = nn.MSELoss()(model(X), Y)
    loss.backward()
    optimizer.step()
    return model.weight.data, model.bias.data


# %% wrong: The new w came back turned: it has a row for each feature, and a row for each target is wanted.
def gradient_step(X, Y, w, b, lr):
    n = Y.numel()
    A = torch.hstack([X, X.new_ones(len(X), 1)])
    B = torch.hstack([w, b[:, None]]).T
    B = B - lr * 2 / n * A.T @ (A @ B - Y)
    return B[:-1], B[-1]


# %% wrong: The new b has a dimension too many: it is (1, m), and (m,) is wanted.
def gradient_step(X, Y, w, b, lr):
    diff = X @ w.t() + b - Y
    grad_w = 2 / diff.numel() * diff.t() @ X
    grad_b = 2 / diff.numel() * diff.sum(0, keepdim=True)
    return w - lr * grad_w, b - lr * grad_b


# %% cases
def cases():
    X, Y = torch.tensor([[1.0], [2.0]]), torch.tensor([[3.0, 1.0], [5.0, 4.0]])
    yield X, Y, torch.tensor([[1.0], [2.0]]), torch.tensor([0.5, 0.0]), 0.1
    yield torch.randn(5, 3), torch.randn(5, 2), torch.randn(2, 3), torch.randn(2), 0.05
    yield torch.randn(1, 2), torch.randn(1, 3), torch.randn(3, 2), torch.randn(3), 0.3
    yield torch.randn(4, 2), torch.randn(4, 1), torch.randn(1, 2), torch.zeros(1), 0.2
    yield torch.randn(2, 3).T, torch.randn(3, 3), torch.randn(2, 3).T, torch.randn(3), 0.01


def observe(answer, X, Y, w, b, lr):
    tensors = {"X": X, "Y": Y, "w": w, "b": b}
    result = answer(X, Y, w, b, lr)
    if result is None:
        return None
    results = list(result) if isinstance(result, list | tuple) else [result]
    return {
        "the number of results": len(results),
        "the new w": results[0] if results else "missing",
        "the new b": results[1] if len(results) > 1 else "missing",
        "results with a graph behind them": [
            name
            for name, tensor in zip(("the new w", "the new b"), results)
            if getattr(tensor, "grad_fn", None) is not None
        ],
        "tensors that came in and now have requires_grad": [
            name for name, tensor in tensors.items() if tensor.requires_grad
        ],
        "tensors that came in and now have a gradient": [
            name for name, tensor in tensors.items() if tensor.is_leaf and tensor.grad is not None
        ],
    }
