"""A notebook of the standalone edition is the same notebook, and needs no other file."""

import ast
import base64
import json
import lzma
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

import matplotlib
import nbformat
import pytest
from nbclient import NotebookClient

import helpers
from docs import address, standalone
from helpers.exercises.definition import load_exercise
from helpers.exercises.grading import grade_notebook
from helpers.standalone import NEEDED
from tests.test_notebooks import MAX_BYTES, NAMES, PATHS, code_cells

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXPECTED = f"PyTorch workbook {PROJECT['version']}, standalone edition "

# What Python runs first, in the kernel and in each process that it starts: this repository is out
# of reach, and so is every other computer.
GUARD = """
import socket, sys

sys.path[:] = [entry for entry in sys.path if entry not in {homes!r}]
here = ("localhost", "127.0.0.1", "::1", "0.0.0.0", "", None, socket.gethostname())
connect, look_up = socket.socket.connect, socket.getaddrinfo


def guarded_connect(self, place):
    if isinstance(place, tuple) and place[0] not in here:
        raise OSError(101, "Network is unreachable")
    return connect(self, place)


def guarded_look_up(host, *more, **options):
    if host not in here:
        raise socket.gaierror(-3, "Temporary failure in name resolution")
    return look_up(host, *more, **options)


socket.socket.connect, socket.getaddrinfo = guarded_connect, guarded_look_up
"""
COLAB = """
import sys, types
sys.modules["google.colab"] = types.ModuleType("google.colab")
"""
each_name = pytest.mark.parametrize("name", NAMES)


@pytest.fixture(scope="module")
def edition(tmp_path_factory):
    folder = tmp_path_factory.mktemp("edition")
    written = standalone.write_edition(folder)
    assert [path.stem for path in written] == NAMES
    return folder


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def source(cell):
    return "".join(cell["source"])


def setup_cell(notebook):
    (cell,) = [c for c in notebook["cells"] if source(c).startswith(("# Setup", "# @title Setup"))]
    return cell


def constants(code):
    """Return the constants that a setup cell begins with."""
    found = {}
    for node in ast.parse(code).body:
        if isinstance(node, ast.Assign | ast.AnnAssign):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            found[target.id] = ast.literal_eval(node.value)
    return found


# ---------------------------------------------------------------- it is the same


def without_targets(text):
    return re.sub(r"\[([^\]]+)\]\([^)\s]+\)", r"\1", text)


@each_name
def test_it_is_the_same_notebook_but_for_the_setup(name, edition):
    ours, theirs = read(edition / f"{name}.ipynb"), read(PATHS[NAMES.index(name)])
    assert ours["metadata"]["workbook"].pop("edition").startswith(PROJECT["version"])
    assert ours.keys() == theirs.keys()
    assert all(ours[key] == theirs[key] for key in ours if key != "cells")
    place = theirs["cells"].index(setup_cell(theirs))
    pairs = list(zip(ours["cells"], theirs["cells"], strict=True))
    for number, (our, their) in enumerate(pairs):
        mine, yours = source(our), source(their)
        if number == place:
            assert (
                mine.split("from helpers.exercises")[1] == yours.split("from helpers.exercises")[1]
            )
            assert {k: our[k] for k in ("id", "execution_count")} == {
                k: their[k] for k in ("id", "execution_count")
            }
        elif number == place - 1:
            assert mine.startswith(yours) and our["id"] == their["id"]
        elif mine != yours:
            assert our["cell_type"] == "markdown" and "](../" in yours, our["id"]
            assert without_targets(mine) == without_targets(yours)
            assert {**our, "source": ""} == {**their, "source": ""}
        else:
            assert our == their


