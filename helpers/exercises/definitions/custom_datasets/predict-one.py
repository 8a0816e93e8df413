"""
title = "One picture, one name"
kind = "write"
level = 3
minutes = 9
concepts = ["C13"]
tolerance = 1e-5
task = '''The file `checkpoint` was written with `torch.save` and holds a dict: `"model"` (a `state_dict`), `"classes"` (a list of names), `"mean"` and `"std"` (numbers). Load the weights into `model`, and let it answer the picture in the file `picture`: read it as grey (mode L), make it a tensor (1, 1, H, W) float32 from 0 to 1, and normalise it. Return the name of the class and its probability, a number (`float`). The picture has the size that the network needs.'''
right = "Weights, names and numbers travel in one file, so the answer does not depend on what a notebook happens to hold."
hints = [
    "Go through what training did with an image, step by step. And in which mode must the network be?",
    "`torch.load(checkpoint, weights_only=True)`, `model.load_state_dict`, `model.eval()`, `Image.open(picture).convert('L')`, `softmax(dim=1)`, `argmax`.",
    "`pixels = np.array(Image.open(picture).convert('L'))`, `x = torch.from_numpy(pixels)[None, None] / 255`, normalise it; `probabilities = model(x).softmax(dim=1).squeeze(0)`, `best = int(...)`; return the name at `best` and its probability.",
]
"""

# %% setup
import tempfile
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import nn


# %% stub
def predict_picture(model: torch.nn.Module, checkpoint: Path, picture: Path) -> tuple[str, float]:
    """Return the name of the class that the picture shows, and its probability."""
    ...


# %% solution
def predict_picture(model, checkpoint, picture):
    saved = torch.load(checkpoint, weights_only=True)
    model.load_state_dict(saved["model"])
    model.eval()
    pixels = np.array(Image.open(picture).convert("L"))
    x = torch.from_numpy(pixels)[None, None] / 255
    with torch.inference_mode():
        probabilities = model((x - saved["mean"]) / saved["std"]).softmax(dim=1).squeeze(0)
    best = int(probabilities.argmax())
    return saved["classes"][best], probabilities[best].item()


# %% also right: the largest of both, and normalised in NumPy
def predict_picture(model, checkpoint, picture):
    saved = torch.load(checkpoint, map_location="cpu")
    model.load_state_dict(saved["model"])
    model.train(False)
    with Image.open(picture) as image:
        pixels = np.asarray(image.convert("L"), dtype=np.float32) / 255
    x = torch.tensor((pixels - saved["mean"]) / saved["std"], dtype=torch.float32)
    with torch.no_grad():
        sureness, number = torch.softmax(model(x.view(1, 1, *x.shape)).squeeze(0), 0).max(0)
    return saved["classes"][number], float(sureness)


# %% also right: pixel values from Pillow, and the softmax by hand
def predict_picture(model, checkpoint, picture):
    saved = torch.load(checkpoint)
    model.load_state_dict(saved["model"])
    image = Image.open(picture).convert("L")
    width, height = image.size
    x = torch.tensor(list(image.tobytes()), dtype=torch.float32).div(255)
    x = x.sub(saved["mean"]).div(saved["std"]).reshape(1, 1, height, width)
    scores = model.eval()(x).flatten().tolist()
    powers = [2.718281828459045 ** (score - max(scores)) for score in scores]
    best = powers.index(max(powers))
    return [saved["classes"][best], powers[best] / sum(powers)]


# %% wrong: The network is still in training mode: its dropout switches off a part of it at random.
def predict_picture(model, checkpoint, picture):
    saved = torch.load(checkpoint, weights_only=True)
    model.load_state_dict(saved["model"])
    x = torch.from_numpy(np.array(Image.open(picture).convert("L")))[None, None] / 255
    with torch.inference_mode():
        probabilities = model((x - saved["mean"]) / saved["std"]).softmax(dim=1)[0]
    best = int(probabilities.argmax())
    return saved["classes"][best], probabilities[best].item()


