"""
title = "Decay for weights only"
kind = "write"
level = 3
minutes = 6
concepts = ["L13", "X19"]
task = '''Return a `torch.optim.SGD` for all parameters of `model`, with the learning rate `lr`. Parameters with two or more dimensions are weights and decay with `decay`; all others do not decay. Nobody promises what the parameters are called. All other settings stay as `torch.optim.SGD` has them.'''
right = "The same two groups, with AdamW, stand in the training code of most large networks."
hints = [
    "An optimiser takes a list of dictionaries in place of the parameters. What has to stand in each?",
    '''`{"params": [...], "weight_decay": ...}` is a group; `p.ndim` is the number of dimensions.''',
    '''`torch.optim.SGD([{"params": [p for p in model.parameters() if p.ndim >= 2], "weight_decay": decay}, ...], lr=lr)`''',
]
"""

# %% setup
import torch
from torch import nn

torch.optim.SGD([torch.zeros(1)], lr=0.1)  # the first one loads parts of PyTorch, for seconds


class Scaled(nn.Module):
    """A linear model whose parameters have names of their own, and a factor for all outputs."""

    def __init__(self, num_features, num_targets):
        super().__init__()
        self.w = nn.Parameter(torch.randn(num_targets, num_features))
        self.b = nn.Parameter(torch.randn(num_targets))
        self.factor = nn.Parameter(torch.tensor(1.0))

    def forward(self, X):
        return self.factor * (X @ self.w.t() + self.b)


# %% stub
def spare_biases(model: nn.Module, lr: float, decay: float) -> torch.optim.SGD:
    """Return an optimiser that decays the weights and nothing else."""
    ...


# %% solution
def spare_biases(model, lr, decay):
    weights = [p for p in model.parameters() if p.ndim >= 2]
    others = [p for p in model.parameters() if p.ndim < 2]
    groups = [{"params": weights, "weight_decay": decay}, {"params": others}]
    return torch.optim.SGD(groups, lr=lr)


# %% also right: a group for each parameter
def spare_biases(model, lr, decay):
    groups = []
    for parameter in model.parameters():
        group_decay = decay if parameter.dim() > 1 else 0.0
        groups.append({"params": [parameter], "weight_decay": group_decay})
    return torch.optim.SGD(groups, lr)


# %% also right: decay for all but one group, with names
def spare_biases(model, lr, decay):
    named = dict(model.named_parameters())
    small = [p for p in named.values() if len(p.shape) in (0, 1)]
    large = [p for p in named.values() if len(p.shape) not in (0, 1)]
    return torch.optim.SGD(
        [{"params": small, "weight_decay": 0, "lr": lr}, {"params": large}],
        lr=lr,
        weight_decay=decay,
    )


# %% also right: a group added later
def spare_biases(model, lr, decay):
    weights = [p for p in model.parameters() if p.ndim > 1]
    optimizer = torch.optim.SGD(weights, lr=lr, weight_decay=decay)
    small = [p for p in model.parameters() if p.ndim <= 1]
    optimizer.add_param_group({"params": small, "weight_decay": 0.0})
    return optimizer


# %% wrong: This sorts by name, and not every bias has the name `bias`: think of the `b` of section 7.
def spare_biases(model, lr, decay):
    weights = [p for name, p in model.named_parameters() if "bias" not in name]
    others = [p for name, p in model.named_parameters() if "bias" in name]
    groups = [{"params": weights, "weight_decay": decay}, {"params": others}]
    return torch.optim.SGD(groups, lr=lr)


# %% wrong: This sorts by name, and not every weight has `weight` in its name: think of the `w` of section 7.
def spare_biases(model, lr, decay):
    weights = [p for name, p in model.named_parameters() if "weight" in name]
    others = [p for name, p in model.named_parameters() if "weight" not in name]
    groups = [{"params": weights, "weight_decay": decay}, {"params": others}]
    return torch.optim.SGD(groups, lr=lr)


# %% wrong: This sorts by name, and parameters that are called neither `weight` nor `bias` are in no group.
def spare_biases(model, lr, decay):
    weights = [p for name, p in model.named_parameters() if name.endswith("weight")]
    others = [p for name, p in model.named_parameters() if name.endswith("bias")]
    groups = [{"params": weights, "weight_decay": decay}, {"params": others}]
    return torch.optim.SGD(groups, lr=lr)


# %% wrong: A number without dimensions decays here too; only parameters with two or more are meant to.
def spare_biases(model, lr, decay):
    weights = [p for p in model.parameters() if p.ndim != 1]
    others = [p for p in model.parameters() if p.ndim == 1]
    groups = [{"params": weights, "weight_decay": decay}, {"params": others}]
    return torch.optim.SGD(groups, lr=lr)


