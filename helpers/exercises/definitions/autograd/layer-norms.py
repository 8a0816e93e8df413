"""
title = "Gradient norms, layer by layer"
kind = "write"
level = 3
minutes = 8
concepts = ["A14", "A05", "A08"]
task = "Return a list with one plain number (a float) for each `nn.Linear` of `model`, an `nn.Sequential`, the first layer first: the norm of the gradient of the layer's weight, for the loss `model(X).square().mean()`. A frozen weight counts 0. The model may hold other parts with weights. Old gradients in it must not count, and afterwards every `.grad` in it is `None`."
right = "If the first numbers of this list are tiny, the gradient vanishes; if they are huge, it explodes."
hints = [
    "There are four steps: make sure nothing old counts, go back once, look, and clean up.",
    "`model.zero_grad()` clears all parameters, `isinstance(part, nn.Linear)` tells which parts are layers, and `weight.grad.norm()` is a norm. What is the `.grad` of a frozen weight?",
    "`for part in model:` and in it `if isinstance(part, nn.Linear):`, with a case for `part.weight.grad is None`; a `model.zero_grad()` stands before and after.",
]
"""

# %% setup
import torch
import torch._dynamo  # torch.func and torch.optim load it, slowly: not in the answer's time
from torch import nn


# %% stub
def weight_gradient_norms(model: nn.Sequential, X: torch.Tensor) -> list[float]:
    """Return the norm of the gradient of each linear layer's weight, the first layer first."""
    ...


# %% solution
def weight_gradient_norms(model, X):
    model.zero_grad()
    model(X).square().mean().backward()
    weights = [part.weight for part in model if isinstance(part, nn.Linear)]
    norms = [0.0 if w.grad is None else w.grad.norm().item() for w in weights]
    model.zero_grad()
    return norms


# %% also right: torch.autograd.grad
def weight_gradient_norms(model, X):
    model.zero_grad()
    loss = model(X).square().mean()
    norms = []
    for part in model:
        if isinstance(part, nn.Linear) and part.weight.requires_grad:
            gradient = torch.autograd.grad(loss, part.weight, retain_graph=True)[0]
            norms.append((gradient**2).sum().sqrt().item())
        elif isinstance(part, nn.Linear):
            norms.append(0.0)
    return norms


# %% also right: hooks
def weight_gradient_norms(model, X):
    layers = [part for part in model if isinstance(part, nn.Linear)]
    norms = [0.0] * len(layers)
    handles = []
    for i, layer in enumerate(layers):
        if layer.weight.requires_grad:
            note = lambda gradient, i=i: norms.__setitem__(i, float(gradient.norm()))
            handles.append(layer.weight.register_hook(note))
    model(X).square().mean().backward()
    for handle in handles:
        handle.remove()
    for parameter in model.parameters():
        parameter.grad = None
    return norms


# %% wrong: Old gradients count here: `backward()` added to what was already in the model.
def weight_gradient_norms(model, X):
    model(X).square().mean().backward()
    weights = [part.weight for part in model if isinstance(part, nn.Linear)]
    norms = [0.0 if w.grad is None else w.grad.norm().item() for w in weights]
    model.zero_grad()
    return norms


# %% wrong: The norms are right, but the gradients are left in the model.
def weight_gradient_norms(model, X):
    model.zero_grad()
    model(X).square().mean().backward()
    weights = [part.weight for part in model if isinstance(part, nn.Linear)]
    return [0.0 if w.grad is None else w.grad.norm().item() for w in weights]


# %% wrong: A frozen weight has no gradient: its `.grad` is `None`, and `None` has no norm.
def weight_gradient_norms(model, X):
    model.zero_grad()
    model(X).square().mean().backward()
    norms = [part.weight.grad.norm().item() for part in model if isinstance(part, nn.Linear)]
    model.zero_grad()
    return norms


# %% wrong: These are the norms of the weights themselves, not of their gradients.
def weight_gradient_norms(model, X):
    model.zero_grad()
    return [part.weight.norm().item() for part in model if isinstance(part, nn.Linear)]


# %% wrong: The biases are in the list too: there are two numbers for each layer.
def weight_gradient_norms(model, X):
    model.zero_grad()
    model(X).square().mean().backward()
    norms = [0.0 if p.grad is None else p.grad.norm().item() for p in model.parameters()]
    model.zero_grad()
    return norms


# %% wrong: The order is turned round: the last layer comes first, as on the way back.
def weight_gradient_norms(model, X):
    model.zero_grad()
    model(X).square().mean().backward()
    weights = [part.weight for part in model if isinstance(part, nn.Linear)]
    norms = [0.0 if w.grad is None else w.grad.norm().item() for w in reversed(weights)]
    model.zero_grad()
    return norms


