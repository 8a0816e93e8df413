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
}
