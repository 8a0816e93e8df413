"""Make a set of letter images from the fonts that Matplotlib ships.

The letters A to J, each drawn many times in each font, varied in size, angle, weight, place
and noise. The set comes as a zip with a CSV of labels, as sets from the web do, and its
``font`` column names the group that each image belongs to.
"""

import csv
import io
import zipfile
from functools import cache
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.ft2font import FT2Font
from PIL import Image, ImageDraw, ImageFont

from helpers.files import written_whole

LETTERS = "ABCDEFGHIJ"
IMAGE_SIZE = 28  # pixels, each side
NOT_LETTERS = ("LastResortHE-Regular", "cmex10")  # have the codes, draw boxes and brackets


@cache
def letter_fonts() -> dict[str, Path]:
    """Return Matplotlib's fonts that draw all of A to J: name and file, in order of name."""
    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    fonts = {}
    for path in sorted(folder.glob("*.ttf")):
        codes = FT2Font(str(path)).get_charmap()
        if path.stem not in NOT_LETTERS and all(ord(letter) in codes for letter in LETTERS):
            fonts[path.stem] = path
    return fonts


def draw_letter(letter: str, font: str, rng: np.random.Generator) -> Image.Image:
    """Draw one letter with random size, angle, weight, place and noise.

    Args:
        letter: One character.
        font: A name of ``letter_fonts()``.
        rng: The source of the randomness.

    Returns:
        A grey image (mode ``"L"``), 28 x 28 pixels, light ink on dark paper as in MNIST.

    """
    scale = 4  # drawn large, then reduced, for smooth edges
    side = IMAGE_SIZE * scale
    size = rng.integers(17, 25) * scale  # of the em square; a letter takes two thirds
    weight = int(rng.integers(0, 4))  # extra thickness of the stroke
    shift = rng.uniform(-2.5, 2.5, size=2) * scale
    pen = ImageFont.truetype(str(letter_fonts()[font]), size=int(size))
    sheet = Image.new("L", (side, side), 0)
    draw = ImageDraw.Draw(sheet)
    left, top, right, bottom = draw.textbbox((0, 0), letter, font=pen, stroke_width=weight)
    middle = side / 2 - (left + right) / 2 + shift[0], side / 2 - (top + bottom) / 2 + shift[1]
    draw.text(middle, letter, fill=255, font=pen, stroke_width=weight)
    sheet = sheet.rotate(float(rng.uniform(-20, 20)), resample=Image.Resampling.BILINEAR)
    small = sheet.resize((IMAGE_SIZE, IMAGE_SIZE), resample=Image.Resampling.BOX)
    pixels = np.asarray(small, dtype=np.float64) * rng.uniform(0.6, 1.0)
    pixels += rng.normal(0, rng.uniform(5, 35), size=pixels.shape)
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def make_letters(path: str | Path, *, variants: int = 10, seed: int = 0) -> Path:
    """Write the letter set as a zip: ``images/*.png`` and ``labels.csv``.

    The CSV has the columns ``file`` (``images/0001.png``), ``label`` (``A`` to ``J``) and
    ``font``. The same arguments give the same pixels.

    Args:
        path: The zip file to write; its folder is made.
        variants: Images of each letter in each font.
        seed: Seed of the variation.

    Returns:
        The path.

    """
    path = Path(path)
    rng = np.random.default_rng(seed)
    rows = [
        (letter, font) for font in letter_fonts() for letter in LETTERS for _ in range(variants)
    ]
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(["file", "label", "font"])
    with written_whole(path) as part, zipfile.ZipFile(part, "w") as archive:
        for number, (letter, font) in enumerate(rows):
            name = f"images/{number:04d}.png"
            png = io.BytesIO()
            draw_letter(letter, font, rng).save(png, format="PNG")
            archive.writestr(zipfile.ZipInfo(name), png.getvalue())  # no date: same bytes again
            writer.writerow([name, letter, font])
        archive.writestr(zipfile.ZipInfo("labels.csv"), table.getvalue())
    return path
