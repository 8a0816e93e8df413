"""Exercises that answer back: ``check`` an answer, ask for a ``hint``, look at the ``progress``."""

import html
import re
from textwrap import fill
from typing import Any

from helpers.errors import InputError
from helpers.exercises.definition import exercise_names, load_exercise
from helpers.exercises.judging import CRASHED, RIGHT, UNTOUCHED, WRONG, judge
from helpers.exercises.record import recall, remember

__all__ = ["check", "hint", "progress", "reset"]

OPENINGS = {
    RIGHT: "Right.",
    WRONG: "Not yet.",
    CRASHED: "Your answer stopped with an error.",
    UNTOUCHED: "Not attempted yet.",
}


def check(name: str, answer: Any) -> None:
    """Print the verdict on an answer, and keep it.

    Args:
        name: which exercise: ``"tensors/column-means"``.
        answer: what the learner wrote: the function, the class or the value itself.

    Raises:
        InputError: there is no exercise of that name.
    """
    exercise = load_exercise(name)
    verdict = judge(exercise, answer)
    lines = f"{OPENINGS[verdict.state]} {verdict.message}".splitlines()
    print("\n".join(fill(line, 90, subsequent_indent="  ") for line in lines))
    if verdict.state != UNTOUCHED:
        remember(name, verdict.state)
    if verdict.state in (WRONG, CRASHED):
        print(f'For a hint: hint("{name}")')
    if verdict.state == RIGHT:
        notebook = name.split("/")[0]
        print(f"{notebook}: {count_right(notebook, recall())}")


def hint(name: str) -> None:
    """Show the next hint, folded: a nudge, the function to look at, the skeleton, the solution.

    The solution is shown after a first attempt, or to one who asks a second time.

    Raises:
        InputError: there is no exercise of that name.
    """
    exercise = load_exercise(name)
    history = recall().get(name, [])
    asked = history.count("hint")
    tried = any(state in (WRONG, CRASHED, RIGHT) for state in history)
    remember(name, "hint")
    if asked < len(exercise.hints):
        show_folded(f"Hint {asked + 1} of {len(exercise.hints)}", exercise.hints[asked])
    elif tried or asked > len(exercise.hints):
        show_folded("The solution", exercise.solution, code=True)
    else:
        print("The next step is the solution. Try once yourself first, or ask again to see it.")


def show_folded(title: str, text: str, code: bool = False) -> None:
    """Show a text folded where the viewer can fold, and as plain text elsewhere."""
    try:
        from IPython.core.getipython import get_ipython
        from IPython.display import display
    except ImportError:
        print(f"{title}:\n{text}")
        return
    if get_ipython() is None:
        print(f"{title}:\n{text}")
        return
    body = html.escape(text)
    in_ticks = re.sub(r"`([^`]+)`", r"<code>\1</code>", body)
    body = f"<pre>{body}</pre>" if code else f"<p>{in_ticks}</p>"
    page = f"<details><summary>{html.escape(title)}</summary>{body}</details>"
    display({"text/plain": f"{title}:\n{text}", "text/html": page}, raw=True)  # type: ignore[no-untyped-call]


def progress(notebook: str = "") -> None:
    """Print a table of the exercises, of one notebook or of all, and what to try next.

    Args:
        notebook: ``"tensors"``, ``"autograd"`` and so on, for a row an exercise; left out, a row a
            notebook.

    Raises:
        InputError: there is no notebook of that name.
    """
    history = recall()
    names = names_in(notebook) if notebook else exercise_names()
    if notebook:
        for name in names:
            print(f"{name.split('/')[1]:22} {state_of(history.get(name, []))}")
        print(f"{notebook}: {count_right(notebook, history)}")
    else:
        for group in dict.fromkeys(name.split("/")[0] for name in names):
            print(f"{group:22} {count_right(group, history)}")
    waiting = [name for name in names if RIGHT not in history.get(name, [])]
    if waiting:
        print(f"Next: {load_exercise(waiting[0]).title} ({waiting[0]})")


def names_in(notebook: str) -> list[str]:
    """Return the exercises of one notebook.

    Raises:
        InputError: there is no notebook of that name.
    """
    names = exercise_names()
    mine = [name for name in names if name.split("/")[0] == notebook]
    if not mine:
        known = ", ".join(repr(group) for group in dict.fromkeys(n.split("/")[0] for n in names))
        raise InputError(f"No notebook is called {notebook!r}. There are {known}.")
    return mine


def count_right(notebook: str, history: dict[str, list[str]]) -> str:
    """Say how many exercises of a notebook were right at least once."""
    names = names_in(notebook)
    right = sum(RIGHT in history.get(name, []) for name in names)
    return f"{right} of {len(names)} right"


def state_of(verdicts: list[str]) -> str:
    """Say how an exercise stands, in a word or two."""
    tries = sum(verdict in (WRONG, CRASHED, RIGHT) for verdict in verdicts)
    if RIGHT in verdicts:
        return "right"
    return f"not yet ({tries} tried)" if tries else "-"


def reset(name: str = "all") -> None:
    """Forget what was tried: one exercise, or all of them.

    Raises:
        InputError: there is no exercise of that name.
    """
    if name != "all":
        load_exercise(name)
    remember(name, "reset")
