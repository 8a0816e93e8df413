"""Compare what an answer did with what the solution does, and say what the learner can use."""

import warnings
from dataclasses import dataclass
from functools import cache
from textwrap import shorten
from types import CodeType
from typing import Any

import numpy as np
import torch
from torch import Tensor

from helpers.errors import WorkbookError
from helpers.exercises.definition import Exercise
from helpers.exercises.observing import (
    Crash,
    Observation,
    argument_names,
    equal,
    make_cases,
    observe_all,
    run_code,
    same,
)

RIGHT, WRONG, CRASHED, UNTOUCHED = "right", "not yet", "crashed", "not attempted"


@dataclass(frozen=True)
class Verdict:
    """One of four states, and what to say."""

    state: str
    message: str


def judge(exercise: Exercise, answer: Any) -> Verdict:
    """Return the verdict on an answer."""
    if is_untouched(exercise, answer):
        return Verdict(UNTOUCHED, f"Write {exercise.answer} in this cell, and run it again.")
    verdict = judge_observations(exercise, observe_all(exercise, answer))
    if verdict.state == WRONG and exercise.kind == "choose":
        return Verdict(WRONG, f"Your answer: {show(answer)}.\n{verdict.message}")
    return verdict


def judge_observations(exercise: Exercise, observed: list[Observation], seed: int = 0) -> Verdict:
    """Return the verdict on what an answer did; nothing of the answer's own code runs here.

    Args:
        exercise: what was asked.
        observed: what the answer did with each case, from ``observe_all``.
        seed: the seed that the cases were made with.
    """
    expected = expectation(exercise, seed)
    bad = [
        i
        for i, (got, want) in enumerate(zip(observed, expected, strict=False))
        if not same(got, want, exercise.tolerance)
    ]
    if not bad:
        return Verdict(RIGHT, exercise.right)
    first = bad[0]
    got, want = observed[first], expected[first]
    if exercise.kind in ("choose", "predict") and not got.crash:
        reason = known_reason(exercise, observed, bad, seed)
        return Verdict(WRONG, reason or "That is not it. Try it in a cell of its own.")
    reason = known_reason(exercise, observed, bad, seed)
    case = describe_case(exercise, first, seed)
    printed = f"\nIt printed: {got.printed.strip()}" if got.printed.strip() else ""
    if got.crash:
        said = explain(exercise, got.crash, known=bool(reason))
        return Verdict(CRASHED, join(said, reason, case) + printed)
    differs = difference(got, want, exercise)
    if reason and got.value is None:
        differs = "It returned None."  # why, the exercise's own sentence has said
    return Verdict(WRONG, join(reason, differs, case) + printed)


@cache
def expectation(exercise: Exercise, seed: int = 0) -> list[Observation]:
    """Return what the solution does with every case.

    Raises:
        WorkbookError: the solution itself was stopped, by the limits on a machine that is too busy
            or too small.
    """
    seen = observe_all(exercise, run_code(exercise, exercise.solution), seed)
    stopped = [o.crash for o in seen if o.crash]
    if stopped:
        raise WorkbookError(
            f"The check of {exercise.name} was stopped ({stopped[0].kind}): this machine is "
            "busy or short of memory. Run the cell again."
        )
    return seen


