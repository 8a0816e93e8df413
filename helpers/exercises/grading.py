"""Grade notebooks that were handed in, by checks of our own: ``workbook.py grade PATH…``.

Each notebook runs in a kernel of its own, in a copy of the workbook's folder, with limits on time
and memory. What it prints is not looked at. After the cell of an exercise the kernel is asked to
run the answer on cases made with a new seed and to write down what it did; this process compares
that with what the solution does, and never runs any code that was handed in.

This keeps careless notebooks apart, and cheats by printing or by changing ``helpers``. It is no
sandbox: a program that means harm can reach the files of the user who runs it, so grade strangers'
work in a container or under an account that has nothing to lose.
"""

import argparse
import ast
import csv
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch

from helpers.errors import InputError
from helpers.exercises.definition import Exercise, exercise_names, load_exercise
from helpers.exercises.judging import CRASHED, UNTOUCHED, judge_observations
from helpers.exercises.observing import Crash, Observation

ROOT = Path(__file__).parents[2]
MISSING = "not there"
STOPPED = "stopped"
CELL_SECONDS = 120
GIGABYTES = 6

# Runs in the kernel, after the cell of an exercise. Modules are loaded anew from a copy that the
# notebook does not know.
OBSERVER = """
def _observe():
    import sys
    from dataclasses import asdict
    kept = {{n: sys.modules.pop(n) for n in list(sys.modules) if n.split(".")[0] == "helpers"}}
    sys.path.insert(0, {helpers!r})
    try:
        import torch
        from helpers.exercises.definition import parse
        from helpers.exercises.judging import is_untouched
        from helpers.exercises.observing import observe_all
        exercise = parse({name!r}, {text!r})
        answer = globals().get(exercise.answer, ...)
        untouched = is_untouched(exercise, answer)
        seen = [] if untouched else observe_all(exercise, answer, {seed})
        torch.save({{"untouched": untouched, "seen": [asdict(o) for o in seen]}}, {path!r})
    finally:
        sys.path.remove({helpers!r})
        for name in [n for n in sys.modules if n.split(".")[0] == "helpers"]:
            del sys.modules[name]
        sys.modules.update(kept)
_observe()
"""
LIMIT = """
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, ({bytes}, {bytes}))
except (ImportError, ValueError, OSError):
    pass
"""


@dataclass(frozen=True)
class Grade:
    """One line of the table."""

    notebook: str
    exercise: str
    verdict: str
    seconds: float


def grade_notebook(path: Path, cell_seconds: float = CELL_SECONDS) -> list[Grade]:
    """Run one notebook and return a grade for each exercise of the notebooks that it belongs to.

    Args:
        path: a notebook that was handed in; it is read and not changed.
        cell_seconds: how long one cell may take before the kernel is stopped.

    Raises:
        InputError: the file is no notebook, or holds no exercise.
    """
    cells = read_cells(path)
    asked = [name for _, name in cells if name]
    groups = {name.split("/")[0] for name in asked}
    names = [name for name in exercise_names() if name.split("/")[0] in groups]
    if not names:
        raise InputError(f"{path.name} holds no exercise of this workbook.")
    found = {grade.exercise: grade for grade in run_cells(path.name, cells, cell_seconds)}
    left_out = STOPPED if set(asked) - set(found) else MISSING
    return [
        found.get(name) or Grade(path.name, name, left_out if name in asked else MISSING, 0.0)
        for name in names
    ]


def read_cells(path: Path) -> list[tuple[str, str]]:
    """Return the code of each cell without its calls of ``check``, and the exercise it answers.

    Raises:
        InputError: the file is no notebook.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        sources = ["".join(c["source"]) for c in content["cells"] if c["cell_type"] == "code"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path.name} cannot be read as a notebook: {error}") from None
    return [without_check(source) for source in sources]


def without_check(source: str) -> tuple[str, str]:
    """Return a cell's code without ``check("name", answer)`` and the like, and that name."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return source, ""
    name, rest = "", []
    for node in tree.body:
        call = node.value if isinstance(node, ast.Expr) else None
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name):
            if call.func.id == "check" and call.args and isinstance(call.args[0], ast.Constant):
                name = str(call.args[0].value)
                continue
            if call.func.id in ("hint", "progress", "reset"):
                continue
        rest.append(node)
    known = name if name in exercise_names() else ""
    return ast.unparse(ast.Module(rest, [])), known


