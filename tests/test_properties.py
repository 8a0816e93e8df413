"""Readers under a thousand damaged files each: a declared error, or what the file really holds."""

import csv
import gzip
import io
import zipfile

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch import nn

from helpers.checkpoints import load_checkpoint, save_checkpoint
from helpers.datasets import CsvImageDataset, read_idx, read_table, write_idx
from helpers.downloads import unzip
from helpers.errors import CheckpointError, DataFileError, InputError
from helpers.splits import group_split, random_split

thousand = settings(
    settings.get_profile("workbook"),  # see tests/faults.py
    max_examples=1000,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
places = st.floats(0, 1, exclude_max=True)
# What happens to a file: a bit flipped, bytes lost, bytes put in, zeros.
damages = st.lists(
    st.tuples(
        st.sampled_from(["flip", "cut", "insert", "zero", "end"]), places, st.integers(0, 255)
    ),
    min_size=1,
    max_size=3,
)


def damage(content: bytes, damages) -> bytes:
    for what, place, value in damages:
        at = int(place * len(content))
        if what == "flip":
            content = content[:at] + bytes([content[at] ^ (1 << value % 8)]) + content[at + 1 :]
        elif what == "cut":
            content = content[:at] + content[at + value :]
        elif what == "insert":
            content = content[:at] + bytes([value]) * 3 + content[at:]
        elif what == "zero":
            content = content[:at] + bytes(len(content[at : at + value])) + content[at + value :]
        else:
            content = content[:at]
        if not content:
            break
    return content


class Tally:
    """Count what became of the files."""

    def __init__(self):
        self.refused = self.read = 0

    def ask(self, reader, *given):
        """Call a reader: return what it gives, or None if it refuses with a declared error."""
        try:
            found = reader(*given)
        except (CheckpointError, DataFileError, InputError):
            self.refused += 1
            return None
        self.read += 1
        return found

    def __str__(self):
        return f"{self.refused} files refused with a sentence, {self.read} read as they are"


def test_idx_files_damaged_at_random(tmp_path, seen):
    values = torch.arange(5 * 6 * 7).remainder(256).to(torch.uint8).reshape(5, 6, 7)
    path = write_idx(tmp_path / "file", values)
    plain, tally = path.read_bytes(), Tally()

    @thousand
    @given(damages=damages, packed=st.booleans())
    def check(damages, packed):
        content = damage(gzip.compress(plain, mtime=0) if packed else plain, damages)
        path.write_bytes(content)
        found = tally.ask(read_idx, path)
        assert found is None or (found.dtype == torch.uint8 and found.numel() < 100_000)

    check()
    assert tally.refused > 100
    seen(tally)


def test_any_bytes_as_an_idx_file(tmp_path, seen):
    tally = Tally()

    @thousand
    @given(content=st.binary(max_size=80), head=st.sampled_from([b"", b"\0\0\x08", b"\x1f\x8b"]))
    def check(content, head):
        (tmp_path / "file").write_bytes(head + content)
        tally.ask(read_idx, tmp_path / "file")

    check()
    assert tally.refused > 100
    seen(tally)


def test_tables_of_any_text(tmp_path, seen):
    tally = Tally()
    cells = st.text(alphabet=st.sampled_from('ab,;"\n\r\t \0é./\\'), max_size=12)

    @thousand
    @given(header=st.sampled_from(["", "file,label\n", "\ufefffile,label\r\n", "file;label\n"]),
           rows=st.lists(st.lists(cells, min_size=1, max_size=3), max_size=4),
           raw=st.binary(max_size=20))  # fmt: skip
    def check(header, rows, raw):
        text = io.StringIO()
        csv.writer(text).writerows(rows)
        (tmp_path / "t.csv").write_bytes((header + text.getvalue()).encode() + raw)
        for reader in (read_table, CsvImageDataset):
            tally.ask(reader, tmp_path / "t.csv")

    check()
    assert tally.refused > 100
    seen(tally)


def test_archives_damaged_at_random(tmp_path, seen):
    contents = {"a/1.txt": b"one" * 50, "2.txt": b"two" * 90, "labels.csv": b"file,label\n"}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    good, tally = buffer.getvalue(), Tally()
    allowed = set(contents.values())

    @thousand
    @given(damages=damages)
    def check(damages):
        (tmp_path / "a.zip").write_bytes(damage(good, damages))
        written = tally.ask(unzip, tmp_path / "a.zip", tmp_path / "out") or []
        assert all(path.read_bytes() in allowed for path in written)
        assert all(path.resolve().is_relative_to(tmp_path / "out") for path in written)

    check()
    assert {path.name for path in tmp_path.iterdir()} <= {"a.zip", "out"}
    assert tally.refused > 100
    seen(tally)


def test_checkpoints_damaged_at_random(tmp_path, seen):
    torch.manual_seed(0)
    model = nn.Linear(3, 2)
    path = save_checkpoint(tmp_path / "run.pt", model, history={"train_loss": [1.0]})
    good, tally = path.read_bytes(), Tally()

    @thousand
    @given(damages=damages)
    def check(damages):
        path.write_bytes(damage(good, damages))
        found = nn.Linear(3, 2)
        before = [value.clone() for value in found.parameters()]
        loaded = tally.ask(load_checkpoint, path, found)
        expected = before if loaded is None else list(model.parameters())
        for value, right in zip(found.parameters(), expected, strict=True):
            assert torch.equal(value, right)  # never weights that were not saved

    check()
    assert tally.refused > 100
    seen(tally)


KEYS = ["format", "model", "optimizer", "scheduler", "epoch", "history", "random", "generator",
        "extra"]  # fmt: skip
things = st.recursive(
    st.none() | st.integers(-3, 3) | st.text(max_size=3) | st.just(torch.ones(2)),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=5,
)


def test_files_in_which_a_part_of_a_checkpoint_is_something_else(tmp_path, seen):
    torch.manual_seed(0)
    model = nn.Linear(3, 2)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 1)
    path = save_checkpoint(tmp_path / "run.pt", model, optimizer, scheduler)
    good, tally = torch.load(path, weights_only=True), Tally()

    @thousand
    @given(key=st.sampled_from(KEYS), value=things, remove=st.booleans())
    def check(key, value, remove):
        changed = {name: part for name, part in good.items() if name != key or not remove}
        if not remove:
            changed[key] = value
        torch.save(changed, path)
        tally.ask(load_checkpoint, path, model, optimizer, scheduler)

    state = torch.random.get_rng_state()
    try:
        check()
    finally:
        torch.random.set_rng_state(state)
    assert tally.refused > 100
    seen(tally)


def test_splits_of_any_numbers(seen):
    tally = Tally()

    @thousand
    @given(num_samples=st.integers(-2, 30), fraction=st.floats(), groups=st.text(max_size=30))
    def check(num_samples, fraction, groups):
        for split, what, size in (
            (random_split, num_samples, num_samples), (group_split, list(groups), len(groups))
        ):  # fmt: skip
            if (parts := tally.ask(split, what, fraction)) is None:
                continue
            train, test = parts
            assert sorted(torch.cat([train, test]).tolist()) == list(range(size))
            assert len(train) and len(test)

    check()
    assert tally.refused > 100 and tally.read > 100
    seen(f"{tally.refused} calls refused with a sentence, {tally.read} split without loss")


@pytest.mark.parametrize("what", ["flip", "cut", "insert", "zero", "end"])
def test_the_damages_change_something(what):
    content = bytes(range(1, 256))
    assert damage(content, [(what, 0.5, 3)]) != content