# %% wrong: A frozen layer is left out of the list, where it should count 0.
def weight_gradient_norms(model, X):
    model.zero_grad()
    model(X).square().mean().backward()
    weights = [part.weight for part in model if isinstance(part, nn.Linear)]
    norms = [w.grad.norm().item() for w in weights if w.grad is not None]
    model.zero_grad()
    return norms


# %% wrong: These are the squares of the norms: the root is missing.
def weight_gradient_norms(model, X):
    model.zero_grad()
    model(X).square().mean().backward()
    weights = [part.weight for part in model if isinstance(part, nn.Linear)]
    norms = [0.0 if w.grad is None else (w.grad**2).sum().item() for w in weights]
    model.zero_grad()
    return norms


# %% wrong: These are the norms of the gradients at the outputs of the layers, and those of the weights are asked for.
def weight_gradient_norms(model, X):
    norms = []

    def note(layer, grad_input, grad_output):
        norms.insert(0, grad_output[0].norm().item())

    layers = [part for part in model if isinstance(part, nn.Linear)]
    handles = [layer.register_full_backward_hook(note) for layer in layers]
    model(X.clone().requires_grad_()).square().mean().backward()
    for handle in handles:
        handle.remove()
    model.zero_grad()
    return norms


# %% wrong: All gradients were cleared before they were read, so every weight looks as if it were frozen.
def weight_gradient_norms(model, X):
    model.zero_grad()
    model(X).square().mean().backward()
    model.zero_grad()
    weights = [part.weight for part in model if isinstance(part, nn.Linear)]
    return [0.0 if w.grad is None else w.grad.norm().item() for w in weights]


# %% wrong: These are means of the absolute numbers; the norm is the root of the sum of the squares.
def weight_gradient_norms(model, X):
    model.zero_grad()
    model(X).square().mean().backward()
    weights = [part.weight for part in model if isinstance(part, nn.Linear)]
    norms = [0.0 if w.grad is None else w.grad.abs().mean().item() for w in weights]
    model.zero_grad()
    return norms


# %% wrong: The squares were added up in the loss; their mean is asked for.
def weight_gradient_norms(model, X):
    model.zero_grad()
    model(X).square().sum().backward()
    weights = [part.weight for part in model if isinstance(part, nn.Linear)]
    norms = [0.0 if w.grad is None else w.grad.norm().item() for w in weights]
    model.zero_grad()
    return norms


# %% wrong: The square is missing in the loss.
def weight_gradient_norms(model, X):
    model.zero_grad()
    model(X).mean().backward()
    weights = [part.weight for part in model if isinstance(part, nn.Linear)]
    norms = [0.0 if w.grad is None else w.grad.norm().item() for w in weights]
    model.zero_grad()
    return norms


# %% wrong: Each norm is that of weight and bias together; the weight alone is asked for.
def weight_gradient_norms(model, X):
    model.zero_grad()
    model(X).square().mean().backward()
    layers = [part for part in model if isinstance(part, nn.Linear)]
    given = [[p.grad for p in layer.parameters() if p.grad is not None] for layer in layers]
    norms = [sum((g**2).sum() for g in some).sqrt().item() for some in given]
    model.zero_grad()
    return norms


# %% wrong: The absolute numbers were added up; the norm is the root of the sum of the squares.
def weight_gradient_norms(model, X):
    model.zero_grad()
    model(X).square().mean().backward()
    weights = [part.weight for part in model if isinstance(part, nn.Linear)]
    norms = [0.0 if w.grad is None else w.grad.abs().sum().item() for w in weights]
    model.zero_grad()
    return norms


# %% wrong: A frozen weight gets a number other than 0 here: `torch.func.grad` takes the gradient at each tensor that it is given, whether it asks or not.
def weight_gradient_norms(model, X):
    given = dict(model.named_parameters())
    loss = lambda given: torch.func.functional_call(model, given, (X,)).square().mean()
    gradients = torch.func.grad(loss)(given)
    model.zero_grad()
    linear = [f"{i}.weight" for i, part in enumerate(model) if isinstance(part, nn.Linear)]
    return [gradients[name].norm().item() for name in linear]


# %% wrong: A frozen weight was made to ask for its gradient, and gets a number other than 0.
def weight_gradient_norms(model, X):
    model.zero_grad()
    model.requires_grad_(True)
    model(X).square().mean().backward()
    weights = [part.weight for part in model if isinstance(part, nn.Linear)]
    norms = [0.0 if w.grad is None else w.grad.norm().item() for w in weights]
    model.zero_grad()
    return norms


# %% wrong: The gradients of the weights are cleared, but the biases have some too, and these are left.
def weight_gradient_norms(model, X):
    for part in model:
        if isinstance(part, nn.Linear):
            part.weight.grad = part.bias.grad = None
    model(X).square().mean().backward()
    weights = [part.weight for part in model if isinstance(part, nn.Linear)]
    norms = [0.0 if w.grad is None else w.grad.norm().item() for w in weights]
    for w in weights:
        w.grad = None
    return norms


