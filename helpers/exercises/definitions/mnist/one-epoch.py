"""
title = "One epoch"
kind = "write"
level = 3
minutes = 8
concepts = ["M08", "M09", "X22"]
task = "Train `model` for one epoch: a step of `optimizer` for each batch (X, Y) of `loader`, which may be a plain list of batches, with cross entropy as the loss. Return the mean loss of all samples that were trained on, each taken before the step of its batch, as a plain number. The model may arrive in evaluation mode, and with gradients of an earlier step in it, which must not count."
right = "These lines are in every program that trains a network; the rest is data, models and reports."
hints = [
    "For each batch: scores, loss, clear, backward, step. Before the first batch: the mode. And a smaller batch counts less in the mean.",
    "`optimizer.zero_grad()`, `loss.backward()`, `optimizer.step()`; `loss.item()` is a number without a graph, and `len(X)` is how many samples it is the mean of.",
    "`model.train()`, then in the loop `loss = F.cross_entropy(model(X), Y)`, the three calls in the right order, `total += ...` and `count += len(X)`.",
]
"""

# %% setup
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


# %% stub
def one_epoch(model: nn.Module, loader, optimizer) -> float:
    """Take one step for each batch; return the mean loss over all samples."""
    ...


# %% solution
def one_epoch(model, loader, optimizer):
    model.train()
    total, count = 0.0, 0
    for X, Y in loader:
        loss = F.cross_entropy(model(X), Y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(X)
        count += len(X)
    return total / count


# %% also right: clear first, and sums instead of means in the report
def one_epoch(model, loader, optimizer):
    losses = []
    loss_fn = nn.CrossEntropyLoss(reduction="none")
    for X, Y in loader:
        model.train(True)
        for parameter in model.parameters():
            parameter.grad = None
        each = loss_fn(model(X), Y)
        each.mean().backward()
        optimizer.step()
        losses += each.tolist()
    return sum(losses) / len(losses)


# %% also right: gradients by torch.autograd.grad
def one_epoch(model, loader, optimizer):
    parameters = list(model.train().parameters())
    sums, sizes = [], []
    for X, Y in loader:
        loss = F.nll_loss(model(X).log_softmax(1), Y)
        for parameter, gradient in zip(parameters, torch.autograd.grad(loss, parameters)):
            parameter.grad = gradient
        optimizer.step()
        sizes.append(Y.numel())
        sums.append(loss.item() * sizes[-1])
    return sum(sums) / sum(sizes)


# %% also right: clear at the end of each step, and once before
def one_epoch(model, loader, optimizer):
    optimizer.zero_grad()
    model.train()
    total = torch.tensor(0.0)
    num_samples = 0
    for X, Y in loader:
        loss = F.cross_entropy(model(X), Y)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        total += loss.detach() * X.shape[0]
        num_samples += X.shape[0]
    return (total / num_samples).item()


# %% wrong: The gradients are never cleared: each step goes along the sum of all gradients so far.
def one_epoch(model, loader, optimizer):
    model.train()
    total, count = 0.0, 0
    for X, Y in loader:
        loss = F.cross_entropy(model(X), Y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(X)
        count += len(X)
    return total / count


# %% wrong: The gradients are cleared once an epoch, so those of all batches add up.
def one_epoch(model, loader, optimizer):
    model.train()
    optimizer.zero_grad()
    total, count = 0.0, 0
    for X, Y in loader:
        loss = F.cross_entropy(model(X), Y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(X)
        count += len(X)
    return total / count


# %% wrong: The gradients are cleared after each step, but not before the first: what was left in the model takes part in it.
def one_epoch(model, loader, optimizer):
    model.train()
    total, count = 0.0, 0
    for X, Y in loader:
        loss = F.cross_entropy(model(X), Y)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        total += loss.item() * len(X)
        count += len(X)
    return total / count


# %% wrong: Each step finds cleared gradients and changes nothing: they were cleared just before it, or `backward` comes only after it.
def one_epoch(model, loader, optimizer):
    model.train()
    total, count = 0.0, 0
    for X, Y in loader:
        loss = F.cross_entropy(model(X), Y)
        loss.backward()
        optimizer.zero_grad()
        optimizer.step()
        total += loss.item() * len(X)
        count += len(X)
    return total / count


# %% wrong: The step comes before `backward`: it goes along the gradients of the batch before.
def one_epoch(model, loader, optimizer):
    model.train()
    total, count = 0.0, 0
    for X, Y in loader:
        loss = F.cross_entropy(model(X), Y)
        optimizer.step()
        optimizer.zero_grad()
        loss.backward()
        total += loss.item() * len(X)
        count += len(X)
    return total / count


# %% wrong: The model was trained in the mode in which it arrived, which may be evaluation mode.
def one_epoch(model, loader, optimizer):
    total, count = 0.0, 0
    for X, Y in loader:
        loss = F.cross_entropy(model(X), Y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(X)
        count += len(X)
    return total / count


# %% wrong: The weights are right, but the loss is a mean of batch means: in a smaller batch each sample counts more.
def one_epoch(model, loader, optimizer):
    model.train()
    losses = []
    for X, Y in loader:
        loss = F.cross_entropy(model(X), Y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return sum(losses) / len(losses)


# %% wrong: The weights are right, but the result is a tensor with the graphs of all batches behind it; wanted is a plain number.
def one_epoch(model, loader, optimizer):
    model.train()
    total, count = 0.0, 0
    for X, Y in loader:
        loss = F.cross_entropy(model(X), Y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss * len(X)
        count += len(X)
    return total / count


# %% wrong: The weights are right, but this is the loss of the last batch alone.
def one_epoch(model, loader, optimizer):
    model.train()
    for X, Y in loader:
        loss = F.cross_entropy(model(X), Y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return loss.item()


# %% wrong: The weights are right, but the batch losses were only added up.
def one_epoch(model, loader, optimizer):
    model.train()
    total = 0.0
    for X, Y in loader:
        loss = F.cross_entropy(model(X), Y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item()
    return total


# %% wrong: The weights are right, but sums of n losses were divided by the number of batches, not of samples.
def one_epoch(model, loader, optimizer):
    model.train()
    total = 0.0
    for X, Y in loader:
        loss = F.cross_entropy(model(X), Y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(X)
    return total / len(loader)


# %% wrong: The weights are right, but each batch was weighted with `loader.batch_size`: a batch may hold fewer samples, and a plain list has no such size.
def one_epoch(model, loader, optimizer):
    model.train()
    total, count = 0.0, 0
    for X, Y in loader:
        loss = F.cross_entropy(model(X), Y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * loader.batch_size
        count += len(X)
    return total / count


# %% wrong: Softmax was applied before `F.cross_entropy`, which takes raw scores.
def one_epoch(model, loader, optimizer):
    model.train()
    total, count = 0.0, 0
    for X, Y in loader:
        loss = F.cross_entropy(model(X).softmax(dim=1), Y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(X)
        count += len(X)
    return total / count


# %% wrong: One step was taken for the whole epoch, where each batch is to have its own.
def one_epoch(model, loader, optimizer):
    model.train()
    total, count = 0.0, 0
    optimizer.zero_grad()
    for X, Y in loader:
        loss = F.cross_entropy(model(X), Y, reduction="sum")
        loss.backward()
        total += loss.item()
        count += len(X)
    optimizer.step()
    return total / count


# %% wrong: One step was taken for the whole epoch, along the gradients of the last batch alone; each batch is to have its own step.
def one_epoch(model, loader, optimizer):
    model.train()
    total, count = 0.0, 0
    for X, Y in loader:
        loss = F.cross_entropy(model(X), Y)
        optimizer.zero_grad()
        loss.backward()
        total += loss.item() * len(X)
        count += len(X)
    optimizer.step()
    return total / count


# %% wrong: The loss was measured again after the step: it is to be that before it.
def one_epoch(model, loader, optimizer):
    model.train()
    total, count = 0.0, 0
    for X, Y in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(X), Y).backward()
        optimizer.step()
        with torch.no_grad():
            total += F.cross_entropy(model(X), Y).item() * len(X)
        count += len(X)
    return total / count


# %% wrong: It returned in the middle of the loop, after the first batch.
def one_epoch(model, loader, optimizer):
    model.train()
    for X, Y in loader:
        loss = F.cross_entropy(model(X), Y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss.item()


# %% wrong: The model was trained in evaluation mode: dropout drops nothing, and batch normalisation learns nothing.
def one_epoch(model, loader, optimizer):
    model.eval()
    total, count = 0.0, 0
    for X, Y in loader:
        loss = F.cross_entropy(model(X), Y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(X)
        count += len(X)
    return total / count


# %% wrong: The gradient is that of the sum of a batch, and the steps are larger by its size; the loss of a batch is its mean.
def one_epoch(model, loader, optimizer):
    model.train()
    total, count = 0.0, 0
    for X, Y in loader:
        loss = F.cross_entropy(model(X), Y, reduction="sum")
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item()
        count += len(X)
    return total / count


# %% wrong: Without gradients there is nothing that `backward` could go along: `torch.no_grad()` is for measuring.
def one_epoch(model, loader, optimizer):
    model.train()
    total, count = 0.0, 0
    with torch.no_grad():
        for X, Y in loader:
            loss = F.cross_entropy(model(X), Y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(X)
            count += len(X)
    return total / count


# %% wrong: The weights are right, but the result is still a tensor; wanted is a plain number.
def one_epoch(model, loader, optimizer):
    model.train()
    total, count = 0.0, 0
    for X, Y in loader:
        loss = F.cross_entropy(model(X), Y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.detach() * len(X)
        count += len(X)
    return total / count


# %% wrong: The weights are right, but the sum was divided by `len(loader.dataset)`: the loader may leave samples out, and a plain list has no dataset.
def one_epoch(model, loader, optimizer):
    model.train()
    total = 0.0
    for X, Y in loader:
        loss = F.cross_entropy(model(X), Y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(X)
    return total / len(loader.dataset)


# %% wrong: The samples were taken from the dataset one by one; a step was to be taken for each batch of the loader.
def one_epoch(model, loader, optimizer):
    model.train()
    total, count = 0.0, 0
    for X, Y in loader.dataset:
        loss = F.cross_entropy(model(X.unsqueeze(0)), Y.unsqueeze(0))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item()
        count += 1
    return total / count


# %% wrong: The samples were taken from the dataset one by one, without the first dimension of a batch; a step was to be taken for each batch of the loader.
def one_epoch(model, loader, optimizer):
    model.train()
    total, count = 0.0, 0
    for X, Y in loader.dataset:
        loss = F.cross_entropy(model(X), Y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item()
        count += 1
    return total / count


# %% wrong: The gradients that the model came with take part in the first step: they are cleared only after it. And the model is trained in the mode in which it arrived.
def one_epoch(model, loader, optimizer):
    total, count = 0.0, 0
    for X, Y in loader:
        loss = F.cross_entropy(model(X), Y)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        total += loss.item() * len(X)
        count += len(X)
    return total / count


# %% wrong: The gradients that the model came with take part in the first step: they are cleared only after it. And the result is a mean of batch means.
def one_epoch(model, loader, optimizer):
    model.train()
    total, count = 0.0, 0
    for X, Y in loader:
        loss = F.cross_entropy(model(X), Y)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        total += loss.item()
        count += 1
    return total / count


# %% wrong: The gradients that the model came with take part in the first step. Besides, the model is trained in the mode in which it arrived, and the result is a mean of batch means.
def one_epoch(model, loader, optimizer):
    total, count = 0.0, 0
    for X, Y in loader:
        loss = F.cross_entropy(model(X), Y)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        total += loss.item()
        count += 1
    return total / count


# %% wrong: The model was trained in the mode in which it arrived, which may be evaluation mode; and the result is a mean of batch means.
def one_epoch(model, loader, optimizer):
    total, count = 0.0, 0
    for X, Y in loader:
        loss = F.cross_entropy(model(X), Y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item()
        count += 1
    return total / count


# %% wrong: The gradients are never cleared, so they add up; and the result is a mean of batch means.
def one_epoch(model, loader, optimizer):
    model.train()
    total, count = 0.0, 0
    for X, Y in loader:
        loss = F.cross_entropy(model(X), Y)
        loss.backward()
        optimizer.step()
        total += loss.item()
        count += 1
    return total / count


# %% wrong: The gradients are never cleared, so they add up; and the model is trained in the mode in which it arrived.
def one_epoch(model, loader, optimizer):
    total, count = 0.0, 0
    for X, Y in loader:
        loss = F.cross_entropy(model(X), Y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(X)
        count += len(X)
    return total / count


# %% wrong: The gradients are never cleared, the model is trained in the mode in which it arrived, and the result is a mean of batch means.
def one_epoch(model, loader, optimizer):
    total, count = 0.0, 0
    for X, Y in loader:
        loss = F.cross_entropy(model(X), Y)
        loss.backward()
        optimizer.step()
        total += loss.item()
        count += 1
    return total / count


# %% wrong: No gradients are ever computed: nothing calls `backward`. The steps change nothing.
def one_epoch(model, loader, optimizer):
    model.train()
    total, count = 0.0, 0
    for X, Y in loader:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(X), Y)
        optimizer.step()
        total += loss.item() * len(X)
        count += len(X)
    return total / count


# %% wrong: No gradients are ever computed: nothing calls `backward`. The first step went along those that the model came with.
def one_epoch(model, loader, optimizer):
    model.train()
    total, count = 0.0, 0
    for X, Y in loader:
        loss = F.cross_entropy(model(X), Y)
        optimizer.step()
        optimizer.zero_grad()
        total += loss.item() * len(X)
        count += len(X)
    return total / count


# %% wrong: No gradients are ever computed: nothing calls `backward`. Each step went along those that the model came with.
def one_epoch(model, loader, optimizer):
    model.train()
    total, count = 0.0, 0
    for X, Y in loader:
        loss = F.cross_entropy(model(X), Y)
        optimizer.step()
        total += loss.item() * len(X)
        count += len(X)
    return total / count


# %% wrong: The gradients are computed, but no step is ever taken with them.
def one_epoch(model, loader, optimizer):
    model.train()
    total, count = 0.0, 0
    for X, Y in loader:
        loss = F.cross_entropy(model(X), Y)
        optimizer.zero_grad()
        loss.backward()
        total += loss.item() * len(X)
        count += len(X)
    return total / count


# %% wrong: The weights are right. Batch means were added up and divided by the number of samples; but each of them has been divided by the size of its batch already.
def one_epoch(model, loader, optimizer):
    model.train()
    total, count = 0.0, 0
    for X, Y in loader:
        loss = F.cross_entropy(model(X), Y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item()
        count += len(X)
    return total / count


# %% wrong: One step was taken for the whole epoch, with the gradients of all batches; each batch is to have its own.
def one_epoch(model, loader, optimizer):
    model.train()
    total, count = 0.0, 0
    optimizer.zero_grad()
    for X, Y in loader:
        loss = F.cross_entropy(model(X), Y)
        loss.backward()
        total += loss.item() * len(X)
        count += len(X)
    optimizer.step()
    return total / count


# %% wrong: The weights are right, but nothing is returned: `print` only shows a number.
def one_epoch(model, loader, optimizer):
    model.train()
    total, count = 0.0, 0
    for X, Y in loader:
        loss = F.cross_entropy(model(X), Y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(X)
        count += len(X)
    total / count


# %% wrong: `nn.CrossEntropyLoss` is a class: scores and labels were given to it where its settings belong, and no loss was computed.
def one_epoch(model, loader, optimizer):
    model.train()
    total, count = 0.0, 0
    for X, Y in loader:
        loss = nn.CrossEntropyLoss(model(X), Y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(X)
        count += len(X)
    return total / count


# %% cases
def cases():
    yield 4, 4, True, "a DataLoader"
    yield 7, 4, True, "a DataLoader"
    yield 10, 4, False, "a DataLoader"
    yield 11, 3, True, "a DataLoader"
    yield 7, 3, True, "with drop_last=True"
    yield 7, 4, True, "a plain list"


class Descent:
    """What `torch.optim.SGD` does; the first real optimiser of a process imports for seconds."""

    def __init__(self, parameters, lr):
        self.param_groups = [{"params": list(parameters), "lr": lr}]
        self.steps = 0

    def zero_grad(self, set_to_none=True):
        for parameter in self.param_groups[0]["params"]:
            if set_to_none:
                parameter.grad = None
            elif parameter.grad is not None:
                parameter.grad.zero_()

    def step(self, closure=None):
        loss = closure() if closure else None
        self.steps += 1
        with torch.no_grad():
            for parameter in self.param_groups[0]["params"]:
                if parameter.grad is not None:
                    parameter -= self.param_groups[0]["lr"] * parameter.grad
        return loss


def observe(one_epoch, num_samples, batch_size, arrives_in_training_mode, the_loader):
    torch.manual_seed(num_samples)
    model = nn.Sequential(nn.Linear(2, 4), nn.BatchNorm1d(4), nn.ReLU(), nn.Linear(4, 3))
    model.train(arrives_in_training_mode)
    for parameter in model.parameters():
        parameter.grad = torch.full_like(parameter, 0.5)
    X, Y = torch.randn(num_samples, 2), torch.randint(0, 3, (num_samples,))
    loader = DataLoader(TensorDataset(X, Y), batch_size, drop_last="drop_last" in the_loader)
    optimizer = Descent(model.parameters(), lr=0.5)
    gradients = []
    model[3].bias.register_hook(lambda gradient: gradients.append(1))
    loss = one_epoch(model, list(loader) if "list" in the_loader else loader, optimizer)
    return {
        "whether gradients were computed": bool(gradients),
        "how many steps `optimizer` took": optimizer.steps,
        "the weights of the first layer": model[0].weight,
        "the biases of the last layer": model[3].bias,
        "the running mean of the batch normalisation": model[1].running_mean,
        "whether the result carries a graph": bool(getattr(loss, "requires_grad", False)),
        "the mean loss": loss,
        "all in the model": dict(model.state_dict()),
    }
