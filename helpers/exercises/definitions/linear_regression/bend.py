"""
title = "A network that can bend"
kind = "write"
level = 3
minutes = 6
concepts = ["L09", "L07", "X05", "X06"]
task = '''Write a model that can follow a curve: an `nn.Linear` from `num_features` to `width` numbers, a ReLU, and an `nn.Linear` to `num_targets`, both with biases, and with starting values as PyTorch draws them. `Bend(1, 64, 1)` is a network like the one of this section, as a class; it takes (n, num_features) and returns (n, num_targets).'''
right = "With enough numbers in its hidden layer such a network comes as close as you like to any continuous curve on an interval."
hints = [
    "What belongs in `__init__`: what is made once and holds parameters. What belongs in `forward`: what is done with each input.",
    "`super().__init__()` comes first; then assign `nn.Linear` layers to attributes. `torch.relu` is the activation as a function, `nn.ReLU()` as a layer.",
    "`__init__`: `self.hidden = nn.Linear(num_features, width)`, `self.out = ...`; `forward`: `return self.out(...)`.",
]
"""

# %% setup
import torch
from torch import nn
from torch.nn import functional as F


# %% stub
class Bend(nn.Module):
    """One hidden layer with ReLU: (n, num_features) to (n, num_targets)."""

    def __init__(self, num_features: int, width: int, num_targets: int): ...

    def forward(self, X: torch.Tensor) -> torch.Tensor: ...


# %% solution
class Bend(nn.Module):
    def __init__(self, num_features, width, num_targets):
        super().__init__()
        self.hidden = nn.Linear(num_features, width)
        self.out = nn.Linear(width, num_targets)

    def forward(self, X):
        return self.out(torch.relu(self.hidden(X)))


# %% also right: a Sequential inside
class Bend(nn.Module):
    def __init__(self, num_features, width, num_targets):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(num_features, width), nn.ReLU(), nn.Linear(width, num_targets)
        )

    def forward(self, X):
        return self.layers(X)


# %% also right: a kind of Sequential
class Bend(nn.Sequential):
    def __init__(self, num_features, width, num_targets):
        super().__init__(nn.Linear(num_features, width), nn.ReLU(), nn.Linear(width, num_targets))


# %% also right: bare parameters
class Bend(nn.Module):
    def __init__(self, num_features, width, num_targets):
        super().__init__()
        self.w1 = nn.Parameter(torch.randn(width, num_features))
        self.w2 = nn.Parameter(torch.randn(num_targets, width))
        self.b2 = nn.Parameter(torch.zeros(num_targets))
        self.b1 = nn.Parameter(torch.zeros(width))

    def forward(self, X):
        hidden = F.linear(X, self.w1, self.b1)
        return hidden.clamp(min=0) @ self.w2.t() + self.b2


# %% also right: a function that makes it
def Bend(num_features, width, num_targets):
    hidden, out = nn.Linear(num_features, width), nn.Linear(width, num_targets)
    return nn.Sequential(hidden, nn.ReLU(), out)


# %% wrong: There is no bend in it: without an activation between them, two linear layers are one.
class Bend(nn.Module):
    def __init__(self, num_features, width, num_targets):
        super().__init__()
        self.hidden = nn.Linear(num_features, width)
        self.out = nn.Linear(width, num_targets)

    def forward(self, X):
        return self.out(self.hidden(X))


# %% wrong: The ReLU stands after the last layer: the layers before it are still one line, and no output can be negative.
class Bend(nn.Module):
    def __init__(self, num_features, width, num_targets):
        super().__init__()
        self.hidden = nn.Linear(num_features, width)
        self.out = nn.Linear(width, num_targets)

    def forward(self, X):
        return torch.relu(self.out(self.hidden(X)))


# %% wrong: There is a second ReLU, after the last layer: no output can be negative.
class Bend(nn.Module):
    def __init__(self, num_features, width, num_targets):
        super().__init__()
        self.hidden = nn.Linear(num_features, width)
        self.out = nn.Linear(width, num_targets)

    def forward(self, X):
        return torch.relu(self.out(torch.relu(self.hidden(X))))


