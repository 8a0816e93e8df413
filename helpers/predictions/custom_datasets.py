"""The questions that notebook 05 asks."""

from helpers.predictions import Prediction

PREDICTIONS: dict[str, Prediction] = {
    "checksum-digits": Prediction(
        asks="a whole number from 0 to 64",
        right="Every digit depends on every byte, and two digits drawn at random differ 15 times "
        "in 16.",
        wrong={
            1: "That would be so if each letter made a digit of its own. Each digit depends on "
            "all of the letters.",
            32: "Half of the bits differ, and a digit is four bits: it stays the same only if all "
            "four do, once in 16 times.",
        },
        within=4,
        low="Similar texts do not get similar checksums: nearly all of the digits change.",
        high="There are only 64 digits, and by chance about 4 of them stay the same.",
    ),
    "imagefolder-shape": Prediction(
        asks="a shape, such as (2, 28, 28)",
        right="ImageFolder opens every file as RGB: one grey channel becomes three equal ones.",
        wrong={
            (1, 28, 28): "That is what the file holds, and what our own class gives. ImageFolder "
            "converts every image to RGB.",
            (28, 28): "Images as tensors keep a dimension for the channels, and ImageFolder makes "
            "three of them.",
            (28, 28, 3): "Three channels is right. ToImage puts them first.",
        },
    ),
    "class-number": Prediction(
        asks="a whole number",
        right='Names are text, and text is compared sign by sign: "10" stands before "2".',
        wrong={
            3: "That is its place among the numbers 1, 2, 3, 10. The names are sorted as text.",
            4: "Classes are counted from 0, and the names are sorted as text, not as numbers.",
            2: "Counted from 1, as the second of the names. Classes are counted from 0.",
            10: "The name of the folder is not used as a number, only its place among the names.",
        },
    ),
    "largest-value": Prediction(
        asks="a number",
        right="Only the type changes; the values stay bytes.",
        wrong={
            1: "ToTensor, of older code, divides by 255. ToDtype does it only with scale=True.",
            256: "A byte holds 256 different values, from 0 to 255.",
        },
    ),
    "shuffled-test": Prediction(
        asks="a percentage",
        right="Each answer meets the label of another image, and one in ten letters agrees by "
        "chance.",
        wrong={
            0: "Not quite: with ten letters, one pair in ten agrees by chance.",
            98: "That is the accuracy against the labels that came with the batches. Those kept "
            "aside stand in another order.",
            50: "There are ten letters, so that chance is right one time in ten.",
        },
        within=5,
        low="Chance alone gives about one in ten.",
        high="The answers are as good as before, and the labels kept aside belong to other images.",
    ),
    "picture-mean": Prediction(
        asks="a number from 0 to 1",
        right="Nearly all of the picture is light paper.",
        wrong={
            0.12: "That would be so if the ink were light and the paper dark, as in the training "
            "set. Here it is the other way round.",
            0.88: "Turned round is right. But this letter is thin and small on a large sheet.",
            0.5: "Ink and paper would have to share the picture evenly.",
        },
        within=0.05,
        low="White is 1, and the paper takes nearly all of the picture.",
        high="White is 1, and there is some ink.",
    ),
    "frozen-base": Prediction(
        choices=("yes", "no"),
        right="Batch norm keeps a mean and a variance of what passes through. They are no "
        "parameters: requires_grad_ does not reach them, train() and eval() do.",
        wrong={
            "no": "No parameter changes. But batch norm also keeps a mean and a variance of what "
            "passes through, and in training mode each forward pass moves them.",
        },
    ),
}
