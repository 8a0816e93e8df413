"""Disks that are full, folders that cannot be written to, files that were damaged."""

import gzip
import os
import shutil
import subprocess
import sys
import time
import zipfile

import pytest
import torch

from helpers import datasets
from helpers.datasets import load_mnist, write_idx
from helpers.downloads import download, file_hash, serve_folder, unzip
from helpers.errors import DownloadError
from helpers.models import MLP

NAME = "t10k-images-idx3-ubyte"
LIMITED = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))  # as if 50 kB were left
{code}
"""


@pytest.fixture
def mnist(tmp_path, monkeypatch):
    """Four small files under MNIST's names, gzip and unpacked, whose checksums are MNIST's."""
    raw = tmp_path / "data" / "MNIST" / "raw"
    sums = {}
    for number, name in enumerate(datasets.MNIST_FILES):
        shape = (6, 28, 28) if "images" in name else (6,)
        path = write_idx(raw / name, torch.full(shape, number, dtype=torch.uint8))
        packed = path.with_name(f"{name}.gz")
        packed.write_bytes(gzip.compress(path.read_bytes(), mtime=0))
        sums[name] = (file_hash(packed, "md5"), file_hash(path, "md5"))
    monkeypatch.setattr(datasets, "MNIST_FILES", sums)
    return raw


def change(content, what):
    if what == "truncated":
        return content[: len(content) // 2]
    if what == "all zeros":
        return bytes(len(content))
    if what == "one bit flipped":
        place = len(content) // 2
        return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
    if what == "another magic number":
        return b"\xff\xff" + content[2:]
    return b""


DAMAGES = ["truncated", "all zeros", "one bit flipped", "another magic number", "empty"]


@pytest.mark.parametrize("what", DAMAGES)
@pytest.mark.parametrize("suffix", ["", ".gz"], ids=["unpacked", "gzip"])
def test_a_file_of_mnist_is_damaged(mnist, suffix, what, seen):
    path = mnist / f"{NAME}{suffix}"
    path.write_bytes(change(path.read_bytes(), what))
    digits = load_mnist(mnist.parent.parent)
    assert digits.source == "MNIST" and digits.test_images.unique().tolist() == [2]
    other = mnist / (NAME if suffix else f"{NAME}.gz")
    other.unlink()  # now the damaged one is the only one
    digits = load_mnist(mnist.parent.parent)
    assert digits.source == "embedded digits"
    seen(f"{digits.why} (nothing while a whole copy lies beside it)")


def test_a_damaged_file_is_fetched_anew(mnist, tmp_path, monkeypatch, seen):
    from torchvision.datasets import MNIST

    monkeypatch.delenv("WORKBOOK_OFFLINE", raising=False)
    shutil.copytree(mnist, tmp_path / "served")
    for suffix in ("", ".gz"):
        (mnist / f"{NAME}{suffix}").write_bytes(b"half of")
    with serve_folder(tmp_path / "served") as address:
        monkeypatch.setattr(MNIST, "mirrors", [f"{address}/"])
        assert load_mnist(mnist.parent.parent).source == "MNIST"
    seen("nothing: it is downloaded again")


@pytest.mark.parametrize("where", ["data", "data/MNIST", "data/MNIST/raw"])
def test_a_file_stands_where_a_folder_is_needed(tmp_path, monkeypatch, where, seen):
    from torchvision.datasets import MNIST

    monkeypatch.delenv("WORKBOOK_OFFLINE", raising=False)
    path = tmp_path / where
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("mine")
    with serve_folder(tmp_path) as address:
        monkeypatch.setattr(MNIST, "mirrors", [f"{address}/"])
        digits = load_mnist(tmp_path / "data")
    assert digits.source == "embedded digits" and path.read_text() == "mine"
    seen(digits.why)


def run(code, *arguments):
    command = [sys.executable, "-c", code, *map(os.fspath, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of files")
def test_the_disk_is_full_while_downloading(tmp_path, seen):
    (tmp_path / "large.bin").write_bytes(bytes(200_000))
    code = LIMITED.format(code=(
        "from helpers.downloads import download\n"
        "from helpers.errors import DownloadError\n"
        "try: download(sys.argv[1], sys.argv[2], checksum='0')\n"
        "except DownloadError as error: print(error)"
    ))  # fmt: skip
    with serve_folder(tmp_path) as address:
        done = run(code, f"{address}/large.bin", tmp_path / "new" / "large.bin")
    assert "could not be written" in done.stdout and "Make room there" in done.stdout, done.stderr
    assert list((tmp_path / "new").iterdir()) == []
    seen(done.stdout)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of files")
def test_the_disk_is_full_while_saving_a_checkpoint(tmp_path, seen):
    path = tmp_path / "run.pt"
    path.write_text("the old one")
    code = LIMITED.format(code=(
        "from helpers.checkpoints import save_checkpoint\n"
        "from helpers.errors import CheckpointError\n"
        "from helpers.models import MLP\n"
        "try: save_checkpoint(sys.argv[1], MLP())\n"
        "except CheckpointError as error: print(error)"
    ))  # fmt: skip
    done = run(code, path)
    assert "Make room there" in done.stdout, done.stderr
    assert path.read_text() == "the old one" and list(tmp_path.iterdir()) == [path]
    seen(done.stdout)


def test_a_path_with_spaces_and_letters_of_all_kinds(tmp_path, seen):
    from helpers.checkpoints import load_checkpoint, save_checkpoint

    folder = tmp_path / "Ünterlagen für 数字 [1]"
    (tmp_path / "a.bin").write_bytes(b"abc")
    with serve_folder(tmp_path) as address:
        sha256 = file_hash(tmp_path / "a.bin")
        path = download(f"{address}/a.bin", folder / "a b.bin", checksum=sha256)
    with zipfile.ZipFile(folder / "a b.zip", "w") as archive:
        archive.writestr("über/b.txt", "b")
    written = unzip(folder / "a b.zip", folder / "out")
    save_checkpoint(folder / "ä.pt", MLP())
    load_checkpoint(folder / "ä.pt", MLP())
    assert path.read_bytes() == b"abc" and written[0].read_text() == "b"
    seen("nothing: it works")


UNPACK = "import sys; from helpers.downloads import unzip; unzip(sys.argv[1], sys.argv[2])"


def test_the_program_is_killed_while_it_unpacks(tmp_path, seen):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for number in range(5000):
            archive.writestr(f"{number}.bin", bytes([number % 256]) * 2000)
    out = tmp_path / "out"
    process = subprocess.Popen([sys.executable, "-c", UNPACK, tmp_path / "a.zip", out])
    end = time.monotonic() + 60
    while not (out / "100.bin").is_file():
        assert time.monotonic() < end
        time.sleep(0.001)
    process.kill()
    process.wait()
    there = [path for path in out.iterdir() if not path.name.startswith(".")]
    assert 100 < len(there) < 5000
    assert all(path.stat().st_size == 2000 for path in there)  # each is whole
    assert len(unzip(tmp_path / "a.zip", out)) == 5000
    assert all((out / f"{n}.bin").read_bytes() == bytes([n % 256]) * 2000 for n in range(5000))
    seen("nothing: each file is whole or not there, and the next run unpacks all")


def test_no_address_is_asked_twice_if_the_disk_is_at_fault(tmp_path, seen):
    (tmp_path / "folder").write_text("a file")
    with serve_folder(tmp_path) as address:
        urls = [f"{address}/folder"] * 2
        with pytest.raises(DownloadError, match="could not be written") as caught:
            download(urls, tmp_path / "folder" / "x", checksum="0")
    seen(caught.value)
