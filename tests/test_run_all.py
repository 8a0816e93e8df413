"""Run All, as a reader does it: from any folder, twice in the same kernel, without a network."""

import os
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from tests.test_notebooks import IGNORE, NAMES, PATHS, code_cells, tags

ROOT = Path(__file__).parent.parent


def run_all(path, folder, times=1):
    """Run a notebook in one kernel started in ``folder``; return its copies, one a run."""
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
            client.nb = notebook
    return copies


@pytest.fixture
def bare(tmp_path, monkeypatch):
    """No data, no network; returns a folder to start in."""
    monkeypatch.setenv("WORKBOOK_DATA", os.fspath(tmp_path / "data"))
    monkeypatch.setenv("WORKBOOK_OFFLINE", "1")
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
        if IGNORE not in tags(once):
            assert words(once) == words(again), once.source
        assert not any(output.get("name") == "stderr" for output in once.outputs + again.outputs)
    assert list(bare.iterdir()) == []  # nothing is left lying around


@pytest.mark.parametrize("path", PATHS, ids=NAMES)
def test_started_in_the_root(path, bare):
    (copy,) = run_all(path, ROOT)
    assert [cell.execution_count for cell in code_cells(copy)] == list(
        range(1, len(code_cells(copy)) + 1)
    )
