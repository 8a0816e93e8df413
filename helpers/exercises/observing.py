"""Run an answer on the cases of its exercise, and write down what it did.

An observation is plain data: tensors, numbers, texts, and lists and dictionaries of them. It can be
compared with another one, or sent from one process to another, without the answer itself.
"""

import copy
import io
import math
import random
import re
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from functools import cache
from textwrap import shorten
from types import CodeType
from typing import Any

import numpy as np
import torch
from torch import Tensor

from helpers.exercises.definition import Exercise
from helpers.exercises.limits import memory_limit, time_limit

GIGABYTES = 2.0


@dataclass(frozen=True)
class Crash:
    """An error that an answer raised: its type, its message, and the answer's own line."""

    kind: str
    message: str
    line: str = ""
    number: int = 0


@dataclass(frozen=True)
class Observation:
    """What an answer did with one case.

    Args:
        value: what it returned, as plain data; ``None`` if it crashed.
        crash: the error it raised, if any.
        after: the arguments after the call, by name.
        changed: the names of those that are other than before.
        left: what it changed for the code that runs after it, such as the gradient mode.
        printed: what it printed.
    """

    value: Any
    crash: Crash | None = None
    after: dict[str, Any] = field(default_factory=dict)
    changed: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    printed: str = ""


def run_code(exercise: Exercise, code: str) -> Any:
    """Return what a piece of a definition defines: the function, class or value."""
    namespace: dict[str, Any] = {"__name__": "exercise"}
    for part in (exercise.setup, code):  # one by one, as cells are compiled
        exec(compile(part, f"<{exercise.name}>", "exec"), namespace)  # noqa: S102 - of our own files
    return namespace[exercise.answer]


def make_cases(
    exercise: Exercise, seed: int = 0
) -> tuple[list[tuple[Any, ...]], Callable[..., Any] | None]:
    """Return the arguments of each case, and the definition's way to observe an answer, if any."""
    namespace: dict[str, Any] = {"__name__": "exercise"}
    code = compile(f"{exercise.setup}\n\n{exercise.cases}", "<cases>", "exec")
    exec(code, namespace)  # noqa: S102 - of our own files
    with seeded(seed):
        cases = [tuple(case) for case in namespace["cases"]()]
    return cases, namespace.get("observe")


def observe_all(exercise: Exercise, answer: Any, seed: int = 0) -> list[Observation]:
    """Run an answer on every case; after a timeout the cases that follow are left out."""
    cases, observe = make_cases(exercise, seed)
    observations = []
    for case in cases:
        observations.append(observe_one(exercise, answer, case, observe))
        crash = observations[-1].crash
        if crash and crash.kind == "TooLongError":
            break
    return observations


def observe_one(
    exercise: Exercise,
    answer: Any,
    case: tuple[Any, ...],
    observe: Callable[..., Any] | None = None,
) -> Observation:
    """Run an answer on copies of the arguments of one case."""
    arguments = copy.deepcopy(case)
    printed = io.StringIO()
    before = global_state()
    value, crash = None, None
    with seeded(), redirect_stdout(printed):
        try:
            with memory_limit(GIGABYTES), time_limit(exercise.seconds):
                result = observe(answer, *arguments) if observe else call(answer, arguments)
            value = freeze(result)
        except (Exception, SystemExit) as error:
            crash = describe(error)
    left = tuple(name for name, now in global_state().items() if now != before[name])
    restore(before)
    names = argument_names(exercise, len(case), observe)
    after = {name: freeze(value) for name, value in zip(names, arguments, strict=True)}
    pairs = zip(names, case, strict=True)
    changed = tuple(name for name, was in pairs if not equal(freeze(was), after[name]))
    return Observation(value, crash, after, changed, left, printed.getvalue()[:500])


def call(answer: Any, arguments: tuple[Any, ...]) -> Any:
    """Call a function or a class with the arguments; a plain value is its own result."""
    return answer(*arguments) if callable(answer) else answer


def argument_names(
    exercise: Exercise, count: int, observe: Callable[..., Any] | None = None
) -> list[str]:
    """Return what ``observe`` calls the arguments of a case, or else what the solution does."""
    code, skipped = (observe.__code__, 1) if observe else (solution_code(exercise), 0)
    names = list(code.co_varnames[skipped : code.co_argcount]) if code else []
    return names if len(names) == count else [f"argument {i + 1}" for i in range(count)]


