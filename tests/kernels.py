"""A real kernel for a test: run a notebook's cells in it, interrupt it, kill it."""

import ast
import os
import re
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jupyter_client.manager import KernelManager

from helpers.exercises.definition import Exercise, load_exercise

COLOURS = re.compile(r"\x1b\[[\d;]*m")


@dataclass
class Shown:
    """What a cell showed.

    Attributes:
        printed: Its standard output.
        values: Values as text, and pictures as base64.
        warned: Its standard error.
        error: The error that ended it, as it stands under the cell; empty if it ended well.

    """

    printed: str = ""
    values: list[str] = field(default_factory=list)
    warned: str = ""
    error: str = ""


class Kernel:
    """A kernel of its own, in a folder, with some variables of the environment changed."""

    def __init__(self, folder: Path, variables: dict[str, str]) -> None:
        self.manager = KernelManager(kernel_name="python3")
        self.manager.start_kernel(cwd=str(folder), env={**os.environ, **variables})
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=120)

    def start(self, source: str) -> str:
        """Begin a cell, and see that it has begun; return its number, for ``finish``."""
        request = self.client.execute(source)
        while self.answer(request)["msg_type"] != "execute_input":
            pass
        return request

    def answer(self, request: str) -> dict[str, Any]:
        """Wait for the next thing that a cell does."""
        while True:
            message: dict[str, Any] = self.client.get_iopub_msg(timeout=300)
            if message["parent_header"].get("msg_id") == request:
                return message

    def finish(self, request: str) -> Shown:
        """Wait for the end of a cell."""
        shown = Shown()
        while True:
            message = self.answer(request)
            content: dict[str, Any] = message["content"]
            match message["msg_type"]:
                case "stream" if content["name"] == "stdout":
                    shown.printed += content["text"]
                case "stream":
                    shown.warned += content["text"]
                case "display_data" | "execute_result":
                    data = content["data"]
                    shown.values.append(data.get("image/png") or data["text/plain"])
                case "error":
                    shown.error = COLOURS.sub("", "\n".join(content["traceback"]))
                case "status" if content["execution_state"] == "idle":
                    return shown

    def run(self, source: str) -> Shown:
        """Run a cell to its end."""
        return self.finish(self.start(source))

    def interrupt(self) -> None:
        """Do what the stop button does: send SIGINT."""
        self.manager.interrupt_kernel()

    def kill(self) -> None:
        """End it without a warning, as the system does when memory is short."""
        self.manager.signal_kernel(signal.SIGKILL)
        while self.manager.is_alive():
            time.sleep(0.01)


@contextmanager
def kernel(folder: Path, **variables: str) -> Iterator[Kernel]:
    """Start a kernel, and end it with the block."""
    started = Kernel(folder, variables)
    try:
        yield started
    finally:
        started.client.stop_channels()
        started.manager.shutdown_kernel(now=True)
        started.manager.cleanup_resources()


def run_well(started: Kernel, source: str) -> Shown:
    """Run a cell that must end without an error and without a warning."""
    shown = started.run(source)
    assert not shown.error and not shown.warned, f"{source}\n{shown.error}{shown.warned}"
    return shown


def bare(folder: Path) -> dict[str, str]:
    """Return variables with which there is no data and no network, and no progress yet."""
    return {
        "WORKBOOK_DATA": str(folder / "data"),
        "WORKBOOK_OFFLINE": "1",
        "WORKBOOK_PROGRESS": str(folder / "progress.jsonl"),
    }


# After a cell that compares a guess: every guess that has a sentence gets it, and the answer that
# the code computed, told as a guess, is right.
TRY_GUESSES = """
from helpers.predictions import find_prediction as _find, plain as _plain, verdict as _verdict
_question, _actual = _find({name!r}), {actual}
assert _verdict(_question, _actual, _actual).startswith("Right: "), _actual
for _wrong, _sentence in _question.wrong.items():
    assert _verdict(_question, _wrong, _actual).startswith("You said "), (_wrong, _actual)
    assert _verdict(_question, _wrong, _actual).endswith(_sentence), (_wrong, _actual)
"""


def with_answers(source: str) -> str:
    """Return a cell's code: an exercise solved, and all the guesses of a question tried."""
    if exercise := exercise_of(source):
        return source.replace(exercise.stub, exercise.solution)
    if "check_guess(" not in source or source.startswith("# Setup"):
        return source
    call: Any = ast.parse(source).body[-1]
    name, _, actual = call.value.args
    return source + TRY_GUESSES.format(name=name.value, actual=ast.unparse(actual))


def exercise_of(source: str) -> Exercise | None:
    """Return the exercise that a cell holds, if any."""
    found = re.search(r'^check\("([\w/-]+)", \w+\)$', source, flags=re.MULTILINE)
    return load_exercise(found[1]) if found else None