# %% wrong: A tensor with several numbers is neither true nor false; the question is whether `.grad` is `None`.
def weight_gradient_norms(model, X):
    model.zero_grad()
    model(X).square().mean().backward()
    weights = [part.weight for part in model if isinstance(part, nn.Linear)]
    norms = [w.grad.norm().item() if w.grad else 0.0 for w in weights]
    model.zero_grad()
    return norms


# %% wrong: Not every other part is a linear layer: two may follow each other, and other parts may stand between them.
def weight_gradient_norms(model, X):
    model.zero_grad()
    model(X).square().mean().backward()
    weights = [part.weight for part in model[::2]]
    norms = [0.0 if w.grad is None else w.grad.norm().item() for w in weights]
    model.zero_grad()
    return norms


# %% wrong: Other parts of a model may have weights too, and here they are in the list; the linear layers alone are asked for.
def weight_gradient_norms(model, X):
    model.zero_grad()
    model(X).square().mean().backward()
    weights = [part.weight for part in model if hasattr(part, "weight")]
    norms = [0.0 if w.grad is None else w.grad.norm().item() for w in weights]
    model.zero_grad()
    return norms


# %% wrong: Not every part of the model is a layer with a weight: a tanh between two layers has none.
def weight_gradient_norms(model, X):
    model.zero_grad()
    model(X).square().mean().backward()
    weights = [part.weight for part in model]
    norms = [0.0 if w.grad is None else w.grad.norm().item() for w in weights]
    model.zero_grad()
    return norms


# %% wrong: The norms stand in one tensor; a list of numbers is asked for.
def weight_gradient_norms(model, X):
    model.zero_grad()
    model(X).square().mean().backward()
    weights = [part.weight for part in model if isinstance(part, nn.Linear)]
    norms = [0.0 if w.grad is None else w.grad.norm().item() for w in weights]
    model.zero_grad()
    return torch.tensor(norms)


# %% wrong: A frozen weight has `None` in the list, where it should count 0.
def weight_gradient_norms(model, X):
    model.zero_grad()
    model(X).square().mean().backward()
    weights = [part.weight for part in model if isinstance(part, nn.Linear)]
    norms = [None if w.grad is None else w.grad.norm().item() for w in weights]
    model.zero_grad()
    return norms


# %% wrong: Old gradients count here, because `backward()` added to them. And a frozen weight has no gradient: its `.grad` is `None`, and `None` has no norm.
def weight_gradient_norms(model, X):
    model(X).square().mean().backward()
    norms = [part.weight.grad.norm().item() for part in model if isinstance(part, nn.Linear)]
    model.zero_grad()
    return norms


# %% wrong: Nothing is cleared here: old gradients count in the norms, and new ones are left in the model.
def weight_gradient_norms(model, X):
    model(X).square().mean().backward()
    weights = [part.weight for part in model if isinstance(part, nn.Linear)]
    return [0.0 if w.grad is None else w.grad.norm().item() for w in weights]


# %% wrong: Nothing is cleared here: old gradients count in the norms, and new ones are left in the model. And a frozen weight has no gradient: its `.grad` is `None`, and `None` has no norm.
def weight_gradient_norms(model, X):
    model(X).square().mean().backward()
    return [part.weight.grad.norm().item() for part in model if isinstance(part, nn.Linear)]


# %% wrong: The norms are right, but in place of the gradients zeros are left in the model, where `None` is asked for.
def weight_gradient_norms(model, X):
    model.zero_grad()
    model(X).square().mean().backward()
    weights = [part.weight for part in model if isinstance(part, nn.Linear)]
    norms = [0.0 if w.grad is None else w.grad.norm().item() for w in weights]
    model.zero_grad(set_to_none=False)
    return norms


# %% wrong: The norms in the list are tensors; plain numbers are asked for.
def weight_gradient_norms(model, X):
    model.zero_grad()
    model(X).square().mean().backward()
    weights = [part.weight for part in model if isinstance(part, nn.Linear)]
    norms = [0.0 if w.grad is None else w.grad.norm() for w in weights]
    model.zero_grad()
    return norms


# %% wrong: These are the norms of the weights. Their gradients were asked only whether they are there.
def weight_gradient_norms(model, X):
    model.zero_grad()
    model(X).square().mean().backward()
    weights = [part.weight for part in model if isinstance(part, nn.Linear)]
    norms = [0.0 if w.grad is None else w.norm().item() for w in weights]
    model.zero_grad()
    return norms


