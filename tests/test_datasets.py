"""Digits, tables and image files: the right data, and sentences for the wrong."""

import gzip
import os
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from helpers import datasets
from helpers.datasets import (
    CsvImageDataset,
    ImageDataset,
    data_folder,
    embedded_digits,
    load_crops,
    load_diabetes,
    load_image_set,
    load_mnist,
    read_idx,
    read_image,
    read_table,
    write_idx,
)
from helpers.downloads import file_hash, serve_folder
from helpers.errors import DataFileError, InputError


@pytest.fixture(autouse=True)
def offline(monkeypatch):
    monkeypatch.setenv("WORKBOOK_OFFLINE", "1")


# ---------------------------------------------------------------- IDX files


@given(
    shape=st.lists(st.integers(0, 5), min_size=1, max_size=4),
    packed=st.booleans(),
    seed=st.integers(0, 100),
)
@settings(max_examples=50, deadline=None)
def test_idx_round_trip(tmp_path_factory, shape, packed, seed):
    generator = torch.Generator().manual_seed(seed)
    values = torch.randint(0, 256, shape, dtype=torch.uint8, generator=generator)
    path = write_idx(tmp_path_factory.mktemp("idx") / "file", values)
    if packed:
        path.write_bytes(gzip.compress(path.read_bytes()))
    assert torch.equal(read_idx(path), values)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\x00\x08",
        b"<html></html>",
        b"\x00\x00\x0d\x01\x00\x00\x00\x01\x00\x00\x00\x00",
        b"\x00\x00\x08\x03\x00\x00",
    ],
    ids=["empty", "three bytes", "a page", "floats", "cut in its head"],
)
def test_not_an_idx_file(tmp_path, content, seen):
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(DataFileError, match="not an IDX file") as caught:
        read_idx(tmp_path / "file")
    seen(caught.value)


@pytest.mark.parametrize("change", [-1, 1], ids=["a byte less", "a byte more"])
def test_an_idx_file_of_another_length(tmp_path, change, seen):
    path = write_idx(tmp_path / "file", torch.zeros(3, 4, dtype=torch.uint8))
    content = path.read_bytes()
    path.write_bytes(content[:change] if change < 0 else content + b"\x00")
    with pytest.raises(DataFileError, match="announces 12 values") as caught:
        read_idx(path)
    seen(caught.value)