# %% wrong: The ReLU is applied to the input: negative features are lost, and the layers after it are one line.
class Bend(nn.Module):
    def __init__(self, num_features, width, num_targets):
        super().__init__()
        self.hidden = nn.Linear(num_features, width)
        self.out = nn.Linear(width, num_targets)

    def forward(self, X):
        return self.out(self.hidden(torch.relu(X)))


# %% wrong: The sizes are right, but the activation is a Sigmoid and not a ReLU.
class Bend(nn.Module):
    def __init__(self, num_features, width, num_targets):
        super().__init__()
        self.hidden = nn.Linear(num_features, width)
        self.out = nn.Linear(width, num_targets)

    def forward(self, X):
        return self.out(torch.sigmoid(self.hidden(X)))


# %% wrong: The layers are made anew in each call, so the model has no parameters, and answers differently each time.
class Bend(nn.Module):
    def __init__(self, num_features, width, num_targets):
        super().__init__()
        self.sizes = num_features, width, num_targets

    def forward(self, X):
        num_features, width, num_targets = self.sizes
        hidden, out = nn.Linear(num_features, width), nn.Linear(width, num_targets)
        return out(torch.relu(hidden(X)))


# %% wrong: The model was made, but it has no method `forward`: the name may be misspelled, or stand outside the class.
class Bend(nn.Module):
    def __init__(self, num_features, width, num_targets):
        super().__init__()
        self.hidden = nn.Linear(num_features, width)
        self.out = nn.Linear(width, num_targets)

    def foward(self, X):
        return self.out(torch.relu(self.hidden(X)))


# %% wrong: The model computes with numbers that are not among its parameters, as when its layers stand in a plain list, or its weights are plain tensors: nothing registers them.
class Bend(nn.Module):
    def __init__(self, num_features, width, num_targets):
        super().__init__()
        self.layers = [nn.Linear(num_features, width), nn.ReLU(), nn.Linear(width, num_targets)]

    def forward(self, X):
        for layer in self.layers:
            X = layer(X)
        return X


# %% wrong: When a layer was assigned, `nn.Module` had not been set up: there was no place to register it in.
class Bend(nn.Module):
    def __init__(self, num_features, width, num_targets):
        self.hidden = nn.Linear(num_features, width)
        self.out = nn.Linear(width, num_targets)

    def forward(self, X):
        return self.out(torch.relu(self.hidden(X)))


# %% wrong: The biases are missing.
class Bend(nn.Module):
    def __init__(self, num_features, width, num_targets):
        super().__init__()
        self.hidden = nn.Linear(num_features, width, bias=False)
        self.out = nn.Linear(width, num_targets, bias=False)

    def forward(self, X):
        return self.out(torch.relu(self.hidden(X)))


# %% wrong: The hidden layer is gone: this is a linear layer straight to the targets.
class Bend(nn.Module):
    def __init__(self, num_features, width, num_targets):
        super().__init__()
        self.out = nn.Linear(num_features, num_targets)

    def forward(self, X):
        return self.out(X)


# %% wrong: The output is right, but no gradient reaches the parameters from it: it was detached, or computed without gradients.
class Bend(nn.Module):
    def __init__(self, num_features, width, num_targets):
        super().__init__()
        self.hidden = nn.Linear(num_features, width)
        self.out = nn.Linear(width, num_targets)

    @torch.no_grad()
    def forward(self, X):
        return self.out(torch.relu(self.hidden(X)))


# %% wrong: The output is right, but only the last layer gets gradients: the hidden one was frozen, or what comes out of it was detached.
class Bend(nn.Module):
    def __init__(self, num_features, width, num_targets):
        super().__init__()
        self.hidden = nn.Linear(num_features, width)
        self.out = nn.Linear(width, num_targets)

    def forward(self, X):
        return self.out(torch.relu(self.hidden(X)).detach())


