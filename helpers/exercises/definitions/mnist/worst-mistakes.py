"""
title = "The worst mistakes"
kind = "write"
level = 3
minutes = 6
concepts = ["M12", "M06"]
task = "A *mistake* is a sample whose highest score is not that of its label. From the `scores` (n, classes) and `labels` (n,) return a tensor with the places (row numbers, `int64`) of the `k` mistakes with the largest cross entropy, the largest first. Where there are fewer than `k` mistakes, return all of them."
right = "Looking at these pictures one by one is often the fastest way to find wrong labels, or what a model lacks."
hints = [
    "You need two things of each sample: its loss, and whether it is a mistake. A sample that was answered rightly may have a larger loss than a mistake.",
    "`F.cross_entropy(..., reduction='none')` gives the loss of each sample; `.nonzero()` the places of the mistakes; `argsort(descending=True)` an order.",
    "`places = (scores.argmax(dim=1) != labels).nonzero().flatten()`, then `order = losses[places].argsort(descending=True)`, and return the first k of `places[...]`.",
]
"""

# %% setup
import torch
import torch.nn.functional as F


# %% stub
def worst_mistakes(scores: torch.Tensor, labels: torch.Tensor, k: int) -> torch.Tensor:
    """Return the places of the k worst mistakes, the worst first: at most (k,)."""
    ...


# %% solution
def worst_mistakes(scores, labels, k):
    losses = F.cross_entropy(scores, labels, reduction="none")
    places = (scores.argmax(dim=1) != labels).nonzero().flatten()
    order = losses[places].argsort(descending=True)
    return places[order[:k]]


# %% also right: right answers put at the end
def worst_mistakes(scores, labels, k):
    mistake = scores.argmax(dim=1) != labels
    losses = F.cross_entropy(scores, labels, reduction="none").masked_fill(~mistake, -1)
    return losses.topk(min(k, int(mistake.sum()))).indices


# %% also right: all sorted, then the mistakes among them
def worst_mistakes(scores, labels, k):
    order = (-scores.log_softmax(1)[torch.arange(len(labels)), labels]).sort(descending=True)[1]
    return order[(scores.argmax(dim=1) != labels)[order]][:k]


# %% also right: a loop over the samples
def worst_mistakes(scores, labels, k):
    found = []
    for i in range(len(labels)):
        if scores[i].max(dim=0).indices != labels[i]:
            found.append((F.cross_entropy(scores[i], labels[i]).item(), i))
    found.sort(reverse=True)
    return torch.tensor([i for _, i in found[:k]], dtype=torch.int64)


# %% wrong: Where there is no mistake, `torch.tensor([])` is `float32`; places are `int64`.
def worst_mistakes(scores, labels, k):
    losses = F.cross_entropy(scores, labels, reduction="none").tolist()
    places = [i for i in range(len(labels)) if scores[i].argmax() != labels[i]]
    return torch.tensor(sorted(places, key=lambda i: -losses[i])[:k])


# %% wrong: All samples took part: among them are some that were answered rightly.
def worst_mistakes(scores, labels, k):
    losses = F.cross_entropy(scores, labels, reduction="none")
    return losses.topk(k).indices


# %% wrong: `topk` wants k numbers to choose from; there may be fewer mistakes.
def worst_mistakes(scores, labels, k):
    losses = F.cross_entropy(scores, labels, reduction="none")
    places = (scores.argmax(dim=1) != labels).nonzero().flatten()
    return places[losses[places].topk(k).indices]


# %% wrong: The losses of right answers were set to 0, but `topk(k)` takes k of them all the same: where the mistakes run out, right answers follow.
def worst_mistakes(scores, labels, k):
    losses = F.cross_entropy(scores, labels, reduction="none")
    return (losses * (scores.argmax(dim=1) != labels)).topk(k).indices


# %% wrong: The mistakes were sorted by the probability of the label, which is rounded to 0 where scores are large; the loss still tells them apart.
def worst_mistakes(scores, labels, k):
    own = scores.softmax(dim=1)[torch.arange(len(labels)), labels]
    places = (scores.argmax(dim=1) != labels).nonzero().flatten()
    return places[own[places].argsort(stable=True)[:k]]


