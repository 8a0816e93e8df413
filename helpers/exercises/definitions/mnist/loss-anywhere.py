"""
title = "On whatever device"
kind = "write"
level = 2
minutes = 4
concepts = ["M07"]
task = "`model` is any network with parameters, on any device, and nobody tells you on which; the batch `X` (n, d), `Y` (n,) comes from a loader. Return the cross entropy of the model's scores, to train with: a tensor of shape () on the model's device. The model stays where it is, and in its mode. The check also tries the device `meta`, whose tensors have no numbers."
right = "Code that asks the model for its device runs unchanged on a laptop and on a machine with eight GPUs."
hints = [
    "Which of the things that you are given knows the device of the model?",
    "Each parameter is a tensor and has a `.device`; `next(model.parameters())` is the first one. `.to` returns the moved tensor.",
    "`device = next(model.parameters()).device`, then `X, Y = X.to(device), ...`, and `return F.cross_entropy(...)`.",
]
"""

# %% setup
import torch
import torch.nn.functional as F
from torch import nn


# %% stub
def loss_anywhere(model: nn.Module, X: torch.Tensor, Y: torch.Tensor) -> torch.Tensor:
    """Return the cross entropy (), computed where the model lies."""
    device = ...
    ...
    return F.cross_entropy(model(X), Y)


# %% solution
def loss_anywhere(model, X, Y):
    device = next(model.parameters()).device
    return F.cross_entropy(model(X.to(device)), Y.to(device))


# %% also right: a list of all parameters, and a loop over the batch
def loss_anywhere(model, X, Y):
    first = list(model.parameters())[0]
    X, Y = [part.to(first.device, non_blocking=True) for part in (X, Y)]
    return nn.CrossEntropyLoss()(model(X), Y)


# %% also right: from the state, and by what came out
def loss_anywhere(model, X, Y):
    for value in model.state_dict().values():
        X = X.to(value.device)
    scores = model(X)
    return F.cross_entropy(scores, Y.to(scores.device))


# %% also right: `to` with a tensor takes over its device
def loss_anywhere(model, X, Y):
    weight = next(iter(model.parameters()))
    inputs = X.to(weight)
    return F.nll_loss(model(inputs).log_softmax(dim=1), Y.to(weight.device))


# %% wrong: X or Y still lies on another device than the model. A tensor stays where it is; `.to` returns the moved one.
def loss_anywhere(model, X, Y):
    device = next(model.parameters()).device
    X.to(device)
    Y.to(device)
    return F.cross_entropy(model(X), Y)


# %% wrong: This moves the model, or a copy of it, to the batch; the model has to stay, and the batch goes to it.
def loss_anywhere(model, X, Y):
    model.to(X.device)
    return F.cross_entropy(model(X), Y)


# %% wrong: The batch goes to the GPU or to the CPU here, and to no other place; the model may lie elsewhere.
def loss_anywhere(model, X, Y):
    device = "cuda" if torch.cuda.is_available() else "cpu"
    return F.cross_entropy(model(X.to(device)), Y.to(device))


# %% wrong: A module has no `.device`, because its parameters might lie on several.
def loss_anywhere(model, X, Y):
    X, Y = X.to(model.device), Y.to(model.device)
    return F.cross_entropy(model(X), Y)


# %% wrong: The loss was taken back as a plain number; it is to stay a tensor on the model's device.
def loss_anywhere(model, X, Y):
    device = next(model.parameters()).device
    loss = F.cross_entropy(model(X.to(device)), Y.to(device))
    return loss.item()


# %% wrong: The loss has left the model's device: only the batch is to be moved.
def loss_anywhere(model, X, Y):
    device = next(model.parameters()).device
    return F.cross_entropy(model(X.to(device)), Y.to(device)).to("cpu")


# %% wrong: This asks the first layer, `model[0]`: only some models have one, and it need not have a weight.
def loss_anywhere(model, X, Y):
    device = model[0].weight.device
    return F.cross_entropy(model(X.to(device)), Y.to(device))


# %% wrong: This asks for `model.weight`, which only a single layer has.
def loss_anywhere(model, X, Y):
    device = model.weight.device
    return F.cross_entropy(model(X.to(device)), Y.to(device))


# %% wrong: Model and batch both go to a device that is chosen here; the model has to stay, and the batch goes to it.
def loss_anywhere(model, X, Y):
    device = "cuda" if torch.cuda.is_available() else "cpu"
    model.to(device)
    return F.cross_entropy(model(X.to(device)), Y.to(device))