# %% wrong: The picture was not normalised: the network gets other numbers than it has learned from.
def predict_picture(model, checkpoint, picture):
    saved = torch.load(checkpoint, weights_only=True)
    model.load_state_dict(saved["model"])
    model.eval()
    x = torch.from_numpy(np.array(Image.open(picture).convert("L")))[None, None] / 255
    with torch.inference_mode():
        probabilities = model(x).softmax(dim=1)[0]
    best = int(probabilities.argmax())
    return saved["classes"][best], probabilities[best].item()


# %% wrong: The pixels go up to 255; they must be scaled to the range from 0 to 1 before they are normalised.
def predict_picture(model, checkpoint, picture):
    saved = torch.load(checkpoint, weights_only=True)
    model.load_state_dict(saved["model"])
    model.eval()
    x = torch.from_numpy(np.array(Image.open(picture).convert("L")))[None, None].float()
    with torch.inference_mode():
        probabilities = model((x - saved["mean"]) / saved["std"]).softmax(dim=1)[0]
    best = int(probabilities.argmax())
    return saved["classes"][best], probabilities[best].item()


# %% wrong: The picture was normalised with 0.5 and 0.5, and not with the numbers in the file.
def predict_picture(model, checkpoint, picture):
    saved = torch.load(checkpoint, weights_only=True)
    model.load_state_dict(saved["model"])
    model.eval()
    x = torch.from_numpy(np.array(Image.open(picture).convert("L")))[None, None] / 255
    with torch.inference_mode():
        probabilities = model((x - 0.5) / 0.5).softmax(dim=1)[0]
    best = int(probabilities.argmax())
    return saved["classes"][best], probabilities[best].item()


# %% wrong: The picture was normalised with its own mean and standard deviation; the network has learned with those in the file.
def predict_picture(model, checkpoint, picture):
    saved = torch.load(checkpoint, weights_only=True)
    model.load_state_dict(saved["model"])
    model.eval()
    x = torch.from_numpy(np.array(Image.open(picture).convert("L")))[None, None] / 255
    with torch.inference_mode():
        probabilities = model((x - x.mean()) / x.std()).softmax(dim=1)[0]
    best = int(probabilities.argmax())
    return saved["classes"][best], probabilities[best].item()


# %% wrong: The weights were not loaded: the network answers as it was made, by chance.
def predict_picture(model, checkpoint, picture):
    saved = torch.load(checkpoint, weights_only=True)
    model.eval()
    x = torch.from_numpy(np.array(Image.open(picture).convert("L")))[None, None] / 255
    with torch.inference_mode():
        probabilities = model((x - saved["mean"]) / saved["std"]).softmax(dim=1)[0]
    best = int(probabilities.argmax())
    return saved["classes"][best], probabilities[best].item()


# %% wrong: This is the number of the class; its name was asked for.
def predict_picture(model, checkpoint, picture):
    saved = torch.load(checkpoint, weights_only=True)
    model.load_state_dict(saved["model"])
    model.eval()
    x = torch.from_numpy(np.array(Image.open(picture).convert("L")))[None, None] / 255
    with torch.inference_mode():
        probabilities = model((x - saved["mean"]) / saved["std"]).softmax(dim=1)[0]
    best = int(probabilities.argmax())
    return best, probabilities[best].item()


# %% wrong: The names were sorted; the place of a name in the saved list is its class number.
def predict_picture(model, checkpoint, picture):
    saved = torch.load(checkpoint, weights_only=True)
    model.load_state_dict(saved["model"])
    model.eval()
    x = torch.from_numpy(np.array(Image.open(picture).convert("L")))[None, None] / 255
    with torch.inference_mode():
        probabilities = model((x - saved["mean"]) / saved["std"]).softmax(dim=1)[0]
    best = int(probabilities.argmax())
    return sorted(saved["classes"])[best], probabilities[best].item()


