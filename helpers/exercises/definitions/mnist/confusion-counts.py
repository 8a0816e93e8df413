"""
title = "Truth against answer"
kind = "write"
level = 1
minutes = 4
concepts = ["M12"]
task = "Return the confusion matrix of the `scores` (n, classes) and the `labels` (n,): an `int64` tensor (classes, classes), in which row t, column a counts the samples of truth t to which the model answers a. There may be any number of classes, and some of them may not occur. It can be done without a loop."
right = "Divided by the sums of its rows, its diagonal is the recall of each class, and by the sums of its columns the precision."
hints = [
    "Each sample belongs in one of classes · classes places. Which single number can name the place?",
    "`torch.bincount(places, minlength=...)` counts how often each number occurs, also those that do not occur.",
    "`c = scores.shape[1]`, `places = c * labels + scores.argmax(dim=1)`, and then `torch.bincount(..., minlength=...)`, brought to the shape (c, c).",
]
"""

# %% setup
import torch
import torch.nn.functional as F


# %% stub
def confusion_counts(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Return the counts (classes, classes): rows are the truth, columns the answers."""
    answers = ...
    return ...


# %% solution
def confusion_counts(scores, labels):
    c = scores.shape[1]
    places = c * labels + scores.argmax(dim=1)
    return torch.bincount(places, minlength=c * c).reshape(c, c)


# %% also right: a product of rows of 0 and 1
def confusion_counts(scores, labels):
    c = scores.size(1)
    truth = F.one_hot(labels, c)
    answers = F.one_hot(scores.max(dim=1).indices, c)
    return truth.t() @ answers


# %% also right: a loop over the samples
def confusion_counts(scores, labels):
    c = scores.shape[1]
    matrix = torch.zeros(c, c, dtype=torch.int64)
    for row, label in zip(scores, labels):
        matrix[label, row.argmax()] += 1
    return matrix


# %% also right: adding up at the places
def confusion_counts(scores, labels):
    c = scores.shape[1]
    matrix = torch.zeros(c, c, dtype=torch.long)
    ones = torch.ones_like(labels)
    return matrix.index_put_((labels, scores.argmax(-1)), ones, accumulate=True)


# %% also right: all pairs compared
def confusion_counts(scores, labels):
    classes = torch.arange(scores.shape[1])
    is_truth = labels[:, None, None] == classes[:, None]
    is_answer = scores.argmax(dim=1)[:, None, None] == classes
    return (is_truth & is_answer).sum(dim=0)


# %% wrong: Rows and columns are exchanged: each row here is an answer, and not a truth.
def confusion_counts(scores, labels):
    c = scores.shape[1]
    places = labels + c * scores.argmax(dim=1)
    return torch.bincount(places, minlength=c * c).reshape(c, c)


# %% wrong: No place goes beyond 1 here: it was set to 1, or `+= 1` was given lists of places, and adds 1 only once to a place that comes several times.
def confusion_counts(scores, labels):
    c = scores.shape[1]
    matrix = torch.zeros(c, c, dtype=torch.int64)
    matrix[labels, scores.argmax(dim=1)] += 1
    return matrix


# %% wrong: `bincount` counts up to the largest number that occurs; without `minlength` the places behind it are missing.
def confusion_counts(scores, labels):
    c = scores.shape[1]
    return torch.bincount(c * labels + scores.argmax(dim=1)).reshape(c, c)


# %% wrong: The number of classes was taken from the labels and the answers, where the last ones may not occur; `scores` has a column for each class.
def confusion_counts(scores, labels):
    answers = scores.argmax(dim=1)
    c = int(torch.cat([labels, answers]).max()) + 1
    return torch.bincount(c * labels + answers, minlength=c * c).reshape(c, c)


# %% wrong: The number of classes was taken from the labels, where the last ones may not occur.
def confusion_counts(scores, labels):
    c = int(labels.max()) + 1
    places = c * labels + scores.argmax(dim=1)
    return torch.bincount(places, minlength=c * c).reshape(c, c)


# %% wrong: The number of classes was taken from the labels, where the last ones may not occur, but the model can answer them.
def confusion_counts(scores, labels):
    c = int(labels.max()) + 1
    matrix = torch.zeros(c, c, dtype=torch.int64)
    for label, answer in zip(labels, scores.argmax(dim=1)):
        matrix[label, answer] += 1
    return matrix


# %% wrong: `bincount` counts up to the largest number that occurs; the places behind it are missing here, and what is left fills no whole rows.
def confusion_counts(scores, labels):
    c = scores.shape[1]
    return torch.bincount(c * labels + scores.argmax(dim=1)).reshape(c, -1)


# %% wrong: Rows and columns are exchanged, and no place goes beyond 1: it was set to 1, or `+= 1` was given lists of places, and adds 1 only once to each.
def confusion_counts(scores, labels):
    c = scores.shape[1]
    matrix = torch.zeros(c, c, dtype=torch.int64)
    matrix[scores.argmax(dim=1), labels] += 1
    return matrix


# %% wrong: Ten classes were taken for granted.
def confusion_counts(scores, labels):
    places = 10 * labels + scores.argmax(dim=1)
    return torch.bincount(places, minlength=100).reshape(10, 10)


# %% wrong: These are counts of the truth alone, one for each class; the answers have to be told apart as well.
def confusion_counts(scores, labels):
    return torch.bincount(labels, minlength=scores.shape[1])


# %% wrong: Each row was divided by its sum; the counts themselves were asked for.
def confusion_counts(scores, labels):
    c = scores.shape[1]
    counts = torch.bincount(c * labels + scores.argmax(dim=1), minlength=c * c).reshape(c, c)
    return counts / counts.sum(dim=1, keepdim=True)


# %% wrong: The counts are right, but they are floats; numbers of samples are whole.
def confusion_counts(scores, labels):
    c = scores.shape[1]
    matrix = torch.zeros(c, c)
    for row, label in zip(scores, labels):
        matrix[label, row.argmax()] += 1
    return matrix


# %% wrong: The mistakes are missing: this counts only the right answers.
def confusion_counts(scores, labels):
    c = scores.shape[1]
    right = labels[scores.argmax(dim=1) == labels]
    return torch.bincount(right * (c + 1), minlength=c * c).reshape(c, c)


# %% wrong: The right answers are missing: the diagonal counts them.
def confusion_counts(scores, labels):
    c = scores.shape[1]
    answers = scores.argmax(dim=1)
    wrong = answers != labels
    return torch.bincount((c * labels + answers)[wrong], minlength=c * c).reshape(c, c)


# %% wrong: `argmax(dim=0)` looks for the best sample of each class; the best class of each sample is needed.
def confusion_counts(scores, labels):
    c = scores.shape[1]
    places = c * labels + scores.argmax(dim=0)
    return torch.bincount(places, minlength=c * c).reshape(c, c)


# %% wrong: The lowest score was taken for the answer.
def confusion_counts(scores, labels):
    c = scores.shape[1]
    places = c * labels + scores.argmin(dim=1)
    return torch.bincount(places, minlength=c * c).reshape(c, c)


# %% wrong: The size of the matrix is always 10; it has to be the number of classes, that of the columns of `scores`.
def confusion_counts(scores, labels):
    c = 10
    matrix = torch.zeros(c, c, dtype=torch.int64)
    for label, answer in zip(labels, scores.argmax(dim=1)):
        matrix[label, answer] += 1
    return matrix


# %% wrong: `F.one_hot` without a number of classes has as many columns as the largest number at hand asks for; the last classes may not occur.
def confusion_counts(scores, labels):
    return F.one_hot(labels).T @ F.one_hot(scores.argmax(dim=1))


# %% wrong: The number of different labels was taken for that of the classes, some of which may not occur.
def confusion_counts(scores, labels):
    c = len(labels.unique())
    matrix = torch.zeros(c, c, dtype=torch.int64)
    for label, answer in zip(labels, scores.argmax(dim=1)):
        matrix[label, answer] += 1
    return matrix


# %% wrong: `argmax(dim=0)` looks for the best sample of each class, and gives row numbers; the best class of each sample is needed.
def confusion_counts(scores, labels):
    c = scores.shape[1]
    matrix = torch.zeros(c, c, dtype=torch.int64)
    for label, answer in zip(labels, scores.argmax(dim=0)):
        matrix[label, answer] += 1
    return matrix


# %% cases
def cases():
    scores = torch.tensor([[3.0, 1.0], [2.0, 5.0], [4.0, 1.0], [7.0, 2.0]])
    yield scores, torch.tensor([0, 1, 1, 0])
    yield torch.eye(3)[[2, 1, 1]], torch.tensor([0, 1, 0])
    yield torch.eye(4)[[0, 1, 3, 3]], torch.tensor([0, 1, 1, 2])
    yield torch.tensor([[3.0, 1.0, 0.0], [0.0, 2.0, 1.0]]), torch.tensor([1, 1])
    yield torch.randn(200, 10), torch.randint(0, 10, (200,))
    yield torch.randn(60, 3), torch.randint(0, 2, (60,))
    yield torch.randn(12, 12), torch.randint(0, 12, (12,))
