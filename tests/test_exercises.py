"""The checks are checked: right answers pass however written, wrong ones get their sentence."""

import builtins
import dataclasses
import functools
import inspect
import signal
import symtable

import pytest
import torch

from helpers import exercises
from helpers.errors import InputError
from helpers.exercises.definition import DEFINITIONS, KINDS, exercise_names, load_exercise, parse
from helpers.exercises.judging import CRASHED, RIGHT, UNTOUCHED, WRONG, expectation, judge
from helpers.exercises.limits import TooLongError, time_limit
from helpers.exercises.observing import equal, run_code
from tests.kernels import exercise_of
from tests.test_notebooks import NAMES as NOTEBOOKS
from tests.test_notebooks import PATHS, read

NAMES = exercise_names()
each_exercise = pytest.mark.parametrize("name", NAMES)


@pytest.fixture(autouse=True)
def own_record(tmp_path, monkeypatch):
    monkeypatch.setenv("WORKBOOK_PROGRESS", str(tmp_path / "progress.jsonl"))


def test_every_definition_is_listed_once():
    files = {f"{p.parent.name}/{p.stem}" for p in DEFINITIONS.glob("*/*.py")}
    assert files == set(NAMES)
    assert len(NAMES) == len(files)


@each_exercise
def test_a_definition_is_whole(name):
    exercise = load_exercise(name)
    assert exercise.kind in KINDS
    assert exercise.level in (1, 2, 3)
    assert 1 <= exercise.minutes <= 15
    assert exercise.right.endswith(".")
    assert len(set(exercise.hints)) == 3
    assert len(exercise.others) >= 2
    assert len(exercise.wrongs) >= 3
    assert all(wrong.sentence.endswith(".") for wrong in exercise.wrongs)
    assert len({wrong.sentence for wrong in exercise.wrongs}) == len(exercise.wrongs)
    assert len(expectation(exercise)) >= (1 if exercise.kind == "choose" else 2)


@each_exercise
def test_the_stub_is_not_attempted_and_does_not_raise(name):
    exercise = load_exercise(name)
    assert judge(exercise, run_code(exercise, exercise.stub)).state == UNTOUCHED


@each_exercise
def test_the_solution_and_other_right_answers_are_right(name):
    exercise = load_exercise(name)
    for code in (exercise.solution, *exercise.others):
        verdict = judge(exercise, run_code(exercise, code))
        assert verdict.state == RIGHT, f"{verdict.message}\n{code}"
        assert verdict.message == exercise.right


@pytest.mark.filterwarnings("ignore")  # PyTorch warns of some of them
@each_exercise
def test_each_known_wrong_answer_gets_its_own_sentence(name):
    exercise = load_exercise(name)
    for wrong in exercise.wrongs:
        verdict = judge(exercise, run_code(exercise, wrong.code))
        assert verdict.state in (WRONG, CRASHED), f"accepted:\n{wrong.code}"
        assert wrong.sentence in verdict.message, f"{verdict.message}\n{wrong.code}"


def altered(function, change):
    """Return a function that changes each result of another."""

    @functools.wraps(function)
    def changed(*arguments):
        return change(function(*arguments))

    del changed.__wrapped__
    return changed


def returns_tensor(exercise):
    """Tell whether a solution is a function whose plain result is one tensor in each case."""
    return "def observe" not in exercise.cases and all(
        isinstance(seen.value, torch.Tensor) for seen in expectation(exercise)
    )


def is_function(name):
    exercise = load_exercise(name)
    return inspect.isfunction(run_code(exercise, exercise.solution))


@pytest.mark.parametrize("name", [name for name in NAMES if is_function(name)])
def test_general_faults_are_told_apart(name):
    exercise = load_exercise(name)
    solution = run_code(exercise, exercise.solution)

    def stop(*arguments):
        raise ValueError("on purpose")

    crashed = judge(exercise, stop)
    assert crashed.state == CRASHED and "ValueError: on purpose" in crashed.message
    if not returns_tensor(exercise):
        return
    for change, said in [
        (lambda y: None, "It returned None"),
        (lambda y: "text", "Got 'text', expected a tensor"),
        (lambda y: y.numpy(force=True), "Got a NumPy array"),
        (lambda y: y.unsqueeze(0), "Got shape"),
        (lambda y: y.to(torch.float16 if y.dtype != torch.float16 else torch.float32), "dtype"),
    ]:
        verdict = judge(exercise, altered(solution, change))
        assert verdict.state == WRONG
        assert said in verdict.message, verdict.message


@pytest.mark.parametrize("path", PATHS, ids=NOTEBOOKS)
def test_a_notebook_holds_its_exercises_as_defined(path):
    group = path.stem[3:]
    cells = read(path).cells
    held = [i for i, c in enumerate(cells) if c.cell_type == "code" and "\ncheck(" in c.source]
    mine = [load_exercise(name) for name in NAMES if name.startswith(f"{group}/")]
    assert [cells[i].source for i in held] == [exercise.cell for exercise in mine]
    assert [cells[i - 1].source for i in held] == [exercise.text for exercise in mine]
    assert len(mine) >= 12
    assert [exercise.kind for exercise in mine].count("repair") >= 2


