"""The questions that notebook 03 asks."""

from helpers.predictions import Prediction

PREDICTIONS: dict[str, Prediction] = {
    "best-squared": Prediction(
        asks="a whole number",
        right="The mean makes the squared error smallest, however far it lies from most values.",
        wrong={
            3: "That is the median: it makes the mean of |e| smallest. Squares weigh the error of "
            "the value 100 so much that the best number moves towards it.",
            2: "That is near most of the values; but its error for the value 100 is 98, and "
            "squared it outweighs all others.",
            50: "That lies half way to the value 100; but the other four values have a say too, "
            "each with its own squared error.",
            100: "That has no error for one value, and an error of nearly 100 for the other four.",
        },
        low="Squares weigh the error of the value 100 more than this: the mean is best.",
        high="The value 100 pulls the best number upward, but not so far: the mean is best.",
    ),
    "rates": Prediction(
        asks="a whole number from 0 to 4",
        right="The rates 0.00001 and 0.0001 make the loss fall; 0.00012 is already too large.",
        wrong={
            0: "Very small rates do lower the loss, slowly: a short step against the gradient goes "
            "downhill.",
            1: "0.00001 works, and 0.0001 works too: the limit lies a little above it.",
            3: "Between 0.0001 and 0.00012 lies a sharp limit: above it the loss rises from step "
            "to step.",
            4: "A larger rate is faster only up to a limit, and for this table the limit is a "
            "little above 0.0001; 0.01 is a common choice elsewhere and far too large here.",
        },
    ),
    "direct-forward": Prediction(
        asks="a whole number",
        right="Calling the model runs its hooks; calling forward directly passes them by.",
        wrong={
            2: "Both lines run forward, but hooks belong to the call of the model, not to forward.",
            0: "The hook is registered on this model, so calling the model runs it.",
        },
    ),
    "plain-list": Prediction(
        asks="a whole number",
        right="Only the layer itself is registered: 4 · 2 weights and 2 biases.",
        wrong={
            26: "That counts both layers; but one stands in a plain list, and no module looks "
            "into lists.",
            16: "That is the layer in the plain list; it is the other one that is registered.",
            0: "The list registers nothing, but the layer that holds it has parameters of its own.",
            8: "That counts the weights; the 2 biases are parameters too.",
        },
    ),
    "perfect-model": Prediction(
        asks="a number",
        right="(4, 1) - (4,) is (4, 4): each prediction is compared with every target, and only "
        "the four of the diagonal are 0.",
        wrong={
            0: "That is the loss of equal shapes; here broadcasting compares each prediction with "
            "every target.",
            1.25: "That is the variance of the four targets; each prediction also varies, so the "
            "mean over all pairs is twice as large.",
        },
        low="Broadcasting compares each prediction with every target; the mean over the 16 pairs "
        "is larger than this.",
        high="The mean over the 16 pairs of 0, 1, 2, 3 is smaller than this.",
    ),
    "promise": Prediction(
        choices=("lower", "same", "higher"),
        right="The validation loss of the winner was picked because it was low, and luck helped; "
        "the test part knows nothing of that luck. On another split the gap may be smaller.",
        wrong={
            "lower": "With an easier test part that happens. But the lowest of many validation "
            "losses was picked, and that pulls the other way: on average the test loss is higher.",
            "same": "On other splits it is often so. But the lowest of many validation losses was "
            "picked, which on average makes it too low.",
        },
    ),
    "decayed-bias": Prediction(
        asks="a whole number (within 10 is right)",
        within=10,
        right="The decay pulls to 0, the loss to the mean of the targets; with this decay the bias "
        "stops at two thirds of the mean.",
        wrong={
            150: "That is where the bias would be without decay; here each step also pulls it "
            "towards 0.",
            151: "That is where the bias would be without decay; here each step also pulls it "
            "towards 0.",
            150.6: "That is where the bias would be without decay; here each step also pulls it "
            "towards 0.",
            75: "Half of the mean would need a decay of 2, as strong as the pull of the loss; a "
            "decay of 1 takes away a third.",
            0: "The decay pulls to 0, but the loss pulls back, harder the further the bias is from "
            "the mean.",
        },
        low="The pull of the loss grows with the distance from the mean and stops the bias higher.",
        high="The decay pulls harder than that: the bias stops clearly below the mean.",
    ),
}
