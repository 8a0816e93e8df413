"""Checkpoints: resume bit for bit, never half a file, never code from a file."""

import errno
import os
import pickle
import random
import struct
import zipfile

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.optim.lr_scheduler import OneCycleLR

from helpers.checkpoints import load_checkpoint, read_extra, save_checkpoint
from helpers.errors import CheckpointError
from helpers.loaders import make_loader
from helpers.seeding import seed_everything
from helpers.training import accuracy, fit


def make_model(outputs=3):
    return nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.Dropout(0.5), nn.Linear(8, outputs))


class Run:
    """A training run with everything random in it: shuffling, dropout, a schedule."""

    def __init__(self, seed):
        seed_everything(seed)
        generator = torch.Generator().manual_seed(7)
        X = torch.randn(40, 4, generator=generator)
        data = torch.utils.data.TensorDataset(X, (X[:, 0] > 0).long())
        self.generator = torch.Generator().manual_seed(seed)
        self.loader = make_loader(data, 8, shuffle=True, generator=self.generator)
        self.model = make_model()
        self.optimizer = torch.optim.AdamW(self.model.parameters(), lr=0.01)
        self.scheduler = OneCycleLR(self.optimizer, max_lr=0.01, total_steps=4 * len(self.loader))
        self.history = {}

    def train(self, num_epochs):
        self.history = fit(
            self.model, self.loader, self.loader, F.cross_entropy, self.optimizer,
            num_epochs=num_epochs, device="cpu", scheduler=self.scheduler,
            metrics={"accuracy": accuracy}, history=self.history,
        )  # fmt: skip

    def save(self, path):
        return save_checkpoint(
            path, self.model, self.optimizer, self.scheduler,
            history=self.history, generator=self.generator, extra={"classes": ["A", "B", "C"]},
        )  # fmt: skip

    def load(self, path):
        checkpoint = load_checkpoint(
            path, self.model, self.optimizer, self.scheduler, generator=self.generator
        )
        self.history = checkpoint.history
        return checkpoint


def test_two_epochs_and_two_more_are_four(tmp_path):
    whole = Run(seed=0)
    whole.train(4)

    first = Run(seed=0)
    first.train(2)
    path = first.save(tmp_path / "run.pt")
    second = Run(seed=99)  # another start: everything must come from the file
    random.random(), np.random.rand(), torch.rand(3)
    checkpoint = second.load(path)
    assert checkpoint.epoch == 2 and checkpoint.extra == {"classes": ["A", "B", "C"]}
    second.train(4)

    assert second.history == whole.history
    for name, value in whole.model.state_dict().items():
        assert torch.equal(second.model.state_dict()[name], value), name
    assert str(second.optimizer.state_dict()) == str(whole.optimizer.state_dict())


def test_loading_can_leave_the_randomness_alone(tmp_path):
    run = Run(seed=0)
    path = run.save(tmp_path / "run.pt")
    model = make_model()
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    load_checkpoint(path, model, restore_random=False)
    assert torch.equal(torch.rand(3), expected)


def test_the_disk_is_full(tmp_path, monkeypatch, seen):
    path = Run(seed=0).save(tmp_path / "run.pt")
    before = path.read_bytes()
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    monkeypatch.setattr(os, "fsync", lambda handle: (_ for _ in ()).throw(full))
    with pytest.raises(CheckpointError, match="Make room there") as caught:
        Run(seed=1).save(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
    seen(caught.value)


def test_what_cannot_be_read_back_is_not_written(tmp_path, seen):
    path = Run(seed=0).save(tmp_path / "run.pt")
    before = path.read_bytes()
    with pytest.raises(CheckpointError, match="NumPy values") as caught:
        save_checkpoint(path, make_model(), extra={"score": np.float64(0.5)})
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
    seen(caught.value)


class Bomb:
    """Would make a folder when unpickled."""

    def __init__(self, folder):
        self.folder = folder

    def __reduce__(self):
        return os.mkdir, (self.folder,)


def test_code_in_a_file_never_runs(tmp_path, seen):
    folder = tmp_path / "it ran"
    path = tmp_path / "hostile.pt"
    torch.save({"format": 1, "model": Bomb(os.fspath(folder))}, path)
    with pytest.raises(CheckpointError, match="could run code") as caught:
        load_checkpoint(path, make_model())
    assert not folder.exists()
    seen(caught.value)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b"<!DOCTYPE html><html>", "begins with b'<!DOCTYPE"),
        (pickle.dumps({"model": 1}), "zip archive was expected"),
        (b"PK\x03\x04 and nothing more", "is damaged"),
    ],
    ids=["empty", "a page", "a pickle", "cut short"],
)
def test_files_that_are_no_checkpoints(tmp_path, content, sentence, seen):
    path = tmp_path / "run.pt"
    path.write_bytes(content)
    with pytest.raises(CheckpointError, match=sentence) as caught:
        load_checkpoint(path, make_model())
    seen(caught.value)


def test_a_truncated_checkpoint(tmp_path, seen):
    path = Run(seed=0).save(tmp_path / "run.pt")
    path.write_bytes(path.read_bytes()[:-500])
    with pytest.raises(CheckpointError, match="is damaged") as caught:
        load_checkpoint(path, make_model())
    seen(caught.value)


def test_no_file(tmp_path, seen):
    with pytest.raises(CheckpointError, match="no file") as caught:
        load_checkpoint(tmp_path / "run.pt", make_model())
    seen(caught.value)


