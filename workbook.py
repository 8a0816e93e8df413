"""Set up the workbook and start it: ``python workbook.py lab``.

Needs nothing but Python itself. It keeps an environment of its own in ``.venv``, installed from the
locked requirements, and runs everything else with that environment's Python. A stamp written at the
end of an install tells the next start that there is nothing left to do.
"""

from __future__ import annotations  # an older Python must get as far as the sentence in main()

import argparse
import contextlib
import errno
import hashlib
import importlib.util
import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
import time
import urllib.error
import urllib.request
import webbrowser
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Any, NamedTuple, NoReturn

OLDEST = (3, 11)
WINDOWS = os.name == "nt"
LINUX = sys.platform.startswith("linux")
ENDINGS = [signal.SIGINT, signal.SIGTERM]
if sys.platform != "win32" and signal.getsignal(signal.SIGHUP) == signal.SIG_DFL:
    ENDINGS.append(signal.SIGHUP)  # the terminal was closed, and no nohup said to stay

ROOT = Path(__file__).resolve().parent
NOTEBOOKS = ROOT / "notebooks"
EXECUTED = ROOT / "executed"
FIRST = "notebooks/01_tensors.ipynb"
VENV = ROOT / ".venv"
STAMP = VENV / "workbook.json"
LOCK = VENV / "workbook.lock"
LOG = VENV / "install.log"

INSTALLERS = "requirements-install.txt"  # uv, and what builds the project itself
REQUIREMENTS = {"lab": "requirements.txt", "test": "requirements-test.txt"}
MODULES = {"lab": ["torch", "torchvision", "jupyterlab"]}
MODULES["test"] = [*MODULES["lab"], "pytest", "nbval", "xdist", "myst_nb", "playwright"]

# Settings of the caller's shell that would send an install, or an import, somewhere else.
LEAKS = {"PYTHONHOME", "PYTHONPATH", "PIP_PREFIX", "PIP_TARGET", "PIP_USER"}
LEAKS |= {"UV_PYTHON", "UV_SYSTEM_PYTHON", "VIRTUAL_ENV"}

# JupyterLab would ask each newcomer whether to fetch its news, and look for updates of itself.
QUIET = ["--LabApp.news_url=None"]
QUIET += ["--LabApp.check_for_updates_class=jupyterlab.handlers.announcements.NeverCheckForUpdate"]

OFFLINE = re.compile(
    r"dns error|name resolution|name or service not known|getaddrinfo|nodename nor servname"
    r"|network is unreachable|connection refused|newconnectionerror|error sending request"
    r"|client error \(connect\)|timed out",
    re.IGNORECASE,
)
# Cell metadata that tells of a machine or a moment rather than of the cell.
PASSING = {"ExecuteTime", "collapsed", "execution", "executionInfo", "outputId", "papermill"}
PASSING |= {"scrolled", "trusted", "vscode"}


class Problem(Exception):  # noqa: N818 - what a reader meets is a sentence, not an error class
    """Something the person at the keyboard can mend; ``str()`` is the sentence for them."""

    def __init__(self, sentence: str, code: int = 1) -> None:
        super().__init__(sentence)
        self.code = code


class Environment(NamedTuple):
    """The Python that runs the notebooks, and the variables it runs with."""

    python: str
    variables: dict[str, str]


# ------------------------------------------------------------------------- child processes


