"""
title = "Upright, and in colour"
kind = "write"
level = 1
minutes = 4
concepts = ["C08"]
task = '''Open the picture at `path` and return it as a Pillow image of mode RGB, turned as its EXIF note says. A picture may be grey, have a palette (mode P) or have a transparent background; opaque pixels keep their colour, and what is transparent becomes white (no pixel is half transparent).'''
right = "With this as its reader, a dataset takes pictures from phones, scanners and the web."
hints = [
    "Three things to mend: the turn, what is transparent, and the mode. Only one of them needs a function other than `convert`, `new` and `alpha_composite`.",
    "`ImageOps.exif_transpose(image)` returns a turned image. `Image.alpha_composite(paper, image)` lays one image of mode RGBA on another of the same size.",
    "`image = ImageOps.exif_transpose(Image.open(path)).convert('RGBA')`, then `paper = Image.new('RGBA', image.size, 'white')`; lay the image on the paper, and convert once more.",
]
"""

# %% setup
import os
import tempfile
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageOps

Image.init()  # finds the readers of all formats, which costs time once


# %% stub
def open_rgb(path: Path) -> Image.Image:
    """Return the picture upright, in mode RGB, on white paper."""
    ...


# %% solution
def open_rgb(path):
    image = ImageOps.exif_transpose(Image.open(path)).convert("RGBA")
    paper = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(paper, image).convert("RGB")


# %% also right: paste with a mask, and turn at the end
def open_rgb(path):
    with Image.open(path) as image:
        clear = image.convert("RGBA")
        paper = Image.new("RGB", image.size, (255, 255, 255))
        paper.paste(clear, mask=clear.getchannel("A"))
        turn = image.getexif().get(0x0112, 1)
    method = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }.get(turn)
    return paper if method is None else paper.transpose(method)


# %% also right: turned in place
def open_rgb(path):
    image = Image.open(path)
    image.load()
    ImageOps.exif_transpose(image, in_place=True)
    if image.has_transparency_data:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, (255, 255, 255, 255))
        white.alpha_composite(image)
        image = white
    return image.convert("RGB")


# %% also right: mixed by hand
def open_rgb(path):
    values = np.asarray(ImageOps.exif_transpose(Image.open(path)).convert("RGBA")).astype(float)
    ink = values[:, :, 3:] / 255
    mixed = values[:, :, :3] * ink + 255 * (1 - ink)
    return Image.fromarray(mixed.round().astype(np.uint8))


# %% wrong: The notes that say how far to turn were obeyed; others say that the picture must be mirrored too.
def open_rgb(path):
    image = Image.open(path)
    turn = {3: 180, 6: 270, 8: 90}.get(image.getexif().get(0x0112), 0)
    image = image.convert("RGBA").rotate(turn, expand=True)
    paper = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(paper, image).convert("RGB")


# %% wrong: Modes RGBA and LA were looked at for transparent parts; a picture with a palette (mode P) may have them too.
def open_rgb(path):
    image = ImageOps.exif_transpose(Image.open(path))
    if image.mode in ("RGBA", "LA"):
        image = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(paper, image)
    return image.convert("RGB")


# %% wrong: Only mode RGBA was looked at for transparent parts. Grey pictures may have them too (mode LA), and those with a palette as well.
def open_rgb(path):
    image = ImageOps.exif_transpose(Image.open(path))
    if image.mode == "RGBA":
        paper = Image.new("RGB", image.size, "white")
        paper.paste(image, mask=image.getchannel("A"))
        return paper
    return image.convert("RGB")


# %% wrong: The picture lies on its side: `Image.open` does not obey the EXIF note; `exif_transpose` does, but returns a new image, and finds no note in one that was newly made.
def open_rgb(path):
    image = Image.open(path).convert("RGBA")
    paper = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(paper, image).convert("RGB")


# %% wrong: What is transparent shows the colour that lay hidden there, mostly black: `convert("RGB")` lets the transparency fall away, and so does a paste without a mask.
def open_rgb(path):
    return ImageOps.exif_transpose(Image.open(path)).convert("RGB")


