"""The audit names each bad file of a zoo, changes none, and is quiet about good ones."""

import shutil
import struct
import sys
import zlib

import numpy as np
import pytest
from PIL import Image, ImageOps

from helpers.audit import TURNS, audit_folder, audit_image, list_classes
from helpers.errors import InputError

GREY = Image.fromarray(np.random.default_rng(0).integers(0, 256, (24, 32), dtype=np.uint8))
COLOUR = Image.merge("RGB", [GREY, GREY.transpose(Image.Transpose.FLIP_LEFT_RIGHT), GREY])


def png_that_claims(width, height):
    """Return a PNG of a few bytes whose head announces any size."""

    def chunk(kind, data):
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b""))
        + chunk(b"IEND", b"")
    )


def turned(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif


def unlike(number):
    """Return a colour image that no other of the zoo equals."""
    return COLOUR.point(lambda value: (value + number) % 256)


@pytest.fixture
def root(tmp_path):
    """Two classes with one good image each."""
    for number, name in enumerate(("cats", "dogs")):
        (tmp_path / name).mkdir()
        unlike(number).save(tmp_path / name / "good.png")
    return tmp_path


def write_truncated(path):
    COLOUR.save(path, "PNG")
    path.write_bytes(path.read_bytes()[:600])


def write_truncated_jpeg(path):
    COLOUR.save(path, "JPEG")
    path.write_bytes(path.read_bytes()[:-300])


def write_flipped_bit(path):
    COLOUR.save(path, "PNG")
    content = bytearray(path.read_bytes())
    content[700] ^= 1
    path.write_bytes(content)


def write_palette(path):
    COLOUR.quantize(16).save(path)


def write_clear_palette(path):
    COLOUR.quantize(16).save(path, transparency=0)


def write_deep(path):
    Image.fromarray(np.full((24, 32), 1000, dtype=np.uint16)).save(path)


def write_float(path):
    Image.fromarray(np.full((24, 32), 0.5, dtype=np.float32)).save(path)


def write_frames(path):
    unlike(9).save(path, save_all=True, append_images=[unlike(10)])


# The name, how it is made, and a word of each finding.
ZOO = [
    ("cut.png", write_truncated, ["damaged"]),
    ("cut.jpg", write_truncated_jpeg, ["damaged"]),
    ("bit.png", write_flipped_bit, ["damaged"]),
    ("empty.png", lambda path: path.write_bytes(b""), ["empty"]),
    ("page.jpg", lambda path: path.write_text("<!DOCTYPE html>"), ["no image, whatever"]),
    ("grey.png", GREY.save, ["mode L"]),
    ("grey_alpha.png", lambda path: GREY.convert("LA").save(path), ["mode LA"]),
    ("clear.png", lambda path: COLOUR.convert("RGBA").save(path), ["mode RGBA"]),
    ("palette.png", write_palette, ["mode P"]),
    ("clear_palette.png", write_clear_palette, ["mode P"]),
    ("print.jpg", lambda path: COLOUR.convert("CMYK").save(path), ["mode CMYK"]),
    ("fax.png", lambda path: GREY.convert("1").save(path), ["mode 1"]),
    ("deep.png", write_deep, ["mode I"]),
    ("float.tiff", write_float, ["mode F"]),
    ("turned.jpg", lambda path: COLOUR.save(path, exif=turned(6)), ["turn it (orientation 6)"]),
    ("turned.png", lambda path: unlike(3).save(path, exif=turned(3)), ["turn it (orientation 3)"]),
    ("bomb.png", lambda path: path.write_bytes(png_that_claims(20_000, 20_000)), ["not opened"]),
    ("large.png", lambda path: path.write_bytes(png_that_claims(9_000, 9_000)), ["9000 x 9000"]),
    ("dot.png", lambda path: Image.new("RGB", (1, 1)).save(path), ["1 x 1"]),
    ("CAPITALS.PNG", lambda path: unlike(4).save(path), ["capitals"]),
    ("film.tiff", write_frames, ["2 pictures"]),
    ("notes.txt", lambda path: path.write_text("x"), ["'.txt'"]),
    ("film.gif", lambda path: unlike(5).save(path), ["'.gif'"]),
    ("no_suffix", lambda path: unlike(6).save(path, "PNG"), ["'nothing'"]),
    (
        "._good.png",
        lambda path: path.write_bytes(b"\x00\x05\x16\x07"),
        ["hidden file: ImageFolder"],
    ),
    (".DS_Store", lambda path: path.write_bytes(b"\x00"), ["hidden file"]),
    ("Thumbs.db", lambda path: path.write_bytes(b"\x00"), ["hidden file"]),
    ("twin.png", lambda path: shutil.copy(path.with_name("good.png"), path), ["same bytes as"]),
    ("both.jpg", lambda path: GREY.save(path, exif=turned(8)), ["mode L", "orientation 8"]),
    ("gone.png", lambda path: path.symlink_to(path.with_name("nothing.png")), ["damaged"]),
]


@pytest.mark.parametrize(("name", "write", "words"), ZOO, ids=[name for name, _, _ in ZOO])
def test_each_animal_of_the_zoo_is_named(root, name, write, words, seen):
    write(root / "cats" / name)
    found = audit_folder(root)
    assert [finding.file for finding in found] == [f"cats/{name}"] * len(words)
    for finding, word in zip(found, words, strict=True):
        assert word in finding.problem and finding.mend
    seen(" ".join(f"{finding.file}: {finding.problem}. {finding.mend}" for finding in found))


def test_the_whole_zoo_at_once_and_nothing_is_changed(root):
    for name, write, _ in ZOO:
        write(root / "cats" / name)
    files = [path for path in sorted(root.rglob("*")) if path.is_file()]
    before = [(path, path.read_bytes(), path.stat().st_mtime_ns) for path in files]
    assert {finding.file for finding in audit_folder(root)} == {
        f"cats/{name}" for name, _, _ in ZOO
    }
    assert before == [(path, path.read_bytes(), path.stat().st_mtime_ns) for path in files]
    assert files == [path for path in sorted(root.rglob("*")) if path.is_file()]


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".bmp", ".ppm", ".tif", ".webp"])
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_good_images_of_each_kind_pass(root, suffix, mode):
    shutil.rmtree(root / "cats")
    shutil.rmtree(root / "dogs")
    (root / "one").mkdir()
    image = COLOUR if mode == "RGB" or suffix == ".webp" else GREY
    image.save(root / "one" / f"good{suffix}")
    assert audit_folder(root, mode=image.mode) == []


