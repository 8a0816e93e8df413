"""
title = "New head, frozen base"
kind = "write"
level = 1
minutes = 4
concepts = ["C12"]
task = '''`model` is a network whose last layer is the linear layer `model.fc`. Freeze everything that it has learned, and put a new linear layer, with a bias, for `num_classes` classes in the place of `model.fc`; it can learn. Put the whole model into `eval()`. Return how many numbers of it training can still change.'''
right = "These are the lines that adapt a ResNet from torchvision: its head has this name too."
hints = [
    "In which order? What is frozen when the new layer is there already?",
    "`model.requires_grad_(False)` freezes all the parameters that a model has at this moment; `model.fc.in_features` is the width of the old layer.",
    "`model.requires_grad_(False).eval()`, then `model.fc = nn.Linear(...)`, then the sum of `p.numel()` over the parameters with ...; note the mode of the new layer.",
]
"""

# %% setup
import torch
from torch import nn


# %% stub
def replace_head(model: nn.Module, num_classes: int) -> int:
    """Freeze the model, give it a new model.fc, and return how many numbers can still learn."""
    ...


# %% solution
def replace_head(model, num_classes):
    model.requires_grad_(False)
    model.fc = nn.Linear(model.fc.in_features, num_classes)
    model.eval()
    return sum(p.numel() for p in model.parameters() if p.requires_grad)


# %% also right: parameter by parameter
def replace_head(model, num_classes):
    width = model.fc.weight.shape[1]
    for parameter in model.parameters():
        parameter.requires_grad = False
    model.fc = nn.Linear(width, num_classes)
    model.train(False)
    return num_classes * width + num_classes


# %% also right: the head first, and freed at the end
def replace_head(model, num_classes):
    setattr(model, "fc", nn.Linear(model.fc.in_features, num_classes))
    model.eval().requires_grad_(False)
    model.fc.requires_grad_(True)
    return model.fc.weight.numel() + model.fc.bias.numel()


# %% wrong: The new layer is frozen too, because it was in the model already when all was frozen: nothing can learn.
def replace_head(model, num_classes):
    model.fc = nn.Linear(model.fc.in_features, num_classes)
    model.requires_grad_(False)
    model.eval()
    return sum(p.numel() for p in model.parameters() if p.requires_grad)


# %% wrong: Nothing is frozen: the base would learn along with the head. `torch.no_grad()` freezes no parameter, nor does an attribute of the model itself, or one with another name.
def replace_head(model, num_classes):
    model.fc = nn.Linear(model.fc.in_features, num_classes)
    model.eval()
    return sum(p.numel() for p in model.parameters() if p.requires_grad)


# %% wrong: `eval()` freezes no parameter, and `requires_grad_(False)` changes no mode; here a part of the model is still in training mode.
def replace_head(model, num_classes):
    model.requires_grad_(False)
    model.fc = nn.Linear(model.fc.in_features, num_classes)
    return sum(p.numel() for p in model.parameters() if p.requires_grad)


# %% wrong: A layer that is put in after `eval()` is in training mode of its own: the model is not wholly in `eval()`.
def replace_head(model, num_classes):
    model.requires_grad_(False).eval()
    model.fc = nn.Linear(model.fc.in_features, num_classes)
    return sum(p.numel() for p in model.parameters() if p.requires_grad)


# %% wrong: `model.fc` is still the old layer. A new layer under a name of its own does not reach the model, and another `out_features` changes only what a layer says of itself.
def replace_head(model, num_classes):
    model.requires_grad_(False)
    model.fc.out_features = num_classes
    model.fc.requires_grad_(True)
    model.eval()
    return sum(p.numel() for p in model.parameters() if p.requires_grad)


# %% wrong: The old head stays, and the new layer stands behind it: `model.fc` itself is to be replaced.
def replace_head(model, num_classes):
    model.requires_grad_(False)
    model.fc = nn.Sequential(model.fc, nn.Linear(model.fc.out_features, num_classes))
    model.eval()
    return sum(p.numel() for p in model.parameters() if p.requires_grad)


# %% wrong: This counts all the numbers, the frozen ones too.
def replace_head(model, num_classes):
    model.requires_grad_(False)
    model.fc = nn.Linear(model.fc.in_features, num_classes)
    model.eval()
    return sum(p.numel() for p in model.parameters())


