"""
title = "An order that repeats"
kind = "repair"
level = 2
minutes = 5
concepts = ["C07"]
task = '''Two loaders that are made with the same `seed` should give the samples in the same order. Here they do not, if anything else draws random numbers before the loop begins, such as a model that is built in between. And whoever makes a loader gets the same random numbers again and again afterwards. Repair it: the order must depend on `seed` and nothing else, be a new one in each epoch, and neither making the loader nor looping over it may touch the random numbers of the rest of the program.'''
right = "A generator of its own is the one thing that makes an order repeat whatever else the program does; split a dataset in the same way."
hints = [
    "When does a loader draw its order: when it is made, or when a loop over it begins?",
    "`torch.Generator().manual_seed(seed)` is a source of random numbers that nobody else uses. Which argument of `DataLoader` takes it?",
    "`return torch.utils.data.DataLoader(dataset, batch_size=batch_size, shuffle=True, ...=torch.Generator().manual_seed(...))`",
]
"""

# %% setup
import random

import numpy as np
import torch
from torch.utils.data import BatchSampler, DataLoader, RandomSampler, Subset, TensorDataset

next(iter(DataLoader(TensorDataset(torch.zeros(2, 1)), shuffle=True)))  # the first one is slow


# %% stub
def shuffled_loader(dataset, batch_size, seed):
    torch.manual_seed(seed)
    return torch.utils.data.DataLoader(dataset, batch_size=batch_size, shuffle=True)


# %% solution
def shuffled_loader(dataset, batch_size, seed):
    generator = torch.Generator().manual_seed(seed)
    return torch.utils.data.DataLoader(
        dataset, batch_size=batch_size, shuffle=True, generator=generator
    )


# %% also right: a sampler with a generator
def shuffled_loader(dataset, batch_size, seed):
    generator = torch.Generator()
    generator.manual_seed(seed)
    sampler = RandomSampler(dataset, generator=generator)
    return DataLoader(dataset, batch_size, sampler=sampler, generator=generator)


# %% also right: batches from a sampler
def shuffled_loader(dataset, batch_size, seed):
    rng = torch.Generator().manual_seed(seed)
    batches = BatchSampler(RandomSampler(dataset, generator=rng), batch_size, drop_last=False)
    return DataLoader(dataset, batch_sampler=batches, generator=rng)


# %% also right: a sampler of one's own, and Python's generator
def shuffled_loader(dataset, batch_size, seed):
    class Shuffled(torch.utils.data.Sampler):
        def __init__(self):
            self.rng = random.Random(seed)

        def __len__(self):
            return len(dataset)

        def __iter__(self):
            return iter(self.rng.sample(range(len(dataset)), len(dataset)))

    return DataLoader(dataset, batch_size, sampler=Shuffled(), generator=torch.Generator())


# %% wrong: `torch.manual_seed` sets (and returns) the generator that the whole program uses: whatever is drawn before the loop begins still changes the order.
def shuffled_loader(dataset, batch_size, seed):
    torch.random.manual_seed(seed)
    return DataLoader(dataset, shuffle=True, batch_size=batch_size)


# %% wrong: The order is another one each time: when the loop begins, nothing ties it to `seed`.
def shuffled_loader(dataset, batch_size, seed):
    return DataLoader(dataset, batch_size=batch_size, shuffle=True)


# %% wrong: The order repeats, but it is the same in each epoch: it was drawn once, or the seed is set anew for each.
def shuffled_loader(dataset, batch_size, seed):
    order = torch.randperm(len(dataset), generator=torch.Generator().manual_seed(seed))
    return DataLoader(Subset(dataset, order.tolist()), batch_size, generator=torch.Generator())


# %% wrong: The order repeats because nothing is shuffled any more.
def shuffled_loader(dataset, batch_size, seed):
    generator = torch.Generator().manual_seed(seed)
    return DataLoader(dataset, batch_size=batch_size, generator=generator)


# %% wrong: The order repeats, but the random numbers of the whole program are still set back whenever a loader is made: `torch.manual_seed` returns the generator that all others use too.
def shuffled_loader(dataset, batch_size, seed):
    generator = torch.Generator().manual_seed(seed)
    torch.manual_seed(seed)
    return DataLoader(dataset, batch_size=batch_size, shuffle=True, generator=generator)