def test_an_image_turned_by_the_mend_passes(root):
    path = root / "cats" / "turned.jpg"
    COLOUR.save(path, exif=turned(6))
    assert audit_image(path)
    with Image.open(path) as image:
        ImageOps.exif_transpose(image).save(path)
    assert audit_image(path) == []


def test_a_turned_tiff_passes_because_pillow_turns_it(tmp_path):
    path = tmp_path / "turned.tiff"
    COLOUR.save(path, exif=turned(6))
    with Image.open(path) as image:
        image.load()
        assert image.size == COLOUR.size[::-1]
    assert audit_image(path) == []


def test_limits_can_be_set(root):
    path = root / "cats" / "good.png"
    assert (
        audit_image(path, min_side=24) == []
        and "too small" in audit_image(path, min_side=25)[0].problem
    )
    assert "not opened" in audit_image(path, max_pixels=100)[0].problem
    assert "expected L" in audit_image(path, mode="L")[0].problem


def test_what_cannot_be_read_is_a_finding_and_not_a_crash(tmp_path):
    assert "damaged" in audit_image(tmp_path / "nothing.png")[0].problem
    rng = np.random.default_rng(0)
    for number, start in enumerate((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"II*\x00", b"BM")):
        path = tmp_path / f"{number}.png"
        path.write_bytes(start + rng.bytes(400))
        assert len(audit_image(path)) == 1


def test_what_to_skip(root):
    for name, write, _ in ZOO:
        write(root / "cats" / name)
    skipped = {finding.file.removeprefix("cats/") for finding in audit_folder(root) if finding.skip}
    assert skipped == {
        "cut.png", "cut.jpg", "bit.png", "empty.png", "page.jpg", "bomb.png", "large.png",
        "dot.png", "gone.png", "notes.txt", "film.gif", "no_suffix", "._good.png", ".DS_Store",
        "Thumbs.db", "float.tiff",
    }  # fmt: skip


@pytest.mark.parametrize("orientation", TURNS)
def test_a_picture_that_exif_turns(root, orientation, seen):
    GREY.convert("RGB").save(root / "cats" / "turned.png", exif=turned(orientation))
    (finding,) = audit_folder(root)
    assert f"orientation {orientation}" in finding.problem and "exif_transpose" in finding.mend
    seen(f"{finding.file}: {finding.problem}. {finding.mend}")


def make_hidden(root):
    (root / ".ipynb_checkpoints").mkdir()


def make_hidden_in_a_class(root):
    (root / "cats" / ".ipynb_checkpoints").mkdir()
    unlike(8).save(root / "cats" / ".ipynb_checkpoints" / "good-checkpoint.png")


def make_empty(root):
    (root / "ants").mkdir()


def make_numbers(root):
    for number, (old, new) in enumerate({"cats": "1", "dogs": "2", "": "10"}.items()):
        if old:
            (root / old).rename(root / new)
        else:
            (root / new).mkdir()
            unlike(number).save(root / new / "good.png")


def make_loose(root):
    unlike(9).save(root / "loose.png")


def make_deeper(root):
    (root / "cats" / "more").mkdir()
    unlike(9).save(root / "cats" / "more" / "good.png")


