"""The public address of the repository, and the lines of README.md that are made from it.

The address is ``Repository`` under ``[project.urls]`` in pyproject.toml. ``python3 workbook.py
refresh`` makes the lines anew; while there is no address, there are none.
"""

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
BRANCH = "standalone"  # where .github/workflows/standalone.yml puts the standalone edition
GITHUB = "https://github.com/"


def read_address(root: Path = ROOT) -> str:
    """Return the address, or nothing while it is not set.

    Raises:
        ValueError: It is not of the form that the links are made for.

    """
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    address: str = project.get("urls", {}).get("Repository", "")
    address = address.rstrip("/").removesuffix(".git")
    if address and not re.fullmatch(rf"{re.escape(GITHUB)}[\w.-]+/[\w.-]+", address):
        raise ValueError(
            f"Repository in pyproject.toml is {address!r}; expected {GITHUB}OWNER/NAME, because "
            "Colab opens notebooks from there."
        )
    return address


def file_link(address: str, path: str) -> str:
    """Return the address of a file of the repository."""
    return f"{address}/blob/HEAD/{path}"


def colab_link(address: str, name: str) -> str:
    """Return the address that opens the standalone edition of a notebook in Colab."""
    repository = address.removeprefix(GITHUB)
    return f"https://colab.research.google.com/github/{repository}/blob/{BRANCH}/{name}.ipynb"


def fill_address(text: str, address: str, names: Sequence[str]) -> str:
    """Return README's text with its lines to clone and to open in Colab made anew.

    They stand between ``<!-- clone -->``, or ``<!-- colab -->``, and ``<!-- end -->``.
    """
    clone = colab = ""
    if address:
        clone = f"\n```\ngit clone {address}.git\ncd {address.rpartition('/')[2]}\n```\n\n"
        links = " · ".join(f"[{name[:2]}]({colab_link(address, name)})" for name in names)
        colab = f"\nOpen in Colab: {links}\n\n"
    for key, lines in (("clone", clone), ("colab", colab)):
        head, mark, rest = text.partition(f"<!-- {key} -->\n")
        text = head + mark + lines + rest[rest.index("<!-- end -->") :]
    return text
