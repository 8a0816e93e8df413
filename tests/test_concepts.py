"""Every concept is taught in a cell that proves it, and the tables that say where are true."""

import copy
import json
import re

import pytest

from docs import tables

CONCEPTS = tables.load_concepts()
NOTEBOOKS = tables.load_notebooks()
PLACES = tables.find_places(NOTEBOOKS)
GLOSSARY = tables.load_glossary()


def test_the_list_is_whole():
    counts = {"T": 29, "A": 14, "L": 18, "M": 18, "C": 14, "X": 22}
    assert list(CONCEPTS) == [f"{k}{i:02}" for k, n in counts.items() for i in range(1, n + 1)]
    for key, concept in CONCEPTS.items():
        assert concept["title"] and concept["names"]
        assert ("true" in concept) == key.startswith("X")


def test_every_concept_is_taught_and_proven():
    assert tables.find_faults(CONCEPTS, PLACES) == []


def test_the_table_of_concepts_is_the_one_that_the_tags_give():
    page = (tables.DOCS / "concepts.md").read_text(encoding="utf-8")
    assert page == tables.concept_page(CONCEPTS, PLACES), "run: python3 workbook.py refresh"


def test_the_glossary_is_the_one_that_its_list_gives():
    page = (tables.DOCS / "glossary.md").read_text(encoding="utf-8")
    assert page == tables.glossary_page(GLOSSARY), "run: python3 workbook.py refresh"


def test_the_last_notebook_holds_the_index_of_what_is_often_said():
    marked = [
        cell["source"]
        for cell in NOTEBOOKS["05_custom_datasets"]["cells"]
        if "myths" in cell["metadata"].get("tags", [])
    ]
    assert len(marked) == 1
    assert marked[0].endswith(tables.myth_table(CONCEPTS, PLACES)), "run: workbook.py refresh"


def test_the_chart_of_the_ladder_is_what_the_bench_measured():
    chart = tables.ladder_chart(json.loads(tables.LADDER.read_text(encoding="utf-8")))
    readme = (tables.DOCS.parent / "README.md").read_text(encoding="utf-8")
    assert readme.count(chart) == 1, "run: python3 workbook.py refresh"
    marked = [
        cell["source"]
        for cell in NOTEBOOKS["04_mnist"]["cells"]
        if "ladder" in cell["metadata"].get("tags", [])
    ]
    assert len(marked) == 1 and marked[0].count(chart) == 1, "run: python3 workbook.py refresh"


def test_a_chart_has_a_bar_for_each_median():
    machine = {"processor": "P", "threads": 2, "torch": "2", "date": "today"}
    seconds = {"plain loop": [8.0, 9.0, 4.0], "quick": [2.0, 2.0, 1.0]}
    wrong = {"plain": [0.03, 0.02], "one cycle": [0.01, 0.015]}
    found = {"machine": machine, "seconds": seconds, "wrong": wrong, "num_epochs": 0.5}
    found["num_images"] = 6000
    found["compiled"] = {"first": 9.0, "compiled": 0.002, "eager": 0.003}
    chart = tables.ladder_chart(found, width=8)
    assert (
        "the medians of 3 rounds" in chart and "after 0.5 epochs:\nthe medians of 2 seeds" in chart
    )
    assert "plain loop        ████████ 8.0\n" in chart
    assert "quick             ██ 2.0   4.0 times as fast\n" in chart
    assert "in all 4.0 times as fast" in chart
    assert "plain             ████████ 250\n" in chart
    assert "one cycle         ████ 125   2.0 times fewer\n" in chart
    assert "torch.compile: 9.0 s to the first step of training, then 2.0 ms a step;" in chart
    assert "without it 3.0 ms a step\n```" in chart
    assert "torch.compile" not in tables.ladder_chart({**found, "compiled": {}}, width=8)
    text = "before\n```text\nSeconds for an epoch of old\n```\nafter"
    assert tables.fill_chart(text, chart) == f"before\n{chart}\nafter"


