"""
title = "How long an epoch takes"
kind = "choose"
level = 1
minutes = 3
concepts = ["C07", "X09"]
task = '''`slow` is a dataset of 20 samples, and its `__getitem__` takes 0.1 s (it calls `time.sleep(0.1)`). About how many seconds does `for X, Y in torch.utils.data.DataLoader(slow, batch_size=10): pass` take on a computer with 8 cores: 0.1, 0.2, 0.25, 1 or 2? Write such a dataset in a cell of its own and measure it, then put the number in place of `...`.'''
right = "By default there are no workers: the loader calls `__getitem__` in your own process, for one sample after the other. Only `num_workers` above 0 changes that."
hints = [
    "How many times is `__getitem__` called in an epoch? And who calls it?",
    "`num_workers` is 0 if nothing is said: see section 8.1 for what this means.",
    "`start = time.perf_counter()`, then the loop, then `print(time.perf_counter() - start)`; a dataset needs `__len__` and `__getitem__`.",
]
"""

# %% setup
import time


# %% stub
epoch_seconds = ...  # 0.1, 0.2, 0.25, 1 or 2 (seconds)


# %% solution
epoch_seconds = 2


# %% also right: as a measured time
epoch_seconds = 2.0


# %% also right: as a product
epoch_seconds = 20 * 0.1


# %% also right: measured, with the time around it
epoch_seconds = 2.02


# %% wrong: The samples are not all read at once: a batch is read when its turn comes.
epoch_seconds = 0.1


# %% wrong: That would be right if the ten samples of a batch were read at the same time; a batch is not read in parallel.
epoch_seconds = 0.2


# %% wrong: A loader does not spread the work over the cores by itself: `num_workers` is 0 unless you set it.
epoch_seconds = 0.25


# %% wrong: That is the time of one batch, or of two processes that read at the same time; an epoch has two batches, and there is one process.
epoch_seconds = 1


# %% wrong: That counts the samples as seconds; each takes a tenth of one.
epoch_seconds = 20


# %% wrong: The value is right; write it as a number, without quotes and without a unit.
epoch_seconds = "2"


# %% cases
def cases():
    yield ()


def observe(answer):
    if isinstance(answer, str):
        try:
            answer = float(answer.lower().replace("seconds", "").replace("s", ""))
        except ValueError:
            return answer
        return "2, as a text" if 1.99 < answer < 2.5 else answer
    if isinstance(answer, float) and 1.99 < answer < 2.5:
        return 2
    return answer
