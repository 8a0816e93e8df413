"""A training run that is killed again and again ends with the weights of one that was not."""

import random
import subprocess
import sys
import time

import pytest
import torch


def start(path, num_epochs):
    command = [sys.executable, "-m", "tests.killed_run", str(path), str(num_epochs)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)


def finish(path, num_epochs):
    with start(path, num_epochs) as process:
        process.stdout.read()
    assert process.returncode == 0
    return torch.load(path.with_suffix(".weights"), weights_only=True)


def check(tmp_path, num_kills, num_epochs):
    expected = finish(tmp_path / "undisturbed.pt", num_epochs)
    rng, path = random.Random(0), tmp_path / "killed.pt"
    for _ in range(num_kills):
        with start(path, num_epochs) as process:
            for _ in range(rng.randint(1, 3)):
                assert process.stdout.readline() == b"epoch\n"  # the saving begins now
            time.sleep(rng.uniform(0, 0.15))  # in the saving, or in the next epoch
            process.kill()
        assert process.returncode == -9 or sys.platform == "win32"
    found = finish(path, num_epochs)
    assert expected.keys() == found.keys()
    assert all(torch.equal(expected[name], found[name]) for name in expected)


def test_two_kills_in_a_training_run(tmp_path, seen):
    check(tmp_path, 2, 12)
    seen("nothing: run again, it goes on from its checkpoint, and ends with the same weights")


@pytest.mark.long
def test_twenty_kills_in_a_training_run(tmp_path, seen):
    check(tmp_path, 20, 300)  # more epochs than twenty runs come to before they are killed
    seen("nothing: run again, it goes on from its checkpoint, and ends with the same weights")