def stop(process: subprocess.Popen[Any], ask: Callable[[], object] | None = None) -> None:
    """End a child that Ctrl-C may have reached already: ask, wait ten seconds, insist."""
    for ending in ENDINGS:
        signal.signal(ending, signal.SIG_IGN)  # a second Ctrl-C must not cut the tidying short
    if ask:
        ask()
    elif not WINDOWS:  # there, Ctrl-C has reached the child and any other signal is a kill
        process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def capture(environment: Environment, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the environment's Python from the root and collect what it prints."""
    return subprocess.run(
        [environment.python, *arguments],
        cwd=ROOT,
        env=environment.variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )


# ------------------------------------------------------------------------- the environment


def prepare(which: str, here: bool) -> Environment:
    """Return an environment with the packages of ``which`` ("lab" or "test") in it.

    With ``here`` that is the running Python, left as it is; otherwise ``.venv``, made or brought up
    to date first where its stamp does not match.
    """
    variables = {**os.environ, "JUPYTER_PLATFORM_DIRS": "1", "JUPYTER_PREFER_ENV_PATH": "1"}
    for name in ("PYTHONWARNINGS", "MPLBACKEND"):  # noise in outputs; no figures in notebooks
        variables.pop(name, None)
    if here:
        missing = [name for name in MODULES[which] if importlib.util.find_spec(name) is None]
        if missing:
            raise Problem(
                f"This Python ({sys.executable}) lacks {', '.join(missing)}; install "
                f"{REQUIREMENTS[which]} into it, or leave out --here."
            )
        path = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
        variables["PYTHONPATH"] = os.pathsep.join(path)
        return Environment(sys.executable, variables)

    if not is_current(which):
        with install_lock():
            if not is_current(which):  # another workbook.py may have done it while this one waited
                install(which)
    for name in LEAKS:
        variables.pop(name, None)
    variables["VIRTUAL_ENV"] = str(VENV)
    variables["PATH"] = os.pathsep.join([str(venv_python().parent), variables.get("PATH", "")])
    return Environment(str(venv_python()), variables)


def venv_python() -> Path:
    """Return where ``.venv`` has its Python."""
    return VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")


def site_packages() -> Path:
    """Return where ``.venv`` has its packages, if it is of the running Python's version."""
    base = {"base": str(VENV), "platbase": str(VENV), "installed_base": str(VENV)}
    return Path(sysconfig.get_path("purelib", "venv", base))


def installed() -> list[str]:
    """Return the packages in ``.venv`` as the names of their metadata folders."""
    return sorted(path.name for path in site_packages().glob("*.dist-info"))


def digest(which: str) -> str:
    """Return a hash of all that decides what is installed for ``which``."""
    total = hashlib.sha256(sys.version.encode())
    for name in (INSTALLERS, REQUIREMENTS[which], "pyproject.toml"):
        try:
            total.update((ROOT / name).read_bytes())
        except FileNotFoundError:
            raise Problem(f"{name} is missing from {ROOT}; is the copy complete?", 2) from None
    return total.hexdigest()


def read_stamp() -> dict[str, Any]:
    """Return what the last install left behind, or nothing."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def choose(which: str) -> str:
    """Return the set to install: an environment that has the test tools keeps them."""
    return "test" if read_stamp().get("set") == "test" else which


def is_current(which: str) -> bool:
    """Tell from files alone, in milliseconds, whether ``.venv`` can be used as it is."""
    stamp, wanted = read_stamp(), digest(choose(which))
    try:
        usable = venv_python().stat().st_size > 0  # follows the link to a Python that may be gone
    except OSError:
        return False
    unmoved = stamp.get("root") == str(ROOT)  # the editable install names its folder
    if not (usable and unmoved and stamp.get("digest") == wanted):
        return False
    return set(stamp.get("packages", ["?"])) <= set(installed())


def is_sound() -> bool:
    """Tell whether ``.venv`` has a Python that starts, of the right version, with pip."""
    if read_stamp().get("installing"):  # the last install was cut off: no telling what is there
        return False
    check = f"import pip, sys; sys.exit(sys.version_info[:2] != {sys.version_info[:2]})"
    try:
        result = subprocess.run([str(venv_python()), "-c", check], capture_output=True, check=False)
    except OSError:
        return False
    return result.returncode == 0


def install(which: str) -> None:
    """Make ``.venv`` hold exactly the locked packages, and the project itself; stamp it last."""
    which, started = choose(which), time.monotonic()
    for module in ("venv", "ensurepip"):
        if importlib.util.find_spec(module) is None:
            raise Problem(
                "This Python cannot make environments. On Debian and Ubuntu "
                "`sudo apt install python3-venv` mends that; then run the same command again."
            )
    sound = is_sound()
    if sound and (site_packages() / "torch").is_dir():
        print("Bringing the packages in .venv up to date ...")
    else:
        check_space(6 if LINUX else 2)
        size = "about 5.5 GB, " if LINUX else ""
        print(f"Installing the packages into .venv ({size}a few minutes the first time) ...")
    if not sound:
        clear()
    STAMP.write_text(json.dumps({"installing": True, "set": which}), encoding="utf-8")
    python = str(venv_python())
    with LOG.open("w", encoding="utf-8") as log:
        if not sound and not step([sys.executable, "-m", "venv", str(VENV)], log):
            fail()
        uv = [python, "-m", "uv", "pip", "install", "--python", python]
        pip = [python, "-m", "pip", "install"]
        lock = str(ROOT / REQUIREMENTS[which])
        itself = ["--no-build-isolation", "--no-deps", "-e", str(ROOT)]  # no build tool is fetched
        if not step([*pip, "-r", str(ROOT / INSTALLERS)], log) or not any(
            step([*tool, "-r", lock], log) and step([*tool, *itself], log)
            for tool in (uv, pip)  # uv is the quick one, pip the one that is always there
        ):
            fail()
    stamp = {"set": which, "digest": digest(which), "root": str(ROOT), "packages": installed()}
    STAMP.write_text(json.dumps(stamp, indent=1), encoding="utf-8")
    print(f"The packages are in place ({time.monotonic() - started:.0f} s).")


def check_space(need: int) -> None:
    """Refuse to begin an install that ``need`` GB cannot be found for."""
    free = shutil.disk_usage(VENV).free / 1e9
    if free < need:
        raise Problem(
            f"The packages need {need} GB of disk, and {ROOT} has {free:.1f} GB free; "
            "make room, then run the same command again."
        )


def clear() -> None:
    """Empty ``.venv``, but for the lock that this process holds."""
    if Path(sys.prefix).resolve() == VENV.resolve():
        raise Problem(
            "The environment in .venv has to be made again, which its own Python cannot do; "
            "run workbook.py with the Python outside of it."
        )
    for path in VENV.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path != LOCK:
            path.unlink()


def step(command: list[str], log: IO[str]) -> bool:
    """Run one command of the install into the log; tell whether it succeeded."""
    log.write("$ " + " ".join(command) + "\n")
    log.flush()
    variables = {name: value for name, value in os.environ.items() if name not in LEAKS}
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=variables,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    try:
        # The child may outlive this process (kill -9): the lock is held for as long as either does.
        LOCK.write_text(f"{os.getpid()} {process.pid}", encoding="utf-8")
        while True:
            try:
                return process.wait(timeout=60) == 0
            except subprocess.TimeoutExpired:
                os.utime(LOCK)  # a slow install is not an abandoned one
    except KeyboardInterrupt:
        stop(process)
        print("The install was stopped half-way; the next run mends it.")
        raise


def fail() -> NoReturn:
    """Turn the end of the install's log into a sentence."""
    lines = LOG.read_text(encoding="utf-8", errors="replace").splitlines()
    if any(OFFLINE.search(line) for line in lines[-30:]):
        STAMP.unlink()  # nothing was changed: what is there need not be made again
        sentence, lines = (
            "The packages could not be downloaded; is this computer online?",
            lines[-2:],
        )
    else:
        sentence = "The packages could not be installed."
    tail = "\n".join("  " + line[:200] for line in lines[-12:])
    raise Problem(f"{sentence} The end of {LOG.relative_to(ROOT)}:\n{tail}")


@contextlib.contextmanager
def install_lock() -> Iterator[None]:
    """Let one workbook.py at a time install; the others wait, and say so."""
    VENV.mkdir(exist_ok=True)
    mine, took_over, told = str(os.getpid()), False, False
    while True:
        try:
            with LOCK.open("x", encoding="utf-8") as file:
                file.write(mine)
        except FileExistsError:
            if lock_is_stale():
                LOCK.unlink(missing_ok=True)
                took_over = True
                continue
            if not told:
                print("Another workbook.py is installing into .venv; waiting for it to end ...")
                told = True
            time.sleep(0.5)
            continue
        if took_over:  # two that found the same stale lock: the later one has it
            time.sleep(0.2)
            took_over = False
            if LOCK.read_text(encoding="utf-8") != mine:
                continue
        break
    try:
        yield
    finally:
        LOCK.unlink(missing_ok=True)


def lock_is_stale() -> bool:
    """Tell whether those who held the lock are gone: their processes ended, or an hour silent."""
    try:
        silent = time.time() - LOCK.stat().st_mtime
        holders = [int(word) for word in LOCK.read_text(encoding="utf-8").split()]
    except FileNotFoundError:
        return True
    except ValueError:
        holders = []
    if not holders:  # created, not yet written
        return silent > 10
    alive = [pid for pid in holders if pid != os.getpid() and is_alive(pid)]
    return silent > 3600 or not alive


def is_alive(pid: int) -> bool:
    """Tell whether a process of that number runs."""
    if sys.platform == "win32":  # where os.kill(pid, 0) would send it a Ctrl-C
        import ctypes

        kernel = ctypes.windll.kernel32
        handle = kernel.OpenProcess(0x100000, False, pid)  # SYNCHRONIZE
        if not handle:
            return False
        running: bool = kernel.WaitForSingleObject(handle, 0) != 0
        kernel.CloseHandle(handle)
        return running
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # someone else's, and alive
    return True


# ------------------------------------------------------------------------- lab


def lab(here: bool, port: int, browser: bool) -> int:
    """Start JupyterLab on this machine alone, say where it is, and stay until Ctrl-C."""
    if not 1 <= port <= 65535:
        raise Problem(f"{port} is no port; choose one from 1024 to 65535.", 2)
    if not (ROOT / FIRST).is_file():
        raise Problem(f"{FIRST} is missing from {ROOT}; is the copy complete?", 2)
    process, port, token = start_server(prepare("lab", here), port)
    url = f"http://localhost:{port}/lab/tree/{FIRST}?token={token}"
    try:
        print(f"JupyterLab is running at {url} (Ctrl-C stops it)")
        if browser and has_display():
            with contextlib.suppress(webbrowser.Error):
                webbrowser.open(url)
        process.wait()
    except KeyboardInterrupt:
        # The way that ends the kernels too, and without a word, where no signal does both.
        stop(process, lambda: accepts(port, token, "shutdown", "POST"))
    print("JupyterLab has stopped.")
    return 0


def start_server(environment: Environment, port: int) -> tuple[subprocess.Popen[bytes], int, str]:
    """Start JupyterLab on the first free port; return it, port and token once it answers."""
    port = free_port(port)
    token = secrets.token_hex(24)
    command = [environment.python, "-m", "jupyterlab", "--no-browser", *QUIET]
    command += ["--ServerApp.log_level=ERROR", "--LabApp.log_level=ERROR"]
    command += [f"--ServerApp.root_dir={ROOT}", f"--LabApp.default_url=/lab/tree/{FIRST}"]
    command += ["--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}"]
    command += ["--KernelManager.transport_encryption=auto"]  # else each kernel warns of it
    command += ["--ServerApp.port_retries=0"]  # else the address printed may not be the one used
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**environment.variables, "JUPYTER_TOKEN": token},  # where `ps` does not show it
        stdin=subprocess.DEVNULL,  # with a terminal to ask on, Jupyter would ask "y/[n]?"
        start_new_session=not WINDOWS,  # Ctrl-C comes here, and Jupyter is asked to end
    )
    try:
        if is_up(process, port, token):
            return process, port, token
    except BaseException:
        stop(process)
        raise
    if is_free(port):
        raise Problem("JupyterLab ended before it could be reached; its message is above.")
    return start_server(environment, port)  # someone was quicker, a second workbook.py say


