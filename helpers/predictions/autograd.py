"""The questions that notebook 02 asks."""

from helpers.predictions import Prediction

PREDICTIONS: dict[str, Prediction] = {
    "tiny-step": Prediction(
        asks="a number",
        right="A float holds about 16 digits, so 2 + 1e-17 is rounded to 2: f does not move.",
        wrong={
            7: "That is the true slope. But 2 + 1e-17 is rounded to 2, so both calls of f give "
            "the same number, and their difference is 0.",
            10: "That is f(2). The quotient has the difference of two calls, which are equal.",
            1: "The top is not as small as h: it is exactly 0, because 2 + 1e-17 is rounded to 2.",
        },
        low="The slope does not turn negative: 2 + 1e-17 is rounded to 2, so f does not move.",
        high="The top of the quotient is exactly 0: 2 + 1e-17 is rounded to 2.",
    ),
    "third-backward": Prediction(
        asks="a number",
        right="Each backward adds its 6 to what is in .grad.",
        wrong={
            6: "You took each backward to replace the gradient. It adds: 6 + 6 + 6.",
            12: "The first backward adds as well, to nothing: 6, then 12, then 18.",
            216: "The gradients are added and not multiplied: 6 + 6 + 6.",
            9: "That is w squared, the value. Its derivative, 2w = 6, is added three times.",
            27: "Three values of w squared make 27. The derivative, 2w = 6, is what adds up.",
        },
        low="Each backward adds 6 to what is in .grad, and there are three.",
        high="Each backward adds 6, the derivative at 3, and there are three.",
    ),
    "detach": Prediction(
        choices=("yes", "no"),
        right="detach() leaves the history behind, not the numbers: both tensors read one storage.",
        wrong={
            "no": "You took detach() for a copy. It is a view: both read and write one storage. A "
            "copy needs clone() as well.",
        },
    ),
    "kept-frozen": Prediction(
        asks="a number of kB",
        right="The last layer's input is kept for its weight's gradient, and its result for relu.",
        wrong={
            64: "One more: the last layer's input is kept for its weight's gradient, and its "
            "result for relu.",
            384: "That is what all five keep. A layer that is frozen, with nothing tracked before "
            "it, records nothing.",
            320: "That would be one result for each of five layers. The first four are frozen and "
            "nothing before them is tracked, so they keep nothing.",
            0: "The last weight is tracked, and its gradient needs the layer's input.",
            192: "You counted the product before relu too. relu saves its result and not its "
            "input, so two are kept.",
        },
        low="The last layer keeps two: its input, for the weight's gradient, and its result, for "
        "relu.",
        high="Only the last layer keeps something: its input and its result, 64 kB each.",
    ),
    "learning-rate": Prediction(
        asks="0.01, 0.15 or 0.205",
        right="0.01 has no time to arrive in 20 steps, and 0.205 jumps further out at each step.",
        wrong={
            0.01: "A small step is safe and slow: in 20 steps it covers only the first stretch.",
            0.205: "A larger step is faster only up to a point, here about 0.18. Above 0.2 each "
            "jump across the valley goes further out than the last.",
        },
        low="The choice is among 0.01, 0.15 and 0.205.",
        high="The choice is among 0.01, 0.15 and 0.205.",
    ),
    "vanishing": Prediction(
        choices=("about the same", "a hundredth", "less than a millionth"),
        right="The sigmoid's slope is a quarter at most, and it comes in at every layer.",
        wrong={
            "about the same": "Each layer multiplies the gradient by its weights and by the "
            "sigmoid's slope, which is a quarter at most: it shrinks at every layer.",
            "a hundredth": "That is about what tanh leaves, and there the small weights are mostly "
            "to blame. The sigmoid's slope is a quarter at most, and that factor comes in at every "
            "layer too.",
        },
    ),
}
