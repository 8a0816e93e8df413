"""
title = "A table cut into batches"
kind = "write"
level = 2
minutes = 5
concepts = ["L15"]
task = '''Cut a table `X` (n, d) and its targets `Y` (n, m) into batches of `batch_size` rows, in order, and return the pairs (X of the batch, Y of the batch), in a list or in anything else that a loop can go through. A last batch that has fewer rows is kept, unless `drop_last` is true.'''
right = "A `DataLoader` does this, with a new order for each epoch if asked, and with the samples of any dataset."
hints = [
    "At which row does each batch start? And where does the last one end?",
    "`range(start, stop, step)` counts in steps; a slice that ends beyond the last row ends at the last row.",
    "`for start in range(0, len(X), batch_size):`, and in it: `x, y = X[start : start + batch_size], ...`, then append the pair, unless `drop_last and ...`.",
]
"""

# %% setup
import torch
from torch.utils.data import DataLoader, TensorDataset


# %% stub
def cut_batches(
    X: torch.Tensor, Y: torch.Tensor, batch_size: int, drop_last: bool
) -> list[tuple[torch.Tensor, torch.Tensor]]:
    """Return the batches in order, each a pair of (at most batch_size, d) and (the same, m)."""
    pairs = []
    for start in ...:
        ...
    return pairs


# %% solution
def cut_batches(X, Y, batch_size, drop_last):
    pairs = []
    for start in range(0, len(X), batch_size):
        x, y = X[start : start + batch_size], Y[start : start + batch_size]
        if len(x) == batch_size or not drop_last:
            pairs.append((x, y))
    return pairs


# %% also right: split, and look at the last pair
def cut_batches(X, Y, batch_size, drop_last):
    pairs = list(zip(X.split(batch_size), Y.split(batch_size)))
    if drop_last and len(pairs[-1][0]) < batch_size:
        del pairs[-1]
    return pairs


# %% also right: count the batches first
def cut_batches(X, Y, batch_size, drop_last):
    full, left_over = divmod(len(X), batch_size)
    count = full if drop_last or left_over == 0 else full + 1
    rows = [slice(i * batch_size, (i + 1) * batch_size) for i in range(count)]
    return [(X[r], Y[r]) for r in rows]


# %% also right: a DataLoader after all
def cut_batches(X, Y, batch_size, drop_last):
    return list(DataLoader(TensorDataset(X, Y), batch_size=batch_size, drop_last=drop_last))


# %% also right: the DataLoader itself
def cut_batches(X, Y, batch_size, drop_last):
    return DataLoader(TensorDataset(X, Y), batch_size=batch_size, drop_last=drop_last)


# %% also right: a generator, eating the table up
def cut_batches(X, Y, batch_size, drop_last):
    while len(X) >= batch_size or (len(X) > 0 and not drop_last):
        yield X[:batch_size], Y[:batch_size]
        X, Y = X[batch_size:], Y[batch_size:]


