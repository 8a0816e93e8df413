"""
title = "Cross entropy by hand"
kind = "write"
level = 3
minutes = 8
concepts = ["M06"]
task = "Write yourself what `F.cross_entropy` does, without calling it or `nn.CrossEntropyLoss` (`log_softmax` and `logsumexp` are allowed): from the raw `scores` (n, classes) and the class numbers `labels` (n,) return the mean cross entropy, a tensor of shape () with the dtype of `scores`. The scores may lie anywhere between -1000 and 1000, and the gradient has to reach them."
right = "This is why losses take raw scores: from the scores the logarithm can be kept finite, from probabilities it cannot."
hints = [
    "The loss of one sample is the logarithm of the sum of all $e^z$, minus the score of its class. The logarithm of the sum is the hard part: what happens to it when the same number is subtracted from all scores?",
    "Subtract the largest score of each row before `exp`, and add it again after `log`. `scores[rows, labels]` with `rows = torch.arange(n)` picks the scores of the true classes.",
    "`top = scores.max(dim=1, keepdim=True).values`, then `log_sums = top.squeeze(1) + (scores - top).exp().sum(...).log()`, and the mean of `log_sums - ...`.",
]
"""

# %% setup
from unittest import mock

import torch
import torch.nn.functional as F


# %% stub
def own_cross_entropy(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Return the mean cross entropy: (n, classes) and (n,) to ()."""
    ...


# %% solution
def own_cross_entropy(scores, labels):
    top = scores.max(dim=1, keepdim=True).values
    log_sums = top.squeeze(1) + (scores - top).exp().sum(dim=1).log()
    own = scores[torch.arange(len(labels)), labels]
    return (log_sums - own).mean()


# %% also right: logsumexp
def own_cross_entropy(scores, labels):
    return (scores.logsumexp(1) - scores.gather(1, labels[:, None])[:, 0]).sum() / len(scores)


# %% also right: log-softmax times the labels as rows of 0 and 1
def own_cross_entropy(scores, labels):
    chosen = F.one_hot(labels, scores.shape[1]).to(scores.dtype)
    return -(chosen * scores.log_softmax(dim=-1)).sum(dim=1).mean()


# %% also right: the distances to the score of the true class
def own_cross_entropy(scores, labels):
    losses = []
    for row, label in zip(scores, labels):
        far = row - row[label]
        losses.append(far.max() + torch.log(torch.sum(torch.exp(far - far.max()))))
    return torch.stack(losses).mean()


# %% also right: in two steps of the library
def own_cross_entropy(scores, labels):
    return F.nll_loss(F.log_softmax(scores, dim=1), labels)


# %% wrong: For small scores this is right; the exponential of a score above 88 is infinite in float32, and in float64 that of a score above 709.
def own_cross_entropy(scores, labels):
    own = scores[torch.arange(len(labels)), labels]
    return (scores.exp().sum(dim=1).log() - own).mean()


# %% wrong: First the probabilities, then their logarithm: for small scores this is right, but a probability can be rounded to 0, and then the loss is infinite.
def own_cross_entropy(scores, labels):
    p = scores.softmax(dim=1)
    return -p[torch.arange(len(labels)), labels].log().mean()


# %% wrong: A small number added to the probabilities hides the infinities, and the loss of a very wrong answer is cut off.
def own_cross_entropy(scores, labels):
    p = scores.softmax(dim=1)[torch.arange(len(labels)), labels]
    return -(p + 1e-8).log().mean()


# %% wrong: Clamping the probabilities hides the infinities; the loss of a very wrong answer is cut off, and its gradient is 0.
def own_cross_entropy(scores, labels):
    p = scores.softmax(dim=1)[torch.arange(len(labels)), labels]
    return -p.clamp(min=1e-7).log().mean()


# %% wrong: Exponentials divided by their sum: for small scores this is right, for large ones it is infinite divided by infinite.
def own_cross_entropy(scores, labels):
    p = scores.exp() / scores.exp().sum(dim=1, keepdim=True)
    return -p[torch.arange(len(labels)), labels].log().mean()


# %% wrong: The number is right, but it comes from the library's own cross entropy, which was not to be called.
def own_cross_entropy(scores, labels):
    return F.cross_entropy(scores, labels)


# %% wrong: These are the losses of all samples; their mean was asked for.
def own_cross_entropy(scores, labels):
    return scores.logsumexp(dim=1) - scores[torch.arange(len(labels)), labels]


# %% wrong: This is the sum over the samples; the mean was asked for.
def own_cross_entropy(scores, labels):
    return (scores.logsumexp(dim=1) - scores[torch.arange(len(labels)), labels]).sum()


# %% wrong: The largest score was subtracted and never added again, while the score of the true class is the old one.
def own_cross_entropy(scores, labels):
    top = scores.max(dim=1, keepdim=True).values
    log_sums = (scores - top).exp().sum(dim=1).log()
    return (log_sums - scores[torch.arange(len(labels)), labels]).mean()


# %% wrong: The largest score of the whole batch was subtracted: in a row that lies far below it, all exponentials are rounded to 0.
def own_cross_entropy(scores, labels):
    z = scores - scores.max()
    return (z.exp().sum(dim=1).log() - z[torch.arange(len(labels)), labels]).mean()


# %% wrong: The sign is wrong: this gets larger as the answers get better.
def own_cross_entropy(scores, labels):
    return F.log_softmax(scores, dim=1)[torch.arange(len(labels)), labels].mean()


# %% wrong: The sum of the exponentials runs over the samples; each sample has its own sum, over the classes.
def own_cross_entropy(scores, labels):
    return F.nll_loss(scores.log_softmax(dim=0), labels)


# %% wrong: `scores[:, labels]` takes every label from every row: (n, n) in place of (n,).
def own_cross_entropy(scores, labels):
    return (scores.logsumexp(dim=1, keepdim=True) - scores[:, labels]).mean()


# %% wrong: The logarithms of all classes are averaged; only that of the true class counts.
def own_cross_entropy(scores, labels):
    return -scores.log_softmax(dim=1).mean()


# %% wrong: The mean goes over all n · classes numbers, but there are n losses.
def own_cross_entropy(scores, labels):
    return -(F.one_hot(labels, scores.shape[1]) * scores.log_softmax(dim=1)).mean()


# %% wrong: Softmax was applied twice: `log_softmax` takes raw scores.
def own_cross_entropy(scores, labels):
    return F.nll_loss(scores.softmax(dim=1).log_softmax(dim=1), labels)


# %% wrong: The value is right, but the graph is cut: no gradient reaches the scores.
def own_cross_entropy(scores, labels):
    return F.nll_loss(scores.detach().log_softmax(dim=1), labels)


# %% wrong: The value is right, but it is a plain number: no gradient can start from it.
def own_cross_entropy(scores, labels):
    return (scores.logsumexp(dim=1) - scores[torch.arange(len(labels)), labels]).mean().item()


# %% wrong: `F.nll_loss` takes logarithms of probabilities; it only picks those of the true classes.
def own_cross_entropy(scores, labels):
    return F.nll_loss(scores.softmax(dim=1), labels)


# %% wrong: Clamping the scores keeps the exponentials finite, but it changes the loss.
def own_cross_entropy(scores, labels):
    z = scores.clamp(-80, 80)
    return (z.exp().sum(dim=1).log() - z[torch.arange(len(labels)), labels]).mean()


# %% wrong: `F.one_hot(labels)` has as many columns as the largest label asks for; there may be more classes.
def own_cross_entropy(scores, labels):
    return -(F.one_hot(labels) * scores.log_softmax(dim=1)).sum(dim=1).mean()


# %% wrong: `scores[:, labels]` takes every label from every row, (n, n) in place of (n,); and the exponential of a large score is infinite.
def own_cross_entropy(scores, labels):
    return (scores.exp().sum(dim=1).log() - scores[:, labels]).mean()


# %% wrong: The largest score itself was left out: the logarithm needs the sum over all classes.
def own_cross_entropy(scores, labels):
    top = scores.max(dim=1).values
    return (top - scores[torch.arange(len(labels)), labels]).mean()


# %% wrong: First the probabilities, then their logarithm: for small scores this is right, but a probability can be rounded to 0, and then the loss is infinite, or its gradient is nan.
def own_cross_entropy(scores, labels):
    return -scores.softmax(dim=1).log()[torch.arange(len(labels)), labels].mean()


# %% wrong: First the probabilities, then their logarithm: for small scores this is right, but a probability can be rounded to 0, and then the loss becomes infinite, or nan where the infinity is multiplied by 0.
def own_cross_entropy(scores, labels):
    chosen = F.one_hot(labels, scores.shape[1]).to(scores.dtype)
    return -(chosen * scores.softmax(dim=1).log()).sum(dim=1).mean()


# %% wrong: The 1e-9 added to the probabilities hides the infinities, and the loss of a very wrong answer is cut off.
def own_cross_entropy(scores, labels):
    p = scores.softmax(dim=1)[torch.arange(len(labels)), labels]
    return -(p + 1e-9).log().mean()


# %% wrong: The 1e-10 added to the probabilities hides the infinities, and the loss of a very wrong answer is cut off.
def own_cross_entropy(scores, labels):
    p = scores.softmax(dim=1)[torch.arange(len(labels)), labels]
    return -(p + 1e-10).log().mean()


# %% wrong: The 1e-12 added to the probabilities hides the infinities, and the loss of a very wrong answer is cut off.
def own_cross_entropy(scores, labels):
    p = scores.softmax(dim=1)[torch.arange(len(labels)), labels]
    return -(p + 1e-12).log().mean()


# %% wrong: The largest score of the whole batch was subtracted, and then exponentials divided by their sum: in a row that lies far below, that is 0 divided by 0.
def own_cross_entropy(scores, labels):
    z = scores - scores.max()
    p = z.exp() / z.exp().sum(dim=1, keepdim=True)
    return -p[torch.arange(len(labels)), labels].log().mean()


# %% wrong: This is the loss of the class with the largest score; that of the label was asked for.
def own_cross_entropy(scores, labels):
    return (scores.logsumexp(dim=1) - scores.max(dim=1).values).mean()


# %% wrong: `gather` wants an index with as many dimensions as the scores have; the labels have one.
def own_cross_entropy(scores, labels):
    return -scores.log_softmax(dim=1).gather(1, labels).mean()


# %% wrong: `F.nll_loss` takes logarithms of probabilities, and not raw scores; it only picks the numbers of the true classes.
def own_cross_entropy(scores, labels):
    return F.nll_loss(scores, labels)


# %% wrong: The value is right, but the gradient goes through the score of the label alone: the sum of the exponentials was computed without a graph.
def own_cross_entropy(scores, labels):
    with torch.no_grad():
        log_sums = scores.logsumexp(dim=1)
    return (log_sums - scores.gather(1, labels[:, None])[:, 0]).mean()


# %% cases
def cases():
    yield torch.tensor([[2.0, -1.0, 0.5], [0.0, 3.0, 1.0]]), torch.tensor([0, 2])
    yield torch.tensor([[1000.0, 0.0, 0.0]]), torch.tensor([0])
    yield torch.tensor([[0.0, 200.0, -3.0], [1.0, 1.0, 1.0]]), torch.tensor([0, 1])
    yield torch.tensor([[1000.0, 999.0], [-999.0, -1000.0]]), torch.tensor([1, 1])
    yield torch.randn(4, 4), torch.tensor([3, 0, 0, 2])
    yield torch.randn(16, 10, dtype=torch.float64), torch.randint(0, 10, (16,))
    yield 300 * torch.randn(10, 5).T, torch.randint(0, 10, (5,))


def observe(own_cross_entropy, scores, labels):
    z = scores.clone().requires_grad_()
    with mock.patch.object(F, "cross_entropy", wraps=F.cross_entropy) as library:
        loss = own_cross_entropy(z, labels)
    trained = isinstance(loss, torch.Tensor) and loss.requires_grad and loss.numel() == 1
    gradient = torch.autograd.grad(loss.sum(), z)[0] if trained else "none"
    return {
        "the loss": loss,
        "the gradient of the scores": gradient,
        "whether F.cross_entropy was called": library.called,
    }
