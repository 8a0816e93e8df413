"""The data of the workbook: digits, two tables, and images named in a CSV file.

``load_mnist`` gives the real MNIST where it is at hand or can be fetched, and real
handwritten digits from scikit-learn where it is not; the notebooks run on either.
"""

import csv
import gzip
import math
import os
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image, UnidentifiedImageError
from torch import Tensor
from torch.utils.data import Dataset

from helpers.downloads import download, file_hash, is_offline
from helpers.errors import DataFileError, DownloadError, InputError
from helpers.files import written_whole

# The four files of MNIST, with the MD5 of each as published (gzip) and unpacked.
MNIST_FILES = {
    "train-images-idx3-ubyte": (
        "f68b3c2dcbeaaa9fbdd348bbdeb94873",
        "6bbc9ace898e44ae57da46a324031adb",
    ),
    "train-labels-idx1-ubyte": (
        "d53e105ee54ea40749a09fcbcd1e9432",
        "a25bea736e30d166cdddb491f175f624",
    ),
    "t10k-images-idx3-ubyte": (
        "9fb629c4189551a2d022fa330f9573f3",
        "2646ac647ad5339dbf082846283269ea",
    ),
    "t10k-labels-idx1-ubyte": (
        "ec29112dd5afa0611ce80d1b7f02629c",
        "27ae3e4e09519cfbb04c329615203637",
    ),
}


def data_folder() -> Path:
    """Return where data is kept: ``WORKBOOK_DATA``, or ``data`` beside the notebooks."""
    if named := os.environ.get("WORKBOOK_DATA"):
        return Path(named).expanduser()
    root = Path(__file__).resolve().parent.parent
    return (root if (root / "notebooks").is_dir() else Path.cwd()) / "data"


# ---------------------------------------------------------------- digits


@dataclass(frozen=True)
class Digits:
    """Handwritten digits as whole tensors.

    Attributes:
        train_images: ``(N, 28, 28)`` uint8, 0 is paper and 255 is ink.
        train_labels: ``(N,)`` int64, 0 to 9.
        test_images: ``(M, 28, 28)`` uint8.
        test_labels: ``(M,)`` int64.
        source: ``"MNIST"``, ``"embedded digits"``, or the name of another set of such images.
        why: For the embedded digits, why it is not MNIST; empty otherwise.

    """

    train_images: Tensor
    train_labels: Tensor
    test_images: Tensor
    test_labels: Tensor
    source: str
    why: str = ""

    def __str__(self) -> str:
        text = (
            f"{self.source}: {len(self.train_images):,} training and "
            f"{len(self.test_images):,} test images of 28 x 28"
        )
        return f"{text}\n({self.why})" if self.why else text


def load_mnist(folder: str | Path | None = None) -> Digits:
    """Load the MNIST digits, or the embedded digits where MNIST cannot be had.

    Looks for the four files (gzip or unpacked) in ``MNIST/raw`` below the folder, then
    downloads them there from torchvision's mirrors, then falls back to ``embedded_digits``.

    Args:
        folder: Where to look; ``data_folder()`` if left out.

    """
    raw = (data_folder() if folder is None else Path(folder)) / "MNIST" / "raw"
    try:
        arrays = {name: read_idx(_find_mnist_file(raw, name)) for name in MNIST_FILES}
    except (DownloadError, DataFileError, OSError) as error:
        return embedded_digits(why=f"MNIST is not in the data folder, and {error}")
    return Digits(
        train_images=arrays["train-images-idx3-ubyte"],
        train_labels=arrays["train-labels-idx1-ubyte"].long(),
        test_images=arrays["t10k-images-idx3-ubyte"],
        test_labels=arrays["t10k-labels-idx1-ubyte"].long(),
        source="MNIST",
    )


def load_image_set(folder: str | Path) -> Digits:
    """Load any set of images in MNIST's file format: Fashion-MNIST, KMNIST, a part of EMNIST.

    Args:
        folder: Holds four files, gzip or unpacked, whose names have ``train`` or ``t10k`` (or
            ``test``), ``images`` or ``labels``, and ``idx`` in them. What is taken for the name of
            the set is the folder's, or that of the folder above if it is called ``raw``.

    Raises:
        DataFileError: A file is missing or damaged, two could be meant, images and labels differ
            in number, or the images are not 28 x 28.

    """
    folder = Path(folder)
    train_images, train_labels = _read_part(folder, ("train",))
    test_images, test_labels = _read_part(folder, ("t10k", "test"))
    name = folder.parent.name if folder.name == "raw" else folder.name
    return Digits(train_images, train_labels, test_images, test_labels, source=name)