def free_port(start: int) -> int:
    """Return the first port from ``start`` on that is to be had."""
    for port in range(start, min(start + 100, 65536)):
        if is_free(port):
            return port
    raise Problem(f"Port {start} and those after it are not free; choose another with --port.")


def is_free(port: int) -> bool:
    """Tell whether nobody listens on either address that "localhost" may mean."""
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            with socket.socket(family) as server:
                if not WINDOWS:  # there, the option would let two servers share a port
                    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                server.bind((host, port))
        except OSError as error:
            if error.errno not in (errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL):  # no IPv6 here
                return False
    return True


def is_up(process: subprocess.Popen[bytes], port: int, token: str) -> bool:
    """Wait until the server on ``port`` accepts ``token``; tell whether it came to that."""
    end = time.monotonic() + 120
    while process.poll() is None:
        if accepts(port, token, "status"):
            return True
        if time.monotonic() > end:
            raise Problem(f"JupyterLab did not answer on port {port} within two minutes.")
        time.sleep(0.1)
    return False


def accepts(port: int, token: str, word: str, method: str = "GET") -> bool:
    """Send one word of Jupyter's API, past any proxy; tell whether the server took it."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/{word}",
        headers={"Authorization": f"token {token}"},
        method=method,
    )
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=5):
            return True
    except urllib.error.HTTPError as error:
        error.close()  # someone else's server
    except OSError:
        pass
    return False


def has_display() -> bool:
    """Tell whether a browser window could be seen."""
    return not LINUX or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


# ------------------------------------------------------------------------- run and refresh


def find(names: list[str]) -> list[Path]:
    """Return the notebooks meant, in order: all, or those named in any of the usual ways."""
    notebooks = sorted(NOTEBOOKS.glob("*.ipynb"))
    if not notebooks:
        raise Problem(f"There are no notebooks in {NOTEBOOKS}; is the copy complete?", 2)
    chosen = []
    for name in names:
        folder, _, last = name.replace("\\", "/").rpartition("/")
        stem = last[: -len(".ipynb")] if last.endswith(".ipynb") else last
        at_home = folder in ("", ".", "notebooks", "./notebooks") or Path(folder) == NOTEBOOKS
        found = [p for p in notebooks if stem in (p.stem, p.stem.split("_")[0]) and at_home]
        if not found:
            known = ", ".join(path.stem for path in notebooks)
            raise Problem(f"There is no notebook '{name}'; there are: {known}.", 2)
        chosen += found
    return [path for path in notebooks if path in chosen] if names else notebooks


def execute(environment: Environment, notebook: Path, folder: Path) -> dict[str, Any]:
    """Run a notebook in a kernel of its own and return it; the copy goes into ``folder``.

    A cell that raises does not end the run; a kernel that dies does, as a Problem.
    """
    command = ["-m", "nbconvert", "--to", "notebook", "--execute", "--allow-errors"]
    command += ["--ExecutePreprocessor.record_timing=False", "--output", notebook.name]
    (folder / notebook.name).unlink(missing_ok=True)
    result = capture(environment, *command, "--output-dir", str(folder), str(notebook))
    if result.returncode:
        lines = (result.stderr + result.stdout).strip().splitlines() or ["no message"]
        raise Problem(lines[-1].strip())
    content: dict[str, Any] = json.loads((folder / notebook.name).read_text(encoding="utf-8"))
    return content


def first_fault(content: dict[str, Any], strict: bool = False) -> str | None:
    """Name the first cell that raised; if ``strict``, one whose output must not be stored too."""
    home = json.dumps(str(ROOT))[1:-1]
    for cell in content["cells"]:
        place = f"cell [{cell.get('execution_count')}]"
        meant = "raises-exception" in cell["metadata"].get("tags", [])
        for output in cell.get("outputs", []):
            if output["output_type"] == "error" and not meant:
                message = (output["evalue"].strip().splitlines() or [""])[0]
                return f"{place}: {output['ename']}: {message}"
            if strict and output.get("name") == "stderr":
                return f"{place} writes to stderr: {''.join(output['text']).strip()[:200]}"
            if strict and re.search(rf"{re.escape(home)}|ipykernel_\d+", json.dumps(output)):
                return f"{place} shows a path of this machine"
    return None


def run(here: bool, names: list[str]) -> int:
    """Execute notebooks without a browser; copies and pages go to ``executed/``."""
    notebooks = find(names)
    environment = prepare("lab", here)
    EXECUTED.mkdir(exist_ok=True)
    failed = 0
    for notebook in notebooks:
        print(f"{notebook.stem} ...", end=" ", flush=True)
        started = time.monotonic()
        try:
            fault = first_fault(execute(environment, notebook, EXECUTED))
            copy = str(EXECUTED / notebook.name)
            page = capture(environment, "-m", "nbconvert", "--to", "html", "--embed-images", copy)
            if page.returncode:
                fault = fault or f"no page: {page.stderr.strip().splitlines()[-1]}"
        except Problem as problem:
            fault = str(problem)
            (EXECUTED / f"{notebook.stem}.html").unlink(missing_ok=True)  # of an earlier run
        failed += fault is not None
        seconds = time.monotonic() - started
        print(f"{'failed' if fault else 'ok'} ({seconds:.0f} s){f': {fault}' if fault else ''}")
    outcome = f"{failed} of {len(notebooks)} failed" if failed else "all ran"
    print(f"{outcome}; the executed copies and their pages are in {EXECUTED}")
    return 1 if failed else 0


def refresh(here: bool, names: list[str]) -> int:
    """Execute notebooks and store their outputs in place, where every cell is fit to be stored."""
    notebooks = find(names)
    environment = prepare("lab", here)
    environment.variables["OMP_NUM_THREADS"] = "1"  # as in the tests: the same order of additions
    environment.variables["WORKBOOK_PROGRESS"] = os.devnull  # outputs of one who has solved nothing
    if any("load_mnist" in notebook.read_text(encoding="utf-8") for notebook in notebooks):
        check_data(environment)
    reference = fingerprint(environment)
    failed = 0
    for notebook in notebooks:
        print(f"{notebook.stem} ...", end=" ", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            try:
                content = execute(environment, notebook, Path(folder))
                fault = first_fault(content, strict=True)
            except Problem as problem:
                fault = str(problem)
        if fault:
            failed += 1
            print(f"left as it was: {fault}")
            continue
        changed = store(notebook, normalise(content, reference))
        print("refreshed" if changed else "unchanged")
    tables = capture(environment, "-m", "docs.tables")
    if tables.returncode:
        said = (tables.stderr.strip() or "nothing").splitlines()[-1]
        raise Problem(f"docs/tables.py could not make its tables: {said}")
    print(tables.stdout, end="")
    return 1 if failed else 0


def check_data(environment: Environment) -> None:
    """Refuse to store outputs that were made from anything but the real MNIST."""
    question = "from helpers.datasets import load_mnist; print(load_mnist().source)"
    answer = capture(environment, "-c", question)
    if answer.stdout.strip() != "MNIST":
        said = (answer.stdout.strip() or answer.stderr.strip() or "nothing").splitlines()[-1]
        raise Problem(f"Stored outputs need the real MNIST, and load_mnist() gives: {said}.")


def fingerprint(environment: Environment) -> Any:
    """Return which machine the outputs are made on, as tests/reference.py tells it."""
    answer = capture(environment, "-m", "tests.reference")
    try:
        return json.loads(answer.stdout)
    except ValueError:
        said = (answer.stderr.strip() or answer.stdout.strip() or "nothing").splitlines()[-1]
        raise Problem(f"tests/reference.py did not say which machine this is: {said}") from None


def normalise(content: dict[str, Any], reference: Any) -> str:
    """Return a notebook as text, without what differs from one machine or run to the next."""
    language = content["metadata"].get("language_info", {"name": "python"})
    content["metadata"] = {
        "kernelspec": {
            "display_name": "Python 3 (ipykernel)",
            "language": "python",
            "name": "python3",
        },
        "language_info": {key: value for key, value in language.items() if key != "version"},
        "workbook": {**content["metadata"].get("workbook", {}), "reference": reference},
    }
    for cell in content["cells"]:
        cell["metadata"] = {k: v for k, v in cell["metadata"].items() if k not in PASSING}
        if "outputs" in cell:
            cell["outputs"] = list(joined(cell["outputs"]))
    return json.dumps(content, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def joined(outputs: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield outputs without widgets, and streams in one piece: chance decides where they split."""
    last: dict[str, Any] = {}
    for output in outputs:
        for kind in [kind for kind in output.get("data", {}) if "jupyter.widget" in kind]:
            del output["data"][kind]
        if output["output_type"] == "stream" and output["name"] == last.get("name"):
            text = "".join(last["text"]) + "".join(output["text"])
            last["text"] = text.splitlines(keepends=True)
            continue
        last = output
        yield output


