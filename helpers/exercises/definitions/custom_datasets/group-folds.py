"""
title = "Whole groups, even folds"
kind = "write"
level = 3
minutes = 9
concepts = ["C10"]
task = '''`groups` names the group of each sample, such as its patient. Deal the samples into `num_folds` folds so that no group is torn apart and the folds become about equally large: take the groups by size, the largest first (equally large ones in the order in which they appear), and put each whole group into the fold that has the fewest samples so far (of several, the one with the lowest number). Return the number of the fold of each sample: (N,) int64.'''
right = "Each fold is judged once by a model that has seen none of its patients: this is how scikit-learn's `GroupKFold` deals."
hints = [
    "Decide on groups, not on samples. What do you have to remember about each fold while you deal?",
    "`Counter(groups).most_common()` gives the groups with their sizes, the largest first, and equal ones in order of appearance. `sizes.index(min(sizes))` is the first smallest fold.",
    "`sizes, fold_of = [0] * num_folds, {}`; for each group and its size: `fold = sizes.index(...)`, note it in `fold_of`, and add to `sizes[fold]`; then a tensor of `fold_of[group]` for each sample.",
]
"""

# %% setup
from collections import Counter

import torch


# %% stub
def group_folds(groups: list[str], num_folds: int) -> torch.Tensor:
    """Return the number of the fold of each sample: (N,) int64, from 0 to num_folds - 1."""
    ...


# %% solution
def group_folds(groups, num_folds):
    sizes, fold_of = [0] * num_folds, {}
    for group, size in Counter(groups).most_common():
        fold = sizes.index(min(sizes))
        fold_of[group] = fold
        sizes[fold] += size
    return torch.tensor([fold_of[group] for group in groups])


# %% also right: dict and sorted
def group_folds(groups, num_folds):
    members = {}
    for i, group in enumerate(groups):
        members.setdefault(group, []).append(i)
    folds = [[] for _ in range(num_folds)]
    for numbers in sorted(members.values(), key=len, reverse=True):
        min(folds, key=len).extend(numbers)
    result = torch.empty(len(groups), dtype=torch.long)
    for fold, numbers in enumerate(folds):
        result[numbers] = fold
    return result


# %% also right: tensors
def group_folds(groups, num_folds):
    names = list(dict.fromkeys(groups))
    number = torch.tensor([names.index(group) for group in groups])
    counts = number.bincount()
    order = counts.argsort(descending=True, stable=True)
    filled = torch.zeros(num_folds, dtype=torch.int64)
    folds = torch.zeros(len(names), dtype=torch.int64)
    for g in order.tolist():
        smallest = (filled == filled.min()).nonzero()[0, 0]
        folds[g] = smallest
        filled[smallest] += counts[g]
    return folds[number]


# %% wrong: The samples were dealt one by one, so a group lies in several folds: a model would be judged on patients that it knows.
def group_folds(groups, num_folds):
    return torch.arange(len(groups)) % num_folds


# %% wrong: The groups were dealt in turn, whatever their sizes: the next one goes to the fold that has the fewest samples.
def group_folds(groups, num_folds):
    names = list(dict.fromkeys(groups))
    return torch.tensor([names.index(group) % num_folds for group in groups])


# %% wrong: The largest groups come first, but each fold got as many groups as the others: the next group goes to the fold that has the fewest samples.
def group_folds(groups, num_folds):
    names = [group for group, _ in Counter(groups).most_common()]
    return torch.tensor([names.index(group) % num_folds for group in groups])


# %% wrong: The groups were taken in the order of appearance; with the largest first the folds become more even.
def group_folds(groups, num_folds):
    sizes, fold_of = [0] * num_folds, {}
    for group, size in Counter(groups).items():
        fold_of[group] = sizes.index(min(sizes))
        sizes[fold_of[group]] += size
    return torch.tensor([fold_of[group] for group in groups])


# %% wrong: The smallest groups came first; the large ones then find no fold that is even.
def group_folds(groups, num_folds):
    sizes, fold_of = [0] * num_folds, {}
    for group, size in sorted(Counter(groups).items(), key=lambda pair: pair[1]):
        fold_of[group] = sizes.index(min(sizes))
        sizes[fold_of[group]] += size
    return torch.tensor([fold_of[group] for group in groups])


