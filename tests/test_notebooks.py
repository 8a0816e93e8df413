"""What nbval does not look at: that the stored notebooks are whole, clean and well formed.

nbval compares nothing where an execution count is missing, never a picture, and takes a stored
error for granted. These tests close such holes and hold the form that CONTRIBUTING describes.
"""

import ast
import copy
import itertools
import json
import re
import urllib.parse
from pathlib import Path

import nbformat
import pytest

from docs import tables
from tests.reference import TAGS

ROOT = Path(__file__).parent.parent
NAMES = ["01_tensors", "02_autograd", "03_linear_regression", "04_mnist", "05_custom_datasets"]
PATHS = [ROOT / "notebooks" / f"{name}.ipynb" for name in NAMES]
IGNORE = "nbval-ignore-output"
KNOWN_TAGS = {IGNORE, *TAGS, "myths", "ladder", *tables.load_concepts()}
MACHINE_PATH = re.compile(r"(/(root|home|Users|tmp|work|private|mnt)/|[A-Z]:\\\\?\w)")
MAX_BYTES = 1_500_000
MAX_UNCOMPARED = 1 / 6

each_notebook = pytest.mark.parametrize("path", PATHS, ids=NAMES)


def read(path):
    return nbformat.read(path, as_version=4)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def tags(cell):
    return set(cell.metadata.get("tags", []))


def texts(cell):
    """Return all that a cell says in words: its source, and its outputs but for pictures."""
    parts = [cell.source]
    for output in cell.get("outputs", []):
        data = {k: v for k, v in output.get("data", {}).items() if not k.startswith("image/")}
        parts.append(json.dumps({**output, "data": data}))
    return "\n".join(parts)


# Each check returns a list of what is wrong, so that the checks can be tested themselves.


def wrong_counts(notebook):
    counts = [cell.execution_count for cell in code_cells(notebook)]
    expected = list(range(1, len(counts) + 1))
    return [] if counts == expected else [f"execution counts {counts}"]


def wrong_outputs(notebook):
    found = []
    for cell in code_cells(notebook):
        for output in cell.outputs:
            if output.output_type == "error":
                found.append(f"{cell.id}: a stored error, {output.ename}")
            if output.get("name") == "stderr":
                found.append(f"{cell.id}: stderr, {output.text[:80]}")
        if should_print(cell.source) and not cell.outputs:
            found.append(f"{cell.id}: shows something when run, and nothing is stored")
    return found


def should_print(source):
    """Tell whether a cell must leave an output: it prints, shows a figure, or ends in a value."""
    body = ast.parse(source).body
    for statement in body:
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
            name = ast.unparse(statement.value.func)
            if name == "print" or name.endswith(".show"):
                return True
    last = body[-1] if body else None
    return isinstance(last, ast.Expr) and not isinstance(last.value, ast.Call | ast.Constant)


def widgets(notebook):
    found = ["widget state in the metadata"] if "widgets" in notebook.metadata else []
    for cell in code_cells(notebook):
        if any("widget" in kind for o in cell.outputs for kind in o.get("data", {})):
            found.append(f"{cell.id}: a widget in the output")
    return found


def machine_paths(notebook):
    found = []
    for cell in notebook.cells:
        if match := MACHINE_PATH.search(texts(cell)):
            found.append(f"{cell.id}: {match.group()}")
    return found


def undescribed_figures(notebook):
    """Every picture needs a sentence under it, in a cell that begins with *Figure:*."""
    found = []
    for number, cell in enumerate(notebook.cells):
        pictures = [o for o in cell.get("outputs", []) if "image/png" in o.get("data", {})]
        after = notebook.cells[number + 1].source if number + 1 < len(notebook.cells) else ""
        sentence = re.match(r"\*Figure:\* (.{30,})", after)
        if pictures and not sentence:
            found.append(f"{cell.id}: a picture without its sentence")
        if len(pictures) > 1:
            found.append(f"{cell.id}: {len(pictures)} pictures in one cell")
        if after.startswith("*Figure:*") and not pictures:
            found.append(f"{cell.id}: a sentence without its picture")
    return found


def broken_links(notebook, folder):
    """Relative links must lead to a file, and to a heading in it where they name one."""
    found = []
    for cell in notebook.cells:
        if cell.cell_type != "markdown":
            continue
        for link in re.findall(r"\]\(([^)\s]+)\)", cell.source):
            if re.match(r"[a-z]+:", link):
                continue
            name, _, anchor = link.partition("#")
            target = folder / urllib.parse.unquote(name)
            if name and not target.exists():
                found.append(f"{cell.id}: {link} does not exist")
            elif anchor and urllib.parse.unquote(anchor) not in anchors(
                target if name else notebook
            ):
                found.append(f"{cell.id}: {link} names no heading")
    return found