@cache
def solution_code(exercise: Exercise) -> CodeType | None:
    """Return the code of the solution where it is a function, whose arguments have names."""
    return getattr(run_code(exercise, exercise.solution), "__code__", None)


def describe(error: BaseException) -> Crash:
    """Return an error as plain data, with the last line of the learner's own code in its trace."""
    own = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if "ipykernel" in frame.filename or frame.filename.startswith("<")
    ]
    last = own[-1] if own else None
    message = re.sub(r"\x1b\[[0-9;]*m", "", str(error)).strip().splitlines()  # without colours
    return Crash(
        type(error).__name__,
        shorten(message[0], 300, placeholder=" …") if message else "",
        (last.line or "").strip() if last else "",
        last.lineno or 0 if last else 0,
    )


def freeze(value: Any) -> Any:
    """Return plain data that shares no memory with the value; other objects become their type."""
    if isinstance(value, Tensor):
        return value.detach().clone()
    if isinstance(value, np.ndarray):
        return {"NumPy array": torch.as_tensor(value.copy())}
    if isinstance(value, np.generic):
        return value.item()
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, list | tuple):
        return [freeze(item) for item in value]
    if isinstance(value, dict):
        return {str(key): freeze(item) for key, item in value.items()}
    if isinstance(value, torch.dtype | torch.device):
        return str(value)
    if isinstance(value, torch.nn.Module):
        return {"module": type(value).__name__, "state": freeze(dict(value.state_dict()))}
    return {"object": type(value).__name__}


def equal(a: Any, b: Any, tolerance: float = 0.0) -> bool:
    """Compare plain data: same kinds, shapes and dtypes, and numbers that differ by rounding."""
    if isinstance(a, Tensor) and isinstance(b, Tensor):
        if a.shape != b.shape or a.dtype != b.dtype or a.device != b.device:
            return False
        if not a.dtype.is_floating_point:
            return torch.equal(a, b)
        return torch.allclose(a, b, rtol=tolerance, atol=tolerance / 10, equal_nan=True)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(equal(x, y, tolerance) for x, y in zip(a, b, strict=True))
    if isinstance(a, dict) and isinstance(b, dict):
        return list(a) == list(b) and all(equal(a[key], b[key], tolerance) for key in a)
    if isinstance(a, float | int) and isinstance(b, float | int) and bool not in (type(a), type(b)):
        if not (math.isfinite(a) and math.isfinite(b)):
            return a == b or (a != a and b != b)  # nan is as good as nan
        return abs(a - b) <= tolerance * abs(b) + tolerance / 10
    return type(a) is type(b) and bool(a == b)


def same(a: Observation, b: Observation, tolerance: float) -> bool:
    """Tell whether two answers did the same."""
    if a.crash or b.crash:
        crashes = a.crash, b.crash
        return all(crashes) and len({(c.kind, c.message) for c in crashes if c}) == 1
    return (
        equal(a.value, b.value, tolerance)
        and equal(a.after, b.after, tolerance)
        and set(a.left) == set(b.left)
    )


@contextmanager
def seeded(seed: int = 0) -> Iterator[None]:
    """Seed every generator for the block, and put back the state that each had before."""
    states = random.getstate(), np.random.get_state()
    cuda = torch.cuda.is_initialized()  # type: ignore[no-untyped-call]  # a check does not start it
    with torch.random.fork_rng(range(torch.cuda.device_count()) if cuda else []):
        random.seed(seed)
        np.random.seed(seed)
        torch.manual_seed(seed)
        try:
            yield
        finally:
            random.setstate(states[0])
            np.random.set_state(states[1])


def global_state() -> dict[str, Any]:
    """Return what an answer should leave as it was, by the name that a learner knows."""
    return {
        "the gradient mode (torch.set_grad_enabled)": torch.is_grad_enabled(),
        "the default dtype (torch.set_default_dtype)": torch.get_default_dtype(),
        "the number of threads (torch.set_num_threads)": torch.get_num_threads(),
    }


def restore(state: dict[str, Any]) -> None:
    """Put back what ``global_state`` returned."""
    grad, dtype, threads = state.values()
    torch.set_grad_enabled(grad)
    torch.set_default_dtype(dtype)
    if torch.get_num_threads() != threads:
        torch.set_num_threads(threads)