def _read_part(folder: Path, parts: tuple[str, ...]) -> tuple[Tensor, Tensor]:
    """Read the images and the labels of the training or the test set."""
    found: list[Tensor] = []
    for kind in ("images", "labels"):
        paths = [
            path for path in sorted(folder.glob(f"*{kind}*idx*"))
            if path.is_file() and any(part in path.name for part in parts)
        ]  # fmt: skip
        unpacked = [path for path in paths if path.suffix != ".gz"]
        paths = unpacked or paths  # the same file may lie there twice
        if len(paths) != 1:
            names = ", ".join(path.name for path in paths) or "none"
            raise DataFileError(
                f"{folder} should hold one file of {parts[0]} {kind} in MNIST's format, such as "
                f"{parts[0]}-{kind}-idx-ubyte.gz; found: {names}. Put each set in a folder of its "
                "own."
            )
        found.append(read_idx(paths[0]))
    images, labels = found
    if images.ndim != 3 or images.shape[1:] != (28, 28) or labels.shape != images.shape[:1]:
        raise DataFileError(
            f"The {parts[0]} images in {folder} have shape {tuple(images.shape)} and the labels "
            f"{tuple(labels.shape)}; expected (N, 28, 28) and (N,). Are they of the same set?"
        )
    return images, labels.long()


def _find_mnist_file(raw: Path, name: str) -> Path:
    """Return a whole copy of one MNIST file, downloading it if there is none."""
    packed_md5, unpacked_md5 = MNIST_FILES[name]
    for path, md5 in ((raw / name, unpacked_md5), (raw / f"{name}.gz", packed_md5)):
        if path.is_file() and file_hash(path, "md5") == md5:
            return path
    if is_offline():
        raise DownloadError("WORKBOOK_OFFLINE is set, so it was not downloaded.")
    # torchvision takes a second to import, so only who needs its mirrors waits for it.
    from torchvision.datasets import MNIST

    urls = [f"{mirror}{name}.gz" for mirror in MNIST.mirrors]
    return download(urls, raw / f"{name}.gz", checksum=packed_md5, algorithm="md5")


def embedded_digits(why: str = "") -> Digits:
    """Return scikit-learn's 1,797 handwritten digits in the shape of MNIST.

    The 8 x 8 images are enlarged to 20 x 20 and framed to 28 x 28, as MNIST's own digits
    were (LeCun, Cortes, Burges, "The MNIST database"). One in seven is a test image, as in
    MNIST: the last of each digit, so that the split is always the same.

    Args:
        why: Kept in the result, for the reader.

    """
    from sklearn.datasets import load_digits  # slow to import, and seldom needed

    bunch = load_digits()
    small = torch.from_numpy(bunch.images).float().unsqueeze(1)  # (1797, 1, 8, 8), 0 to 16
    large = F.interpolate(small, size=(20, 20), mode="bicubic", align_corners=False)
    framed = F.pad(large, (4, 4, 4, 4)).squeeze(1)  # (1797, 28, 28)
    images = (framed * (255 / 16)).round().clamp(0, 255).to(torch.uint8)
    labels = torch.from_numpy(bunch.target).long()
    in_test = torch.zeros(len(labels), dtype=torch.bool)
    for digit in range(10):
        places = (labels == digit).nonzero().flatten()
        in_test[places[-round(len(places) / 7) :]] = True
    return Digits(
        train_images=images[~in_test],
        train_labels=labels[~in_test],
        test_images=images[in_test],
        test_labels=labels[in_test],
        source="embedded digits",
        why=why,
    )


