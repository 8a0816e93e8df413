"""Change every solution by machine, one place at a time: the check must reject each mutant.

``python -m tests.mutate [names]`` prints the score and the survivors. A survivor that does the same
as the solution for every input stands in ``equivalent_mutants.toml`` with its reason; the command
fails on any other one, and on an entry that no longer survives.
"""

import ast
import copy
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from helpers.exercises.definition import Exercise, exercise_names, load_exercise
from helpers.exercises.judging import RIGHT, judge
from helpers.exercises.observing import run_code

EQUIVALENT = Path(__file__).parent / "equivalent_mutants.toml"
OPERATORS = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult,
    ast.Pow: ast.Mult, ast.Mod: ast.FloorDiv, ast.FloorDiv: ast.Mod, ast.MatMult: ast.Mult,
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.And: ast.Or, ast.Or: ast.And, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip
METHODS = {
    "sum": "mean", "mean": "sum", "max": "min", "min": "max", "argmax": "argmin",
    "argmin": "argmax", "amax": "amin", "amin": "amax", "zeros": "ones", "ones": "zeros",
    "zeros_like": "ones_like", "ones_like": "zeros_like", "train": "eval", "eval": "train",
    "float": "double", "exp": "log", "log": "exp", "unsqueeze": "squeeze",
}  # fmt: skip


def mutants(code: str) -> Iterator[tuple[str, str]]:
    """Yield what was changed, and the code with that one change."""
    tree = ast.parse(code)
    for index, node in enumerate(ast.walk(tree)):
        for said, change in changes(node):
            mutant = copy.deepcopy(tree)
            target = next(n for i, n in enumerate(ast.walk(mutant)) if i == index)
            change(target)
            text = ast.unparse(ast.fix_missing_locations(mutant))
            if text != ast.unparse(tree):
                yield f"line {getattr(node, 'lineno', 0)}: {said}", text


def changes(node):
    """Return the changes that can be made to one node, each a word and a function."""
    found = []
    if isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in OPERATORS:
        new = OPERATORS[type(node.op)]
        found.append((f"{type(node.op).__name__} to {new.__name__}", setter("op", new())))
    if isinstance(node, ast.BoolOp):
        new = OPERATORS[type(node.op)]
        found.append((f"{type(node.op).__name__} to {new.__name__}", setter("op", new())))
    if isinstance(node, ast.Compare) and type(node.ops[0]) in OPERATORS:
        new = OPERATORS[type(node.ops[0])]
        found.append((f"comparison to {new.__name__}", setter("ops", [new(), *node.ops[1:]])))
    if isinstance(node, ast.Constant):
        if isinstance(node.value, bool):
            found.append((f"{node.value} to {not node.value}", setter("value", not node.value)))
        elif isinstance(node.value, int | float):
            for value in (node.value + 1, node.value * 2 if node.value else -1):
                found.append((f"{node.value} to {value}", setter("value", value)))
    if isinstance(node, ast.Attribute) and node.attr in METHODS:
        new = METHODS[node.attr]
        found.append((f"{node.attr} to {new}", setter("attr", new)))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.Not):
        sign = ast.UAdd() if isinstance(node.op, ast.USub) else None
        if sign:
            found.append(("minus left out", setter("op", sign)))
    if isinstance(node, ast.Call) and node.keywords:
        for i, keyword in enumerate(node.keywords):
            rest = [k for j, k in enumerate(node.keywords) if j != i]
            found.append((f"{keyword.arg} left out", setter("keywords", rest)))
    for part in ("body", "orelse"):
        block = getattr(node, part, None)
        if isinstance(block, list):
            for i, statement in enumerate(block):
                if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
                    continue  # a docstring
                if isinstance(statement, ast.Expr | ast.AugAssign | ast.Return | ast.If):
                    less = [*block[:i], ast.Pass(), *block[i + 1 :]]
                    first = ast.unparse(statement).splitlines()[0]
                    found.append((f"left out: {first}", setter(part, less)))
    return found


def setter(field, value):
    """Return a function that sets a field of a node."""
    return lambda node: setattr(node, field, copy.deepcopy(value))


def survivors(exercise: Exercise) -> tuple[int, list[str]]:
    """Return how many mutants there are, and what was changed in those that are accepted."""
    count, alive = 0, []
    for said, code in mutants(exercise.solution):
        count += 1
        try:
            answer = run_code(exercise, code)
        except Exception:
            continue  # it cannot even be defined
        if judge(exercise, answer).state == RIGHT:
            alive.append(said)
    return count, alive


def main(names: list[str]) -> int:
    """Run the mutants of all exercises, or of those named; return 1 if the check misses one."""
    known = tomllib.loads(EQUIVALENT.read_text(encoding="utf-8"))
    total = missed = equivalent = 0
    for name in names or exercise_names():
        exercise = load_exercise(name)
        count, alive = survivors(exercise)
        reasons = known.get(name, {})
        total += count
        equivalent += sum(said in reasons for said in alive)
        for said in alive:
            if said not in reasons:
                missed += 1
                print(f"SURVIVES {name}: {said}")
        for said in set(reasons) - set(alive):
            missed += 1
            print(f"no survivor any more: {name}: {said}")
    real = total - equivalent
    print(f"{total} mutants, {equivalent} proven equivalent, {missed} missed: ", end="")
    print(f"score {100 * (real - missed) / max(real, 1):.1f} %")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
