"""The questions that notebook 04 asks."""

from helpers.predictions import Prediction

PREDICTIONS = {
    "paper": Prediction(
        asks="a number",
        right="(0 - 0.5) / 0.5 = -1, so that the range [0, 1] becomes [-1, 1].",
        wrong={
            0: "Paper was 0 before. Normalize subtracts 0.5 from every pixel and divides by 0.5.",
            -0.5: "That is 0 - 0.5; the division by 0.5 is missing.",
            1: "That is what ink becomes: (1 - 0.5) / 0.5. Paper is 0.",
            0.5: "Normalize subtracts the first number; it does not put it in.",
        },
        low="(0 - 0.5) / 0.5 is the whole computation.",
        high="(0 - 0.5) / 0.5 is the whole computation.",
        within=0.001,
    ),
    "softmax-gradient": Prediction(
        asks="a number",
        right="The derivative of the extra softmax multiplies the right gradient by 1/10.",
        wrong={
            -0.9: "That is the gradient without the extra softmax; its derivative comes in too.",
            0: "It does not vanish: it is small, and the model still learns, slowly.",
            -0.1: "Close: a tenth of -0.9 is -0.09.",
            -0.081: "You took p (1 - p) = 0.09 for the derivative of softmax. The true class also "
            "lowers the nine other probabilities, and that adds -0.009.",
            -0.009: "That is one tenth too many: -0.9 is divided by 10 once.",
            0.09: "The size is right. The score of the true class must rise, so the gradient is "
            "negative.",
            0.9: "The score of the true class must rise, so the gradient is negative, and smaller.",
            0.1: "That is the gradient of each wrong class without the extra softmax.",
        },
        low="Here the extra softmax makes the gradient smaller in size, by a factor of 1/10.",
        high="The right gradient is multiplied by 1/10: it keeps its sign and a tenth of its size.",
        within=0.002,
    ),
    "what-moves": Prediction(
        choices=("layer", "rows", "both", "neither"),
        right="A module moves its own parameters; a tensor stays, and .to returns a moved copy.",
        wrong={
            "rows": "It is the other way round: the module moves in place, the tensor does not.",
            "both": "The moved copy of rows was returned and thrown away; rows itself stayed.",
            "neither": "That would be so for two tensors. A module replaces its own parameters.",
        },
    ),
    "mean-of-batches": Prediction(
        asks="a number with two decimals",
        right="(50 · 0.2 + 50 · 0.2 + 1 · 5.2) / 101: one sample in 101 has little weight.",
        wrong={
            1.87: "That is (0.2 + 0.2 + 5.2) / 3, in which one sample counts as much as fifty.",
            1.867: "That is (0.2 + 0.2 + 5.2) / 3, in which one sample counts as much as fifty.",
            1.9: "That is (0.2 + 0.2 + 5.2) / 3, in which one sample counts as much as fifty.",
            0.2: "The single sample counts little, but not nothing: it adds 5.2 / 101.",
            5.6: "That is the sum of the batch means.",
            25.2: "That is the sum over all samples; divide it by 101.",
        },
        low="The first 100 samples bring it to 20 / 101, nearly 0.2; the last one adds 5.2 / 101.",
        high="Each batch mean must be multiplied by its number of samples: 50, 50 and 1.",
        within=0.004,
    ),
    "kept-reference": Prediction(
        choices=("best", "last"),
        right="A state_dict holds the model's own tensors, and training went on writing into them.",
        wrong={
            "best": "A state_dict is no photograph: its tensors share memory with the model's.",
        },
    ),
    "pooled": Prediction(
        asks="a whole number",
        right="28, 14, 7 and then 3: the seventh row and the seventh column fill no block.",
        wrong={
            3.5: "Half of 7, but there are no half pixels: what fills no block is left out.",
            4: "Pooling leaves out what fills no block; it does not round up.",
            7: "That is the side after two poolings. There are three.",
            14: "That is the side after one pooling. There are three.",
            28: "The convolutions keep the side, because of the padding; pooling halves it.",
            22: "That is three convolutions without padding, and no pooling.",
        },
        low="Each pooling halves the side, from 28 on; what fills no block is left out.",
        high="Each pooling halves the side, from 28 on; what fills no block is left out.",
    ),
    "dropout": Prediction(
        asks="a number",
        right="What is left is divided by 0.75, so that the mean stays 1.",
        wrong={
            1: "So it is in evaluation mode. In training mode the mean would then sink to 0.75.",
            0.75: "That is the share that is left. What is left is divided by it, not multiplied.",
            1.25: "Close: the factor is 1 / (1 - 0.25), not 1 + 0.25.",
            4: "That would be 1 / 0.25; but 0.25 is the share that is removed.",
        },
        low="What is left grows, to make up for the zeros: 1 / (1 - 0.25).",
        high="What is left grows by the factor 1 / (1 - 0.25).",
        within=0.01,
    ),
    "no-grad": Prediction(
        choices=("yes", "no"),
        right="It stops gradients; the mode of the layers is another switch.",
        wrong={
            "yes": "no_grad stops gradients only. The running mean is a buffer, which has none, "
            "and the layer was in training mode.",
        },
    ),
    "shuffled": Prediction(
        asks="a percentage",
        right="Each answer is compared with the label of some other digit: one in ten fits.",
        wrong={
            99: "The model is as good as before, but the labels stand in another order.",
            100: "The model is as good as before, but the labels stand in another order.",
            0: "Some fit by chance: there are ten digits, so about one in ten.",
            0.1: "That would be a tenth of a percent. Type 10 for a tenth.",
        },
        low="With ten digits about one comparison in ten fits by chance.",
        high="The order no longer matches, so only chance is left: about one in ten.",
        within=8.0,
    ),
}
