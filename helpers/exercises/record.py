"""What a learner has tried: one line for each verdict, in a small file that only ever grows.

A line is written in one piece at the end of the file, so that two notebooks can write; lines that
cannot be read are passed over, and a file that is missing is an empty one.
"""

import json
import os
from pathlib import Path

from helpers.datasets import data_folder


def record_file() -> Path:
    """Return the file: ``progress.jsonl`` in the data folder, or what WORKBOOK_PROGRESS names."""
    named = os.environ.get("WORKBOOK_PROGRESS")
    return Path(named) if named else data_folder() / "progress.jsonl"


def remember(name: str, state: str) -> None:
    """Add a verdict; where the folder cannot be written, nothing is kept."""
    try:
        record_file().parent.mkdir(parents=True, exist_ok=True)
        with record_file().open("a", encoding="utf-8") as file:
            file.write("\n" + json.dumps({"exercise": name, "state": state}) + "\n")
    except OSError:
        return


def recall() -> dict[str, list[str]]:
    """Return the verdicts on each exercise since it was last reset, the oldest first."""
    try:
        lines = record_file().read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return {}
    states: dict[str, list[str]] = {}
    for line in lines:
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