def anchors(target):
    """Return the anchors that Jupyter gives to a notebook's headings."""
    notebook = read(target) if isinstance(target, Path) else target
    return {title.replace(" ", "-").replace("`", "") for _, title in headings(notebook)}


def headings(notebook):
    found = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            text = re.sub(r"```.*?```", "", cell.source, flags=re.DOTALL)
            found += [
                (len(m[1]), m[2]) for m in re.finditer(r"^(#+) (.+)$", text, flags=re.MULTILINE)
            ]
    return found


def wrong_headings(notebook):
    levels = [level for level, _ in headings(notebook)]
    found = [] if levels[:1] == [1] and levels.count(1) == 1 else ["not one title, at the top"]
    for before, after in itertools.pairwise(levels):
        if after > before + 1:
            found.append(f"a heading of level {after} under one of level {before}")
    numbers = [int(m[1]) for _, title in headings(notebook) if (m := re.match(r"(\d+)\. ", title))]
    if numbers != list(range(1, len(numbers) + 1)) or not numbers:
        found.append(f"sections numbered {numbers}")
    if headings(notebook)[-1] != (2, "Recap"):
        found.append("the last heading is not ## Recap")
    return found


def wrong_tags(notebook):
    found = []
    for cell in notebook.cells:
        if unknown := tags(cell) - KNOWN_TAGS:
            found.append(f"{cell.id}: unknown tags {sorted(unknown)}")
        if re.search(r"#\s*(NBVAL|PYTEST)_", cell.source):
            found.append(f"{cell.id}: a comment for nbval; use a tag")
        if tags(cell) & set(TAGS) and not has_assert(cell.source):
            found.append(f"{cell.id}: {sorted(tags(cell))} without an assert that holds everywhere")
        if IGNORE in tags(cell) and not cell.metadata.get("reason"):
            found.append(f"{cell.id}: not compared, and no reason given")
        if IGNORE not in tags(cell) and cell.metadata.get("reason"):
            found.append(f"{cell.id}: a reason for nothing")
    return found


def has_assert(source):
    return any(isinstance(node, ast.Assert) for node in ast.walk(ast.parse(source)))


def too_many_uncompared(notebook):
    cells = code_cells(notebook)
    free = [cell.id for cell in cells if IGNORE in tags(cell)]
    return [] if len(free) <= len(cells) * MAX_UNCOMPARED else [f"{free} are not compared"]


def no_reference(notebook):
    """A notebook with cells that depend on machine or data must say which these were."""
    stored = notebook.metadata.get("workbook", {}).get("reference", {})
    used = {TAGS[tag] for cell in notebook.cells for tag in tags(cell) & set(TAGS)}
    found = [f"no {part} stored: run refresh" for part in sorted(used - stored.keys())]
    if "data" in used and stored.get("data") != "MNIST":
        found.append("the outputs were not made with the real MNIST")
    return found


CHECKS = [
    wrong_counts,
    wrong_outputs,
    widgets,
    machine_paths,
    undescribed_figures,
    lambda notebook: broken_links(notebook, ROOT / "notebooks"),
    wrong_headings,
    wrong_tags,
    too_many_uncompared,
    no_reference,
]
CHECKS[5].__name__ = "broken_links"
each_check = pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)


@each_notebook
@each_check
def test_notebook(path, check):
    assert check(read(path)) == []


@each_notebook
def test_the_file_is_valid_and_small(path):
    nbformat.validate(read(path))
    assert path.stat().st_size < MAX_BYTES
    assert len({cell.id for cell in read(path).cells}) == len(read(path).cells)


def test_there_are_five_and_each_leads_to_the_next():
    assert sorted((ROOT / "notebooks").glob("*.ipynb")) == PATHS
    for path, following in zip(PATHS, NAMES[1:], strict=False):
        assert f"({following}.ipynb)" in read(path).cells[-1].source


def test_the_setup_cell_is_the_same_in_all():
    setups = {code_cells(read(path))[0].source for path in PATHS}
    assert len(setups) == 1
    assert setups.pop().startswith("# Setup:")


@each_notebook
def test_it_opens_and_closes_as_promised(path):
    first, last = read(path).cells[0].source, read(path).cells[-1].source
    for words in ("You will do", "You will learn", "You need", "minutes"):
        assert words in first
    assert "## Recap" in last


def test_the_table_of_uncompared_cells_is_true():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    stated = re.findall(r"^\| (\d\d) \| `([\w-]+)` \| (.+) \|$", text, flags=re.MULTILINE)
    real = [
        (path.name[:2], cell.id, cell.metadata.reason)
        for path in PATHS
        for cell in code_cells(read(path))
        if IGNORE in tags(cell)
    ]
    rows = "\n".join(f"| {number} | `{cell}` | {reason} |" for number, cell, reason in real)
    assert stated == real, f"the table should be:\n{rows}"


