"""Run All, as a reader does it: in some folder, twice in the same kernel, without a network."""

import pytest

from tests.kernels import bare, exercise_of, kernel, with_answers
from tests.test_notebooks import IGNORE, NAMES, PATHS, code_cells, read, tags


@pytest.mark.parametrize("path", PATHS, ids=NAMES)
def test_twice_in_one_kernel_gives_the_same(path, tmp_path):
    """The second time the exercises are solved, and all guesses that are foreseen are tried."""
    elsewhere = tmp_path / "a folder elsewhere"
    elsewhere.mkdir()
    cells = code_cells(read(path))
    with kernel(elsewhere, **bare(tmp_path)) as started:
        first = [started.run(cell.source) for cell in cells]
        second = [started.run(with_answers(cell.source)) for cell in cells]
    assert any(shown.printed for shown in first)
    for cell, once, again in zip(cells, first, second, strict=True):
        assert not once.error and not again.error, once.error + again.error
        assert not once.warned and not again.warned, once.warned + again.warned
        if exercise_of(cell.source):
            assert once.printed.startswith("Not attempted yet."), cell.source
            assert again.printed.startswith("Right."), cell.source + again.printed
        elif cell.source.startswith("progress("):
            assert " 0 of " in once.printed and "Next" not in again.printed
        elif IGNORE not in tags(cell):
            assert once == again, cell.source
    assert list(elsewhere.iterdir()) == []  # nothing is left lying around
