"""A guess is taken in whatever form it is typed, and each wrong one has its own answer."""

import math

import numpy as np
import pytest
import torch

from helpers.errors import InputError
from helpers.predictions import MODULES, Prediction, check_guess, find_prediction, plain, verdict

NUMBER = Prediction(
    asks="a whole number", right="Because.", wrong={300: "Too much."}, low="Low.", high="High."
)
SHAPE = Prediction(asks="a shape", right="Because.", wrong={(2, 3): "Turned."})
WORD = Prediction(choices=("view", "copy"), right="Because.", wrong={"copy": "Not a copy."})
YES = Prediction(choices=("yes", "no"), right="Because.", wrong={"no": "It does."})


@pytest.mark.parametrize("guess", [..., None])
def test_no_guess_is_not_wrong_and_tells_nothing(guess):
    said = verdict(NUMBER, guess, 44)
    assert said.startswith("No guess yet. Type a whole number")
    assert "44" not in said


@pytest.mark.parametrize(
    ("prediction", "guess", "actual"),
    [
        *(
            (NUMBER, guess, 44)
            for guess in (44, 44.0, "44", " 44 ", torch.tensor(44), np.int64(44))
        ),
        (NUMBER, 44, torch.tensor(44)),
        *(
            (SHAPE, guess, torch.Size([3]))
            for guess in (3, (3,), [3], "(3,)", "[3]", torch.Size([3]))
        ),
        *((SHAPE, guess, (3, 2)) for guess in ([3, 2], (3, 2), "3, 2", torch.tensor([3, 2]))),
        *((WORD, guess, "view") for guess in ("view", "View ", "VIEW")),
        *((YES, guess, "yes") for guess in ("yes", True, "Yes", "True")),
        *((WORD, guess, "view") for guess in ("'view'", '"view"')),
        (Prediction(choices=("none", "one"), right="Because.", wrong={}), "None", "none"),
        (NUMBER, "50%", 50),
        (NUMBER, math.inf, torch.tensor(math.inf)),
        (NUMBER, "nan", math.nan),
        (SHAPE, torch.float32, torch.float32),
        (SHAPE, "float32", torch.float32),
        (SHAPE, "torch.float32", torch.float32),
        (SHAPE, True, True),
    ],
)
def test_a_right_guess_is_right_however_it_is_written(prediction, guess, actual):
    assert verdict(prediction, guess, actual).startswith("Right: ")
    assert verdict(prediction, guess, actual).endswith("Because.")


@pytest.mark.parametrize(
    ("prediction", "guess", "actual", "answer"),
    [
        (NUMBER, 300, 44, "You said 300; the code gives 44. Too much."),
        (NUMBER, "300", 44, "Too much."),
        (NUMBER, 3, 44, "Low."),
        (NUMBER, 45, 44, "High."),
        (NUMBER, 100_000_001, 100_000_000, "High."),
        (NUMBER, math.nan, 44, "High."),
        (SHAPE, [2, 3], (3, 2), "Turned."),
        (SHAPE, (3,), (3, 2), "You said (3,); the code gives (3, 2). Because."),
        (SHAPE, 3, (3, 2), "Because."),
        (WORD, "Copy", "view", "Not a copy."),
        (YES, False, "yes", "It does."),
        (Prediction("Because.", {784: "All of it."}, "a shape"), (784,), (1, 28), "All of it."),
    ],
)
def test_a_wrong_guess_is_answered(prediction, guess, actual, answer):
    said = verdict(prediction, guess, actual)
    assert said.startswith("You said ") and said.endswith(answer)


@pytest.mark.parametrize(
    ("prediction", "guess", "actual"),
    [(NUMBER, "many", 44), (NUMBER, True, 44), (WORD, "both", "view"), (WORD, 3, "view")],
)
def test_what_cannot_be_an_answer_is_sent_back(prediction, guess, actual):
    said = verdict(prediction, guess, actual)
    assert "cannot be the answer here. Type " in said
    assert "44" not in said


def test_a_tolerance_makes_a_near_guess_right():
    near = Prediction(asks="a percentage", right="Because.", wrong={}, within=2.0)
    assert verdict(near, 96, 97.5).startswith("Right: 97.5.")
    assert verdict(near, 95, 97.5).startswith("You said 95")


def test_a_name_that_is_not_there_gets_a_sentence():
    for name in ("tensors/nothing", "nothing/uint8-sum", "uint8-sum", ""):
        with pytest.raises(InputError, match="There is no question"):
            check_guess(name, 1, 1)


def test_the_verdict_is_printed(capsys):
    check_guess("tensors/uint8-sum", 300, 44)
    assert capsys.readouterr().out.startswith("You said 300; the code gives 44.")


@pytest.mark.parametrize("module", MODULES)
def test_every_question_can_be_answered(module):
    from importlib import import_module

    for name in import_module(f"helpers.predictions.{module}").PREDICTIONS:
        question = find_prediction(f"{module}/{name}")
        assert question.instruction and question.right.endswith(".")
        assert len(question.wrong) >= 1, name
        for guess, sentence in question.wrong.items():
            assert sentence.endswith("."), name
            if question.choices:
                assert plain(guess) in [plain(choice) for choice in question.choices], name
        if question.choices:
            assert len(question.wrong) == len(question.choices) - 1, name
        else:
            assert question.asks
