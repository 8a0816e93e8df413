"""The questions that notebook 01 asks."""

from helpers.predictions import Prediction

PREDICTIONS = {
    "uint8-sum": Prediction(
        asks="a whole number",
        right="8 bits hold the numbers 0 to 255, and after 255 counting starts again at 0.",
        wrong={
            300: "That is the sum of the numbers; but no more than 255 fits into 8 bits.",
            255: "That would be saturation: PyTorch does not stop at the largest number.",
            45: "Close: after 255 comes 0, not 1.",
        },
    ),
    "mask": Prediction(
        choices=("view", "copy"),
        right="A mask can pick any places, and a view can only describe a regular walk.",
        wrong={
            "view": "A slice would be a view. A mask can pick any places, which no regular walk "
            "through memory meets, so its elements are copied.",
        },
    ),
    "difference-shape": Prediction(
        asks="a shape, such as (2, 3)",
        right="The column is stretched to the right and the row downwards: each of the five "
        "predictions meets each of the five values.",
        wrong={
            (5,): "You paired the numbers one by one. Aligned at the right, the 1 of (5, 1) stands "
            "above the 5 and is stretched to 5; the other 5 stands above nothing, and the missing "
            "size is stretched to 5.",
            (5, 1): "You took the row for a column. A missing size is added on the left, so (5,) "
            "counts as (1, 5).",
            (1, 5): "You took the column for a row. Its first size, 5, stays; the missing size of "
            "the row is stretched to it.",
            25: "25 numbers is right, but they stay a table of 5 rows and 5 columns.",
        },
    ),
    "reshape-or-transpose": Prediction(
        choices=("yes", "no"),
        right="reshape keeps the reading order and breaks the lines elsewhere; T turns rows into "
        "columns.",
        wrong={
            "yes": "The shapes are equal. The order is not: reshape reads on along the rows, "
            "and T turns rows into columns.",
        },
    ),
    "squeeze": Prediction(
        asks="a shape, such as (2, 3)",
        right="Without an argument squeeze() removes every dimension of size 1, the batch too.",
        wrong={
            (1, 28, 28): "That is squeeze(1), or squeeze(0). Without an argument squeeze() removes "
            "every dimension of size 1, not one of them.",
            (1, 1, 28, 28): "You said that nothing changes. That is so where no size is 1; here "
            "two sizes are 1.",
            (28, 28, 1): "The sizes of 1 stand in front. squeeze() removes both and moves none to "
            "the back.",
            (1, 784): "You joined the rows: that is flatten(). squeeze() only removes sizes of 1.",
            784: "You joined all dimensions into one: that is flatten(). squeeze() only removes "
            "sizes of 1.",
        },
    ),
    "place": Prediction(
        asks="a whole number",
        right="The walk starts at 5; one step along dimension 0 is 4, one along dimension 1 is 2.",
        wrong={
            6: "You left the offset out: the part starts at place 5.",
            7: "You left out the step along dimension 0. Both indices are 1: add 4 and 2.",
            9: "You left out the step along dimension 1. Both indices are 1: add 4 and 2.",
            10: "You counted one place for the step along dimension 1. Its stride is 2.",
            3: "That is the number in reading order within the part. The storage holds the whole "
            "table.",
            8: "You added the reading order, 3, to the offset. The strides say 4 and 2.",
            111: "That is the element itself. The question is where it lies.",
        },
    ),
    "stored-bytes": Prediction(
        asks="a whole number",
        right="The slice is a view, and a view is saved with its whole storage.",
        wrong={
            24: "That is what the three numbers need. The slice is a view, and a view is saved "
            "with its whole storage.",
            12: "That would be three numbers of 4 bytes: arange makes int64, 8 bytes each. And the "
            "slice is a view, which is saved with its whole storage.",
            3: "That is the number of elements; each has 8 bytes, and the whole storage is saved.",
            4_000_000: "The whole storage is right; arange makes int64, which has 8 bytes.",
            1_000_000: "The whole storage is right; each of its numbers has 8 bytes.",
        },
    ),
    "lost-one": Prediction(
        asks="a number",
        right="Near 100 000 000 the float32 numbers are 8 apart, so adding 1 changes nothing, and "
        "the subtraction leaves 0.",
        wrong={
            1: "That is exact arithmetic. Near 100 000 000 the float32 numbers are 8 apart, so "
            "the sum is rounded back to 100 000 000 before the subtraction.",
            8: "8 is the gap between neighbouring float32 numbers there. The sum lies nearer to "
            "the lower neighbour, and is rounded to it.",
        },
    ),
}
