"""Fetch files over HTTP, check them, unpack them; and serve a folder to this machine.

A file is written under a temporary name, checked, and only then given its real name, so a
broken download never stands where a good file is expected.
"""

import hashlib
import os
import stat
import sys
import tempfile
import threading
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

import requests

from helpers.errors import DataFileError, DownloadError
from helpers.progress import progress_bar

CHUNK = 64 * 1024  # bytes read at a time
TIMEOUT = (3.05, 6.0)  # seconds to connect, seconds without a byte


def is_offline() -> bool:
    """Tell whether ``WORKBOOK_OFFLINE`` forbids the network (this machine itself excepted)."""
    return os.environ.get("WORKBOOK_OFFLINE", "0").lower() not in ("", "0", "false", "no")


def file_hash(path: str | Path, algorithm: str = "sha256") -> str:
    """Return the hash of a file as hexadecimal digits.

    Args:
        path: The file.
        algorithm: A name that ``hashlib`` knows: ``"sha256"``, ``"md5"`` and so on.

    """
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, algorithm).hexdigest()


def download(
    urls: str | Sequence[str], path: str | Path, *, checksum: str, algorithm: str = "sha256"
) -> Path:
    """Fetch a file and keep it only if its checksum is the one that was promised.

    A file that is already there with the right checksum is left alone, without a request.

    Args:
        urls: One address, or several that hold the same file: each is tried in turn.
        path: Where the file goes; its folder is made.
        checksum: The expected hash, as hexadecimal digits.
        algorithm: The kind of hash, ``"sha256"`` or ``"md5"``.

    Returns:
        The path.

    Raises:
        DownloadError: No address gave the right file, or the network is switched off.

    """
    path = Path(path)
    if path.is_file() and file_hash(path, algorithm) == checksum:
        return path
    failures = []
    for url in [urls] if isinstance(urls, str) else urls:
        try:
            _fetch(url, path, checksum, algorithm)
            return path
        except (DownloadError, OSError) as error:  # requests' own errors are OSErrors
            failures.append(f"{urlsplit(url).netloc}: {_reason(error)}")
    raise DownloadError(
        f"{path.name} could not be downloaded ({'; '.join(failures)}). "
        "Check the connection and run the cell again."
    )


def _fetch(url: str, path: Path, checksum: str, algorithm: str) -> None:
    """Stream one address into a temporary file beside ``path``; rename it if it is right."""
    on_this_machine = urlsplit(url).hostname in ("127.0.0.1", "localhost", "::1")
    if is_offline() and not on_this_machine:
        raise DownloadError("WORKBOOK_OFFLINE is set")
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file, requests.Session() as session:
            session.trust_env = not on_this_machine  # a proxy must not get loopback requests
            digest = hashlib.new(algorithm)
            with session.get(url, stream=True, timeout=TIMEOUT) as response:
                response.raise_for_status()
                size = int(response.headers.get("Content-Length", 0)) or None
                with progress_bar(total=size, desc=path.name, unit="B", unit_scale=True) as bar:
                    for chunk in response.iter_content(CHUNK):
                        file.write(chunk)
                        digest.update(chunk)
                        bar.update(len(chunk))
        if digest.hexdigest() != checksum:
            raise DownloadError(
                f"what arrived has the {algorithm} {digest.hexdigest()[:8]}…, "
                f"not {checksum[:8]}…; a login page or a damaged copy is the usual cause"
            )
        part.chmod(0o644)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _reason(error: Exception) -> str:
    """Put an error of the network into a few words."""
    if isinstance(error, requests.HTTPError) and error.response is not None:
        return f"the server answered {error.response.status_code}"
    if isinstance(error, requests.Timeout):
        return "no answer in time"
    if isinstance(error, requests.exceptions.SSLError):
        return "its certificate is not trusted"
    if isinstance(error, requests.exceptions.ChunkedEncodingError):
        return "the connection broke off"
    if isinstance(error, requests.ConnectionError):
        return "no connection"
    return str(error)


def unzip(archive: str | Path, folder: str | Path, *, max_bytes: int = 2**30) -> list[Path]:
    """Unpack a zip archive without trusting it.

    All names are checked before anything is written, and each file appears whole or not at
    all. Files of the folder that the archive does not name are left alone.

    Args:
        archive: The zip file.
        folder: Where the files go; it is made.
        max_bytes: The most that the contents may take, in bytes.

    Returns:
        The files written, in the archive's order.

    Raises:
        DataFileError: It is not a zip, it is damaged or encrypted, a name leads out of the
            folder, an entry is a link, or the contents are larger than ``max_bytes``.

    """
    archive, folder = Path(archive), Path(folder)
    if not archive.is_file():
        raise DataFileError(f"There is no file {archive.name}: download it first.")
    try:
        with zipfile.ZipFile(archive) as zipped:
            entries = [entry for entry in zipped.infolist() if not entry.is_dir()]
            for entry in entries:
                _check_entry(entry)
            left = max_bytes
            written = []
            for entry in progress_bar(entries, desc=f"unpacking {archive.name}"):
                target = folder / entry.filename
                left -= _extract(zipped, entry, target, left)
                written.append(target)
            return written
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError) as error:
        raise DataFileError(
            f"{archive.name} is not a zip archive that can be read ({error}). It was probably "
            "cut short: delete it and download it again."
        ) from None
    except DataFileError as error:
        raise DataFileError(f"{archive.name} was not unpacked: {error}") from None


def _check_entry(entry: zipfile.ZipInfo) -> None:
    """Refuse an entry that would leave the folder, is a link, or needs a password."""
    name = entry.filename
    parts = PurePosixPath(name.replace("\\", "/")).parts
    if name.startswith(("/", "\\")) or ".." in parts or ":" in name:
        raise DataFileError(f"the name {name!r} leads out of the folder")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise DataFileError(f"{name!r} is a link")
    if entry.flag_bits & 0x1:
        raise DataFileError(f"{name!r} is encrypted")


def _extract(zipped: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, limit: int) -> int:
    """Write one entry under a temporary name, then rename it; return its size in bytes."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=target.parent)
    part = Path(name)
    try:
        size = 0
        with os.fdopen(handle, "wb") as out, zipped.open(entry) as source:
            while chunk := source.read(CHUNK):
                size += len(chunk)
                if size > limit:
                    raise DataFileError("its contents are larger than the limit that was set")
                out.write(chunk)
        part.chmod(0o644)
        part.replace(target)
        return size
    finally:
        part.unlink(missing_ok=True)


class _QuietHandler(SimpleHTTPRequestHandler):
    """Serves files without writing a line for each request."""

    def log_message(self, format: str, *args: object) -> None:
        """Write nothing."""


class _QuietServer(ThreadingHTTPServer):
    """Says nothing of a client that hangs up before it has read all."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Report an error, unless the connection was cut."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def serve_folder(folder: str | Path) -> Iterator[str]:
    """Serve a folder over HTTP to this machine alone, for as long as the block runs.

    >>> with serve_folder(".") as address:
    ...     address.startswith("http://127.0.0.1:")
    True
    """
    handler = partial(_QuietHandler, directory=os.fspath(folder))
    server = _QuietServer(("127.0.0.1", 0), handler)  # port 0: any free one
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