# %% wrong: The mistakes were sorted by how far the answer's score lies above the label's; the loss looks at the scores of all classes.
def worst_mistakes(scores, labels, k):
    own = scores[torch.arange(len(labels)), labels]
    places = (scores.argmax(dim=1) != labels).nonzero().flatten()
    return places[(scores.max(dim=1).values - own)[places].argsort(descending=True)[:k]]


# %% wrong: The places are a list; a tensor was asked for.
def worst_mistakes(scores, labels, k):
    losses = F.cross_entropy(scores, labels, reduction="none")
    places = (scores.argmax(dim=1) != labels).nonzero().flatten()
    return places[losses[places].argsort(descending=True)[:k]].tolist()


# %% wrong: These are places among the mistakes, not among all samples.
def worst_mistakes(scores, labels, k):
    losses = F.cross_entropy(scores, labels, reduction="none")
    mistakes = losses[scores.argmax(dim=1) != labels]
    return mistakes.argsort(descending=True)[:k]


# %% wrong: `argsort` sorts upwards: these are the mildest mistakes.
def worst_mistakes(scores, labels, k):
    losses = F.cross_entropy(scores, labels, reduction="none")
    places = (scores.argmax(dim=1) != labels).nonzero().flatten()
    return places[losses[places].argsort()[:k]]


# %% wrong: These are the first mistakes in the order of the samples; wanted are those with the largest loss.
def worst_mistakes(scores, labels, k):
    return (scores.argmax(dim=1) != labels).nonzero().flatten()[:k]


# %% wrong: These are the right mistakes in the wrong order: the largest loss comes first.
def worst_mistakes(scores, labels, k):
    losses = F.cross_entropy(scores, labels, reduction="none")
    places = (scores.argmax(dim=1) != labels).nonzero().flatten()
    order = losses[places].argsort(descending=True)
    return places[order[:k]].sort().values


# %% wrong: These are the losses of the mistakes; their places were asked for.
def worst_mistakes(scores, labels, k):
    losses = F.cross_entropy(scores, labels, reduction="none")
    mistakes = losses[scores.argmax(dim=1) != labels]
    return mistakes.sort(descending=True).values[:k]


# %% wrong: The mistakes were sorted by the probability of the answer; the loss looks at that of the label.
def worst_mistakes(scores, labels, k):
    places = (scores.argmax(dim=1) != labels).nonzero().flatten()
    sure = scores.softmax(dim=1).max(dim=1).values
    return places[sure[places].argsort(descending=True)[:k]]


# %% wrong: The mistakes were sorted by the raw score of the label; the loss compares it with the other scores of the sample.
def worst_mistakes(scores, labels, k):
    places = (scores.argmax(dim=1) != labels).nonzero().flatten()
    own = scores[torch.arange(len(labels)), labels]
    return places[own[places].argsort()[:k]]


# %% wrong: A row for each place: `nonzero` gives (m, 1), and (m,) was asked for.
def worst_mistakes(scores, labels, k):
    losses = F.cross_entropy(scores, labels, reduction="none")
    places = (scores.argmax(dim=1) != labels).nonzero()
    return places[losses[places.flatten()].argsort(descending=True)[:k]]


# %% wrong: The k largest losses were taken first and the right answers left out after that, so mistakes with a smaller loss are missing.
def worst_mistakes(scores, labels, k):
    losses = F.cross_entropy(scores, labels, reduction="none")
    order = losses.argsort(descending=True)[:k]
    return order[(scores.argmax(dim=1) != labels)[order]]


# %% wrong: These are samples that were answered rightly.
def worst_mistakes(scores, labels, k):
    losses = F.cross_entropy(scores, labels, reduction="none")
    places = (scores.argmax(dim=1) == labels).nonzero().flatten()
    return places[losses[places].argsort(descending=True)[:k]]


# %% wrong: The losses of right answers were set to 0, and then k places were taken all the same: where the mistakes run out, right answers follow.
def worst_mistakes(scores, labels, k):
    losses = F.cross_entropy(scores, labels, reduction="none")
    losses = losses * (scores.argmax(dim=1) != labels)
    return losses.sort(descending=True, stable=True).indices[:k]


