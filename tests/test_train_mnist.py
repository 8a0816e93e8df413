"""Several processes give the losses of one, and what cannot be shared equally is refused."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F

from helpers.datasets import embedded_digits
from helpers.errors import CheckpointError, InputError, TrainingError
from helpers.models import MLP
from helpers.train_mnist import (
    Saving,
    Settings,
    main,
    pick_place,
    read_arguments,
    run_to_the_end,
    shared_batches,
    telling_line,
    torchrun,
    train_mlp,
    write_losses,
)

ROOT = Path(__file__).parent.parent
SMALL = Settings(num_samples=200, num_steps=8, batch_size=40)
OPTIONS = ["--num-samples", "200", "--num-steps", "8", "--batch-size", "40"]
TOLERANCE = 1e-4  # the same sums of floats in another order; measured: below 1e-6


@pytest.fixture
def bare(tmp_path, monkeypatch):
    """No data, no network, and a folder for the results."""
    monkeypatch.setenv("WORKBOOK_DATA", os.fspath(tmp_path / "data"))
    monkeypatch.setenv("WORKBOOK_OFFLINE", "1")
    return tmp_path


def run(command, folder, timeout=150):
    environment = {**os.environ, "PYTHONPATH": os.fspath(ROOT), "OMP_NUM_THREADS": "1"}
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder, env=environment, capture_output=True, text=True, timeout=timeout,
    )  # fmt: skip


def first_digits(number=200):
    digits = embedded_digits()
    return digits.train_images[:number], digits.train_labels[:number]


def read(path):
    return json.loads(path.read_text("utf-8"))


def test_two_processes_give_the_losses_of_one(bare):
    path = bare / "two.json"
    launcher = ["torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    result = run([*launcher, "-m", "helpers.train_mnist", *OPTIONS, "--losses", str(path)], bare)
    assert result.returncode == 0, result.stderr
    alone = train_mlp(*first_digits(), SMALL)
    assert read(path)["world_size"] == 2
    assert read(path)["losses"] == pytest.approx(alone, abs=TOLERANCE)
    assert [file.name for file in bare.iterdir()] == ["two.json"]


def test_torchrun_gives_the_losses_of_one(bare):
    alone = train_mlp(*first_digits(), SMALL)
    assert torchrun(2, SMALL) == pytest.approx(alone, abs=TOLERANCE)
    assert list(bare.iterdir()) == []


def outcomes(monkeypatch, *problems):
    """Let each attempt end as said, in place of a program; return the commands."""
    commands, rest = [], list(problems)

    def attempt(command, log, timeout):
        commands.append(command)
        problem = rest.pop(0)
        if not problem:
            write_losses(command[-1], [2.0, 1.0], 2)
        return problem

    monkeypatch.setattr("helpers.train_mnist.run_to_the_end", attempt)
    return commands


def test_a_start_that_fails_is_tried_once_more(monkeypatch):
    commands = outcomes(monkeypatch, "ConnectionError: the port is taken", "")
    assert torchrun(2, SMALL) == [2.0, 1.0]
    assert len(commands) == 2 and "--num-steps=8" in commands[1]
    settings, *_ = read_arguments(commands[1][commands[1].index("helpers.train_mnist") + 1 :])
    assert settings == SMALL


def test_two_failures_end_in_a_sentence(monkeypatch):
    outcomes(monkeypatch, "one", "OSError: two")
    with pytest.raises(TrainingError, match="2 processes could not train together: OSError: two"):
        torchrun(2, SMALL)


def test_a_program_that_fails_or_hangs_is_told_in_a_line(tmp_path):
    log = tmp_path / "log"
    assert run_to_the_end([sys.executable, "-c", "print(1)"], log, 60) == ""
    assert run_to_the_end([sys.executable, "-c", "{}['x']"], log, 60) == "KeyError: 'x'"
    slow = [sys.executable, "-c", "import time; time.sleep(60)"]
    assert run_to_the_end(slow, log, 0.5) == "no end after 0.5 seconds"
    assert run_to_the_end([os.fspath(tmp_path / "none")], log, 5).startswith("FileNotFoundError")


def test_the_telling_line_is_the_first_error():
    text = "[rank0]: Traceback\n[rank0]:     f()\n[rank0]: torch.DistError: no\nRuntimeError: x"
    assert telling_line(text) == "torch.DistError: no"
    assert telling_line("Fatal\nbus error\n\n") == "bus error"
    assert telling_line("") == "it wrote no message"


def test_it_runs_without_torchrun(bare):
    path = bare / "a folder" / "one.json"
    result = run(["helpers.train_mnist", *OPTIONS, "--losses", str(path)], bare)
    assert result.returncode == 0, result.stderr
    alone = train_mlp(*first_digits(), SMALL)
    assert read(path) == {"world_size": 1, "losses": pytest.approx(alone, abs=TOLERANCE)}


def test_main_in_this_process_writes_the_same(bare, monkeypatch):
    monkeypatch.delenv("WORLD_SIZE", raising=False)
    main([*OPTIONS, "--losses", str(bare / "here.json")])
    losses = read(bare / "here.json")["losses"]
    assert len(losses) == 8 and losses[-1] < losses[0]


def test_the_losses_are_those_of_a_loop_by_hand():
    torch.manual_seed(SMALL.seed)
    model = MLP()
    batches = shared_batches(*first_digits(), SMALL, rank=0, world_size=1)  # 5 in an epoch
    expected = []
    for X, Y in [*batches, *batches][: SMALL.num_steps]:
        loss = F.cross_entropy(model(X), Y)
        gradients = torch.autograd.grad(loss, list(model.parameters()))
        with torch.no_grad():
            for parameter, gradient in zip(model.parameters(), gradients, strict=True):
                parameter -= SMALL.lr * gradient
        expected.append(loss.item())
    assert train_mlp(*first_digits(), SMALL) == pytest.approx(expected, abs=1e-6)


def test_the_seed_decides():
    digits, other = first_digits(), replace(SMALL, seed=1)
    assert train_mlp(*digits, SMALL) == train_mlp(*digits, SMALL) != train_mlp(*digits, other)


def test_only_the_first_images_are_used_normalised():
    images, labels = first_digits(300)
    few = replace(SMALL, num_samples=50, batch_size=50)
    X, Y = next(iter(shared_batches(images, labels, few, 0, 1)))
    assert X.shape == (50, 1, 28, 28) and X.mean().item() == pytest.approx(0, abs=1e-5)
    assert X.std(correction=0).item() == pytest.approx(1, abs=1e-5)
    assert torch.equal(Y.sort().values, labels[:50].sort().values)


@pytest.mark.parametrize("world_size", [1, 2, 4])
def test_the_shares_of_all_processes_are_the_batch(world_size):
    digits = first_digits()
    whole = [Y for _, Y in shared_batches(*digits, SMALL, 0, 1)]
    shares = [
        [Y for _, Y in shared_batches(*digits, SMALL, rank, world_size)]
        for rank in range(world_size)
    ]
    for batch, parts in zip(whole, zip(*shares, strict=True), strict=True):
        assert {len(part) for part in parts} == {40 // world_size}
        assert torch.equal(torch.cat(parts).sort().values, batch.sort().values)


def test_what_does_not_fit_is_refused():
    with pytest.raises(InputError, match=r"multiple of the number of processes \(3\)"):
        shared_batches(*first_digits(), SMALL, 0, 3)
    with pytest.raises(InputError, match=r"multiple of the number of processes \(3\)"):
        torchrun(3, SMALL)
    for batch_size in (0, 201):
        with pytest.raises(InputError, match="200 samples"):
            train_mlp(*first_digits(), replace(SMALL, batch_size=batch_size))


def test_the_command_line_gives_the_settings():
    settings, path, saving = read_arguments(["--losses", "x.json"])
    assert settings == Settings() and path == Path("x.json") and saving is None
    given = ["--losses", "x.json", "--checkpoint", "run.pt", "--save-every", "3"]
    assert read_arguments(given)[2] == Saving(Path("run.pt"), 3)
    settings, _, _ = read_arguments([*OPTIONS, "--losses", "x.json", "--lr", "0.5", "--seed", "3"])
    assert settings == Settings(200, 8, 40, 0.5, 3)


def test_the_file_is_replaced_whole(tmp_path):
    path = tmp_path / "losses.json"
    for losses in ([1.0], [2.0, 1.5]):
        write_losses(path, losses, 2)
        assert read(path) == {"world_size": 2, "losses": losses}
    assert [file.name for file in tmp_path.iterdir()] == ["losses.json"]


def test_a_process_leaves_without_taking_python_down():
    code = (
        "import atexit; atexit.register(print, 'taken down'); print('said', end='');"
        "from helpers.train_mnist import leave; leave()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert (done.returncode, done.stdout) == (0, "said")


def test_the_telling_line_is_that_of_the_first_to_fail():
    report = """Failures:
