"""Fetch files over HTTP, check them, unpack them; and serve a folder to this machine.

A file is written under a temporary name, checked, and only then given its real name, so a
broken download never stands where a good file is expected.
"""

import hashlib
import os
import stat
import struct
import sys
import threading
import time
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3  # what requests reads the bytes with

from helpers.errors import DataFileError, DownloadError
from helpers.files import written_whole
from helpers.progress import progress_bar

CHUNK = 64 * 1024  # bytes read at a time
TIMEOUT = (3.05, 6.0)  # seconds to connect, seconds without a byte
SLOWEST, PATIENCE = 5_000, 10.0  # bytes a second that are asked for, once these seconds are over


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
        DownloadError: No address gave the right file, the network is switched off, or the file
            cannot be written.

    """
    path = Path(path)
    if path.is_file() and file_hash(path, algorithm) == checksum:
        return path
    failures = []
    for url in [urls] if isinstance(urls, str) else urls:
        try:
            _fetch(url, path, checksum, algorithm)
            return path
        except (DownloadError, requests.RequestException) as error:
            failures.append(f"{urlsplit(url).netloc}: {_reason(error)}")
        except OSError as error:  # of the disk: another address would not help
            raise DownloadError(
                f"{path.name} could not be written to {path.parent} ({error.strerror or error}). "
                "Make room there or allow writing, or set WORKBOOK_DATA to another folder."
            ) from None
    raise DownloadError(
        f"{path.name} could not be downloaded ({'; '.join(failures)}). "
        "Check the connection and run the cell again."
    )


def _fetch(url: str, path: Path, checksum: str, algorithm: str) -> None:
    """Stream one address into a temporary file beside ``path``; rename it if it is right."""
    on_this_machine = urlsplit(url).hostname in ("127.0.0.1", "localhost", "::1")
    if is_offline() and not on_this_machine:
        raise DownloadError("WORKBOOK_OFFLINE is set")
    digest = hashlib.new(algorithm)
    with (
        written_whole(path) as part,
        part.open("wb") as file,
        requests.Session() as session,
    ):
        session.trust_env = not on_this_machine  # a proxy must not get loopback requests
        with session.get(url, stream=True, timeout=TIMEOUT) as response:
            response.raise_for_status()
            announced = response.headers.get("Content-Length", "")
            size = int(announced) if announced.isdecimal() else None
            with progress_bar(total=size, desc=path.name, unit="B", unit_scale=True) as bar:
                for chunk in _chunks(response):
                    file.write(chunk)
                    digest.update(chunk)
                    bar.update(len(chunk))
        if digest.hexdigest() != checksum:
            raise DownloadError(
                f"what arrived has the {algorithm} {digest.hexdigest()[:8]}…, "
                f"not {checksum[:8]}…; a login page or a damaged copy is the usual cause"
            )


def _chunks(response: requests.Response) -> Iterator[bytes]:
    """Give the body piece by piece, as it arrives.

    Raises:
        DownloadError: It broke off, or comes too slowly to be waited for.

    """
    start, received = time.monotonic(), 0
    try:
        while chunk := response.raw.read1(CHUNK, decode_content=True):
            received += len(chunk)
            seconds = time.monotonic() - start
            if seconds > PATIENCE and received < SLOWEST * seconds:
                raise DownloadError(f"it sent only {received:,} bytes in {seconds:.0f} seconds")
            yield chunk
    except DownloadError:
        raise
    except urllib3.exceptions.ReadTimeoutError:
        raise DownloadError("no answer in time") from None
    except (urllib3.exceptions.HTTPError, OSError):
        raise DownloadError("the connection broke off") from None


def _reason(error: Exception) -> str:
    """Put an error of the network into a few words."""
    if isinstance(error, requests.HTTPError) and error.response is not None:
        return f"the server answered {error.response.status_code}"
    if isinstance(error, requests.Timeout):
        return "no answer in time"
    if isinstance(error, requests.exceptions.SSLError):
        return "its certificate is not trusted"
    if isinstance(error, requests.exceptions.ProxyError):
        return "the proxy that this computer is set to use does not answer"
    if isinstance(error, requests.TooManyRedirects):
        return "it sends from address to address in a circle"
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
            folder, an entry is a link, the contents are larger than ``max_bytes``, or the folder
            cannot be written to.

    """
    archive, folder = Path(archive), Path(folder)
    if not archive.is_file():
        raise DataFileError(f"There is no file {archive.name}: download it first.")
    try:
        with _opened(archive) as zipped:
            entries = [e for e in zipped.infolist() if not e.filename.endswith(("/", "\\"))]
            for entry in entries:
                _check_entry(entry)
            left = max_bytes
            written = []
            for entry in progress_bar(entries, desc=f"unpacking {archive.name}"):
                target = folder / entry.filename.replace("\\", "/")  # as some on Windows write it
                left -= _extract(zipped, entry, target, left)
                written.append(target)
            return written
    except DataFileError as error:
        raise DataFileError(f"{archive.name} was not unpacked: {error}") from None
    except OSError as error:
        raise DataFileError(
            f"{archive.name} could not be unpacked into {folder} ({error.strerror or error}). Make "
            "room there or allow writing; the files that were written are whole."
        ) from None


