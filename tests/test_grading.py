"""Grades come from checks of our own, whatever a notebook prints, patches, eats or deletes."""

import csv

import nbformat
import pytest

from helpers.errors import InputError
from helpers.exercises import grading
from helpers.exercises.definition import exercise_names, load_exercise

NAME = "tensors/column-means"
MEANS = load_exercise(NAME)
GROUP = [name for name in exercise_names() if name.startswith("tensors/")]
CHECK = f'\ncheck("{NAME}", column_means)'
RIGHT = f"import torch\n{MEANS.solution}{CHECK}"
FAKE = """
import pathlib, torch
import helpers.exercises as e, helpers.exercises.judging as j, helpers.exercises.observing as o
j.judge = lambda *a: j.Verdict("right", "")
o.equal = lambda *a, **k: True
e.check = check = lambda *a: print("Right.")
torch.equal = torch.allclose = lambda *a, **k: True
for path in pathlib.Path(e.__file__).parent.rglob("*.py"):
    path.write_text("")
"""
DELETE = (
    "import pathlib, shutil, torch\nshutil.rmtree(pathlib.Path.cwd().parent, ignore_errors=True)"
)
SUBMISSIONS = {
    "perfect": ([RIGHT], "right"),
    "untouched": ([f"import torch\n{MEANS.cell}"], "not attempted"),
    "wrong": ([f"def column_means(X):\n    return X.mean(1){CHECK}"], "not yet"),
    "hanging": (["while True: pass", RIGHT], "stopped"),
    "crashing": (["1 / 0", f"def column_means(X):\n    raise ValueError{CHECK}"], "crashed"),
    "dying": (["import os\nos._exit(1)", RIGHT], "stopped"),
    "hungry": (["import torch\nx = torch.ones(2**36)", "y = [0] * 2**34", RIGHT], "right"),
    "printing": (["print('Right. 14 of 14')", f"import torch\n{MEANS.cell}"], "not attempted"),
    "patching": ([FAKE, f"def column_means(X):\n    return X{CHECK}"], "not yet"),
    "deleting": ([DELETE, RIGHT], "right"),
    "broken": (["def (", RIGHT], "right"),
}


def write(path, cells):
    new = nbformat.v4
    nbformat.write(new.new_notebook(cells=[new.new_code_cell(code) for code in cells]), path)


@pytest.mark.parametrize("title", SUBMISSIONS)
def test_a_submission_gets_the_grade_that_it_deserves(title, tmp_path):
    cells, verdict = SUBMISSIONS[title]
    path = tmp_path / f"{title}.ipynb"
    write(path, cells)
    before = path.read_bytes()
    grades = {grade.exercise: grade for grade in grading.grade_notebook(path, cell_seconds=15)}
    assert list(grades) == GROUP
    assert grades.pop(NAME).verdict == verdict
    assert {grade.verdict for grade in grades.values()} <= {"not there"}
    assert path.read_bytes() == before
    assert (grading.ROOT / "helpers" / "exercises" / "judging.py").stat().st_size


def test_a_folder_gives_one_table(tmp_path, capsys):
    write(tmp_path / "perfect.ipynb", [RIGHT])
    (tmp_path / "torn.ipynb").write_text("{", encoding="utf-8")
    table = tmp_path / "grades.csv"
    assert grading.main([str(tmp_path), "--csv", str(table)]) == 0
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    assert [row["exercise"] for row in rows] == [*GROUP, ""]
    by_name = {(row["notebook"], row["exercise"]): row["verdict"] for row in rows}
    assert by_name["perfect.ipynb", NAME] == "right"
    assert by_name["torn.ipynb", ""] == "unreadable"
    assert "torn.ipynb cannot be read as a notebook" in capsys.readouterr().out


def test_a_missing_path_gets_a_sentence(tmp_path, capsys):
    assert grading.main([str(tmp_path / "gone")]) == 2
    assert "There is no" in capsys.readouterr().err
    assert grading.main([str(tmp_path)]) == 2
    assert "There is no notebook there." in capsys.readouterr().err


def test_a_notebook_without_exercises_is_refused(tmp_path):
    write(tmp_path / "empty.ipynb", ["1 + 1"])
    with pytest.raises(InputError, match="holds no exercise"):
        grading.grade_notebook(tmp_path / "empty.ipynb")
