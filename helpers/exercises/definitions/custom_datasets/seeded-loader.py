"""
title = "An order that repeats"
kind = "repair"
level = 2
minutes = 5
concepts = ["C07"]
task = '''Two loaders that are made with the same `seed` should give the samples in the same order. Here they do not, if anything else draws random numbers before the loop begins, such as a model that is built in between. And whoever makes a loader gets the same random numbers again and again afterwards. Repair it: the order must depend on `seed` and nothing else, be a new one in each epoch, and the loader must leave the random numbers of the rest of the program alone.'''
right = "A generator of its own is the one thing that makes an order repeat whatever else the program does; split a dataset in the same way."
hints = [
    "When does a loader draw its order: when it is made, or when a loop over it begins?",
    "`torch.Generator().manual_seed(seed)` is a source of random numbers that nobody else uses. Which argument of `DataLoader` takes it?",
    "`return torch.utils.data.DataLoader(dataset, batch_size=batch_size, shuffle=True, ...=torch.Generator().manual_seed(...))`",
]
"""

# %% setup
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


# %% wrong: `torch.manual_seed` sets (and returns) the generator that the whole program uses: whatever is drawn before the loop begins still changes the order.
def shuffled_loader(dataset, batch_size, seed):
    torch.random.manual_seed(seed)
    return DataLoader(dataset, shuffle=True, batch_size=batch_size)


# %% wrong: The order is another one each time: when the loop begins, nothing ties it to `seed`.
def shuffled_loader(dataset, batch_size, seed):
    return DataLoader(dataset, batch_size=batch_size, shuffle=True)


# %% wrong: The order repeats, but it is the same in each epoch: it was drawn once, for good.
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


# %% cases
def cases():
    yield torch.arange(10), 4, 7
    yield torch.arange(30), 7, 1


def observe(answer, samples, batch_size, seed):
    def order(loader):
        return [int(x) for batch in loader for x in batch]

    samples = samples.tolist()
    torch.manual_seed(3)
    before = torch.get_rng_state()
    loader = answer(samples, batch_size, seed)
    kept = torch.equal(before, torch.get_rng_state())
    first, second = order(loader), order(loader)
    torch.rand(5)
    other = answer(samples, batch_size, seed)
    torch.rand(5)
    again = order(other)
    elsewhere = [order(answer(samples, batch_size, seed + 1 + i)) for i in range(2)]
    return {
        "samples in an epoch": sorted(first),
        "sizes of the batches": [len(batch) for batch in loader],
        "the samples are shuffled": first != samples,
        "the same seed gives the same order": first == again,
        "another seed gives another order": first not in elsewhere,
        "the next epoch has another order": first != second,
        "random numbers of the program are left alone": kept,
    }
