"""The dependencies are named once, in pyproject.toml; the locks and environment.yml follow it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

REPO = Path(__file__).resolve().parent.parent
LOCKS = ["requirements.txt", "requirements-test.txt"]
INSTALLERS = "requirements-install.txt"
NOT_TO_RUN = re.compile(r"types-.*|mypy|ruff")  # what checks the code without running it


def read_project() -> dict[str, Any]:
    return tomllib.loads((REPO / "pyproject.toml").read_text(encoding="utf-8"))


def direct(*, test: bool) -> dict[str, Requirement]:
    """The dependencies that pyproject.toml names."""
    project = read_project()
    lines = list(project["project"]["dependencies"])
    if test:
        groups = project["dependency-groups"]
        assert groups["test"][0] == {"include-group": "site"}
        lines += [*groups["site"], *groups["test"][1:]]
    return {canonicalize_name(r.name): r for r in map(Requirement, lines)}


def read_lock(name: str) -> list[tuple[Requirement, list[str]]]:
    """The pins of a lock, each with its hashes."""
    text = (REPO / name).read_text(encoding="utf-8").replace("\\\n", " ")
    pins = []
    for line in text.splitlines():
        line = re.sub(r"(^|\s)#.*", "", line).strip()
        if line:
            pin, *hashes = line.split("--hash=")
            pins.append((Requirement(pin.strip()), [value.strip() for value in hashes]))
    return pins


def pin_of(requirement: Requirement) -> str:
    (only,) = requirement.specifier
    assert only.operator == "=="
    return only.version


def pins_for(name: str, python: str, platform: str = "linux") -> dict[str, str]:
    """The versions that a lock gives to one Python on one platform."""
    where = {
        **default_environment(),
        "python_version": python,
        "python_full_version": f"{python}.9",
        "sys_platform": platform,
    }
    return {
        canonicalize_name(r.name): pin_of(r)
        for r, _ in read_lock(name)
        if r.marker is None or r.marker.evaluate({k: str(v) for k, v in where.items()})
    }


def read_environment() -> tuple[str, dict[str, str]]:
    """The Python and the pip pins of environment.yml."""
    content = yaml.safe_load((REPO / "environment.yml").read_text(encoding="utf-8"))
    assert set(content) == {"name", "channels", "dependencies"}
    assert content["name"] == "pytorch-workbook"
    assert content["channels"] == ["conda-forge"]
    python, pip, block = content["dependencies"]
    assert pip == "pip"
    assert list(block) == ["pip"]
    requirements = [Requirement(line) for line in block["pip"]]
    pins = {canonicalize_name(r.name): pin_of(r) for r in requirements}
    assert len(pins) == len(requirements), "a package is named twice"
    return python.removeprefix("python="), pins


def test_environment_has_every_direct_dependency_and_no_other() -> None:
    wanted = {name for name in direct(test=True) if not NOT_TO_RUN.fullmatch(name)}
    assert set(read_environment()[1]) == wanted


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_environment_pins_what_the_lock_pins(platform: str) -> None:
    python, pins = read_environment()
    locked = pins_for("requirements-test.txt", python, platform)
    assert pins == {name: locked.get(name) for name in pins}


def test_environment_has_a_python_that_the_project_admits() -> None:
    python, _ = read_environment()
    admitted = Requirement(f"python{read_project()['project']['requires-python']}").specifier
    assert re.fullmatch(r"3\.\d+", python)
    assert admitted.contains(python)


def test_environment_pins_are_within_the_ranges() -> None:
    named = direct(test=True)
    for name, version in read_environment()[1].items():
        assert named[name].specifier.contains(version), f"{name} {version}"


@pytest.mark.parametrize("lock", LOCKS)
@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13", "3.14"])
def test_each_direct_dependency_is_locked_within_its_range(lock: str, python: str) -> None:
    pins = pins_for(lock, python)
    for name, requirement in direct(test=lock == "requirements-test.txt").items():
        assert name in pins, f"{name} is not in {lock}: it has to be made again"
        assert requirement.specifier.contains(pins[name]), f"{name} {pins[name]} in {lock}"


@pytest.mark.parametrize("lock", LOCKS)
def test_no_package_is_pinned_twice_for_one_python(lock: str) -> None:
    for python in ("3.11", "3.13"):
        names = [
            canonicalize_name(r.name)
            for r, _ in read_lock(lock)
            if r.marker is None
            or r.marker.evaluate(
                {"python_full_version": f"{python}.9", "python_version": python, "extra": ""}
            )
        ]
        assert len(names) == len(set(names))


def test_the_test_lock_holds_the_readers_lock() -> None:
    """So that adding the test tools changes no package that the notebooks use."""
    readers, tests = ({(r.name, pin_of(r)) for r, _ in read_lock(lock)} for lock in LOCKS)
    assert readers <= tests


@pytest.mark.parametrize("lock", [*LOCKS, INSTALLERS])
def test_every_pin_has_hashes(lock: str) -> None:
    pins = read_lock(lock)
    assert len(pins) > (5 if lock == INSTALLERS else 50)
    for requirement, hashes in pins:
        assert hashes, f"{requirement} has no hash"
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", value) for value in hashes)


def test_what_installs_and_builds_is_locked_too() -> None:
    project = read_project()
    wanted = project["dependency-groups"]["install"]
    locked = {r.name: pin_of(r) for r, _ in read_lock(INSTALLERS)}
    for requirement in map(Requirement, [*wanted, *project["build-system"]["requires"]]):
        assert requirement.specifier.contains(locked[requirement.name])
    tests = {r.name: pin_of(r) for r, _ in read_lock("requirements-test.txt")}
    assert all(tests.get(name, version) == version for name, version in locked.items())


@pytest.mark.parametrize("name", [*LOCKS, INSTALLERS, "environment.yml"])
def test_no_file_names_an_address(name: str) -> None:
    text = (REPO / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*-{1,2}(i|f|index-url|extra-index-url|find-links)\b", text, re.M)


def test_the_matched_pair_is_locked() -> None:
    constraints = read_project()["tool"]["uv"]["constraint-dependencies"]
    pins = pins_for("requirements.txt", "3.13")
    for requirement in map(Requirement, constraints):
        assert pins[requirement.name] == pin_of(requirement)
