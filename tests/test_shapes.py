"""The made folder holds what people's folders hold, and repeats."""

from collections import Counter

import numpy as np
from PIL import Image

from helpers.audit import audit_folder
from helpers.shapes import SHAPES, draw_shape, make_shapes


def test_sizes_modes_and_formats_are_mixed(tmp_path):
    root = make_shapes(tmp_path / "shapes", each=16)
    assert sorted(path.name for path in root.iterdir()) == sorted(SHAPES)
    kinds, sizes = Counter(), set()
    for path in root.glob("*/*"):
        with Image.open(path) as image:
            kinds[image.format, image.mode] += 1
            sizes.add(image.size)
    assert set(kinds) == {
        ("JPEG", "RGB"), ("JPEG", "L"), ("PNG", "RGB"), ("PNG", "L"), ("PNG", "RGBA"), ("PNG", "P")
    }  # fmt: skip
    assert kinds.total() == 48 and len(sizes) > 30
    assert not any(finding.skip for finding in audit_folder(root))


def test_the_same_seed_gives_the_same_files(tmp_path):
    once, again = make_shapes(tmp_path / "a", each=4), make_shapes(tmp_path / "b", each=4)
    for path in once.glob("*/*"):
        assert path.read_bytes() == (again / path.relative_to(once)).read_bytes()


def test_the_ink_is_dark_and_inside():
    for shape in SHAPES:
        for seed in range(20):
            pixels = np.asarray(draw_shape(shape, np.random.default_rng(seed)).convert("L"))
            assert pixels.min() < 130 and pixels.max() > 190
            assert pixels[0, 0] > 190 and 40 <= min(pixels.shape) <= max(pixels.shape) <= 120
