"""Settle in on Google Colab: a package that it lacks, and a folder that outlives its machine."""

import importlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from helpers.datasets import data_folder
from helpers.downloads import is_offline

DRIVE = Path("/content/drive/MyDrive")  # where Colab mounts the user's Google Drive
SECONDS = 60.0  # what an installation may take


def settle_in(packages: Sequence[str] = ()) -> None:
    """Install what is missing, choose the folder for data, and say so.

    Args:
        packages: Names that are those of their modules too; without them the notebook runs as well.

    """
    for package in packages:
        if find_spec(package) is None:
            print(install(package))
    print(choose_folder(DRIVE))


def install(package: str) -> str:
    """Install one package and nothing with it, so that what Colab has stays; return how it went."""
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", package]
    try:
        if not is_offline():
            subprocess.run(command, timeout=SECONDS, capture_output=True, check=False)
    except (OSError, subprocess.TimeoutExpired):
        pass  # told below
    importlib.invalidate_caches()
    if find_spec(package) is None:
        return f"{package} could not be installed; the notebook does without it."
    return f"{package} was missing and is installed."


def choose_folder(drive: Path) -> str:
    """Let data, checkpoints and progress go to Google Drive if it is mounted; return a sentence.

    Progress that was made before the Drive was mounted is copied, unless there is some already.

    Args:
        drive: Where the Drive is, or would be.

    """
    if named := os.environ.get("WORKBOOK_DATA"):
        return f"Data, checkpoints and progress are kept in {named}."
    if not drive.is_dir():
        return (
            "Data, checkpoints and progress go when this Colab machine does. To keep them, mount "
            'your Drive in a new cell (`from google.colab import drive; drive.mount("'
            f'{drive.parent.as_posix()}")`), then run this cell again.'
        )
    folder = drive / "pytorch-workbook"
    made, kept = data_folder() / "progress.jsonl", folder / "progress.jsonl"
    os.environ["WORKBOOK_DATA"] = str(folder)  # read by data_folder, here and in other processes
    if made.is_file() and not kept.exists():
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(made, kept)
    return f"Data, checkpoints and progress are kept on your Drive, in {folder}."
