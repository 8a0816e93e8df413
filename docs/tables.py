"""Make the tables that tell where the notebooks teach what, from the tags of their cells.

``python3 workbook.py refresh`` runs this file. It writes ``concepts.md`` (each concept, its
section and its cells), ``glossary.md`` (each term and the section that defines it), the index of
what is often said, in the cell of notebook 05 that is tagged ``myths``, the chart of what the bench
measured, in the cell of notebook 04 that is tagged ``ladder`` and in README.md, and README's lines
that hold the public address.
"""

import ast
import json
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import quote

from docs.address import fill_address, read_address

DOCS = Path(__file__).parent
NOTEBOOKS = DOCS.parent / "notebooks"
IDENTIFIER = re.compile(r"[TALMCX]\d\d")
LADDER = DOCS.parent / "benchmarks" / "ladder.json"
CHART = re.compile(r"```text\nSeconds for an epoch.*?```", flags=re.DOTALL)
NOTE = (
    "<!-- Made by `python3 workbook.py refresh`. Change concepts.toml, glossary.toml or tags. -->"
)


@dataclass(frozen=True)
class Place:
    """A cell of a notebook that carries the tag of a concept."""

    notebook: str  # the name without suffix: "01_tensors"
    section: str  # the "## n. Title" that it stands under, without the marks
    number: int  # which code cell it is, counted from 1: In [number]
    cell: dict[str, Any]

    @property
    def link(self) -> str:
        """Return the address of the section, as JupyterLab understands it."""
        return address(self.notebook, self.section)

    @property
    def short(self) -> str:
        """Return the notebook's number and the section's: "01 §7"."""
        return f"{self.notebook[:2]} §{self.section.split('.')[0]}"


def address(notebook: str, heading: str) -> str:
    """Return the address of a heading: JupyterLab puts hyphens for spaces and drops backticks."""
    return f"{notebook}.ipynb#{quote(heading.replace(' ', '-').replace('`', ''))}"


def load_concepts() -> dict[str, dict[str, Any]]:
    """Return every concept of concepts.toml by its id."""
    groups = tomllib.loads((DOCS / "concepts.toml").read_text(encoding="utf-8"))
    return {key: entry for group in groups.values() for key, entry in group.items()}


def load_glossary() -> dict[str, dict[str, str]]:
    """Return every term of glossary.toml, in the order of the alphabet."""
    terms = tomllib.loads((DOCS / "glossary.toml").read_text(encoding="utf-8"))
    return {term: terms[term] for term in sorted(terms, key=str.lower)}


def load_notebooks() -> dict[str, dict[str, Any]]:
    """Return the notebooks by name, each cell's source as one text."""
    notebooks = {}
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        content = json.loads(path.read_text(encoding="utf-8"))
        for cell in content["cells"]:
            cell["source"] = "".join(cell["source"])
        notebooks[path.stem] = content
    return notebooks


def find_places(notebooks: dict[str, dict[str, Any]]) -> dict[str, list[Place]]:
    """Return the cells that carry each tag of a concept, in the order of reading."""
    places: dict[str, list[Place]] = {}
    for name, notebook in notebooks.items():
        section, number = "", 0
        for cell in notebook["cells"]:
            if cell["cell_type"] == "markdown":
                for marks, title in headings(cell["source"]):
                    section = title if marks == "##" else section
            number += cell["cell_type"] == "code"
            for tag in cell["metadata"].get("tags", []):
                if IDENTIFIER.fullmatch(tag):
                    place = Place(name, section, number, cell)
                    places.setdefault(tag, []).append(place)
    return places


def headings(source: str) -> list[tuple[str, str]]:
    """Return the headings in a markdown text: their marks and their titles."""
    outside = re.sub(r"```.*?```", "", source, flags=re.DOTALL)
    return re.findall(r"^(#+) (.+?) *$", outside, flags=re.MULTILINE)


