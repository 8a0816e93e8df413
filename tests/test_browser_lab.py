"""The workbook as a learner meets it: JupyterLab in a real browser, from the menu and by typing.

``workbook.py lab`` serves a copy of the notebooks, with data and progress of its own.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from helpers.exercises.definition import load_exercise
from tests.browser import Watch
from tests.test_notebooks import NAMES, PATHS, code_cells, read

ROOT = Path(__file__).parent.parent
EXERCISE = load_exercise("tensors/column-means")
PATIENCE = 600_000  # milliseconds, for any one thing; a quiet machine needs one minute at most

# JavaScript, run in the page. `panel` is the notebook that is in front.
IDLE = "() => window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status"
CODE_CELLS = """() => [...window.jupyterapp.shell.currentWidget.content.model.cells]
    .filter(cell => cell.type === 'code')
    .map(cell => ({count: cell.executionCount, outputs: cell.outputs.toJSON()}))"""
ALL_RUN = """() => {
    const panel = window.jupyterapp.shell.currentWidget;
    const cells = [...panel.content.model.cells].filter(cell => cell.type === 'code');
    const failed = cells.some(cell => cell.outputs.toJSON().some(o => o.output_type === 'error'));
    const done = cells.every((cell, i) => cell.executionCount === i + 1);
    return (done || failed) && panel.sessionContext.session.kernel.status === 'idle';
}"""
ACTIVATE = """async text => {
    const notebook = window.jupyterapp.shell.currentWidget.content;
    const at = notebook.widgets.findIndex(cell => cell.model.sharedModel.source.includes(text));
    notebook.activeCellIndex = at;
    await notebook.scrollToItem(at, 'center');
}"""
PIXELS = """async image => {
    const data = await (await fetch(image.src)).arrayBuffer();
    const digest = await crypto.subtle.digest('SHA-256', data);
    return [...new Uint8Array(digest)].join();
}"""


class Lab:
    """JupyterLab in a page of the browser; its methods are what a learner does."""

    def __init__(self, page: Any, address: str) -> None:
        self.page = page
        page.set_default_timeout(PATIENCE)
        page.goto(f"{address}&reset")
        self.wait_for_kernel("01_tensors")

    def wait_for_kernel(self, name: str) -> None:
        """Wait until the notebook in front is the one of that name, with a kernel that is ready."""
        self.page.wait_for_function(
            f"() => ({IDLE})() === 'idle' && "
            f"window.jupyterapp.shell.currentWidget.title.label === '{name}.ipynb'"
        )

    def open(self, name: str) -> None:
        """Open a notebook by its name in the list of files."""
        self.page.locator(".jp-DirListing-item", has_text=f"{name}.ipynb").dblclick()
        self.wait_for_kernel(name)

    def menu(self, title: str, entry: str) -> None:
        """Choose an entry of a menu."""
        exactly = re.compile(f"^{title}$")
        self.page.locator(".lm-MenuBar-itemLabel", has_text=exactly).click()
        self.page.locator(".lm-Menu-itemLabel", has_text=entry).click()

    def run_all(self) -> None:
        """Clear what is stored, restart, run all cells, and wait for the last one."""
        self.menu("Edit", "Clear Outputs of All Cells")
        self.menu("Run", "Restart Kernel and Run All Cells")
        self.page.locator(".jp-Dialog button", has_text="Restart").click()
        self.page.wait_for_function(ALL_RUN, polling=300)

    def outputs(self) -> list[dict[str, Any]]:
        """Return each code cell's count and outputs."""
        cells: list[dict[str, Any]] = self.page.evaluate(CODE_CELLS)
        return cells

    def go_to(self, text: str) -> Any:
        """Make the first cell that holds a text the active one, and return it."""
        self.page.evaluate(ACTIVATE, text)
        return self.active()

    def active(self) -> Any:
        """Return the active cell."""
        return self.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Cell.jp-mod-active")

    def run(self, source: str) -> str:
        """Replace the active cell's code by typing, run it, and return what is shown below."""
        cell = self.active()
        cell.locator(".cm-content").click()
        self.page.keyboard.press("ControlOrMeta+A")
        self.page.keyboard.insert_text(source)
        before = cell.locator(".jp-InputPrompt").inner_text()
        self.page.keyboard.press("Control+Enter")
        prompt = re.compile(rf"^(?!{re.escape(before)}$)\[\d+\]:$")
        cell.locator(".jp-InputPrompt", has_text=prompt).wait_for()
        return self.shown()

    def run_below(self, source: str) -> str:
        """Put a cell below the active one, run it, and return what is shown below it."""
        self.page.keyboard.press("Escape")
        self.page.keyboard.press("b")
        return self.run(source)

    def shown(self) -> str:
        """Return the words below the active cell, whatever their line breaks."""
        return " ".join(self.active().locator(".jp-Cell-outputArea").inner_text().split())


