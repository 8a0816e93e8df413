"""The set-up entry: everything but a real install, which would need the network."""

from __future__ import annotations

import ast
import importlib.util
import io
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import ModuleType
from typing import Any

import nbformat
import pytest

REPO = Path(__file__).resolve().parent.parent
POSIX_ONLY = pytest.mark.skipif(os.name == "nt", reason="a child cannot be sent Ctrl-C there")


def cell(source: str, **more: Any) -> dict[str, Any]:
    name = f"c{abs(hash(source)) % 10**8}"
    base = {"cell_type": "code", "id": name, "metadata": {}, "source": source}
    return {**base, "outputs": [], "execution_count": None, **more}


def write_notebook(path: Path, *cells: dict[str, Any], **metadata: Any) -> None:
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    content = {
        "cells": list(cells),
        "metadata": {"kernelspec": kernel, **metadata},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    path.write_text(json.dumps(content), encoding="utf-8")


@pytest.fixture
def layout(tmp_path: Path) -> Path:
    """A copy of what workbook.py needs around it, with two tiny notebooks."""
    root = tmp_path / "a copy"
    for folder in ("notebooks", "tests", "docs"):
        (root / folder).mkdir(parents=True)
    for path in [REPO / "workbook.py", *REPO.glob("requirements*.txt")]:
        shutil.copy(path, root)
    (root / "pyproject.toml").write_text("[tool.pytest.ini_options]\n", encoding="utf-8")
    (root / "tests" / "__init__.py").touch()
    (root / "docs" / "__init__.py").touch()
    reference = root / "tests" / "reference.py"
    reference.write_text('print(\'{"torch": "1.2"}\')', encoding="utf-8")
    (root / "docs" / "tables.py").write_text("print('tables')", encoding="utf-8")
    write_notebook(
        root / "notebooks" / "01_tensors.ipynb",
        cell("import time\nprint('one', flush=True)\ntime.sleep(0.5)\nprint('two')"),
        cell("6 * 7", metadata={"tags": ["answer"], "scrolled": True}),
        widgets={"application/vnd.jupyter.widget-state+json": {"state": {}}},
    )
    write_notebook(
        root / "notebooks" / "02_broken.ipynb",
        cell("x = 1"),
        cell("raise ValueError('first line\\nsecond line')"),
    )
    return root


@pytest.fixture
def workbook(layout: Path) -> ModuleType:
    """The module, loaded from that copy."""
    spec = importlib.util.spec_from_file_location("workbook_copy", layout / "workbook.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def call(root: Path, *words: str, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(root / "workbook.py"), *words],
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
        **options,
    )


# ------------------------------------------------------------------------- the command line


def test_help_explains_every_word(layout: Path) -> None:
    result = call(layout, "--help")
    assert result.returncode == 0
    for line in ("open the notebooks", "without a browser", "store their outputs", "run the tests"):
        assert line in result.stdout
    words = re.findall(r"^    (\w+)", result.stdout.partition("WORD\n")[2], flags=re.MULTILINE)
    assert {"lab", "run", "refresh", "test", "grade", "standalone", "site"} < set(words)
    for word in words:
        assert call(layout, word, "--help").returncode == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["lbb"], "lbb"),
        (["lab", "--prot", "1"], "--prot"),
        (["lab", "--port", "x"], "invalid int value"),
        (["--here", "lab", "--port", "0"], "0 is no port"),
        (["--here", "run", "07"], "no notebook '07'; there are: 01_tensors, 02_broken"),
        (["run", "elsewhere/01_tensors.ipynb"], "no notebook 'elsewhere/01_tensors.ipynb'"),
    ],
)
def test_a_mistaken_word_gets_a_sentence(layout: Path, words: list[str], said: str) -> None:
    result = call(layout, *words)
    assert result.returncode == 2
    assert said in result.stderr
    assert "Traceback" not in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert not (layout / ".venv").exists()


