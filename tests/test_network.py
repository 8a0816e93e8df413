"""Downloads that fail, from real servers on this machine: each ends in a sentence, in time."""

import hashlib
import socket
import ssl
import struct
import subprocess
import sys
import threading
import time
from contextlib import contextmanager

import pytest

from helpers import downloads
from helpers.datasets import load_mnist
from helpers.downloads import download
from helpers.errors import DownloadError

CONTENT = bytes(range(256)) * 1000  # 256,000 bytes
SHA256 = hashlib.sha256(CONTENT).hexdigest()
HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(CONTENT)


@contextmanager
def server(answer, wrap=None):
    """Accept connections and let ``answer`` have each; give the address."""
    listening = socket.create_server(("127.0.0.1", 0))
    ended = threading.Event()

    def serve(connection):
        try:
            if wrap:
                connection = wrap(connection)
            connection.recv(65536)  # the request
            answer(connection, ended)
        except OSError:
            pass  # the other side has hung up, as it should
        finally:
            connection.close()

    def accept():
        while not ended.is_set():
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=serve, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
    finally:
        ended.set()
        listening.close()


def says(status, body=b""):
    head = b"HTTP/1.1 %d Said\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
    return lambda connection, _: connection.sendall(head % (status, len(body)) + body)


def is_silent(connection, ended):
    ended.wait(60)


def resets(connection, _):
    connection.sendall(HEAD + CONTENT[:1000])
    linger = struct.pack("ii", 1, 0)  # closing then sends a reset
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)


def breaks_off(connection, _):
    connection.sendall(HEAD + CONTENT[:1000])


def drips(connection, ended):
    connection.sendall(HEAD)
    for byte in CONTENT:
        connection.sendall(bytes([byte]))
        if ended.wait(0.2):
            return


def stops_in_the_middle(connection, ended):
    connection.sendall(HEAD + CONTENT[:1000])
    ended.wait(60)


def goes_round(connection, _):
    host, port = connection.getsockname()
    connection.sendall(
        b"HTTP/1.1 302 Found\r\nLocation: http://%s:%d/again\r\nContent-Length: 0\r\n"
        b"Connection: close\r\n\r\n" % (host.encode(), port)
    )


def talks_nonsense(connection, _):
    connection.sendall(b"220 mail.example ready\r\n")


ANSWERS = {
    "403 forbidden": (says(403), "answered 403"),
    "404 not found": (says(404), "answered 404"),
    "429 too many requests": (says(429), "answered 429"),
    "503 unavailable": (says(503), "answered 503"),
    "a login page with status 200": (says(200, b"<html>Log in</html>"), "login page"),
    "an empty body": (says(200), "login page"),
    "other bytes than promised": (says(200, CONTENT[::-1]), "damaged copy"),
    "accepts and says nothing": (is_silent, "no answer in time"),
    "stops in the middle": (stops_in_the_middle, "no answer in time"),
    "resets in the middle": (resets, "broke off"),
    "closes in the middle": (breaks_off, "broke off"),
    "one byte at a time": (drips, "it sent only"),
    "redirects in a circle": (goes_round, "in a circle"),
    "does not speak HTTP": (talks_nonsense, "no connection|broke off"),
}


@pytest.mark.parametrize(("answer", "reason"), ANSWERS.values(), ids=ANSWERS)
def test_the_server(answer, reason, tmp_path, monkeypatch, seen):
    monkeypatch.setattr(downloads, "TIMEOUT", (1.0, 1.0))
    monkeypatch.setattr(downloads, "PATIENCE", 1.0)
    with server(answer) as url, pytest.raises(DownloadError, match=reason) as caught:
        download(f"{url}file.bin", tmp_path / "file.bin", checksum=SHA256)
    assert list(tmp_path.iterdir()) == []
    assert "run the cell again" in str(caught.value)
    seen(caught.value)


def free_address():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return f"127.0.0.1:{listening.getsockname()[1]}"  # closed again: nobody listens