# %% wrong: This counts tensors: a weight is one of them, and holds many numbers.
def replace_head(model, num_classes):
    model.requires_grad_(False)
    model.fc = nn.Linear(model.fc.in_features, num_classes)
    model.eval()
    return len([p for p in model.parameters() if p.requires_grad])


# %% wrong: The new layer has no bias; the one that it replaces has.
def replace_head(model, num_classes):
    model.requires_grad_(False)
    model.fc = nn.Linear(model.fc.in_features, num_classes, bias=False)
    model.eval()
    return sum(p.numel() for p in model.parameters() if p.requires_grad)


# %% wrong: All is done, but nothing is returned; how many numbers can still learn was asked for.
def replace_head(model, num_classes):
    model.requires_grad_(False)
    model.fc = nn.Linear(model.fc.in_features, num_classes)
    model.eval()


# %% wrong: Nothing is frozen: the base would learn along with the head, though the result counts the head alone. `torch.no_grad()` freezes no parameter.
def replace_head(model, num_classes):
    with torch.no_grad():
        model.fc = nn.Linear(model.fc.in_features, num_classes)
    model.eval()
    return sum(p.numel() for p in model.fc.parameters())


# %% wrong: The new layer takes 512 numbers, whatever the model; this is right for a ResNet-18, and other bases give another number.
def replace_head(model, num_classes):
    model.requires_grad_(False)
    model.fc = nn.Linear(512, num_classes)
    model.eval()
    return sum(p.numel() for p in model.parameters() if p.requires_grad)


# %% wrong: The new layer takes as many numbers as the old one gave out; it gets what the old one took in.
def replace_head(model, num_classes):
    model.requires_grad_(False)
    model.fc = nn.Linear(model.fc.out_features, num_classes)
    model.eval()
    return sum(p.numel() for p in model.parameters() if p.requires_grad)


# %% wrong: The model is right, but the result counts the weight of the new layer alone, and its bias learns too.
def replace_head(model, num_classes):
    model.requires_grad_(False)
    model.fc = nn.Linear(model.fc.in_features, num_classes)
    model.eval()
    return model.fc.weight.numel()


# %% wrong: The new layer is frozen too, because it was in the model already when all was frozen: nothing can learn, though the result counts its numbers.
def replace_head(model, num_classes):
    model.fc = nn.Linear(model.fc.in_features, num_classes)
    model.requires_grad_(False)
    model.eval()
    return sum(p.numel() for p in model.fc.parameters())


# %% wrong: `eval()` freezes no parameter, so the base would learn along with the head, though the result counts the head alone. And the new layer is in training mode: it came after `eval()`.
def replace_head(model, num_classes):
    model.eval()
    model.fc = nn.Linear(model.fc.in_features, num_classes)
    return sum(p.numel() for p in model.fc.parameters())


# %% cases
class Network(nn.Module):
    """A base with batch norm, and the head fc."""

    def __init__(self, width, classes):
        super().__init__()
        self.base = nn.Sequential(nn.Linear(2, width), nn.BatchNorm1d(width), nn.ReLU())
        self.fc = nn.Linear(width, classes)

    def forward(self, X):
        return self.fc(self.base(X))


def cases():
    yield 3, 5, 2
    yield 6, 10, 10
    yield 4, 2, 7


def observe(answer, width, old_classes, num_classes):
    model = Network(width, old_classes)
    before = {name: value.clone() for name, value in model.base.state_dict().items()}
    old = model.fc
    returned = answer(model, num_classes)
    after = model.base.state_dict()
    seen = {
        "model.fc is a new layer": True,
        "the shape of the outputs": shape_of(model),
        "parameters that can learn": ", ".join(
            n for n, p in model.named_parameters() if p.requires_grad
        )
        or "none",
        "parts in training mode": ", ".join(
            n or "model" for n, m in model.named_modules() if m.training
        )
        or "none",
        "the base has kept its numbers": all(torch.equal(before[n], after[n]) for n in before),
        "the result": returned,
    }
    if model.fc is old:  # whatever else was done: that comes first
        return {**dict.fromkeys(seen), "model.fc is a new layer": False}
    return seen


def shape_of(model):
    modes = [(module, module.training) for module in model.modules()]
    try:
        shape = tuple(model.eval()(torch.zeros(5, 2)).shape)
    except RuntimeError:
        shape = "none: the new layer does not fit the base"
    for module, training in modes:
        module.training = training
    return shape