@each_name
def test_it_carries_the_same_helpers_to_the_byte(name, edition):
    cell = source(setup_cell(read(edition / f"{name}.ipynb")))
    carried = json.loads(lzma.decompress(base64.b64decode(constants(cell)["CARRIED"])))
    there = {
        path.relative_to(ROOT).as_posix(): path.read_bytes()
        for path in (ROOT / "helpers").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {file: text.encode() for file, text in carried.items()} == there


@each_name
def test_it_is_small_and_its_setup_is_no_fright(name, edition):
    assert (edition / f"{name}.ipynb").stat().st_size < MAX_BYTES
    cell = setup_cell(read(edition / f"{name}.ipynb"))
    lines = source(cell).splitlines()
    assert lines[0].startswith("# @title ") and "no other file" in lines[1]
    assert len(lines) < 80
    assert [line[:11] for line in lines if len(line) > 100] == ['CARRIED = "']
    assert cell["metadata"]["jupyter"]["source_hidden"] is True  # JupyterLab
    assert cell["metadata"]["cellView"] == "form"  # Colab
    (output,) = cell["outputs"]
    assert re.fullmatch(re.escape(EXPECTED) + r"[0-9a-f]{10}\n", "".join(output["text"]))
    nbformat.validate(nbformat.read(edition / f"{name}.ipynb", as_version=4))


def test_the_same_content_gives_the_same_edition(edition, tmp_path):
    standalone.write_edition(tmp_path)
    for name in NAMES:
        path = f"{name}.ipynb"
        assert (tmp_path / path).read_bytes() == (edition / path).read_bytes()


def test_any_other_content_gives_another_name(tmp_path):
    path = tmp_path / "01.ipynb"
    path.write_text("one")
    name = standalone.edition_name(PROJECT, "digest", [path])
    assert standalone.edition_name(PROJECT, "another digest", [path]) != name
    path.write_text("two")
    assert standalone.edition_name(PROJECT, "digest", [path]) != name
    one, other = (standalone.pack({"helpers/a.py": text})[1] for text in ("x = 1\n", "x = 1"))
    assert one != other


def test_the_version_is_the_same_everywhere():
    assert helpers.__version__ == PROJECT["version"]


def test_what_it_needs_is_what_the_project_depends_on():
    named = {re.split(r"[^\w.-]", line)[0] for line in PROJECT["dependencies"]}
    assert set(NEEDED.values()) == named - {"jupyterlab", "torchinfo", "ipywidgets"}


@each_name
def test_every_link_leads_somewhere(name, edition):
    for cell in read(edition / f"{name}.ipynb")["cells"]:
        if cell["cell_type"] == "markdown":
            for target in re.findall(r"\]\(([^)\s]+)\)", source(cell)):
                beside = target.split("#")[0] in {f"{n}.ipynb" for n in NAMES}
                assert beside or re.match("https?://", target), (cell["id"], target)


# ---------------------------------------------------------------- the setup cell, run


@pytest.fixture
def short_path():
    """A folder with a short path: sockets of loader workers lie there, of 107 letters at most."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder).resolve()


@pytest.fixture
def alone(short_path, monkeypatch):
    """An empty folder, a home and a folder for temporary files; no data, no network, no helpers."""
    torch_home = Path(sys.modules["torch"].__file__).parents[1]
    homes = {str(ROOT), *(p for p in sys.path if (Path(p) / "helpers" / "figures.py").is_file())}
    for folder in ("guard", "home", "temporary", "alone"):
        (short_path / folder).mkdir()
    guard = GUARD.format(homes=sorted(homes - {str(torch_home)}))
    (short_path / "guard" / "sitecustomize.py").write_text(guard, encoding="utf-8")
    for name in [name for name in os.environ if name.startswith(("WORKBOOK_", "XDG_", "JUPYTER"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PYTHONPATH", str(short_path / "guard"))
    monkeypatch.setenv("MPLCONFIGDIR", matplotlib.get_cachedir())  # its list of fonts takes a while
    monkeypatch.setenv("TMPDIR", str(short_path / "temporary"))
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(short_path / "home"))
    return short_path / "alone"


def first_part(edition, name="01_tensors"):
    """Return the setup cell up to where it imports torch."""
    return source(setup_cell(read(edition / f"{name}.ipynb"))).split("from helpers.exercises")[0]


def run_code(code, folder, *options):
    """Run code as a kernel would: the current folder comes first in the path."""
    return subprocess.run(
        [sys.executable, *options, "-"], input=code, cwd=folder,
        capture_output=True, encoding="utf-8", timeout=300, check=False,
    )  # fmt: skip


@each_name
def test_the_setup_cell_works_alone(name, edition, alone):
    code = source(setup_cell(read(edition / f"{name}.ipynb")))
    result = run_code(
        f"{code}\nimport helpers\nprint(Path(helpers.__file__).parent.parent)\n"
        "print(sorted(p.relative_to(Path(helpers.__file__).parents[1]).as_posix()"
        " for p in Path(helpers.__file__).parent.rglob('*') if p.suffix in ('.py', '.txt')))",
        alone,
    )
    assert result.returncode == 0, result.stderr
    said, folder, files = result.stdout.splitlines()
    assert said.startswith(EXPECTED)
    assert Path(folder).parent == alone.parent / "temporary" and not Path(folder).exists()
    assert ast.literal_eval(files) == sorted(standalone.carried_files())
    assert result.stderr == "" and list(alone.iterdir()) == []
    assert list((alone.parent / "temporary").iterdir()) == []


def test_the_package_is_out_of_reach_without_it(alone):
    result = run_code("import helpers", alone)
    assert "No module named 'helpers'" in result.stderr


def test_the_network_is_out_of_reach(alone):
    result = run_code(
        "import urllib.request\nurllib.request.urlopen('https://example.invalid')", alone
    )
    assert "Temporary failure in name resolution" in result.stderr


def test_the_cell_runs_twice(edition, alone, seen):
    code = first_part(edition)
    result = run_code(
        f"{code}\nimport helpers.standalone as first\n{code}\nimport helpers.standalone as second\n"
        "assert first is second\nprint(len(list(Path(tempfile.gettempdir()).iterdir())))",
        alone,
    )
    assert result.returncode == 0, result.stderr
    said, again, folders = result.stdout.splitlines()
    assert said == again and said.startswith(EXPECTED) and folders == "1"
    seen(said)


def test_two_kernels_at_once(edition, alone, seen):
    code = f"{first_part(edition)}\nimport helpers, time\nprint(helpers.__file__)\ntime.sleep(1)"
    both = [
        subprocess.Popen([sys.executable, "-"], cwd=alone, stdin=subprocess.PIPE,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8")
        for _ in range(2)
    ]  # fmt: skip
    for process in both:
        process.stdin.write(code)
        process.stdin.close()
    for process in both:
        process.wait(60)
    said = [process.stdout.read().splitlines() for process in both]
    assert [process.stderr.read() for process in both] == ["", ""]
    assert said[0][0] == said[1][0] and said[0][1] != said[1][1]
    for process in both:
        process.stdout.close()
        process.stderr.close()
    seen("nothing: each has a folder of its own")


def test_a_killed_kernel_is_no_harm_to_the_next(edition, alone, seen):
    code = first_part(edition)
    result = run_code(f"{code}\nimport os\nos._exit(9)", alone)
    (left,) = (alone.parent / "temporary").iterdir()
    for path in (left / "helpers").glob("*.py"):
        path.write_text("raise ValueError('of the killed one')")
    result = run_code(f"{code}\nimport helpers.errors", alone)
    assert result.returncode == 0 and result.stdout.startswith(EXPECTED)
    seen("nothing: the next kernel unpacks into another folder")


OTHERS = {
    "a helpers.py of the learner's beside the notebook": ("helpers.py", ""),
    "an older helpers beside the notebook": ("helpers/__init__.py", ""),
    "another helpers that has been imported": ("helpers/__init__.py", "import helpers\n"),
}


@pytest.mark.parametrize(("path", "before"), OTHERS.values(), ids=OTHERS)
def test_another_helpers(path, before, edition, alone, seen):
    (alone / path).parent.mkdir(exist_ok=True)
    (alone / path).write_text("VERSION = 'another'\n")
    code = f"{before}{first_part(edition)}\nimport helpers\nprint(hasattr(helpers, 'VERSION'))"
    result = run_code(code, alone)
    assert result.returncode == 0, result.stderr
    told, said, has_version = result.stdout.splitlines()
    assert told.startswith("Another `helpers` is passed over (") and Path(path).name in told
    assert said.startswith(EXPECTED) and has_version == "False"
    assert (alone / path).read_text() == "VERSION = 'another'\n"
    seen(told.replace(str(alone), "."))


def test_a_copy_of_the_same_helpers_needs_no_word(edition, alone):
    shutil.copytree(
        ROOT / "helpers", alone / "helpers", ignore=shutil.ignore_patterns("__pycache__")
    )
    result = run_code(first_part(edition), alone)
    assert result.stdout.startswith(EXPECTED) and result.stdout.count("\n") == 1
    (alone / "helpers" / "errors.py").write_text("# older")
    assert run_code(first_part(edition), alone).stdout.startswith("Another `helpers`")


def in_kernel(codes, folder, allow_errors=False):
    """Run cells in one kernel, and return them with what they gave."""
    cells = [nbformat.v4.new_code_cell(code) for code in codes]
    client = NotebookClient(
        nbformat.v4.new_notebook(cells=cells), allow_errors=allow_errors, timeout=600,
        kernel_name="python3", resources={"metadata": {"path": str(folder)}},
    )  # fmt: skip
    with client.setup_kernel(env=dict(os.environ)):
        for number, cell in enumerate(cells):
            client.execute_cell(cell, number)
    return cells


def printed(cell):
    assert not [o for o in cell.outputs if o.get("name") == "stderr"], cell.outputs
    return "".join(o.text for o in cell.outputs if o.output_type == "stream")


DAMAGES = {
    "one letter of it is changed": lambda code: code.replace('CARRIED = "/Td6', 'CARRIED = "/Td7'),
    "it is cut short": lambda code: re.sub(r'(CARRIED = ".{9000}).*"', r'\1"', code),
    "it holds what is no base64": lambda code: re.sub(r'CARRIED = ".*"', 'CARRIED = "…"', code),
    "another package is in its place": lambda code: re.sub(
        r'CARRIED = ".*"', f'CARRIED = "{standalone.pack({"helpers/__init__.py": ""})[0]}"', code
    ),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_the_carried_package_is_damaged(damage, edition, alone, seen):
    code = damage(first_part(edition))
    assert code != first_part(edition)
    result = run_code(code, alone)
    assert "Get a fresh copy of the notebook." in result.stderr.splitlines()[-1]
    assert list((alone.parent / "temporary").iterdir()) == []
    seen(result.stderr.splitlines()[-1])


def test_an_error_of_the_cell_does_not_show_what_it_carries(edition, alone):
    code = first_part(edition)
    damaged = code.replace(constants(code)["DIGEST"], "0" * 64)
    (cell,) = in_kernel([damaged], alone, allow_errors=True)
    (error,) = cell.outputs
    shown = "\n".join(error.traceback)
    assert "Get a fresh copy" in error.evalue and "Get a fresh copy" in shown
    assert len(shown) < 5000 and constants(code)["CARRIED"][:40] not in shown


def test_no_room_for_temporary_files(edition, alone, seen):
    full = (
        "import pathlib\ndef full(*_): raise OSError(28, 'No space left on device')\n"
        "pathlib.Path.write_bytes = full\n"
    )
    result = run_code(full + first_part(edition), alone)
    last = result.stderr.splitlines()[-1]
    assert "cannot be unpacked" in last and "TMPDIR" in last
    seen(last)


def test_an_older_python(edition, alone, seen):
    old = "import sys\nsys.version_info = (3, 10, 9)\n"
    result = run_code(old + first_part(edition), alone)
    last = result.stderr.splitlines()[-1]
    assert "needs Python 3.11 or newer, and this one is 3.10.9" in last
    seen(last)


def test_packages_are_missing(edition, alone, seen):
    result = run_code(first_part(edition), alone, "-S")  # no site-packages
    last = result.stderr.splitlines()[-1]
    assert "%pip install torch torchvision matplotlib" in last and "PIL" not in last
    seen(last)


OUTSIDE = """
from torch.utils.data import DataLoader
from helpers.datasets import ImageDataset, embedded_digits
from helpers.train_mnist import Settings, torchrun

digits = embedded_digits()
dataset = ImageDataset(digits.train_images[:4], digits.train_labels[:4])
loader = DataLoader(dataset, collate_fn=list, num_workers=1, multiprocessing_context="spawn")
print([batch[0][1] for batch in loader] == digits.train_labels[:4].tolist())
print(len(torchrun(2, Settings(num_samples=256, num_steps=2), attempts=1)))
"""


def test_a_wrong_helpers_is_beside_the_notebook_when_other_processes_start(edition, alone, seen):
    wrong = "raise ValueError('the wrong one')"
    (alone / "helpers.py").write_text(wrong)
    setup = source(setup_cell(read(edition / "04_mnist.ipynb")))
    first, second = in_kernel([setup, OUTSIDE], alone)
    assert printed(first).startswith("Another `helpers` is passed over")
    assert printed(second).split() == ["True", "2"]
    assert [path.name for path in alone.iterdir()] == ["helpers.py"]
    seen("nothing: workers and torchrun have the helpers of the notebook")


# ---------------------------------------------------------------- whole notebooks, alone


def run_all(path, folder):
    """Run a notebook that is copied into a folder, to its end and in a kernel; return its cells."""
    shutil.copy(path, folder)
    cells = code_cells(nbformat.read(folder / path.name, as_version=4))
    return in_kernel([cell.source for cell in cells], folder)


def pretend_colab(alone):
    """Let each kernel think that it is one of Colab's."""
    startup = alone.parent / "home" / ".ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "colab.py").write_text(COLAB, encoding="utf-8")


def test_run_all_as_the_only_file(edition, alone):
    cells = run_all(edition / "02_autograd.ipynb", alone)
    assert printed(cells[0]).startswith(EXPECTED)
    stored = code_cells(nbformat.read(edition / "02_autograd.ipynb", as_version=4))
    assert [bool(cell.outputs) for cell in cells] == [bool(cell.outputs) for cell in stored]
    assert {path.name for path in alone.iterdir()} == {"02_autograd.ipynb"}


@pytest.mark.long
def test_run_all_beside_files_of_the_same_names(edition, alone, seen):
    """A learner's own helpers.py and a file named data: both are still there afterwards."""
    own = {"helpers.py": "raise ValueError", "data": "my measurements"}
    for name, text in own.items():
        (alone / name).write_text(text)
    cells = run_all(edition / "05_custom_datasets.ipynb", alone)
    assert printed(cells[0]).startswith("Another `helpers` is passed over")
    assert {path.name for path in alone.iterdir()} == {*own, "05_custom_datasets.ipynb"}
    assert all((alone / name).read_text() == text for name, text in own.items())
    seen("nothing: the notebook comes to its end, and both files are as they were")


@pytest.mark.long
@pytest.mark.parametrize("place", ["an empty folder", "Colab"])
@each_name
def test_run_all_without_network_and_helpers_in(name, place, edition, alone, seen):
    if place == "Colab":
        pretend_colab(alone)
    cells = run_all(edition / f"{name}.ipynb", alone)
    said = printed(cells[0])
    assert EXPECTED in said and ("Colab machine" in said) == (place == "Colab")
    seen(f"{said} All {len(cells)} cells ran.")


def test_it_can_be_handed_in_and_is_graded(edition, tmp_path):
    exercise = load_exercise("tensors/column-means")
    notebook = nbformat.read(edition / "01_tensors.ipynb", as_version=4)
    first = code_cells(notebook)[0]
    (answered,) = [cell for cell in notebook.cells if cell.source == exercise.cell]
    answered.source = answered.source.replace(exercise.stub, exercise.solution)
    notebook.cells = [first, answered]
    nbformat.write(notebook, tmp_path / "handed_in.ipynb")
    grades = {grade.exercise: grade for grade in grade_notebook(tmp_path / "handed_in.ipynb")}
    assert grades[exercise.name].verdict == "right"


# ---------------------------------------------------------------- the public address


@pytest.fixture
def copy(tmp_path):
    """Copy what the tables and the edition are made from."""
    root = tmp_path / "copy"
    ignored = shutil.ignore_patterns("__pycache__")
    for name in ("docs", "helpers", "notebooks", "benchmarks"):
        shutil.copytree(ROOT / name, root / name, ignore=ignored)
    for name in ("README.md", "pyproject.toml", "workbook.py"):
        shutil.copy(ROOT / name, root)
    return root


def set_address(root, value):
    path = root / "pyproject.toml"
    text = path.read_text(encoding="utf-8")
    assert "[project.urls]" not in text, "the address is set: this test expects that it is not"
    urls = f'[project.urls]\nRepository = "{value}"\n\n[dependency-groups]'
    path.write_text(text.replace("[dependency-groups]", urls), encoding="utf-8")


def do(root, *arguments):
    return subprocess.run(
        [sys.executable, *arguments], cwd=root, check=False,
        capture_output=True, encoding="utf-8", timeout=120,
    )  # fmt: skip


def test_without_an_address_there_is_no_link(copy):
    assert do(copy, "-m", "docs.tables").returncode == 0
    text = (copy / "README.md").read_text(encoding="utf-8")
    assert text == (ROOT / "README.md").read_text(encoding="utf-8")
    assert "git clone" not in text and "colab.research" not in text


def test_with_an_address_there_are_links_and_then_none_again(copy):
    before = (copy / "README.md").read_text(encoding="utf-8")
    kept = (copy / "pyproject.toml").read_text(encoding="utf-8")
    set_address(copy, "https://github.com/somebody/the-workbook.git")
    for times in range(2):
        done = do(copy, "-m", "docs.tables")
        assert done.returncode == 0, done.stderr
        assert ("README.md refreshed" in done.stdout) == (times == 0)
    text = (copy / "README.md").read_text(encoding="utf-8")
    clone = "```\ngit clone https://github.com/somebody/the-workbook.git\ncd the-workbook\n```"
    assert text.count(clone) == 1
    links = re.findall(r"\[(\d\d)\]\((https://colab\S+)\)", text)
    start = "https://colab.research.google.com/github/somebody/the-workbook/blob/standalone"
    assert links == [(name[:2], f"{start}/{name}.ipynb") for name in NAMES]
    (copy / "pyproject.toml").write_text(kept, encoding="utf-8")
    assert do(copy, "-m", "docs.tables").returncode == 0
    assert (copy / "README.md").read_text(encoding="utf-8") == before


def test_with_an_address_the_edition_leads_there(copy):
    set_address(copy, "https://github.com/somebody/the-workbook")
    done = do(copy, "workbook.py", "standalone")
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == len(NAMES)
    there = "https://github.com/somebody/the-workbook/blob/HEAD/"
    found = 0
    for name in NAMES:
        cells = read(copy / "dist" / f"{name}.ipynb")["cells"]
        texts = [source(cell) for cell in cells if cell["cell_type"] == "markdown"]
        for target in re.findall(r"\]\(([^)\s]+)\)", "\n".join(texts)):
            assert re.match("https?://", target), target
            if target.startswith(there):
                assert (ROOT / target.removeprefix(there).split("#")[0]).is_file(), target
                found += 1
    assert found > 20


@pytest.mark.parametrize(
    "value", ["https://example.org/a/b", "github.com/a/b", "https://github.com/a"]
)
def test_an_address_of_another_form(value, copy, seen):
    set_address(copy, value)
    done = do(copy, "workbook.py", "standalone")
    assert done.returncode == 1 and "expected https://github.com/OWNER/NAME" in done.stderr
    assert "Traceback" not in done.stderr
    seen(done.stderr)


def test_the_branch_of_the_links_is_the_one_that_is_published():
    workflow = (ROOT / ".github/workflows/standalone.yml").read_text(encoding="utf-8")
    assert f"--initial-branch {address.BRANCH}\n" in workflow
    assert workflow.rstrip().endswith(f" {address.BRANCH}")
