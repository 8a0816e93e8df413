"""The first steps of a notebook of the standalone edition, which has come without its folder.

Its setup cell has unpacked this package into a temporary folder. Nothing here imports more than
Python itself has, so that a Python that lacks something gets as far as the sentence about it.
"""

from __future__ import annotations  # so does an older one

import atexit
import shutil
import sys
from collections.abc import Sequence
from importlib.machinery import PathFinder
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

from helpers.errors import WorkbookError

OLDEST = (3, 11)

# What the notebooks import from elsewhere: modules, and the packages that bring them.
NEEDED = {
    "torch": "torch",
    "torchvision": "torchvision",
    "matplotlib": "matplotlib",
    "numpy": "numpy",
    "PIL": "pillow",
    "requests": "requests",
    "sklearn": "scikit-learn",
    "tqdm": "tqdm",
}


def take_over(folder: Path, loaded: ModuleType | None) -> None:
    """See to it that the folder goes with the kernel, and tell of another package ``helpers``.

    Args:
        folder: Where this package was unpacked; the first entry of ``sys.path``.
        loaded: What was imported under that name before, if anything.

    """
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    other = find_other(folder, loaded)
    if other and not holds_the_same(other.parent.parent, folder):
        print(f"Another `helpers` is passed over ({other}): this notebook uses the one it carries.")


def find_other(folder: Path, loaded: ModuleType | None) -> Path | None:
    """Return the file of another ``helpers``: one that was imported, or the next in the path."""
    if loaded is not None:
        return Path(getattr(loaded, "__file__", None) or "it has no file")
    spec = PathFinder.find_spec("helpers", [entry for entry in sys.path if entry != str(folder)])
    return Path(spec.origin) if spec and spec.origin else None


def holds_the_same(other: Path, folder: Path) -> bool:
    """Tell whether each file of a folder is also in another one, byte for byte."""
    names = [
        path.relative_to(folder)
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    ]
    return all(
        (other / name).is_file() and (other / name).read_bytes() == (folder / name).read_bytes()
        for name in names
    )


def greet(edition: str, colab_lacks: Sequence[str] = ()) -> None:
    """Print which edition this is, and settle in where the notebook was opened.

    Args:
        edition: Its version.
        colab_lacks: Packages that the notebook can use and Colab does not have.

    Raises:
        WorkbookError: This Python is too old, or a package is missing.

    """
    check_python()
    print(f"PyTorch workbook {edition}")
    if "google.colab" in sys.modules:
        from helpers.colab import settle_in

        settle_in(colab_lacks)


def check_python() -> None:
    """Raise a sentence if this Python cannot run the notebooks.

    Raises:
        WorkbookError: It is too old, or a package is missing.

    """
    if sys.version_info < OLDEST:
        have = ".".join(str(number) for number in sys.version_info[:3])
        raise WorkbookError(f"This notebook needs Python 3.11 or newer, and this one is {have}.")
    missing = [package for module, package in NEEDED.items() if find_spec(module) is None]
    if missing:
        raise WorkbookError(
            f"This notebook needs packages that this Python lacks: {', '.join(missing)}. Run "
            f"`%pip install {' '.join(missing)}` in a new cell, then this cell again."
        )
