"""What the workbook itself costs: imports, verdicts, and Run All of each notebook."""

import subprocess
import sys
import time
from pathlib import Path
from statistics import median

import nbformat
from nbclient import NotebookClient
from traitlets.config import Config

ROOT = Path(__file__).parent.parent
QUIET = Config({"KernelManager": {"transport_encryption": "auto"}})  # else each kernel warns of it

IMPORTS = """
import time, torch
start = time.perf_counter()
import helpers
middle = time.perf_counter()
import helpers.batches, helpers.checkpoints, helpers.datasets, helpers.fast, helpers.training
print(middle - start, time.perf_counter() - start)
"""


def import_seconds(rounds: int) -> dict[str, list[float]]:
    """Return what imports add to ``import torch``, each in a Python of its own."""
    found: dict[str, list[float]] = {"import helpers": [], "and what trains": []}
    for _ in range(rounds):
        done = subprocess.run(
            [sys.executable, "-c", IMPORTS], cwd=ROOT, capture_output=True, text=True, check=True
        )
        for values, said in zip(found.values(), done.stdout.split(), strict=True):
            values.append(float(said))
    return found


def verdict_seconds() -> list[float]:
    """Return the time to the verdict on the solution of each exercise, asked a second time."""
    import torch

    from helpers.exercises.definition import exercise_names, load_exercise
    from helpers.exercises.judging import judge
    from helpers.exercises.observing import run_code

    torch.optim.SGD([torch.zeros(1)], lr=0.1).zero_grad()  # PyTorch imports its compiler here
    taken = []
    for name in exercise_names():
        exercise = load_exercise(name)
        for _ in range(2):
            start = time.perf_counter()
            judge(exercise, run_code(exercise, exercise.solution))
        taken.append(time.perf_counter() - start)
    return taken


def run_all_seconds() -> dict[str, float]:
    """Return the time of Run All by notebook, the start of the kernel counted in."""
    found = {}
    for path in sorted((ROOT / "notebooks").glob("[0-9]*.ipynb")):
        notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
        start = time.perf_counter()
        NotebookClient(
            notebook, timeout=600, kernel_name="python3",
            resources={"metadata": {"path": str(path.parent)}}, config=QUIET,
        ).execute()  # fmt: skip
        found[path.stem] = time.perf_counter() - start
    return found


def report_workbook(rounds: int, notebooks: bool) -> dict[str, object]:
    """Print and return all of it; the notebooks only if asked for."""
    print("\nThe workbook itself (seconds)")
    imports = import_seconds(max(rounds, 3))
    for name, values in imports.items():
        print(f"  {name:16} {median(values):.3f} beyond import torch")
    verdicts = verdict_seconds()
    quick = sum(taken < 0.1 for taken in verdicts)
    print(
        f"  verdicts         {median(verdicts):.3f} in the median, {max(verdicts):.3f} at most; "
        f"{quick} of {len(verdicts)} under 0.1"
    )
    runs = run_all_seconds() if notebooks else {}
    for name, taken in runs.items():
        print(f"  Run All of {name:22} {taken:5.1f}")
    if runs:
        print(f"  all {len(runs)} {'':25} {sum(runs.values()):5.1f}")
    return {"imports": imports, "verdicts": verdicts, "run_all": runs}
