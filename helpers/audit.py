"""Look through a folder of images before training, and name each file that will make trouble.

The folder holds one folder for each class. Nothing in it is changed. Pillow is the judge: a file
is good if Pillow reads it to the last pixel, in the mode that is expected, the right way up.
"""

import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from PIL import Image, UnidentifiedImageError

from helpers.downloads import file_hash
from helpers.errors import InputError

# What torchvision's ImageFolder takes for an image.
SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".ppm", ".pgm", ".tif", ".tiff", ".webp")
ORIENTATION = 0x0112  # the number of the EXIF entry that says how to turn a picture
TURNS = range(2, 9)  # its values that ask for a turn or a mirror; 1 is upright


class Finding(NamedTuple):
    """One thing that is wrong: where, what, and what to do about it.

    Attributes:
        file: Path below the folder, with ``/``; a folder's ends in ``/``.
        problem: What a loader would meet.
        mend: What to do.
        skip: The file cannot be used as it is: leave it out of the training.

    """

    file: str
    problem: str
    mend: str
    skip: bool = False


def audit_folder(
    folder: str | Path,
    other: str | Path | None = None,
    *,
    mode: str = "RGB",
    min_side: int = 8,
    max_pixels: int = 50_000_000,
) -> list[Finding]:
    """Look through a folder of class folders; say what is wrong with each file.

    Args:
        folder: One folder for each class, with images in it.
        other: The test part beside a training part; its classes are compared, nothing else.
        mode: The Pillow mode that the images should have: ``"RGB"``, or ``"L"`` for grey.
        min_side: Fewest pixels of the shorter side.
        max_pixels: Most pixels; of a larger image only the head is read. A phone takes
            pictures of 12 to 50 million.

    Returns:
        The findings: first on the classes, then file by file in order of name. A file may have
        several. Nothing found does not mean nothing wrong: a wrong label, or a wrong byte that a
        JPEG decoder takes, passes.

    Raises:
        InputError: There is no such folder, or no folder in it.

    """
    folder = Path(folder)
    classes = list_classes(folder)
    findings = list(_audit_names([path.name for path in classes]))
    if other is not None:
        findings += _compare_classes(classes, list_classes(Path(other)))
    for path in sorted(folder.iterdir()):
        name = path.name
        if path.is_dir() and is_hidden(path):
            findings.append(
                Finding(f"{name}/", "hidden folder: ImageFolder makes a class of it", "delete it")
            )
        elif leads_back(path):
            problem = "a link back to a folder around it: ImageFolder reads the same files again"
            findings.append(Finding(f"{name}/", problem, "delete the link"))
        elif not path.is_dir():
            mend = "delete it" if is_hidden(path) else "move it into the folder of its class"
            findings.append(Finding(name, "belongs to no class", mend))
    first_of: dict[str, str] = {}
    for path in classes:
        findings += _audit_class(folder, path, first_of, mode, min_side, max_pixels)
    return findings


def list_classes(folder: str | Path) -> list[Path]:
    """Return the class folders in order of name, without hidden ones and links in a circle.

    Raises:
        InputError: There is no such folder, or no class folder in it.

    """
    folder = Path(folder)
    if not folder.is_dir():
        raise InputError(f"There is no folder {folder}: check the path and its spelling.")
    folders = (path for path in folder.iterdir() if path.is_dir())
    classes = sorted(path for path in folders if not is_hidden(path) and not leads_back(path))
    if not classes:
        raise InputError(
            f"{folder.name} holds no folder; expected one for each class, such as cats/ and dogs/ "
            "with the images inside. If the images lie loose in it, sort them into such folders."
        )
    return classes


def is_hidden(path: Path) -> bool:
    """Tell whether a program, not a person, wrote this: ``.DS_Store``, ``._x.png``, ``Thumbs.db``.

    >>> is_hidden(Path("cats/._tom.png")), is_hidden(Path("cats/tom.png"))
    (True, False)
    """
    return path.name.startswith(".") or path.name.lower() in ("thumbs.db", "desktop.ini")


def leads_back(path: Path) -> bool:
    """Tell whether this is a link to a folder that holds it: a circle for who follows it."""
    return (
        path.is_symlink() and path.is_dir() and path.parent.resolve().is_relative_to(path.resolve())
    )


def is_image_name(path: Path) -> bool:
    """Tell whether ImageFolder would take a file of this name.

    >>> is_image_name(Path("tom.PNG")), is_image_name(Path("tom.gif"))
    (True, False)
    """
    return path.suffix.lower() in SUFFIXES


def _audit_names(names: list[str]) -> Iterator[Finding]:
    """Find numbers as names whose order as text is another."""
    if all(name.isdecimal() for name in names) and names != sorted(names, key=int):
        late = next(a for a, b in zip(names, sorted(names, key=int), strict=True) if a != b)
        yield Finding(
            f"{late}/",
            f"names are numbers, in order as text: {', '.join(names[:4])}",
            "sort with key=int, or write 01, 02, …",
        )


def _compare_classes(classes: Iterable[Path], others: Iterable[Path]) -> Iterator[Finding]:
    """Find classes that one part has and the other lacks: later classes get other numbers."""
    here, there = {path.name for path in classes}, {path.name for path in others}
    for name in sorted(here ^ there):
        side = "the other part" if name in here else "this part"
        yield Finding(
            f"{name}/",
            f"this class is missing in {side}: the numbers of the classes shift",
            "number the classes once, from the training part",
        )