# %% wrong: Weight and bias of a layer were put together for its norm; the weight alone is asked for.
def weight_gradient_norms(model, X):
    model.zero_grad()
    model(X).square().mean().backward()
    layers = [part for part in model if isinstance(part, nn.Linear)]
    norms = [
        (p.weight.grad.norm() ** 2 + p.bias.grad.norm() ** 2).sqrt().item()
        if p.weight.grad is not None
        else 0.0
        for p in layers
    ]
    model.zero_grad()
    return norms


# %% wrong: All gradients were cleared before they were read: every `.grad` is `None` then, and `None` has no norm.
def weight_gradient_norms(model, X):
    model.zero_grad()
    model(X).square().mean().backward()
    model.zero_grad()
    return [part.weight.grad.norm().item() for part in model if isinstance(part, nn.Linear)]


# %% wrong: A frozen weight does not ask for its gradient, and `torch.autograd.grad` refuses such a tensor.
def weight_gradient_norms(model, X):
    model.zero_grad()
    weights = [part.weight for part in model if isinstance(part, nn.Linear)]
    return [g.norm().item() for g in torch.autograd.grad(model(X).square().mean(), weights)]


# %% wrong: Old gradients are left in the model: `torch.autograd.grad` does not use them, but does not clear them either. And it refuses a frozen weight, which does not ask for its gradient.
def weight_gradient_norms(model, X):
    weights = [part.weight for part in model if isinstance(part, nn.Linear)]
    return [g.norm().item() for g in torch.autograd.grad(model(X).square().mean(), weights)]


# %% wrong: The hooks run on the way back, so the last layer comes first; a frozen weight is not in the list; and the hooks are still on the weights afterwards.
def weight_gradient_norms(model, X):
    norms = []
    for part in model:
        if isinstance(part, nn.Linear) and part.weight.requires_grad:
            part.weight.register_hook(lambda g: norms.append(g.norm().item()))
    model.zero_grad()
    model(X).square().mean().backward()
    model.zero_grad()
    return norms


# %% wrong: All weights with two dimensions were taken; other parts than `nn.Linear` may have such ones.
def weight_gradient_norms(model, X):
    model.zero_grad()
    model(X).square().mean().backward()
    norms = [
        p.grad.norm().item() if p.grad is not None else 0.0
        for p in model.parameters()
        if p.dim() == 2
    ]
    model.zero_grad()
    return norms


# %% cases
class Model(nn.Sequential):
    used = False

    def __repr__(self):
        parts = [
            f"Linear {p.in_features}→{p.out_features}"
            if isinstance(p, nn.Linear)
            else type(p).__name__
            for p in self
        ]
        some = any(not p.requires_grad for p in self.parameters())
        words = ", the first weight frozen" * some + ", with old gradients" * self.used
        return ", ".join(parts) + words


def deep(*sizes, activation=nn.Tanh):
    parts = []
    for a, b in zip(sizes, sizes[1:]):
        parts += [nn.Linear(a, b), activation()]
    return Model(*parts[:-1])


def cases():
    yield deep(2, 3, 1), torch.tensor([[1.0, 2.0], [0.5, -1.0]])
    used = deep(3, 4, 4, 2)
    used.used = True
    yield used, torch.randn(6, 3)
    frozen = deep(4, 5, 5, 1, activation=nn.ReLU)
    frozen[0].weight.requires_grad_(False)
    yield frozen, torch.randn(8, 4)
    yield deep(8, 8, 8, 8, 8, activation=nn.Sigmoid), torch.randn(3, 8)
    norm = nn.LayerNorm(4)
    more = nn.Tanh(), nn.Linear(4, 2), nn.Linear(2, 1)
    yield Model(nn.Linear(3, 4), norm, *more), torch.randn(5, 3)
    square = nn.Unflatten(1, (2, 2)), nn.LayerNorm((2, 2)), nn.Flatten()
    yield Model(nn.Linear(3, 4), *square, nn.Linear(4, 1)), torch.randn(5, 3)


def observe(answer, model, X):
    if model.used:  # a copy of a model has no gradients
        for parameter in model.parameters():
            parameter.grad = torch.ones_like(parameter)
    norms = answer(model, X)
    if norms is None:
        return None
    left = [p.grad for p in model.parameters() if p.grad is not None]
    kept = "numbers" if any(gradient.any() for gradient in left) else "zeros"
    kept = f"{kept} in {len(left)} of them" if left else "None"
    hooks = sum(len(p._backward_hooks or ()) for p in model.parameters())
    hooks += sum(len(m._backward_hooks) + len(m._forward_hooks) for m in model.modules())
    return {
        "norms": norms,
        "what is left in the .grad of the parameters": kept,
        "the number of hooks left behind": hooks,
        "the number of frozen parameters": sum(not p.requires_grad for p in model.parameters()),
    }
