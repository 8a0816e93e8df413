"""
title = "A loss that stays high"
kind = "repair"
level = 2
minutes = 4
concepts = ["M06"]
task = "`loss_and_confidence` returns the mean cross entropy, a tensor with which the model is trained, and for each sample the probability of the class that the model chooses: a tensor of shape (n,), to be shown beside the picture. The probabilities are right. But the loss never falls below 1.46 with ten classes, and the model learns slowly. Repair it. `model(X)` gives raw scores (n, classes); some are as large as 200. The model stays in the mode it is in."
right = "Probabilities are for people, raw scores are for the loss."
hints = [
    "What does `F.cross_entropy` do first with what it is given?",
    "`F.cross_entropy` wants raw scores, and the second result wants probabilities: keep both, under two names.",
    "`scores = model(X)`, then the loss of ..., and `confidence = scores.softmax(dim=1)` with the largest number of each row.",
]
"""

# %% setup
import torch
import torch.nn.functional as F


# %% stub
def loss_and_confidence(model, X, Y):
    """Return the mean cross entropy () and the probability of each answer (n,)."""
    scores = model(X).softmax(dim=1)
    loss = F.cross_entropy(scores, Y)
    confidence = scores.max(dim=1).values
    return loss, confidence


# %% solution
def loss_and_confidence(model, X, Y):
    scores = model(X)
    loss = F.cross_entropy(scores, Y)
    confidence = scores.softmax(dim=1).max(dim=1).values
    return loss, confidence


# %% also right: log-softmax once, and nll
def loss_and_confidence(model, X, Y):
    logs = F.log_softmax(model(X), dim=1)
    return F.nll_loss(logs, Y), logs.exp().amax(dim=1)


# %% also right: log-softmax in front of cross entropy changes nothing
def loss_and_confidence(model, X, Y):
    logs = model(X).log_softmax(dim=-1)
    loss = F.cross_entropy(logs, Y)
    return loss, torch.max(torch.softmax(logs, dim=-1), dim=-1)[0]


# %% also right: by hand
def loss_and_confidence(model, X, Y):
    scores = model(X)
    sums = torch.logsumexp(scores, dim=1)
    loss = torch.mean(sums - scores[range(len(Y)), Y])
    return loss, (scores.amax(dim=1) - sums).exp()


# %% wrong: The loss still gets probabilities, and `F.cross_entropy` turns them into probabilities a second time.
def loss_and_confidence(model, X, Y):
    scores = model(X)
    probabilities = scores.softmax(dim=1)
    return F.cross_entropy(probabilities, Y), probabilities.max(dim=1).values


# %% wrong: The loss is right now, but the confidence is a raw score and no longer a probability.
def loss_and_confidence(model, X, Y):
    scores = model(X)
    return F.cross_entropy(scores, Y), scores.max(dim=1).values


# %% wrong: For small scores this is right, but a probability can be rounded to 0: its logarithm is infinite.
def loss_and_confidence(model, X, Y):
    p = model(X).softmax(dim=1)
    return F.nll_loss(p.log(), Y), p.max(dim=1).values


# %% wrong: `F.nll_loss` takes no logarithm: given probabilities, it returns their mean with a minus sign.
def loss_and_confidence(model, X, Y):
    p = model(X).softmax(dim=1)
    return F.nll_loss(p, Y), p.max(dim=1).values


# %% wrong: A small number added before the logarithm cuts the loss of a very wrong answer off.
def loss_and_confidence(model, X, Y):
    p = model(X).softmax(dim=1)
    return F.nll_loss((p + 1e-8).log(), Y), p.max(dim=1).values


# %% wrong: The loss is right, but this is the probability of the true class; the confidence belongs to the class that the model chooses.
def loss_and_confidence(model, X, Y):
    scores = model(X)
    confidence = scores.softmax(dim=1)[torch.arange(len(Y)), Y]
    return F.cross_entropy(scores, Y), confidence


# %% wrong: The loss is right, but the probabilities of one sample have to add up to 1: the sum of softmax runs over the classes.
def loss_and_confidence(model, X, Y):
    scores = model(X)
    return F.cross_entropy(scores, Y), scores.softmax(dim=0).max(dim=1).values


# %% wrong: The confidences are those of the chosen classes' numbers: `argmax` gives the class, not its probability.
def loss_and_confidence(model, X, Y):
    scores = model(X)
    return F.cross_entropy(scores, Y), scores.softmax(dim=1).argmax(dim=1)


# %% wrong: A sigmoid is no better than a softmax in front of the loss: it wants the raw scores.
def loss_and_confidence(model, X, Y):
    scores = model(X)
    confidence = scores.softmax(dim=1).max(dim=1).values
    return F.cross_entropy(scores.sigmoid(), Y), confidence


# %% wrong: The numbers are right, but the loss has no graph: the model cannot be trained with it.
def loss_and_confidence(model, X, Y):
    with torch.no_grad():
        scores = model(X)
        return F.cross_entropy(scores, Y), scores.softmax(dim=1).max(dim=1).values