def section_text(name, title):
    """Return the markdown under a heading, up to the next heading of any level."""
    text = "\n\n".join(
        cell["source"] for cell in NOTEBOOKS[name]["cells"] if cell["cell_type"] == "markdown"
    )
    parts = re.split(r"^#+ (.+?) *$", text, flags=re.MULTILINE)
    sections = dict(zip(parts[1::2], parts[2::2], strict=True))
    return sections.get(title)


@pytest.mark.parametrize("term", GLOSSARY)
def test_a_term_is_defined_where_the_glossary_says(term):
    entry = GLOSSARY[term]
    assert entry["meaning"].endswith(".") and entry["meaning"][0].isupper()
    text = section_text(entry["notebook"], entry["section"])
    assert text is not None, f"{entry['notebook']} has no section {entry['section']!r}"
    bold = [word.lower() for word in re.findall(r"\*\*(.+?)\*\*", text)]
    written = entry.get("bold", term).lower()  # where the text has the plural, for instance
    assert any(written in word for word in bold), bold


def test_the_glossary_covers_every_notebook():
    assert {entry["notebook"] for entry in GLOSSARY.values()} == set(NOTEBOOKS)


# ---------------------------------------------------------------- the checks can fail

LIST = {"T01": {"title": "sums", "names": ["sum", "dim"]}}


def code(source, outputs=(), tags=("T01",)):
    return {
        "cell_type": "code",
        "id": "01-001",
        "metadata": {"tags": list(tags)},
        "source": source,
        "outputs": list(outputs),
    }


def faults(*cells, concepts=LIST):
    title = {"cell_type": "markdown", "id": "01-000", "metadata": {}, "source": "## 1. Sums"}
    return tables.find_faults(
        concepts, tables.find_places({"01_tensors": {"cells": [title, *copy.deepcopy(cells)]}})
    )


def test_a_taught_concept_has_no_fault():
    assert faults(code("total = x.sum(dim=0)\nassert total == 3")) == []
    assert faults(code("print(x.sum(dim=0))", ["3"])) == []
    assert faults(code("x.sum()", ["3"]), code("f(dim=0)", ["3"])) == []


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ([], "T01 is taught nowhere"),
        ([code("assert x.sum(dim=0)", tags=["T02"])], "T02 is a tag, but not in the list"),
        ([code("x.sum(dim=0)")], "no code that asserts"),
        ([{**code("x.sum(dim=0)", ["3"]), "cell_type": "markdown"}], "no code that asserts"),
        ([code("assert x.sum()")], "its cells never use dim"),
        ([code("print('sum of dim')  # sum, dim", ["3"])], "uses none of dim, sum"),
        ([code("assert x.sum(dim=0)"), code("print(7)", ["7"])], "uses none of dim, sum"),
    ],
)
def test_a_fault_is_found(cells, fault):
    assert any(fault in found for found in faults(*cells))


def test_names_are_those_of_the_code():
    source = "import torch.nn as nn\nfrom a import b\nf(dim=0).T\nto('meta', 'a b', 'x.y')  # c"
    assert tables.names_in(source) == {
        *("torch", "nn", "b", "f", "dim", "T", "to", "meta", "x", "y", "x.y"),
    }


def test_a_section_is_found_for_each_cell():
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": "# Title\n\n## 2. A b\n\n### 2.1 c"},
        code("assert 1", tags=[]),
        code("assert 2"),
    ]
    (place,) = tables.find_places({"01_tensors": {"cells": cells}})["T01"]
    assert (place.section, place.short, place.number) == ("2. A b", "01 §2", 2)
    assert place.link == "01_tensors.ipynb#2.-A-b"


def test_the_index_is_put_in_once():
    table = "| often said | true | settled in |\n|---|---|---|\n| a | b | c |"
    once = tables.fill_myths("## 9. Title\n\nText.", table)
    assert once == f"## 9. Title\n\nText.\n\n{table}"
    assert tables.fill_myths(once, table) == once
