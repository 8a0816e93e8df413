"""
title = "Recall of each class"
kind = "write"
level = 2
minutes = 5
concepts = ["C09"]
task = '''From the outputs of a network, `logits` (N, C), and the `labels` (N,), return the recall of each class: of the images that belong to it, the share that were answered with it. Shape (C,), float32. A class without images has no recall: its number is `nan`, as 0 / 0 is in PyTorch.'''
right = "The accuracy of a test hides a rare class; its recall does not."
hints = [
    "For one class: which images count below the line of the fraction, and which above it?",
    "`labels.bincount(minlength=...)` counts the images of each class; the labels of the right answers can be counted in the same way.",
    "`right = logits.argmax(dim=1) == labels`, then the counts of `labels[right]` divided by the counts of ..., both with `minlength=logits.shape[1]`.",
]
"""

# %% setup
import torch
import torch.nn.functional as F


# %% stub
def class_recall(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Return the recall of each class: (N, C) and (N,) to (C,)."""
    num_classes = logits.shape[1]
    answers = ...
    ...


# %% solution
def class_recall(logits, labels):
    num_classes = logits.shape[1]
    right = logits.argmax(dim=1) == labels
    found = labels[right].bincount(minlength=num_classes)
    return found / labels.bincount(minlength=num_classes)


# %% also right: a loop over the classes
def class_recall(logits, labels):
    answers = logits.max(dim=1).indices
    return torch.stack([(answers[labels == c] == c).float().mean() for c in range(logits.shape[1])])


# %% also right: a confusion matrix
def class_recall(logits, labels):
    matrix = torch.zeros(logits.shape[1], logits.shape[1])
    for truth, answer in zip(labels.tolist(), logits.argmax(dim=-1).tolist()):
        matrix[truth, answer] += 1
    return matrix.diag() / matrix.sum(dim=1)


# %% also right: one-hot labels
def class_recall(logits, labels):
    C = logits.shape[1]
    truth = F.one_hot(labels, C).float()
    return (truth * F.one_hot(logits.softmax(dim=1).argmax(dim=1), C)).sum(0) / truth.sum(0)


# %% wrong: This is the precision: of the answers that name a class, the share that are right. Recall divides by the images that belong to the class.
def class_recall(logits, labels):
    answers, num_classes = logits.argmax(dim=1), logits.shape[1]
    found = labels[answers == labels].bincount(minlength=num_classes)
    return found / answers.bincount(minlength=num_classes)


# %% wrong: Each class was divided by the number of all images; recall divides by those of the class itself.
def class_recall(logits, labels):
    right = logits.argmax(dim=1) == labels
    return labels[right].bincount(minlength=logits.shape[1]) / len(labels)


# %% wrong: This is the accuracy over all images, one number; each class has a recall of its own.
def class_recall(logits, labels):
    return (logits.argmax(dim=1) == labels).float().mean()


# %% wrong: This is, for each class, the share of right answers to "is it this class?": an image that is rightly left out counts too, so a rare class always looks good.
def class_recall(logits, labels):
    answers, C = logits.argmax(dim=1), logits.shape[1]
    return torch.stack([((answers == c) == (labels == c)).float().mean() for c in range(C)])


# %% wrong: A class without images got a 0, as if none of them had been found; it has no recall.
def class_recall(logits, labels):
    right, C = logits.argmax(dim=1) == labels, logits.shape[1]
    return labels[right].bincount(minlength=C) / labels.bincount(minlength=C).clamp(min=1)


# %% wrong: A class without images is left out of the result; it keeps its place, with `nan` in it.
def class_recall(logits, labels):
    answers = logits.argmax(dim=1)
    return torch.stack([(answers[labels == c] == c).float().mean() for c in labels.unique()])


# %% wrong: `bincount` counts only up to the largest number that it meets, unless it is given `minlength`: the result may be too short, and two counts may differ in length.
def class_recall(logits, labels):
    right = logits.argmax(dim=1) == labels
    return labels[right].bincount() / labels.bincount()


# %% wrong: These are counts of images that were found; a recall is a share.
def class_recall(logits, labels):
    right = logits.argmax(dim=1) == labels
    return labels[right].bincount(minlength=logits.shape[1]).float()


# %% wrong: This is the mean probability that the network gives to the true class; recall counts answers.
def class_recall(logits, labels):
    probabilities = logits.softmax(dim=1)
    return torch.stack([probabilities[labels == c, c].mean() for c in range(logits.shape[1])])


# %% wrong: Plain numbers of Python raise an error when divided by 0; tensors give `nan`, which is what a class without images should get.
def class_recall(logits, labels):
    answers, recalls = logits.argmax(dim=1), []
    for c in range(logits.shape[1]):
        found = ((answers == c) & (labels == c)).sum().item()
        recalls.append(found / (labels == c).sum().item())
    return torch.tensor(recalls)


# %% wrong: This is the mean of the recalls, one number; the recall of each class was asked for.
def class_recall(logits, labels):
    right = logits.argmax(dim=1) == labels
    C = logits.shape[1]
    return (labels[right].bincount(minlength=C) / labels.bincount(minlength=C)).nanmean()


# %% wrong: This is a list; a tensor of shape (C,) was asked for.
def class_recall(logits, labels):
    right, C = logits.argmax(dim=1) == labels, logits.shape[1]
    return (labels[right].bincount(minlength=C) / labels.bincount(minlength=C)).tolist()


# %% wrong: Only answers with a probability above 0.5 count here; the answer is the class with the largest score, however small it is.
def class_recall(logits, labels):
    sure = logits.softmax(dim=1) > 0.5
    return torch.stack([sure[labels == c, c].float().mean() for c in range(logits.shape[1])])


# %% wrong: `//` cuts off what stands behind the point, so that a share is 0 or 1; and the result is int64.
def class_recall(logits, labels):
    right, C = logits.argmax(dim=1) == labels, logits.shape[1]
    return labels[right].bincount(minlength=C) // labels.bincount(minlength=C)


# %% cases
def cases():
    yield torch.tensor([[2.0, 1.0], [3.0, 0.0], [1.0, 4.0], [5.0, 2.0]]), torch.tensor([0, 1, 1, 0])
    yield torch.tensor([[0.0, 1.0, 0.5], [2.0, 1.0, 0.0]]), torch.tensor([1, 1])
    yield torch.randn(40, 4), torch.randint(0, 4, (40,))
    yield torch.randn(30, 5), torch.randint(0, 3, (30,))
    yield -torch.eye(3), torch.tensor([0, 1, 2])
    yield torch.randn(25, 3).T.contiguous().T, torch.randint(1, 3, (25,))