# %% wrong: The loss is right, but the confidence is the logarithm of a probability.
def loss_and_confidence(model, X, Y):
    logs = model(X).log_softmax(dim=1)
    return F.cross_entropy(logs, Y), logs.max(dim=1).values


# %% wrong: The loss is right; these are the probabilities of all classes, and only that of the chosen class was asked for.
def loss_and_confidence(model, X, Y):
    scores = model(X)
    return F.cross_entropy(scores, Y), scores.softmax(dim=1)


# %% wrong: These are the losses of all samples; their mean was asked for.
def loss_and_confidence(model, X, Y):
    scores = model(X)
    return F.cross_entropy(scores, Y, reduction="none"), scores.softmax(dim=1).max(dim=1).values


# %% wrong: The loss is right, but a plain number: no gradient can start from it.
def loss_and_confidence(model, X, Y):
    scores = model(X)
    return F.cross_entropy(scores, Y).item(), scores.softmax(dim=1).max(dim=1).values


# %% wrong: `max(dim=1)` gives two tensors, the values and the indices; only the values are probabilities.
def loss_and_confidence(model, X, Y):
    scores = model(X)
    return F.cross_entropy(scores, Y), scores.softmax(dim=1).max(dim=1)


# %% wrong: This is the largest probability of the whole batch; each sample has one of its own.
def loss_and_confidence(model, X, Y):
    scores = model(X)
    return F.cross_entropy(scores, Y), scores.softmax(dim=1).max()


# %% wrong: The loss is right; but the exponential of a large score is infinite, and so the probability became nan.
def loss_and_confidence(model, X, Y):
    scores = model(X)
    powers = scores.exp()
    probabilities = powers / powers.sum(dim=1, keepdim=True)
    return F.cross_entropy(scores, Y), probabilities.max(dim=1).values


# %% wrong: The loss is right. The sigmoid turns each score into a number of its own; the probabilities of one sample have to add up to 1.
def loss_and_confidence(model, X, Y):
    scores = model(X)
    return F.cross_entropy(scores, Y), scores.sigmoid().max(dim=1).values


# %% wrong: The labels were given to `F.cross_entropy` where the scores belong: the scores come first.
def loss_and_confidence(model, X, Y):
    scores = model(X)
    return F.cross_entropy(Y, scores), scores.softmax(dim=1).max(dim=1).values


# %% wrong: `F.cross_entropy` takes the class numbers as they are; rows of whole numbers 0 and 1 do not fit.
def loss_and_confidence(model, X, Y):
    scores = model(X)
    return F.cross_entropy(scores, F.one_hot(Y)), scores.softmax(dim=1).max(dim=1).values


# %% wrong: Clamping the probabilities before the logarithm cuts the loss of a very wrong answer off.
def loss_and_confidence(model, X, Y):
    p = model(X).softmax(dim=1)
    return F.nll_loss(p.clamp(1e-7, 1 - 1e-7).log(), Y), p.max(dim=1).values


# %% wrong: These are the losses of all samples added up; their mean was asked for.
def loss_and_confidence(model, X, Y):
    scores = model(X)
    return F.cross_entropy(scores, Y, reduction="sum"), scores.softmax(dim=1).max(dim=1).values


# %% wrong: The numbers are right, but the model is left in evaluation mode; its mode was to stay as it is.
def loss_and_confidence(model, X, Y):
    model.eval()
    scores = model(X)
    return F.cross_entropy(scores, Y), scores.softmax(dim=1).max(dim=1).values


# %% wrong: The numbers are right, but the loss has no graph: the model cannot be trained with it. And the model is left in evaluation mode.
def loss_and_confidence(model, X, Y):
    model.eval()
    with torch.no_grad():
        scores = model(X)
    return F.cross_entropy(scores, Y), scores.softmax(dim=1).max(dim=1).values


# %% cases
def cases():
    yield torch.tensor([[4.0, 0.0, 1.0], [0.0, 2.0, 3.0]]), torch.tensor([0, 1])
    yield torch.tensor([[0.0, 200.0, 3.0]]), torch.tensor([0])
    yield torch.tensor([[30.0] + [0.0] * 9]), torch.tensor([0])
    yield torch.randn(6, 10), torch.randint(0, 10, (6,))
    yield 3 * torch.randn(20, 4, dtype=torch.float64), torch.randint(0, 4, (20,))


class Shift(torch.nn.Module):
    """A model with parameters, whose scores are its inputs as long as nobody trains it."""

    def __init__(self, scores):
        super().__init__()
        self.shift = torch.nn.Parameter(torch.zeros_like(scores))

    def forward(self, X):
        return X + self.shift


def observe(loss_and_confidence, scores, Y):
    model = Shift(scores)
    loss, confidence = loss_and_confidence(model, scores, Y)
    trained = isinstance(loss, torch.Tensor) and loss.requires_grad and loss.numel() == 1
    gradient = torch.autograd.grad(loss.sum(), model.shift)[0] if trained else "none"
    return {
        "the loss": loss,
        "the gradient": gradient,
        "the confidence": confidence,
        "model.training afterwards": model.training,
    }
