"""
title = "Checksum of a large file"
kind = "write"
level = 1
minutes = 4
concepts = ["C02"]
task = '''Return the SHA-256 checksum of a `file` that is open for reading in binary mode: a text of 64 hexadecimal digits. The file may be larger than the memory, so read at most 1,048,576 bytes at a time, and do not keep what has been read. A `read` may give fewer bytes than were asked for; it gives none only at the end.'''
right = "This is how a download is compared with the checksum that its publisher states, whatever its size."
hints = [
    "A checksum need not see all bytes at once: it can be fed, piece by piece.",
    "`digest = hashlib.sha256()` is made once; `digest.update(piece)` feeds it; `digest.hexdigest()` is the text.",
    "`while piece := file.read(...):` goes on until nothing comes; in it, feed the piece to `digest`; after it, return the text.",
]
"""

# %% setup
import hashlib
import io


# %% stub
def file_checksum(file) -> str:
    """Return the SHA-256 checksum of an open binary file: 64 hexadecimal digits."""
    ...


# %% solution
def file_checksum(file):
    digest = hashlib.sha256()
    while piece := file.read(1_048_576):
        digest.update(piece)
    return digest.hexdigest()


# %% also right: the library's own loop
def file_checksum(file):
    return hashlib.file_digest(file, "sha256").hexdigest()


# %% also right: iter with a stop value
def file_checksum(file):
    digest = hashlib.new("sha256")
    for piece in iter(lambda: file.read(65536), b""):
        digest.update(piece)
    return digest.hexdigest()


# %% also right: one buffer, filled again and again
def file_checksum(file):
    digest, buffer = hashlib.sha256(), bytearray(4096 * 16)
    while True:
        count = file.readinto(buffer)
        if count == 0:
            return digest.digest().hex()
        digest.update(memoryview(buffer)[:count])


# %% wrong: The file was read line by line. But a binary file has no lines: without a byte that looks like a line break, the first "line" is the whole file.
def file_checksum(file):
    digest = hashlib.sha256()
    for line in file:
        digest.update(line)
    return digest.hexdigest()


# %% wrong: The checksum is right, but the whole file was asked for at once: one that is larger than the memory cannot be read this way.
def file_checksum(file):
    return hashlib.sha256(file.read()).hexdigest()


# %% wrong: This is the checksum of the first piece alone: the rest of the file was not read.
def file_checksum(file):
    return hashlib.sha256(file.read(1_048_576)).hexdigest()


# %% wrong: Each piece got a new `sha256`, so the result is the checksum of the last piece alone.
def file_checksum(file):
    text = hashlib.sha256().hexdigest()
    while piece := file.read(1_048_576):
        text = hashlib.sha256(piece).hexdigest()
    return text


# %% wrong: The loop ended at the first piece that was shorter than asked for; the end is where no bytes come.
def file_checksum(file):
    digest = hashlib.sha256()
    while True:
        piece = file.read(1_048_576)
        digest.update(piece)
        if len(piece) < 1_048_576:
            return digest.hexdigest()


# %% wrong: These are the 32 bytes of the checksum; the text of 64 hexadecimal digits was asked for.
def file_checksum(file):
    digest = hashlib.sha256()
    while piece := file.read(1_048_576):
        digest.update(piece)
    return digest.digest()


# %% wrong: This is MD5, an older checksum of 32 digits that can be forged; SHA-256 was asked for.
def file_checksum(file):
    digest = hashlib.md5()
    while piece := file.read(1_048_576):
        digest.update(piece)
    return digest.hexdigest()


# %% wrong: The checksums of the pieces stand one after the other; there is one checksum for the whole file.
def file_checksum(file):
    text = ""
    while piece := file.read(1_048_576):
        text += hashlib.sha256(piece).hexdigest()
    return text


# %% wrong: Nothing was fed: the result is the checksum of an empty file, whatever the file holds.
def file_checksum(file):
    digest = hashlib.sha256()
    while file.read(1_048_576):
        pass
    return digest.hexdigest()


# %% wrong: This is the object that computes the checksum; ask it for the text.
def file_checksum(file):
    digest = hashlib.sha256()
    while piece := file.read(1_048_576):
        digest.update(piece)
    return digest


# %% wrong: `file` is a file that is open already, and not the name of one: read from it.
def file_checksum(file):
    with open(file, "rb") as opened:
        return hashlib.sha256(opened.read()).hexdigest()


# %% wrong: A loop over bytes gives whole numbers, one for each byte; `update` takes bytes, a whole piece of them.
def file_checksum(file):
    digest = hashlib.sha256()
    for byte in file.read(1_048_576):
        digest.update(byte)
    return digest.hexdigest()


# %% wrong: The pieces are small, but all of them were kept and put together: in the end the whole file is in the memory.
def file_checksum(file):
    content = b""
    while piece := file.read(1_048_576):
        content += piece
    return hashlib.sha256(content).hexdigest()


# %% wrong: All lines were read before the first of them was used, so the whole file is in the memory; and a binary file need not have any line break.
def file_checksum(file):
    digest = hashlib.sha256()
    for line in file.readlines():
        digest.update(line)
    return digest.hexdigest()


# %% wrong: The `return` stands in the loop: it ends after the first piece, and an empty file gets no checksum at all.
def file_checksum(file):
    digest = hashlib.sha256()
    while piece := file.read(1_048_576):
        digest.update(piece)
        return digest.hexdigest()


# %% wrong: This is a method that was not called; the text that it returns was asked for.
def file_checksum(file):
    digest = hashlib.sha256()
    while piece := file.read(1_048_576):
        digest.update(piece)
    return digest.hexdigest


# %% cases
import tracemalloc


class Watched(io.RawIOBase):
    """A file that notes how many bytes it was asked for, and sometimes gives fewer."""

    def __init__(self, content):
        self.inner, self.largest, self.count = io.BytesIO(content), 0, 0

    def readable(self):
        return True

    def read(self, size=-1):
        whole = size is None or size < 0
        self.largest = max(self.largest, len(self.inner.getvalue()) if whole else size)
        self.count += 1
        short = self.count == 2 and not whole and size > 1
        return self.inner.read(None if whole else size // 2 if short else size)

    def readall(self):
        return self.read()

    def readinto(self, buffer):
        piece = self.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)

    def seekable(self):
        return True

    def seek(self, *place):
        return self.inner.seek(*place)

    def tell(self):
        return self.inner.tell()

    def readline(self, size=-1):
        line = self.inner.readline(size)
        self.largest = max(self.largest, len(line))
        return line


def cases():
    yield b"ten letters", 1
    yield b"", 1
    yield b"ten letters\n", 140_000
    yield bytes(range(256)), 8192
    yield b"eleven byte", 400_000


def observe(answer, content, repeated):
    file = Watched(content * repeated)
    tracing = tracemalloc.is_tracing()
    if not tracing:
        tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()
        text = answer(file)
        most = tracemalloc.get_traced_memory()[1] - before
    finally:
        if not tracing:
            tracemalloc.stop()
    return {
        "the checksum": text.lower() if isinstance(text, str) else text,
        "at most 1,048,576 bytes at a time": file.largest <= 2**20,
        "what has been read is not kept": file.largest > 2**20 or most < 3.5 * 2**20,
    }
