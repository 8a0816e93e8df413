"""
title = "Memory that fills up"
kind = "repair"
level = 2
minutes = 5
concepts = ["A09"]
task = "The mean of the losses of all batches comes out right, but the memory fills up from batch to batch, until a long evaluation stops. Repair it: return the same mean, as a plain number, and keep no graph of an earlier batch. The model is left without gradients, and not frozen; whether in training mode or not is up to you."
right = "The same line hides in many training loops, where it costs a little more memory with every batch."
hints = [
    "What does `total` point to after the second batch?",
    "`loss.item()` is a plain number; under `torch.no_grad()` no graph is made at all.",
    "Either the whole loop stands under `with torch.no_grad():`, or the line with `total` adds something that has no history.",
]
"""

# %% setup
import torch


# %% stub
def mean_loss(model, batches: list[tuple[torch.Tensor, torch.Tensor]]) -> float:
    """Return the mean of the model's losses, one for each batch (X, Y)."""
    total = 0.0
    for X, Y in batches:
        loss = ((model(X) - Y) ** 2).mean()
        total = total + loss
    return total / len(batches)


# %% solution
def mean_loss(model, batches):
    total = 0.0
    for X, Y in batches:
        loss = ((model(X) - Y) ** 2).mean()
        total = total + loss.item()
    return total / len(batches)


# %% also right: no graph at all
@torch.no_grad()
def mean_loss(model, batches):
    losses = [((model(X) - Y) ** 2).mean() for X, Y in batches]
    return torch.stack(losses).mean().item()


# %% also right: a sum of detached tensors
def mean_loss(model, batches):
    total = torch.zeros(())
    for X, Y in batches:
        total += torch.nn.functional.mse_loss(model(X), Y).detach()
    return float(total / len(batches))


# %% also right: inference mode, and the mean as it grows
def mean_loss(model, batches):
    mean = 0.0
    with torch.inference_mode():
        for number, (X, Y) in enumerate(batches, start=1):
            mean += (float(((model(X) - Y) ** 2).mean()) - mean) / number
    return mean


# %% also right: eval mode, and gradients that are cleared
def mean_loss(model, batches):
    model.eval()
    losses = []
    for X, Y in batches:
        loss = ((model(X) - Y) ** 2).mean()
        loss.backward()
        losses.append(loss.detach().numpy())
        model.zero_grad(set_to_none=False)
    return sum(losses) / len(losses)


# %% wrong: Only the result lost its graph. On the way there, the graphs of all earlier batches were still kept.
def mean_loss(model, batches):
    total = 0.0
    for X, Y in batches:
        loss = ((model(X) - Y) ** 2).mean()
        total += loss
    return total.item() / len(batches)


# %% wrong: The sum still holds the graph of each batch. Note that `loss.detach()` on a line of its own changes nothing: it returns a new tensor.
def mean_loss(model, batches):
    total = 0.0
    for X, Y in batches:
        loss = ((model(X) - Y) ** 2).mean()
        loss.detach()
        total = total + loss
    return total / len(batches)


# %% wrong: `backward()` makes the graphs let go of what they saved, but it leaves gradients in the model.
def mean_loss(model, batches):
    total = 0.0
    for X, Y in batches:
        loss = ((model(X) - Y) ** 2).mean()
        loss.backward()
        total += loss.item()
    return total / len(batches)


# %% wrong: Only the loss of the last batch is in the result: it is replaced from batch to batch, and not added.
def mean_loss(model, batches):
    total = 0.0
    for X, Y in batches:
        loss = ((model(X) - Y) ** 2).mean()
        total = loss.item()
    return total / len(batches)


# %% wrong: The mean is right, but the tracking is left switched off for the code that follows.
def mean_loss(model, batches):
    torch.set_grad_enabled(False)
    total = 0.0
    for X, Y in batches:
        total += ((model(X) - Y) ** 2).mean().item()
    return total / len(batches)


# %% wrong: This is the sum of the losses; a mean divides it by the number of batches.
def mean_loss(model, batches):
    total = 0.0
    for X, Y in batches:
        total += ((model(X) - Y) ** 2).mean().item()
    return total


