"""
title = "The second step fails"
kind = "repair"
level = 2
minutes = 5
concepts = ["A07", "A13"]
task = "This gradient descent makes one step and stops with an error at the second one, where `w.grad` is `None`. Repair it; the graph of the loss must not grow from step to step. The result is `w` after `num_steps` steps: a tensor of shape (d,)."
right = "An optimiser does the same for you: it changes the tensors that it was given, and records nothing."
hints = [
    "Print `w.is_leaf` before and after the step.",
    "The step is no part of the model's formula, so it belongs where nothing is recorded: `torch.no_grad()`.",
    "`with torch.no_grad():` and in it a line that changes the numbers of `w` itself, and does not give its name to a new tensor.",
]
"""

# %% setup
import torch
import torch._dynamo  # torch.func and torch.optim load it, slowly: not in the answer's time


# %% stub
def fit(X: torch.Tensor, Y: torch.Tensor, lr: float, num_steps: int) -> torch.Tensor:
    """Fit Y = X @ w, for X: (n, d) and Y: (n,), starting from zeros; return w: (d,)."""
    w = torch.zeros(X.shape[1], requires_grad=True)
    for _ in range(num_steps):
        loss = ((X @ w - Y) ** 2).mean()
        loss.backward()
        w = w - lr * w.grad
        w.grad = None
    return w.detach()


