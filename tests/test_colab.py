"""On Colab nothing that is there is touched, and work is kept on Drive if it is mounted."""

import subprocess
import sys

import pytest

from helpers import colab, datasets
from helpers.datasets import data_folder
from helpers.exercises.record import recall, remember


@pytest.fixture(autouse=True)
def in_colab(monkeypatch, tmp_path):
    """A folder to be in, and no settings; returns where the Drive would be."""
    for name in ("WORKBOOK_DATA", "WORKBOOK_PROGRESS", "WORKBOOK_OFFLINE"):
        monkeypatch.setenv(name, "")  # so that what is set in the test goes with it
        monkeypatch.delenv(name)
    (tmp_path / "content").mkdir()
    monkeypatch.chdir(tmp_path / "content")
    unpacked = tmp_path / "unpacked" / "helpers" / "datasets.py"  # as the standalone edition does
    monkeypatch.setattr(datasets, "__file__", str(unpacked))
    monkeypatch.setattr(colab, "DRIVE", tmp_path / "drive" / "MyDrive")
    return colab.DRIVE


@pytest.fixture
def pip(monkeypatch):
    """Stand in for pip: take down what is asked of it, and do it if it is to succeed."""
    calls, there = [], {"torch", "numpy"}

    def run(command, **_):
        calls.append(command)
        if pip.succeeds:
            there.add(command[-1])

    pip.calls, pip.succeeds = calls, True
    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(colab, "find_spec", lambda name: name in there or None)
    return pip


def test_what_is_there_is_not_installed(pip, capsys):
    colab.settle_in(["torch", "numpy"])
    assert pip.calls == [] and "installed" not in capsys.readouterr().out


def test_what_is_missing_is_installed_alone(pip, capsys):
    colab.settle_in(["torch", "torchinfo"])
    (command,) = pip.calls
    assert command[:4] == [sys.executable, "-m", "pip", "install"]
    assert "--no-deps" in command and [part for part in command[4:] if part[0] != "-"] == [
        "torchinfo"
    ]
    assert "torchinfo was missing and is installed." in capsys.readouterr().out


def test_an_installation_on_colab_fails(pip, capsys, seen):
    pip.succeeds = False
    colab.settle_in(["torchinfo"])
    said = capsys.readouterr().out.splitlines()[0]
    assert "could not be installed" in said
    seen(said)


def test_an_installation_on_colab_does_not_end(monkeypatch, capsys, seen):
    def hangs(command, timeout, **_):
        raise subprocess.TimeoutExpired(command, timeout)

    monkeypatch.setattr(subprocess, "run", hangs)
    monkeypatch.setattr(colab, "find_spec", lambda name: None)
    colab.settle_in(["torchinfo"])
    said = capsys.readouterr().out.splitlines()[0]
    assert "could not be installed" in said
    seen(said)


def test_nothing_is_fetched_when_the_network_is_forbidden(pip, monkeypatch, capsys):
    monkeypatch.setenv("WORKBOOK_OFFLINE", "1")
    colab.settle_in(["torchinfo"])
    assert pip.calls == [] and "could not be installed" in capsys.readouterr().out


def test_the_drive_is_not_mounted(in_colab, capsys, seen):
    colab.settle_in()
    said = capsys.readouterr().out
    assert f'drive.mount("{in_colab.parent.as_posix()}")' in said
    assert data_folder().name == "data"
    seen(said)


def test_the_drive_is_mounted(in_colab, capsys):
    in_colab.mkdir(parents=True)
    colab.settle_in()
    assert str(in_colab / "pytorch-workbook") in capsys.readouterr().out
    assert data_folder() == in_colab / "pytorch-workbook"
    remember("tensors/accuracy", "right")
    assert (in_colab / "pytorch-workbook" / "progress.jsonl").is_file()


def test_the_drive_is_mounted_later_and_progress_comes_along(in_colab, tmp_path, capsys):
    colab.settle_in()
    remember("tensors/accuracy", "wrong")
    in_colab.mkdir(parents=True)
    colab.settle_in()
    assert recall() == {"tensors/accuracy": ["wrong"]}
    remember("tensors/accuracy", "right")
    colab.settle_in()  # the setup cell runs again
    assert recall() == {"tensors/accuracy": ["wrong", "right"]}
    assert (tmp_path / "content" / "data" / "progress.jsonl").is_file()


def test_progress_on_the_drive_is_not_overwritten(in_colab, monkeypatch):
    remember("tensors/accuracy", "wrong")
    in_colab.mkdir(parents=True)
    (in_colab / "pytorch-workbook").mkdir()
    kept = in_colab / "pytorch-workbook" / "progress.jsonl"
    kept.write_text('{"exercise": "tensors/strides", "state": "right"}\n')
    colab.settle_in()
    assert recall() == {"tensors/strides": ["right"]}


def test_a_folder_that_the_user_named_stays(in_colab, tmp_path, monkeypatch, capsys):
    in_colab.mkdir(parents=True)
    monkeypatch.setenv("WORKBOOK_DATA", str(tmp_path / "mine"))
    colab.settle_in()
    assert data_folder() == tmp_path / "mine"
    assert str(tmp_path / "mine") in capsys.readouterr().out
