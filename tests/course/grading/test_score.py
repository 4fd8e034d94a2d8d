"""What an answer is worth."""

from pathlib import Path

import numpy as np
import pytest

from tl_helpers.course.assignments import assignment_sources, read_assignment
from tl_helpers.course.grading import score
from tl_helpers.course.grading.artefacts import Artefacts
from tl_helpers.course.sources import CourseError

TINY = Path(__file__).with_name("90_tiny.py")
KEY = bytes(range(32))


@pytest.fixture(scope="module")
def graded():
    return score.prepare(read_assignment(TINY), KEY, "ada")


def found(graded, change=lambda of, value: value, ended=True):
    values = {
        (g.exercise.number, c): change((g.exercise.number, c), v)
        for g in graded
        for c, v in g.right.items()
    }
    return Artefacts(
        values={of: v for of, v in values.items() if v is not None}, began=True, ended=ended
    )


def test_all_right_is_all_points(graded):
    results = score.score(graded, found(graded), None)
    assert [(r["points"], r["of"]) for r in results] == [(4, 4), (2, 2)]
    assert all(case["reason"] is None for r in results for case in r["cases"].values())


def test_each_case_counts_alike(graded):
    wrong = found(graded, lambda of, v: v + 1 if of == ("90.1", "many") else v)
    first, second = score.score(graded, wrong, None)
    assert (first["points"], second["points"]) == (3, 2)
    assert first["cases"]["many"] == {"right": 0.0, "reason": "it gives another answer"}


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (np.zeros(7), "shape (3,) is expected, it gives (7,)"),
        (np.full(3, np.nan), "not finite"),
        (3.0, "a number, not an array"),
        ("text", "a text, not an array"),
    ],
)
def test_a_reason_says_what_is_different_and_not_what_is_right(graded, value, told):
    wrong = found(graded, lambda of, v: value if of == ("90.1", "many") else v)
    reason = score.score(graded, wrong, None)[0]["cases"]["many"]["reason"]
    assert told in reason
    right = graded[0].right["many"]
    assert not any(f"{number:.3f}" in reason for number in right)


def test_none_and_what_is_missing(graded):
    nothing = found(graded, lambda of, v: None)
    nothing.values["90.1", "many"] = None
    cases = score.score(graded, nothing, None)[0]["cases"]
    assert cases["many"]["reason"] == "it gives None"
    assert cases["one"]["reason"] == "there is no weighted in the notebook"


def test_a_run_that_was_stopped_keeps_what_was_answered(graded):
    part = found(graded, lambda of, v: v if of[1] in ("one", "many") else None, ended=False)
    first, second = score.score(graded, part, "it took longer than 300 s")
    assert (first["points"], second["points"]) == (2, 0)
    assert first["cases"]["wide"]["reason"] == "not reached: it took longer than 300 s"
    first, _ = score.score(graded, part, None)
    assert "ended early" in first["cases"]["wide"]["reason"]


def test_an_error_is_told_with_its_line_but_not_with_what_is_graded(graded):
    hidden = read_assignment(TINY).exercises[0].hidden
    error = {"type": "ValueError", "text": "bad", "line": 3}
    failed = Artefacts(failed={("90.1", "one"): error}, ended=True)
    reason = score.score(graded, failed, None)[0]["cases"]["one"]["reason"]
    assert reason == "ValueError: bad (line 3 of your cell)"
    error["text"] = "look: " + hidden
    reason = score.score(graded, failed, None)[0]["cases"]["one"]["reason"]
    assert reason == "ValueError: (not shown) (line 3 of your cell)"


def test_students_have_their_own(graded):
    other = score.prepare(read_assignment(TINY), KEY, "grace")
    assert not score.close(graded[0].right, other[0].right)
    assert score.close(graded[0].right, score.prepare(read_assignment(TINY), KEY, "ada")[0].right)
    assert not score.close(
        graded[0].right, score.prepare(read_assignment(TINY), bytes(32), "ada")[0].right
    )


