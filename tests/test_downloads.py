"""Downloads and archives, from a real HTTP server on this machine."""

import hashlib
import io
import stat
import threading
import tracemalloc
import zipfile
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import requests

from helpers.downloads import download, file_hash, is_offline, serve_folder, unzip
from helpers.errors import DataFileError, DownloadError

CONTENT = bytes(range(256)) * 1000
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@contextmanager
def server(status=200, body=CONTENT, announce=None):
    """Answer every request alike, and count them."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(status)
            self.send_header("Content-Length", str(announce or len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as http:
        thread = threading.Thread(target=http.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{http.server_port}/file.bin", asked
        finally:
            http.shutdown()
            thread.join()


def files_in(folder):
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_a_good_file_arrives_and_is_not_fetched_again(tmp_path):
    with server() as (url, asked):
        path = download(url, tmp_path / "new" / "file.bin", checksum=SHA256)
        assert path.read_bytes() == CONTENT
        download(url, path, checksum=SHA256)
        assert len(asked) == 1
    assert files_in(tmp_path) == ["file.bin"]


def test_a_damaged_file_is_replaced(tmp_path):
    path = tmp_path / "file.bin"
    path.write_bytes(CONTENT[:-1] + b"?")
    with server() as (url, _):
        download(url, path, checksum=SHA256)
    assert path.read_bytes() == CONTENT


def test_a_bad_answer_leaves_the_old_file(tmp_path):
    path = tmp_path / "file.bin"
    path.write_bytes(b"my own")
    with server(status=404) as (url, _), pytest.raises(DownloadError):
        download(url, path, checksum=SHA256)
    assert path.read_bytes() == b"my own"


def test_offline_lets_only_this_machine_through(tmp_path, monkeypatch):
    monkeypatch.setenv("WORKBOOK_OFFLINE", "1")
    assert is_offline()
    with pytest.raises(DownloadError, match="WORKBOOK_OFFLINE is set"):
        download("https://example.invalid/file.bin", tmp_path / "file.bin", checksum=SHA256)
    with server() as (url, _):
        download(url, tmp_path / "file.bin", checksum=SHA256)


@pytest.mark.parametrize("value", ["", "0", "false", "No"])
def test_offline_can_be_switched_off(monkeypatch, value):
    monkeypatch.setenv("WORKBOOK_OFFLINE", value)
    assert not is_offline()


def test_a_proxy_does_not_get_loopback_requests(tmp_path, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    with server() as (url, _):
        download(url, tmp_path / "file.bin", checksum=SHA256)


def test_serve_folder(tmp_path):
    (tmp_path / "file.bin").write_bytes(CONTENT)
    with serve_folder(tmp_path) as address:
        path = download(f"{address}/file.bin", tmp_path / "copy.bin", checksum=SHA256)
    assert file_hash(path) == SHA256


def test_a_client_that_hangs_up_early_is_no_trouble(tmp_path, capfd):
    (tmp_path / "large.bin").write_bytes(bytes(20_000_000))
    with serve_folder(tmp_path) as address:
        with requests.get(f"{address}/large.bin", stream=True, timeout=5) as response:
            response.raw.read(10)
        assert requests.get(f"{address}/large.bin", timeout=5).status_code == 200
    assert capfd.readouterr().err == ""


# ---------------------------------------------------------------- archives


def make_zip(path, entries):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return path


def test_unzip_gives_every_file_and_keeps_others(tmp_path):
    archive = make_zip(tmp_path / "a.zip", {"x/1.txt": "one", "2.txt": "two"})
    target = tmp_path / "out"
    target.mkdir()
    (target / "mine.txt").write_text("mine")
    for _ in range(2):  # a second time changes nothing
        written = unzip(archive, target)
        assert [path.read_text() for path in written] == ["one", "two"]
    assert files_in(target) == ["1.txt", "2.txt", "mine.txt"]


@pytest.mark.parametrize(
    "name", ["../evil.txt", "x/../../evil.txt", "/evil.txt", "\\evil.txt", "C:evil.txt", "..\\e"]
)
def test_a_name_that_leads_out_is_refused_before_anything_is_written(tmp_path, name, seen):
    archive = make_zip(tmp_path / "a.zip", {"good.txt": "good", name: "evil"})
    with pytest.raises(DataFileError, match="leads out of the folder") as caught:
        unzip(archive, tmp_path / "out")
    assert files_in(tmp_path) == ["a.zip"]
    seen(caught.value)


def test_a_link_is_refused(tmp_path, seen):
    link = zipfile.ZipInfo("link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(DataFileError, match="is a link") as caught:
        unzip(tmp_path / "a.zip", tmp_path / "out")
    seen(caught.value)


def test_an_encrypted_entry_is_refused(tmp_path, seen):
    archive = make_zip(tmp_path / "a.zip", {"secret.txt": "x"})
    content = bytearray(archive.read_bytes())
    content[6] |= 1  # the flag in the entry's own header
    content[content.index(b"PK\x01\x02") + 8] |= 1  # and in the directory
    archive.write_bytes(content)
    with pytest.raises(DataFileError, match="encrypted") as caught:
        unzip(archive, tmp_path / "out")
    seen(caught.value)


def test_a_bomb_is_stopped(tmp_path, seen):
    archive = make_zip(tmp_path / "a.zip", {"zeros": bytes(10**6)})
    with pytest.raises(DataFileError, match="larger than max_bytes") as caught:
        unzip(archive, tmp_path / "out", max_bytes=10**5)
    assert files_in(tmp_path / "out") == []
    seen(caught.value)


def test_a_bomb_that_announces_a_small_size(tmp_path, seen):
    archive = make_zip(tmp_path / "a.zip", {"zeros": bytes(10**8)})
    content = bytearray(archive.read_bytes())
    for place in (22, content.index(b"PK\x01\x02") + 24):  # the entry's own header, the directory
        content[place : place + 4] = (10).to_bytes(4, "little")
    archive.write_bytes(content)
    tracemalloc.start()
    with pytest.raises(DataFileError, match="not a zip archive that can be read") as caught:
        unzip(archive, tmp_path / "out")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10**7 and files_in(tmp_path / "out") == []
    seen(caught.value)


def test_names_with_backslashes(tmp_path, seen):
    archive = make_zip(tmp_path / "a.zip", {"x\\": "", "x\\1.txt": "one"})
    (written,) = unzip(archive, tmp_path / "out")
    assert written == tmp_path / "out" / "x" / "1.txt" and written.read_text() == "one"
    seen("nothing: they are folder and file, as their writer on Windows meant")


@pytest.mark.parametrize(
    "content",
    [b"", b"<html></html>", b"PK\x03\x04 and no more"],
    ids=["empty", "a page", "cut short"],
)
def test_not_a_zip(tmp_path, content, seen):
    (tmp_path / "a.zip").write_bytes(content)
    with pytest.raises(DataFileError, match="not a zip archive") as caught:
        unzip(tmp_path / "a.zip", tmp_path / "out")
    seen(caught.value)


def test_a_damaged_entry_leaves_no_half_file(tmp_path, seen):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.bin", b"A" * 1000)
    content = buffer.getvalue().replace(b"AAAA", b"AABA", 1)
    (tmp_path / "a.zip").write_bytes(content)
    with pytest.raises(DataFileError, match="not a zip archive that can be read") as caught:
        unzip(tmp_path / "a.zip", tmp_path / "out")
    assert files_in(tmp_path / "out") == []
    seen(caught.value)


def test_no_archive(tmp_path, seen):
    with pytest.raises(DataFileError, match="no file") as caught:
        unzip(tmp_path / "a.zip", tmp_path / "out")
    seen(caught.value)
