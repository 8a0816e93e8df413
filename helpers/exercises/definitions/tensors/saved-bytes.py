"""
title = "Bytes in a file"
kind = "choose"
level = 2
minutes = 4
concepts = ["T27", "T19", "T20"]
tolerance = 0.0
task = "`table = torch.zeros(1000, 100)` is `float32`. `table[:10]`, `table[:10].clone()` and `table[:10].contiguous()` are each saved to a file: how many bytes of numbers do the three files hold? Choose (4000, 4000, 4000), (400000, 4000, 4000), (400000, 4000, 400000) or (400000, 400000, 400000), and settle it as above: with `torch.save` into an `io.BytesIO()`, and this notebook's `stored_bytes`."
right = "A checkpoint that is far too large often holds a small piece of a large tensor."
hints = [
    "What is saved is the storage. How many numbers has the storage of each of the three?",
    "`x.untyped_storage().nbytes()` tells; `contiguous()` copies only where it has to.",
    "The storage of `table` has 1000 · 100 · 4 bytes, a copy of ten rows 10 · 100 · 4. Is `table[:10].is_contiguous()` true?",
]
"""

# %% setup
import io
import zipfile

import torch


def stored_bytes(file):
    with zipfile.ZipFile(file) as archive:
        return sum(f.file_size for f in archive.infolist() if f.filename.endswith("data/0"))


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
part = torch.zeros(1000, 100)[:10]
answer = []
for x in (part, part.clone(), part.contiguous()):
    file = io.BytesIO()
    torch.save(x, file)
    answer.append(stored_bytes(file))


# %% wrong: A slice is a view, and saving it writes the whole storage that it looks into.
answer = (4000, 4000, 4000)


# %% wrong: `contiguous()` copies only what is not contiguous. Ten whole rows are neighbours already.
answer = (400000, 4000, 4000)


# %% wrong: `clone()` copies the ten rows into a storage of their own, which has no room for the others.
answer = (400000, 400000, 400000)


# %% wrong: These are numbers, not bytes: a `float32` takes 4 bytes.
answer = (100000, 1000, 100000)


# %% wrong: These are numbers, not bytes, and those of the piece alone.
answer = (1000, 1000, 1000)


# %% wrong: This is a text: leave the quotation marks out, so that numbers are compared.
answer = "(4000, 4000, 4000)"


# %% wrong: Three numbers are wanted, in brackets and in this order: for the slice, its clone, its contiguous version.
answer = 400000


# %% wrong: These are not three numbers: here stand other things, such as a function that was not called.
answer = (stored_bytes, stored_bytes, stored_bytes)


# %% wrong: These are the sizes of whole files, which hold a little besides the numbers, such as their shape. Only the bytes of the numbers are asked for.
part = torch.zeros(1000, 100)[:10]
answer = []
for x in (part, part.clone(), part.contiguous()):
    file = io.BytesIO()
    torch.save(x, file)
    answer.append(len(file.getvalue()))


# %% wrong: The slice and its contiguous version are one tensor: ten whole rows need no copy. They cannot differ.
answer = (4000, 4000, 400000)


# %% wrong: These are the bytes of `float64`, 8 a number; the table is `float32`.
answer = (800000, 8000, 800000)


# %% cases
def cases():
    yield ()


def observe(answer):
    answer = answer.tolist() if hasattr(answer, "tolist") else answer
    given = []
    for item in answer if isinstance(answer, tuple | list) else [answer]:
        item = item.tolist() if hasattr(item, "tolist") else item
        given += item if isinstance(item, tuple | list) else [item]
    if any(isinstance(item, str) for item in given):
        return "a text"
    if any(isinstance(item, bool) or not isinstance(item, int | float) for item in given):
        return "something other than numbers"
    if len(given) != 3:
        return "another number of numbers than three"
    more = [got - want for got, want in zip(given, [400_000, 4_000, 400_000])]
    if all(200 <= x <= 4_000 for x in more):
        return "the sizes of the whole files"
    return given