# %% wrong: This is the largest raw score (logit) of the network; `softmax` makes probabilities of the scores.
def predict_picture(model, checkpoint, picture):
    saved = torch.load(checkpoint, weights_only=True)
    model.load_state_dict(saved["model"])
    model.eval()
    x = torch.from_numpy(np.array(Image.open(picture).convert("L")))[None, None] / 255
    with torch.inference_mode():
        scores = model((x - saved["mean"]) / saved["std"])[0]
    return saved["classes"][int(scores.argmax())], scores.max().item()


# %% wrong: `softmax(dim=0)` runs over the batch, which has one picture: every probability is then 1.
def predict_picture(model, checkpoint, picture):
    saved = torch.load(checkpoint, weights_only=True)
    model.load_state_dict(saved["model"])
    model.eval()
    x = torch.from_numpy(np.array(Image.open(picture).convert("L")))[None, None] / 255
    with torch.inference_mode():
        scores = model((x - saved["mean"]) / saved["std"])
    best = int(scores.argmax())
    return saved["classes"][best], scores.softmax(dim=0)[0, best].item()


# %% wrong: The probability is still a tensor; a plain number was asked for.
def predict_picture(model, checkpoint, picture):
    saved = torch.load(checkpoint, weights_only=True)
    model.load_state_dict(saved["model"])
    model.eval()
    x = torch.from_numpy(np.array(Image.open(picture).convert("L")))[None, None] / 255
    with torch.inference_mode():
        probabilities = model((x - saved["mean"]) / saved["std"]).softmax(dim=1)[0]
    best = int(probabilities.argmax())
    return saved["classes"][best], probabilities[best]


# %% wrong: The network takes (1, 1, H, W): the dimensions of the batch and of the channel are missing.
def predict_picture(model, checkpoint, picture):
    saved = torch.load(checkpoint, weights_only=True)
    model.load_state_dict(saved["model"])
    model.eval()
    x = torch.from_numpy(np.array(Image.open(picture).convert("L"))) / 255
    with torch.inference_mode():
        probabilities = model((x - saved["mean"]) / saved["std"]).softmax(dim=-1)
    best = int(probabilities.argmax())
    return saved["classes"][best], probabilities.max().item()


# %% wrong: A picture in colour was not made grey: it has three times as many numbers as the network takes.
def predict_picture(model, checkpoint, picture):
    saved = torch.load(checkpoint, weights_only=True)
    model.load_state_dict(saved["model"])
    model.eval()
    x = torch.from_numpy(np.array(Image.open(picture)))[None, None] / 255
    with torch.inference_mode():
        probabilities = model((x - saved["mean"]) / saved["std"]).softmax(dim=1)[0]
    best = int(probabilities.argmax())
    return saved["classes"][best], probabilities[best].item()


# %% wrong: The file holds more than weights: they are in the dict under "model".
def predict_picture(model, checkpoint, picture):
    model.load_state_dict(torch.load(checkpoint, weights_only=True))


# %% wrong: `softmax(dim=0)` runs over the batch, which has one picture: every probability is then 1, and no class is more probable than the first.
def predict_picture(model, checkpoint, picture):
    saved = torch.load(checkpoint, weights_only=True)
    model.load_state_dict(saved["model"])
    model.eval()
    x = torch.from_numpy(np.array(Image.open(picture).convert("L")))[None, None] / 255
    with torch.inference_mode():
        probabilities = model((x - saved["mean"]) / saved["std"]).softmax(dim=0)[0]
    best = int(probabilities.argmax())
    return saved["classes"][best], probabilities[best].item()


# %% wrong: Only the mean was divided by the standard deviation, and not the difference: Python divides before it subtracts.
def predict_picture(model, checkpoint, picture):
    saved = torch.load(checkpoint, weights_only=True)
    model.load_state_dict(saved["model"])
    model.eval()
    x = torch.from_numpy(np.array(Image.open(picture).convert("L")))[None, None] / 255
    with torch.inference_mode():
        probabilities = model(x - saved["mean"] / saved["std"]).softmax(dim=1)[0]
    best = int(probabilities.argmax())
    return saved["classes"][best], probabilities[best].item()


