"""Predictions are kept, and looked back at."""

import json
import os
from pathlib import Path

import pytest

from tl_helpers.evaluate import Answer, Interval
from tl_helpers.plots import intuition
from tl_helpers.widgets import Predict, predictions
from tl_helpers.widgets.journal import FILE


def sure(value):
    """An interval that leaves no doubt."""
    return Interval(value, value, value)


def number(key="02.gap"):
    return Predict("How many points?", (-20, 60, 1), key=key, unit="points")


def choice(key="00.way"):
    return Predict("Which?", ["full", "head", "neither"], key=key)


def test_what_was_locked_in_is_kept_with_what_was_measured():
    first = number().lock(10)
    assert not Path(FILE).exists()  # what is not known yet is no lesson
    first.reveal(sure(30))
    choice().lock("head").reveal(Answer(("head",)))
    number("02.free").reveal(sure(5))  # nothing was locked in
    kept = predictions()
    assert kept["key"].tolist() == ["00.way", "02.gap"]
    assert kept["predicted"].tolist() == ["head", 10]
    assert kept["measured"].tolist() == ["head", 30]
    # 20 of a scale of 80; a blind guess on it is 0.625²/2 + 0.375²/2 of it away from 30.
    assert kept["off"].tolist() == [0, 0.25]
    assert kept["chance"].tolist() == pytest.approx([2 / 3, 0.2656], abs=1e-3)


def test_what_the_runs_leave_open_is_right_either_way():
    both = Answer(("full", "head"))
    choice("01.a").lock("head").reveal(both)
    choice("01.b").lock("neither").reveal(both)
    kept = predictions()
    assert kept["off"].tolist() == [0, 1]
    assert kept["chance"].tolist() == pytest.approx([1 / 3, 1 / 3], abs=1e-3)
    assert kept["measured"].tolist() == ["full or head"] * 2


def test_the_first_prediction_of_a_question_counts():
    number().lock(10).reveal(sure(30))
    number().lock(30).reveal(sure(30))
    assert len(Path(FILE).read_text().splitlines()) == 2
    assert predictions()["off"].tolist() == [0.25]


def test_an_answer_beyond_the_scale_is_at_its_end():
    number().lock(-20).reveal(sure(90))
    number("02.top").lock(60).reveal(sure(90))
    assert predictions()["off"].tolist() == [1.0, 0.0]
    assert predictions()["chance"].tolist() == [0.5, 0.5]


def test_another_folder_and_none_yet(tmp_path):
    assert predictions(tmp_path / "none").empty
    Path("class").mkdir()
    os.rename(_made(), "class/" + FILE)
    assert predictions("class")["key"].tolist() == ["02.gap"]


def _made():
    number().lock(10).reveal(sure(30))
    return FILE


@pytest.mark.parametrize("line", ["{", json.dumps({"key": "02.gap"}), "[1]"])
def test_a_line_that_is_no_prediction_is_named_and_nothing_is_lost(line):
    text = Path(_made()).read_text() + line + "\n"
    Path(FILE).write_text(text)
    with pytest.raises(ValueError, match=r"predictions\.jsonl, line 2 is not a prediction"):
        predictions()
    assert Path(FILE).read_text() == text


def test_where_it_cannot_be_kept_the_lesson_goes_on():
    Path(FILE).mkdir()
    assert "It is not kept for later:" in number().lock(10).reveal(sure(30))


def test_the_picture_says_each_lessons_mean_and_that_of_blind_guesses():
    number().lock(10).reveal(sure(30))
    number("02.other").lock(30).reveal(sure(30))
    choice().lock("head").reveal(Answer(("full",)))
    figure = intuition(predictions())
    assert figure.layout.meta["alt"] == (
        "How far off you were: lesson 00, 1 prediction: 100 % off, blind guesses 67 %; "
        "lesson 02, 2 predictions: 12 % off, blind guesses 27 %"
    )
    means = {trace.name: list(trace.y) for trace in figure.data}
    assert means["your mean"] == pytest.approx([100, 12.5])


def test_without_predictions_the_picture_says_so():
    assert "no prediction is kept yet" in intuition(predictions()).layout.meta["alt"]
    with pytest.raises(ValueError, match="no column"):
        intuition(predictions().drop(columns="off"))
