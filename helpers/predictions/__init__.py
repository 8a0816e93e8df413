"""Predict, then run: a guess is compared with what the code gives, and a wrong one is answered.

A notebook asks before a surprising line. The reader types a guess in place of ``...`` and runs
the cell; nothing is compared while the dots are there. What each question expects, and the
sentence for each guess that people often make, stand in this folder, one module a notebook.
"""

import ast
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from textwrap import fill
from types import EllipsisType
from typing import Any

from helpers.errors import InputError

MODULES = ("tensors", "autograd", "linear_regression", "mnist", "custom_datasets")


@dataclass(frozen=True)
class Prediction:
    """One question that a notebook asks before a cell is run.

    Args:
        asks: what to type, as it follows "Type": ``"a whole number"``, ``"a shape, such as
            (2, 3)"``. Left out where there are ``choices``.
        right: the reason, said after a right guess.
        wrong: for each guess that people often make, a sentence that answers it.
        choices: the words to choose from, where the answer is a word.
        within: how far a number may be from what the code gives and still be right.
        low: what to say of a number below the right one that ``wrong`` does not name.
        high: the same for a number above it.
    """

    right: str
    wrong: Mapping[Any, str]
    asks: str = ""
    choices: tuple[str, ...] = field(default=())
    within: float = 0.0
    low: str = ""
    high: str = ""

    @property
    def instruction(self) -> str:
        """Say what to type."""
        return f"one of {', '.join(map(repr, self.choices))}" if self.choices else self.asks


def check_guess(name: str, guess: Any, actual: Any) -> None:
    """Compare a guess with what the code gave, and print the verdict.

    Args:
        name: which question: ``"tensors/uint8-sum"`` is ``uint8-sum`` in ``tensors.py``.
        guess: what the reader typed: a number, a word, a shape or a list; ``...`` for no guess.
        actual: what the code gave.

    Raises:
        InputError: there is no question of that name.
    """
    print(fill(verdict(find_prediction(name), guess, actual), width=90))


def verdict(prediction: Prediction, guess: Any, actual: Any) -> str:
    """Return what to say of a guess: none yet, not possible, right, or wrong and why."""
    if guess is None or isinstance(guess, EllipsisType):
        return f"No guess yet. Type {prediction.instruction} in place of the dots, and run again."
    guess, actual = plain(guess), plain(actual)
    if isinstance(guess, bool) and "yes" in prediction.choices:
        guess = "yes" if guess else "no"
    if not fits(prediction, guess, actual):
        return f"{guess!r} cannot be the answer here. Type {prediction.instruction}."
    if same(guess, actual, prediction.within):
        return f"Right: {shown(actual)}. {prediction.right}"
    reason = answer(prediction, guess, actual)
    return f"You said {shown(guess)}; the code gives {shown(actual)}. {reason}"


def answer(prediction: Prediction, guess: Any, actual: Any) -> str:
    """Return the sentence for a wrong guess."""
    for wrong, sentence in prediction.wrong.items():
        if same(guess, plain(wrong)):
            return sentence
    if is_number(guess) and is_number(actual):
        return (prediction.low if guess < actual else prediction.high) or prediction.right
    return prediction.right


def plain(value: Any) -> Any:
    """Return a value in one form however it was written: ``[2, 3]``, ``"(2, 3)"`` as ``(2, 3)``."""
    if hasattr(value, "tolist"):  # a tensor or a NumPy number
        value = value.tolist()
    if isinstance(value, list | tuple):
        return tuple(plain(item) for item in value)
    if isinstance(value, bool | int | float):
        return value
    text = str(value).strip(" '\"").lower().removeprefix("torch.")
    if text in ("inf", "-inf", "nan"):
        return float(text)
    try:
        literal = ast.literal_eval(text.rstrip("%").capitalize())
    except (ValueError, SyntaxError):
        return text
    return plain(literal) if isinstance(literal, bool | int | float | tuple | list) else text


def fits(prediction: Prediction, guess: Any, actual: Any) -> bool:
    """Tell whether a guess is of the kind that the question asks for."""
    if prediction.choices:
        return guess in [plain(choice) for choice in prediction.choices]
    if is_number(actual):
        return is_number(guess)
    if isinstance(actual, tuple):
        return isinstance(guess, tuple) or is_number(guess)
    return isinstance(guess, type(actual))


def same(guess: Any, actual: Any, within: float = 0.0) -> bool:
    """Tell whether two plain values are equal; 3 and the shape ``(3,)`` stand for each other."""
    if is_number(actual) and isinstance(guess, tuple) and len(guess) == 1:
        guess = guess[0]
    if is_number(guess) and is_number(actual):
        if math.isnan(actual):
            return math.isnan(guess)
        return math.isclose(guess, actual, rel_tol=1e-9, abs_tol=max(within, 1e-9))
    if isinstance(actual, tuple):
        guess = guess if isinstance(guess, tuple) else (guess,)
        return len(guess) == len(actual) and all(
            same(a, b, within) for a, b in zip(guess, actual, strict=True)
        )
    return bool(guess == actual)


def is_number(value: Any) -> bool:
    """Tell whether a plain value is a number, and not true or false."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def shown(value: Any) -> str:
    """Write a value as the reader would: at most six digits, words without quotes."""
    if isinstance(value, float):
        return f"{value:.6g}"
    return str(value)


def find_prediction(name: str) -> Prediction:
    """Return the question with a name such as ``"tensors/uint8-sum"``.

    Raises:
        InputError: there is no question of that name.
    """
    module, _, key = name.partition("/")
    questions: dict[str, Prediction] = {}
    if module in MODULES:
        questions = import_module(f"helpers.predictions.{module}").PREDICTIONS
    if key not in questions:
        raise InputError(
            f"There is no question {name!r}. It is written 'notebook/question', with a notebook "
            f"of {', '.join(MODULES)}. Was the name in this cell changed?"
        )
    return questions[key]