def names_in(code):
    """Return the names that a cell uses, in functions too, and those that it binds."""
    used, bound, tables = set(), set(), [symtable.symtable(code, "cell", "exec")]
    top = tables[0]
    for table in tables:
        tables += table.get_children()
        for name in table.get_symbols():
            if (table is top or name.is_global()) and name.is_referenced():
                used.add(name.get_name())
            if table is top and (name.is_assigned() or name.is_imported() or name.is_namespace()):
                bound.add(name.get_name())
    return used, bound


@pytest.mark.parametrize("path", PATHS, ids=NOTEBOOKS)
def test_a_solution_finds_its_names_in_the_cells_above(path):
    """So it is right at the first run too, before the cells below have brought more names."""
    known = {*dir(builtins)}
    for cell in (cell for cell in read(path).cells if cell.cell_type == "code"):
        exercise = exercise_of(cell.source)
        for code in [cell.source, *([exercise.solution] if exercise else [])]:
            used, bound = names_in(code)
            if exercise:
                assert used <= known | bound, f"{cell.id}: {used - known - bound}"
        known |= names_in(cell.source)[1]


def test_there_are_at_least_seventy():
    assert len(NAMES) >= 70


# ---------------------------------------------------------------- the machinery

MEANS = "tensors/column-means"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("def f(X):\n    while True: pass", "stopped after 1 s"),
        ("def f(X):\n    try:\n        while True: pass\n    except Exception: pass", "stopped"),
        ("def f(X): return torch.zeros(2**36)", "more memory than a check allows"),
        ("def f(X): return [0] * 2**34", "more memory than a check allows"),
        ("def f(X): return Y", "NameError"),
        ("def f(X): exit()", "SystemExit"),
        ("def f(X):\n    X -= 1\n    return X.mean(0) + 1", "X was changed on the way"),
        ("def f(X): return [1, 2, 3]", "Got a list or tuple of 3, expected a tensor"),
        ("def f(X): return X.view(-1, 5) + X", "The shapes do not fit together"),
        (
            "def f(X): return X.mean(0).view(-1).backward()",
            "A tensor here does not ask for gradients",
        ),
        ("def f(X): return None + X", "A value is None here"),
        ("def f(X): return {}['mean']", "There is no such key"),
        ("class f:\n    def __init__(self, X): pass", "an object of type f, expected a tensor"),
        ("def f(X): return X[9, 9, 9]", "An index, or a `dim`, does not fit the shape"),
        ("def f(X):\n    torch.set_grad_enabled(False)\n    return X.mean(0)", "gradient mode"),
        ("def f(X):\n    print('here')\n    return X", "It printed: here"),
    ],
)
def test_whatever_an_answer_does_ends_in_a_sentence(code, said):
    exercise = dataclasses.replace(load_exercise(MEANS), seconds=1.0)
    namespace = {"torch": torch}
    exec(code, namespace)
    verdict = judge(exercise, namespace["f"])
    assert verdict.state in (WRONG, CRASHED)
    assert said in verdict.message
    assert torch.is_grad_enabled()


