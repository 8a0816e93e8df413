"""One exercise is one file: its task, its stub, its solution, and what people get wrong.

A definition is a Python file in ``definitions/<notebook>/``. It opens with a docstring in TOML
(title, kind, task, hints) and goes on in parts that begin with ``# %%``: ``setup`` (imports),
``stub``, ``solution``, ``also right`` (two or more), ``wrong: <sentence>`` (three or more) and
``cases``.
"""

import ast
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from helpers.errors import InputError

DEFINITIONS = Path(__file__).parent / "definitions"
KINDS = ("write", "predict", "repair", "choose")


@dataclass(frozen=True)
class Wrong:
    """A wrong answer that people give, and the sentence that answers it."""

    code: str
    sentence: str


@dataclass(frozen=True)
class Exercise:
    """What is asked, the answers that are right, and those that are often given instead.

    Args:
        name: notebook and exercise: ``"tensors/column-means"``.
        title: two to five words.
        kind: ``write``, ``predict``, ``repair`` or ``choose``.
        level: 1 with a worked example, 2 partly filled in, 3 from an empty stub.
        minutes: how long a learner takes.
        concepts: the ids in docs/concepts.toml that it practises; it stands where the first is
            taught.
        task: what to do, as the notebook shows it.
        right: where it is used, said after a right answer.
        hints: a nudge, the function to look at, the skeleton.
        setup: imports that all the other parts rely on.
        stub: what the notebook's cell holds before it is attempted.
        solution: the code of a right answer.
        others: right answers written differently.
        wrongs: wrong answers that people give.
        cases: code that defines ``cases()``, which yields the arguments of each case, the smallest
            first; and, where a plain call would not show enough, ``observe(answer, *arguments)``.
        seconds: how long an answer may take for all cases.
        tolerance: how far numbers may be from the solution's, relative to these.
    """

    name: str
    title: str
    kind: str
    level: int
    minutes: int
    concepts: tuple[str, ...]
    task: str
    right: str
    hints: tuple[str, str, str]
    setup: str
    stub: str
    solution: str
    others: tuple[str, ...]
    wrongs: tuple[Wrong, ...]
    cases: str
    seconds: float = 4.0
    tolerance: float = 1e-4

    @property
    def answer(self) -> str:
        """Return the name of what the learner writes: a function, a class or a value."""
        for node in ast.parse(self.stub).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                return node.name
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                return node.targets[0].id
        raise InputError(f"The stub of exercise {self.name!r} defines no function, class or value.")

    @property
    def text(self) -> str:
        """Return the notebook's text above that cell: title, difficulty, minutes and task."""
        dots = "●" * self.level + "○" * (3 - self.level)
        return f"**Exercise: {self.title}** · {dots} · {self.minutes} min\n\n{self.task}"

    @property
    def cell(self) -> str:
        """Return the notebook's cell: the stub, then its check."""
        gap = "\n" if self.stub.rstrip().endswith("...") and "def " not in self.stub else "\n\n\n"
        return f'{self.stub}{gap}check("{self.name}", {self.answer})'


@cache
def load_exercise(name: str) -> Exercise:
    """Return the exercise of a name such as ``"tensors/column-means"``.

    Raises:
        InputError: there is none of that name.
    """
    path = DEFINITIONS / f"{name}.py"
    if name.count("/") != 1 or ".." in name or not path.is_file():
        raise InputError(
            f"There is no exercise {name!r}. A name is written 'notebook/exercise', such as "
            f"{exercise_names()[0]!r}. Was the name in this cell changed?"
        )
    return parse(name, path.read_text(encoding="utf-8"))


def exercise_names() -> list[str]:
    """Return the names of all exercises, in the order of the notebooks and of each one's list."""
    return [
        f"{folder.name}/{name}"
        for folder in sorted(DEFINITIONS.iterdir(), key=_rank)
        if folder.is_dir()
        for name in (folder / "order.txt").read_text(encoding="utf-8").split()
    ]


def _rank(folder: Path) -> int:
    order = ("tensors", "autograd", "linear_regression", "mnist", "custom_datasets")
    return order.index(folder.name) if folder.name in order else len(order)


def parse(name: str, text: str) -> Exercise:
    """Read a definition.

    Raises:
        InputError: a part is missing or unknown.
    """
    head, *parts = text.split("\n# %% ")
    facts: dict[str, Any] = tomllib.loads(ast.get_docstring(ast.parse(head)) or "")
    found: dict[str, list[str]] = {}
    wrongs = []
    for part in parts:
        title, _, code = part.partition("\n")
        code = code.strip("\n")
        if title.startswith("wrong: "):
            wrongs.append(Wrong(code, title.removeprefix("wrong: ").strip()))
        else:
            found.setdefault(title.split(":")[0].strip(), []).append(code)
    known = {"setup", "stub", "solution", "also right", "cases"}
    if set(found) != known:
        wrong = ", ".join(sorted(set(found) ^ known))
        raise InputError(f"Exercise {name!r} has these parts missing or misnamed: {wrong}.")
    facts["hints"], facts["concepts"] = tuple(facts["hints"]), tuple(facts["concepts"])
    return Exercise(
        name=name,
        setup=found["setup"][0],
        stub=found["stub"][0],
        solution=found["solution"][0],
        others=tuple(found["also right"]),
        wrongs=tuple(wrongs),
        cases=found["cases"][0],
        **facts,
    )