# %% wrong: The sizes are right, but the activation is `relu6`, which ends at 6, and not a ReLU.
class Bend(nn.Module):
    def __init__(self, num_features, width, num_targets):
        super().__init__()
        self.hidden = nn.Linear(num_features, width)
        self.out = nn.Linear(width, num_targets)

    def forward(self, X):
        return self.out(F.relu6(self.hidden(X)))


# %% wrong: The sizes are right, but the activation is a leaky ReLU: it lets a part of the negative numbers through.
class Bend(nn.Module):
    def __init__(self, num_features, width, num_targets):
        super().__init__()
        self.hidden = nn.Linear(num_features, width)
        self.out = nn.Linear(width, num_targets)

    def forward(self, X):
        return self.out(F.leaky_relu(self.hidden(X)))


# %% wrong: The sizes are right, but the activation is a tanh and not a ReLU.
class Bend(nn.Module):
    def __init__(self, num_features, width, num_targets):
        super().__init__()
        self.hidden = nn.Linear(num_features, width)
        self.out = nn.Linear(width, num_targets)

    def forward(self, X):
        return self.out(torch.tanh(self.hidden(X)))


# %% wrong: The sizes are right, but the activation is a GELU, a smooth relative of the ReLU.
class Bend(nn.Module):
    def __init__(self, num_features, width, num_targets):
        super().__init__()
        self.hidden = nn.Linear(num_features, width)
        self.out = nn.Linear(width, num_targets)

    def forward(self, X):
        return self.out(F.gelu(self.hidden(X)))


# %% wrong: The numbers are right, but they have lost a dimension: the output has a column for each target, even for one.
class Bend(nn.Module):
    def __init__(self, num_features, width, num_targets):
        super().__init__()
        self.hidden = nn.Linear(num_features, width)
        self.out = nn.Linear(width, num_targets)

    def forward(self, X):
        return self.out(torch.relu(self.hidden(X))).squeeze()


# %% wrong: The weights all start as the same number. So all hidden numbers are alike, get the same gradients and stay alike: however wide it is, the network can bend in one place at most.
class Bend(nn.Module):
    def __init__(self, num_features, width, num_targets):
        super().__init__()
        self.a, self.c = nn.Linear(num_features, width), nn.Linear(width, num_targets)
        for p in self.parameters():
            nn.init.ones_(p)

    def forward(self, X):
        return self.c(self.a(X).relu())


# %% wrong: The sizes are right, but the weights are laid out as (in, out), and two `nn.Linear` hold them as (out, in).
class Bend(nn.Module):
    def __init__(self, num_features, width, num_targets):
        super().__init__()
        self.W1 = nn.Parameter(torch.randn(num_features, width))
        self.b1 = nn.Parameter(torch.zeros(width))
        self.W2 = nn.Parameter(torch.randn(width, num_targets))
        self.b2 = nn.Parameter(torch.zeros(num_targets))

    def forward(self, X):
        return (X @ self.W1 + self.b1).relu() @ self.W2 + self.b2


# %% wrong: The hidden layer is 64 wide, whatever `width` says.
class Bend(nn.Module):
    def __init__(self, num_features, width, num_targets):
        super().__init__()
        self.fc1 = nn.Linear(num_features, 64)
        self.fc2 = nn.Linear(64, num_targets)

    def forward(self, X):
        return self.fc2(F.relu(self.fc1(X)))


# %% wrong: The first layer has no biases.
class Bend(nn.Module):
    def __init__(self, num_features, width, num_targets):
        super().__init__()
        self.fc1 = nn.Linear(num_features, width, bias=False)
        self.fc2 = nn.Linear(width, num_targets)

    def forward(self, X):
        return self.fc2(F.relu(self.fc1(X)))


