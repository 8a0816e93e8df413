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
            2: "The empty folder 3 keeps its place with allow_empty=True, and the names are sorted "
            "as text and counted from 0: 1, 10, 2, 3.",
            10: "The name of the folder is not used as a number, only its place among the names.",
        },
    ),
    "resize-one-number": Prediction(
        asks="a width and a height, such as (100, 50)",
        right="The shorter side gets the number, and the other keeps the proportion.",
        wrong={
            (28, 28): "That would be Resize((28, 28)). With one number the shorter side gets it, "
            "and the other keeps the proportion.",
            (28, 42): "The right numbers, turned round: the picture is wider than high, and Pillow "
            "gives the width first.",
            (28, 19): "28 goes to the shorter side, here the height.",
            (28, 18): "28 goes to the shorter side, here the height.",
            (28, 60): "Only one side would change then, and the picture would be squeezed.",
        },
    ),
    "fonts-on-both-sides": Prediction(
        asks="a whole number from 0 to 23",
        right="Of the 100 images of a font about 20 are drawn: hardly ever none, hardly ever all.",
        wrong={
            0: "Only a split by font gives that. Here single images were drawn, whatever their "
            "font.",
            5: "One in five of the images was drawn, not one in five of the fonts.",
            18: "One in five of the images was drawn, not one in five of the fonts.",
        },
        low="Of the 100 images of a font about 20 are drawn: hardly ever none, hardly ever all.",
        high="There are only 23 fonts.",
    ),
    "picture-mean": Prediction(
        asks="a number from 0 to 1",
        right="Nearly all of the picture is light paper.",
        wrong={
            0.12: "Here the ink is dark and the paper light, the other way round. And the letter "
            "is thin and small: even inverted, the mean would be lower than that.",
            0.88: "Turned round is right. But this letter is thin and small on a large sheet.",
            0.5: "Ink and paper would have to share the picture evenly.",
        },
        within=0.02,
        low="White is 1, and the paper takes nearly all of the picture.",
        high="Scaled pixels lie between 0 and 1, white is 1, and there is some ink.",
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