def names_in(source: str) -> set[str]:
    """Return the names that code uses: identifiers, attributes, keywords, whole short strings."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
                names.add(name)
            case ast.keyword(arg=str(name)):
                names.add(name)
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                names.add(name)
            case ast.alias(name=name):
                names |= set(name.split("."))
            case ast.Constant(value=str(text)) if re.fullmatch(r"[\w.]+", text):
                names |= {text, *text.split(".")}
    return names


def is_proof(cell: dict[str, Any]) -> bool:
    """Tell whether a cell is code that asserts, prints or draws something."""
    if cell["cell_type"] != "code":
        return False
    asserts = any(isinstance(node, ast.Assert) for node in ast.walk(ast.parse(cell["source"])))
    return asserts or bool(cell["outputs"])


def find_faults(concepts: dict[str, dict[str, Any]], places: dict[str, list[Place]]) -> list[str]:
    """Return what is wrong between the list of concepts and the tags, a sentence for each."""
    faults = [f"{key} is taught nowhere" for key in concepts if key not in places]
    faults += [f"{key} is a tag, but not in the list" for key in places if key not in concepts]
    for key in concepts.keys() & places.keys():
        wanted, used = set(concepts[key]["names"]), set()
        for place in places[key]:
            where = f"{key}: {place.short}, cell {place.cell['id']}"
            if not is_proof(place.cell):
                faults.append(f"{where} is no code that asserts, prints or draws")
                continue
            names = names_in(place.cell["source"])
            used |= names
            if not names & wanted:
                faults.append(f"{where} uses none of {', '.join(sorted(wanted))}")
        if missing := wanted - used:
            faults.append(f"{key}: its cells never use {', '.join(sorted(missing))}")
    return sorted(faults)


def concept_page(concepts: dict[str, dict[str, Any]], places: dict[str, list[Place]]) -> str:
    """Write concepts.md: id, concept, section and cells."""
    lines = [
        "# Where each concept is taught",
        "",
        NOTE,
        "",
        f"{len(concepts)} concepts; those that begin with X are things often said that are not so. "
        "A cell number is the one in brackets beside the cell.",
        "",
        "| id | concept | section | cells |",
        "|---|---|---|---|",
    ]
    for key, concept in concepts.items():
        found = places.get(key, [])
        sections = dict.fromkeys(f"[{p.short}](../notebooks/{p.link})" for p in found)
        cells = ", ".join(f"{p.notebook[:2]} [{p.number}]" for p in found)
        title = concept["title"].replace("|", r"\|")
        lines.append(f"| {key} | {title} | {', '.join(sections)} | {cells} |")
    return "\n".join(lines) + "\n"


def glossary_page(glossary: dict[str, dict[str, str]]) -> str:
    """Write glossary.md: term, meaning and the section that defines it."""
    lines = ["# Glossary", "", NOTE, "", "| term | meaning | defined in |", "|---|---|---|"]
    for term, entry in glossary.items():
        name, heading = entry["notebook"], entry["section"]
        link = f"../notebooks/{address(name, heading)}"
        number = heading.split(" ")[0].rstrip(".")
        meaning = entry["meaning"].replace("|", r"\|")
        lines.append(f"| **{term}** | {meaning} | [{name[:2]} §{number}]({link}) |")
    return "\n".join(lines) + "\n"


def myth_table(concepts: dict[str, dict[str, Any]], places: dict[str, list[Place]]) -> str:
    """Write the index of what is often said: the claim, what is true, and where it is settled."""
    lines = ["| often said | true | settled in |", "|---|---|---|"]
    for key, concept in concepts.items():
        if key.startswith("X"):
            found = dict.fromkeys(f"[{p.short}]({p.link})" for p in places.get(key, []))
            lines.append(f"| {concept['title']} | {concept['true']} | {', '.join(found)} |")
    return "\n".join(lines)


def fill_myths(source: str, table: str) -> str:
    """Return a cell's text with its table, if any, replaced by this one."""
    return source.split("\n| often said")[0].rstrip() + "\n\n" + table