@pytest.mark.parametrize(
    ("got", "right", "same"),
    [
        (1, 1.0, True),
        (1.0000001, 1, True),
        (1.1, 1, False),
        (True, 1, True),
        ("a", "a", True),
        ("1", 1, False),
        (None, 0, False),
        ([1, 2], np.array([1, 2]), True),
        (np.array([1.0, 2.0]), [1, 2], True),
        (np.ones((2, 1)), np.ones(2), False),
        (np.array([np.nan, 1]), np.array([np.nan, 1]), True),
        (np.array([np.nan, 1]), np.array([0.0, 1]), False),
        (np.array([np.inf]), np.array([1.0]), False),
        ({"a": 1}, {"a": 1, "b": 2}, False),
        ({"a": [1, "x"]}, {"a": [1, "x"]}, True),
        (["x"], ["x", "y"], False),
        ([], [], True),
        ({}, 1, False),
        (0.0, 1e-9, True),
        (np.zeros(1000), np.r_[np.zeros(999), 0.01], False),
    ],
)
def test_close(got, right, same):
    assert score.close(got, right) is same


def test_a_solution_that_fails_its_own_case_is_told(tmp_path):
    path = tmp_path / "90_bad.py"
    fails = "v = {9: 1}[len(w)] if len(w) < 5 else w**POWER"
    path.write_text(TINY.read_text().replace("v = w**POWER", fails))
    with pytest.raises(CourseError, match=r"90.1 fails on its case 'one': KeyError"):
        score.prepare(read_assignment(path), KEY, "ada")
    path.write_text(TINY.read_text().replace("v = w**POWER", 'raise KeyError("oops")'))
    with pytest.raises(CourseError, match=r"90_bad.py: the instructor's code fails: KeyError"):
        score.prepare(read_assignment(path), KEY, "ada")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("· 4 points, 5 minutes", "· 4 points", "should begin with"),
        ("**Objective.** Weigh.", "", "needs a line"),
        ('tl.check("90.1", weighted, me)', 'tl.check("90.1", weighted)', "needs a line"),
        ("def cases(rng):\n    def inputs", "def case(rng):\n    def inputs", "a function cases"),
    ],
)
def test_a_source_that_is_not_as_it_should_be_is_told(tmp_path, old, new, told):
    path = tmp_path / "90_bad.py"
    text = TINY.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(CourseError, match=told):
        read_assignment(path)


def test_there_is_no_such_assignment():
    with pytest.raises(CourseError, match="no assignment 77; there are"):
        read_assignment("77")
    with pytest.raises(CourseError, match="no assignment at"):
        read_assignment("/nowhere/90_x.py")


@pytest.mark.parametrize(
    "value",
    [
        10**400,
        float("inf"),
        float("nan"),
        {"a": np.zeros(3)},
        [np.zeros(2), None],
        np.zeros((0, 3)),
    ],
)
def test_strange_answers_are_wrong_and_no_more(graded, value):
    wrong = found(graded, lambda of, v: value)
    assert [r["points"] for r in score.score(graded, wrong, None)] == [0, 0]


def emptied(value):
    """The same with nothing in it: what NumPy compares with anything and finds no difference."""
    if isinstance(value, dict):
        return {k: emptied(v) for k, v in value.items()}
    if isinstance(value, list) and not score._numbers(value):
        return [emptied(v) for v in value]
    return "" if isinstance(value, str) else np.zeros((0, 1))


@pytest.mark.parametrize("number", assignment_sources())
def test_nothing_is_not_right_anywhere(number):
    for one in score.prepare(read_assignment(number), KEY, "ada"):
        for case, right in one.right.items():
            share, _ = score._share(one.same, emptied(right), right, one.cases[case])
            assert share == 0, (one.exercise.number, case)
            share, _ = score._share(one.same, right, right, one.cases[case])
            assert share == 1, (one.exercise.number, case)
