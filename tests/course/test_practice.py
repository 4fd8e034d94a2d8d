"""The practice checks against wrong answers that students give, and right ones of another style."""

import importlib

import numpy as np
import pytest

from tl_helpers.course import check
from tl_helpers.course.sources import lesson_sources

LESSONS = [
    importlib.import_module(f".practice.lesson_{source.stem[:2]}", __package__)
    for source in lesson_sources()
]
WRONG = [case for lesson in LESSONS for case in lesson.WRONG]
RIGHT = [case for lesson in LESSONS for case in lesson.RIGHT]


@pytest.mark.parametrize(
    ("exercise", "answer", "words"),
    [pytest.param(e, answer, words, id=f"{e}: {what}") for e, what, answer, words in WRONG],
)
def test_a_wrong_answer_is_told_what_is_wrong(exercise, answer, words):
    result = check(exercise, answer)
    assert not result.passed
    assert words in result.message


@pytest.mark.parametrize(
    ("exercise", "answer"),
    [pytest.param(e, answer, id=f"{e}: {what}") for e, what, answer in RIGHT],
)
def test_a_right_answer_of_another_style_passes(exercise, answer):
    result = check(exercise, answer)
    assert result.passed, result.message


EXERCISES = sorted({e for e, *_ in WRONG})


@pytest.mark.parametrize("exercise", EXERCISES)
@pytest.mark.parametrize(
    "given",
    ["text", [], {}, [[1], [1, 2]], ..., float("nan"), 1e300, 1j, [None], np.array("a"), print, ()],
    ids=str,
)
def test_what_makes_no_sense_is_told_so_and_not_called_an_error(exercise, given):
    result = check(exercise, lambda *_, **__: given)
    assert not result.passed
    assert "stopped with" not in result.message