def test_no_word_shows_the_help(layout: Path) -> None:
    result = call(layout)
    assert result.returncode == 2
    assert "WORD" in result.stdout


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        ("notebooks/01_tensors.ipynb", ["lab"]),
        ("requirements.txt", ["lab"]),
        ("requirements-install.txt", ["lab"]),
        ("pyproject.toml", ["test"]),
    ],
)
def test_a_missing_file_gets_a_sentence(layout: Path, missing: str, words: list[str]) -> None:
    (layout / missing).unlink()
    result = call(layout, *words)
    assert result.returncode == 2
    assert missing in result.stderr
    assert "Traceback" not in result.stderr


def test_what_follows_test_goes_to_pytest(workbook: ModuleType) -> None:
    options = workbook.parse(["test", "-k", "device", "-x", "--lf", "tests"])
    assert (options.word, options.here) == ("test", False)
    assert options.arguments == ["-k", "device", "-x", "--lf", "tests"]
    for words in (["--here", "test", "-q"], ["test", "--here", "-q"]):
        options = workbook.parse(words)
        assert (options.here, options.arguments) == (True, ["-q"])
    assert workbook.parse(["run", "--here", "01"]).here
    assert workbook.parse(["--here", "run", "01"]).here
    assert not workbook.parse(["run", "test"]).here
    assert workbook.parse(["run", "test"]).names == ["test"]


