"""The helpers stand in layers: nothing imports upward, and importing the package is free."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HELPERS = sorted(
    path.parent if path.stem == "__init__" else path
    for path in [*(ROOT / "helpers").glob("*.py"), *(ROOT / "helpers").glob("*/__init__.py")]
    if path != ROOT / "helpers" / "__init__.py"
)


def picture() -> dict[str, int]:
    """Read the levels from the picture in CONTRIBUTING.md: a number, then the modules."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    lines = re.findall(r"^\s*(\d)  +([a-z_ ]+)", text, flags=re.MULTILINE)
    return {name: int(level) for level, names in lines for name in names.split()}


def imported_helpers(path: Path) -> set[str]:
    """Return the modules of ``helpers`` that a module or a folder of them imports, anywhere."""
    found = set()
    files = path.glob("*.py") if path.is_dir() else [path]
    for node in (n for file in files for n in ast.walk(ast.parse(file.read_text("utf-8")))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("helpers."):
            found.add(node.module.split(".")[1])
        elif isinstance(node, ast.Import):
            found |= {a.name.split(".")[1] for a in node.names if a.name.startswith("helpers.")}
    return found


def test_the_picture_shows_every_module():
    assert set(picture()) == {path.stem for path in HELPERS}


@pytest.mark.parametrize("path", HELPERS, ids=lambda path: path.stem)
def test_nothing_imports_upward(path):
    levels = picture()
    upward = {name for name in imported_helpers(path) if levels[name] > levels[path.stem]}
    assert not upward


def modules_after(statement: str) -> set[str]:
    code = f"import sys\n{statement}\nprint(*sys.modules)"
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(result.stdout.split())


def test_importing_helpers_loads_nothing_heavy():
    assert not modules_after("import helpers") & {"torch", "torchvision", "numpy", "sklearn"}


def test_no_module_loads_torchvision_or_sklearn_before_they_are_needed():
    names = {f"helpers.{path.stem}" for path in HELPERS}
    loaded = modules_after(f"import {', '.join(sorted(names))}")
    assert names <= loaded
    assert not loaded & {"torchvision", "sklearn"}