# %% solution
def fit(X, Y, lr, num_steps):
    w = torch.zeros(X.shape[1], requires_grad=True)
    for _ in range(num_steps):
        loss = ((X @ w - Y) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            w -= lr * w.grad
        w.grad = None
    return w.detach()


# %% also right: a new leaf at each step
def fit(X, Y, lr, num_steps):
    w = torch.zeros(X.shape[1], requires_grad=True)
    for _ in range(num_steps):
        loss = ((X @ w - Y) ** 2).mean()
        loss.backward()
        w = (w - lr * w.grad).detach().requires_grad_()
    return w.detach()


# %% also right: the gradient without backward
def fit(X, Y, lr, num_steps):
    w = torch.zeros(X.shape[1])
    for _ in range(num_steps):
        w.requires_grad_()
        (gradient,) = torch.autograd.grad(((X @ w - Y) ** 2).mean(), w)
        w = w.detach() - lr * gradient
    return w


# %% also right: an optimiser
def fit(X, Y, lr, num_steps):
    w = torch.zeros(X.shape[1], requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=lr)
    for _ in range(num_steps):
        optimizer.zero_grad()
        ((X @ w - Y) ** 2).mean().backward()
        optimizer.step()
    return w.detach()


# %% also right: copied into place, and the leaf returned
def fit(X, Y, lr, num_steps):
    w = torch.zeros(X.shape[1], requires_grad=True)
    for _ in range(num_steps):
        loss = ((X @ w - Y) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            w.copy_(w - lr * w.grad)
            w.grad.zero_()
    return w


# %% wrong: After the first step `w` is the name of a tensor that asks for no gradient, so the next loss has no graph.
def fit(X, Y, lr, num_steps):
    w = torch.zeros(X.shape[1], requires_grad=True)
    for _ in range(num_steps):
        loss = ((X @ w - Y) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            w = w - lr * w.grad
        w.grad = None
    return w.detach()


# %% wrong: `w` is a leaf that asks for its gradient, and such a tensor is not changed in place while PyTorch records.
def fit(X, Y, lr, num_steps):
    w = torch.zeros(X.shape[1], requires_grad=True)
    for _ in range(num_steps):
        loss = ((X @ w - Y) ** 2).mean()
        loss.backward()
        w -= lr * w.grad
        w.grad = None
    return w.detach()


# %% wrong: `w` is still the name of a new tensor after the first step: a result, in whose `.grad` nothing is kept.
def fit(X, Y, lr, num_steps):
    w = torch.zeros(X.shape[1], requires_grad=True)
    for _ in range(num_steps):
        loss = ((X @ w - Y) ** 2).mean()
        loss.backward()
        w = w.add(-lr * w.grad)
    return w.detach()


# %% wrong: It runs now, but the gradients of all steps add up, because nothing clears them.
def fit(X, Y, lr, num_steps):
    w = torch.zeros(X.shape[1], requires_grad=True)
    for _ in range(num_steps):
        loss = ((X @ w - Y) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            w -= lr * w.grad
    return w.detach()


# %% wrong: `w` never moves here: the step made, or changed, another tensor, and the one in the loss is as it was.
def fit(X, Y, lr, num_steps):
    w = torch.zeros(X.shape[1], requires_grad=True)
    for _ in range(num_steps):
        loss = ((X @ w - Y) ** 2).mean()
        loss.backward()
        moved = w.detach().clone()
        moved -= lr * w.grad
        w.grad = None
    return w.detach()


# %% wrong: This is the result of a single step, however many are asked for: each step starts from zeros again, or the `return` stands inside the loop.
def fit(X, Y, lr, num_steps):
    w = torch.zeros(X.shape[1])
    for _ in range(num_steps):
        w = torch.zeros(X.shape[1], requires_grad=True)
        loss = ((X @ w - Y) ** 2).mean()
        loss.backward()
        w = w - lr * w.grad
    return w.detach()


# %% wrong: The loss has no graph: either it is computed where PyTorch records nothing, or `w` does not ask for its gradient.
def fit(X, Y, lr, num_steps):
    w = torch.zeros(X.shape[1], requires_grad=True)
    for _ in range(num_steps):
        with torch.no_grad():
            loss = ((X @ w - Y) ** 2).mean()
            loss.backward()
            w -= lr * w.grad
        w.grad = None
    return w.detach()


# %% wrong: `None` cannot be filled with zeros, and `w.grad` is `None` here: before the first `backward()` it always is, and so it is for a new tensor that got the name `w`.
def fit(X, Y, lr, num_steps):
    w = torch.zeros(X.shape[1], requires_grad=True)
    for _ in range(num_steps):
        w.grad.zero_()
        loss = ((X @ w - Y) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            w -= lr * w.grad
    return w.detach()


# %% wrong: The sign is turned round: `w` moves uphill.
def fit(X, Y, lr, num_steps):
    w = torch.zeros(X.shape[1], requires_grad=True)
    for _ in range(num_steps):
        loss = ((X @ w - Y) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            w += lr * w.grad
        w.grad = None
    return w.detach()


# %% wrong: `lr` is missing: `w` moves by the whole gradient.
def fit(X, Y, lr, num_steps):
    w = torch.zeros(X.shape[1], requires_grad=True)
    for _ in range(num_steps):
        loss = ((X @ w - Y) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            w -= w.grad
        w.grad = None
    return w.detach()


# %% wrong: The numbers are right, but each new `w` still hangs on the one before: the graph grows with every step, and each way back gets longer.
def fit(X, Y, lr, num_steps):
    w = torch.zeros(X.shape[1], requires_grad=True)
    for _ in range(num_steps):
        loss = ((X @ w - Y) ** 2).mean()
        (gradient,) = torch.autograd.grad(loss, w)
        w = w - lr * gradient
    return w.detach()


# %% wrong: `w.grad` was cleared before the step used it.
def fit(X, Y, lr, num_steps):
    w = torch.zeros(X.shape[1], requires_grad=True)
    for _ in range(num_steps):
        loss = ((X @ w - Y) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            w.grad = None
            w -= lr * w.grad
    return w.detach()


# %% wrong: The loss was computed once, before the loop, so each step goes by the gradient at the zeros.
def fit(X, Y, lr, num_steps):
    w = torch.zeros(X.shape[1], requires_grad=True)
    loss = ((X @ w - Y) ** 2).mean()
    for _ in range(num_steps):
        loss.backward(retain_graph=True)
        with torch.no_grad():
            w -= lr * w.grad
        w.grad = None
    return w.detach()


# %% wrong: The graph of the first loss is gone after one way back, and here the loss is computed once, before the loop.
def fit(X, Y, lr, num_steps):
    w = torch.zeros(X.shape[1], requires_grad=True)
    loss = ((X @ w - Y) ** 2).mean()
    for _ in range(num_steps):
        loss.backward()
        with torch.no_grad():
            w -= lr * w.grad
        w.grad = None
    return w.detach()


# %% wrong: Each step is half as long as it should be: the 2 that comes from the square is missing in the gradient.
def fit(X, Y, lr, num_steps):
    w = torch.zeros(X.shape[1])
    for _ in range(num_steps):
        w = w - lr * X.T @ (X @ w - Y) / len(Y)
    return w


# %% wrong: This follows the sum of the squared errors; the loss is their mean.
def fit(X, Y, lr, num_steps):
    w = torch.zeros(X.shape[1], requires_grad=True)
    for _ in range(num_steps):
        loss = ((X @ w - Y) ** 2).sum()
        loss.backward()
        with torch.no_grad():
            w -= lr * w.grad
        w.grad = None
    return w.detach()


# %% cases
def cases():
    X, Y = torch.tensor([[1.0, 0.0], [1.0, 1.0]]), torch.tensor([1.0, 3.0])
    yield X, Y, 0.5, 2
    yield X, Y, 0.5, 1
    yield torch.randn(20, 3), torch.randn(20), 0.1, 30


def size(tensor):
    waiting, nodes = [tensor.grad_fn], set()
    while waiting:
        node = waiting.pop()
        if node is not None and node not in nodes:
            nodes.add(node)
            waiting += [following for following, _ in node.next_functions]
    return len(nodes)


def observe(answer, X, Y, lr, num_steps):
    sizes = []

    def measured(go_back):
        def noted(outputs, *arguments, **options):
            if isinstance(outputs, torch.Tensor):
                sizes.append(size(outputs))
            return go_back(outputs, *arguments, **options)

        return noted

    ways = torch.autograd.backward, torch.autograd.grad
    torch.autograd.backward, torch.autograd.grad = map(measured, ways)
    try:
        w = answer(X, Y, lr, num_steps)
    finally:
        torch.autograd.backward, torch.autograd.grad = ways
    if w is None:
        return None
    return {"w": w, "the graph grows from step to step": sizes[-1:] > sizes[:1]}