def store(notebook: Path, text: str) -> bool:
    """Write a notebook in one piece, and only if it changes; tell whether it did."""
    if notebook.read_text(encoding="utf-8") == text:
        return False
    draft = notebook.with_name(f".{notebook.name}.new")
    draft.write_text(text, encoding="utf-8", newline="\n")
    draft.replace(notebook)
    return True


# ------------------------------------------------------------------------- standalone


def standalone() -> int:
    """Write the standalone edition into ``dist/``; that takes Python alone and no environment."""
    return subprocess.run(
        [sys.executable, "-m", "docs.standalone"], cwd=ROOT, check=False
    ).returncode


# ------------------------------------------------------------------------- test


def test(here: bool, arguments: list[str]) -> int:
    """Run the tests and return pytest's exit code."""
    environment = prepare("test", here)
    print("Running the tests:", " ".join(["pytest", *arguments]))
    command = [environment.python, "-m", "pytest", *arguments]
    process = subprocess.Popen(command, cwd=ROOT, env=environment.variables)
    try:
        return process.wait()
    except KeyboardInterrupt:
        stop(process)
        raise


def program(here: bool, which: str, module: str, arguments: list[str]) -> int:
    """Run a module of the workbook in its environment, in the folder that the user is in."""
    environment = prepare(which, here)
    folders = [str(ROOT), environment.variables.get("PYTHONPATH", "")]
    environment.variables["PYTHONPATH"] = os.pathsep.join(filter(None, folders))
    process = subprocess.Popen(
        [environment.python, "-m", module, *arguments], env=environment.variables
    )
    try:
        return process.wait()
    except KeyboardInterrupt:
        stop(process)
        raise