def test_a_bare_state_dict_is_told(tmp_path, seen):
    torch.save(make_model().state_dict(), tmp_path / "weights.pt")
    with pytest.raises(CheckpointError, match="bare state_dict") as caught:
        load_checkpoint(tmp_path / "weights.pt", make_model())
    seen(caught.value)


def test_a_whole_model_is_refused(tmp_path, seen):
    torch.save(make_model(), tmp_path / "model.pt")
    with pytest.raises(CheckpointError, match="could run code") as caught:
        load_checkpoint(tmp_path / "model.pt", make_model())
    seen(caught.value)


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        (lambda: make_model(outputs=4), r"3\.weight \(3, 8\) instead of \(4, 8\)"),
        (lambda: nn.Linear(4, 8), r"Missing in the file: \['bias', 'weight'\]"),
        (lambda: nn.Sequential(nn.Linear(4, 8)), r"unknown to the model: \['1\.bias'"),
    ],
    ids=["one more class", "other names", "fewer layers"],
)
def test_another_model_is_left_unchanged(tmp_path, other, sentence, seen):
    path = Run(seed=0).save(tmp_path / "run.pt")
    model = other()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    with pytest.raises(CheckpointError, match=sentence) as caught:
        load_checkpoint(path, model)
    assert all(torch.equal(before[name], value) for name, value in model.state_dict().items())
    seen(caught.value)


def test_another_optimizer(tmp_path, seen):
    run = Run(seed=0)
    path = run.save(tmp_path / "run.pt")
    half = torch.optim.AdamW(list(run.model.parameters())[:2])
    with pytest.raises(CheckpointError, match="does not fit this optimizer") as caught:
        load_checkpoint(path, run.model, half)
    bare = save_checkpoint(tmp_path / "bare.pt", run.model)
    with pytest.raises(CheckpointError, match="holds no optimizer"):
        load_checkpoint(bare, run.model, run.optimizer)
    seen(caught.value)


def test_another_kind_of_scheduler(tmp_path, seen):
    run = Run(seed=0)
    path = run.save(tmp_path / "run.pt")  # OneCycleLR
    step = torch.optim.lr_scheduler.StepLR(run.optimizer, 5)
    with pytest.raises(CheckpointError, match="does not fit this scheduler") as caught:
        load_checkpoint(path, run.model, run.optimizer, step)
    seen(caught.value)


@pytest.mark.parametrize("part", ["model", "random", "extra"])
def test_a_part_is_missing(tmp_path, part, seen):
    path = Run(seed=0).save(tmp_path / "run.pt")
    contents = torch.load(path, weights_only=True)
    del contents[part]
    torch.save(contents, path)
    with pytest.raises(CheckpointError, match=f"lacks {part}") as caught:
        load_checkpoint(path, make_model())
    seen(caught.value)


def test_an_older_layout_of_our_own(tmp_path, seen):
    path = Run(seed=0).save(tmp_path / "run.pt")
    torch.save({**torch.load(path, weights_only=True), "format": 0}, path)
    with pytest.raises(CheckpointError, match="layout 1") as caught:
        load_checkpoint(path, make_model())
    seen(caught.value)


def test_one_key_is_renamed(tmp_path, seen):
    path = Run(seed=0).save(tmp_path / "run.pt")
    contents = torch.load(path, weights_only=True)
    contents["model"]["out.weight"] = contents["model"].pop("3.weight")
    torch.save(contents, path)
    with pytest.raises(CheckpointError, match=r"'3\.weight'.*'out\.weight'") as caught:
        load_checkpoint(path, make_model())
    seen(caught.value)


@pytest.mark.parametrize("where", ["cuda:0", "cuda:3", "mps"])
def test_it_was_saved_on_a_device_that_is_not_here(tmp_path, where, seen):
    run = Run(seed=0)
    path = run.save(tmp_path / "run.pt")
    # What torch.save writes for a tensor on that device differs in the name of the device alone.
    source, moved = zipfile.ZipFile(path), tmp_path / "moved.pt"
    with zipfile.ZipFile(moved, "w") as target:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename.endswith("data.pkl"):
                old, new = b"X\x03\x00\x00\x00cpu", where.encode()
                assert old in content
                content = content.replace(old, b"X" + struct.pack("<I", len(new)) + new)
            target.writestr(entry, content)
    found = make_model()
    load_checkpoint(moved, found)
    assert all(
        torch.equal(a, b) for a, b in zip(found.parameters(), run.model.parameters(), strict=True)
    )
    seen("nothing: the weights go to the device that is here")


def test_what_was_saved_along_is_read_before_there_is_a_model(tmp_path):
    extra = {"classes": ["cat", "dog", "über"], "mean": 0.1, "weights": torch.ones(2)}
    path = save_checkpoint(tmp_path / "own.pt", make_model(3), extra=extra)
    found = read_extra(path)
    assert found["classes"] == extra["classes"] and found["mean"] == 0.1
    assert torch.equal(found["weights"], torch.ones(2))
    model = make_model(len(found["classes"]))
    assert load_checkpoint(path, model, restore_random=False).extra["classes"] == extra["classes"]
    assert read_extra(save_checkpoint(tmp_path / "bare.pt", make_model())) == {}


@pytest.mark.parametrize("content", [None, b"", b"<!DOCTYPE", b"PK\x03\x04 cut"])
def test_a_file_that_is_no_checkpoint_has_nothing_to_tell(tmp_path, content):
    path = tmp_path / "own.pt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CheckpointError):
        read_extra(path)