[1]:
  exitcode  : -15 (pid: 16488)  (SIGTERM)
Root Cause (first observed failure):
[0]:
  exitcode  : -6 (pid: 16489)  (SIGABRT)"""
    assert telling_line(report) == "exitcode  : -6 (pid: 16489)  (SIGABRT)"


def test_a_killed_worker_is_replaced_and_the_losses_are_those_of_a_quiet_run(bare):
    """One of two processes kills itself, as the system would, in the first attempt only."""
    program = bare / "killed.py"
    program.write_text(
        "import os, signal, sys\n"
        "from helpers import train_mnist\n"
        "quiet = train_mnist.mean_over_processes\n"
        "steps = []\n"
        "def killing(value, world_size):\n"
        "    steps.append(0)\n"
        "    first = os.environ['TORCHELASTIC_RESTART_COUNT'] == '0'\n"
        "    if first and os.environ['RANK'] == '1' and len(steps) == 6:\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "    return quiet(value, world_size)\n"
        "train_mnist.mean_over_processes = killing\n"
        "train_mnist.main()\n"
        "print('steps of this attempt:', len(steps), flush=True)\n"
        "train_mnist.leave()\n",
        "utf-8",
    )
    path, checkpoint = bare / "losses.json", bare / "run.pt"
    launcher = ["torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    launcher += ["--max-restarts", "2", str(program), *OPTIONS, "--losses", str(path)]
    result = run([*launcher, "--checkpoint", str(checkpoint), "--save-every", "2"], bare)
    assert result.returncode == 0, result.stderr
    assert "-9" in result.stderr  # the first attempt was killed
    assert result.stdout.split() == ["steps", "of", "this", "attempt:", "4"] * 2  # 4 were saved
    alone = train_mlp(*first_digits(), SMALL)
    assert read(path)["losses"] == pytest.approx(alone, abs=TOLERANCE)


def test_a_run_goes_on_from_its_checkpoint_to_the_same_losses(tmp_path):
    X, Y = first_digits()
    whole = train_mlp(X, Y, SMALL)
    saving = Saving(tmp_path / "run.pt", every=3)
    train_mlp(X, Y, SMALL, saving=saving)  # saved after its sixth step
    assert train_mlp(X, Y, SMALL, saving=saving) == whole
    with pytest.raises(InputError, match="was saved with"):
        train_mlp(X, Y, replace(SMALL, lr=0.2), saving=saving)
    torch.save({"no": "checkpoint"}, saving.path)
    with pytest.raises(CheckpointError):
        train_mlp(X, Y, SMALL, saving=saving)


def test_a_process_computes_on_a_gpu_of_its_own_or_else_on_the_cpu(monkeypatch):
    chosen = []
    monkeypatch.delenv("WORKBOOK_DEVICE", raising=False)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setattr(torch.cuda, "set_device", chosen.append)
    assert pick_place(1, 2) == (torch.device("cuda", 1), "nccl") and chosen == [1]
    assert pick_place(1, 3) == (torch.device("cpu"), "gloo")
    monkeypatch.setenv("WORKBOOK_DEVICE", "cpu")
    assert pick_place(1, 2) == (torch.device("cpu"), "gloo")
    monkeypatch.delenv("WORKBOOK_DEVICE")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert pick_place(0, 1) == (torch.device("cpu"), "gloo") and chosen == [1]
