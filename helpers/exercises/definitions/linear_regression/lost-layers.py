"""
title = "Layers that do not learn"
kind = "repair"
level = 2
minutes = 4
concepts = ["L08", "L07"]
task = '''This network runs and its loss falls, but with `depth=8` it ends higher than with `depth=1`: the number of parameters is the same for every depth, and after training the hidden layers are as they began. Repair the class. The layers, each an `nn.Linear`, and their ReLUs are meant as they are.'''
right = "A state dict, an optimiser and `.to(device)` see only what is registered, so the same fault also loses layers when a model is saved."
hints = [
    "Print the names in `named_parameters()`. Which of the layers are missing?",
    "A module registers the modules that are assigned to its attributes. What is assigned to `self.hidden`? See section 7.3.",
    "`self.hidden = nn....([nn.Linear(width, width) for _ in range(depth)])`",
]
"""

# %% setup
import torch
from torch import nn


# %% stub
class DeepNetwork(nn.Module):
    def __init__(self, num_features, width, depth, num_targets):
        super().__init__()
        self.first = nn.Linear(num_features, width)
        self.hidden = [nn.Linear(width, width) for _ in range(depth)]
        self.last = nn.Linear(width, num_targets)

    def forward(self, X):
        X = torch.relu(self.first(X))
        for layer in self.hidden:
            X = torch.relu(layer(X))
        return self.last(X)


# %% solution
class DeepNetwork(nn.Module):
    def __init__(self, num_features, width, depth, num_targets):
        super().__init__()
        self.first = nn.Linear(num_features, width)
        self.hidden = nn.ModuleList([nn.Linear(width, width) for _ in range(depth)])
        self.last = nn.Linear(width, num_targets)

    def forward(self, X):
        X = torch.relu(self.first(X))
        for layer in self.hidden:
            X = torch.relu(layer(X))
        return self.last(X)


# %% also right: one Sequential with everything
class DeepNetwork(nn.Module):
    def __init__(self, num_features, width, depth, num_targets):
        super().__init__()
        layers = [nn.Linear(num_features, width), nn.ReLU()]
        for _ in range(depth):
            layers += [nn.Linear(width, width), nn.ReLU()]
        self.layers = nn.Sequential(*layers, nn.Linear(width, num_targets))

    def forward(self, X):
        return self.layers(X)


# %% also right: the list stays, and each layer is registered beside it
class DeepNetwork(nn.Module):
    def __init__(self, num_features, width, depth, num_targets):
        super().__init__()
        self.first = nn.Linear(num_features, width)
        self.hidden = [nn.Linear(width, width) for _ in range(depth)]
        for i, layer in enumerate(self.hidden):
            self.add_module(f"hidden_{i}", layer)
        self.last = nn.Linear(width, num_targets)

    def forward(self, X):
        X = self.first(X).relu()
        for layer in self.hidden:
            X = layer(X).relu()
        return self.last(X)


# %% also right: attributes with numbers
class DeepNetwork(nn.Module):
    def __init__(self, num_features, width, depth, num_targets):
        super().__init__()
        self.depth = depth
        self.last = nn.Linear(width, num_targets)
        for i in range(depth):
            setattr(self, f"layer{i}", nn.Linear(width, width))
        self.first = nn.Linear(num_features, width)

    def forward(self, X):
        X = self.first(X).clamp(min=0)
        for i in range(self.depth):
            X = getattr(self, f"layer{i}")(X).clamp(min=0)
        return self.last(X)


# %% wrong: `parameters()` still gives those of the first and the last layer only.
class DeepNetwork(nn.Module):
    def __init__(self, num_features, width, depth, num_targets):
        super().__init__()
        self.first = nn.Linear(num_features, width)
        self.hidden = []
        for _ in range(depth):
            self.hidden.append(nn.Linear(width, width))
        self.last = nn.Linear(width, num_targets)

    def forward(self, X):
        X = torch.relu(self.first(X))
        for layer in self.hidden:
            X = torch.relu(layer(X))
        return self.last(X)


