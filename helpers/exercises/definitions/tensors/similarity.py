"""
title = "Every query meets every key"
kind = "write"
level = 3
minutes = 6
concepts = ["T14", "T13"]
task = "`queries` (b, n, d) and `keys` (b, m, d) hold b separate sets of vectors with d numbers each. Return the dot product of each query with each key of the same set: (b, n, m), in their dtype."
right = "This product is the heart of attention, by which a language model finds out which words belong together."
hints = [
    "For one query and one key: multiply d pairs of numbers and add them up. Which letters are left, and which one vanishes?",
    '`torch.einsum("...,...->...", queries, keys)`, or `@` with the last two dimensions of one side exchanged by `.mT`.',
    'The letters of the inputs are `"bnd,bmd->..."`. What is left of them behind the arrow is for you to say.',
]
"""

# %% setup
import torch


# %% stub
def similarity(queries: torch.Tensor, keys: torch.Tensor) -> torch.Tensor:
    """Return all dot products within each set: (b, n, d) and (b, m, d) to (b, n, m), same dtype."""
    ...


# %% solution
def similarity(queries, keys):
    return torch.einsum("bnd,bmd->bnm", queries, keys)


# %% also right: the matrix product of batches
def similarity(queries, keys):
    return queries @ keys.mT


# %% also right: bmm
def similarity(queries, keys):
    return torch.bmm(queries, keys.permute(0, 2, 1))


# %% also right: broadcasting and a sum
def similarity(queries, keys):
    return (queries[:, :, None] * keys[:, None]).sum(dim=-1)


# %% also right: a loop over the sets
def similarity(queries, keys):
    return torch.stack([q @ k.T for q, k in zip(queries, keys)])


# %% also right: three loops
def similarity(queries, keys):
    b, n, d = queries.shape
    result = queries.new_zeros(b, n, keys.shape[1])
    for i in range(b):
        for j in range(n):
            for k in range(keys.shape[1]):
                result[i, j, k] = queries[i, j].dot(keys[i, k])
    return result


# %% wrong: `reshape` and `view` keep the order of reading: their columns are made of pieces of several keys. An exchange of two dimensions was needed.
def similarity(queries, keys):
    b, m, d = keys.shape
    return queries @ keys.reshape(b, d, m)


# %% wrong: `@` takes the columns of its right side, and the keys are rows.
def similarity(queries, keys):
    return queries @ keys


# %% wrong: All three dimensions of the keys were reversed, as `.T` does: the sets have changed places with the d numbers of a vector.
def similarity(queries, keys):
    return queries @ keys.permute(2, 1, 0)


# %% wrong: The sets were not kept apart: each query also met the keys of the other sets, and the products were added up.
def similarity(queries, keys):
    return torch.einsum("bnd,cmd->bnm", queries, keys)


# %% wrong: The dimension of the sets has vanished: their products were added up.
def similarity(queries, keys):
    return torch.einsum("bnd,bmd->nm", queries, keys)


# %% wrong: Queries and keys have changed places: this is (b, m, n).
def similarity(queries, keys):
    return keys @ queries.mT


# %% wrong: These are cosines: each product was divided by the lengths of its two vectors.
def similarity(queries, keys):
    q = torch.nn.functional.normalize(queries, dim=-1)
    k = torch.nn.functional.normalize(keys, dim=-1)
    return q @ k.mT


# %% wrong: `*` pairs the first query with the first key, the second with the second; every query was to meet every key.
def similarity(queries, keys):
    return (queries * keys).sum(dim=-1)


# %% wrong: The products of the d pairs of numbers are all there, (b, n, m, d), but were not added up.
def similarity(queries, keys):
    return queries[:, :, None] * keys[:, None]


# %% wrong: The products were divided by the square root of d: attention does so in its next step, a dot product does not.
def similarity(queries, keys):
    return queries @ keys.mT / queries.shape[-1] ** 0.5


# %% wrong: These are distances between queries and keys, not their dot products.
def similarity(queries, keys):
    return torch.cdist(queries, keys)


# %% wrong: The products are right, but `float32`, as `.float()` and `torch.zeros` give it; the inputs may be `float64`.
def similarity(queries, keys):
    result = torch.zeros(queries.shape[0], queries.shape[1], keys.shape[1])
    for i in range(len(queries)):
        result[i] = queries[i] @ keys[i].T
    return result


# %% wrong: Each query has met the keys of all sets, (b, n, b, m): the sets were not kept apart.
def similarity(queries, keys):
    return torch.tensordot(queries, keys, dims=([2], [2]))


# %% wrong: These are the products of the matrices of each set, one below the other, (b · n, m): `cat` makes no dimension for the sets.
def similarity(queries, keys):
    out = []
    for q, k in zip(queries, keys):
        out.append(q @ k.T)
    return torch.cat(out)


# %% wrong: This is a list with a matrix for each set; one tensor was asked for.
def similarity(queries, keys):
    out = []
    for q, k in zip(queries, keys):
        out.append(q @ k.T)
    return out


# %% wrong: All queries met the keys of the first set; each has the keys of its own.
def similarity(queries, keys):
    return queries @ keys[0].T


# %% wrong: `torch.dot` takes two single vectors; here are whole sets of them.
def similarity(queries, keys):
    return torch.dot(queries, keys)


# %% wrong: `*` multiplies place by place and adds nothing up; and every query was to meet every key.
def similarity(queries, keys):
    return queries * keys


# %% wrong: `t()` is for one matrix; the keys have a third dimension, that of the sets.
def similarity(queries, keys):
    return queries @ keys.t()


# %% wrong: Sets and keys have changed places: the last two dimensions were to be exchanged, not the first two.
def similarity(queries, keys):
    return queries @ keys.transpose(0, 1)


# %% wrong: The products were added up over the wrong dimension: that of the keys has vanished, and that of the d numbers is left.
def similarity(queries, keys):
    return (queries.unsqueeze(2) * keys.unsqueeze(1)).sum(dim=2)


# %% wrong: All sets were joined into one, so that each query met the keys of all: the dimension of the sets is lost.
def similarity(queries, keys):
    b, n, d = queries.shape
    return queries.reshape(-1, d) @ keys.reshape(-1, d).T


# %% wrong: Without an arrow `einsum` lets every letter vanish that stands on both sides, that of the sets among them.
def similarity(queries, keys):
    return torch.einsum("bnd,bmd", queries, keys)


# %% cases
def cases():
    queries = torch.tensor([[[1.0, 0.0]], [[2.0, 3.0]]])
    keys = torch.tensor([[[4.0, 5.0], [6.0, 7.0]], [[1.0, 1.0], [0.0, 2.0]]])
    yield (queries, keys)
    yield (torch.randn(3, 4, 5), torch.randn(3, 2, 5))
    yield (torch.randn(2, 3, 4), torch.randn(2, 3, 4))
    yield (torch.randn(3, 3, 3), torch.randn(3, 3, 3))
    yield (torch.randn(1, 5, 2), torch.randn(1, 4, 2))
    yield (torch.randn(4, 2, 1), torch.randn(4, 3, 1))
    yield (torch.randn(5, 3, 2, dtype=torch.float64), torch.randn(5, 4, 2, dtype=torch.float64))