def test_a_damaged_gzip(tmp_path, seen):
    content = gzip.compress(bytes(1000))
    (tmp_path / "file.gz").write_bytes(content[: len(content) // 2])
    with pytest.raises(DataFileError, match="cannot be read") as caught:
        read_idx(tmp_path / "file.gz")
    seen(caught.value)


def test_write_idx_takes_bytes_only(tmp_path):
    with pytest.raises(InputError, match=r"torch\.uint8"):
        write_idx(tmp_path / "file", torch.zeros(3))


def test_torchvision_reads_what_write_idx_writes(tmp_path):
    from torchvision.datasets import MNIST

    digits = embedded_digits()
    raw = tmp_path / "MNIST" / "raw"
    for name, values in {
        "train-images-idx3-ubyte": digits.train_images,
        "train-labels-idx1-ubyte": digits.train_labels.to(torch.uint8),
        "t10k-images-idx3-ubyte": digits.test_images,
        "t10k-labels-idx1-ubyte": digits.test_labels.to(torch.uint8),
    }.items():
        write_idx(raw / name, values)
    theirs = MNIST(tmp_path, train=False)
    ours = ImageDataset(digits.test_images, digits.test_labels)
    assert len(theirs) == len(ours)
    for index in (0, 100, len(ours) - 1):
        (a, label_a), (b, label_b) = theirs[index], ours[index]
        assert label_a == label_b
        assert a.mode == b.mode == "L"
        assert np.array_equal(np.asarray(a), np.asarray(b))


# ---------------------------------------------------------------- digits


def test_without_mnist_the_embedded_digits_come_and_say_why(tmp_path):
    digits = load_mnist(tmp_path)
    assert digits.source == "embedded digits"
    assert "WORKBOOK_OFFLINE" in digits.why
    assert digits.why in str(digits)
    assert list(tmp_path.iterdir()) == []


def test_embedded_digits_are_scikit_learns():
    from sklearn.datasets import load_digits

    digits = embedded_digits()
    assert digits.train_images.shape == (1540, 28, 28)
    assert digits.test_images.shape == (257, 28, 28)
    assert digits.train_images.dtype == torch.uint8
    assert digits.train_labels.dtype == torch.int64
    assert digits.train_images.max() == 255 and digits.train_images.min() == 0
    counts = torch.cat([digits.train_labels, digits.test_labels]).bincount()
    assert counts.tolist() == np.bincount(load_digits().target).tolist()
    assert digits.test_labels.bincount().min() >= 25
    # Shrunk again, the first training image is the original in all that matters.
    original = torch.from_numpy(load_digits().images[0]).float()
    inner = digits.train_images[0, 4:24, 4:24].float()[None, None]
    shrunk = torch.nn.functional.interpolate(inner, size=8, mode="area").squeeze() * 16 / 255
    assert torch.corrcoef(torch.stack([shrunk.flatten(), original.flatten()]))[0, 1] > 0.95


def test_embedded_digits_are_always_the_same():
    a, b = embedded_digits(), embedded_digits()
    assert torch.equal(a.train_images, b.train_images)
    assert torch.equal(a.test_labels, b.test_labels)


@pytest.fixture
def small_mnist(tmp_path, monkeypatch):
    """Four small files under MNIST's names, whose checksums are taken for MNIST's."""
    raw = tmp_path / "MNIST" / "raw"
    sums = {}
    for number, name in enumerate(datasets.MNIST_FILES):
        shape = (6, 28, 28) if "images" in name else (6,)
        path = write_idx(raw / name, torch.full(shape, number, dtype=torch.uint8))
        unpacked = file_hash(path, "md5")
        packed = raw / f"{name}.gz"
        packed.write_bytes(gzip.compress(path.read_bytes(), mtime=0))
        sums[name] = (file_hash(packed, "md5"), unpacked)
    monkeypatch.setattr(datasets, "MNIST_FILES", sums)
    return raw


@pytest.mark.parametrize("keep", ["both", "gzip", "unpacked"])
def test_mnist_files_in_either_form(small_mnist, keep):
    for path in small_mnist.iterdir():
        if (keep == "gzip") == (path.suffix != ".gz") and keep != "both":
            path.unlink()
    digits = load_mnist(small_mnist.parent.parent)
    assert (digits.source, digits.why) == ("MNIST", "")
    assert digits.train_images.unique().tolist() == [0]
    assert digits.train_labels.unique().tolist() == [1]
    assert digits.test_images.unique().tolist() == [2]
    assert digits.test_labels.tolist() == [3] * 6


def test_a_flipped_bit_is_noticed_and_the_other_copy_is_taken(small_mnist):
    path = small_mnist / "t10k-images-idx3-ubyte"
    content = bytearray(path.read_bytes())
    content[100] ^= 1
    path.write_bytes(content)
    assert load_mnist(small_mnist.parent.parent).source == "MNIST"
    path.with_name(f"{path.name}.gz").unlink()
    assert load_mnist(small_mnist.parent.parent).source == "embedded digits"


def test_mnist_is_downloaded_from_the_first_mirror_that_has_it(small_mnist, tmp_path, monkeypatch):
    from torchvision.datasets import MNIST

    monkeypatch.delenv("WORKBOOK_OFFLINE")
    new = tmp_path / "new"
    with serve_folder(small_mnist) as address:
        monkeypatch.setattr(MNIST, "mirrors", [f"{address}/gone/", f"{address}/"])
        assert load_mnist(new).source == "MNIST"
    assert load_mnist(new).source == "MNIST"  # from the disk: the server has gone
    files = sorted(path.name for path in new.rglob("*") if path.is_file())
    assert files == sorted(f"{name}.gz" for name in datasets.MNIST_FILES)


def test_without_a_mirror_the_embedded_digits_come(tmp_path, monkeypatch):
    from torchvision.datasets import MNIST

    monkeypatch.delenv("WORKBOOK_OFFLINE")
    with serve_folder(tmp_path) as address:
        pass  # closed again
    monkeypatch.setattr(MNIST, "mirrors", [f"{address}/"])
    digits = load_mnist(tmp_path / "new")
    assert digits.source == "embedded digits" and "no connection" in digits.why


@pytest.mark.skipif(
    not (data_folder() / "MNIST" / "raw" / "train-images-idx3-ubyte.gz").is_file(),
    reason="the real MNIST is not in the data folder (set WORKBOOK_DATA to where it is)",
)
def test_the_real_mnist():
    digits = load_mnist()
    assert digits.source == "MNIST"
    assert (len(digits.train_images), len(digits.test_images)) == (60_000, 10_000)
    assert digits.train_labels[:5].tolist() == [5, 0, 4, 1, 9]
    pixels = digits.train_images.float() / 255
    assert pixels.mean().item() == pytest.approx(0.1307, abs=1e-4)
    assert pixels.std().item() == pytest.approx(0.3081, abs=1e-4)


def test_the_data_folder(tmp_path, monkeypatch):
    monkeypatch.delenv("WORKBOOK_DATA", raising=False)
    assert data_folder() == Path(__file__).parent.parent / "data"
    monkeypatch.setenv("WORKBOOK_DATA", os.fspath(tmp_path))
    assert data_folder() == tmp_path


def test_image_dataset_refuses_wrong_tensors(seen):
    labels = torch.zeros(2, dtype=torch.int64)
    with pytest.raises(InputError, match="not yet scaled") as caught:
        ImageDataset(torch.zeros(2, 28, 28), labels)
    with pytest.raises(InputError, match="labels has shape"):
        ImageDataset(torch.zeros(3, 28, 28, dtype=torch.uint8), labels)
    seen(caught.value)


# ---------------------------------------------------------------- tables


def test_diabetes_is_scikit_learns_in_clinical_units():
    from sklearn.datasets import load_diabetes as oracle

    table = load_diabetes()
    bunch = oracle(scaled=False)
    assert np.allclose(table.X.numpy(), bunch.data)
    assert np.allclose(table.Y.squeeze(1).numpy(), bunch.target)
    assert table.X.dtype == table.Y.dtype == torch.float32
    assert len(table.features) == table.X.shape[1] == 10


def test_crops():
    table = load_crops()
    assert table.X.shape == (5, 3) and table.Y.shape == (5, 2)
    assert table.X[1].tolist() == [91, 88, 64] and table.Y[3].tolist() == [22, 37]


# ---------------------------------------------------------------- images in files


@pytest.fixture
def folder(tmp_path):
    for number in range(3):
        Image.new("L", (4, 5), color=number * 10).save(tmp_path / f"{number}.png")
    (tmp_path / "labels.csv").write_text("file,label\n0.png,A\n1.png,B\n2.png,A\n")
    return tmp_path


def test_csv_images(folder):
    dataset = CsvImageDataset(
        folder / "labels.csv", transform=np.asarray, target_transform={"A": 0, "B": 1}.__getitem__
    )
    assert len(dataset) == 3
    assert dataset.labels == ["A", "B", "A"]
    image, label = dataset[1]
    assert image.shape == (5, 4) and image.max() == 10 and label == 1
    assert CsvImageDataset(folder / "labels.csv")[2][1] == "A"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "no rows"),
        ("file,label\n", "no rows"),
        ("file;label\n0.png;A\n", "commas separate"),
        ("name,label\n0.png,A\n", "expected also"),
        ("file\tlabel\n0.png\tA\n", "commas separate"),
        ("file,label\nabsent.png,A\n", "not there: 1 of 1, first absent.png"),
        ("file,label\nx\\0.png,A\n", "does / stand between"),
        ("file,label\n0.png,A\n1.png,B\n0.png,B\n", "0.png twice, with the labels 'A' and 'B'"),
        ("file,label\n0.png,A\n0.png,A\n", "trained on and tested on"),
    ],
    ids=[
        "empty",
        "no rows",
        "semicolons",
        "another column",
        "tabs",
        "a file that is not there",
        "a path with a backslash",
        "a file with two labels",
        "a file that stands twice",
    ],
)
def test_a_wrong_table(folder, text, sentence, seen):
    (folder / "labels.csv").write_text(text)
    with pytest.raises(DataFileError, match=sentence) as caught:
        CsvImageDataset(folder / "labels.csv")
    seen(caught.value)