def _opened(archive: Path) -> zipfile.ZipFile:
    """Open a zip archive."""
    try:
        return zipfile.ZipFile(archive)
    except Exception as error:  # damaged bytes make zipfile raise errors of many kinds
        raise _damaged(error) from None


def _contents(zipped: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """Give what an entry holds, piece by piece.

    A zip tells the checksum and the lengths of an entry twice: in its directory, which Python
    reads, and before the entry. Zeros in the directory would make a file empty without a word.
    """
    try:
        _compare_headers(zipped, entry)
        with zipped.open(entry) as source:
            while chunk := source.read(CHUNK):
                yield chunk
    except Exception as error:
        raise _damaged(error) from None


def _compare_headers(zipped: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Raise ``BadZipFile`` if the directory and the entry's own header disagree."""
    with Path(zipped.filename or "").open("rb") as file:
        file.seek(entry.header_offset)
        header = file.read(30)
    flags, checksum, packed, unpacked = struct.unpack("<6xH6xIII4x", header)
    told_later = flags & 0x8 or 0xFFFFFFFF in (packed, unpacked)  # then they stand elsewhere
    expected = (entry.CRC, entry.compress_size, entry.file_size)
    if not told_later and (checksum, packed, unpacked) != expected:
        raise zipfile.BadZipFile(f"{entry.filename!r} is described in two ways")


def _damaged(error: Exception) -> DataFileError:
    return DataFileError(
        f"it is not a zip archive that can be read ({error}). It was probably cut short: delete it "
        "and download it again."
    )


def _check_entry(entry: zipfile.ZipInfo) -> None:
    """Refuse an entry that would leave the folder, is a link, or needs a password."""
    name = entry.filename
    if not name or not name.isprintable():
        raise DataFileError(
            f"{name!r} is no name for a file. Delete the archive and download it again."
        )
    parts = PurePosixPath(name.replace("\\", "/")).parts
    if name.startswith(("/", "\\")) or ".." in parts or ":" in name:
        raise DataFileError(
            f"the name {name!r} leads out of the folder, as in an archive that is meant to do "
            "harm. Delete it, and ask its source for another."
        )
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise DataFileError(
            f"{name!r} is a link, which may lead out of the folder. Pack the files themselves, or "
            "unpack it with another program if you trust its source."
        )
    if entry.flag_bits & 0x1:
        raise DataFileError(
            f"{name!r} is encrypted. Unpack it with another program and its password."
        )


def _extract(zipped: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, limit: int) -> int:
    """Write one entry under a temporary name, then rename it; return its size in bytes."""
    size = 0
    with written_whole(target) as part, part.open("wb") as out:
        for chunk in _contents(zipped, entry):
            size += len(chunk)
            if size > limit:
                raise DataFileError(
                    "its contents are larger than max_bytes allows, as in an archive that is "
                    "meant to fill the disk. If you trust its source, pass a larger max_bytes."
                )
            out.write(chunk)
        if size != entry.file_size:
            raise _damaged(zipfile.BadZipFile(f"{entry.filename!r} is shorter than it should be"))
    return size


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