# %% wrong: The result is a tensor with the right number in it, and a plain number is asked for.
def mean_loss(model, batches):
    total = torch.zeros(())
    for X, Y in batches:
        total += ((model(X) - Y) ** 2).mean().detach()
    return total / len(batches)


# %% wrong: The `return` stands inside the loop: only the first batch counts.
def mean_loss(model, batches):
    total = 0.0
    for X, Y in batches:
        loss = ((model(X) - Y) ** 2).mean()
        total += loss.item()
        return total / len(batches)


# %% wrong: This is the mean over all points. Here each batch counts the same, however many points it has.
def mean_loss(model, batches):
    total, count = 0.0, 0
    for X, Y in batches:
        total += ((model(X) - Y) ** 2).sum().item()
        count += len(Y)
    return total / count


# %% wrong: The mean is right, but the model is left frozen.
def mean_loss(model, batches):
    model.weight.requires_grad_(False)
    total = 0.0
    for X, Y in batches:
        total += ((model(X) - Y) ** 2).mean().item()
    return total / len(batches)


# %% wrong: `detach()` at the end comes too late: until then the graphs of all earlier batches were kept. And the result is a tensor, where a plain number is asked for.
def mean_loss(model, batches):
    total = 0.0
    for X, Y in batches:
        loss = ((model(X) - Y) ** 2).mean()
        total = total + loss
    return (total / len(batches)).detach()


# %% wrong: These are the losses of all batches in a list; their mean is asked for.
def mean_loss(model, batches):
    return [((model(X) - Y) ** 2).mean().item() for X, Y in batches]


# %% wrong: `item` stands here without its brackets: it was not called, and a method cannot be added to a number.
def mean_loss(model, batches):
    total = 0.0
    for X, Y in batches:
        loss = ((model(X) - Y) ** 2).mean()
        total = total + loss.item
    return total / len(batches)


# %% wrong: `item` stands here without its brackets: it was not called, and `total` became the method itself.
def mean_loss(model, batches):
    total = 0.0
    for X, Y in batches:
        loss = ((model(X) - Y) ** 2).mean()
        total = (total + loss).item
    return total / len(batches)


# %% wrong: `torch.no_grad` stands here without its brackets: it was not called.
def mean_loss(model, batches):
    with torch.no_grad:
        return sum(((model(X) - Y) ** 2).mean().item() for X, Y in batches) / len(batches)


# %% cases
import weakref

from torch.autograd.graph import saved_tensors_hooks


class Box:
    def __init__(self, tensor):
        self.tensor = tensor.detach()


class Model(torch.nn.Module):
    def __init__(self, weight):
        super().__init__()
        self.weight = torch.nn.Parameter(weight)
        self.watch = None

    def forward(self, X):
        if self.watch:
            self.watch()
        return X @ self.weight

    def __repr__(self):
        return f"X @ {[round(w, 4) for w in self.weight.tolist()]}"


class Batches(list):
    def __repr__(self):
        return f"{len(self)} batches"


def cases():
    X, Y = torch.tensor([[1.0, 0.0], [0.0, 1.0]]), torch.tensor([1.0, 2.0])
    yield Model(torch.tensor([1.0, 1.0])), Batches([(X, Y), (X, 2 * Y), (X, 0 * Y), (-X, Y)])
    sizes = [7, 7, 7, 7, 3]
    batches = Batches([(torch.randn(n, 3), torch.randn(n)) for n in sizes])
    yield Model(torch.randn(3)), batches
    yield Model(torch.randn(2)), Batches([(torch.randn(5, 2), torch.randn(5))])


def observe(answer, model, batches):
    boxes, counts = weakref.WeakSet(), []

    def pack(tensor):
        box = Box(tensor)
        boxes.add(box)
        return box

    model.watch = lambda: counts.append(len(boxes))
    with saved_tensors_hooks(pack, lambda box: box.tensor):
        result = answer(model, batches)
    model.watch = None
    if result is None:
        return None
    left = model.weight.grad
    return {
        "the mean": result,
        "the result has a graph": isinstance(result, torch.Tensor) and result.requires_grad,
        "graphs of earlier batches are kept": len(counts) > 2 and counts[-1] > counts[1],
        "the model has a gradient": left is not None and bool(left.any()),
        "the model asks for gradients": model.weight.requires_grad,
    }