def read_idx(path: str | Path) -> Tensor:
    """Read a file in the IDX format of MNIST, gzip or unpacked.

    The format: two zero bytes, a code for the type (8 is uint8), the number of dimensions,
    each size as a big-endian 32-bit number, then the values, last dimension fastest
    (LeCun, Cortes, Burges, "The MNIST database").

    Returns:
        A uint8 tensor of the shape that the file announces.

    Raises:
        DataFileError: The file is not IDX, not uint8, or longer or shorter than it announces.

    """
    path = Path(path)
    try:
        content = path.read_bytes()
        if content[:2] == b"\x1f\x8b":  # how every gzip file begins
            content = gzip.decompress(content)
    except (OSError, EOFError, zlib.error) as error:
        raise DataFileError(f"{path.name} cannot be read ({error}): replace the file.") from None
    if len(content) < 4 or content[:3] != b"\x00\x00\x08" or len(content) < 4 + 4 * content[3]:
        what = f"begins with {content[:4]!r}" if content else "is empty"
        raise DataFileError(
            f"{path.name} is not an IDX file of bytes: it {what}; expected two zeros, 8, the "
            "number of dimensions, and their sizes. Is it another file under this name, or one "
            "whose download failed? Delete it, and fetch it again."
        )
    num_dims = content[3]
    shape = struct.unpack(f">{num_dims}I", content[4 : 4 + 4 * num_dims])
    values = content[4 + 4 * num_dims :]
    if len(values) != math.prod(shape):
        raise DataFileError(
            f"{path.name} announces {math.prod(shape):,} values and holds {len(values):,}: it "
            "was cut short or damaged. Delete it and run the cell again."
        )
    array = np.frombuffer(bytearray(values), dtype=np.uint8)  # a bytearray may be written to
    return torch.from_numpy(array).reshape(shape)


def write_idx(path: str | Path, values: Tensor) -> Path:
    """Write a uint8 tensor in the IDX format that ``read_idx`` and torchvision read.

    Raises:
        InputError: The tensor is not uint8.

    """
    if values.dtype != torch.uint8:
        raise InputError(f"The values are {values.dtype}; expected torch.uint8: convert them.")
    path = Path(path)
    header = bytes([0, 0, 8, values.ndim]) + struct.pack(f">{values.ndim}I", *values.shape)
    with written_whole(path) as part:
        part.write_bytes(header + values.contiguous().numpy().tobytes())
    return path


class ImageDataset(Dataset[tuple[Any, int]]):
    """Grey images and labels held in memory, one sample at a time, as torchvision's MNIST.

    Args:
        images: ``(N, H, W)`` uint8.
        labels: ``(N,)`` integers.
        transform: Called with each image (a Pillow image of mode ``"L"``).

    Raises:
        InputError: Shapes or dtype are others.

    """

    def __init__(
        self, images: Tensor, labels: Tensor, transform: Callable[[Any], Any] | None = None
    ) -> None:
        if images.ndim != 3 or images.dtype != torch.uint8:
            raise InputError(
                f"images has shape {tuple(images.shape)} and dtype {images.dtype}; expected "
                "(N, H, W) and torch.uint8: grey pixels from 0 to 255, not yet scaled."
            )
        if labels.shape != images.shape[:1]:
            raise InputError(
                f"labels has shape {tuple(labels.shape)}; expected ({len(images)},): one number "
                "for each image."
            )
        self.images, self.labels, self.transform = images, labels, transform

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, index: int) -> tuple[Any, int]:
        image = Image.fromarray(self.images[index].numpy())
        if self.transform is not None:
            image = self.transform(image)
        return image, int(self.labels[index])


# ---------------------------------------------------------------- tables


class Table(NamedTuple):
    """A table of numbers: ``X`` what is known, ``Y`` what is to be told from it.

    ``X`` is ``(N, features)`` and ``Y`` ``(N, targets)``, both float32.
    """

    X: Tensor
    Y: Tensor
    features: list[str]
    targets: list[str]


def load_crops() -> Table:
    """Return the yields of apples and oranges in five regions (invented, for counting by hand).

    Features: temperature (°F), rainfall (mm), humidity (%). Targets: tons per hectare.
    """
    X = [[73, 67, 43], [91, 88, 64], [87, 134, 58], [102, 43, 37], [69, 96, 70]]
    Y = [[56, 70], [81, 101], [119, 133], [22, 37], [103, 119]]
    return Table(
        torch.tensor(X, dtype=torch.float32),
        torch.tensor(Y, dtype=torch.float32),
        ["temperature", "rainfall", "humidity"],
        ["apples", "oranges"],
    )


def load_diabetes() -> Table:
    """Return the diabetes data of scikit-learn: 442 patients, in the units of the clinic.

    Ten features: age (years), sex (coded 1 and 2), body mass index (kg/m²), mean blood
    pressure (mmHg), six blood serum measurements. Target: disease progression one year later
    (a score from 25 to 346). Source: Efron, Hastie, Johnstone and Tibshirani, "Least Angle
    Regression", Annals of Statistics 32 (2004).
    """
    from sklearn import datasets  # slow to import

    bunch = datasets.load_diabetes(scaled=False)
    return Table(
        torch.from_numpy(np.asarray(bunch.data)).float(),
        torch.from_numpy(np.asarray(bunch.target)).float().unsqueeze(1),
        list(bunch.feature_names),
        ["progression"],
    )


