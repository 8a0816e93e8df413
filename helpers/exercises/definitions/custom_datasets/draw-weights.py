"""
title = "Draw each class as often"
kind = "write"
level = 2
minutes = 5
concepts = ["C09"]
task = '''Return a weight for each sample, (N,) float32, for a `WeightedRandomSampler`: drawn with these weights, every class that occurs in `labels` (N,) comes equally often, and within a class each sample does. Scale the weights so that their sum is 1: then they are the chances to be drawn.'''
right = "`WeightedRandomSampler(weights, num_samples=N)` draws an epoch with them; the loader takes it as `sampler`, without `shuffle`."
hints = [
    "A class has as much weight as all of its samples together. How much is left for one of them?",
    "`counts = labels.bincount()` counts the samples of each class, and `counts[labels]` looks up, for each sample, how many there are of its class.",
    "`weights = 1 / counts[...]`, and then divided by its ...",
]
"""

# %% setup
import torch
from torch.utils.data import WeightedRandomSampler


# %% stub
def draw_weights(labels: torch.Tensor) -> torch.Tensor:
    """Return the chance of each sample to be drawn: (N,) to (N,)."""
    ...


# %% solution
def draw_weights(labels):
    weights = 1 / labels.bincount()[labels]
    return weights / weights.sum()


# %% also right: a share for each class, shared out among its samples
def draw_weights(labels):
    classes, place, counts = labels.unique(return_inverse=True, return_counts=True)
    return (1 / (len(classes) * counts))[place]


# %% also right: a loop over the samples
def draw_weights(labels):
    numbers = labels.tolist()
    num_classes = len(set(numbers))
    return torch.tensor([1 / numbers.count(y) / num_classes for y in numbers])


# %% also right: a comparison of all with all
def draw_weights(labels):
    same = (labels[:, None] == labels[None, :]).float().sum(dim=1)
    return torch.nn.functional.normalize(same.reciprocal(), p=1, dim=0)


# %% wrong: This is one weight for each class; a sampler takes one for each sample.
def draw_weights(labels):
    weights = 1 / labels.bincount()
    return weights / weights.sum()


# %% wrong: All samples weigh the same, so a common class comes more often.
def draw_weights(labels):
    return torch.full((len(labels),), 1 / len(labels))


# %% wrong: These weights make a common class commoner still: they grow with the number of its samples, and should fall.
def draw_weights(labels):
    weights = labels.bincount()[labels].float()
    return weights / weights.sum()


# %% wrong: The weights stand in the right proportion, but their sum is not 1.
def draw_weights(labels):
    return 1 / labels.bincount()[labels]


# %% wrong: The weights stand in the right proportion, but they are those of a loss, N / (C n): their sum is N, and not 1.
def draw_weights(labels):
    counts = labels.bincount()
    return len(labels) / ((counts > 0).sum() * counts[labels])


# %% wrong: The sum is not 1 where a class has no samples: only the classes that occur share the chances.
def draw_weights(labels):
    counts = labels.bincount()
    return 1 / (len(counts) * counts[labels])


# %% wrong: A share taken from 1 does not balance: a class that is ten times rarer needs weights that are ten times larger.
def draw_weights(labels):
    weights = 1 - labels.bincount()[labels] / len(labels)
    return weights / weights.sum()


# %% wrong: The roots make the classes less uneven, and not even.
def draw_weights(labels):
    weights = labels.bincount()[labels].float().rsqrt()
    return weights / weights.sum()


# %% wrong: `softmax` makes the sum 1, but changes the proportions.
def draw_weights(labels):
    return (1 / labels.bincount()[labels]).softmax(dim=0)


# %% wrong: The weights of the classes were scaled to the sum 1, before each sample got its own: now the sum over the samples is larger.
def draw_weights(labels):
    counts = labels.bincount()
    weights = torch.where(counts > 0, 1 / counts, 0.0)
    return (weights / weights.sum())[labels]


# %% wrong: The weights of the classes were scaled to the sum 1, before each sample got its own: now the sum over the samples is larger. And where a class has no samples, its 1 / 0 is infinite and spoils the sum.
def draw_weights(labels):
    weights = 1 / labels.bincount()
    return (weights / weights.sum())[labels]


# %% wrong: This is a list of numbers; a tensor of float32 was asked for.
def draw_weights(labels):
    numbers = labels.tolist()
    return [1 / numbers.count(y) / len(set(numbers)) for y in numbers]


# %% wrong: `unique` counts only the classes that occur: where one is missing, the place of a count is not the number of its class.
def draw_weights(labels):
    weights = 1 / labels.unique(return_counts=True)[1][labels]
    return weights / weights.sum()


# %% wrong: These weights make a common class commoner still: they grow with the number of its samples, and should fall. Nor is their sum 1.
def draw_weights(labels):
    counts = labels.bincount()
    return (counts / counts.sum())[labels]


# %% wrong: This is a sampler; its weights were asked for.
def draw_weights(labels):
    return WeightedRandomSampler(1 / labels.bincount()[labels], len(labels))


# %% cases
def cases():
    yield (torch.tensor([0, 0, 0, 1]),)
    yield (torch.tensor([2, 0, 2, 2, 0, 2]),)
    yield (torch.randint(0, 5, (60,)),)
    yield (torch.tensor([3]),)
    yield ((torch.rand(40) ** 3 * 6).long(),)


def observe(answer, labels):
    weights = answer(labels)
    if weights is None:
        return None
    if not isinstance(weights, torch.Tensor) or not weights.is_floating_point():
        return {"the weights, divided by their sum": weights, "the sum of the weights": 1.0}
    return {
        "the weights, divided by their sum": weights / weights.sum(),
        "the sum of the weights": round(weights.double().sum().item(), 4),
    }
