"""
title = "Fair shares"
kind = "write"
level = 2
minutes = 5
concepts = ["M18"]
task = "Several processes share the rows of a `batch` (n,) of row numbers. Return the share of the process number `rank`, which is one of 0 … `world_size` - 1: a tensor (m,) with the dtype of `batch`. Each row has to be in exactly one of the shares, and no share may have more than one row more than another. (Where they differ, the mean of the gradients needs weights, as the averages in 8.1 do.) Which rows go to whom is up to you."
right = "If n is a multiple of `world_size` the shares are equal, and the average of their gradients is the gradient of the batch."
hints = [
    "Deal the rows out like cards: which ones does the first player get, and which ones the second?",
    "A slice has three numbers: `batch[start:stop:step]`. `torch.tensor_split` cuts a tensor into a number of parts of nearly equal size.",
    "Like cards: `batch[...::...]`, where the first number says which card is the first one, and the second how many players there are.",
]
"""

# %% setup
import torch


# %% stub
def fair_share(batch: torch.Tensor, rank: int, world_size: int) -> torch.Tensor:
    """Return the rows of one process: about n / world_size of the n rows."""
    return batch[...]


# %% solution
def fair_share(batch, rank, world_size):
    return batch[rank::world_size]


# %% also right: neighbouring rows
def fair_share(batch, rank, world_size):
    return torch.tensor_split(batch, world_size)[rank]


# %% also right: where each share starts and stops
def fair_share(batch, rank, world_size):
    n = len(batch)
    return batch[n * rank // world_size : n * (rank + 1) // world_size]


# %% also right: the row numbers, modulo
def fair_share(batch, rank, world_size):
    return batch[torch.arange(len(batch)) % world_size == rank]


# %% also right: a list
def fair_share(batch, rank, world_size):
    return torch.tensor([int(batch[i]) for i in range(rank, len(batch), world_size)]).long()


# %% wrong: `chunk` rounds the size of all parts up: the last process gets what is left, which can be much less or nothing.
def fair_share(batch, rank, world_size):
    return batch.chunk(world_size)[rank]


# %% wrong: The size of a share was rounded down, and the rows that are left over go to nobody.
def fair_share(batch, rank, world_size):
    size = len(batch) // world_size
    return batch[rank * size : (rank + 1) * size]


# %% wrong: All rows that are left over go to the last process, whose share can be much larger than the others.
def fair_share(batch, rank, world_size):
    size = len(batch) // world_size
    stop = len(batch) if rank == world_size - 1 else (rank + 1) * size
    return batch[rank * size : stop]


# %% wrong: The shares are made equal by giving some rows to two processes; those rows would count twice.
def fair_share(batch, rank, world_size):
    missing = -len(batch) % world_size
    padded = torch.cat([batch, batch[:missing]])
    return padded[rank::world_size]


# %% wrong: Every process gets the whole batch.
def fair_share(batch, rank, world_size):
    return batch


# %% wrong: `split` takes the size of the parts; `world_size` is the number of the parts.
def fair_share(batch, rank, world_size):
    return batch.split(world_size)[rank]


# %% wrong: Each process takes `world_size` rows; a share has about n / `world_size`.
def fair_share(batch, rank, world_size):
    return batch[rank * world_size : (rank + 1) * world_size]


# %% wrong: The slice takes every row from `rank` on: its step is missing.
def fair_share(batch, rank, world_size):
    return batch[rank:]


# %% wrong: Start and step of the slice are exchanged.
def fair_share(batch, rank, world_size):
    return batch[world_size :: max(rank, 1)]


# %% wrong: This is one row for each process.
def fair_share(batch, rank, world_size):
    return batch[rank]


# %% wrong: The ranks were taken to begin at 1: the first rows go to nobody.
def fair_share(batch, rank, world_size):
    size = -(-len(batch) // world_size)
    return batch[(rank + 1) * size : (rank + 2) * size]


# %% wrong: Each process draws its rows for itself: some come twice, and others not at all.
def fair_share(batch, rank, world_size):
    generator = torch.Generator().manual_seed(rank)
    return batch[torch.randperm(len(batch), generator=generator)[rank::world_size]]


# %% wrong: The numbers in the batch decide here who gets a row, so one process may get all; it is the positions that have to be dealt out.
def fair_share(batch, rank, world_size):
    return batch[batch % world_size == rank]


# %% wrong: These are positions in the batch; the row numbers that stand there were asked for.
def fair_share(batch, rank, world_size):
    return torch.arange(len(batch))[rank::world_size]


# %% wrong: The shares are right, but one without rows became `float32`, as `torch.tensor([])` is.
def fair_share(batch, rank, world_size):
    return torch.tensor(batch.tolist()[rank::world_size])


# %% wrong: The rows are right, but each share has a second dimension; its shape is to be (m,).
def fair_share(batch, rank, world_size):
    return batch[rank::world_size].unsqueeze(1)


# %% wrong: The share is a list; a tensor was asked for.
def fair_share(batch, rank, world_size):
    return [row for i, row in enumerate(batch) if i % world_size == rank]


# %% wrong: `reshape` and `view` need a batch that can be divided evenly.
def fair_share(batch, rank, world_size):
    return batch.reshape(world_size, -1)[rank]


# %% wrong: The size of a share was rounded up for every process, so the last ones get much less, or nothing.
def fair_share(batch, rank, world_size):
    size = -(-len(batch) // world_size)
    return batch[rank * size : (rank + 1) * size]


# %% wrong: The ranks begin at 0. `rank - 1` is -1 for the first process, whose share then begins at the last row.
def fair_share(batch, rank, world_size):
    return batch[rank - 1 :: world_size]


# %% wrong: `world_size` stands in the place of the slice where it says at which row to stop.
def fair_share(batch, rank, world_size):
    return batch[rank:world_size]


# %% wrong: All processes get the same rows here: `rank` plays no part.
def fair_share(batch, rank, world_size):
    return batch[::world_size]


# %% wrong: Each process shuffles the rows for itself, in an order of its own: some rows come twice, and others not at all.
def fair_share(batch, rank, world_size):
    return batch[torch.randperm(len(batch))][rank::world_size]


# %% wrong: These are all the shares at once; each process is to return its own.
def fair_share(batch, rank, world_size):
    return batch.tensor_split(world_size)


# %% cases
def cases():
    yield torch.arange(6), 2
    yield torch.tensor([30, 10, 20, 40, 50]), 2
    yield torch.arange(10), 4
    yield torch.arange(9), 4
    yield torch.randperm(128), 8
    yield torch.randperm(37), 5
    yield torch.tensor([7, 8]), 3
    yield torch.tensor([5, 4, 6]), 1


def kind_of(share):
    if not isinstance(share, torch.Tensor):
        return type(share).__name__
    return f"a tensor with {share.ndim} dimension{'' if share.ndim == 1 else 's'}"


def observe(fair_share, batch, world_size):
    shares = [fair_share(batch.clone(), rank, world_size) for rank in range(world_size)]
    tensors = [share for share in shares if isinstance(share, torch.Tensor) and share.ndim == 1]
    sizes = [len(share) for share in tensors]
    return {
        "the kinds of the shares": sorted({kind_of(share) for share in shares}),
        "all shares together, sorted": torch.cat(tensors).sort().values if tensors else None,
        "the size of the largest share minus that of the smallest": max(sizes, default=0)
        - min(sizes, default=0),
    }