# %% wrong: `model.parameters()` goes through the parameters one by one and is none itself: it has no `.device`.
def loss_anywhere(model, X, Y):
    device = model.parameters().device
    return F.cross_entropy(model(X.to(device)), Y.to(device))


# %% wrong: `.to` with a tensor takes over its dtype too: the labels became floats, and class numbers have to stay whole.
def loss_anywhere(model, X, Y):
    weight = next(model.parameters())
    return F.cross_entropy(model(X.to(weight)), Y.to(weight))


# %% wrong: These are the losses of all samples; their mean, a tensor of shape (), was asked for.
def loss_anywhere(model, X, Y):
    device = next(model.parameters()).device
    return F.cross_entropy(model(X.to(device)), Y.to(device), reduction="none")


# %% wrong: Without a graph the model cannot be trained with this loss.
def loss_anywhere(model, X, Y):
    device = next(model.parameters()).device
    with torch.no_grad():
        return F.cross_entropy(model(X.to(device)), Y.to(device))


# %% wrong: These are the scores of the model; asked for is their cross entropy.
def loss_anywhere(model, X, Y):
    return model(X.to(next(model.parameters()).device))


# %% wrong: The loss is right, but the model is left in evaluation mode; its mode was to stay as it is.
def loss_anywhere(model, X, Y):
    device = next(model.parameters()).device
    model.eval()
    return F.cross_entropy(model(X.to(device)), Y.to(device))


# %% wrong: Softmax was applied before `F.cross_entropy`, which takes raw scores.
def loss_anywhere(model, X, Y):
    device = next(model.parameters()).device
    scores = model(X.to(device)).softmax(dim=1)
    return F.cross_entropy(scores, Y.to(device))


# %% wrong: `is_cuda` is True or False and no device: `.to` takes it for a dtype, that of True and False.
def loss_anywhere(model, X, Y):
    device = next(model.parameters()).is_cuda
    X, Y = X.to(device), Y.to(device)
    return F.cross_entropy(model(X), Y)


# %% wrong: Nothing was returned; the loss was asked for.
def loss_anywhere(model, X, Y):
    device = next(model.parameters()).device
    loss = F.cross_entropy(model(X.to(device)), Y.to(device))
    loss.requires_grad


# %% wrong: This asks the first linear layer for the device, and a model need not have one.
def loss_anywhere(model, X, Y):
    layers = [layer for layer in model.modules() if isinstance(layer, nn.Linear)]
    device = layers[0].weight.device
    return F.cross_entropy(model(X.to(device)), Y.to(device))


# %% cases
# The first loss on `meta` in a process imports for seconds; here no clock is running.
F.cross_entropy(torch.zeros(1, 2, device="meta"), torch.zeros(1, dtype=torch.int64, device="meta"))


def cases():
    yield "a Sequential", "cpu", "cpu"
    yield "a Sequential", "meta", "cpu"
    yield "a Sequential", "meta", "meta"
    yield "a class of its own", "meta", "cpu"
    yield "a single layer", "meta", "cpu"


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.table = nn.Parameter(torch.randn(3, 5))

    def forward(self, X):
        return X @ self.table


def observe(loss_anywhere, the_model, model_on, batch_on):
    torch.manual_seed(0)
    model = {
        "a Sequential": nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 5)),
        "a class of its own": Net(),
        "a single layer": nn.Linear(3, 5),
    }[the_model]
    X, Y = torch.randn(4, 3), torch.randint(0, 5, (4,))
    model, X, Y = model.to(model_on), X.to(batch_on), Y.to(batch_on)
    loss = loss_anywhere(model, X, Y)
    result = {
        "the device of the loss": model_on,
        "the device of the model": next(model.parameters()).device.type,
        "the loss": loss,
        "the shape of the loss": None,
        "loss.requires_grad": None,
        "model.training afterwards": model.training,
    }
    if not isinstance(loss, torch.Tensor):
        return result
    return result | {
        "the device of the loss": loss.device.type,
        # A product of a tensor on the CPU and one on `meta` raises no error and has any numbers.
        "the loss": loss if model_on == "cpu" else "without numbers",
        "the shape of the loss": str(tuple(loss.shape)),
        "loss.requires_grad": loss.requires_grad,
    }
