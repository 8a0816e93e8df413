"""
title = "A loop that swings"
kind = "repair"
level = 1
minutes = 4
concepts = ["A05", "X07", "A13"]
task = "This loop should go down to the lowest point of `f`, but the loss swings up and down without end. Repair it. The leaf `w` is changed in place, and may bring an old gradient along, which must not count. The result is the list of losses, one number for each step."
right = "Every training loop clears its gradients once in each round."
hints = [
    "Print `w.grad` in each round and compare it with the gradient that you expect there.",
    "`optimizer.zero_grad()` clears. How often does it run here, and how often does `backward()`?",
    "In the loop stand `loss = f(w)`, `loss.backward()` and `optimizer.step()`. Which line from above belongs there too, and before which of the three?",
]
"""

# %% setup
import torch
import torch._dynamo  # torch.func and torch.optim load it, slowly: not in the answer's time


# %% stub
def train(f, w: torch.Tensor, lr: float, num_steps: int) -> list[float]:
    """Go downhill on f by changing w, and return the loss at each step."""
    optimizer = torch.optim.SGD([w], lr=lr)
    optimizer.zero_grad()
    losses = []
    for _ in range(num_steps):
        loss = f(w)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


# %% solution
def train(f, w, lr, num_steps):
    optimizer = torch.optim.SGD([w], lr=lr)
    losses = []
    for _ in range(num_steps):
        optimizer.zero_grad()
        loss = f(w)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


# %% also right: cleared before the loop and after each step
def train(f, w, lr, num_steps):
    optimizer = torch.optim.SGD([w], lr=lr)
    optimizer.zero_grad()
    losses = []
    for _ in range(num_steps):
        loss = f(w)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad(set_to_none=False)
        losses.append(loss.item())
    return losses


# %% also right: without an optimiser
def train(f, w, lr, num_steps):
    losses = []
    for _ in range(num_steps):
        loss = f(w)
        (gradient,) = torch.autograd.grad(loss, w)
        with torch.no_grad():
            w -= lr * gradient
        losses.append(loss.item())
    return losses


# %% also right: None by hand, just before backward
def train(f, w, lr, num_steps):
    losses = []
    for _ in range(num_steps):
        loss = f(w)
        w.grad = None
        loss.backward()
        w.data -= lr * w.grad
        losses += [loss.item()]
    return losses


# %% wrong: The gradients still add up from one round to the next.
def train(f, w, lr, num_steps):
    optimizer = torch.optim.SGD([w], lr=lr)
    optimizer.zero_grad()
    losses = []
    for _ in range(num_steps):
        loss = f(w)
        loss.backward(retain_graph=True)
        optimizer.step()
        losses.append(loss.item())
    return losses


# %% wrong: Nothing clears the old gradient that `w` may bring along, so it counts in the first step.
def train(f, w, lr, num_steps):
    optimizer = torch.optim.SGD([w], lr=lr)
    losses = []
    for _ in range(num_steps):
        loss = f(w)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())
    return losses


# %% wrong: `w` never moves: the gradient was cleared between `backward()` and `step()`, or the step was not made at all.
def train(f, w, lr, num_steps):
    optimizer = torch.optim.SGD([w], lr=lr)
    losses = []
    for _ in range(num_steps):
        loss = f(w)
        loss.backward()
        optimizer.zero_grad()
        optimizer.step()
        losses.append(loss.item())
    return losses


# %% wrong: In the first round `w.grad` may be `None`, and `None` cannot be filled with zeros.
def train(f, w, lr, num_steps):
    optimizer = torch.optim.SGD([w], lr=lr)
    losses = []
    for _ in range(num_steps):
        w.grad.zero_()
        loss = f(w)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


# %% wrong: A smaller learning rate makes the swings smaller, but the gradients still add up.
def train(f, w, lr, num_steps):
    optimizer = torch.optim.SGD([w], lr=lr / 10)
    optimizer.zero_grad()
    losses = []
    for _ in range(num_steps):
        loss = f(w)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


