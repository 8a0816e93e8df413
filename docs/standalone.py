"""Write the standalone edition: each notebook with the package ``helpers`` in its setup cell.

``python3 workbook.py standalone`` runs this file. A notebook of the edition is the notebook in
``notebooks/`` but for three things: its setup cell begins with ``standalone_cell.py`` and the
package; the text above that cell says so; and links lead to files that are not beside it only
where the repository has a public address.
"""

import argparse
import base64
import hashlib
import json
import lzma
import re
import sys
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from docs.address import ROOT, file_link, read_address

NOTEBOOKS = ROOT / "notebooks"
TEMPLATE = ROOT / "docs" / "standalone_cell.py"
CARRIED_TYPES = {".py", ".txt"}
COLAB_LACKS = ["torchinfo"]  # where it cannot be installed, helpers.models has a short table
SETUP_CODE = "from helpers.exercises import"  # where the setup cell has found helpers
# Folded in JupyterLab, and a form in Colab. VS Code keeps no such mark, so the cell is short.
FOLDED = {"jupyter": {"source_hidden": True}, "cellView": "form"}

NOTE = """

PyTorch workbook {edition}. This notebook needs no other file: the cell below carries the \
package `helpers`, which makes it long, and there is no need to read it. Data and progress go into \
a folder `data` beside the notebook. Where the text names `workbook.py` or a file in `docs/`, the \
whole workbook{address} is meant.{links} To read a helper, import it and ask: \
`import helpers.models`, then `helpers.models??`."""


def carried_files(root: Path = ROOT) -> dict[str, str]:
    """Return the files of the package by name."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes().decode()
        for path in sorted((root / "helpers").rglob("*"))
        if path.suffix in CARRIED_TYPES
    }


def pack(files: dict[str, str]) -> tuple[str, str]:
    """Return files as one text of letters and digits, and the SHA-256 of what is packed."""
    content = json.dumps(files, ensure_ascii=False, sort_keys=True).encode()
    packed = lzma.compress(content, preset=9 | lzma.PRESET_EXTREME)
    return base64.b64encode(packed).decode(), hashlib.sha256(content).hexdigest()


def edition_name(project: dict[str, Any], digest: str, notebooks: list[Path]) -> str:
    """Return the version, and a few digits that tell one content of all five from another."""
    total = hashlib.sha256(digest.encode())
    for path in notebooks:
        total.update(path.read_bytes())
    return f"{project['version']}, standalone edition {total.hexdigest()[:10]}"


def fill_template(values: dict[str, Any]) -> str:
    """Return the beginning of the setup cell, with these values for its constants."""
    lines = TEMPLATE.read_text(encoding="utf-8").replace("  # noqa: E402", "").splitlines()
    names = [re.split(r"[:\s]", line)[0] for line in lines]
    for name, value in values.items():
        lines[names.index(name)] = f"{name} = {json.dumps(value)}"
    return "\n".join(lines) + "\n"


def move_links(source: str, address: str) -> str:
    """Return a text with its links to files of the repository made absolute.

    Without an address, links to the other notebooks stay, since they may lie beside this one, and
    of a link to any other file the words stay.
    """

    def move(link: re.Match[str]) -> str:
        words, target = link.groups()
        name, mark, anchor = target.partition("#")
        path = (NOTEBOOKS / unquote(name)).resolve()
        if not name or not path.is_file():
            return link[0]
        if address:
            place = file_link(address, path.relative_to(ROOT).as_posix())
            return f"[{words}]({place}{mark}{anchor})"
        return link[0] if path.parent == NOTEBOOKS else words

    return re.sub(r"\[([^\]]+)\]\(([^)\s:]+)\)", move, source)


def make_edition(notebook: dict[str, Any], values: dict[str, Any], address: str) -> dict[str, Any]:
    """Return a notebook as it stands in the edition.

    Args:
        notebook: The notebook; it is not changed.
        values: The constants of the setup cell.
        address: The public address of the repository, or nothing.

    """
    edition: dict[str, Any] = json.loads(json.dumps(notebook))
    cells, edition_text = edition["cells"], values["EDITION"]
    sources = ["".join(cell["source"]) for cell in cells]
    place = next(i for i, source in enumerate(sources) if source.startswith("# Setup"))
    for number, cell in enumerate(cells):
        source = sources[number]
        if cell["cell_type"] == "markdown":
            source = move_links(source, address)
        if number == place - 1:
            where = f" ([{address.rpartition('/')[2]}]({address}))" if address else ""
            links = "" if address else " Links to other notebooks work where these lie beside it."
            source += NOTE.format(edition=edition_text, address=where, links=links)
        if number == place:
            source = fill_template(values) + "\n" + source[source.index(SETUP_CODE) :]
            cell["metadata"] = {**cell["metadata"], **FOLDED}
            said = f"PyTorch workbook {edition_text}\n"
            cell["outputs"] = [{"name": "stdout", "output_type": "stream", "text": [said]}]
        cell["source"] = source.splitlines(keepends=True)
    edition["metadata"].setdefault("workbook", {})["edition"] = edition_text
    return edition


def write_edition(folder: Path) -> list[Path]:
    """Write the notebooks of the edition into a folder, and return them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    notebooks, address = sorted(NOTEBOOKS.glob("*.ipynb")), read_address()
    packed, digest = pack(carried_files())
    values = {
        "EDITION": edition_name(project, digest, notebooks),
        "DIGEST": digest,
        "CARRIED": packed,
    }
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for path in notebooks:
        text = path.read_text(encoding="utf-8")
        lacking = [name for name in COLAB_LACKS if f"from {name} import" in text]
        edition = make_edition(json.loads(text), {**values, "COLAB_LACKS": lacking}, address)
        content = json.dumps(edition, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
        (folder / path.name).write_text(content, encoding="utf-8", newline="\n")
        written.append(folder / path.name)
    return written


def main() -> int:
    """Write the edition where the command line says, and tell what was written."""
    parser = argparse.ArgumentParser(prog="python -m docs.standalone", description="Write it.")
    parser.add_argument("--out", type=Path, default=ROOT / "dist", help="the folder; dist/")
    try:
        for path in write_edition(parser.parse_args().out):
            print(f"{path} ({path.stat().st_size / 1e6:.2f} MB)")
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
