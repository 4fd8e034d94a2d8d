import pytest
import traitlets
from hypothesis import given
from hypothesis import strategies as st

from tl_helpers.evaluate import Answer, Interval, interval
from tl_helpers.widgets import Predict

OPTIONS = ["scratch", "about equal", "fine-tuned"]


def choice():
    return Predict("Which is better?", OPTIONS, key="02.a")


def number():
    return Predict("How large is the gain?", (-10, 40, 5), key="02.b", unit="points")


def test_lock_commits_once():
    predict = choice()
    assert (predict.locked, predict.value) == (False, None)
    predict.lock("scratch")
    assert (predict.locked, predict.value) == (True, "scratch")
    with pytest.raises(RuntimeError, match="“scratch” is locked in and cannot be changed"):
        predict.lock("fine-tuned")
    with pytest.raises(traitlets.TraitError, match="cannot be changed"):
        predict.value = "fine-tuned"
    with pytest.raises(traitlets.TraitError, match="cannot be unlocked"):
        predict.locked = False
    assert predict.value == "scratch"


def test_a_message_from_the_browser_locks_once():
    predict = number()
    predict.set_state({"locked": True, "value": 15})
    assert (predict.locked, predict.value) == (True, 15.0)
    with pytest.raises(traitlets.TraitError):
        predict.set_state({"value": 20})
    assert predict.value == 15.0


def test_nothing_to_lock():
    with pytest.raises(traitlets.TraitError, match="no prediction was made"):
        choice().locked = True
    with pytest.raises(ValueError, match="is not an option; expected"):
        choice().lock("both")
    with pytest.raises(ValueError, match="outside -10"):
        number().lock(50)


def one(option, why=""):
    return Answer((option,), why)


def within(mean, half):
    return Interval(mean, mean - half, mean + half)


def test_reveal_of_a_choice(capsys):
    answer = one("fine-tuned", "It is 13.2 points (9.0 to 17.4).")
    text = choice().lock("scratch").reveal(answer, "Over five seeds.")
    assert text == (
        "You said “scratch”; measured “fine-tuned”: not as predicted. "
        "It is 13.2 points (9.0 to 17.4). Over five seeds."
    )
    assert text in capsys.readouterr().out
    assert choice().lock("scratch").reveal(one("scratch")).endswith(": as you predicted.")


@pytest.mark.parametrize("said", ["scratch", "fine-tuned", "about equal"])
def test_whoever_is_within_noise_is_not_told_to_be_wrong(said):
    text = choice().lock(said).reveal(Answer(("fine-tuned", "scratch")))
    assert text == (
        f"You said “{said}”; too close to call between “fine-tuned” and “scratch”: "
        "you may be right."
    )


def test_what_the_runs_rule_out_is_still_wrong():
    predict = Predict("Which?", ["a", "b", "c"], key="k").lock("c")
    text = predict.reveal(Answer(("a", "b")))
    assert text == "You said “c”; too close to call between “a” and “b”: not as predicted."
    text = choice().lock("about equal").reveal(one("scratch"))
    assert text.endswith("measured “scratch”: not as predicted.")


@pytest.mark.parametrize(
    ("said", "measured", "text"),
    [
        (5, within(13.24, 3), "(95 % interval 10.2 to 16.2): 8.2 points more."),
        (40, within(-2, 1), "measured −2.0 points (95 % interval −3.0 to −1.0): 42.0 points less."),
        (15, within(13.24, 0.5), "interval 12.7 to 13.7): as close as the scale allows."),
        (10, within(13.24, 4), "(95 % interval 9.2 to 17.2): too close to call, you are within"),
        (40, within(55.0, 2), "(95 % interval 53.0 to 57.0): 15.0 points more."),
        (10, interval([13.24]), "You said 10 points; measured 13.2 points: 3.2 points more."),
    ],
)
def test_reveal_of_a_number(said, measured, text):
    assert text in number().lock(said).reveal(measured)


@given(
    said=st.integers(-2, 8).map(lambda k: 5 * k),
    mean=st.floats(-20, 60),
    half=st.floats(0, 40),
)
def test_no_number_within_the_interval_is_called_wrong(said, mean, half):
    Predict._waiting.clear()  # what an earlier example has locked in
    text = number().lock(said)._verdict(within(mean, half))
    wrong = "points more" in text or "points less" in text
    assert wrong == (not mean - half <= said <= mean + half and abs(mean - said) > 2.5)


def test_reveal_without_a_prediction_goes_on():
    predict = number()
    assert predict.reveal(within(13.24, 4)) == (
        "No prediction was locked in; measured 13.2 points (95 % interval 9.2 to 17.2)."
    )
    assert predict.answer == pytest.approx([13.24, 9.24, 17.24])
    assert predict.value is None
    text = choice().reveal(one("scratch"))
    assert text == "No prediction was locked in; measured “scratch”."


def test_a_page_gets_no_nan():
    predict = number()
    predict.reveal(interval([3.0]))
    assert predict.answer == [3.0]


def test_reveal_displays_once(capsys):
    text = number().reveal(within(3, 1))
    assert capsys.readouterr().out.count("measured 3.0 points") == 1
    text._ipython_display_()  # what a cell does that ends with it
    assert capsys.readouterr().out == ""


def test_percent_differences_are_points():
    predict = Predict("Accuracy?", (0, 1, 0.25), key="k", unit="%").lock(0.5)
    text = predict.reveal(within(1, 0.1))
    # no more than all of them
    assert text.endswith("measured 1.000 % (95 % interval 0.900 to 1.000): 0.500 points more.")


@pytest.mark.parametrize("answer", [13.24, float("nan"), "many", None, (1, 0, 2)])
def test_a_bare_number_says_nothing_of_noise(answer):
    with pytest.raises(TypeError, match=r"expected an interval over seeds.*tl\.evaluate\.interval"):
        number().reveal(answer)


@pytest.mark.parametrize("answer", ["scratch", ["scratch"], within(1, 1)])
def test_neither_does_a_bare_option(answer):
    with pytest.raises(TypeError, match=r"expected what tl\.evaluate\.leading, placed or earliest"):
        choice().reveal(answer)


def test_an_answer_must_be_one_to_the_question():
    with pytest.raises(ValueError, match=r"answer \['both'\] is not an option; expected"):
        choice().reveal(one("both"))
    with pytest.raises(ValueError, match="mean is nan; expected a finite number"):
        number().reveal(Interval(float("nan"), 0, 1))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("yes", "list of at least two"),
        (["yes"], "list of at least two"),
        (["yes", "yes"], "must differ"),
        ((0, 10), r"or \(low, high, step\)"),
        ((10, 0, 1), "expected low < high"),
        ((0, 10, 0), "step > 0"),
        (["a", 1, 2], r"or \(low, high, step\)"),
    ],
)
def test_wrong_options_are_named(options, message):
    with pytest.raises(ValueError, match=message):
        Predict("?", options, key="k")
    with pytest.raises(ValueError, match="needs a question and a key"):
        Predict("?", OPTIONS, key="")


def test_what_is_locked_in_stays_so_when_its_cell_runs_again():
    def ask(question="Which is better?"):
        return Predict(question, ["scratch", "fine-tuned"], key="00.gap")

    ask().lock("scratch")
    assert ask("Which is worse?").value is None  # another question
    again = ask()
    assert again.locked
    assert again.reveal(one("scratch")).startswith("You said “scratch”")
    assert not ask().locked  # the answer is out: this is a new guess