@pytest.fixture(scope="module")
def address(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start ``workbook.py lab`` on a copy, as a learner does; yield the address that it prints."""
    folder = tmp_path_factory.mktemp("lab")
    copy = folder / "workbook"
    for name in ("helpers", "notebooks"):
        shutil.copytree(
            ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", ".*")
        )
    shutil.copy(ROOT / "workbook.py", copy)
    settings = folder / "jupyter"
    settings.mkdir()
    (settings / "jupyter_lab_config.json").write_text('{"LabApp": {"expose_app_in_browser": true}}')
    environment = {
        **os.environ,
        "JUPYTER_CONFIG_DIR": str(settings),
        "JUPYTER_DATA_DIR": str(folder / "share"),
        "WORKBOOK_DATA": str(folder / "data"),
        "WORKBOOK_OFFLINE": "1",
        "WORKBOOK_PROGRESS": str(folder / "progress.jsonl"),
    }
    with (folder / "log.txt").open("w+", encoding="utf-8") as log:
        process = subprocess.Popen(
            [sys.executable, "workbook.py", "lab", "--here", "--no-browser"],
            cwd=copy,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=log,
            encoding="utf-8",
        )
        assert process.stdout
        line = process.stdout.readline()
        assert line.startswith("JupyterLab is running at http://localhost:"), line
        yield line.split()[4]
        process.terminate()
        process.communicate(timeout=60)


@pytest.fixture
def lab(page: Any, address: str) -> Iterator[Lab]:
    """Yield JupyterLab with notebook 01 in front; its kernels end with the test."""
    yield Lab(page, address)
    page.evaluate("() => window.jupyterapp.serviceManager.sessions.shutdownAll()")


@pytest.mark.parametrize("name", NAMES)
def test_run_all_by_the_menu_and_move_the_sliders(
    lab: Lab, watch: Watch, screenshot: Callable[..., Path], name: str
) -> None:
    if name != NAMES[0]:
        lab.open(name)
    lab.run_all()
    cells = lab.outputs()
    outputs = [output for cell in cells for output in cell["outputs"]]
    faults = [o for o in outputs if o["output_type"] == "error" or o.get("name") == "stderr"]
    assert faults == []
    assert [cell["count"] for cell in cells] == list(range(1, len(cells) + 1))
    assert sum("image/png" in output.get("data", {}) for output in outputs) >= 8
    for explorer in (c.source for c in code_cells(read(PATHS[NAMES.index(name)]))):
        if "\nexplore(" in explorer:
            move_each_slider(lab, explorer)
            screenshot("explorer")
    assert watch.outside == []


def move_each_slider(lab: Lab, source: str) -> None:
    """Move the sliders of an explorer, one after the other; each must change the one picture."""
    cell = lab.go_to(source)
    handles = cell.get_by_role("slider")
    handles.first.wait_for()
    picture = cell.locator("img.widget-image")
    seen = [picture.evaluate(PIXELS)]  # fails where there is more than one picture
    for handle in handles.all():
        handle.press("ArrowRight")
        end = time.monotonic() + PATIENCE / 1000
        while (now := picture.evaluate(PIXELS)) == seen[-1]:
            assert time.monotonic() < end, "the slider moved, and the figure did not"
            lab.page.wait_for_timeout(50)
        seen.append(now)
    assert len(set(seen)) == len(seen) == handles.count() + 1


def test_an_exercise_wrong_then_a_hint_then_right(
    lab: Lab, screenshot: Callable[..., Path]
) -> None:
    wrong = EXERCISE.wrongs[0]
    lab.menu("Edit", "Clear Outputs of All Cells")  # and the counts of an earlier kernel
    lab.go_to(EXERCISE.stub)
    lab.menu("Run", "Run All Above Selected Cell")
    shown = lab.run(EXERCISE.cell.replace(EXERCISE.stub, wrong.code))
    assert shown.startswith("Not yet. ")
    assert wrong.sentence in shown
    screenshot("wrong")

    call = re.search(r"hint\(.+?\)", shown)
    assert call
    assert lab.run_below(call[0]) == "Hint 1 of 3"  # folded
    lab.active().locator("summary").click()
    assert EXERCISE.hints[0] in lab.shown()
    screenshot("hint")

    lab.go_to("def column_means")
    shown = lab.run(EXERCISE.cell.replace(EXERCISE.stub, EXERCISE.solution))
    assert shown.startswith("Right. ")
    assert EXERCISE.right in shown
    screenshot("right")

    lab.go_to('progress("tensors")')
    assert "column-means right" in lab.run('progress("tensors")')


def test_a_second_tab_has_the_same_notebook_and_kernel(
    lab: Lab, address: str, watch: Watch, screenshot: Callable[..., Path]
) -> None:
    setup = "# Setup:"
    lab.go_to(setup)
    lab.run_below("here = 40 + 2")
    lab.page.keyboard.press("ControlOrMeta+S")
    second = Lab(lab.page.context.new_page(), address)
    second.go_to("here = 40 + 2")
    assert second.run_below("print(here)") == "42"
    screenshot("first")
    assert watch.outside == []
