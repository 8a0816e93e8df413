"""What was tried on purpose to break the workbook, and what the user then sees.

A pytest plugin (see ``addopts`` in pyproject.toml). A test that asks for the fixture ``seen`` tries
one fault, which its own name tells, and hands over the sentence that the user reads, or what
happened instead where nothing is said. ``python3 workbook.py faults`` runs these tests alone and
prints the table.
"""

import re
from collections.abc import Callable
from pathlib import PurePath
from typing import Any

import pytest
from hypothesis import settings


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--faults``."""
    parser.addoption("--faults", action="store_true", help="only the faults, with their table")
    parser.addoption("--long", action="store_true", help="also those that take minutes")


def pytest_configure(config: pytest.Config) -> None:
    """Declare the mark of what takes minutes; with ``--long``, examples are drawn anew each time.

    Otherwise they are the same in each run, so that a failure comes from a change.
    """
    settings.register_profile("workbook", derandomize=not config.getoption("--long"))
    config.addinivalue_line("markers", "long: takes minutes; runs with --long")


def pytest_collection_modifyitems(config: pytest.Config, items: list[Any]) -> None:
    """Keep the tests of a fault alone, and those that take minutes, only if asked for."""
    if config.getoption("--faults"):
        items[:] = [item for item in items if "seen" in getattr(item, "fixturenames", ())]
    if not config.getoption("--long"):
        items[:] = [item for item in items if item.get_closest_marker("long") is None]


@pytest.fixture
def seen(record_property: Callable[[str, object], None]) -> Callable[[object], None]:
    """Take what the user sees: an error, or a sentence."""

    def take(what: object) -> None:
        record_property("seen", re.sub(r"\s+", " ", str(what)).strip())

    return take


def sentence_of(report: Any) -> str:
    """Return what the test of a fault handed over."""
    return str(dict(report.user_properties)["seen"])


def row_of(nodeid: str, sentence: str, survived: bool) -> tuple[str, str, str, bool]:
    """Return area, fault, sentence and outcome.

    >>> row_of("tests/test_downloads.py::test_a_bad_answer[the server says 404]", "No.", True)
    ('downloads', 'a bad answer: the server says 404', 'No.', True)

    """
    path, _, test = nodeid.partition("::")
    name, _, case = test.partition("[")
    fault = name.removeprefix("test_").replace("_", " ")
    case = case.removesuffix("]")
    area = PurePath(path).stem.removeprefix("test_").replace("_", " ")
    return area, f"{fault}: {case}" if case else fault, sentence, survived


def table(rows: list[tuple[str, str, str, bool]]) -> str:
    """Write the table in Markdown."""
    lines = ["| where | fault | what the user sees | survived |", "|---|---|---|---|"]
    for area, fault, sentence, survived in sorted(rows):
        cell = sentence.replace("|", "\\|")
        lines.append(f"| {area} | {fault} | {cell} | {'yes' if survived else 'NO'} |")
    return "\n".join(lines)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Print the table."""
    if not config.getoption("--faults"):
        return
    stats = terminalreporter.stats
    rows = [row_of(report.nodeid, sentence_of(report), True) for report in stats.get("passed", [])]
    for outcome in ("failed", "error"):  # these have a row too, or the table could not say no
        rows += [
            row_of(report.nodeid, "its test failed", False) for report in stats.get(outcome, [])
        ]
    terminalreporter.write_line(table(rows))
    survived = sum(row[-1] for row in rows)
    terminalreporter.write_line(f"\n{survived} of {len(rows)} faults survived")
