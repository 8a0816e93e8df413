"""A real browser for the tests: Chromium without a window, driven with Playwright.

A pytest plugin (see ``addopts`` in pyproject.toml). A test that asks for ``page`` gets an empty page
in a browser that reaches this machine alone. ``watch`` is what that page did unasked: requests that
tried to leave the machine, and errors. ``screenshot`` keeps a picture in ``executed/screenshots``.

The browser is the Chromium or Chrome on the PATH, or Playwright's own. Where there is neither, these
tests are skipped, and the end of the run says in one line how to get one.
"""

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NONE_HERE = (
    "no browser here: `apt install chromium` or `.venv/bin/playwright install chromium` gets one"
)
LOOPBACK = ("127.0.0.1", "localhost", "::1")
ARGUMENTS = [
    "--no-sandbox",  # root, as in most containers, gets none otherwise
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, " + ", ".join(f"EXCLUDE {host}" for host in LOOPBACK),
]
SCREENSHOTS = Path(__file__).resolve().parent.parent / "executed" / "screenshots"


@dataclass
class Watch:
    """What pages did unasked."""

    outside: list[str] = field(default_factory=list)  # addresses beyond this machine, all refused
    errors: list[str] = field(default_factory=list)  # from the console, or raised and not caught


def is_outside(address: str) -> bool:
    """Tell whether a request for the address would leave this machine.

    >>> is_outside("https://example.org/a.js"), is_outside("http://127.0.0.1:8000/a.js")
    (True, False)

    """
    parts = urlsplit(address)
    return parts.scheme not in ("data", "blob", "about") and parts.hostname not in LOOPBACK


def find_chromium(bundled: str) -> str | None:
    """Return the path of a browser: one on the PATH, else the bundled one, else none."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    return found or (bundled if Path(bundled).is_file() else None)


# A module's browser ends with it: while it runs, asyncio believes that its loop does, and other
# tests in this process want one of their own.
@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Yield a running browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = find_chromium(playwright.chromium.executable_path)
        if path is None:
            pytest.skip(NONE_HERE)
        chromium = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def watch() -> Watch:
    """Return the record of what this test's pages do unasked."""
    return Watch()


@pytest.fixture
def page(browser: Any, watch: Watch) -> Iterator[Any]:
    """Yield an empty page of a context of its own; ``page.context.new_page()`` makes a second."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.on("request", lambda it: is_outside(it.url) and watch.outside.append(it.url))
    context.on("console", lambda it: it.type == "error" and watch.errors.append(it.text))
    context.on("weberror", lambda it: watch.errors.append(str(it.error)))
    yield context.new_page()
    context.close()


@pytest.fixture
def screenshot(page: Any, request: pytest.FixtureRequest) -> Callable[..., Path]:
    """Return ``screenshot(name, **options)``, which keeps a picture and returns where it is.

    The options are those of Playwright's ``page.screenshot``, such as ``full_page=True``.
    """

    def take(name: str, **options: Any) -> Path:
        test = re.sub(r"\W+", "-", request.node.name.removeprefix("test_")).strip("-")
        path = SCREENSHOTS / f"{test}-{name}.png"
        page.screenshot(path=path, **options)
        return path

    return take


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say how to get a browser, if one was missing."""
    skipped = terminalreporter.stats.get("skipped", [])
    count = sum(NONE_HERE in str(report.longrepr) for report in skipped)
    if count:
        terminalreporter.write_line(f"{count} tests had {NONE_HERE}")
