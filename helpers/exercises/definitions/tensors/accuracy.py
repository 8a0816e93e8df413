"""
title = "Accuracy of a perfect model"
kind = "repair"
level = 2
minutes = 4
concepts = ["T12", "T21", "X15"]
task = "`accuracy` should return the share of samples whose highest score stands at their label, as a `float32` tensor of shape (). With 10 equally frequent classes it reports 10 % for a model that is always right, and also for one that guesses. Mend it."
right = "A comparison or a loss of (n, 1) with (n,) is one of the errors in PyTorch that nothing reports; look at the shapes on both sides."
hints = [
    "Write down the shapes of `predicted`, `labels` and `hits` for 4 samples.",
    "`==` follows the rule of broadcasting. `keepdim=True` keeps a dimension of size 1.",
    "`hits` must have shape (n,), so `predicted` must have shape (n,): `predicted = scores.argmax(...)`",
]
"""

# %% setup
import torch


# %% stub
def accuracy(scores, labels):
    """Return the share of rows with the highest score at the label: (n, k), (n,) to (), float32."""
    predicted = scores.argmax(dim=1, keepdim=True)
    hits = predicted == labels
    return hits.float().mean()


# %% solution
def accuracy(scores, labels):
    predicted = scores.argmax(dim=1)
    hits = predicted == labels
    return hits.float().mean()


# %% also right: the labels as a column too
def accuracy(scores, labels):
    predicted = scores.argmax(dim=1, keepdim=True)
    hits = predicted == labels[:, None]
    return hits.float().mean()


# %% also right: the indices of max, and a count divided by the number of samples
def accuracy(scores, labels):
    predicted = scores.max(dim=-1).indices
    return predicted.eq(labels).sum() / len(labels)


# %% also right: the score at the label is the highest
def accuracy(scores, labels):
    own = scores[torch.arange(len(labels)), labels]
    return (own == scores.amax(dim=1)).to(torch.float32).mean()


# %% also right: a loop
def accuracy(scores, labels):
    hits = 0
    for row, label in zip(scores, labels):
        hits += int(row.argmax() == label)
    return torch.tensor(hits / len(scores))


# %% also right: NumPy, and its float64 made smaller
def accuracy(scores, labels):
    hits = scores.numpy().argmax(1) == labels.numpy()
    return torch.tensor(hits.mean(), dtype=torch.float32)


# %% also right: the diagonal of all comparisons
def accuracy(scores, labels):
    predicted = scores.argmax(dim=1, keepdim=True)
    return (predicted == labels).diagonal().float().mean()


# %% wrong: The hits were joined by `all`: that is 1 if every sample is a hit, and 0 otherwise. Their share was asked for.
def accuracy(scores, labels):
    hits = torch.all(scores.argmax(1) == labels)
    return hits.float().mean()


# %% wrong: Each prediction is still compared with every label: (n, 1) and (n,) are stretched to (n, n).
def accuracy(scores, labels):
    predicted = scores.argmax(dim=1)
    return (predicted.unsqueeze(1) == labels).float().mean()


# %% wrong: This is the number of hits, not their share.
def accuracy(scores, labels):
    return (scores.argmax(dim=1) == labels).float().sum()


# %% wrong: The highest score itself was compared with the label, not the place where it stands.
def accuracy(scores, labels):
    return (scores.amax(dim=1) == labels).float().mean()


# %% wrong: Without a `dim` there is one index for the whole table, counted through all of its numbers.
def accuracy(scores, labels):
    return (scores.argmax() == labels).float().mean()


# %% wrong: `dim=0` finds the best sample of each class; the best class of each sample is wanted.
def accuracy(scores, labels):
    return (scores.argmax(dim=0) == labels).float().mean()


# %% wrong: The hits are right, but their mean is missing: one number for all samples was asked for.
def accuracy(scores, labels):
    return (scores.argmax(dim=1) == labels).float()