def ladder_chart(found: dict[str, Any], width: int = 36) -> str:
    """Write a bar for each rung of the bench's ladders, as long as its median."""
    facts, seconds, wrong = found["machine"], found["seconds"], found["wrong"]
    times = {name: median(taken) for name, taken in seconds.items()}
    counts = {name: 10_000 * median(shares) for name, shares in wrong.items()}
    lines = [
        "```text",
        f"Seconds for an epoch of 60,000 images, reckoned from {found['num_images']:,}:",
        f"the medians of {len(seconds['plain loop'])} rounds in turns",
        f"({facts['processor']}, {facts['threads']} threads, torch {facts['torch']}, "
        f"{facts['date']})",
        "",
        *bars(times, width, ".1f", "times as fast"),
        "",
        f"Wrong answers among 10,000 images not trained on, after {found['num_epochs']:g} epochs:",
        f"the medians of {len(wrong['one cycle'])} seeds",
        "",
        *bars(counts, width, ".0f", "times fewer"),
        *compiled_lines(found["compiled"]),
        "```",
    ]
    return "\n".join(lines)


def compiled_lines(figures: dict[str, float]) -> list[str]:
    """Write what ``torch.compile`` took and gave, or nothing where it could not be measured."""
    if not figures:
        return []
    return [
        "",
        f"torch.compile: {figures['first']:.1f} s to the first step of training, then "
        f"{1e3 * figures['compiled']:.1f} ms a step;",
        f"without it {1e3 * figures['eager']:.1f} ms a step",
    ]


def bars(values: dict[str, float], width: int, form: str, gain: str) -> list[str]:
    """Write a line for each value, with what it gains on the one before, and the whole gain."""
    names, numbers = list(values), list(values.values())
    lines = [f"{names[0]:18}{'█' * width} {numbers[0]:{form}}"]
    for name, before, number in zip(names[1:], numbers, numbers[1:], strict=False):
        bar = "█" * max(1, round(width * number / numbers[0]))
        lines.append(f"{name:18}{bar} {number:{form}}   {before / number:.1f} {gain}")
    return [*lines, f"{'':18}in all {numbers[0] / numbers[-1]:.1f} {gain}"]


def fill_chart(source: str, chart: str) -> str:
    """Return a text with its chart of the ladder replaced by this one."""
    return CHART.sub(lambda _: chart, source)


def write(path: Path, text: str) -> bool:
    """Write a file if it changes; tell whether it did."""
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return False
    path.write_text(text, encoding="utf-8", newline="\n")
    return True


def main() -> None:
    """Write all tables, and say which changed."""
    concepts, notebooks = load_concepts(), load_notebooks()
    places = find_places(notebooks)
    pages = {
        DOCS / "concepts.md": concept_page(concepts, places),
        DOCS / "glossary.md": glossary_page(load_glossary()),
    }
    chart = ladder_chart(json.loads(LADDER.read_text(encoding="utf-8")))
    readme = DOCS.parent / "README.md"
    text = fill_chart(readme.read_text(encoding="utf-8"), chart)
    pages[readme] = fill_address(text, read_address(), list(notebooks))
    for name, notebook in notebooks.items():
        marked = []
        for cell in notebook["cells"]:
            tags = cell["metadata"].get("tags", [])
            if "myths" in tags:
                cell["source"] = fill_myths(cell["source"], myth_table(concepts, places))
            if "ladder" in tags:
                cell["source"] = fill_chart(cell["source"], chart)
            if {"myths", "ladder"} & set(tags):
                marked.append(cell)
        if marked:
            for cell in notebook["cells"]:
                cell["source"] = cell["source"].splitlines(keepends=True)
            text = json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
            pages[NOTEBOOKS / f"{name}.ipynb"] = text
    for path, text in pages.items():
        print(path.name, "refreshed" if write(path, text) else "unchanged")


if __name__ == "__main__":
    main()