# %% wrong: The generator was not given the seed, so every seed gives the same order.
def shuffled_loader(dataset, batch_size, seed):
    return DataLoader(dataset, batch_size=batch_size, shuffle=True, generator=torch.Generator())


# %% wrong: The last batch is dropped where it is not full: some samples never come.
def shuffled_loader(dataset, batch_size, seed):
    generator = torch.Generator().manual_seed(seed)
    return DataLoader(dataset, batch_size, shuffle=True, generator=generator, drop_last=True)


# %% wrong: The order is right, but each loop still draws a number from the generator of the whole program: the sampler has a generator of its own, and the loader has none.
def shuffled_loader(dataset, batch_size, seed):
    sampler = RandomSampler(dataset, generator=torch.Generator().manual_seed(seed))
    return DataLoader(dataset, batch_size, sampler=sampler)


# %% wrong: The order is the same in each epoch: it was drawn once, or the seed is set anew for each. And a loop still touches the random numbers of the whole program.
def shuffled_loader(dataset, batch_size, seed):
    order = torch.randperm(len(dataset), generator=torch.Generator().manual_seed(seed))
    return DataLoader(Subset(dataset, order.tolist()), batch_size)


# %% wrong: All loaders share one generator: whoever makes another loader sets back the order of this one.
def shuffled_loader(dataset, batch_size, seed, generator=torch.Generator()):
    generator.manual_seed(seed)
    return DataLoader(dataset, batch_size, shuffle=True, generator=generator)


# %% wrong: The batches hold one sample each: `batch_size` was left out.
def shuffled_loader(dataset, batch_size, seed):
    generator = torch.Generator().manual_seed(seed)
    return DataLoader(dataset, shuffle=True, generator=generator)


# %% wrong: The generator got a seed by chance, and not `seed`: the order is another one each time.
def shuffled_loader(dataset, batch_size, seed):
    generator = torch.Generator()
    generator.seed()
    return DataLoader(dataset, batch_size=batch_size, shuffle=True, generator=generator)


# %% wrong: The loader was given a number where it takes a generator.
def shuffled_loader(dataset, batch_size, seed):
    return DataLoader(dataset, batch_size=batch_size, shuffle=True, generator=seed)


# %% wrong: The order was drawn once, so it is the same in each epoch. And both making the loader and looping over it touch the random numbers of the whole program.
def shuffled_loader(dataset, batch_size, seed):
    random.seed(seed)
    order = list(range(len(dataset)))
    random.shuffle(order)
    return DataLoader(Subset(dataset, order), batch_size)


# %% cases
def cases():
    yield torch.arange(10), 4, 7
    yield torch.arange(30), 7, 1


def state():
    """Return where the generators stand that the whole program uses."""
    return [torch.get_rng_state().tolist(), repr(np.random.get_state()), random.getstate()]


def observe(answer, samples, batch_size, seed):
    def order(loader):
        return [int(x) for batch in loader for x in batch]

    samples = samples.tolist()
    torch.manual_seed(3)
    start = state()
    loader = answer(samples, batch_size, seed)
    if loader is None:
        return None
    made = state()
    first = order(loader)
    looped = state()
    torch.rand(5)
    second = order(loader)
    one, other = answer(samples, batch_size, seed), answer(samples, batch_size, seed)
    torch.rand(5)
    again = order(one)
    torch.rand(5)
    same_time = order(other)
    again_later = order(one)
    elsewhere = [order(answer(samples, batch_size, seed + 1 + i)) for i in range(2)]
    return {
        "samples in an epoch": sorted(first),
        "sizes of the batches": [len(batch) for batch in loader],
        "the samples are shuffled": first != samples,
        "the same seed gives the same order": first == again,
        "another seed gives another order": first not in elsewhere,
        "the next epoch has another order": first != second,
        "the same seed gives the same order in the next epoch": second == again_later,
        "two loaders at the same time have the same order": again == same_time,
        "making a loader leaves the random numbers of the program alone": start == made,
        "a loop over it leaves the random numbers of the program alone": made == looped,
    }