def make_circle(root):
    (root / "cats" / "again").symlink_to(root / "cats", target_is_directory=True)


def make_circle_as_class(root):
    (root / "again").symlink_to(root, target_is_directory=True)


def make_link_to_itself(root):
    (root / "cats" / "round.png").symlink_to(root / "cats" / "round.png")


FOLDERS = [
    ("a hidden folder beside the classes", make_hidden, ".ipynb_checkpoints/", "hidden folder"),
    (
        "a hidden folder in a class",
        make_hidden_in_a_class,
        "cats/.ipynb_checkpoints/good-checkpoint.png",
        "takes it for an image",
    ),
    ("an empty class", make_empty, "ants/", "no image in this class"),
    ("classes 1, 2 and 10", make_numbers, "10/", "in order as text: 1, 10, 2"),
    ("an image beside the classes", make_loose, "loose.png", "belongs to no class"),
    ("a folder in a class", make_deeper, "cats/more/good.png", "a folder deeper"),
    ("a link from a class back to itself", make_circle, "cats/again/", "a link to a folder"),
    ("a class that is a link to its folder", make_circle_as_class, "again/", "a link back"),
    ("a link to itself", make_link_to_itself, "cats/round.png", "damaged"),
]


@pytest.mark.parametrize(
    ("make", "name", "words"),
    [pytest.param(*rest, id=fault) for fault, *rest in FOLDERS],
)
def test_something_is_wrong_with_the_folders(root, make, name, words, seen):
    try:
        make(root)
    except OSError as error:
        if sys.platform != "win32":
            raise
        pytest.skip(f"Windows makes links for administrators only: {error}")
    (finding,) = audit_folder(root)
    assert finding.file == name and words in finding.problem and finding.mend
    assert "again" not in [path.name for path in list_classes(root)]
    seen(f"{finding.file}: {finding.problem}. {finding.mend}")


def test_a_class_is_missing_in_the_test_part(tmp_path, seen):
    for part, names in {"train": "abc", "test": "ac"}.items():
        for number, name in enumerate(names):
            (tmp_path / part / name).mkdir(parents=True)
            unlike(number).save(tmp_path / part / name / "good.png")
    (finding,) = audit_folder(tmp_path / "train", tmp_path / "test")
    assert finding.file == "b/" and "the numbers of the classes shift" in finding.problem
    seen(f"{finding.file}: {finding.problem}. {finding.mend}")


def test_folders(root):
    (root / "ants").mkdir()
    (root / ".ipynb_checkpoints").mkdir()
    (root / "loose.png").write_bytes(b"x")
    (root / ".DS_Store").write_bytes(b"x")
    (root / "cats" / "more").mkdir()
    unlike(7).save(root / "cats" / "more" / "deep.png")
    (root / "dogs" / ".ipynb_checkpoints").mkdir()
    unlike(8).save(root / "dogs" / ".ipynb_checkpoints" / "copy.png")
    found = {finding.file: finding.problem for finding in audit_folder(root)}
    assert "no image in this class" in found.pop("ants/")
    assert "hidden folder" in found.pop(".ipynb_checkpoints/")
    assert "no class" in found.pop("loose.png") and "no class" in found.pop(".DS_Store")
    assert "deeper" in found.pop("cats/more/deep.png")
    assert "hidden file: ImageFolder" in found.pop("dogs/.ipynb_checkpoints/copy.png")
    assert found == {}


@pytest.mark.parametrize(
    ("names", "late"),
    [
        (["1", "2", "10"], "10/"),
        ([str(i) for i in range(12)], "10/"),
        ([str(i) for i in range(10)], None),
        (["01", "02", "10"], None),
        (["1", "2", "10", "ten"], None),
    ],
)
def test_the_order_of_numbers(tmp_path, names, late):
    for number, name in enumerate(names):
        (tmp_path / name).mkdir()
        unlike(number).save(tmp_path / name / "good.png")
    assert [finding.file for finding in audit_folder(tmp_path)] == ([late] if late else [])


def test_classes_of_two_parts(tmp_path):
    for part, names in {"train": "abc", "test": "acd"}.items():
        for number, name in enumerate(names):
            (tmp_path / part / name).mkdir(parents=True)
            unlike(number).save(tmp_path / part / name / "good.png")
    found = audit_folder(tmp_path / "train", tmp_path / "test")
    assert [finding.file for finding in found] == ["b/", "d/"]
    assert "in the other part" in found[0].problem and "in this part" in found[1].problem
    assert audit_folder(tmp_path / "train", tmp_path / "train") == []


def test_no_folder_and_no_class(tmp_path):
    with pytest.raises(InputError, match="There is no folder"):
        audit_folder(tmp_path / "nothing")
    with pytest.raises(InputError, match="holds no folder"):
        audit_folder(tmp_path)
