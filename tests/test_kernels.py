"""What befalls a kernel: another one beside it, a kill, Ctrl-C, no permission to write."""

import json
import os
import re
import shutil
import subprocess
import sys
import time

import nbformat
import pytest

from helpers.checkpoints import read_extra
from tests.kernels import bare, exercise_of, kernel, run_well, with_answers
from tests.test_notebooks import IGNORE, PATHS, ROOT, code_cells, read, tags


def kept(source):
    """Return a cell with its commented line switched on: the file goes into the data folder."""
    return re.sub(r"^# (\w+_file = data_folder\(\).*?)  # this.*$", r"\1", source, flags=re.M)


def check_record(path, num_right):
    """The record of progress is whole: each line can be read, and none is missing."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line]
    assert [json.loads(line)["state"] for line in lines].count("right") == num_right


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(PATHS[0], id="01_tensors"),
        pytest.param(PATHS[3], id="04_mnist", marks=pytest.mark.long),
        pytest.param(PATHS[4], id="05_custom_datasets", marks=pytest.mark.long),
    ],
)
def test_two_kernels_run_one_notebook_at_once(path, tmp_path, seen):
    cells = code_cells(read(path))
    with (
        kernel(path.parent, **bare(tmp_path)) as one,
        kernel(path.parent, **bare(tmp_path)) as other,
    ):
        for cell in cells:
            source = kept(with_answers(cell.source))
            requests = one.start(source), other.start(source)
            both = one.finish(requests[0]), other.finish(requests[1])
            assert not any(shown.error or shown.warned for shown in both), f"{source}\n{both}"
            assert both[0] == both[1] or IGNORE in tags(cell), source
    check_record(tmp_path / "progress.jsonl", 2 * sum(bool(exercise_of(c.source)) for c in cells))
    for checkpoint in (tmp_path / "data").glob("*.pt"):
        assert read_extra(checkpoint)["classes"]
    seen("nothing: both come to their end; the progress and the checkpoints of both are whole")


SAVING = """
import torch
from helpers.checkpoints import load_checkpoint, save_checkpoint
from helpers.datasets import data_folder
from helpers.models import CNN

model, path = CNN(), data_folder() / "shared.pt"
for number in range({times}):
    save_checkpoint(path, model, extra={{"classes": [number]}})
    load_checkpoint(path, model)
"""


def test_two_kernels_save_the_same_checkpoint(tmp_path, seen):
    with kernel(ROOT, **bare(tmp_path)) as one, kernel(ROOT, **bare(tmp_path)) as other:
        source = SAVING.format(times=30)
        requests = one.start(source), other.start(source)
        both = one.finish(requests[0]), other.finish(requests[1])
    assert [shown.error for shown in both] == ["", ""]
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["shared.pt"]
    assert read_extra(tmp_path / "data" / "shared.pt") == {"classes": [29]}
    seen("nothing: the file is at each moment the whole file of one of them")


# ------------------------------------------------------------------------- killed and stopped


@pytest.mark.parametrize(
    ("path", "last"),
    [
        pytest.param(PATHS[2], "03-097", id="03_linear_regression while it trains"),
        pytest.param(PATHS[3], "04-146", id="04_mnist while it saves", marks=pytest.mark.long),
        pytest.param(PATHS[4], "05-088", id="05_letters while it saves", marks=pytest.mark.long),
    ],
)
def test_a_kernel_is_killed_in_mid_run(path, last, tmp_path, seen):
    cells = code_cells(read(path))
    place = [cell.id for cell in cells].index(last)
    with kernel(path.parent, **bare(tmp_path)) as started:
        for cell in cells[:place]:
            run_well(started, kept(with_answers(cell.source)))
        started.start(kept(cells[place].source))
        time.sleep(0.1)
        started.kill()
    check_record(
        tmp_path / "progress.jsonl", sum(bool(exercise_of(c.source)) for c in cells[:place])
    )
    with kernel(path.parent, **bare(tmp_path)) as started:
        for cell in cells:
            run_well(started, kept(cell.source))
    seen("nothing: run again from the top it comes to its end, and what was solved is still known")


@pytest.mark.skipif(sys.platform == "win32", reason="there, a test cannot send what Ctrl-C sends")
def test_ctrl_c_in_a_training_cell_and_the_cell_run_again(tmp_path, seen):
    cells = code_cells(read(PATHS[2]))
    begin, place = ([cell.id for cell in cells].index(x) for x in ("03-begin-10", "03-097"))
    with kernel(ROOT, **bare(tmp_path)) as started:
        for cell in (cells[0], *cells[begin:place]):
            run_well(started, cell.source)
        long = cells[place].source.replace("num_epochs=150", "num_epochs=100_000")
        request = started.start(long)
        time.sleep(0.5)
        started.interrupt()
        stopped = started.finish(request)
        again, once_more = (run_well(started, cells[place].source) for _ in range(2))
    assert stopped.error.startswith("TrainingStopped: It was ended after")
    assert len(stopped.error.splitlines()) == 1 and again == once_more
    seen(f"{stopped.error} (Run again, the cell shows what it shows undisturbed.)")


# ------------------------------------------------------------------------- no permission to write


def execute_read_only(folder, cells):
    """Run cells as a notebook of a workbook that may not be written to; return the copy."""
    workbook = folder / "workbook"
    shutil.copytree(ROOT / "helpers", workbook / "helpers")
    (workbook / "notebooks").mkdir()
    path = workbook / "notebooks" / "mine.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    places = [workbook, *workbook.rglob("*")]
    for place in places:
        place.chmod(place.stat().st_mode & ~0o222)
    command = [sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute", str(path)]
    command += ["--output-dir", str(folder / "executed"), "--log-level=ERROR"]
    if os.geteuid() == 0:  # root may write anywhere, unless it gives that right up
        command = ["setpriv", "--inh-caps=-all", "--bounding-set=-dac_override", *command]
    named = ("WORKBOOK_DATA", "WORKBOOK_OFFLINE", "WORKBOOK_PROGRESS")
    variables = {name: value for name, value in os.environ.items() if name not in named}
    try:
        done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
    finally:
        for place in places:
            place.chmod(place.stat().st_mode | 0o200)
    assert done.returncode == 0, done.stderr
    return code_cells(nbformat.read(folder / "executed" / path.name, as_version=4))


def printed(cell):
    return "".join(output.text for output in cell.outputs if output.get("name") == "stdout")


no_permissions = pytest.mark.skipif(
    sys.platform == "win32" or (os.geteuid() == 0 and not shutil.which("setpriv")),
    reason="nothing can be forbidden here: Windows, or root without the program setpriv",
)


@no_permissions
def test_no_permission_to_write_beside_the_notebook(tmp_path, seen):
    cells = code_cells(read(PATHS[1]))
    for cell in cells:
        cell.source = with_answers(cell.source)
    done = execute_read_only(tmp_path, cells)
    said = [line for cell in done for line in printed(cell).splitlines() if "progress" in line]
    assert len(said) == 1 and "cannot be written" in said[0]
    table = next(printed(cell) for cell in done if cell.source.startswith("progress("))
    assert "Next" not in table  # all are known to be solved
    seen(said[0].replace(str(tmp_path), "…"))


@no_permissions
def test_no_permission_to_write_into_the_data_folder(tmp_path, seen):
    cells = code_cells(read(PATHS[3]))[:2]  # the setup, and load_mnist
    done = execute_read_only(tmp_path, cells)
    said = printed(done[1])
    assert said.startswith("embedded digits") and "could not be written" in said
    seen(said.split("(", 1)[1].split(")\n")[0].replace(str(tmp_path), "…"))