# %% wrong: Only tables with exactly two dimensions decay here; weights with three or four are meant to as well.
def spare_biases(model, lr, decay):
    weights = [p for p in model.parameters() if p.ndim == 2]
    others = [p for p in model.parameters() if p.ndim != 2]
    groups = [{"params": weights, "weight_decay": decay}, {"params": others}]
    return torch.optim.SGD(groups, lr=lr)


# %% wrong: A parameter without any dimension, a single number, is in no group.
def spare_biases(model, lr, decay):
    weights = [p for p in model.parameters() if p.ndim >= 2]
    others = [p for p in model.parameters() if p.ndim == 1]
    groups = [{"params": weights, "weight_decay": decay}, {"params": others}]
    return torch.optim.SGD(groups, lr=lr)


# %% wrong: A parameter can have more than two dimensions, or none at all; here such a one is in no group.
def spare_biases(model, lr, decay):
    weights = [p for p in model.parameters() if p.ndim == 2]
    others = [p for p in model.parameters() if p.ndim == 1]
    groups = [{"params": weights, "weight_decay": decay}, {"params": others}]
    return torch.optim.SGD(groups, lr=lr)


# %% wrong: All parameters decay, the biases too.
def spare_biases(model, lr, decay):
    return torch.optim.SGD(model.parameters(), lr=lr, weight_decay=decay)


# %% wrong: The other way round: the biases decay, and the weights do not.
def spare_biases(model, lr, decay):
    weights = [p for p in model.parameters() if p.ndim >= 2]
    others = [p for p in model.parameters() if p.ndim < 2]
    groups = [{"params": weights}, {"params": others, "weight_decay": decay}]
    return torch.optim.SGD(groups, lr=lr)


# %% wrong: Biases stand in no group: they do not decay, but they are not trained either. This is what comes out when they were left out, or when one generator was gone through twice: the second time it is empty.
def spare_biases(model, lr, decay):
    parameters = model.parameters()
    weights = [p for p in parameters if p.ndim >= 2]
    others = [p for p in parameters if p.ndim < 2]
    groups = [{"params": weights, "weight_decay": decay}, {"params": others}]
    return torch.optim.SGD(groups, lr=lr)


# %% wrong: Nothing decays: `decay` is not used, or it stands in a group under a name that SGD does not know and passes over.
def spare_biases(model, lr, decay):
    return torch.optim.SGD(model.parameters(), lr=lr)


# %% wrong: The groups are right, but the optimiser has a momentum, which was not asked for.
def spare_biases(model, lr, decay):
    weights = [p for p in model.parameters() if p.ndim >= 2]
    others = [p for p in model.parameters() if p.ndim < 2]
    groups = [{"params": weights, "weight_decay": decay}, {"params": others}]
    return torch.optim.SGD(groups, lr=lr, momentum=0.9)


# %% wrong: The groups are right, but with `maximize` each step makes the loss larger.
def spare_biases(model, lr, decay):
    weights = [p for p in model.parameters() if p.ndim >= 2]
    others = [p for p in model.parameters() if p.ndim < 2]
    groups = [{"params": weights, "weight_decay": decay}, {"params": others}]
    return torch.optim.SGD(groups, lr=lr, maximize=True)


# %% wrong: The weights and the biases are told apart, but `lr` is not used: the learning rate is the one that SGD has by itself.
def spare_biases(model, lr, decay):
    weights = [p for p in model.parameters() if p.ndim >= 2]
    others = [p for p in model.parameters() if p.ndim < 2]
    groups = [{"params": weights, "weight_decay": decay}, {"params": others}]
    return torch.optim.SGD(groups)


# %% wrong: These are the groups only; they still have to be given to an optimiser.
def spare_biases(model, lr, decay):
    weights = [p for p in model.parameters() if p.ndim >= 2]
    others = [p for p in model.parameters() if p.ndim < 2]
    return [{"params": weights, "weight_decay": decay}, {"params": others}]


# %% wrong: The weights stand in no group, so they are not trained: a generator that was gone through once is empty, or they were left out.
def spare_biases(model, lr, decay):
    parameters = model.parameters()
    others = [p for p in parameters if p.ndim < 2]
    weights = [p for p in parameters if p.ndim >= 2]
    groups = [{"params": weights, "weight_decay": decay}, {"params": others}]
    return torch.optim.SGD(groups, lr=lr)


# %% wrong: The biases were frozen: with `requires_grad` off they do not decay, but they are not trained either.
def spare_biases(model, lr, decay):
    for parameter in model.parameters():
        if parameter.ndim < 2:
            parameter.requires_grad_(False)
    return torch.optim.SGD(model.parameters(), lr=lr, weight_decay=decay)


