"""
title = "A shuffle of its own"
kind = "write"
level = 3
minutes = 5
concepts = ["T29"]
task = "Return the numbers 0 to n - 1 in a random order, (n,) and `int64`. The same `seed` gives the same order at every call, another one another order; and the random numbers that the rest of the program draws are the same as if the function had not been called."
right = "Data is split into training and test sets in this way: the split stays the same, and changes nothing else."
hints = [
    "`torch.manual_seed` sets the state that the whole program shares. Who else can hold a state?",
    "`torch.Generator()` has a state and a `manual_seed` of its own; `torch.randperm(n)` draws an order.",
    "`generator = torch.Generator().manual_seed(seed)`. Now `torch.randperm` has to be told to draw from it.",
]
"""

# %% setup
import random

import numpy as np
import torch


# %% stub
def shuffled(n: int, seed: int) -> torch.Tensor:
    """Return 0 to n - 1 in an order that depends on the seed alone: (n,), int64."""
    ...


# %% solution
def shuffled(n, seed):
    generator = torch.Generator().manual_seed(seed)
    return torch.randperm(n, generator=generator)


# %% also right: the order of random numbers
def shuffled(n, seed):
    generator = torch.Generator()
    generator.manual_seed(seed)
    return torch.rand(n, generator=generator).argsort()


# %% also right: the common generator, put back afterwards
def shuffled(n, seed):
    state = torch.get_rng_state()
    torch.manual_seed(seed)
    order = torch.randperm(n)
    torch.set_rng_state(state)
    return order


# %% also right: a block that puts the common generator back
def shuffled(n, seed):
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return torch.randperm(n)


# %% also right: NumPy's generator of one's own
def shuffled(n, seed):
    return torch.from_numpy(np.random.default_rng(seed).permutation(n))


# %% also right: Python's generator of one's own
def shuffled(n, seed):
    order = list(range(n))
    random.Random(seed).shuffle(order)
    return torch.tensor(order, dtype=torch.int64)


# %% wrong: The order repeats, but the generator that the whole program shares was set on the way, as `torch.manual_seed` does: all that it draws later is changed.
def shuffled(n, seed):
    torch.manual_seed(seed)
    return torch.randperm(n)


# %% wrong: The order was drawn from the generator that the whole program shares: it is another one at each call, and later draws are others too.
def shuffled(n, seed):
    generator = torch.Generator().manual_seed(seed)
    return torch.randperm(n)


# %% wrong: A generator of its own, but `seed` has not reached it: every seed gives the same order.
def shuffled(n, seed):
    return torch.randperm(n, generator=torch.Generator())


# %% wrong: Some numbers occur twice and others never, as when they are drawn one by one, or when Python or NumPy shuffle a tensor, whose places are views. An order holds each number once.
def shuffled(n, seed):
    return torch.randint(0, n, (n,), generator=torch.Generator().manual_seed(seed))


# %% wrong: The numbers stand in the order of counting, forwards or backwards, whatever the seed: nothing was shuffled.
def shuffled(n, seed):
    return torch.arange(n)


# %% wrong: The order repeats, but NumPy's common generator was seeded: what the program draws from NumPy later is changed.
def shuffled(n, seed):
    np.random.seed(seed)
    return torch.from_numpy(np.random.permutation(n))


# %% wrong: The order repeats, but Python's common generator was seeded: what the program draws from `random` later is changed.
def shuffled(n, seed):
    random.seed(seed)
    return torch.tensor(random.sample(range(n), n), dtype=torch.int64)


# %% wrong: The program's generators are left alone and the order repeats, but the numbers go from 1 to n.
def shuffled(n, seed):
    return torch.randperm(n, generator=torch.Generator().manual_seed(seed)) + 1


# %% wrong: These are random numbers between 0 and 1; an order of the whole numbers 0 to n - 1 was asked for.
def shuffled(n, seed):
    return torch.rand(n, generator=torch.Generator().manual_seed(seed))


# %% wrong: The order repeats, but the common generators of PyTorch, NumPy and Python were seeded, as `seed_everything` does: all later draws are changed.
def shuffled(n, seed):
    torch.manual_seed(seed)
    np.random.seed(seed)
    random.seed(seed)
    return torch.randperm(n)


# %% wrong: The numbers stand in the order of counting, which only begins at another place for each seed: that is no random order.
def shuffled(n, seed):
    return torch.arange(n).roll(seed)


# %% wrong: The order looks mixed, but a formula without chance gives few of the possible orders.
def shuffled(n, seed):
    return torch.sin(torch.arange(n) * (seed + 1.0)).argsort()


# %% wrong: Different seeds share one order: only a part of `seed`, such as its last digit, has reached the generator.
def shuffled(n, seed):
    return torch.randperm(n, generator=torch.Generator().manual_seed(seed % 10))