# %% wrong: One and the same hidden layer is used `depth` times: each place needs a layer of its own, and `[layer] * depth` makes no copies.
class DeepNetwork(nn.Module):
    def __init__(self, num_features, width, depth, num_targets):
        super().__init__()
        self.first = nn.Linear(num_features, width)
        self.hidden = nn.ModuleList([nn.Linear(width, width)] * depth)
        self.last = nn.Linear(width, num_targets)

    def forward(self, X):
        X = torch.relu(self.first(X))
        for layer in self.hidden:
            X = torch.relu(layer(X))
        return self.last(X)


# %% wrong: The layers are all registered, but the ReLU after each hidden layer is lost.
class DeepNetwork(nn.Module):
    def __init__(self, num_features, width, depth, num_targets):
        super().__init__()
        self.first = nn.Linear(num_features, width)
        self.hidden = nn.Sequential(*[nn.Linear(width, width) for _ in range(depth)])
        self.last = nn.Linear(width, num_targets)

    def forward(self, X):
        return self.last(self.hidden(torch.relu(self.first(X))))


# %% wrong: The hidden layers are registered, but `forward` does not use them.
class DeepNetwork(nn.Module):
    def __init__(self, num_features, width, depth, num_targets):
        super().__init__()
        self.first = nn.Linear(num_features, width)
        self.hidden = nn.ModuleList([nn.Linear(width, width) for _ in range(depth)])
        self.last = nn.Linear(width, num_targets)

    def forward(self, X):
        return self.last(torch.relu(self.first(X)))


# %% wrong: Each depth has one hidden layer now: the others were overwritten.
class DeepNetwork(nn.Module):
    def __init__(self, num_features, width, depth, num_targets):
        super().__init__()
        self.first = nn.Linear(num_features, width)
        for _ in range(depth):
            self.hidden = nn.Linear(width, width)
        self.last = nn.Linear(width, num_targets)

    def forward(self, X):
        X = torch.relu(self.first(X))
        X = torch.relu(self.hidden(X))
        return self.last(X)


# %% wrong: There is a ReLU after the last layer now: no prediction can be negative any more.
class DeepNetwork(nn.Module):
    def __init__(self, num_features, width, depth, num_targets):
        super().__init__()
        layers = [nn.Linear(num_features, width)]
        layers += [nn.Linear(width, width) for _ in range(depth)]
        self.layers = nn.ModuleList([*layers, nn.Linear(width, num_targets)])

    def forward(self, X):
        for layer in self.layers:
            X = torch.relu(layer(X))
        return X


# %% wrong: One hidden layer is missing: `depth` of them stand between the first and the last.
class DeepNetwork(nn.Module):
    def __init__(self, num_features, width, depth, num_targets):
        super().__init__()
        self.first = nn.Linear(num_features, width)
        self.hidden = nn.ModuleList([nn.Linear(width, width) for _ in range(depth - 1)])
        self.last = nn.Linear(width, num_targets)

    def forward(self, X):
        X = torch.relu(self.first(X))
        for layer in self.hidden:
            X = torch.relu(layer(X))
        return self.last(X)


# %% wrong: There is one ReLU after all the hidden layers, and none between them.
class DeepNetwork(nn.Module):
    def __init__(self, num_features, width, depth, num_targets):
        super().__init__()
        self.first = nn.Linear(num_features, width)
        self.hidden = nn.ModuleList([nn.Linear(width, width) for _ in range(depth)])
        self.last = nn.Linear(width, num_targets)

    def forward(self, X):
        X = torch.relu(self.first(X))
        for layer in self.hidden:
            X = layer(X)
        return self.last(torch.relu(X))


# %% wrong: The layers are registered, but no gradient reaches the hidden ones: they are used without gradients, or what they give is detached.
class DeepNetwork(nn.Module):
    def __init__(self, num_features, width, depth, num_targets):
        super().__init__()
        self.first = nn.Linear(num_features, width)
        self.hidden = nn.ModuleList([nn.Linear(width, width) for _ in range(depth)])
        self.last = nn.Linear(width, num_targets)

    def forward(self, X):
        X = torch.relu(self.first(X))
        with torch.no_grad():
            for layer in self.hidden:
                X = torch.relu(layer(X))
        return self.last(X)


