"""
title = "Three parts without overlap"
kind = "write"
level = 3
minutes = 6
concepts = ["L17", "L16"]
task = '''Draw `num_val` and `num_test` of the row numbers 0 … `num_samples` - 1 at random, for the validation and the test part, of which either may be empty; all others are the training part. Return the three as (training, validation, test), each a tensor or list of row numbers in any order. Each way to share out the rows is about as likely as any other. All randomness is drawn from `generator`: one with the same seed gives the same parts again, and a second draw from the same one gives others.'''
right = "A row in two parts makes the verdict too good, and a split that nobody can repeat cannot be checked."
hints = [
    "Shuffle all row numbers once. Then each part is a piece of the result.",
    "`torch.randperm(num_samples, generator=generator)` gives every row number once, in random order.",
    "`order = torch.randperm(...)`; validation is `order[:num_val]`, test is `order[num_val : ...]`, training is the rest.",
]
"""

# %% setup
import warnings
from collections import Counter

import torch


# %% stub
def three_parts(
    num_samples: int, num_val: int, num_test: int, generator: torch.Generator
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return the row numbers of the training, the validation and the test part."""
    ...


# %% solution
def three_parts(num_samples, num_val, num_test, generator):
    order = torch.randperm(num_samples, generator=generator)
    held_out = num_val + num_test
    return order[held_out:], order[:num_val], order[num_val:held_out]


# %% also right: split twice, places turned into rows
def three_parts(num_samples, num_val, num_test, generator):
    order = torch.randperm(num_samples, generator=generator)
    test, rest = order[:num_test], order[num_test:]
    places = torch.randperm(len(rest), generator=generator)
    return rest[places[num_val:]], rest[places[:num_val]], test


# %% also right: PyTorch's random_split
def three_parts(num_samples, num_val, num_test, generator):
    sizes = [num_samples - num_val - num_test, num_val, num_test]
    return torch.utils.data.random_split(range(num_samples), sizes, generator=generator)


# %% also right: sorted random numbers, in lists
def three_parts(num_samples, num_val, num_test, generator):
    order = torch.rand(num_samples, generator=generator).argsort().tolist()
    num_train = num_samples - num_val - num_test
    train, val = order[:num_train], order[num_train : num_train + num_val]
    return sorted(train), sorted(val), sorted(order[num_train + num_val :])


# %% wrong: The generator is not used: whatever its seed, the same rows are tested.
def three_parts(num_samples, num_val, num_test, generator):
    rows = torch.arange(num_samples)
    num_train = num_samples - num_val - num_test
    return rows[:num_train], rows[num_train : num_train + num_val], rows[num_train + num_val :]


# %% wrong: The generator is not used: the parts are random, but they cannot be repeated with its seed.
def three_parts(num_samples, num_val, num_test, generator):
    order = torch.randperm(num_samples)
    held_out = num_val + num_test
    return order[held_out:], order[:num_val], order[num_val:held_out]


# %% wrong: The sizes are right, but the second draw returned places in the rest, not rows of the table: rows stand in two parts.
def three_parts(num_samples, num_val, num_test, generator):
    order = torch.randperm(num_samples, generator=generator)
    test, rest = order[:num_test], order[num_test:]
    places = torch.randperm(len(rest), generator=generator)
    return places[num_val:], places[:num_val], test


# %% wrong: The parts are drawn independently of one another, so rows stand in two of them.
def three_parts(num_samples, num_val, num_test, generator):
    num_train = num_samples - num_val - num_test
    sizes = (num_train, num_val, num_test)
    return tuple(torch.randperm(num_samples, generator=generator)[:size] for size in sizes)


# %% wrong: The numbers are drawn with replacement: some rows come twice, others never.
def three_parts(num_samples, num_val, num_test, generator):
    order = torch.randint(num_samples, (num_samples,), generator=generator)
    held_out = num_val + num_test
    return order[held_out:], order[:num_val], order[num_val:held_out]


# %% wrong: The rows are cut first and shuffled within each part: the same rows are always tested.
def three_parts(num_samples, num_val, num_test, generator):
    sizes = (num_samples - num_val - num_test, num_val, num_test)
    parts = torch.arange(num_samples).split(sizes)
    return tuple(p[torch.randperm(len(p), generator=generator)] for p in parts)


# %% wrong: Each part is cut from the front of the shuffled rows, so the same rows stand in several.
def three_parts(num_samples, num_val, num_test, generator):
    order = torch.randperm(num_samples, generator=generator)
    return order[num_val + num_test :], order[:num_val], order[:num_test]


# %% wrong: The training part holds all rows: the model would learn from those it is judged by.
def three_parts(num_samples, num_val, num_test, generator):
    order = torch.randperm(num_samples, generator=generator)
    return order, order[:num_val], order[num_val : num_val + num_test]


# %% wrong: A seed is set inside, so every generator gives the same parts.
def three_parts(num_samples, num_val, num_test, generator):
    generator.manual_seed(0)
    order = torch.randperm(num_samples, generator=generator)
    held_out = num_val + num_test
    return order[held_out:], order[:num_val], order[num_val:held_out]


# %% wrong: The parts come in another order: training first, then validation, then test.
def three_parts(num_samples, num_val, num_test, generator):
    order = torch.randperm(num_samples, generator=generator)
    held_out = num_val + num_test
    return order[:num_val], order[num_val:held_out], order[held_out:]


# %% wrong: A second call with the same generator gives the same parts: only its seed was read and nothing drawn from it, or it was set back afterwards.
def three_parts(num_samples, num_val, num_test, generator):
    torch.manual_seed(generator.initial_seed())
    order = torch.randperm(num_samples)
    held_out = num_val + num_test
    return order[held_out:], order[:num_val], order[num_val:held_out]


# %% wrong: This is no good shuffle: some ways to share out the rows come up far more often than others, or others never. So it is when the rows are only moved on by a random number, or when random whole numbers are sorted, of which some are equal.
def three_parts(num_samples, num_val, num_test, generator):
    numbers = torch.randint(0, num_samples, (num_samples,), generator=generator)
    order = torch.argsort(numbers)
    held_out = num_val + num_test
    return order[held_out:], order[:num_val], order[num_val:held_out]


# %% wrong: The rows are counted from 1 here: row 0 is in no part, and the last number is beyond the table.
def three_parts(num_samples, num_val, num_test, generator):
    order = torch.randperm(num_samples, generator=generator) + 1
    held_out = num_val + num_test
    return order[held_out:], order[:num_val], order[num_val:held_out]


# %% wrong: The sizes of the validation and the test part are swapped, or the two came back in the wrong order.
def three_parts(num_samples, num_val, num_test, generator):
    order = torch.randperm(num_samples, generator=generator)
    held_out = num_val + num_test
    return order[held_out:], order[num_val:held_out], order[:num_val]


# %% wrong: This goes wrong where `num_test` is 0: -0 is 0, so a slice that ends there is empty, and one that begins there holds all rows.
def three_parts(num_samples, num_val, num_test, generator):
    perm = torch.randperm(num_samples, generator=generator)
    return perm[: -num_val - num_test], perm[-num_val - num_test : -num_test], perm[-num_test:]


# %% wrong: Validation and test are drawn independently of each other, so a row can stand in both.
def three_parts(num_samples, num_val, num_test, generator):
    val = torch.randperm(num_samples, generator=generator)[:num_val]
    test = torch.randperm(num_samples, generator=generator)[:num_test]
    taken = {*val.tolist(), *test.tolist()}
    return [row for row in range(num_samples) if row not in taken], val, test


# %% wrong: The training part holds the rows of the test part as well.
def three_parts(num_samples, num_val, num_test, generator):
    perm = torch.randperm(num_samples, generator=generator)
    return perm[num_val:], perm[:num_val], perm[num_val : num_val + num_test]


# %% wrong: The test part is too short, or empty: the second number of a slice is the place where it ends, not how many rows it takes.
def three_parts(num_samples, num_val, num_test, generator):
    perm = torch.randperm(num_samples, generator=generator)
    return perm[num_val + num_test :], perm[:num_val], perm[num_val:num_test]


# %% wrong: The validation part is too short, or empty: the second number of a slice is the place where it ends, not how many rows it takes.
def three_parts(num_samples, num_val, num_test, generator):
    perm = torch.randperm(num_samples, generator=generator)
    n = num_samples - num_val - num_test
    return perm[:n], perm[n:num_val], perm[num_val:]


# %% wrong: The last row is in no part: `randperm(n)` gives n numbers, from 0 to n - 1.
def three_parts(num_samples, num_val, num_test, generator):
    n = num_samples - num_val - num_test
    perm = torch.randperm(num_samples - 1, generator=generator)
    return perm[:n], perm[n : n + num_val], perm[n + num_val :]


# %% wrong: `randperm` does not take a generator as its second argument; it has to be given by its name.
def three_parts(num_samples, num_val, num_test, generator):
    perm = torch.randperm(num_samples, generator)
    return perm[num_val + num_test :], perm[:num_val], perm[num_val : num_val + num_test]


# %% wrong: `generator` is used for a part of the drawing only: with the same seed other parts come out.
def three_parts(num_samples, num_val, num_test, generator):
    order = torch.randperm(num_samples, generator=generator)
    sizes = [num_samples - num_val - num_test, num_val, num_test]
    return torch.utils.data.random_split(order, sizes)


# %% wrong: The test part is taken from the end, and rows from there stand in the training part as well.
def three_parts(num_samples, num_val, num_test, generator):
    p = torch.randperm(num_samples, generator=generator)
    train, val, test = p[num_val + num_test :], p[:num_val], p[-num_test:]
    return train, val, test


# %% wrong: These are masks, with a place for each row of the table; the numbers of the rows are wanted.
def three_parts(num_samples, num_val, num_test, generator):
    order = torch.randperm(num_samples, generator=generator)
    parts = order.split([num_samples - num_val - num_test, num_val, num_test])
    return tuple(torch.isin(torch.arange(num_samples), part) for part in parts)


# %% wrong: The test part is always the same rows, those at the end of the table; only the others are shared out at random.
def three_parts(num_samples, num_val, num_test, generator):
    n_tr = num_samples - num_val - num_test
    p = torch.randperm(num_samples - num_test, generator=generator)
    return p[:n_tr], p[n_tr:], torch.arange(num_samples - num_test, num_samples)


# %% cases
def cases():
    yield 6, 2, 1, "seed 1"
    yield 5, 1, 2, "seed 2"
    yield 442, 88, 88, "seed 0"
    yield 4, 2, 0, "seed 3"
    yield 4, 0, 1, "seed 4"
    yield 4, 1, 1, "seed 5"
    yield 3, 1, 1, "seed 5"


def observe(answer, num_samples, num_val, num_test, generator):
    used = []

    def draw(seed, source=None):
        source = source or torch.Generator().manual_seed(seed)
        before = source.get_state()
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Length of split")  # random_split, of an empty part
            parts = answer(num_samples, num_val, num_test, source)
        if parts is None:
            return None
        used.append(not torch.equal(source.get_state(), before))
        parts = parts if isinstance(parts, list | tuple) else [parts]
        parts = [part.tolist() if isinstance(part, torch.Tensor) else part for part in parts]
        return [sorted(int(row) for row in part) for part in parts]

    small = 4 < num_samples < 7
    seed = int(generator.split()[1])
    first, again = draw(seed), draw(seed)
    if first is None:
        return None
    others = [draw(other) for other in range(100, 160 if small else 108)]
    draws = [([set(part) for part in parts] + [set()] * 3)[:3] for parts in (first, *others)]
    drawn = all(used)
    source = torch.Generator().manual_seed(seed)
    one_by_one = [draw(seed, source) for _ in range(5)]
    seen = {
        "the sizes of training, validation and test": [len(part) for part in first],
        "some row comes twice within a part": any(len(set(part)) < len(part) for part in first),
        "some row is in validation and test": any(val & test for _, val, test in draws),
        "some row is in training and another part": any(
            train & (val | test) for train, val, test in draws
        ),
        "all rows are in one of the parts": set().union(*draws[0]) == set(range(num_samples)),
        "something is drawn from the generator": drawn,
        "the same seed gives the same parts": first == again,
        "other seeds give other parts": any(parts != first for parts in others),
        "further draws from the same generator give other parts": any(
            parts != one_by_one[0] for parts in one_by_one
        ),
    }
    if small:
        rows = [set().union(*(parts[i] for parts in draws)) for i in range(3)]
        seen["any row can come into any part"] = all(
            len(found) in (0, num_samples) for found in rows
        )
    if num_samples == 4 and num_val == num_test:  # 12 ways to share them out, each 25 times
        ways = Counter(str(draw(seed, source)) for _ in range(300))
        excess = sum((count - 25) ** 2 / 25 for count in ways.values()) + 25 * (12 - len(ways))
        seen["every way to share out the rows comes up about equally often"] = excess < 44
    return seen