def test_a_label_that_is_unknown(folder, seen):
    (folder / "labels.csv").write_text("file,label\n0.png,A\n1.png,C\n")
    for known in ({"A": 0, "B": 1}.__getitem__, ["A", "B"].index):
        dataset = CsvImageDataset(folder / "labels.csv", target_transform=known)
        assert dataset[0][1] == 0
        with pytest.raises(DataFileError, match=r"gives 1\.png the label 'C'") as caught:
            dataset[1]
    seen(caught.value)


@pytest.mark.parametrize(
    "text",
    ["\ufefffile,label\nä.png,A\n", "file,label\r\nä.png,A\r\n"],
    ids=["a byte-order mark", "Windows line ends"],
)
def test_a_table_from_another_program(tmp_path, text, seen):
    path = tmp_path / "t.csv"
    path.write_bytes(text.encode())
    assert read_table(path) == [{"file": "ä.png", "label": "A"}]
    seen("nothing: the table is read")


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_a_table_in_another_encoding(tmp_path, encoding, seen):
    (tmp_path / "t.csv").write_bytes("file,label\nä.png,A\n".encode(encoding))
    with pytest.raises(DataFileError, match="UTF-8") as caught:
        read_table(tmp_path / "t.csv")
    seen(caught.value)


def test_no_table(tmp_path, seen):
    with pytest.raises(DataFileError, match="no table") as caught:
        read_table(tmp_path / "absent.csv")
    seen(caught.value)


