"""Turn a notebook into a page: what a reader without a kernel needs is added or folded.

Every function takes cells as the notebook's JSON has them, each source as one text.
"""

import re
from typing import Any
from urllib.parse import quote

from helpers.exercises.definition import Exercise, load_exercise

Cell = dict[str, Any]
CHECK = re.compile(r'^check\("([^"]+)", ', flags=re.MULTILINE)
FIGURE = "*Figure:* "


def slug(heading: str) -> str:
    """Return the anchor of a heading as Markdown hands on those of the notebooks' links.

    >>> slug("11. train() and eval(), in turns")
    '11.-train()-and-eval()%2C-in-turns'

    """
    return quote(heading.replace(" ", "-"), safe="()")


def page(cells: list[Cell], downloads: dict[str, str]) -> list[Cell]:
    """Return the cells of the page.

    Args:
        cells: Those of the notebook; they are changed.
        downloads: What to offer below the title: words and the path of the file.
    """
    offer_downloads(cells[0], downloads)
    for cell, after in zip(cells, [*cells[1:], None], strict=True):
        if cell["cell_type"] == "code":
            fold_hidden(cell)
            if after is not None:
                describe_figure(cell, after)
    return [part for cell in cells if cell["source"] for part in (cell, *solution_below(cell))]


def myth_page(cells: list[Cell]) -> str:
    """Return the index of what is often said, as a page of its own."""
    (index,) = (cell for cell in cells if "myths" in cell["metadata"].get("tags", []))
    return f"# Often said, and not so\n\n{index['source']}\n"


def offer_downloads(first: Cell, downloads: dict[str, str]) -> None:
    """Put a line of downloads below the title."""
    title, _, rest = first["source"].partition("\n")
    line = " · ".join(f"{{download}}`{words} <{path}>`" for words, path in downloads.items())
    first["source"] = f"{title}\n\n{line}\n{rest}"


def fold_hidden(cell: Cell) -> None:
    """Fold the source of a cell whose source JupyterLab folds."""
    if cell["metadata"].get("jupyter", {}).get("source_hidden"):
        cell["metadata"].setdefault("tags", []).append("hide-input")


def describe_figure(cell: Cell, after: Cell) -> None:
    """Make the sentence under a figure its caption, which a screen reader reads with it."""
    if not after["source"].startswith(FIGURE):
        return
    caption, _, after["source"] = after["source"].partition("\n\n")
    cell["metadata"]["mystnb"] = {
        "figure": {"caption": caption},
        "image": {"alt": "The figure that the caption below describes."},
    }


def solution_below(cell: Cell) -> list[Cell]:
    """Return a cell with the folded solution of the exercise that a cell checks, if it does."""
    found = CHECK.search(cell["source"]) if cell["cell_type"] == "code" else None
    if found is None:
        return []
    source = folded_solution(load_exercise(found[1]))
    name = f"{cell['id']}-solution"
    return [{"cell_type": "markdown", "id": name, "metadata": {}, "source": source}]


def folded_solution(exercise: Exercise) -> str:
    """Return the solution, folded, as Markdown."""
    return (
        f"<details>\n<summary>Solution: {exercise.title}</summary>\n\n"
        f"```python\n{exercise.solution}\n```\n\n{exercise.right}\n\n</details>"
    )
