"""Limits on an answer's time and memory, so that a loop without an end ends in a sentence."""

import _thread
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class TooLongError(Exception):
    """An answer did not come to an end in the time allowed."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Interrupt the block after some seconds, as Ctrl-C would.

    The interrupt is seen between two steps of Python; a single long operation ends first. Outside
    the main thread, where no interrupt arrives, there is no limit.

    Raises:
        TooLongError: the block was interrupted.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    fired, done = threading.Event(), threading.Event()

    def interrupt() -> None:
        imported = False
        while is_importing(threading.main_thread().ident or 0):
            imported = True  # an import that is cut off leaves half a module behind
            time.sleep(0.05)
        if done.wait(seconds if imported else 0):  # the time of an import does not count
            return
        fired.set()
        _thread.interrupt_main()

    timer = threading.Timer(seconds, interrupt)
    timer.daemon = True
    # A program that a shell has started in the background ignores interrupts.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    timer.start()
    try:
        yield
        done.set()
        timer.cancel()
        timer.join()
        if fired.is_set():  # in the last moment: take the interrupt that is on its way
            time.sleep(1.0)
    except KeyboardInterrupt:
        if fired.is_set():
            raise TooLongError(f"more than {seconds:g} seconds") from None
        raise
    finally:
        timer.cancel()
        signal.signal(signal.SIGINT, before)


def is_importing(thread: int) -> bool:
    """Tell whether a thread is in the middle of an import."""
    frame = sys._current_frames().get(thread)
    while frame:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False


@contextmanager
def memory_limit(gigabytes: float) -> Iterator[None]:
    """Refuse memory beyond what is in use now plus some gigabytes, where the system can (Linux).

    What asks for more gets MemoryError, or RuntimeError from PyTorch.
    """
    if sys.platform != "linux":
        yield
        return
    import resource

    before = resource.getrlimit(resource.RLIMIT_AS)
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    wanted = pages * resource.getpagesize() + int(gigabytes * 2**30)
    ceilings = [limit for limit in before if limit != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_AS, (min([wanted, *ceilings]), before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)