def test_a_loop_without_an_end_where_interrupts_are_ignored():
    """As in a program that a shell has started in the background."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with pytest.raises(TooLongError), time_limit(0.2):
            while True:
                pass
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_case_says_what_its_numbers_alone_do_not_show():
    exercise = load_exercise(MEANS)
    apart = exercise.cases.replace(
        "def cases():", "def cases():\n    yield (torch.ones(2, 3).T,)", 1
    )
    exercise = dataclasses.replace(exercise, cases=apart, name="tensors/apart")
    verdict = judge(exercise, lambda X: X.mean(1))
    assert "1.0]] (not contiguous)" in verdict.message


def test_an_error_outside_of_the_answer_says_so():
    exercise = load_exercise("mnist/scores-and-labels")
    verdict = judge(exercise, functools.partial(len))
    assert verdict.state == CRASHED and "where the check used your answer" in verdict.message


def test_a_chosen_value_is_shown_as_it_was_typed():
    verdict = judge(load_exercise("tensors/strides"), "1, 2")
    assert verdict.message.startswith("Your answer: '1, 2'.")


def test_several_changed_arguments_are_listed():
    exercise = load_exercise("linear_regression/linear-prediction")

    def answer(*arguments):
        result = run_code(exercise, exercise.solution)(*arguments)
        for argument in arguments:
            argument += 1
        return result

    message = judge(exercise, answer).message
    assert " and " in message and "were changed on the way" in message


def test_an_import_is_not_cut_off(tmp_path, monkeypatch):
    slow = tmp_path / "slow_to_import.py"
    slow.write_text("import time\ntime.sleep(1.5)\nready = True\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    with time_limit(0.5):
        import slow_to_import
    assert slow_to_import.ready
    with pytest.raises(TooLongError), time_limit(0.5):
        while True:
            pass


def test_numbers_are_compared_as_numbers():
    inf, nan = float("inf"), float("nan")
    for a, b in [(1, 1.0), (1.0, 1.00001), (inf, inf), (nan, nan), (0, 0.0)]:
        assert equal(a, b, 1e-4) and equal(b, a, 1e-4)
    for a, b in [
        (1.0, inf),
        (-inf, inf),
        (1.0, nan),
        (inf, nan),
        (1.0, 1.001),
        (1, True),
        (0, "0"),
    ]:
        assert not equal(a, b, 1e-4) and not equal(b, a, 1e-4)


def test_a_check_leaves_the_random_numbers_alone():
    torch.manual_seed(7)
    expected = torch.rand(3)
    torch.manual_seed(7)
    judge(load_exercise(MEANS), lambda X: X.mean(0) + torch.rand(1))
    assert torch.equal(torch.rand(3), expected)


def test_a_check_prints_and_progress_is_kept(capsys):
    def column_means(X):
        return X.mean(dim=1)

    exercises.check(MEANS, ...)
    assert capsys.readouterr().out.startswith("Not attempted yet.")
    exercises.check(MEANS, column_means)
    assert "Not yet. This is the mean of each row" in capsys.readouterr().out
    exercises.progress("tensors")
    assert "0 of" in capsys.readouterr().out
    exercises.progress("tensors")
    assert "column-means           not yet (1 tried)" in capsys.readouterr().out
    exercises.check(MEANS, lambda X: X.mean(0))
    assert "tensors: 1 of 14 right" in capsys.readouterr().out
    exercises.progress("tensors")
    table = capsys.readouterr().out.splitlines()
    assert "column-means           right" in table
    assert len(table) == 14 + 2
    exercises.progress()
    assert "mnist                  0 of" in capsys.readouterr().out
    exercises.reset(MEANS)
    exercises.progress("tensors")
    assert "0 of" in capsys.readouterr().out


def test_hints_come_one_by_one_and_the_solution_after_an_attempt(capsys):
    exercise = load_exercise(MEANS)
    for text in exercise.hints:
        exercises.hint(MEANS)
        assert text in capsys.readouterr().out
    exercises.hint(MEANS)
    assert "Try once yourself first" in capsys.readouterr().out
    exercises.hint(MEANS)
    assert exercise.solution in capsys.readouterr().out
    exercises.reset()
    exercises.check(MEANS, lambda X: X)
    for _ in range(4):
        exercises.hint(MEANS)
    assert exercise.solution in capsys.readouterr().out


def test_a_hint_is_folded_where_a_page_can_fold(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.core.getipython.get_ipython", object)
    monkeypatch.setattr("IPython.display.display", lambda page, raw: shown.append(page))
    for _ in range(2):
        exercises.hint(MEANS)
    hint = load_exercise(MEANS).hints[1]
    assert shown[1]["text/plain"] == f"Hint 2 of 3:\n{hint}"
    assert shown[1]["text/html"].startswith("<details><summary>Hint 2 of 3</summary><p>")
    assert "<code>X.mean(dim=...)</code> makes" in shown[1]["text/html"]


def test_a_damaged_record_is_read_as_far_as_it_goes(tmp_path, capsys):
    (tmp_path / "progress.jsonl").write_bytes(b'\xff{"exer\n[1]\n"x"\n{"exercise": "a/b"}\n')
    exercises.check(MEANS, lambda X: X.mean(0))
    exercises.progress("tensors")
    assert "1 of" in capsys.readouterr().out


def test_progress_that_cannot_be_written_is_known_until_the_kernel_stops(
    tmp_path, monkeypatch, capsys, seen
):
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("WORKBOOK_PROGRESS", str(tmp_path / "file" / "progress.jsonl"))
    exercises.check(MEANS, lambda X: X.mean(0))
    said = capsys.readouterr().out
    assert "cannot be written" in said and "tensors: 1 of 14 right" in said
    for text in load_exercise(MEANS).hints:
        exercises.hint(MEANS)
        assert text in (shown := capsys.readouterr().out) and "cannot" not in shown
    (sentence,) = (line for line in said.splitlines() if "cannot be written" in line)
    seen(sentence.replace(str(tmp_path), "…"))


def test_an_unknown_name_gets_a_sentence():
    with pytest.raises(InputError, match="No notebook is called 'tensor'"):
        exercises.progress("tensor")
    for name in ("tensors/none", "none", "tensors/../x", ""):
        with pytest.raises(InputError, match="There is no exercise"):
            exercises.check(name, 1)


def test_a_definition_with_a_missing_part_is_refused():
    text = (DEFINITIONS / f"{MEANS}.py").read_text(encoding="utf-8")
    with pytest.raises(InputError, match="solution"):
        parse("a/b", text.replace("# %% solution", "# %% answer"))