# %% wrong: The list holds tensors, where plain numbers are asked for: a loss that is kept as a tensor may keep its whole graph.
def train(f, w, lr, num_steps):
    optimizer = torch.optim.SGD([w], lr=lr)
    losses = []
    for _ in range(num_steps):
        optimizer.zero_grad()
        loss = f(w)
        loss.backward()
        optimizer.step()
        losses.append(loss)
    return losses


# %% wrong: These are the losses after each step. The loss at a step is the one whose gradient is taken there.
def train(f, w, lr, num_steps):
    optimizer = torch.optim.SGD([w], lr=lr)
    losses = []
    for _ in range(num_steps):
        optimizer.zero_grad()
        f(w).backward()
        optimizer.step()
        losses.append(f(w).item())
    return losses


# %% wrong: No gradient is cleared before it is used, not even the old one that `w` may bring along. A line that stands after the loop comes too late, a method without its brackets is not called, and other methods than those for clearing do not clear.
def train(f, w, lr, num_steps):
    optimizer = torch.optim.SGD([w], lr=lr)
    losses = []
    for _ in range(num_steps):
        optimizer.zero_grad
        loss = f(w)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


# %% wrong: `append` stands after the loop, so the list holds the last loss only.
def train(f, w, lr, num_steps):
    optimizer = torch.optim.SGD([w], lr=lr)
    losses = []
    for _ in range(num_steps):
        optimizer.zero_grad()
        loss = f(w)
        loss.backward()
        optimizer.step()
    losses.append(loss.item())
    return losses


# %% wrong: After the first step `w` is the name of a new tensor, a result, in whose `.grad` nothing is kept. And the leaf that was given has not moved.
def train(f, w, lr, num_steps):
    losses = []
    for _ in range(num_steps):
        loss = f(w)
        loss.backward()
        w = w - lr * w.grad
        w.grad = None
        losses.append(loss.item())
    return losses


# %% wrong: `torch.autograd.grad` returns a tuple, with one gradient for each input.
def train(f, w, lr, num_steps):
    losses = []
    for _ in range(num_steps):
        loss = f(w)
        gradient = torch.autograd.grad(loss, w)
        with torch.no_grad():
            w -= lr * gradient
        losses.append(loss.item())
    return losses


# %% wrong: The `return` stands inside the loop, so it ends after one step.
def train(f, w, lr, num_steps):
    optimizer = torch.optim.SGD([w], lr=lr)
    losses = []
    for _ in range(num_steps):
        optimizer.zero_grad()
        loss = f(w)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        return losses


# %% wrong: This is another rule than that of the loop: Adam makes steps of about `lr`, however long the gradient is.
def train(f, w, lr, num_steps):
    optimizer = torch.optim.Adam([w], lr=lr)
    losses = []
    for _ in range(num_steps):
        optimizer.zero_grad()
        loss = f(w)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


# %% cases
class Formula:
    def __init__(self, text):
        self.text = text

    def __call__(self, w):
        return eval(self.text, {"torch": torch, "w": w})

    def __repr__(self):
        return self.text


def cases():
    yield Formula("w**2"), torch.tensor(4.0, requires_grad=True), 0.25, 3
    brings = torch.tensor([1.0, 2.0], requires_grad=True)
    brings.grad = torch.tensor([10.0, 10.0])
    yield Formula("(w**2).sum()"), brings, 0.1, 2
    valley = Formula("(w[0] ** 2 + 10 * w[1] ** 2) / 2")
    yield valley, torch.tensor([-4.0, 1.2], requires_grad=True), 0.15, 20
    yield Formula("(w - 1).abs().sum()"), torch.randn(3, requires_grad=True), 0.1, 5
    yield Formula("w**2"), torch.tensor(1.0, requires_grad=True), 0.1, 0
