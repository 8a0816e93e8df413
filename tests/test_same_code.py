"""What a notebook builds by hand is what ``helpers`` holds, guards and progress bars aside.

A function or class that stands in a notebook under the name that it has in ``helpers`` must be made
of the same lines in the same order; ``helpers`` may have more.
"""

import ast
import re
from pathlib import Path

import pytest

from tests.test_notebooks import PATHS, code_cells, read

ROOT = Path(__file__).parent.parent


class Plain(ast.NodeTransformer):
    """Take off what does not change what is computed: types, docstrings, progress bars."""

    def visit_arg(self, node):
        node.annotation = None
        return node

    def visit_AnnAssign(self, node):
        self.generic_visit(node)
        return ast.Assign([node.target], node.value) if node.value else None

    def visit_Call(self, node):
        self.generic_visit(node)
        is_bar = ast.unparse(node.func) == "progress_bar" and node.args
        return node.args[0] if is_bar else node

    def visit_FunctionDef(self, node):
        self.generic_visit(node)
        node.returns = None
        return without_docstring(node)

    def visit_ClassDef(self, node):
        self.generic_visit(node)
        node.bases = [ast.Name(ast.unparse(base).split("[")[0]) for base in node.bases]
        return without_docstring(node)


def without_docstring(node):
    if ast.get_docstring(node):
        node.body = node.body[1:] or [ast.Pass()]
    return node


def definitions(source):
    """Return the lines of each top-level function and class of a piece of code."""
    return {
        node.name: lines(node)
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
    }


def lines(node):
    plain = ast.fix_missing_locations(Plain().visit(node))
    return [re.sub(r"^(\s*)def (\w+)\(.*", r"\1def \2", line) for line in
            ast.unparse(plain).splitlines()]  # fmt: skip


def lesson_cells(path):
    """Return the code cells of a notebook, without the stubs of its exercises."""
    return [cell for cell in code_cells(read(path)) if "\ncheck(" not in cell.source]


def held_by_helpers():
    found = {}
    for path in sorted((ROOT / "helpers").glob("*.py")):
        found |= definitions(path.read_text(encoding="utf-8"))
    return found


def missing_lines(ours, theirs):
    """Return the lines of ``ours`` that do not follow one another in ``theirs``."""
    rest = iter(line.strip() for line in theirs)
    return [line for line in ours if line.strip() not in rest]


BY_HAND = [
    (path, name, found)
    for path in PATHS
    for cell in lesson_cells(path)
    for name, found in definitions(cell.source).items()
    if name in held_by_helpers()
]


@pytest.mark.parametrize(
    ("path", "name", "found"), BY_HAND, ids=[f"{path.stem}-{name}" for path, name, _ in BY_HAND]
)
def test_by_hand_is_what_helpers_holds(path, name, found):
    assert missing_lines(found, held_by_helpers()[name]) == []


def test_the_loop_the_networks_and_the_dataset_are_built_by_hand():
    built = {name for _, name, _ in BY_HAND}
    assert {"train_epoch", "evaluate", "MLP", "CNN", "CsvImageDataset"} <= built


def test_a_different_line_is_found():
    by_hand = definitions("def f(x):\n    y = x * 2\n    return y")["f"]
    guarded = definitions(
        'def f(x: int) -> int:\n    "Doc."\n    check(x)\n    y: int = x * 2\n    return y'
    )["f"]
    assert missing_lines(by_hand, guarded) == []
    assert missing_lines(by_hand, definitions("def f(x):\n    y = x * 3\n    return y")["f"])
    assert missing_lines(by_hand, definitions("def f(x):\n    return y\n    y = x * 2")["f"])
