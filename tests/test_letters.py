"""The letter set: complete, varied, the same each time."""

import csv
import io
import zipfile
from collections import Counter

import numpy as np
import pytest
from PIL import Image

from helpers.downloads import file_hash, unzip
from helpers.letters import IMAGE_SIZE, LETTERS, draw_letter, letter_fonts, make_letters


@pytest.fixture(scope="module")
def letters(tmp_path_factory):
    return make_letters(tmp_path_factory.mktemp("letters") / "letters.zip", variants=2)


def read_rows(path):
    with zipfile.ZipFile(path) as archive:
        return list(csv.DictReader(io.StringIO(archive.read("labels.csv").decode())))


def test_every_letter_in_every_font(letters):
    rows = read_rows(letters)
    counts = Counter((row["label"], row["font"]) for row in rows)
    assert len(letter_fonts()) >= 20
    assert counts == {(letter, font): 2 for letter in LETTERS for font in letter_fonts()}
    assert len({row["file"] for row in rows}) == len(rows)


def test_every_image_shows_a_letter(letters, tmp_path):
    written = unzip(letters, tmp_path)
    images = [np.asarray(Image.open(path)) for path in written if path.suffix == ".png"]
    assert {image.shape for image in images} == {(IMAGE_SIZE, IMAGE_SIZE)}
    ink = np.array([(image > 100).mean() for image in images])
    edge = np.array([np.concatenate([im[0], im[-1], im[:, 0], im[:, -1]]).mean() for im in images])
    assert ink.min() > 0.02  # something is drawn
    assert np.quantile(edge, 0.99) < 60  # and it is not cut off
    assert len({image.tobytes() for image in images}) == len(images)  # no two alike


def test_the_same_seed_gives_the_same_file(letters, tmp_path):
    again = make_letters(tmp_path / "again.zip", variants=2)
    assert file_hash(again) == file_hash(letters)
    other = make_letters(tmp_path / "other.zip", variants=2, seed=1)
    assert file_hash(other) != file_hash(letters)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["again.zip", "other.zip"]


def test_letters_differ_from_one_another():
    rng = np.random.default_rng(0)
    font = "DejaVuSans"
    means = {
        letter: np.mean([np.asarray(draw_letter(letter, font, rng)) for _ in range(30)], axis=0)
        for letter in LETTERS
    }
    distances = [np.abs(means[a] - means[b]).mean() for a in LETTERS for b in LETTERS if a < b]
    assert min(distances) > 2