def run_cells(title: str, cells: list[tuple[str, str]], cell_seconds: float) -> Iterator[Grade]:
    """Run the cells in a kernel of their own, and yield a grade after each exercise."""
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    with tempfile.TemporaryDirectory(prefix="grade-") as folder:
        copy, hidden = Path(folder) / "workbook", Path(folder) / secrets.token_hex(8)
        for name in ("helpers", "notebooks"):
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copytree(copy / "helpers", hidden / "helpers")
        environment = {
            **os.environ,
            "WORKBOOK_OFFLINE": "1",
            "WORKBOOK_DATA": str(copy / "data"),
            "HOME": str(copy),
            "PYTHONPATH": str(copy),
        }
        client = NotebookClient(
            nbformat.v4.new_notebook(),  # type: ignore[no-untyped-call]
            timeout=cell_seconds,
            kernel_name="python3",
            allow_errors=True,
            resources={"metadata": {"path": str(copy / "notebooks")}},
        )

        def run(code: str) -> None:
            cell = nbformat.v4.new_code_cell(code)  # type: ignore[no-untyped-call]
            client.nb.cells.append(cell)
            client.execute_cell(cell, len(client.nb.cells) - 1)

        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        with client.setup_kernel(env=environment, **quiet):
            try:
                run(LIMIT.format(bytes=GIGABYTES * 2**30))
                for code, name in cells:
                    started = time.monotonic()
                    run(code)
                    if name:
                        exercise = load_exercise(name)
                        verdict = ask(run, exercise, hidden)
                        yield Grade(title, name, verdict, time.monotonic() - started)
            except (CellTimeoutError, DeadKernelError):
                return


def ask(run: Any, exercise: Exercise, hidden: Path) -> str:
    """Have the kernel observe the answer to an exercise, and return our verdict on it."""
    seed = secrets.randbelow(2**31)
    path = hidden / f"{secrets.token_hex(8)}.pt"
    text = (ROOT / "helpers/exercises/definitions" / f"{exercise.name}.py").read_text("utf-8")
    run(
        OBSERVER.format(
            helpers=str(hidden), name=exercise.name, text=text, seed=seed, path=str(path)
        )
    )
    try:
        told = torch.load(path, weights_only=True)
        seen = [
            Observation(
                value=entry["value"],
                crash=Crash(**entry["crash"]) if entry["crash"] else None,
                after=entry["after"],
                changed=tuple(entry["changed"]),
                left=tuple(entry["left"]),
            )
            for entry in told["seen"]
        ]
    except Exception:  # whatever a notebook may have left there instead
        return CRASHED
    finally:
        path.unlink(missing_ok=True)
    if told["untouched"]:
        return UNTOUCHED
    return judge_observations(exercise, seen, seed).state if seen else CRASHED


def find_notebooks(paths: list[Path]) -> list[Path]:
    """Return the notebooks named, and those in the folders named.

    Raises:
        InputError: a path does not exist, or there is no notebook.
    """
    found: list[Path] = []
    for path in paths:
        if not path.exists():
            raise InputError(f"There is no {path}.")
        found += sorted(path.rglob("*.ipynb")) if path.is_dir() else [path]
    if not found:
        raise InputError("There is no notebook there.")
    return found


def main(arguments: list[str] | None = None) -> int:
    """Grade what the command line names, print the table and write it as CSV."""
    parser = argparse.ArgumentParser(prog="workbook.py grade", description="Grade notebooks.")
    parser.add_argument("paths", nargs="+", type=Path, help="notebooks, or folders of them")
    parser.add_argument("--csv", type=Path, default=Path("grades.csv"), help="where to write it")
    parser.add_argument("--seconds", type=float, default=CELL_SECONDS, help="allowed for a cell")
    options = parser.parse_args(arguments)
    try:
        notebooks = find_notebooks(options.paths)
    except InputError as error:
        print(error, file=sys.stderr)
        return 2
    rows: list[Grade] = []
    for path in notebooks:
        try:
            grades = grade_notebook(path, options.seconds)
        except InputError as error:
            print(error)
            grades = [Grade(path.name, "", "unreadable", 0.0)]
        rows += grades
        right = sum(grade.verdict == "right" for grade in grades)
        print(f"{path.name}: {right} of {len(grades)} right", flush=True)
    with options.csv.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, ["notebook", "exercise", "verdict", "seconds"])
        writer.writeheader()
        writer.writerows({**asdict(row), "seconds": f"{row.seconds:.2f}"} for row in rows)
    print_table(rows)
    print(f"The table is in {options.csv}")
    return 0


def print_table(rows: list[Grade]) -> None:
    """Print one line for each notebook and exercise."""
    wide = max(len(row.notebook) for row in rows)
    for row in rows:
        print(f"{row.notebook:{wide}}  {row.exercise:40}  {row.verdict:14} {row.seconds:6.2f} s")


if __name__ == "__main__":
    sys.exit(main())
