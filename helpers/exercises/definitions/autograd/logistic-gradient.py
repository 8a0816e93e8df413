"""
title = "The logistic gradient"
kind = "write"
level = 3
minutes = 6
concepts = ["A10"]
task = "Return the gradients of the mean binary cross entropy with respect to `w` and `b`: two tensors of shapes (d,) and (), with the dtype of `w`. The inputs `X` have shape (n, d), the classes `Y`, 0 or 1, have shape (n,), and the logits are `X @ w + b`. The logits may be as large as 1000."
right = "Answer minus truth: the same short formula holds for cross entropy with many classes."
hints = [
    "For one point, the slope of the loss with respect to its logit is p − y. What turns this into the slope for `w`?",
    "`torch.sigmoid` makes probabilities of logits; each column of `X` is then multiplied by the differences, and averaged over the points.",
    "`difference = torch.sigmoid(X @ w + b) - Y`, a tensor of shape (n,); the first gradient is `X.T @ difference / ...`, and the second is a mean.",
]
"""

# %% setup
import torch
import torch.nn.functional as F


# %% stub
def logistic_gradient(
    X: torch.Tensor, Y: torch.Tensor, w: torch.Tensor, b: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the gradients for w: (d,) and b: (), given X: (n, d) and Y: (n,)."""
    ...


# %% solution
def logistic_gradient(X, Y, w, b):
    difference = torch.sigmoid(X @ w + b) - Y
    return X.T @ difference / len(X), difference.mean()


# %% also right: rows weighted and averaged
def logistic_gradient(X, Y, w, b):
    p = 1 / (1 + torch.exp(-(X @ w + b)))
    grad_w = ((p - Y)[:, None] * X).mean(dim=0)
    grad_b = torch.mean(p - Y)
    return grad_w, grad_b


# %% also right: by autograd
def logistic_gradient(X, Y, w, b):
    w, b = w.detach().clone().requires_grad_(), b.detach().clone().requires_grad_()
    loss = F.binary_cross_entropy_with_logits(X @ w + b, Y)
    return torch.autograd.grad(loss, [w, b])


# %% also right: point by point
def logistic_gradient(X, Y, w, b):
    grad_w, grad_b = torch.zeros_like(w), torch.zeros_like(b)
    for x, y in zip(X, Y):
        difference = torch.sigmoid(x @ w + b) - y
        grad_w += difference * x / len(X)
        grad_b += difference / len(X)
    return grad_w, grad_b


# %% also right: a column of ones for the bias
def logistic_gradient(X, Y, w, b):
    A = torch.cat([X, torch.ones(len(X), 1)], dim=1)
    gradient = (torch.sigmoid(A @ torch.cat([w, b.view(1)])) - Y) @ A / len(Y)
    return [gradient[:-1], gradient[-1]]


# %% wrong: These are the gradients of the sum over the points: n times too large.
def logistic_gradient(X, Y, w, b):
    difference = torch.sigmoid(X @ w + b) - Y
    return X.T @ difference, difference.sum()


# %% wrong: The first gradient is still a sum over the points, and only the second is a mean.
def logistic_gradient(X, Y, w, b):
    difference = torch.sigmoid(X @ w + b) - Y
    return X.T @ difference, difference.mean()


# %% wrong: The second gradient is still a sum over the points, and only the first is a mean.
def logistic_gradient(X, Y, w, b):
    difference = torch.sigmoid(X @ w + b) - Y
    return X.T @ difference / len(X), difference.sum()


# %% wrong: The sign is turned round: truth minus answer. With these gradients the descent goes uphill.
def logistic_gradient(X, Y, w, b):
    difference = Y - torch.sigmoid(X @ w + b)
    return X.T @ difference / len(X), difference.mean()


# %% wrong: The logits were compared with the classes, without the sigmoid.
def logistic_gradient(X, Y, w, b):
    difference = X @ w + b - Y
    return X.T @ difference / len(X), difference.mean()


# %% wrong: For very large logits the gradient is lost: the probability is exactly 0 or 1, and there the sigmoid has the slope 0.
def logistic_gradient(X, Y, w, b):
    w, b = w.detach().clone().requires_grad_(), b.detach().clone().requires_grad_()
    loss = F.binary_cross_entropy(torch.sigmoid(X @ w + b), Y)
    return torch.autograd.grad(loss, [w, b])


# %% wrong: The slope of the sigmoid, p(1 − p), is one factor too many: in this loss it cancels against that of the logarithm.
def logistic_gradient(X, Y, w, b):
    p = torch.sigmoid(X @ w + b)
    difference = (p - Y) * p * (1 - p)
    return X.T @ difference / len(X), difference.mean()


# %% wrong: The bias is missing from the logits.
def logistic_gradient(X, Y, w, b):
    difference = torch.sigmoid(X @ w) - Y
    return X.T @ difference / len(X), difference.mean()


# %% wrong: For very large logits the result is nan, which is no number: on the way there, infinity met infinity or zero.
def logistic_gradient(X, Y, w, b):
    w, b = w.detach().clone().requires_grad_(), b.detach().clone().requires_grad_()
    p = torch.sigmoid(X @ w + b)
    loss = -(Y * p.log() + (1 - Y) * (1 - p).log()).mean()
    return torch.autograd.grad(loss, [w, b])


# %% wrong: Inputs and differences were averaged apart from each other; each point's input belongs to its own difference.
def logistic_gradient(X, Y, w, b):
    difference = torch.sigmoid(X @ w + b) - Y
    return X.mean(dim=0) * difference.mean(), difference.mean()


# %% wrong: Nothing was recorded: `w` and `b` do not ask for their gradients, so the loss has no graph.
def logistic_gradient(X, Y, w, b):
    loss = F.binary_cross_entropy_with_logits(X @ w + b, Y)
    loss.backward()
    return w.grad, b.grad


# %% wrong: `X @ difference` adds over the inputs of a point. To add over the points, a product needs them last in the first factor.
def logistic_gradient(X, Y, w, b):
    difference = torch.sigmoid(X @ w + b) - Y
    return X @ difference / len(X), difference.mean()


# %% wrong: Both are twice too large: the 2 belongs to a squared error, and there is no square in this loss.
def logistic_gradient(X, Y, w, b):
    difference = torch.sigmoid(X @ w + b) - Y
    return 2 * X.T @ difference / len(X), 2 * difference.mean()


# %% wrong: The two are exchanged: the gradient of `w` comes first.
def logistic_gradient(X, Y, w, b):
    difference = torch.sigmoid(X @ w + b) - Y
    return difference.mean(), X.T @ difference / len(X)


# %% wrong: One mean was taken over all numbers; `w` needs one number for each column of `X`.
def logistic_gradient(X, Y, w, b):
    difference = torch.sigmoid(X @ w + b) - Y
    return (X.T @ difference).mean(), difference.mean()


# %% wrong: The second gradient has the shape (1,); a single number, of shape (), is asked for.
def logistic_gradient(X, Y, w, b):
    difference = torch.sigmoid(X @ w + b) - Y
    return X.T @ difference / len(X), difference.mean(0, keepdim=True)


# %% wrong: The softmax shares 1 among all points; here each point has a probability of its own.
def logistic_gradient(X, Y, w, b):
    difference = torch.softmax(X @ w + b, dim=0) - Y
    return X.T @ difference / len(X), difference.mean()


# %% wrong: The probabilities were rounded to 0 or 1 before the comparison.
def logistic_gradient(X, Y, w, b):
    difference = torch.sigmoid(X @ w + b).round() - Y
    return X.T @ difference / len(X), difference.mean()


# %% wrong: The first gradient was averaged over the columns, of which there are d; the mean is one over the n points.
def logistic_gradient(X, Y, w, b):
    difference = torch.sigmoid(X @ w + b) - Y
    return X.T @ difference / len(w), difference.mean()


# %% wrong: The second result still has one number for each point; the gradient of `b` is a single number.
def logistic_gradient(X, Y, w, b):
    difference = torch.sigmoid(X @ w + b) - Y
    return X.T @ difference / len(X), difference


# %% wrong: The second gradient is a plain number; a tensor of shape () is asked for.
def logistic_gradient(X, Y, w, b):
    difference = torch.sigmoid(X @ w + b) - Y
    return X.T @ difference / len(X), difference.mean().item()


# %% wrong: The logits were cut off, and beyond the limit the probabilities stay away from 0 and 1.
def logistic_gradient(X, Y, w, b):
    difference = torch.sigmoid((X @ w + b).clamp(-10, 10)) - Y
    return X.T @ difference / len(X), difference.mean()


# %% wrong: This is one gradient, that of `w` alone; a pair is asked for, with that of `b`.
def logistic_gradient(X, Y, w, b):
    difference = torch.sigmoid(X @ w + b) - Y
    return X.T @ difference / len(X)


# %% wrong: One mean was taken over points and columns; `w` needs one number for each column of `X`.
def logistic_gradient(X, Y, w, b):
    difference = torch.sigmoid(X @ w + b) - Y
    return (X * difference[:, None]).mean(), difference.mean()


# %% wrong: The first gradient was divided by the number of all entries of `X`; the mean is one over the n points.
def logistic_gradient(X, Y, w, b):
    difference = torch.sigmoid(X @ w + b) - Y
    return X.T @ difference / X.numel(), difference.mean()


# %% cases
def cases():
    X, Y = torch.tensor([[1.0, 2.0], [0.0, -1.0], [3.0, 1.0]]), torch.tensor([1.0, 0.0, 1.0])
    yield X, Y, torch.tensor([0.5, -1.0]), torch.tensor(0.25)
    yield torch.randn(1, 3), torch.ones(1), torch.randn(3), torch.randn(())
    yield torch.randn(3, 20).T, (torch.rand(20) > 0.5).float(), torch.randn(3), torch.tensor(-0.5)
    large = torch.tensor([[1000.0], [-1000.0], [1000.0]])
    yield large, torch.tensor([1.0, 0.0, 0.0]), torch.ones(1), torch.tensor(0.0)
    double = {"dtype": torch.float64}
    yield (
        torch.randn(6, 2, **double),
        torch.ones(6, **double),
        torch.randn(2, **double),
        torch.zeros((), **double),
    )