def test_nobody_listens(tmp_path, seen):
    with pytest.raises(DownloadError, match="no connection") as caught:
        download(f"http://{free_address()}/file.bin", tmp_path / "file.bin", checksum=SHA256)
    seen(caught.value)


def test_the_name_of_the_server_is_not_found(tmp_path, monkeypatch, seen):
    monkeypatch.delenv("WORKBOOK_OFFLINE", raising=False)
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    with pytest.raises(DownloadError, match="no connection") as caught:
        download("http://no-such-name.invalid/x", tmp_path / "x", checksum=SHA256)
    seen(caught.value)


def test_the_proxy_is_dead(tmp_path, monkeypatch, seen):
    monkeypatch.delenv("WORKBOOK_OFFLINE", raising=False)
    for name in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(name, f"http://{free_address()}")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(DownloadError, match="proxy") as caught:
        download("http://example.invalid/x", tmp_path / "x", checksum=SHA256)
    seen(caught.value)


def test_the_certificate_is_signed_by_nobody(tmp_path, seen):
    made = subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=127.0.0.1",
         "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2",
         "-keyout", tmp_path / "key.pem", "-out", tmp_path / "cert.pem"],
        capture_output=True, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    target = tmp_path / "new" / "file.bin"
    with (
        server(says(200, CONTENT), lambda raw: context.wrap_socket(raw, server_side=True)) as url,
        pytest.raises(DownloadError, match="certificate is not trusted") as caught,
    ):
        download(url.replace("http:", "https:"), target, checksum=SHA256)
    assert list(target.parent.iterdir()) == []
    seen(caught.value)


def test_the_first_mirror_is_dead_and_the_second_alive(tmp_path, seen):
    with server(says(200, CONTENT)) as alive:
        path = download(
            [f"http://{free_address()}/x", alive], tmp_path / "file.bin", checksum=SHA256
        )
    assert path.read_bytes() == CONTENT
    seen("nothing: the file comes from the second mirror")


@pytest.mark.parametrize("answer", [is_silent, says(503), resets], ids=["silent", "503", "reset"])
def test_mnist_cannot_be_had_from_any_mirror(answer, tmp_path, monkeypatch, seen):
    from torchvision.datasets import MNIST

    monkeypatch.delenv("WORKBOOK_OFFLINE", raising=False)
    with server(answer) as one, server(answer) as other:
        monkeypatch.setattr(MNIST, "mirrors", [one, other])
        start = time.monotonic()
        digits = load_mnist(tmp_path)
    assert time.monotonic() - start < 30  # with the real waiting times
    assert digits.source == "embedded digits"
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    seen(digits.why)


KILLED = """
import sys
from helpers.downloads import download
download(sys.argv[1], sys.argv[2], checksum=sys.argv[3])
"""


def test_the_program_is_killed_while_it_downloads(tmp_path, seen):
    path = tmp_path / "file.bin"
    path.write_bytes(b"the old file, which is another one")
    with server(stops_in_the_middle) as url:
        process = subprocess.Popen([sys.executable, "-c", KILLED, url, str(path), SHA256])
        wait_for(lambda: any(tmp_path.glob(".*.part")))
        time.sleep(0.2)  # in the middle of the body
        process.kill()
        process.wait()
    assert path.read_bytes() == b"the old file, which is another one"
    with server(says(200, CONTENT)) as url:
        download(url, path, checksum=SHA256)
    assert path.read_bytes() == CONTENT
    seen("nothing: the next run downloads it; the old file was whole until then")


def test_two_programs_download_the_same_file_at_once(tmp_path, seen):
    path = tmp_path / "file.bin"
    with server(says(200, CONTENT)) as url:
        command = [sys.executable, "-c", KILLED, url, str(path), SHA256]
        both = [subprocess.Popen(command) for _ in range(2)]
        assert [process.wait(60) for process in both] == [0, 0]
    assert path.read_bytes() == CONTENT and list(tmp_path.iterdir()) == [path]
    seen("nothing: both have the whole file")


def wait_for(condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)
