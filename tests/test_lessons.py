"""What each notebook owes the learner besides text: guesses, pictures, questions, mistakes."""

import ast
import re
from importlib import import_module

import nbformat
import pytest

from helpers.predictions import MODULES
from tests.test_notebooks import PATHS, code_cells, each_notebook, headings, read

DETAILS = re.compile(
    r"<details>\n<summary>(\d+)\. (.+?)</summary>\n\n(.+?)\n\n</details>", flags=re.DOTALL
)


def guess_names(notebook):
    return [
        name
        for cell in code_cells(notebook)
        for name in re.findall(r"check_guess\(\"([\w/-]+)\"", cell.source)
    ]


def wrong_guess_cells(notebook):
    """A guess cell opens with the dots and what to type, and ends in the comparison."""
    found = []
    for before, cell in zip(notebook.cells, notebook.cells[1:], strict=False):
        asks = before.cell_type == "markdown" and "**Predict.**" in before.source.split("\n\n")[-1]
        guesses = cell.cell_type == "code" and "check_guess(" in cell.source
        if asks and not guesses:
            found.append(f"{before.id}: a question without its cell")
        if not guesses:
            continue
        lines = cell.source.splitlines()
        if not asks:
            found.append(f"{cell.id}: the cell before asks nothing")
        guess = [line for line in lines if line.startswith("guess = ")]
        if len(guess) != 1 or not re.fullmatch(r"guess = \.\.\.  # .+", guess[0]):
            found.append(f"{cell.id}: no line 'guess = ...  # what to type'")
        if not lines[-1].startswith("check_guess("):
            found.append(f"{cell.id}: the comparison does not come last")
        elif is_constant(ast.parse(cell.source).body[-1].value.args[2]):
            found.append(f"{cell.id}: the answer is written down, not computed")
        printed = "".join(output.get("text", "") for output in cell.outputs)
        if not printed.startswith("No guess yet. Type "):
            found.append(f"{cell.id}: stored with a guess")
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    if text.count("**Predict.**") != len(guess_names(notebook)):
        found.append("a question that stands in the middle of a text, without a cell")
    return found


def is_constant(node):
    """Tell whether an expression is made of constants alone."""
    return not any(isinstance(part, ast.Name) for part in ast.walk(node))


def wrong_questions(notebook):
    """Five to eight questions, numbered, each folded with an answer."""
    titles = [title for _, title in headings(notebook)]
    if not re.fullmatch(r"\d+\. Questions", titles[-2]):
        return ["no section of questions before the recap"]
    (cell,) = [c for c in notebook.cells if re.search(r"(?m)^## \d+\. Questions", c.source)]
    folded = DETAILS.findall(cell.source)
    found = [] if 5 <= len(folded) <= 8 else [f"{len(folded)} questions"]
    if cell.source.count("<details>") != len(folded):
        found.append("a fold that is not in order: <details>, <summary>n. …?</summary>, blank line")
    if [int(number) for number, _, _ in folded] != list(range(1, len(folded) + 1)):
        found.append("questions out of order")
    found += [f"no answer: {q}" for _, q, answer in folded if len(answer.split()) < 6]
    return found


def too_few_pictures(notebook):
    pictures = [
        cell.id
        for cell in code_cells(notebook)
        if any("image/png" in output.get("data", {}) for output in cell.outputs)
    ]
    return [] if len(pictures) >= 8 else [f"only {len(pictures)} pictures"]


def too_few_mistakes(notebook):
    told = [c.id for c in notebook.cells if "**Where people go wrong.**" in c.source]
    return [] if len(told) >= 4 else [f"only {len(told)} places where people go wrong"]


def no_further_reading(notebook):
    last = notebook.cells[-1].source
    reading = last.partition("Further reading:")[2]
    links = re.findall(r"\]\((https://[^)\s]+)\)", reading)
    return [] if 3 <= len(links) <= 6 else [f"{len(links)} links for further reading"]


CHECKS = [
    wrong_guess_cells,
    wrong_questions,
    too_few_pictures,
    too_few_mistakes,
    no_further_reading,
]


@each_notebook
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_a_lesson_is_whole(path, check):
    assert check(read(path)) == []


@pytest.mark.parametrize(("path", "module"), list(zip(PATHS, MODULES, strict=True)), ids=MODULES)
def test_each_guess_has_its_definition_and_is_asked_once(path, module):
    asked = guess_names(read(path))
    defined = import_module(f"helpers.predictions.{module}").PREDICTIONS
    assert asked == [f"{module}/{name}" for name in defined], "keep them in the order of reading"
    assert len(asked) >= 6


# ---------------------------------------------------------------- the checks can fail

ANSWER = "Because it is so, and here is the reason."
QUESTIONS = "\n\n".join(
    f"<details>\n<summary>{n}. Why?</summary>\n\n{ANSWER}\n\n</details>" for n in range(1, 6)
)


@pytest.fixture
def lesson():
    """A small notebook that is whole, to be spoilt."""
    new = nbformat.v4
    said = new.new_output("stream", name="stdout", text="No guess yet. Type a number.\n")
    figure = new.new_output("display_data", {"image/png": ""})
    guess = 'guess = ...  # a number\ntotal = 1 + 1\ncheck_guess("tensors/x", guess, total)'
    return new.new_notebook(
        cells=[
            new.new_markdown_cell("# Title\n\n## 1. Text\n\nText.\n\n**Predict.** How many?"),
            new.new_code_cell(guess, outputs=[said]),
            *(new.new_code_cell("plt.show()", outputs=[figure]) for _ in range(8)),
            *(new.new_markdown_cell("**Where people go wrong.** There.") for _ in range(4)),
            new.new_markdown_cell(f"## 2. Questions\n\n{QUESTIONS}"),
            new.new_markdown_cell("## Recap\n\nFurther reading:" + "\n- [a](https://a.b)" * 3),
        ]
    )


def faults(notebook):
    return [fault for check in CHECKS for fault in check(notebook)]


def test_a_whole_lesson_passes(lesson):
    assert faults(lesson) == []


@pytest.mark.parametrize(
    ("cell", "old", "new"),
    [
        (0, "**Predict.** How", "How"),
        (0, "**Predict.** How many?", "**Predict.** How many?\n\nMore text."),
        (1, "guess = ...  # a number", "guess = ..."),
        (1, "guess = ...  # a number", "guess = 2  # a number"),
        (1, "guess, total)", "guess, 2)"),
        (1, "check_guess(", "check("),
        (1, "total)", "total)\nprint(total)"),
        (14, "<summary>2.", "<summary>3."),
        (14, "<summary>1. Why?</summary>\n\n", "<summary>1. Why?</summary>\n"),
        (14, "</details>", ""),
        (14, ANSWER, "Yes."),
        (14, "Questions", "Answers"),
        (15, "Further reading:", "More:"),
    ],
)
def test_a_fault_is_found(lesson, cell, old, new):
    assert old in lesson.cells[cell].source
    lesson.cells[cell].source = lesson.cells[cell].source.replace(old, new)
    assert faults(lesson)


@pytest.mark.parametrize("cell", [1, 2, 10, 14])
def test_a_missing_cell_is_found(lesson, cell):
    del lesson.cells[cell]
    assert faults(lesson)


def test_a_stored_guess_is_found(lesson):
    lesson.cells[1].outputs[0].text = "Right: 2. Because.\n"
    assert faults(lesson) == [f"{lesson.cells[1].id}: stored with a guess"]