# %% wrong: Neither the EXIF note nor the transparency was looked at: `convert("RGB")` changes the mode and nothing else.
def open_rgb(path):
    return Image.open(path).convert("RGB")


# %% wrong: The transparent parts became black; white paper was asked for.
def open_rgb(path):
    image = ImageOps.exif_transpose(Image.open(path)).convert("RGBA")
    paper = Image.new("RGBA", image.size, "black")
    return Image.alpha_composite(paper, image).convert("RGB")


# %% wrong: The mode is RGBA still, with four channels; a network for RGB takes three.
def open_rgb(path):
    image = ImageOps.exif_transpose(Image.open(path)).convert("RGBA")
    paper = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(paper, image)


# %% wrong: Grey pictures stay grey, in mode L, with one channel; mode RGB was asked for.
def open_rgb(path):
    image = ImageOps.exif_transpose(Image.open(path))
    if image.mode == "L":
        return image
    image = image.convert("RGBA")
    paper = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(paper, image).convert("RGB")


# %% wrong: The colours are lost: the picture was made grey on the way.
def open_rgb(path):
    image = ImageOps.exif_transpose(Image.open(path)).convert("RGBA")
    paper = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(paper, image).convert("L").convert("RGB")


# %% wrong: Pictures that are higher than wide were turned, whatever the note says: the shape does not tell how the camera was held.
def open_rgb(path):
    image = Image.open(path).convert("RGBA")
    if image.height > image.width:
        image = image.transpose(Image.Transpose.ROTATE_270)
    paper = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(paper, image).convert("RGB")


# %% wrong: This is an array; a Pillow image was asked for, which transforms such as `Resize` take.
def open_rgb(path):
    image = ImageOps.exif_transpose(Image.open(path)).convert("RGBA")
    paper = Image.new("RGBA", image.size, "white")
    return np.asarray(Image.alpha_composite(paper, image).convert("RGB"))


# %% wrong: The paper was laid on the picture and covers it: all is white.
def open_rgb(path):
    image = ImageOps.exif_transpose(Image.open(path)).convert("RGBA")
    paper = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(image, paper).convert("RGB")


# %% wrong: A fourth channel was asked for, and only a picture of mode RGBA has one.
def open_rgb(path):
    image = ImageOps.exif_transpose(Image.open(path))
    paper = Image.new("RGB", image.size, "white")
    paper.paste(image, mask=image.split()[3])
    return paper


# %% cases
def cases():
    yield "RGB", 1
    yield "RGB", 6
    yield "L", 1
    yield "RGBA", 1
    yield "P", 1
    yield "L", 3
    yield "RGBA", 8
    yield "RGB", 2
    yield "LA", 5
    yield "P with a transparent colour", 1


def observe(answer, mode, orientation):
    rgb = np.array(
        [[[250, 0, 0], [0, 200, 0]], [[0, 0, 150], [90, 90, 90]], [[9, 9, 9], [255, 255, 0]]],
        dtype=np.uint8,
    )
    image = Image.fromarray(rgb)
    if mode in ("RGBA", "LA"):
        image.putalpha(Image.fromarray(np.array([[255, 0], [255, 255], [0, 255]], dtype=np.uint8)))
    image = image.convert(mode.split()[0])
    exif = Image.Exif()
    exif[0x0112] = orientation
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        clear = {"transparency": image.getpixel((1, 0))} if " " in mode else {}
        image.save(Path(folder) / "picture.png", exif=exif, **clear)
        image = answer(Path(folder) / "picture.png")
        if image is None:
            return None
        if not isinstance(image, Image.Image):
            seen = {"the result": f"an object of type {type(image).__name__}", "the mode": ""}
            return {**seen, "the size (width, height)": (), "the pixels": None}
        seen = {"the result": "a Pillow image", "the mode": image.mode}
        seen["the size (width, height)"] = tuple(image.size)
        return {**seen, "the pixels": torch.from_numpy(np.array(image))}
