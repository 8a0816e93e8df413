"""A file is written whole or not at all, whatever stops the writing."""

import os
import subprocess
import sys
import time

import pytest

from helpers import files
from helpers.files import written_whole

STOPS = """
import sys, time
from helpers.files import written_whole
with written_whole(sys.argv[1]) as part:
    part.write_bytes(b"half of")
    print("writing", flush=True)
    time.sleep(60)
"""


def test_the_new_file_replaces_the_old_one(tmp_path):
    path = tmp_path / "new folder" / "a [1].txt"
    for text in ("one", "two"):
        with written_whole(path) as part:
            part.write_text(text)
        assert path.read_text() == text
    assert list(path.parent.iterdir()) == [path]


def test_the_writing_fails(tmp_path, seen):
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(ZeroDivisionError), written_whole(path) as part:
        part.write_text("half of")
        raise ZeroDivisionError
    assert path.read_text() == "old" and list(tmp_path.iterdir()) == [path]
    seen("the error itself; the old file is whole")


def test_the_program_is_killed_while_it_writes(tmp_path, seen):
    path = tmp_path / "a [1].txt"
    path.write_text("old")
    with subprocess.Popen([sys.executable, "-c", STOPS, path], stdout=subprocess.PIPE) as process:
        assert process.stdout.readline().strip() == b"writing"
        process.kill()
    assert path.read_text() == "old"
    left = [part for part in tmp_path.iterdir() if part != path]
    assert len(left) == 1
    with written_whole(path) as part:  # another program may be writing what was left
        part.write_text("new")
    assert sorted(tmp_path.iterdir()) == sorted([path, *left])
    past = time.time() - files.LEFT_BEHIND - 1
    os.utime(left[0], (past, past))
    with written_whole(path) as part:
        part.write_text("newer")
    assert path.read_text() == "newer" and list(tmp_path.iterdir()) == [path]
    seen("nothing: the old file is whole, and the unfinished one is cleared away later")
