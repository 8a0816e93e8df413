"""
title = "Where the part lies"
kind = "choose"
level = 2
minutes = 5
concepts = ["T19", "X01", "X02"]
tolerance = 0.0
task = "`cube = torch.arange(24).reshape(2, 3, 4)` and `part = cube[1:, :, 1::2].transpose(1, 2)`, of shape (1, 2, 3). Which offset and which three strides has `part`: (0, 6, 3, 1), (1, 12, 2, 4), (13, 12, 1, 4), (13, 12, 2, 4) or (13, 12, 4, 2)? Work them out, then settle it in a cell of your own."
right = "Slices, steps and transposes are changes of these few numbers, so they cost the same for 24 numbers as for a billion."
hints = [
    "At which place of the storage 0 to 23 is `part[0, 0, 0]`, and at which are its three neighbours?",
    "`part.storage_offset()` and `part.stride()` tell; `cube.stride()` is what you start from.",
    "`cube` has offset 0 and strides (12, 4, 1). The cuts move the offset by 1 · 12 + 1 · 1, the step changes one stride, the transpose exchanges two.",
]
"""

# %% setup
import torch


# %% stub
answer = ...  # (offset, first stride, second stride, third stride)


# %% solution
answer = (13, 12, 2, 4)


# %% also right: a list
answer = [13, 12, 2, 4]


# %% also right: worked out
answer = (1 * 12 + 1 * 1, 12, 2 * 1, 4)


# %% also right: read off
part = torch.arange(24).reshape(2, 3, 4)[1:, :, 1::2].transpose(1, 2)
answer = (part.storage_offset(), *part.stride())


# %% also right: the offset and the strides as PyTorch gives them
part = torch.arange(24).reshape(2, 3, 4)[1:, :, 1::2].transpose(1, 2)
answer = part.storage_offset(), part.stride()


# %% wrong: These are the strides of a copy of `part` in a storage of its own. But slices and transposes are views: they walk through the storage of `cube`.
answer = (0, 6, 3, 1)


# %% wrong: The offset counts all places before the first number of `part`, those of the first block of `cube` among them, which `1:` leaves out.
answer = (1, 12, 2, 4)


# %% wrong: With a stride of 1 along that dimension `part` would read neighbouring places of the storage; `1::2` leaves out every second.
answer = (13, 12, 1, 4)


# %% wrong: These are the numbers before the transpose, which gives two dimensions each other's size and stride.
answer = (13, 12, 4, 2)


# %% wrong: The offset leaves out that `1::2` too begins one place further on.
answer = (12, 12, 2, 4)


# %% wrong: The offset is that of `cube`: both cuts begin further on.
answer = (0, 12, 2, 4)


# %% wrong: These are bytes, as NumPy counts; PyTorch counts places, and here a number takes 8 bytes.
answer = (104, 96, 16, 32)


# %% wrong: This is a text: leave the quotation marks out, so that numbers are compared.
answer = "(13, 12, 4, 2)"


# %% wrong: Four numbers are wanted, in brackets and in this order: the offset, then the three strides.
answer = (12, 2, 4)


# %% wrong: These are not four numbers. A method such as `stride` gives its numbers only when it is called, with brackets behind its name.
answer = (torch.zeros(3).storage_offset, 12, 2, 4)


# %% wrong: A set has no order. The four numbers are wanted in round or square brackets: the offset, then the three strides.
answer = {13, 12, 2, 4}


# %% wrong: The offset is counted in places, but the strides in bytes, as NumPy counts them; here a number takes 8.
answer = (13, 96, 16, 32)


# %% wrong: These are bytes, of numbers that take 4 each; PyTorch counts places, whatever a number takes.
answer = (52, 48, 8, 16)


# %% cases
def cases():
    yield ()


def observe(answer):
    answer = answer.tolist() if hasattr(answer, "tolist") else answer
    if isinstance(answer, set | dict):
        return "numbers without an order"
    given = []
    for item in answer if isinstance(answer, tuple | list) else [answer]:
        item = item.tolist() if hasattr(item, "tolist") else item
        given += item if isinstance(item, tuple | list) else [item]
    if any(isinstance(item, str) for item in given):
        return "a text"
    if any(isinstance(item, bool) or not isinstance(item, int | float) for item in given):
        return "something other than numbers"
    return given if len(given) == 4 else "another number of numbers than four"
