"""What a learner has tried: one line for each verdict, in a small file that only ever grows.

A line is written in one piece at the end of the file, so that two notebooks can write; lines that
cannot be read are passed over, and a file that is missing is an empty one. Where the file cannot be
written, the verdicts are known until the kernel stops.
"""

import json
import os
from pathlib import Path

from helpers.datasets import data_folder

_unwritten: dict[Path, list[str]] = {}  # the lines that each file did not take


def record_file() -> Path:
    """Return the file: ``progress.jsonl`` in the data folder, or what WORKBOOK_PROGRESS names."""
    named = os.environ.get("WORKBOOK_PROGRESS")
    return Path(named) if named else data_folder() / "progress.jsonl"


def remember(name: str, state: str) -> None:
    """Add a verdict; where the file cannot be written, say so once."""
    path, line = record_file(), json.dumps({"exercise": name, "state": state})
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(f"\n{line}\n")
    except OSError as error:
        if path not in _unwritten:
            print(
                f"Your progress cannot be written to {path} ({error.strerror or error}); it is "
                "kept until the kernel stops. To keep it for good, set WORKBOOK_PROGRESS to a file "
                "in a folder that you may write to."
            )
        _unwritten.setdefault(path, []).append(line)


def recall() -> dict[str, list[str]]:
    """Return the verdicts on each exercise since it was last reset, the oldest first."""
    path = record_file()
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    states: dict[str, list[str]] = {}
    for line in lines + _unwritten.get(path, []):
        try:
            entry = json.loads(line)
            name, state = str(entry["exercise"]), str(entry["state"])
        except (ValueError, TypeError, KeyError):
            continue
        if state == "reset" and name == "all":
            states.clear()
        elif state == "reset":
            states.pop(name, None)
        else:
            states.setdefault(name, []).append(state)
    return states