def _audit_class(
    root: Path,
    folder: Path,
    first_of: dict[str, str],
    mode: str,
    min_side: int,
    max_pixels: int,
) -> Iterator[Finding]:
    """Look at each file of one class; ``first_of`` remembers the contents seen so far."""
    num_images = 0
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.is_dir():
            if path.is_symlink():
                problem = "a link to a folder: ImageFolder reads what lies there, glob does not"
                yield Finding(f"{name}/", problem, "put the images themselves here")
            continue
        if any(is_hidden(Path(part)) for part in path.relative_to(folder).parts):
            taken = ": ImageFolder takes it for an image" if is_image_name(path) else ""
            yield Finding(name, f"hidden file{taken}", "delete it", skip=True)
        elif not is_image_name(path):
            yield Finding(
                name,
                f"no image to ImageFolder: its name ends in {path.suffix or 'nothing'!r}",
                "save it as PNG, or take it away",
                skip=True,
            )
        else:
            num_images += 1
            if path.parent != folder:
                yield Finding(
                    name, "a folder deeper than the rest: glob passes over it", "move it up"
                )
            if path.suffix != path.suffix.lower():
                yield Finding(
                    name,
                    'suffix in capitals: glob("*.png") passes over it',
                    "write the suffix small",
                )
            found = audit_image(path, mode=mode, min_side=min_side, max_pixels=max_pixels)
            yield from (finding._replace(file=name) for finding in found)
            yield from _find_twin(path, name, first_of)
    if num_images == 0:
        yield Finding(
            f"{folder.name}/", "no image in this class: ImageFolder stops", "fill it or delete it"
        )


def _find_twin(path: Path, name: str, first_of: dict[str, str]) -> Iterator[Finding]:
    """Find a file with the same bytes as an earlier one."""
    try:
        if path.stat().st_size == 0:
            return
        first = first_of.setdefault(file_hash(path), name)
    except OSError:
        return  # cannot be read, which is a finding already
    if first != name:
        yield Finding(name, f"the same bytes as {first}", "delete one, and check the label")


def audit_image(
    path: str | Path, *, mode: str = "RGB", min_side: int = 8, max_pixels: int = 50_000_000
) -> list[Finding]:
    """Look at one image file; return what is wrong with it, under the file's own name.

    Args:
        path: The file.
        mode: As in ``audit_folder``; likewise the two that follow.
        min_side: Fewest pixels of the shorter side.
        max_pixels: Most pixels; a larger image is not decoded.

    """
    path = Path(path)
    name = path.name
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow also warns of what is found here
        try:
            if path.stat().st_size == 0:
                return [Finding(name, "empty: 0 bytes", "fetch it again, or delete it", skip=True)]
            with Image.open(path) as image:
                width, height = image.size
                if width * height > max_pixels:
                    return [_too_large(name, f"{width} x {height} pixels")]
                image.verify()  # checks the sums in a PNG; the file must be opened again
            with Image.open(path) as image:
                image.load()
                return list(_audit_pixels(name, image, mode, min_side))
        except Image.DecompressionBombError:
            return [_too_large(name, "more pixels than Pillow opens")]
        except UnidentifiedImageError:
            mend = "open it in a text editor; delete it"
            return [Finding(name, "no image, whatever its name says", mend, skip=True)]
        except Exception as error:  # Pillow's readers raise many kinds on a damaged file
            problem = f"damaged: {type(error).__name__}"
            return [Finding(name, problem, "fetch it again, or delete it", skip=True)]


def _too_large(name: str, size: str) -> Finding:
    mend = "shrink it with another program, or delete it"
    return Finding(name, f"{size}: not opened", mend, skip=True)


def _audit_pixels(name: str, image: Image.Image, mode: str, min_side: int) -> Iterator[Finding]:
    """Look at an image that was read whole."""
    if min(image.size) < min_side:
        problem = f"{image.width} x {image.height} pixels: too small to show a thing"
        yield Finding(name, problem, "delete it", skip=True)
    if image.mode != mode:
        any_range = image.mode in ("I", "F")  # whole or broken numbers of any size
        problem = f"mode {image.mode}, expected {mode}"
        yield Finding(name, problem, _mode_mend(image, mode), skip=any_range)
    turn = image.getexif().get(ORIENTATION, 1)
    if turn in TURNS:
        problem = f"EXIF says: turn it (orientation {turn})"
        yield Finding(name, problem, "ImageOps.exif_transpose(image)")
    frames = getattr(image, "n_frames", 1)
    if frames > 1:
        problem = f"{frames} pictures in one file: only the first is read"
        yield Finding(name, problem, "save each on its own")


def _mode_mend(image: Image.Image, mode: str) -> str:
    """Say how to bring an image to the mode; transparent and deep ones need a step before."""
    if image.mode.startswith("I") or image.mode == "F":
        return f'divide to 0…255 first: convert("{mode}") cuts off'
    if image.has_transparency_data:
        return f'lay it on a paper first, then convert("{mode}")'
    return f'convert("{mode}")'
