"""
title = "Bytes in a file"
kind = "choose"
level = 2
minutes = 4
concepts = ["T27", "T19", "T20"]
task = "`table = torch.zeros(1000, 100)` is `float32`. `table[:10]`, `table[:10].clone()` and `table[:10].contiguous()` are each saved to a file: how many bytes of numbers do the three files hold? Choose (4000, 4000, 4000), (400000, 4000, 4000), (400000, 4000, 400000) or (400000, 400000, 400000), and settle it with `stored_bytes`."
right = "A checkpoint that is far too large often holds a small piece of a large tensor."
hints = [
    "What is saved is the storage. How many numbers has the storage of each of the three?",
    "`x.untyped_storage().nbytes()` tells; `contiguous()` copies only where it has to.",
    "The storage of `table` has 1000 · 100 · 4 bytes, a copy of ten rows 10 · 100 · 4. Is `table[:10].is_contiguous()` true?",
]
"""

# %% setup
import torch


# %% stub
answer = ...  # (bytes of the slice, of its clone, of its contiguous version)


# %% solution
answer = (400_000, 4_000, 400_000)


# %% also right: a list
answer = [400000, 4000, 400000]


# %% also right: worked out
answer = (1000 * 100 * 4, 10 * 100 * 4, 1000 * 100 * 4)


# %% also right: read off the storages
part = torch.zeros(1000, 100)[:10]
answer = tuple(x.untyped_storage().nbytes() for x in (part, part.clone(), part.contiguous()))


# %% also right: measured in files, as in the notebook
import io
import zipfile


def stored_bytes(tensor):
    buffer = io.BytesIO()
    torch.save(tensor, buffer)
    with zipfile.ZipFile(buffer) as archive:
        return sum(f.file_size for f in archive.infolist() if f.filename.endswith("data/0"))


part = torch.zeros(1000, 100)[:10]
answer = [stored_bytes(part), stored_bytes(part.clone()), stored_bytes(part.contiguous())]


# %% wrong: A slice is a view, and saving it writes the whole storage that it looks into.
answer = (4000, 4000, 4000)


# %% wrong: `contiguous()` copies only what is not contiguous. Ten whole rows are neighbours already.
answer = (400000, 4000, 4000)


# %% wrong: `clone()` copies the ten rows into a storage of their own, which has no room for the others.
answer = (400000, 400000, 400000)


# %% wrong: These are numbers, not bytes: a `float32` takes 4 bytes.
answer = (100000, 1000, 100000)


# %% cases
def cases():
    yield ()


def observe(answer):
    answer = answer.tolist() if isinstance(answer, torch.Tensor) else answer
    given = list(answer) if isinstance(answer, tuple | list) else [answer]
    names = ["slice", "clone", "contiguous version"]
    facts = {"how many numbers it has": len(given)}
    for name, got, want in zip(names, given + [None] * 3, [400_000, 4_000, 400_000]):
        facts[f"whether the number for the {name} fits"] = got == want
    return {**facts, "what was given": given}
