"""Places it must run in: other versions of what it stands on, a bare terminal, more threads."""

import itertools
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from torch import nn

from helpers.batches import TensorBatches
from helpers.datasets import embedded_digits
from helpers.models import CNN, MLP
from helpers.seeding import seed_everything
from helpers.training import train_epoch
from tests.test_environment import NOT_TO_RUN, direct

ROOT = Path(__file__).parent.parent
OF_HELPERS = sorted(
    str(path.relative_to(ROOT))
    for path in (ROOT / "tests").glob("test_*.py")
    if list((ROOT / "helpers").glob(f"{path.stem.removeprefix('test_')}*"))
)


def run(*command, **variables):
    """Run a program from the root; a failure shows the end of what it printed."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("PYTEST")
    }
    environment |= {"PYTHONPATH": str(ROOT), **variables}
    for name in [name for name, value in environment.items() if value is None]:
        del environment[name]
    result = subprocess.run(
        command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    assert result.returncode == 0, result.stdout[-4000:]
    return result.stdout


# ---------------------------------------------------------------- versions

# What Colab had in August 2026, where it matters here; all of it stays as it is there.
COLAB = ["torch==2.11.*", "torchvision==0.26.*", "numpy==2.1.*", "matplotlib==3.10.*"]
COLAB += ["scikit-learn==1.6.*", "pillow==11.*", "ipython==7.34.*", "ipykernel==6.17.*"]
# With a later pyparsing, matplotlib before 3.10.7 warns when it is imported; only tests see that.
VERSIONS = {
    "the oldest that are admitted": ["--resolution=lowest-direct", "pyparsing<3.3"],
    "the newest that are admitted": ["--resolution=highest"],
    "those of Colab": COLAB,
}


@pytest.mark.long
@pytest.mark.parametrize("versions", VERSIONS)
def test_other_versions(versions, tmp_path, seen):
    """Helpers and notebooks in an environment of their own, which takes uv and the network."""
    uv = [shutil.which("uv")] if shutil.which("uv") else [sys.executable, "-m", "uv"]
    named = direct(test=True)
    wanted = [str(named[name]) for name in named if not NOT_TO_RUN.fullmatch(name)]
    venv = tmp_path / "venv"
    python = venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    run(*uv, "venv", "--no-config", "--python", sys.executable, str(venv))
    try:
        run(
            *uv, "pip", "install", "--no-config", "--no-build", "--python", str(python),
            *wanted, *VERSIONS[versions],
        )  # fmt: skip
        told = run(*uv, "pip", "freeze", "--no-config", "--python", str(python))
        run(str(python), "-m", "pytest", "-q", "notebooks", "helpers", *OF_HELPERS)
    finally:
        shutil.rmtree(venv)
    direct_ones = [line for line in told.splitlines() if line.split("==")[0] in named]
    seen("nothing: helpers and notebooks pass with " + ", ".join(direct_ones))


# ---------------------------------------------------------------- terminal, locale, threads

# No colours, no window, no UTF-8; and a file that helpers open without naming its encoding is told.
BARE = {
    "LC_ALL": "C",
    "PYTHONUTF8": "0",
    "PYTHONCOERCECLOCALE": "0",
    "PYTHONWARNDEFAULTENCODING": "1",
    "TERM": "dumb",
    "NO_COLOR": "1",
    "DISPLAY": None,
    "WAYLAND_DISPLAY": None,
    "MPLBACKEND": None,
}
ONLY_OURS = "filterwarnings=error\nignore::EncodingWarning\nerror::EncodingWarning:helpers"
READERS_AND_WRITERS = [
    f"tests/test_{name}.py"
    for name in ("audit", "checkpoints", "datasets", "downloads", "figures", "files", "letters")
]


def test_a_bare_terminal(seen):
    said = run(sys.executable, "workbook.py", "--here", "exercises", **BARE)
    assert "\x1b" not in said
    run(sys.executable, "-m", "pytest", "-q", "-n0", "-o", ONLY_OURS, *READERS_AND_WRITERS, **BARE)
    seen("nothing: everything works without colours, a window or UTF-8")


@pytest.mark.parametrize(("network", "num_steps"), [(MLP, 48), (CNN, 2)])
def test_one_thread_and_two_give_the_same_losses(network, num_steps, seen):
    """To five digits; a longer run of the CNN magnifies what was rounded otherwise."""
    digits = embedded_digits()
    batches = TensorBatches(digits.train_images, digits.train_labels, 64, mean=0.2, std=0.3)
    losses, before = [], torch.get_num_threads()
    try:
        for number in (1, 2):
            torch.set_num_threads(number)
            seed_everything(0)
            model = network()
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            repeated = itertools.islice(itertools.cycle(batches), num_steps)
            losses.append(train_epoch(model, repeated, nn.CrossEntropyLoss(), optimizer))
    finally:
        torch.set_num_threads(before)
    assert losses[1] == pytest.approx(losses[0], rel=1e-5)
    seen("nothing: the losses agree to five digits")