# %% wrong: These are several optimisers; one is wanted, with all parameters in it.
def spare_biases(model, lr, decay):
    weights = [p for p in model.parameters() if p.ndim >= 2]
    others = [p for p in model.parameters() if p.ndim < 2]
    first = torch.optim.SGD(weights, lr=lr, weight_decay=decay)
    return first, torch.optim.SGD(others, lr=lr)


# %% wrong: Parameters with two dimensions do not decay here; they are weights too.
def spare_biases(model, lr, decay):
    d = [p for p in model.parameters() if p.dim() > 2]
    nd = [p for p in model.parameters() if p.dim() <= 2]
    return torch.optim.SGD([{"params": d, "weight_decay": decay}, {"params": nd}], lr=lr)


# %% wrong: `len` tells how many rows a parameter has; what counts is how many dimensions.
def spare_biases(model, lr, decay):
    weights = [p for p in model.parameters() if len(p) >= 2]
    others = [p for p in model.parameters() if len(p) < 2]
    groups = [{"params": weights, "weight_decay": decay}, {"params": others}]
    return torch.optim.SGD(groups, lr=lr)


# %% wrong: This sorts by how many numbers a parameter holds; what counts is how many dimensions it has.
def spare_biases(model, lr, decay):
    weights = [p for p in model.parameters() if p.numel() >= 2]
    others = [p for p in model.parameters() if p.numel() < 2]
    groups = [{"params": weights, "weight_decay": decay}, {"params": others}]
    return torch.optim.SGD(groups, lr=lr)


# %% wrong: Only one kind of layer was looked at: parameters of other modules, or of the model itself, are in no group.
def spare_biases(model, lr, decay):
    d, nd = [], []
    for m in model.modules():
        if isinstance(m, nn.Linear):
            d.append(m.weight)
            nd.append(m.bias)
    return torch.optim.SGD([{"params": d, "weight_decay": decay}, {"params": nd}], lr=lr)


# %% wrong: The groups are right, but this is AdamW and not SGD.
def spare_biases(model, lr, decay):
    weights = [p for p in model.parameters() if p.ndim >= 2]
    others = [p for p in model.parameters() if p.ndim < 2]
    groups = [{"params": weights, "weight_decay": decay}, {"params": others, "weight_decay": 0}]
    return torch.optim.AdamW(groups, lr=lr)


# %% wrong: `lr` stands in the group of the weights only: the others have the learning rate that SGD has by itself.
def spare_biases(model, lr, decay):
    weights = [p for p in model.parameters() if p.ndim >= 2]
    others = [p for p in model.parameters() if p.ndim < 2]
    groups = [{"params": weights, "weight_decay": decay, "lr": lr}, {"params": others}]
    return torch.optim.SGD(groups)


# %% cases
def cases():
    yield nn.Linear(3, 2), 0.1, 0.01
    yield Scaled(3, 2), 0.1, 0.5
    yield nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 1)), 0.02, 0.3
    yield nn.Sequential(nn.Conv2d(1, 2, 3), nn.Flatten(), nn.Linear(8, 2)), 0.3, 0.1
    yield nn.Sequential(nn.Linear(2, 3, bias=False), Scaled(3, 1)), 0.1, 1.0


def observe(answer, model, lr, decay):
    optimizer = answer(model, lr, decay)
    if optimizer is None:
        return None
    several = isinstance(optimizer, list | tuple)
    kinds = sorted({type(one).__name__ for one in (optimizer if several else [optimizer])})
    seen = {"the kind of optimiser": ("a list of " if several else "") + ", ".join(kinds)}
    groups = getattr(optimizer, "param_groups", [])
    held = {id(p) for group in groups for p in group["params"]}
    for name, parameter in model.named_parameters():
        seen[f"{name} is in a group"] = id(parameter) in held
    for name, parameter in model.named_parameters():
        mine = [g for g in groups if any(p is parameter for p in g["params"])]
        seen[f"the decay of {name}"] = mine[0]["weight_decay"] if mine else float("nan")
        seen[f"the learning rate of {name}"] = mine[0]["lr"] if mine else float("nan")
    seen["parameters that were frozen"] = [
        name for name, parameter in model.named_parameters() if not parameter.requires_grad
    ]
    plain = torch.optim.SGD([torch.zeros(1)]).param_groups[0]
    seen["settings that were not asked for"] = sorted(
        {
            f"{key} = {group[key]}"
            for group in groups
            for key in ("momentum", "dampening", "nesterov", "maximize")
            if group.get(key, plain[key]) != plain[key]
        }
    )
    return seen