def test_test_returns_what_pytest_returns(layout: Path) -> None:
    source = "import os\ndef test_it(): assert os.environ['JUPYTER_PLATFORM_DIRS'] == '1'\n"
    source += "def test_warnings(): assert 'PYTHONWARNINGS' not in os.environ\n"
    (layout / "tests" / "test_it.py").write_text(source, encoding="utf-8")
    variables = {**os.environ, "PYTHONWARNINGS": "error", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    result = call(layout, "--here", "test", "-q", "tests", env=variables)
    assert result.returncode == 0, result.stdout
    assert result.stdout.startswith("Running the tests: pytest -q tests\n")
    result = call(layout, "test", "--here", "-k", "nothing", "tests", env=variables)
    assert result.returncode == 5


def test_an_old_python_gets_a_sentence(
    workbook: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ast.parse((REPO / "workbook.py").read_text(encoding="utf-8"), feature_version=(3, 7))
    monkeypatch.setattr(sys, "version_info", (3, 7, 16, "final", 0))
    assert workbook.main(["lab"]) == 1
    assert "needs Python 3.11 or newer, and this one is 3.7.16" in capsys.readouterr().err


def test_here_names_what_is_missing(workbook: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name in ("torch", "xdist") else object()
    )
    with pytest.raises(workbook.Problem, match=r"lacks torch; install requirements\.txt"):
        workbook.prepare("lab", here=True)
    with pytest.raises(workbook.Problem, match="lacks torch, xdist"):
        workbook.prepare("test", here=True)


def test_here_finds_the_helpers_and_installs_nothing(
    workbook: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", "mine")
    environment = workbook.prepare("lab", here=True)
    assert environment.python == sys.executable
    assert environment.variables["PYTHONPATH"] == os.pathsep.join([str(workbook.ROOT), "mine"])
    assert not workbook.VENV.exists()


# ------------------------------------------------------------------------- the stamp


def make_venv(workbook: ModuleType, which: str) -> None:
    """A .venv that looks as it does after an install."""
    workbook.venv_python().parent.mkdir(parents=True, exist_ok=True)
    workbook.venv_python().write_text("a Python", encoding="utf-8")
    (workbook.site_packages() / "torch-2.dist-info").mkdir(parents=True, exist_ok=True)
    stamp = {"set": which, "digest": workbook.digest(which), "root": str(workbook.ROOT)}
    stamp["packages"] = workbook.installed()
    workbook.STAMP.write_text(json.dumps(stamp), encoding="utf-8")


def test_a_matching_stamp_starts_nothing_and_is_quick(
    workbook: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_venv(workbook, "lab")
    monkeypatch.setattr(subprocess, "Popen", None)
    monkeypatch.setattr(subprocess, "run", None)
    monkeypatch.setenv("PYTHONPATH", "another project")
    started = time.monotonic()
    environment = workbook.prepare("lab", here=False)
    assert time.monotonic() - started < 1
    assert environment.python == str(workbook.venv_python())
    assert environment.variables["PATH"].startswith(str(workbook.venv_python().parent))
    assert "PYTHONPATH" not in environment.variables


def test_a_test_environment_serves_lab_but_not_the_reverse(workbook: ModuleType) -> None:
    make_venv(workbook, "test")
    assert workbook.is_current("lab")
    assert workbook.is_current("test")
    make_venv(workbook, "lab")
    assert workbook.is_current("lab")
    assert not workbook.is_current("test")


@pytest.mark.parametrize(
    "change",
    ["lock", "pyproject", "python", "moved", "package", "no python", "empty python", "cut off"],
)
def test_any_change_asks_for_an_install(
    workbook: ModuleType, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    make_venv(workbook, "lab")
    assert workbook.is_current("lab")
    if change == "lock":
        (workbook.ROOT / "requirements.txt").write_text("torch==3", encoding="utf-8")
    elif change == "pyproject":
        (workbook.ROOT / "pyproject.toml").write_text("[project]", encoding="utf-8")
    elif change == "python":
        monkeypatch.setattr(sys, "version", "3.99.0")
    elif change == "moved":
        monkeypatch.setattr(workbook, "ROOT", workbook.ROOT / ".." / workbook.ROOT.name)
    elif change == "package":
        (workbook.site_packages() / "torch-2.dist-info").rmdir()
    elif change == "no python":
        workbook.venv_python().unlink()
    elif change == "empty python":
        workbook.venv_python().write_text("", encoding="utf-8")
    else:
        workbook.STAMP.write_text('{"installing": true, "set": "lab"}', encoding="utf-8")
    assert not workbook.is_current("lab")


@pytest.mark.parametrize("text", ["", "[]", "not JSON", "{}", "\ufffd"])
def test_a_spoilt_stamp_counts_as_none(workbook: ModuleType, text: str) -> None:
    make_venv(workbook, "lab")
    workbook.STAMP.write_text(text, encoding="utf-8")
    assert not workbook.is_current("lab")


# ------------------------------------------------------------------------- the install


class Steps:
    """Stands in for the commands of an install: records them, fails those told to."""

    def __init__(self, workbook: ModuleType, failing: str = "", says: str = "") -> None:
        self.workbook, self.failing, self.says = workbook, failing, says
        self.commands: list[str] = []
        self.states: list[dict[str, Any]] = []

    def __call__(self, command: list[str], log: io.StringIO) -> bool:
        line = " ".join(command)
        self.commands.append(line)
        self.states.append(self.workbook.read_stamp())
        log.write(f"$ {line}\n{self.says}\n")
        log.flush()
        if "-m venv" in line:
            make_venv(self.workbook, "lab")
            self.workbook.STAMP.write_text('{"installing": true, "set": "lab"}', encoding="utf-8")
        return not self.failing or self.failing not in line


def prepare_with(
    workbook: ModuleType, monkeypatch: pytest.MonkeyPatch, steps: Any, which: str = "lab"
) -> None:
    monkeypatch.setattr(workbook, "step", steps)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(1, 1, 10**11))
    workbook.prepare(which, here=False)


def test_a_first_install_stamps_last(
    workbook: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    steps = Steps(workbook)
    prepare_with(workbook, monkeypatch, steps)
    said = capsys.readouterr().out
    assert said.startswith("Installing the packages into .venv (")
    assert len(said.splitlines()) == 2
    assert all(state.get("installing") for state in steps.states)
    assert steps.commands[0].endswith(f"-m venv {workbook.VENV}")
    tools, packages = steps.commands[1:3]
    assert tools.endswith(f"-r {workbook.ROOT / 'requirements-install.txt'}")
    assert packages.endswith(f"-r {workbook.ROOT / 'requirements.txt'}")
    assert steps.commands[-1].endswith(f"--no-build-isolation --no-deps -e {workbook.ROOT}")
    assert workbook.is_current("lab")
    assert not workbook.LOCK.exists()
    monkeypatch.setattr(workbook, "step", None)
    workbook.prepare("lab", here=False)  # nothing left to do


def test_pip_takes_over_where_uv_fails(
    workbook: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = Steps(workbook, failing="-m uv")
    prepare_with(workbook, monkeypatch, steps, "test")
    lock = workbook.ROOT / "requirements-test.txt"
    assert any(line.endswith(f"-m pip install -r {lock}") for line in steps.commands)
    assert workbook.is_current("test")


def test_a_changed_lock_keeps_the_environment_and_the_test_tools(
    workbook: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_venv(workbook, "test")
    with (workbook.ROOT / "requirements-test.txt").open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    monkeypatch.setattr(workbook, "is_sound", lambda: True)
    steps = Steps(workbook)
    prepare_with(workbook, monkeypatch, steps, "lab")
    assert not any("-m venv" in line for line in steps.commands)
    assert any("requirements-test.txt" in line for line in steps.commands)
    assert workbook.read_stamp()["set"] == "test"


def test_a_cut_off_install_is_made_again(
    workbook: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_venv(workbook, "lab")
    stray = workbook.site_packages() / "half.dist-info"
    stray.mkdir()
    workbook.STAMP.write_text('{"installing": true, "set": "lab"}', encoding="utf-8")
    steps = Steps(workbook)
    prepare_with(workbook, monkeypatch, steps)
    assert "-m venv" in steps.commands[0]
    assert not stray.exists()


def test_a_failed_install_shows_the_end_of_its_log(
    workbook: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = Steps(workbook, failing="pip install", says="no wheel for you")
    with pytest.raises(workbook.Problem, match="could not be installed") as caught:
        prepare_with(workbook, monkeypatch, steps)
    assert "no wheel for you" in str(caught.value)
    assert workbook.read_stamp().get("installing")
    assert not workbook.LOCK.exists()


def test_no_network_is_named_and_spoils_nothing(
    workbook: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_venv(workbook, "lab")
    (workbook.ROOT / "requirements.txt").write_text("torch==3\n", encoding="utf-8")
    monkeypatch.setattr(workbook, "is_sound", lambda: not workbook.read_stamp().get("installing"))
    says = "  Caused by: dns error: failed to lookup address information"
    with pytest.raises(workbook.Problem, match="is this computer online"):
        prepare_with(workbook, monkeypatch, Steps(workbook, failing="pip install", says=says))
    assert workbook.is_sound()


def test_ctrl_c_in_an_install_says_that_the_next_run_mends_it(
    workbook: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    class Child:
        pid = os.getpid()

        def wait(self, timeout: float) -> int:
            raise KeyboardInterrupt

    monkeypatch.setattr(workbook, "is_sound", lambda: False)
    monkeypatch.setattr(workbook, "check_space", lambda need: None)
    monkeypatch.setattr(subprocess, "Popen", lambda *a, **k: Child())
    monkeypatch.setattr(workbook, "stop", lambda process: None)
    before = [signal.getsignal(number) for number in workbook.ENDINGS]
    try:
        assert workbook.main(["lab", "--no-browser"]) == 130
    finally:
        for number, handler in zip(workbook.ENDINGS, before, strict=True):
            signal.signal(number, handler)
    assert "the next run mends it" in capsys.readouterr().out
    assert workbook.read_stamp() == {"installing": True, "set": "lab"}
    assert not workbook.LOCK.exists()


def test_a_full_disk_is_refused_before_anything_is_made(
    workbook: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "step", None)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(1, 1, 10**9))
    with pytest.raises(workbook.Problem, match=r"has 1\.0 GB free"):
        workbook.prepare("lab", here=False)


def test_a_full_disk_does_not_matter_once_torch_is_there(
    workbook: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_venv(workbook, "lab")
    (workbook.site_packages() / "torch").mkdir()
    (workbook.ROOT / "requirements.txt").write_text("torch==3\n", encoding="utf-8")
    monkeypatch.setattr(workbook, "is_sound", lambda: True)
    monkeypatch.setattr(workbook, "step", Steps(workbook))
    monkeypatch.setattr(shutil, "disk_usage", None)
    workbook.prepare("lab", here=False)


def test_a_python_without_venv_gets_the_remedy(
    workbook: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "ensurepip" else object()
    )
    with pytest.raises(workbook.Problem, match="apt install python3-venv"):
        workbook.prepare("lab", here=False)


def test_a_read_only_folder_gets_a_sentence(
    workbook: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(self: Path, *arguments: Any, **options: Any) -> None:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "mkdir", refuse)
    monkeypatch.setattr(signal, "signal", lambda *a: None)
    assert workbook.main(["lab"]) == 1
    said = capsys.readouterr().err
    assert "Permission denied" in said
    assert "read-only" in said


def test_an_environment_is_sound_only_if_its_python_starts(workbook: ModuleType) -> None:
    assert not workbook.is_sound()
    make_venv(workbook, "lab")  # whose Python is a text file
    assert not workbook.is_sound()


def test_clearing_keeps_the_lock_and_never_the_running_python(
    workbook: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_venv(workbook, "lab")
    workbook.LOCK.write_text("1", encoding="utf-8")
    with monkeypatch.context() as patch:
        patch.setattr(sys, "prefix", str(workbook.VENV))
        with pytest.raises(workbook.Problem, match="outside of it"):
            workbook.clear()
    assert workbook.STAMP.exists()
    workbook.clear()
    assert list(workbook.VENV.iterdir()) == [workbook.LOCK]


# ------------------------------------------------------------------------- the lock


def dead_pid() -> int:
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    return child.pid


def test_a_lock_is_stale_once_its_processes_are_gone(workbook: ModuleType) -> None:
    workbook.VENV.mkdir()
    assert workbook.lock_is_stale()  # none there
    for text, stale in [
        (f"{dead_pid()}", True),
        (f"{os.getpid()}", True),  # the number was given again, to this process
        (f"{os.getppid()}", False),
        (f"{dead_pid()} {os.getppid()}", False),  # what a killed workbook.py had started
        ("", False),  # being written
    ]:
        workbook.LOCK.write_text(text, encoding="utf-8")
        assert workbook.lock_is_stale() == stale, text
    workbook.LOCK.write_text(f"{os.getppid()}", encoding="utf-8")
    os.utime(workbook.LOCK, (time.time() - 4000, time.time() - 4000))
    assert workbook.lock_is_stale()


def test_a_second_install_waits_for_the_first(
    workbook: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    workbook.VENV.mkdir()
    workbook.LOCK.write_text(f"{os.getppid()}", encoding="utf-8")
    threading.Timer(0.3, workbook.LOCK.unlink).start()
    started = time.monotonic()
    with workbook.install_lock():
        assert workbook.LOCK.read_text(encoding="utf-8") == str(os.getpid())
    assert time.monotonic() - started >= 0.3
    assert "Another workbook.py is installing" in capsys.readouterr().out
    assert not workbook.LOCK.exists()


def test_a_stale_lock_is_taken_over(workbook: ModuleType) -> None:
    workbook.VENV.mkdir()
    workbook.LOCK.write_text(f"{dead_pid()}", encoding="utf-8")
    with workbook.install_lock():
        assert workbook.LOCK.read_text(encoding="utf-8") == str(os.getpid())


# ------------------------------------------------------------------------- lab


def test_a_taken_port_is_passed_over(workbook: ModuleType) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert not workbook.is_free(port)
        assert port < workbook.free_port(port) < port + 100


@pytest.mark.parametrize(
    ("linux", "variables", "found"),
    [
        (True, {}, False),
        (True, {"DISPLAY": ":0"}, True),
        (True, {"WAYLAND_DISPLAY": "wayland-0"}, True),
        (False, {}, True),
    ],
)
def test_a_browser_needs_a_display(
    workbook: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    linux: bool,
    variables: dict[str, str],
    found: bool,
) -> None:
    monkeypatch.setattr(workbook, "LINUX", linux)
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert workbook.has_display() is found


@POSIX_ONLY
@pytest.mark.parametrize("ending", ["SIGINT", "SIGTERM"])
def test_lab_answers_with_the_token_only_and_stops_cleanly(layout: Path, ending: str) -> None:
    with socket.socket() as taken:  # so that the next one has to be found
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process = subprocess.Popen(
            [sys.executable, "workbook.py", "lab", "--here", "--no-browser", "--port", str(port)],
            cwd=layout,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        try:
            assert process.stdout
            line = process.stdout.readline()
            assert line.startswith("JupyterLab is running at http://localhost:"), line
            assert line.endswith(" (Ctrl-C stops it)\n")
            url = line.split()[4]
            assert "/lab/tree/notebooks/01_tensors.ipynb?token=" in url
            assert f":{port}/" not in url
            with urllib.request.urlopen(url, timeout=20) as page:
                assert page.status == 200
                assert '"news": {"disabled": true}' in page.read().decode()  # nor asks for it
            address, token = url.split("/lab/tree/")[0], url.split("token=")[1]
            with urllib.request.urlopen(f"{address}/api/contents?token={token}") as answer:
                names = [item["name"] for item in json.load(answer)["content"]]
            assert "notebooks" in names  # the root is the repository's
            with pytest.raises(urllib.error.HTTPError, match="403"):
                urllib.request.urlopen(f"{address}/api/contents", timeout=20)
            process.send_signal(getattr(signal, ending))
            rest = process.communicate(timeout=30)[0]
        finally:
            process.kill()
    assert process.returncode == 0
    assert rest == "JupyterLab has stopped.\n"
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(f"{address}/api", timeout=5)


def test_a_port_lost_to_a_quicker_server_is_not_the_end(
    workbook: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as quicker:
        quicker.bind(("127.0.0.1", 0))
        quicker.listen()
        lost = quicker.getsockname()[1]
        tried: list[int] = []
        taken = workbook.free_port
        monkeypatch.setattr(workbook, "free_port", lambda p: taken(p) if tried else lost)

        def is_up(process: Any, port: int, token: str) -> bool:
            tried.append(port)
            return port != lost

        monkeypatch.setattr(workbook, "is_up", is_up)
        monkeypatch.setattr(subprocess, "Popen", lambda *a, **k: None)
        port = workbook.start_server(workbook.Environment("python", {}), lost)[1]
    assert tried == [lost, port]
    assert port > lost


def test_a_server_that_ends_at_once_gets_a_sentence(
    workbook: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = workbook.Environment(sys.executable, {**os.environ, "PYTHONHOME": "nowhere"})
    with pytest.raises(workbook.Problem, match="ended before it could be reached"):
        workbook.start_server(ends, 8888)


# ------------------------------------------------------------------------- run and refresh


@pytest.mark.parametrize(
    "name",
    ["01", "01_tensors", "01_tensors.ipynb", "notebooks/01_tensors.ipynb", r"notebooks\01_tensors"],
)
def test_a_notebook_has_many_names(workbook: ModuleType, name: str) -> None:
    assert workbook.find([name]) == [workbook.NOTEBOOKS / "01_tensors.ipynb"]
    both = ["01_tensors", "02_broken"]
    assert [path.stem for path in workbook.find([])] == both
    assert [path.stem for path in workbook.find(["02", name, name])] == both


def test_run_leaves_copies_and_touches_no_notebook(layout: Path) -> None:
    before = {path: path.read_bytes() for path in (layout / "notebooks").iterdir()}
    result = call(layout, "--here", "run")
    assert result.returncode == 1, result.stdout + result.stderr
    first, second, last = result.stdout.splitlines()
    assert first.startswith("01_tensors ... ok (")
    assert second.startswith("02_broken ... failed (")
    assert second.endswith("cell [2]: ValueError: first line")
    assert last.startswith("1 of 2 failed")
    assert last.endswith(str(layout / "executed"))
    assert {path: path.read_bytes() for path in (layout / "notebooks").iterdir()} == before
    for name in ("01_tensors", "02_broken"):
        content = json.loads((layout / "executed" / f"{name}.ipynb").read_text(encoding="utf-8"))
        assert [c["execution_count"] for c in content["cells"]] == [1, 2]
        page = (layout / "executed" / f"{name}.html").read_text(encoding="utf-8")
        assert ("42" in page) if name == "01_tensors" else ("ValueError" in page)


def test_a_kernel_that_dies_fails_and_leaves_no_older_copy(layout: Path) -> None:
    write_notebook(layout / "notebooks" / "02_broken.ipynb", cell("import os\nos._exit(1)"))
    (layout / "executed").mkdir()
    for ending in ("ipynb", "html"):
        (layout / "executed" / f"02_broken.{ending}").write_text("old", encoding="utf-8")
    result = call(layout, "--here", "run", "02")
    assert result.returncode == 1
    assert "Kernel died" in result.stdout
    assert not list((layout / "executed").iterdir())


def test_refresh_stores_what_is_fit_and_only_once(layout: Path) -> None:
    good, bad = (layout / "notebooks" / name for name in ("01_tensors.ipynb", "02_broken.ipynb"))
    before = bad.read_bytes(), bad.stat().st_mtime_ns
    result = call(layout, "--here", "refresh")
    assert result.returncode == 1, result.stdout + result.stderr
    assert result.stdout.splitlines() == [
        "01_tensors ... refreshed",
        "02_broken ... left as it was: cell [2]: ValueError: first line",
        "tables",
    ]
    assert (bad.read_bytes(), bad.stat().st_mtime_ns) == before
    content = json.loads(good.read_text(encoding="utf-8"))
    assert set(content["metadata"]) == {"kernelspec", "language_info", "workbook"}
    assert content["metadata"]["workbook"] == {"reference": {"torch": "1.2"}}
    assert "version" not in content["metadata"]["language_info"]
    printing, answer = content["cells"]
    assert printing["outputs"] == [
        {"name": "stdout", "output_type": "stream", "text": ["one\n", "two\n"]}
    ]
    assert printing["metadata"] == {}
    assert answer["metadata"] == {"tags": ["answer"]}
    stored = good.read_bytes(), good.stat().st_mtime_ns
    result = call(layout, "--here", "refresh", "01")
    assert result.returncode == 0
    assert result.stdout.splitlines() == ["01_tensors ... unchanged", "tables"]
    assert (good.read_bytes(), good.stat().st_mtime_ns) == stored
    assert sorted(path.name for path in (layout / "notebooks").iterdir()) == [good.name, bad.name]


def test_refresh_says_when_the_tables_cannot_be_made(layout: Path) -> None:
    (layout / "docs" / "tables.py").write_text("raise ValueError('no tag')", encoding="utf-8")
    result = call(layout, "--here", "refresh", "01")
    assert result.returncode == 1
    assert "docs/tables.py could not make its tables: ValueError: no tag" in result.stderr
    assert "Traceback" not in result.stderr


def executed_cell(*outputs: dict[str, Any], **metadata: Any) -> dict[str, Any]:
    return cell("x", execution_count=3, outputs=list(outputs), metadata=metadata)


def stream(name: str, text: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": name, "text": [text]}


def test_what_must_not_be_stored_is_named_by_its_cell(workbook: ModuleType) -> None:
    error = {"output_type": "error", "ename": "KeyError", "evalue": "'a'\nb", "traceback": []}
    first_fault = workbook.first_fault

    def book(*cells: dict[str, Any]) -> dict[str, Any]:
        return {"cells": list(cells)}

    assert first_fault(book(executed_cell(error))) == "cell [3]: KeyError: 'a'"
    assert first_fault(book(executed_cell(error, tags=["raises-exception"]))) is None
    warning = book(executed_cell(stream("stderr", "UserWarning: hm\n")))
    assert first_fault(warning) is None
    assert first_fault(warning, strict=True) == "cell [3] writes to stderr: UserWarning: hm"
    for text in (f"{workbook.ROOT}/data", "/somewhere/ipykernel_123/45.py"):
        shown = book(executed_cell(stream("stdout", text)))
        assert first_fault(shown, strict=True) == "cell [3] shows a path of this machine"
    assert first_fault(book(executed_cell(stream("stdout", "fine"))), strict=True) is None


def test_normalising_keeps_what_belongs_to_the_notebook(workbook: ModuleType) -> None:
    view = "application/vnd.jupyter.widget-view+json"
    shown = {"output_type": "display_data", "metadata": {}, "data": {view: {}, "text/plain": "é"}}
    content = {
        "cells": [
            executed_cell(stream("stdout", "a"), stream("stdout", "b\n"), shown, tags=["t"]),
            executed_cell(execution={"iopub.execute_input": "now"}, cellView="form"),
            {"cell_type": "markdown", "id": "m", "metadata": {}, "source": ["é"]},
        ],
        "metadata": {"widgets": {}, "workbook": {"minutes": 20}, "venv": "mine"},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    text = workbook.normalise(content, {"cpu": "x"})
    assert text.startswith('{\n "cells": [\n')
    assert text.endswith("}\n")
    assert "é" in text
    result = json.loads(text)
    assert result["metadata"]["workbook"] == {"minutes": 20, "reference": {"cpu": "x"}}
    assert "widgets" not in text
    assert "venv" not in text
    first, second, _ = result["cells"]
    assert first["outputs"][0]["text"] == ["ab\n"]
    assert first["outputs"][1]["data"] == {"text/plain": "é"}
    assert first["metadata"] == {"tags": ["t"]}
    assert second["metadata"] == {"cellView": "form"}
    again = json.loads(text)
    assert workbook.normalise(again, {"cpu": "x"}) == text


def test_normalised_text_is_what_nbformat_writes(workbook: ModuleType) -> None:
    content = {
        "cells": [executed_cell(stream("stdout", "é\n"), stream("stdout", "ü\n"))],
        "metadata": {},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    content["cells"][0]["source"] = ["x = 1\n", "x"]
    text = workbook.normalise(content, {"cpu": "x"})
    assert nbformat.writes(nbformat.reads(text, as_version=4)) + "\n" == text


@pytest.mark.parametrize("source", ["MNIST", "letters drawn here", ""])
def test_refresh_wants_the_real_data_where_it_is_used(
    workbook: ModuleType, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    helpers = workbook.ROOT / "helpers"
    helpers.mkdir()
    (helpers / "__init__.py").touch()
    (helpers / "datasets.py").write_text(
        f"class D: source = {source!r}\n\ndef load_mnist(): return D\n", encoding="utf-8"
    )
    environment = workbook.prepare("lab", here=True)
    if source == "MNIST":
        workbook.check_data(environment)
        return
    with pytest.raises(workbook.Problem, match=f"need the real MNIST.*{source}"):
        workbook.check_data(environment)


def test_refresh_asks_for_data_only_where_it_is_used(
    workbook: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(environment: Any) -> None:
        raise workbook.Problem("asked")

    monkeypatch.setattr(workbook, "check_data", refuse)
    monkeypatch.setattr(workbook, "execute", lambda *a: {"cells": [], "metadata": {}})
    assert workbook.refresh(here=True, names=["01"]) == 0
    write_notebook(workbook.NOTEBOOKS / "01_tensors.ipynb", cell("load_mnist()"))
    with pytest.raises(workbook.Problem, match="asked"):
        workbook.refresh(here=True, names=["01"])


def test_a_silent_reference_gets_a_sentence(workbook: ModuleType) -> None:
    reference = workbook.ROOT / "tests" / "reference.py"
    reference.write_text("raise RuntimeError('no torch')", encoding="utf-8")
    with pytest.raises(workbook.Problem, match="RuntimeError: no torch"):
        workbook.fingerprint(workbook.prepare("lab", here=True))
