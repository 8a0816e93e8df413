"""The browser that the other tests use: found or told of, cut off, watched."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests import browser as plugin
from tests.browser import Watch


def test_one_on_the_path_goes_before_the_bundled_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundled = tmp_path / "bundled"
    monkeypatch.setattr(plugin.shutil, "which", {"google-chrome": "/bin/chrome"}.get)
    bundled.touch()
    assert plugin.find_chromium(str(bundled)) == "/bin/chrome"


def test_the_bundled_one_is_used_only_if_it_was_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundled = tmp_path / "bundled"
    monkeypatch.setattr(plugin.shutil, "which", lambda name: None)
    assert plugin.find_chromium(str(bundled)) is None
    bundled.touch()
    assert plugin.find_chromium(str(bundled)) == str(bundled)


def test_a_request_that_leaves_is_refused_and_recorded(page: Any, watch: Watch) -> None:
    page.set_content('<img src="data:,"><img src="http://192.0.2.1/one.png">')
    page.wait_for_function("document.images[1].complete")
    assert watch.outside == ["http://192.0.2.1/one.png"]
    assert any("ERR_NAME_NOT_RESOLVED" in error for error in watch.errors)


def test_errors_are_recorded(page: Any, watch: Watch) -> None:
    page.set_content("<script>console.error('told'); throw new Error('raised')</script>")
    page.wait_for_timeout(100)
    assert "told" in watch.errors
    assert any("raised" in error for error in watch.errors)


def test_a_screenshot_is_kept(page: Any, screenshot: Callable[..., Path]) -> None:
    page.set_content("<h1>Here</h1>")
    assert screenshot("heading").read_bytes().startswith(b"\x89PNG")