# %% wrong: `squeeze()` drops every dimension of size 1: where there is a single mistake, no dimension is left.
def worst_mistakes(scores, labels, k):
    losses = F.cross_entropy(scores, labels, reduction="none")
    places = (scores.argmax(dim=1) != labels).nonzero().squeeze()
    order = losses[places].argsort(descending=True)
    return places[order][:k]


# %% wrong: `F.cross_entropy` gives the mean of all losses here, one number; each sample has a loss of its own.
def worst_mistakes(scores, labels, k):
    losses = F.cross_entropy(scores, labels)
    places = (scores.argmax(dim=1) != labels).nonzero().flatten()
    return places[losses[places].argsort(descending=True)][:k]


# %% wrong: All mistakes were given the same loss, the mean of all samples, so their order says nothing.
def worst_mistakes(scores, labels, k):
    loss = F.cross_entropy(scores, labels)
    wrong = scores.argmax(dim=1) != labels
    return torch.where(wrong, loss, -1).topk(min(k, int(wrong.sum()))).indices


# %% wrong: `nonzero` gives a row for each place, (m, 1); used as an index it brings in one more dimension each time, and (m,) was asked for.
def worst_mistakes(scores, labels, k):
    losses = F.cross_entropy(scores, labels, reduction="none")
    places = (scores.argmax(dim=1) != labels).nonzero()
    return places[losses[places].argsort(descending=True)][:k]


# %% wrong: Softmax was applied before `F.cross_entropy`, which takes raw scores; that changes the order.
def worst_mistakes(scores, labels, k):
    losses = F.cross_entropy(scores.softmax(dim=1), labels, reduction="none")
    places = (scores.argmax(dim=1) != labels).nonzero().flatten()
    return places[losses[places].argsort(descending=True)][:k]


# %% wrong: These are all mistakes, in the right order; at most k were asked for.
def worst_mistakes(scores, labels, k):
    losses = F.cross_entropy(scores, labels, reduction="none")
    places = (scores.argmax(dim=1) != labels).nonzero().flatten()
    return places[losses[places].argsort(descending=True)]


# %% wrong: The losses of all samples were sorted, and the result used as places among the mistakes, of which there may be fewer.
def worst_mistakes(scores, labels, k):
    losses = F.cross_entropy(scores, labels, reduction="none")
    places = (scores.argmax(dim=1) != labels).nonzero().flatten()
    return places[losses.argsort(descending=True)][:k]


# %% wrong: `squeeze()` drops every dimension of size 1: where there is a single mistake, no dimension is left, and `len` has nothing to count.
def worst_mistakes(scores, labels, k):
    losses = F.cross_entropy(scores, labels, reduction="none")
    places = (scores.argmax(dim=1) != labels).nonzero().squeeze()
    return places[losses[places].topk(min(k, len(places))).indices]


# %% wrong: `torch.where` with one argument gives a tuple, with a tensor of places for each dimension; a tuple cannot be indexed with a tensor.
def worst_mistakes(scores, labels, k):
    losses = F.cross_entropy(scores, labels, reduction="none")
    places = torch.where(scores.argmax(dim=1) != labels)
    return places[losses[places].argsort(descending=True)[:k]]


# %% cases
def cases():
    scores = torch.tensor([[0.0, 1.0], [3.0, 0.0], [0.0, 9.0], [4.0, 0.0]])
    yield scores, torch.tensor([1, 1, 0, 1]), 2
    yield scores, torch.tensor([0, 0, 1, 1]), 3
    yield (
        torch.tensor([[1.0, 1.1, 1.2], [2.0, 0.0, 1.9], [0.0, 0.1, -4.0]]),
        torch.tensor([2, 2, 0]),
        1,
    )
    yield scores, torch.tensor([1, 0, 1, 0]), 2
    yield scores, torch.tensor([1, 0, 0, 0]), 2
    yield 3 * torch.randn(40, 10), torch.randint(0, 10, (40,)), 7
    labels = torch.randint(0, 5, (60,))
    yield torch.randn(60, 5) + F.one_hot(labels, 5), labels, 50
    yield torch.tensor([[0.0, 200.0], [0.0, 300.0], [5.0, 0.0]]), torch.tensor([0, 0, 0]), 2
    yield torch.randn(9, 3, dtype=torch.float64), torch.randint(0, 3, (9,)), 1
