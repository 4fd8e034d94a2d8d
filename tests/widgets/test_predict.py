import pytest
import traitlets

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


def test_reveal_of_a_choice(capsys):
    text = choice().lock("scratch").reveal("fine-tuned", "It gained 13.2 points.")
    assert text == (
        "You said “scratch”; measured “fine-tuned”: not as predicted. It gained 13.2 points."
    )
    assert text in capsys.readouterr().out
    assert choice().lock("scratch").reveal("scratch").endswith(": as you predicted.")


@pytest.mark.parametrize(
    ("said", "measured", "text"),
    [
        (10, 13.24, "You said 10 points; measured 13.2 points: 3.2 points more."),
        (40, -2, "You said 40 points; measured −2.0 points: 42.0 points less."),
        (15, 13.24, "You said 15 points; measured 13.2 points: as close as the scale allows."),
        (40, 55.0, "You said 40 points; measured 55.0 points: 15.0 points more."),
    ],
)
def test_reveal_of_a_number(said, measured, text):
    assert number().lock(said).reveal(measured) == text


def test_reveal_without_a_prediction_goes_on():
    predict = number()
    assert predict.reveal(13.24) == "No prediction was locked in; measured 13.2 points."
    assert predict.answer == 13.24
    assert predict.value is None
    assert choice().reveal("scratch") == "No prediction was locked in; measured “scratch”."


def test_reveal_displays_once(capsys):
    text = number().reveal(3)
    assert capsys.readouterr().out.count("measured 3.0 points") == 1
    text._ipython_display_()  # what a cell does that ends with it
    assert capsys.readouterr().out == ""


def test_percent_differences_are_points():
    predict = Predict("Accuracy?", (0, 1, 0.25), key="k", unit="%").lock(0.5)
    assert predict.reveal(1) == "You said 0.50 %; measured 1.000 %: 0.500 points more."


@pytest.mark.parametrize("answer", [float("nan"), "many", None])
def test_an_answer_that_is_no_number(answer):
    with pytest.raises(ValueError, match="expected a finite number"):
        number().reveal(answer)


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
    assert again.reveal("scratch").startswith("You said “scratch”")
    assert not ask().locked  # the answer is out: this is a new guess