# %% wrong: The rows that are left over at the end never come, whatever `drop_last` says.
def cut_batches(X, Y, batch_size, drop_last):
    pairs = []
    for i in range(len(X) // batch_size):
        start = i * batch_size
        pairs.append((X[start : start + batch_size], Y[start : start + batch_size]))
    return pairs


# %% wrong: `drop_last` is not obeyed: the smaller batch at the end is still there.
def cut_batches(X, Y, batch_size, drop_last):
    pairs = []
    for start in range(0, len(X), batch_size):
        pairs.append((X[start : start + batch_size], Y[start : start + batch_size]))
    return pairs


# %% wrong: With `drop_last` the last batch was dropped even where it is full.
def cut_batches(X, Y, batch_size, drop_last):
    pairs = []
    for start in range(0, len(X), batch_size):
        pairs.append((X[start : start + batch_size], Y[start : start + batch_size]))
    return pairs[:-1] if drop_last else pairs


# %% wrong: `drop_last` does the opposite: smaller batches are kept when they should go, and dropped when they should stay.
def cut_batches(X, Y, batch_size, drop_last):
    pairs = []
    for start in range(0, len(X), batch_size):
        x, y = X[start : start + batch_size], Y[start : start + batch_size]
        if len(x) == batch_size or drop_last:
            pairs.append((x, y))
    return pairs


# %% wrong: The batches overlap: each starts one row after the one before, so rows come more than once.
def cut_batches(X, Y, batch_size, drop_last):
    pairs = []
    for start in range(len(X)):
        x, y = X[start : start + batch_size], Y[start : start + batch_size]
        if len(x) == batch_size or not drop_last:
            pairs.append((x, y))
    return pairs


# %% wrong: One row is missing in each batch: a slice already ends before its second number.
def cut_batches(X, Y, batch_size, drop_last):
    pairs = []
    for start in range(0, len(X), batch_size):
        x, y = X[start : start + batch_size - 1], Y[start : start + batch_size - 1]
        if start + batch_size <= len(X) or not drop_last:
            pairs.append((x, y))
    return pairs


# %% wrong: The second number of a slice is where it ends, not how many rows it has.
def cut_batches(X, Y, batch_size, drop_last):
    pairs = []
    for start in range(0, len(X), batch_size):
        pairs.append((X[start:batch_size], Y[start:batch_size]))
    if drop_last and len(X) % batch_size:
        pairs.pop()
    return pairs


# %% wrong: The batches hold rows of X only; each is a pair, with the rows of Y beside them.
def cut_batches(X, Y, batch_size, drop_last):
    batches = X.split(batch_size)
    return [x for x in batches if len(x) == batch_size or not drop_last]


# %% wrong: Only X was cut: each batch has all rows of Y.
def cut_batches(X, Y, batch_size, drop_last):
    pairs = []
    for start in range(0, len(X), batch_size):
        x = X[start : start + batch_size]
        if len(x) == batch_size or not drop_last:
            pairs.append((x, Y))
    return pairs


# %% wrong: The rows are shared out evenly: `chunk` makes a number of parts, not parts of a given size.
def cut_batches(X, Y, batch_size, drop_last):
    count = -(-len(X) // batch_size)
    pairs = list(zip(X.chunk(count), Y.chunk(count)))
    return [(x, y) for x, y in pairs if len(x) == batch_size or not drop_last]


# %% wrong: `batch_size` was taken as the number of batches; it is the number of rows in each.
def cut_batches(X, Y, batch_size, drop_last):
    size = -(-len(X) // batch_size)
    pairs = list(zip(X.split(size), Y.split(size)))
    return [(x, y) for x, y in pairs if len(x) == size or not drop_last]


# %% wrong: The rows are right, but not in the order of the table: they were shuffled or turned round.
def cut_batches(X, Y, batch_size, drop_last):
    order = torch.arange(len(X)).flip(0)
    X, Y = X[order], Y[order]
    pairs = []
    for start in range(0, len(X), batch_size):
        x, y = X[start : start + batch_size], Y[start : start + batch_size]
        if len(x) == batch_size or not drop_last:
            pairs.append((x, y))
    return pairs


# %% wrong: The last batch never comes, full or not: the batches end one too early.
def cut_batches(X, Y, batch_size, drop_last):
    pairs = []
    for start in range(0, len(X) - batch_size, batch_size):
        pairs.append((X[start : start + batch_size], Y[start : start + batch_size]))
    return pairs


# %% wrong: Each batch has a row too many: a slice ends before its second number, so nothing has to be added to it.
def cut_batches(X, Y, batch_size, drop_last):
    pairs = []
    for start in range(0, len(X), batch_size):
        x, y = X[start : start + batch_size + 1], Y[start : start + batch_size + 1]
        if start + batch_size <= len(X) or not drop_last:
            pairs.append((x, y))
    return pairs


# %% wrong: The starts are 0, 1, 2 …, which are numbers of batches and not of rows: the batches overlap, and the last rows never come.
def cut_batches(X, Y, batch_size, drop_last):
    pairs = []
    for start in range(len(X) // batch_size):
        pairs.append((X[start : start + batch_size], Y[start : start + batch_size]))
    return pairs


# %% wrong: Each batch is one row short: a slice already ends before its second number. And `drop_last` is not used.
def cut_batches(X, Y, batch_size, drop_last):
    pairs = []
    for start in range(0, len(X), batch_size):
        end = start + batch_size - 1
        pairs.append((X[start:end], Y[start:end]))
    return pairs


# %% wrong: Only the first batch has its rows: the second number of a slice is where it ends, and that is `batch_size` every time.
def cut_batches(X, Y, batch_size, drop_last):
    pairs = []
    for start in range(0, len(X), batch_size):
        xb, yb = X[start:batch_size], Y[start:batch_size]
        if drop_last and len(xb) < batch_size:
            continue
        pairs.append((xb, yb))
    return pairs


# %% wrong: `chunk` was asked for `batch_size` parts; that is to be the number of rows in each.
def cut_batches(X, Y, batch_size, drop_last):
    pairs = list(zip(X.chunk(batch_size), Y.chunk(batch_size)))
    if drop_last and len(pairs[-1][0]) < batch_size:
        pairs = pairs[:-1]
    return pairs


# %% wrong: Only the first batch came back, as when `return` stands inside the loop.
def cut_batches(X, Y, batch_size, drop_last):
    pairs = []
    for start in range(0, len(X), batch_size):
        pairs.append((X[start : start + batch_size], Y[start : start + batch_size]))
        return pairs


# %% wrong: Only the first batch came back, as when `return` stands inside the loop; and where no batch is full, nothing did.
def cut_batches(X, Y, batch_size, drop_last):
    pairs = []
    for start in range(0, len(X), batch_size):
        x, y = X[start : start + batch_size], Y[start : start + batch_size]
        if drop_last and len(x) < batch_size:
            continue
        pairs.append((x, y))
        return pairs


# %% wrong: X and Y of a batch stand one after the other in the list; each place in it is to hold a pair of both.
def cut_batches(X, Y, batch_size, drop_last):
    pairs = []
    for start in range(0, len(X), batch_size):
        pairs.append(X[start : start + batch_size])
        pairs.append(Y[start : start + batch_size])
    return pairs


# %% wrong: These are all batches of X and then all batches of Y; they are wanted as pairs, and `drop_last` is not used.
def cut_batches(X, Y, batch_size, drop_last):
    return X.split(batch_size), Y.split(batch_size)


# %% wrong: A tuple of two tensors is a dataset with two samples, X and Y: the loader did not go through their rows.
def cut_batches(X, Y, batch_size, drop_last):
    loader = DataLoader((X, Y), batch_size=batch_size, drop_last=drop_last)
    return [(x, y) for x, y in loader]


# %% cases
def cases():
    X, Y = torch.arange(5.0).unsqueeze(1), 10 * torch.arange(5.0).unsqueeze(1)
    yield X, Y, 2, False
    yield X, Y, 2, True
    yield X[:4], Y[:4], 2, True
    yield X[:4], Y[:4], 2, False
    yield torch.randn(9, 3), torch.randn(9, 2), 4, False
    yield torch.randn(9, 3), torch.randn(9, 2), 4, True
    yield torch.randn(3, 2), torch.randn(3, 1), 8, False
    yield torch.randn(3, 2), torch.randn(3, 1), 8, True
    yield torch.randn(3, 2), torch.randn(3, 1), 1, True


def is_table(x):
    return isinstance(x, torch.Tensor) and x.ndim == 2


def observe(answer, X, Y, batch_size, drop_last):
    pairs = answer(X, Y, batch_size, drop_last)
    if pairs is None:
        return None
    pairs = list(pairs)
    sizes = [len(pair) if isinstance(pair, list | tuple) else 1 for pair in pairs]
    if any(size != 2 for size in sizes):
        pairs = []
    in_order, beside = True, True
    x_rows = [tuple(row) for x, _ in pairs if is_table(x) for row in x.tolist()]
    table = [tuple(row) for row in X.tolist()]
    if len(set(x_rows)) == len(x_rows) > 1 and set(x_rows) <= set(table):
        places = [table.index(row) for row in x_rows]
        if places != sorted(places):
            y_rows = [row for _, y in pairs if is_table(y) for row in y.tolist()]
            beside = y_rows == [Y[place].tolist() for place in places]
            in_order = False
    return {
        "the rows stand in order": in_order,
        "the number of batches": len(sizes),
        "tensors in each batch": sizes,
        "rows of each batch": [
            0 if getattr(x, "ndim", 1) == 0 or x is None else len(x) for x, _ in pairs
        ],
        "rows of Y stand beside those of X": beside,
        "X of each batch": [x for x, _ in pairs] if in_order else "in another order",
        "Y of each batch": [y for _, y in pairs] if in_order else "in another order",
    }
