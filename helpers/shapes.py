"""Make a small folder of pictures as people keep them: mixed sizes, modes and file formats.

Three classes, circle, square and triangle, drawn with a thick pen on light paper.
"""

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

SHAPES = ("circle", "square", "triangle")
MODES = ("RGB", "L", "RGBA", "P")  # a JPEG takes the first two


def draw_shape(shape: str, rng: np.random.Generator) -> Image.Image:
    """Draw one shape of any size, colour and place.

    Args:
        shape: One of ``SHAPES``.
        rng: The source of the randomness.

    Returns:
        A colour image (mode ``"RGB"``), 40 to 120 pixels high and wide, dark on light.

    """
    width, height = (int(side) for side in rng.integers(40, 121, size=2))
    radius = rng.uniform(0.32, 0.46) * min(width, height)
    x, y = rng.uniform(radius, width - radius), rng.uniform(radius, height - radius)
    paper = tuple(int(value) for value in rng.integers(200, 256, size=3))
    ink = tuple(int(value) for value in rng.integers(0, 120, size=3))
    image = Image.new("RGB", (width, height), paper)
    pen = ImageDraw.Draw(image)
    line = max(3, round(radius / 4))
    if shape == "circle":
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), outline=ink, width=line)
    else:
        num_sides, turn = (3 if shape == "triangle" else 4), float(rng.uniform(-20, 20))
        pen.regular_polygon((x, y, radius), num_sides, rotation=turn, outline=ink, width=line)
    return image


def make_shapes(folder: str | Path, *, each: int = 30, seed: int = 0) -> Path:
    """Write the pictures, a folder for each class; the same arguments give the same pixels.

    Args:
        folder: Where; it is made.
        each: Pictures of each class.
        seed: Seed of the variation.

    Returns:
        The folder.

    """
    folder = Path(folder)
    rng = np.random.default_rng(seed)
    for shape in SHAPES:
        (folder / shape).mkdir(parents=True, exist_ok=True)
        for number in range(each):
            mode = MODES[number % len(MODES)]
            suffix = "jpg" if mode in ("RGB", "L") and number % 8 < 4 else "png"
            image = draw_shape(shape, rng).convert(mode)
            image.save(folder / shape / f"{shape}_{number:02d}.{suffix}")
    return folder