# ------------------------------------------------------------------------- the command line


class Parser(argparse.ArgumentParser):
    """A parser whose complaint is one sentence."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and where help is."""
        self.exit(2, f"{message[:1].upper()}{message[1:]}. See: python workbook.py --help\n")


def make_parser() -> Parser:
    """Describe the words that workbook.py knows."""
    shared = Parser(add_help=False)
    shared.add_argument(
        "--here",
        action="store_true",
        default=argparse.SUPPRESS,
        help="use the Python that runs this instead of .venv, and install nothing",
    )
    parser = Parser(
        prog="workbook.py",
        description="Set up the workbook's environment and run its notebooks.",
        parents=[shared],
    )
    words = parser.add_subparsers(dest="word", metavar="WORD")

    def add(name: str, text: str) -> argparse.ArgumentParser:
        return words.add_parser(name, help=text, description=text, parents=[shared])

    word = add("lab", "open the notebooks in JupyterLab")
    word.add_argument("--port", type=int, default=8888, help="8888, or the next that is free")
    word.add_argument("--no-browser", action="store_true", help="only print the address")
    word = add("run", "execute the notebooks without a browser, into executed/")
    word.add_argument("names", nargs="*", metavar="NAME", help="such as 01; all if none is named")
    word = add("refresh", "for maintainers: execute the notebooks and store their outputs")
    word.add_argument("names", nargs="*", metavar="NAME", help="such as 01; all if none is named")
    add("standalone", "write each notebook as a file that needs no other, into dist/")
    word = add("test", "run the tests")
    word.add_argument("arguments", nargs="*", metavar="ARGUMENT", help="passed on to pytest")
    add("site", "build the site to read in a browser, into dist/site")
    word = add("grade", "for teachers: grade notebooks that were handed in")
    word.add_argument("paths", nargs="+", metavar="PATH", help="a notebook, or a folder of them")
    word.add_argument("--csv", metavar="FILE", default="grades.csv", help="where the table goes")
    add("exercises", "count the exercises of each notebook by their kinds")
    word = add("mutants", "for maintainers: change each solution by machine; checks must notice")
    word.add_argument("names", nargs="*", metavar="NAME", help="such as tensors/column-means")
    word = add("faults", "for maintainers: break things on purpose, and print what the user sees")
    word.add_argument(
        "arguments", nargs="*", metavar="OPTION", help="--long adds what takes minutes"
    )
    word = add("bench", "compare the speed of training with published recipes (minutes)")
    word.add_argument("arguments", nargs="*", metavar="OPTION", help="--quick, --full, --json FILE")
    return parser