# %% wrong: `sigmoid` looks at each score by itself, so these numbers do not add up to 1 over the classes.
def predict_picture(model, checkpoint, picture):
    saved = torch.load(checkpoint, weights_only=True)
    model.load_state_dict(saved["model"])
    model.eval()
    x = torch.from_numpy(np.array(Image.open(picture).convert("L")))[None, None] / 255
    with torch.inference_mode():
        probabilities = model((x - saved["mean"]) / saved["std"]).sigmoid()[0]
    best = int(probabilities.argmax())
    return saved["classes"][best], probabilities[best].item()


# %% wrong: The network got (1, H, W), which lacks a dimension. The answer is right by luck: a network with a convolution would take this for another thing.
def predict_picture(model, checkpoint, picture):
    saved = torch.load(checkpoint, weights_only=True)
    model.load_state_dict(saved["model"])
    model.eval()
    x = torch.from_numpy(np.array(Image.open(picture).convert("L")))[None] / 255
    with torch.inference_mode():
        probabilities = model((x - saved["mean"]) / saved["std"]).softmax(dim=1)[0]
    best = int(probabilities.argmax())
    return saved["classes"][best], probabilities[best].item()


# %% wrong: The probability is still a tensor of shape (1,), one number for each picture of the batch; a plain number was asked for.
def predict_picture(model, checkpoint, picture):
    saved = torch.load(checkpoint, weights_only=True)
    model.load_state_dict(saved["model"])
    model.eval()
    x = torch.from_numpy(np.array(Image.open(picture).convert("L")))[None, None] / 255
    with torch.inference_mode():
        probability, best = model((x - saved["mean"]) / saved["std"]).softmax(dim=1).max(dim=1)
    return saved["classes"][best], probability


# %% cases
class Network(nn.Sequential):
    """A linear layer behind a dropout."""

    def __repr__(self):
        return "a network"


def network(height, width, classes):
    return Network(nn.Flatten(), nn.Dropout(0.5), nn.Linear(height * width, classes))


def cases():
    first = torch.tensor([[0, 255, 51], [102, 255, 0]])
    yield network(2, 3, 3), first, "L", ["owl", "cat", "dog"], 0.2, 0.4
    yield network(8, 8, 3), torch.randint(0, 60, (8, 8)), "L", ["owl", "cat", "dog"], 0.7, 0.3
    yield network(6, 4, 4), torch.randint(0, 256, (6, 4)), "RGB", ["d", "c", "b", "a"], 0.6, 0.2


def observe(answer, model, pixels, mode, classes, mean, std):
    trained = network(*pixels.shape, len(classes))
    trained[2].weight.data *= 0.05  # so that no answer gives a probability of 1 by accident
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        picture, checkpoint = Path(name) / "my_picture.png", Path(name) / "trained.pt"
        image = Image.fromarray(pixels.to(torch.uint8).numpy())
        if mode == "RGB":
            image = Image.merge("RGB", [image, image.point(lambda v: v // 2), image])
        image.save(picture)
        saved = {"model": trained.state_dict(), "classes": classes, "mean": mean, "std": std}
        torch.save(saved, checkpoint)
        got = []
        model.register_forward_pre_hook(lambda module, inputs: got.append(tuple(inputs[0].shape)))
        result = answer(model, checkpoint, picture)
    if result is None:
        return None
    what = f"an object of type {type(result).__name__}"
    if isinstance(result, tuple | list):
        what = f"{len(result)} results"
    name, probability = result if what == "2 results" else (None, None)
    return {
        "the result": what,
        "the class": name,
        "the probability": probability,
        "what the network got": f"shape {got[0]}" if got else "nothing",
    }