# %% wrong: There are two hidden layers here; one is asked for.
class Bend(nn.Module):
    def __init__(self, num_features, width, num_targets):
        super().__init__()
        self.fc1 = nn.Linear(num_features, width)
        self.fc2 = nn.Linear(width, width)
        self.fc3 = nn.Linear(width, num_targets)

    def forward(self, X):
        return self.fc3(F.relu(self.fc2(F.relu(self.fc1(X)))))


# %% wrong: Two calls with the same input differ, as with dropout, which sets numbers to 0 at random: that was not asked for.
class Bend(nn.Module):
    def __init__(self, num_features, width, num_targets):
        super().__init__()
        self.fc1 = nn.Linear(num_features, width)
        self.fc2 = nn.Linear(width, num_targets)

    def forward(self, X):
        return self.fc2(F.dropout(F.relu(self.fc1(X)), 0.5))


# %% wrong: `nn.ReLU(...)` makes a layer and does not apply it: the next layer was given a module in place of a tensor.
class Bend(nn.Module):
    def __init__(self, num_features, width, num_targets):
        super().__init__()
        self.fc1 = nn.Linear(num_features, width)
        self.fc2 = nn.Linear(width, num_targets)

    def forward(self, X):
        return self.fc2(nn.ReLU(self.fc1(X)))


# %% wrong: The last layer takes `num_targets` numbers for each row, and `width` of them come out of the hidden one.
class Bend(nn.Module):
    def __init__(self, num_features, width, num_targets):
        super().__init__()
        self.hidden = nn.Linear(num_features, width)
        self.out = nn.Linear(num_targets, width)

    def forward(self, X):
        return self.out(torch.relu(self.hidden(X)))


# %% wrong: The last dimension is lost where there is one target: the output has a column for each target, even for one.
class Bend(nn.Module):
    def __init__(self, num_features, width, num_targets):
        super().__init__()
        self.hidden = nn.Linear(num_features, width)
        self.out = nn.Linear(width, num_targets)

    def forward(self, X):
        return self.out(torch.relu(self.hidden(X))).squeeze(-1)


# %% cases
def cases():
    yield 1, 3, 1, torch.tensor([[-2.0], [-1.0], [0.0], [1.0], [2.0]])
    yield 3, 4, 2, torch.randn(6, 3)
    yield 2, 5, 1, torch.randn(1, 2)
    yield 1, 4, 2, torch.tensor([[-1e7], [-30.0], [30.0], [1e7]])


KEYS = (
    "numbers to train",
    "all hidden numbers start alike",
    "a second call gives the same",
    "numbers that get a gradient from the output",
    "the output with weights set by the check",
)


def observe(answer, num_features, width, num_targets, X):
    if isinstance(answer, type):
        model = answer.__new__(answer)
        try:
            model.__init__(num_features, width, num_targets)
        except AttributeError:
            if "_modules" in vars(model):
                raise
            return dict(zip(KEYS, (0, False, False, 0, "no layer could be assigned")))
    else:
        model = answer(num_features, width, num_targets)
    tables = [p.flatten() for p in model.parameters() if p.numel() > 1]
    alike = bool(tables) and all(bool((table == table[0]).all()) for table in tables)
    with torch.no_grad():
        for parameter in model.parameters():  # the same numbers whatever the names and the order
            waves = torch.sin(torch.arange(1.0, parameter.numel() + 1))
            parameter.copy_(waves.view_as(parameter))
    prediction = model(X)
    if prediction is None:
        return None
    count = sum(p.numel() for p in model.parameters())
    if not isinstance(prediction, torch.Tensor):
        return dict(zip(KEYS, (count, alike, True, count, prediction)))
    if prediction.requires_grad:
        prediction.sum().backward()
    repeats = torch.equal(prediction, model(X))
    reached = sum(p.numel() for p in model.parameters() if p.grad is not None)
    if not count:
        prediction = "no weights to set"
    elif not repeats:
        prediction = "another one in each call"
    return dict(zip(KEYS, (count, alike, repeats, reached, prediction)))