def parse(argv: list[str]) -> argparse.Namespace:
    """Read the command line; pytest and the bench get what follows their words, dashes and all."""
    passed: list[str] = []
    at = next((i for i, word in enumerate(argv) if not word.startswith("-")), None)
    takes_all = at is not None and argv[at] in ("test", "faults", "bench")
    if at is not None and takes_all and argv[at + 1 :] not in (["-h"], ["--help"]):
        passed = [word for word in argv[at + 1 :] if word != "--here"]
        argv = [*argv[: at + 1], *["--here"] * ("--here" in argv[at + 1 :])]
    options = make_parser().parse_args(argv, argparse.Namespace(here=False))
    options.arguments = passed
    return options


def main(argv: list[str] | None = None) -> int:
    """Do what the command line says; every problem comes out as a sentence."""
    if sys.version_info < OLDEST:
        have = ".".join(str(number) for number in sys.version_info[:3])
        print(f"The workbook needs Python 3.11 or newer, and this one is {have}.", file=sys.stderr)
        return 1
    for stream in (sys.stdout, sys.stderr):  # a console that lacks a letter must not end the run
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace", line_buffering=True)
    options = parse(sys.argv[1:] if argv is None else argv)
    try:
        for ending in ENDINGS:  # all end it the way Ctrl-C does, which `&` may have switched off
            signal.signal(ending, signal.default_int_handler)
        if options.word == "lab":
            return lab(options.here, options.port, not options.no_browser)
        if options.word == "run":
            return run(options.here, options.names)
        if options.word == "refresh":
            return refresh(options.here, options.names)
        if options.word == "standalone":
            return standalone()
        if options.word == "test":
            return test(options.here, options.arguments)
        if options.word == "site":
            return program(options.here, "test", "docs.website.build", [])
        if options.word == "grade":
            arguments = [*options.paths, "--csv", options.csv]
            return program(options.here, "lab", "helpers.exercises.grading", arguments)
        if options.word == "exercises":
            return program(options.here, "lab", "helpers.exercises", [])
        if options.word == "mutants":
            return program(options.here, "test", "tests.mutate", options.names)
        if options.word == "faults":
            return test(options.here, ["tests", "--faults", "-q", *options.arguments])
        if options.word == "bench":
            return program(options.here, "lab", "benchmarks", options.arguments)
        make_parser().print_help()
        return 2
    except Problem as problem:
        print(problem, file=sys.stderr)
        return problem.code
    except OSError as error:
        print(
            f"{error.strerror or error} ({error.filename or ROOT}): is the folder read-only, "
            "or the disk full?",
            file=sys.stderr,
        )
        return 1
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
