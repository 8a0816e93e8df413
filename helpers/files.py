"""Write a file whole, or not at all."""

import glob
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

LEFT_BEHIND = 3600.0  # seconds after which an unfinished file is one that nobody writes any more


@contextmanager
def written_whole(path: str | Path) -> Iterator[Path]:
    """Give a temporary name beside ``path``; what is written there gets its real name at the end.

    If the block fails, nothing changes. If the program is killed in it, the file under the real
    name is the old one, and a later call clears away the unfinished one.

    Args:
        path: The file; its folder is made.

    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    for left in path.parent.glob(f".{glob.escape(path.name)}.*.part"):
        with suppress(OSError):  # another program has just finished it
            if time.time() - left.stat().st_mtime > LEFT_BEHIND:
                left.unlink()
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    os.close(handle)
    part = Path(name)
    try:
        yield part
        part.chmod(0o644)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