# ---------------------------------------------------------------- images in files


class CsvImageDataset(Dataset[tuple[Any, Any]]):
    """Images in files, named with their labels in a CSV table.

    Args:
        csv_file: The table, with a header row; file names are relative to its folder.
        transform: Called with each image (a Pillow image).
        target_transform: Called with each label (a string).
        file_column: The column of the file names.
        label_column: The column of the labels.

    Attributes:
        rows: The table, a dict for each row.
        labels: The label of each sample, as written.

    Raises:
        DataFileError: The table is missing or empty, lacks a column, names a file twice or one
            that is not there; later, an image cannot be read, or its label is unknown to
            ``target_transform``.

    """

    def __init__(
        self,
        csv_file: str | Path,
        transform: Callable[[Any], Any] | None = None,
        target_transform: Callable[[str], Any] | None = None,
        *,
        file_column: str = "file",
        label_column: str = "label",
    ) -> None:
        self.csv_file = Path(csv_file)
        self.rows = read_table(self.csv_file)
        _check_columns(self.csv_file.name, list(self.rows[0]), [file_column, label_column])
        self.paths = [self.csv_file.parent / row[file_column] for row in self.rows]
        self.labels = [row[label_column] for row in self.rows]
        self.transform = transform
        self.target_transform = target_transform
        if missing := [path.name for path in self.paths if not path.is_file()]:
            raise DataFileError(
                f"{self.csv_file.name} names files that are not there: {len(missing)} of "
                f"{len(self.rows)}, first {missing[0]}. Was the archive unpacked beside the table, "
                "and does / stand between folder and file, not \\?"
            )
        _check_named_once(self.csv_file.name, self.paths, self.labels)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        image: Any = read_image(self.paths[index])
        label: Any = self.labels[index]
        if self.transform is not None:
            image = self.transform(image)
        if self.target_transform is not None:
            try:
                label = self.target_transform(label)
            except (KeyError, ValueError) as error:
                raise DataFileError(
                    f"{self.csv_file.name} gives {self.paths[index].name} the label {label!r}, "
                    "which target_transform does not know. Correct the table, or add the class."
                ) from error
        return image, label


def read_table(csv_file: str | Path) -> list[dict[str, str]]:
    """Read a CSV table with a header: a dict for each row.

    Raises:
        DataFileError: The file is missing, is not text, or has no rows.
    """
    csv_file = Path(csv_file)
    try:
        with csv_file.open(encoding="utf-8-sig", newline="") as file:  # -sig: no byte-order mark
            rows = list(csv.DictReader(file))
    except FileNotFoundError:
        raise DataFileError(f"There is no table {csv_file}: check the path.") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise DataFileError(
            f"{csv_file.name} is not a CSV text in UTF-8 ({error}): save it as such."
        ) from None
    if not rows:
        raise DataFileError(
            f"{csv_file.name} has no rows; expected a header and a row for each sample."
        )
    return rows


def _check_columns(name: str, header: list[str], expected: list[str]) -> None:
    """Refuse a table that lacks a column."""
    if missing := [column for column in expected if column not in header]:
        raise DataFileError(
            f"{name} has the columns {header}; expected also {missing}. Check the names in the "
            "first row, and that commas separate them."
        )


def _check_named_once(name: str, paths: list[Path], labels: list[str]) -> None:
    """Refuse a table in which a file stands twice."""
    first: dict[Path, str] = {}
    for path, label in zip(paths, labels, strict=True):
        if path in first:
            raise DataFileError(
                f"{name} names {path.name} twice, with the labels {first[path]!r} and {label!r}; "
                "expected each file once, or it may be trained on and tested on. Delete a row."
            )
        first[path] = label


def read_image(path: str | Path) -> Image.Image:
    """Read an image file whole, so that a damaged one is found here.

    ``torchvision.io`` reads images too, but warns of deprecation in 0.29; Pillow does not.

    Raises:
        DataFileError: The file is missing, damaged, or not an image.

    """
    path = Path(path)
    try:
        with Image.open(path) as image:
            image.load()
            return image
    except (UnidentifiedImageError, OSError, SyntaxError) as error:
        raise DataFileError(
            f"{path.name} cannot be read as an image ({error}). Open it in a viewer; replace it "
            "or take it out of the table."
        ) from None
