"""What no code of ours does: run what came from elsewhere, use a shell, trust any certificate.

Ruff's rules "S" (see pyproject.toml) look for most of it; what concerns PyTorch is here.
"""

import ast
from pathlib import Path

import pytest

from tests.test_notebooks import PATHS, code_cells, read

ROOT = Path(__file__).parent.parent
OURS = [
    ROOT / "workbook.py",
    *sorted((ROOT / "docs").glob("*.py")),
    *sorted((ROOT / "benchmarks").glob("*.py")),
    *sorted(p for p in (ROOT / "helpers").rglob("*.py") if "definitions" not in p.parts),
]
# Cells that unpickle on purpose, what they wrote themselves a line before.
TAUGHT = {
    "04-133": "shows that reading a pickle runs what its writer wants",
    "04-137": "compares the two ways to read the same file",
    "04-ex-restore-weights": "the stub of an exercise to repair",
    "05-058": "shows how a function travels to a worker",
}
LOADERS = {"torch.load", "pickle.load", "pickle.loads", "pickle.Unpickler", "joblib.load"}


def unpickled(source):
    """Return the calls that would run code from a pickle."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in LOADERS:
            given = {k.arg: ast.unparse(k.value) for k in node.keywords}
            safe = ast.unparse(node.func) == "torch.load" and given.get("weights_only") == "True"
            if not safe:
                found.append(ast.unparse(node))
    return found


def test_such_a_call_is_found():
    assert unpickled("torch.load(path, weights_only=False)\npickle.loads(b'')")[1:]
    assert unpickled("torch.load(path)") == ["torch.load(path)"]
    assert not unpickled("torch.load(path, map_location='cpu', weights_only=True)")


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_nothing_of_ours_unpickles(path):
    assert unpickled(path.read_text(encoding="utf-8")) == []


def test_no_cell_unpickles_unless_that_is_its_lesson():
    found = set()
    for path in PATHS:
        for cell in code_cells(read(path)):
            calls = unpickled(cell.source)  # without weights_only, torch.load is safe of itself
            found |= {cell.id for call in calls if "weights_only" in call or "pickle" in call}
    assert found == set(TAUGHT)