# %% wrong: Of several folds that are equally small, the last was taken; the one with the lowest number is meant.
def group_folds(groups, num_folds):
    sizes, fold_of = [0] * num_folds, {}
    for group, size in Counter(groups).most_common():
        fold = max(i for i in range(num_folds) if sizes[i] == min(sizes))
        fold_of[group] = fold
        sizes[fold] += size
    return torch.tensor([fold_of[group] for group in groups])


# %% wrong: Equally large groups were put in the order of the alphabet; they are meant in the order in which they appear.
def group_folds(groups, num_folds):
    sizes, fold_of = [0] * num_folds, {}
    for group, size in sorted(Counter(groups).items(), key=lambda pair: (-pair[1], pair[0])):
        fold_of[group] = sizes.index(min(sizes))
        sizes[fold_of[group]] += size
    return torch.tensor([fold_of[group] for group in groups])


# %% wrong: Every group got a number of its own; there are only `num_folds` folds.
def group_folds(groups, num_folds):
    names = list(dict.fromkeys(groups))
    return torch.tensor([names.index(group) for group in groups])


# %% wrong: All groups went into the first fold: how many samples each fold has was not kept up to date, or the smallest of these numbers itself was taken for the number of a fold.
def group_folds(groups, num_folds):
    sizes, fold_of = [0] * num_folds, {}
    for group, size in Counter(groups).most_common():
        fold_of[group] = sizes.index(min(sizes))
    return torch.tensor([fold_of[group] for group in groups])


# %% wrong: This is the fold of each group; the fold of each sample was asked for.
def group_folds(groups, num_folds):
    sizes, folds = [0] * num_folds, []
    for _, size in Counter(groups).most_common():
        folds.append(sizes.index(min(sizes)))
        sizes[folds[-1]] += size
    return torch.tensor(folds)


# %% wrong: The groups were dealt in turn in the order of the alphabet, whatever their sizes: the largest comes first, and each goes to the fold that has the fewest samples.
def group_folds(groups, num_folds):
    names = sorted(set(groups))
    return torch.tensor([names.index(group) % num_folds for group in groups])


# %% wrong: This is the fold of each group, in the order in which they appear; the fold of each sample was asked for.
def group_folds(groups, num_folds):
    sizes, fold_of = [0] * num_folds, {}
    for group, size in Counter(groups).most_common():
        fold_of[group] = sizes.index(min(sizes))
        sizes[fold_of[group]] += size
    return torch.tensor([fold_of[group] for group in dict.fromkeys(groups)])


# %% wrong: Of several groups that are equally large, the one that appears last was taken first; they are meant in the order in which they appear.
def group_folds(groups, num_folds):
    sizes, fold_of = [0] * num_folds, {}
    for group, size in reversed(sorted(Counter(groups).items(), key=lambda pair: pair[1])):
        fold_of[group] = sizes.index(min(sizes))
        sizes[fold_of[group]] += size
    return torch.tensor([fold_of[group] for group in groups])


# %% wrong: Equally large groups were put in the order of the alphabet, backwards; they are meant in the order in which they appear.
def group_folds(groups, num_folds):
    sizes, fold_of = [0] * num_folds, {}
    for size, group in sorted(((n, g) for g, n in Counter(groups).items()), reverse=True):
        fold_of[group] = sizes.index(min(sizes))
        sizes[fold_of[group]] += size
    return torch.tensor([fold_of[group] for group in groups])


# %% wrong: This is a list; a tensor (N,) int64 was asked for.
def group_folds(groups, num_folds):
    sizes, fold_of = [0] * num_folds, {}
    for group, size in Counter(groups).most_common():
        fold_of[group] = sizes.index(min(sizes))
        sizes[fold_of[group]] += size
    return [fold_of[group] for group in groups]


# %% cases
def cases():
    yield ["eve", "bob", "bob", "ann"], 2
    yield ["dan", "eve", "eve", "bob", "bob", "bob", "ann", "eve", "bob"], 2
    yield ["d", "d", "a", "b", "b", "c", "c", "c", "e"] + ["f"] * 5, 3
    names = [f"patient {7 * i % 11}" for i in range(11)]
    yield [names[i] for i in (11 * torch.rand(60) ** 2).long().tolist()], 4
    yield ["x", "y", "x"], 3
    yield ["h", "g", "f", "e", "d", "c", "b", "a", "a", "e"], 3
