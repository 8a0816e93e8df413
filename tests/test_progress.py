"""A bar for a person, none in a stored output."""

import sys

import pytest

from helpers import progress
from helpers.progress import progress_bar, someone_is_watching


@pytest.fixture
def nobody(monkeypatch):
    for name in ("JPY_SESSION_NAME", "VSCODE_PID"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.delitem(sys.modules, "google.colab", raising=False)
    return monkeypatch


def test_a_kernel_without_a_person_gets_no_bar(nobody, capsys):
    nobody.setitem(sys.modules, "ipykernel", sys)
    assert not someone_is_watching()
    assert list(progress_bar(range(3))) == [0, 1, 2]
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("mark", ["JPY_SESSION_NAME", "VSCODE_PID"])
def test_an_editor_gets_one(nobody, capsys, mark):
    nobody.setitem(sys.modules, "ipykernel", sys)
    nobody.setenv(mark, "1")
    assert list(progress_bar(range(3), desc="training")) == [0, 1, 2]
    assert capsys.readouterr() == ("", "")  # too quick to need one
    nobody.setattr(progress, "DELAY", 0)
    assert list(progress_bar(range(3), desc="training")) == [0, 1, 2]
    out, err = capsys.readouterr()
    assert "training" in out and out.endswith("\r") and err == ""  # and gone again


def test_a_terminal_decides_where_there_is_no_kernel(nobody):
    nobody.delitem(sys.modules, "ipykernel", raising=False)
    nobody.setattr(sys.stderr, "isatty", lambda: True)
    assert someone_is_watching()
    nobody.setattr(sys.stderr, "isatty", lambda: False)
    assert not someone_is_watching()