# %% wrong: The common generator was wound back to its first seed, not to the place where it was: draws that came before the call come again.
def shuffled(n, seed):
    first = torch.initial_seed()
    torch.manual_seed(seed)
    order = torch.randperm(n)
    torch.manual_seed(first)
    return order


# %% wrong: The program's random numbers are left alone, but the order is another one at each call: its generator is not set to `seed` each time.
def shuffled(n, seed):
    generator = torch.Generator()
    generator.seed()
    return torch.randperm(n, generator=generator)


# %% wrong: The order is right, but its numbers are `int32`; `int64` was asked for.
def shuffled(n, seed):
    generator = torch.Generator().manual_seed(seed)
    return torch.randperm(n, generator=generator, dtype=torch.int32)


# %% wrong: This is a list; a tensor was asked for.
def shuffled(n, seed):
    return random.Random(seed).sample(range(n), n)


# %% wrong: `shuffle` mixes a list or an array in place and returns None: no tensor can be made of that.
def shuffled(n, seed):
    return torch.tensor(np.random.default_rng(seed).shuffle(np.arange(n)))


# %% wrong: It returned None, as `shuffle` of a list does, and a function that has no `return`.
def shuffled(n, seed):
    numbers = list(range(n))
    return random.Random(seed).shuffle(numbers)


# %% wrong: The order was drawn from Python's common generator, which `seed` has not reached: it is another one at each call.
def shuffled(n, seed):
    numbers = list(range(n))
    random.shuffle(numbers)
    return torch.tensor(numbers, dtype=torch.int64)


# %% wrong: The common generator is put back, but `seed` was not used: the order goes by the state in which the program's generator is.
def shuffled(n, seed):
    with torch.random.fork_rng():
        order = torch.randperm(n)
    return order


# %% wrong: The order is right, but its numbers are `float32`, as `torch.Tensor(...)` makes them; `int64` was asked for.
def shuffled(n, seed):
    rng = random.Random(seed)
    numbers = list(range(n))
    rng.shuffle(numbers)
    return torch.Tensor(numbers)


# %% cases
def cases():
    yield (6, 0)
    yield (20, 7)
    yield (100, 12345)
    yield (1, 3)


def draws():
    return [torch.rand(4).tolist(), np.random.rand(4).tolist(), [random.random() for _ in range(4)]]


def start(seed):
    """Seed the common generators, and draw from them, as a program has that is under way."""
    torch.manual_seed(seed)
    np.random.seed(seed)
    random.seed(seed)
    draws()


def mixed(order):
    """Tell whether fewer than six in ten steps from one number to the next are alike."""
    steps = order.diff().tolist()
    return max(steps.count(step) for step in steps) < 0.6 * len(steps)


def observe(answer, n, seed):
    start(1)
    without = draws()
    start(1)
    first = answer(n, seed)
    after = draws()
    tensor = isinstance(first, torch.Tensor)
    kept = first.clone() if tensor else first
    came = what_came(kept, n)
    facts = {"the numbers in order of size": came}
    right = tensor and came.dtype == torch.int64 and torch.equal(came, torch.arange(n))
    once = right and torch.equal(kept.sort().values, torch.arange(n))
    facts["whether each number occurs once"] = once if right else "not looked at"
    if not once or n == 1:
        return facts | {name: "not looked at" for name in (FACTS if n > 1 else [])}
    start(2)
    torch.rand(3), np.random.rand(3), random.random()
    again = [answer(n, seed) for _ in range(2)]
    more = [*range(1, 50)] if n < 10 else [*range(1, 11), 100, 1000, 10_000]
    others = [answer(n, seed + i) for i in more]
    orders = {tuple(x.tolist()) for x in [kept, *others]}
    torch.manual_seed(1)
    answer(n, seed)
    now = torch.rand(4)
    torch.manual_seed(1)
    found = [
        all(torch.equal(kept, x) for x in again),
        any(mixed(x) for x in [kept, *others]),
        len(orders) > (1 if n < 10 else len(more)),
        *[x == y for x, y in zip(after, without)],
        torch.equal(now, torch.rand(4)),
        len(orders) > 35 if n < 10 else True,
    ]
    return facts | dict(zip(FACTS, found, strict=True))


FACTS = [
    "whether the same seed repeats the order",
    "whether anything is shuffled",
    "whether other seeds give other orders",
    "whether later random numbers of PyTorch are as without the call",
    "whether later random numbers of NumPy are as without the call",
    "whether later random numbers of Python are as without the call",
    "whether they are so too if nothing was drawn before",
    "whether 50 seeds give more than 35 of the 720 orders of 6",
]


def what_came(result, n):
    """Return the numbers 0 to n - 1 for every tensor that holds no others, a text for a list."""
    if isinstance(result, list | tuple):
        return "a list"
    if not isinstance(result, torch.Tensor) or result.shape != (n,):
        return result
    if result.dtype == torch.int64 and 0 <= result.min() and result.max() < n:
        return torch.arange(n)
    return result.sort().values