def test_a_damaged_image(folder):
    content = (folder / "0.png").read_bytes()
    (folder / "cut.png").write_bytes(content[:40])
    (folder / "text.png").write_text("not an image")
    for name in ("cut.png", "text.png", "absent.png"):
        with pytest.raises(DataFileError, match=f"{name} cannot be read"):
            read_image(folder / name)


# ---------------------------------------------------------------- other sets in MNIST's format


def write_set(folder, before="", test="t10k", num_classes=10):
    """Write a set of 12 and 4 images, named as Fashion-MNIST's or as EMNIST's files are."""
    images = torch.arange(16 * 784).reshape(16, 28, 28).remainder(256).to(torch.uint8)
    labels = torch.arange(16).remainder(num_classes).to(torch.uint8)
    for part, places in (("train", slice(0, 12)), (test, slice(12, 16))):
        write_idx(folder / f"{before}{part}-images-idx3-ubyte", images[places])
        write_idx(folder / f"{before}{part}-labels-idx1-ubyte", labels[places])
    return images, labels.long()


@pytest.mark.parametrize(("before", "test"), [("", "t10k"), ("emnist-letters-", "test")])
@pytest.mark.parametrize("packed", ["no", "yes", "both"])
def test_another_set_of_such_images_is_read_from_its_folder(tmp_path, before, test, packed):
    raw = tmp_path / "Clothes" / "raw"
    images, labels = write_set(raw, before, test)
    for path in list(raw.iterdir()) if packed != "no" else []:
        path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes()))
        if packed == "yes":
            path.unlink()
    found = load_image_set(raw)
    assert torch.equal(torch.cat([found.train_images, found.test_images]), images)
    assert torch.equal(torch.cat([found.train_labels, found.test_labels]), labels)
    assert found.source == "Clothes" and len(found.train_images) == 12
    raw.rename(tmp_path / "plain")
    assert load_image_set(tmp_path / "plain").source == "plain"


def test_a_folder_without_such_a_set_is_refused(tmp_path, seen):
    with pytest.raises(DataFileError, match=r"one file of train images.*found: none") as caught:
        load_image_set(tmp_path)
    write_set(tmp_path)
    write_set(tmp_path, before="other-")
    with pytest.raises(
        DataFileError, match=r"found: other-train.*, train-images.*folder of its own"
    ):
        load_image_set(tmp_path)
    seen(caught.value)


@pytest.mark.parametrize(
    "shape", [(12, 28, 27), (11, 28, 28), (12, 784)], ids=["narrow", "one image less", "flat"]
)
def test_a_set_whose_parts_do_not_fit_is_refused(tmp_path, shape, seen):
    write_set(tmp_path)
    write_idx(tmp_path / "train-images-idx3-ubyte", torch.zeros(shape, dtype=torch.uint8))
    with pytest.raises(DataFileError, match="Are they of the same set") as caught:
        load_image_set(tmp_path)
    seen(caught.value)
