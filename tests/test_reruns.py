"""Cells run again: each twice in a row, and a notebook from a pause on."""

import re

import pytest

from tests.kernels import bare, kernel, run_well
from tests.reference import TAGS
from tests.test_notebooks import IGNORE, PATHS, ROOT, code_cells, read, tags

SECONDS, MINUTES = PATHS[:3], PATHS[3:]  # what they take
LONG = [pytest.param(path, id=path.stem, marks=pytest.mark.long) for path in MINUTES]
EACH = [*(pytest.param(path, id=path.stem) for path in SECONDS), *LONG]


@pytest.mark.parametrize("path", EACH)
def test_each_cell_is_run_twice_in_a_row(path, tmp_path, seen):
    with kernel(ROOT, **bare(tmp_path)) as started:
        for cell in code_cells(read(path)):
            once, again = run_well(started, cell.source), run_well(started, cell.source)
            assert once == again or IGNORE in tags(cell), cell.source
    seen("nothing: each cell shows the same again")


# ------------------------------------------------------------------------- from a pause on

PAUSES = re.compile(r"After the setup cell you can begin at sections? ([\d, or]+)")


def begins():
    """Give each notebook with the sections at which it says that one can begin."""
    for path in PATHS:
        if found := PAUSES.search(read(path).cells[0].source):
            for section in re.findall(r"\d+", found[1]):
                yield pytest.param(path, int(section), id=f"{path.stem} section {section}")


@pytest.mark.parametrize(("path", "section"), list(begins()))
def test_one_begins_at_a_pause(path, section, tmp_path, seen):
    notebook = read(path)
    (start,) = (
        place for place, cell in enumerate(notebook.cells)
        if cell.source.startswith(f"## {section}. ")
    )  # fmt: skip
    cells = [code_cells(notebook)[0]]
    cells += [cell for cell in notebook.cells[start:] if cell.cell_type == "code"]
    with kernel(path.parent, **bare(tmp_path)) as started:
        for cell in cells:
            shown = run_well(started, cell.source)
            if not tags(cell) & {IGNORE, *TAGS}:
                stored = "".join(o.text for o in cell.outputs if o.output_type == "stream")
                assert shown.printed == stored, cell.source
    seen("nothing: the setup cell, then from there to the end, shows what a whole run shows")


def test_three_notebooks_say_where_one_can_begin():
    assert {case.values[0] for case in begins()} == set(SECONDS)