# %% wrong: The layers are all registered, but the ReLU after the first layer is lost.
class DeepNetwork(nn.Module):
    def __init__(self, num_features, width, depth, num_targets):
        super().__init__()
        self.first = nn.Linear(num_features, width)
        self.hidden = nn.ModuleList([nn.Linear(width, width) for _ in range(depth)])
        self.last = nn.Linear(width, num_targets)

    def forward(self, X):
        X = self.first(X)
        for layer in self.hidden:
            X = torch.relu(layer(X))
        return self.last(X)


# %% wrong: The numbers of all hidden layers stand in one parameter now; the layers were meant as they are, each an `nn.Linear`.
class DeepNetwork(nn.Module):
    def __init__(self, num_features, width, depth, num_targets):
        super().__init__()
        self.first = nn.Linear(num_features, width)
        self.W = nn.Parameter(torch.randn(depth, width, width) / width**0.5)
        self.b = nn.Parameter(torch.zeros(depth, width))
        self.last = nn.Linear(width, num_targets)

    def forward(self, X):
        X = torch.relu(self.first(X))
        for W, b in zip(self.W, self.b):
            X = torch.relu(X @ W.T + b)
        return self.last(X)


# %% wrong: What goes into each hidden layer is added to what comes out of it; the layers were meant as they are.
class DeepNetwork(nn.Module):
    def __init__(self, num_features, width, depth, num_targets):
        super().__init__()
        self.first = nn.Linear(num_features, width)
        self.hidden = nn.ModuleList([nn.Linear(width, width) for _ in range(depth)])
        self.last = nn.Linear(width, num_targets)

    def forward(self, X):
        X = torch.relu(self.first(X))
        for layer in self.hidden:
            X = X + torch.relu(layer(X))
        return self.last(X)


# %% wrong: Only one hidden layer counts for the prediction: each gets the output of `self.first`, and not that of the one before, or the loop ends after one round, as with a `return` inside it.
class DeepNetwork(nn.Module):
    def __init__(self, num_features, width, depth, num_targets):
        super().__init__()
        self.first = nn.Linear(num_features, width)
        self.hidden = nn.ModuleList([nn.Linear(width, width) for _ in range(depth)])
        self.last = nn.Linear(width, num_targets)

    def forward(self, X):
        X = torch.relu(self.first(X))
        for layer in self.hidden:
            X = torch.relu(layer(X))
            return self.last(X)


# %% wrong: The hidden layers are all registered, but the first of them is used in place of each.
class DeepNetwork(nn.Module):
    def __init__(self, num_features, width, depth, num_targets):
        super().__init__()
        self.first = nn.Linear(num_features, width)
        self.hidden = nn.ModuleList(nn.Linear(width, width) for _ in range(depth))
        self.last = nn.Linear(width, num_targets)

    def forward(self, X):
        X = torch.relu(self.first(X))
        for layer in self.hidden:
            X = torch.relu(self.hidden[0](X))
        return self.last(X)


# %% wrong: The hidden layers are all registered, but they have lost their biases.
class DeepNetwork(nn.Module):
    def __init__(self, num_features, width, depth, num_targets):
        super().__init__()
        self.first = nn.Linear(num_features, width)
        self.hidden = nn.ModuleList([nn.Linear(width, width, bias=False) for _ in range(depth)])
        self.last = nn.Linear(width, num_targets)

    def forward(self, X):
        X = torch.relu(self.first(X))
        for layer in self.hidden:
            X = torch.relu(layer(X))
        return self.last(X)


# %% cases
def cases():
    yield 2, 3, 1, 1, torch.tensor([[1.0, -1.0], [2.0, 0.5], [-3.0, 1.0]])
    yield 3, 4, 2, 2, torch.randn(6, 3)
    yield 2, 4, 2, 1, torch.randn(4, 2) * 100
    yield 1, 5, 3, 2, torch.randn(4, 1)


def observe(answer, num_features, width, depth, num_targets, X):
    model = answer(num_features, width, depth, num_targets)
    with torch.no_grad():
        for parameter in model.parameters():  # the same numbers whatever the names and the order
            waves = torch.sin(torch.arange(1.0, parameter.numel() + 1))
            parameter.copy_(waves.view_as(parameter))
    prediction = model(X)
    prediction.sum().backward()
    reached = sum(p.numel() for p in model.parameters() if p.grad is not None)
    return {
        "numbers in parameters()": sum(p.numel() for p in model.parameters()),
        "numbers that get a gradient": reached,
        "the prediction": prediction,
    }
