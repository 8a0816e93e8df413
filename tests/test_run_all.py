"""Run All, as a reader does it: from any folder, twice in the same kernel, without a network."""

import ast
import os
import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from helpers.exercises.definition import load_exercise
from tests.test_notebooks import IGNORE, NAMES, PATHS, code_cells, tags

ROOT = Path(__file__).parent.parent


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


def with_answers(source):
    """Return a cell's code: an exercise solved, and all the guesses of a question tried."""
    if exercise := exercise_of(source):
        return source.replace(exercise.stub, exercise.solution)
    if "check_guess(" not in source or source.startswith("# Setup"):
        return source
    call = ast.parse(source).body[-1].value
    name, _, actual = call.args
    return source + TRY_GUESSES.format(name=name.value, actual=ast.unparse(actual))


def exercise_of(source):
    """Return the exercise that a cell holds, if any."""
    found = re.search(r'^check\("([\w/-]+)", \w+\)$', source, flags=re.MULTILINE)
    return load_exercise(found[1]) if found else None


def run_all(path, folder, times=1):
    """Run a notebook in one kernel started in ``folder``; return its copies, one a run.

    From the second run on, the exercises are solved, and all the guesses that its questions
    foresee are tried.
    """
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(folder)}}
    )
    copies = []
    with client.setup_kernel():
        for _ in range(times):
            for number, cell in enumerate(notebook.cells):
                client.execute_cell(cell, number)
            copies.append(nbformat.from_dict(notebook))
            notebook = nbformat.read(path, as_version=4)
            for cell in code_cells(notebook):
                cell.source = with_answers(cell.source)
            client.nb = notebook
    return copies


@pytest.fixture
def bare(tmp_path, monkeypatch):
    """No data, no network; returns a folder to start in."""
    monkeypatch.setenv("WORKBOOK_DATA", os.fspath(tmp_path / "data"))
    monkeypatch.setenv("WORKBOOK_OFFLINE", "1")
    monkeypatch.setenv("WORKBOOK_PROGRESS", os.fspath(tmp_path / "progress.jsonl"))
    elsewhere = tmp_path / "a folder elsewhere"
    elsewhere.mkdir()
    return elsewhere


def words(cell):
    """Return what a cell printed, in one piece, and the values that it showed as text."""
    printed = "".join(output.text for output in cell.outputs if output.output_type == "stream")
    shown = [output.data.get("text/plain") for output in cell.outputs if "data" in output]
    return printed, shown


@pytest.mark.parametrize("path", PATHS, ids=NAMES)
def test_twice_in_one_kernel_gives_the_same(path, bare):
    first, second = run_all(path, bare, times=2)
    pairs = list(zip(code_cells(first), code_cells(second), strict=True))
    assert any(words(cell) != ("", []) for cell, _ in pairs)
    for once, again in pairs:
        if exercise_of(once.source):
            assert words(once)[0].startswith("Not attempted yet."), once.source
            assert words(again)[0].startswith("Right."), again.source + words(again)[0]
        elif once.source.startswith("progress("):
            assert " 0 of " in words(once)[0] and "Next" not in words(again)[0]
        elif IGNORE not in tags(once):
            assert words(once) == words(again), once.source
        assert not any(output.get("name") == "stderr" for output in once.outputs + again.outputs)
    assert list(bare.iterdir()) == []  # nothing is left lying around


@pytest.mark.parametrize("path", PATHS, ids=NAMES)
def test_started_in_the_root(path, bare):
    (copy,) = run_all(path, ROOT)
    assert [cell.execution_count for cell in code_cells(copy)] == list(
        range(1, len(code_cells(copy)) + 1)
    )