# %% wrong: The hits were divided by the number of classes, not by the number of samples.
def accuracy(scores, labels):
    return (scores.argmax(dim=1) == labels).float().sum() / scores.shape[1]


# %% wrong: A sample counted as a hit when its prediction stands anywhere among the labels; it must stand at its own.
def accuracy(scores, labels):
    predicted = scores.argmax(dim=1, keepdim=True)
    return (predicted == labels).any(dim=1).float().mean()


# %% wrong: This is the number of hits, a whole number. Their share was asked for.
def accuracy(scores, labels):
    return (scores.argmax(dim=1) == labels).sum()


# %% wrong: This is a percentage: 100 times the share.
def accuracy(scores, labels):
    return (scores.argmax(dim=1) == labels).float().mean() * 100


# %% wrong: The share is right, but it is a bare number, as `.item()` and NumPy give it; a tensor of shape () was asked for.
def accuracy(scores, labels):
    return (scores.argmax(dim=1) == labels).float().mean().item()


# %% wrong: The hits are `bool`, and PyTorch takes no mean of truth values: they have to become numbers first.
def accuracy(scores, labels):
    return (scores.argmax(dim=1) == labels).mean()


# %% wrong: This is the share of the errors, not of the hits.
def accuracy(scores, labels):
    return (scores.argmax(dim=1) != labels).float().mean()


# %% wrong: Each prediction is still compared with every label; only the divisor has changed: (n, n) hits over n.
def accuracy(scores, labels):
    return (scores.argmax(dim=1, keepdim=True) == labels).float().sum() / len(labels)


# %% wrong: The share is right, but it is `float64`, as NumPy and `.double()` give it; `float32` was asked for.
def accuracy(scores, labels):
    return (scores.argmax(dim=1) == labels).double().mean()


# %% wrong: `max` with a `dim` gives two things, the highest scores and their places; the pair as a whole is equal to nothing.
def accuracy(scores, labels):
    return (scores.max(1) == labels).float().mean()


# %% wrong: The share is right, but its shape is (1,): square brackets around a number make a dimension of size 1.
def accuracy(scores, labels):
    hits = 0
    for i in range(len(labels)):
        if scores[i].argmax() == labels[i]:
            hits += 1
    return torch.tensor([hits / len(labels)])


# %% wrong: The mean was taken along one dimension of (n, n) comparisons: that is a number for each sample, where one for all was asked for.
def accuracy(scores, labels):
    predicted = scores.argmax(dim=1, keepdim=True)
    return (predicted == labels).float().mean(dim=1)


# %% wrong: `//` makes a whole number: 1 if all are hits, and 0 otherwise. The share has decimals.
def accuracy(scores, labels):
    hits = 0
    for i in range(len(labels)):
        if scores[i].argmax() == labels[i]:
            hits += 1
    return torch.tensor(hits // len(labels))


# %% wrong: The labels were moved by 1: both labels and places count from 0.
def accuracy(scores, labels):
    return (scores.argmax(1) == labels - 1).float().mean()


# %% cases
def cases():
    eye = torch.eye(3)
    yield (eye[[0, 2, 1, 2]], torch.tensor([0, 2, 1, 2]))
    yield (torch.tensor([[0.1, 0.9], [0.8, 0.2], [0.3, 0.7]]), torch.tensor([1, 1, 1]))
    labels = torch.randint(0, 10, (60,))
    yield (torch.eye(10)[labels], labels)
    yield (torch.eye(10)[labels] + torch.randn(60, 10), labels)
    yield (torch.randn(5, 5), torch.tensor([0, 1, 2, 3, 4]))
    yield (torch.randn(6, 6), torch.tensor([5, 5, 2, 0, 3, 1]))
    yield (torch.randn(1, 4), torch.tensor([2]))
    yield (torch.randn(4, 30, dtype=torch.float64).T, torch.randint(0, 4, (30,)))