@cache
def behaviours(exercise: Exercise, seed: int = 0) -> list[list[Observation]]:
    """Return what each known wrong answer does with every case."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of answers that the learner did not give
        answers = [run_code(exercise, wrong.code) for wrong in exercise.wrongs]
        return [observe_all(exercise, answer, seed) for answer in answers]


def known_reason(
    exercise: Exercise, observed: list[Observation], bad: list[int], seed: int = 0
) -> str:
    """Return the sentence of the wrong answer that does what this one did where it is wrong."""
    for wrong, does in zip(exercise.wrongs, behaviours(exercise, seed), strict=True):
        pairs = [(observed[i], does[i]) for i in bad if i < len(does)]
        if pairs and all(same(a, b, exercise.tolerance) for a, b in pairs):
            return wrong.sentence
    return ""


def is_untouched(exercise: Exercise, answer: Any) -> bool:
    """Tell whether an answer is still the stub, whatever its comments and blank lines."""
    if answer is ...:
        return True
    return fingerprint(answer) == fingerprint(run_code(exercise, exercise.stub))


def fingerprint(thing: Any) -> Any:
    """Return what a function or class does, without names of files, line numbers and docstrings."""
    if isinstance(thing, staticmethod | classmethod):
        return fingerprint(thing.__func__)
    if isinstance(thing, type):
        return {
            key: fingerprint(value)
            for key, value in vars(thing).items()
            if hasattr(value, "__code__")
            or isinstance(value, staticmethod | classmethod)
            or (isinstance(value, int | float | str) and not key.startswith("__"))
        }
    if hasattr(thing, "__wrapped__"):  # decorated: the wrapper's code is the same for all
        return fingerprint(thing.__wrapped__)
    if hasattr(thing, "__code__"):
        return code_fingerprint(thing.__code__, thing.__doc__), repr(thing.__defaults__)
    return repr(thing)


def code_fingerprint(code: CodeType, doc: str | None = None) -> tuple[Any, ...]:
    """Return the instructions of a piece of code and the names and constants that they use."""
    constants = tuple(
        code_fingerprint(c) if isinstance(c, CodeType) else repr(c)
        for c in code.co_consts
        if c is None or c != doc
    )
    return code.co_code, constants, code.co_names, code.co_varnames


# ---------------------------------------------------------------- what is said


def join(*sentences: str) -> str:
    """Put sentences together, without the empty ones."""
    return "\n".join(sentence for sentence in sentences if sentence)


def difference(got: Observation, want: Observation, exercise: Exercise) -> str:
    """Say in what an answer differs: kind, shape, dtype, numbers, its arguments, what it left."""
    if not equal(got.value, want.value, exercise.tolerance):
        return value_difference(got.value, want.value, exercise.tolerance)
    if extra := set(got.changed) - set(want.changed):
        were = "was" if len(extra) == 1 else "were"
        return f"The result is right, but {listed(extra)} {were} changed on the way."
    for name in want.changed:
        if not equal(got.after[name], want.after[name], exercise.tolerance):
            said = value_difference(got.after[name], want.after[name], exercise.tolerance, name)
            return f"{name} is meant to be changed. {said}"
    if extra := set(got.left) - set(want.left):
        return f"The result is right, but the answer changed {listed(extra)}."
    return "It should have raised an error, and did not." if want.crash else ""


def listed(names: set[str]) -> str:
    """Write names as a person lists them: ``a, b and c``."""
    *most, last = sorted(names)
    return f"{', '.join(most)} and {last}" if most else last


def value_difference(got: Any, want: Any, tolerance: float, name: str = "") -> str:
    """Say how two pieces of plain data differ, at the first place where they do."""
    of = f" for {name}" if name else ""
    if got is None and name:
        return f"Got None{of}."
    if got is None:
        return (
            "It returned None: a `return` is missing, or what stands behind it gives None itself, "
            "as `backward()` and `sort()` of a list do."
        )
    if isinstance(want, dict) and isinstance(got, dict) and list(got) == list(want):
        for key in want:
            if not equal(got[key], want[key], tolerance):
                return value_difference(got[key], want[key], tolerance, key)
    if isinstance(want, list) and isinstance(got, list) and len(got) == len(want):
        for i, (a, b) in enumerate(zip(got, want, strict=True)):
            if not equal(a, b, tolerance):
                place = f"{name}[{i}]" if name else f"result {i + 1}"
                return value_difference(a, b, tolerance, place)
    if (
        isinstance(want, list)
        and isinstance(got, list)
        and all(isinstance(item, str | int) for item in [*got, *want])
    ):
        return f"Got {show(got)}{of}, expected {show(want)}."
    if isinstance(got, str) and not isinstance(want, str):
        return f"Got {show(got)}{of}, expected {kind(want)}."
    if kind(got) != kind(want):
        return f"Got {kind(got)}{of}, expected {kind(want)}."
    if isinstance(got, Tensor) and isinstance(want, Tensor):
        if got.shape != want.shape:
            return f"Got shape {tuple(got.shape)}{of}, expected {tuple(want.shape)}."
        if got.dtype != want.dtype:
            return f"The shape is right, but the dtype{of} is {got.dtype}, expected {want.dtype}."
        return f"Shape and dtype are right, the numbers{of} are not.\n{numbers(got, want)}"
    return f"Got {got!r}{of}, expected {want!r}."


def numbers(got: Tensor, want: Tensor) -> str:
    """Show two small tensors whole, and of larger ones the first place where they differ."""
    if want.numel() <= 12:
        return f"got      {show(got)}\nexpected {show(want)}"
    got, want = got.cpu(), want.cpu()  # MPS has no float64
    near = torch.isclose(got.double(), want.double(), rtol=1e-4, atol=1e-5, equal_nan=True)
    place = (~near).nonzero()[0].tolist() if not near.all() else [0] * want.ndim
    here = tuple(place)
    return f"at {place}: got {show(got[here])}, expected {show(want[here])}"


def show(value: Any) -> str:
    """Write a value in one line."""
    if isinstance(value, np.ndarray):
        return f"a NumPy array: {show(torch.as_tensor(value))}"
    if isinstance(value, Tensor):
        if value.numel() > 12 or value.numel() == 0:
            return f"a tensor of shape {tuple(value.shape)}, {value.dtype}"
        if value.is_floating_point():
            value = value.cpu().double().round(decimals=4)  # MPS has no float64
        return str(value.tolist())
    if type(value) in (list, tuple):  # a class made of one may write itself in its own way
        return f"[{', '.join(show(item) for item in value)}]"
    return shorten(repr(value), 80, placeholder=" …")


def kind(value: Any) -> str:
    """Name the kind of a piece of plain data."""
    if isinstance(value, Tensor):
        return "a tensor"
    if isinstance(value, dict) and len(value) == 1 and "object" in value:
        return f"an object of type {value['object']}"
    if isinstance(value, dict) and "NumPy array" in value:
        return "a NumPy array"
    if isinstance(value, list):
        return f"a list or tuple of {len(value)}"
    if isinstance(value, dict):
        return f"a dictionary with the keys {', '.join(value)}"
    names = {bool: "True or False", int: "a number", float: "a number", str: "a text"}
    return names.get(type(value), type(value).__name__)


def describe_case(exercise: Exercise, index: int, seed: int = 0) -> str:
    """Write the arguments of a case."""
    cases, observe = make_cases(exercise, seed)
    case = cases[index]
    names = argument_names(exercise, len(case), observe)
    written = ", ".join(
        f"{name} = {show(value)}{layout(value)}" for name, value in zip(names, case, strict=True)
    )
    return f"The case: {written}" if written else ""


def layout(value: Any) -> str:
    """Say of a tensor that its numbers do not lie side by side in memory."""
    apart = isinstance(value, Tensor) and not value.is_contiguous()
    return " (not contiguous)" if apart else ""


def explain(exercise: Exercise, crash: Crash, known: bool = False) -> str:
    """Say on which line of the answer an error was raised, and what it means.

    Args:
        exercise: what was asked.
        crash: the error.
        known: whether a sentence of the exercise's own follows; then no general one is given.
    """
    if crash.kind == "TooLongError":
        return f"It was stopped after {exercise.seconds:g} s: is there a loop that never ends?"
    if crash.kind == "MemoryError" or "allocate memory" in crash.message:
        return "It asked for more memory than a check allows: is a shape far larger than meant?"
    if "before Module.__init__() call" in crash.message:
        return join(f"{crash.kind}: {crash.message}", "`super().__init__()` must come first.")
    if crash.kind == "NotImplementedError" and not crash.message:
        return join(crash.kind, "A method that must be written is missing.")
    line = f"Line {crash.number}: {crash.line}" if crash.line else ""
    if not line and crash.kind != "SystemExit":
        line = "It came up where the check used your answer."
    return join(f"{crash.kind}: {crash.message}", line, "" if known else meaning(crash))


def meaning(crash: Crash) -> str:
    """Say in a plain sentence what an error most often means; nothing where it may be anything."""
    if "NoneType" in crash.message:
        return "A value is None here: did the step that should make it return nothing, or not run?"
    if crash.kind == "RuntimeError":
        signs = {
            "second time": "The graph of this result was freed by an earlier `backward`.",
            "not require grad": "A tensor here does not ask for gradients, or its graph was cut.",
            "leaf Variable": "A tensor that asks for gradients was changed in place.",
            "same device": "The tensors are on different devices.",
            "same dtype": "The dtypes do not fit together.",
            "expected scalar type": "The dtypes do not fit together.",
            "size of tensor": "The shapes do not fit together.",
            "izes of tensors": "The shapes do not fit together.",
            "cannot be multiplied": "The shapes do not fit together.",
            "invalid for input of size": "The shapes do not fit together.",
        }
        return next((text for sign, text in signs.items() if sign in crash.message), "")
    return {
        "NameError": "A name is not defined: a typing error, or an import that has not been run.",
        "TypeError": "A function or an operator was given something of the wrong kind or number.",
        "AttributeError": "There is no attribute of that name; is the object what it should be?",
        "IndexError": "An index, or a `dim`, does not fit the shape.",
        "KeyError": "There is no such key in the dictionary.",
    }.get(crash.kind, "")