@pytest.mark.parametrize(
    "name",
    [
        "README.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "data/README.md",
        "docs/concepts.md",
        "docs/glossary.md",
        "docs/several_machines.md",
    ],
)
def test_the_links_of_the_pages_lead_somewhere(name):
    page = ROOT / name
    text = nbformat.v4.new_markdown_cell(page.read_text(encoding="utf-8"))
    assert broken_links(nbformat.v4.new_notebook(cells=[text]), page.parent) == []


# ---------------------------------------------------------------- the checks can fail


@pytest.fixture
def notebook():
    """A small notebook in order, to be spoilt."""
    figure = nbformat.v4.new_output("display_data", {"image/png": "", "text/plain": "<Figure>"})
    printed = nbformat.v4.new_output("stream", name="stdout", text="3\n")
    return nbformat.v4.new_notebook(
        metadata={"workbook": {"reference": {"machine": "m", "data": "MNIST"}}},
        cells=[
            nbformat.v4.new_markdown_cell("# Title\n\n[readme](../README.md)"),
            nbformat.v4.new_code_cell("print(3)", execution_count=1, outputs=[printed]),
            nbformat.v4.new_markdown_cell("## 1. Section"),
            nbformat.v4.new_code_cell("plt.show()", execution_count=2, outputs=[figure]),
            nbformat.v4.new_markdown_cell("*Figure:* A sentence that says what is to be seen."),
            nbformat.v4.new_code_cell(
                "assert 1 < 2", execution_count=3, metadata={"tags": ["same-machine", "same-data"]}
            ),
            *(nbformat.v4.new_code_cell("x = 1", execution_count=n) for n in range(4, 13)),
            nbformat.v4.new_markdown_cell("## Recap"),
        ],
    )


def count_missing(nb):
    nb.cells[1].execution_count = None


def count_twice(nb):
    nb.cells[3].execution_count = 1


def output_missing(nb):
    nb.cells[1].outputs = []


def error_stored(nb):
    nb.cells[1].outputs = [nbformat.v4.new_output("error", ename="E", evalue="", traceback=[])]


def stderr_stored(nb):
    nb.cells[1].outputs.append(nbformat.v4.new_output("stream", name="stderr", text="warn"))


def widget_state(nb):
    nb.metadata["widgets"] = {}


def path_in_output(nb):
    nb.cells[1].outputs[0].text = "/home/me/data\n"


def windows_path_in_source(nb):
    nb.cells[1].source = r"print(r'C:\data')"


def sentence_missing(nb):
    del nb.cells[4]


def sentence_empty(nb):
    nb.cells[4].source = "*Figure:* see"


def figure_missing(nb):
    nb.cells[3].outputs = []


def link_broken(nb):
    nb.cells[0].source += " [gone](06_gone.ipynb)"


def anchor_broken(nb):
    nb.cells[0].source += " [gone](#9.-Gone)"


def level_skipped(nb):
    nb.cells[2].source = "### 1. Section"


def two_titles(nb):
    nb.cells[2].source = "# Again"


def number_skipped(nb):
    nb.cells[2].source = "## 2. Section"


def tag_misspelt(nb):
    nb.cells[1].metadata["tags"] = ["nbval-ingore-output"]


def assert_missing(nb):
    nb.cells[5].source = "pass"


def reason_missing(nb):
    nb.cells[1].metadata["tags"] = [IGNORE]


def comment_marker(nb):
    nb.cells[1].source = "# NBVAL_IGNORE_OUTPUT\nprint(3)"


def many_uncompared(nb):
    for cell in code_cells(nb)[:4]:
        cell.metadata.update(tags=[IGNORE], reason="shows time")


def reference_missing(nb):
    del nb.metadata["workbook"]


def embedded_outputs(nb):
    nb.metadata.workbook.reference["data"] = "embedded digits"


def test_a_notebook_in_order_passes(notebook):
    assert [check(notebook) for check in CHECKS] == [[]] * len(CHECKS)


@pytest.mark.parametrize(
    "spoil",
    [
        count_missing, count_twice, output_missing, error_stored, stderr_stored, widget_state,
        path_in_output, windows_path_in_source, sentence_missing, sentence_empty, figure_missing,
        link_broken, anchor_broken, level_skipped, two_titles, number_skipped, tag_misspelt,
        assert_missing, reason_missing, comment_marker, many_uncompared, reference_missing,
        embedded_outputs,
    ],
    ids=lambda spoil: spoil.__name__,
)  # fmt: skip
def test_each_fault_is_found(notebook, spoil):
    spoilt = copy.deepcopy(notebook)
    spoil(spoilt)
    assert any(check(spoilt) for check in CHECKS)
