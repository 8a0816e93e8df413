"""
title = "Features for a new head"
kind = "repair"
level = 2
minutes = 4
concepts = ["A08", "A09"]
task = "A trained `backbone` turns inputs into features, and only the new head `w` (d,) is to be trained on them. But `backward` is never reached: the line of the loss stops with a `RuntimeError`. Repair it, so that it returns the gradient of the loss with respect to `w`. The backbone is left without gradients, and not frozen."
right = "Features that are computed once, and used to train a small head, save most of the work."
hints = [
    "Which of the tensors in the line of the loss must the graph save for its way back?",
    "Compare `inference_mode()` with `no_grad()`: what may a graph do with the results of each?",
    "Only the line with the `with` has to change, or the features need a normal copy after it.",
]
"""

# %% setup
import torch


# %% stub
def head_gradient(backbone, X: torch.Tensor, Y: torch.Tensor, w: torch.Tensor) -> torch.Tensor:
    """Return the gradient of the loss with respect to the head w: (d,), which asks for it."""
    with torch.inference_mode():
        features = backbone(X)  # (n, d)
    loss = ((features @ w - Y) ** 2).mean()
    loss.backward()
    return w.grad


# %% solution
def head_gradient(backbone, X, Y, w):
    with torch.no_grad():
        features = backbone(X)
    loss = ((features @ w - Y) ** 2).mean()
    loss.backward()
    return w.grad


# %% also right: a normal copy
def head_gradient(backbone, X, Y, w):
    with torch.inference_mode():
        features = backbone(X)
    loss = ((features.clone() @ w - Y) ** 2).mean()
    loss.backward()
    return w.grad


# %% also right: tracked, then detached
def head_gradient(backbone, X, Y, w):
    features = backbone(X).detach()
    loss = ((features @ w - Y) ** 2).mean()
    return torch.autograd.grad(loss, w)[0]


# %% also right: on paper
def head_gradient(backbone, X, Y, w):
    with torch.inference_mode():
        features = backbone(X)
        gradient = 2 * features.T @ (features @ w - Y) / len(X)
    return gradient


# %% also right: tracked, and cleared afterwards
def head_gradient(backbone, X, Y, w):
    backbone.eval()
    loss = ((backbone(X) @ w - Y) ** 2).mean()
    loss.backward()
    backbone.zero_grad(set_to_none=False)
    return w.grad


# %% also right: frozen for a while
def head_gradient(backbone, X, Y, w):
    backbone.requires_grad_(False)
    loss = ((backbone(X) @ w - Y) ** 2).mean()
    loss.backward()
    backbone.requires_grad_(True)
    return w.grad


# %% wrong: The gradient of `w` is right, but now the backbone is tracked too, and `backward` left gradients in it.
def head_gradient(backbone, X, Y, w):
    features = backbone(X)
    loss = ((features @ w - Y) ** 2).mean()
    loss.backward()
    return w.grad


# %% wrong: The gradient of `w` is right, but the backbone is left frozen.
def head_gradient(backbone, X, Y, w):
    backbone.weight.requires_grad_(False)
    loss = ((backbone(X) @ w - Y) ** 2).mean()
    loss.backward()
    return w.grad


# %% wrong: The loss has no graph: either it was computed where nothing is recorded, or the `w` in it was detached.
def head_gradient(backbone, X, Y, w):
    with torch.no_grad():
        features = backbone(X)
        loss = ((features @ w - Y) ** 2).mean()
    loss.backward()
    return w.grad


# %% wrong: The gradient of `w` is right, but all tracking is left switched off for the code that follows.
def head_gradient(backbone, X, Y, w):
    torch.set_grad_enabled(False)
    features = backbone(X)
    return 2 * features.T @ (features @ w.detach() - Y) / len(X)


# %% wrong: This is the gradient of the sum of the squared errors, n times too large.
def head_gradient(backbone, X, Y, w):
    with torch.no_grad():
        features = backbone(X)
    loss = ((features @ w - Y) ** 2).sum()
    loss.backward()
    return w.grad


# %% wrong: The features are still inference tensors, which no graph may save. What `detach()` returns is one too, and so is a copy that was made inside the block.
def head_gradient(backbone, X, Y, w):
    with torch.inference_mode():
        features = backbone(X)
    loss = ((features.detach() @ w - Y) ** 2).mean()
    loss.backward()
    return w.grad


# %% wrong: Inference tensors stay what they are: outside the block they cannot be made to ask for a gradient, and it is `w` whose gradient is wanted.
def head_gradient(backbone, X, Y, w):
    with torch.inference_mode():
        features = backbone(X)
    features.requires_grad_()
    loss = ((features @ w - Y) ** 2).mean()
    loss.backward()
    return w.grad


# %% wrong: This is the loss; the gradient of `w` is asked for.
def head_gradient(backbone, X, Y, w):
    with torch.no_grad():
        features = backbone(X)
    loss = ((features @ w - Y) ** 2).mean()
    loss.backward()
    return loss


# %% wrong: This is a tuple with one gradient for each input, as `torch.autograd.grad` returns it; the tensor in it is asked for.
def head_gradient(backbone, X, Y, w):
    with torch.no_grad():
        features = backbone(X)
    loss = ((features @ w - Y) ** 2).mean()
    return torch.autograd.grad(loss, w)


# %% wrong: The result is `None`. `backward()` itself returns nothing, and `.grad` is `None` as long as no `backward()` has reached the tensor.
def head_gradient(backbone, X, Y, w):
    with torch.no_grad():
        features = backbone(X)
    loss = ((features @ w - Y) ** 2).mean()
    return loss.backward()


# %% wrong: This is the gradient at the features; the one at `w` is asked for.
def head_gradient(backbone, X, Y, w):
    with torch.no_grad():
        features = backbone(X)
    features.requires_grad_()
    loss = ((features @ w - Y) ** 2).mean()
    loss.backward()
    return features.grad


# %% wrong: The loss is a result of `w`, which asks for its gradient, so it has a graph already: there is nothing to switch on, and in a result it cannot be switched.
def head_gradient(backbone, X, Y, w):
    with torch.no_grad():
        features = backbone(X)
    loss = ((features @ w - Y) ** 2).mean()
    loss.requires_grad = True
    loss.backward()
    return w.grad


# %% cases
class Backbone(torch.nn.Module):
    def __init__(self, weight):
        super().__init__()
        self.weight = torch.nn.Parameter(weight)

    def forward(self, X):
        return torch.tanh(X @ self.weight)

    def __repr__(self):
        return "a backbone"


def cases():
    X, Y = torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]), torch.tensor([1.0, 0.0, 1.0])
    w = torch.tensor([0.5, -1.0], requires_grad=True)
    yield Backbone(torch.eye(2)), X, Y, w
    w = torch.randn(4, requires_grad=True)
    yield Backbone(torch.randn(5, 4)), torch.randn(8, 5), torch.randn(8), w
    w = torch.randn(3, dtype=torch.float64, requires_grad=True)
    double = {"dtype": torch.float64}
    yield (
        Backbone(torch.randn(2, 3, **double)),
        torch.randn(6, 2, **double),
        torch.randn(6, **double),
        w,
    )


def observe(answer, backbone, X, Y, w):
    gradient = answer(backbone, X, Y, w)
    if gradient is None:
        return None
    left = backbone.weight.grad
    return {
        "the gradient of w": gradient,
        "the backbone has a gradient": left is not None and bool(left.any()),
        "the backbone asks for gradients": backbone.weight.requires_grad,
    }
