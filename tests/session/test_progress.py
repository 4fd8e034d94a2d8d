"""What long training tells whoever watches it, and how it is stopped."""

import pytest

from tl_helpers.evaluate import claim, compare
from tl_helpers.session import progress
from tl_helpers.session.progress import Progress, Stopped, part, watched


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands still until it is told to go on."""
    now = [0.0]
    monkeypatch.setattr(progress.time, "perf_counter", lambda: now[0])

    def go_on(seconds):
        now[0] += seconds

    return go_on


class Asked(Progress):
    """Asked to stop as soon as so many epochs are over."""

    def __init__(self, runs, limit):
        super().__init__(runs)
        self.limit, self.closed = limit, 0

    @property
    def stop(self):
        return sum(len(piece.values) for run in self.curves for piece in run) >= self.limit

    def close(self):
        self.closed += 1


def one_fit(accuracies):
    """What the callback does in a fit."""
    with part("training", len(accuracies)) as told:
        told.fit(len(accuracies))
        for value in accuracies:
            if told.stop:
                raise Stopped
            told.fitted({"accuracy": value, "loss": 1.0})


def test_time_left_is_as_long_as_runs_of_the_same_name_took(clock):
    told = Progress(["quick", "slow", "quick", "slow"])
    told.begin()
    assert told.left() is None
    told.fit(4)
    clock(1)
    told.fitted({"loss": 1.0})
    assert told.left() == 3 + 3 * 4  # an epoch of four took a second, and no other run is known
    clock(1)
    told.end()
    told.begin()
    assert told.left() == 3 * 2
    clock(10)
    assert told.left() == 2 * 2  # longer than was thought: the rest still takes its time
    told.end()
    told.begin()
    clock(0.5)
    assert told.left() == 1.5 + 10
    told.end()
    told.begin()
    told.end()
    assert told.left() == 0


def test_several_fits_are_one_training(clock):
    told = Progress(["fine-tuning"])
    told.begin()
    told.expect(4)
    for seconds, left in ((2, 6), (2, 4), (2, 2), (2, 0)):
        told.fit(1)
        clock(seconds)
        told.fitted({"loss": 1.0})
        assert told.left() == left
    assert told.epochs == (4, 4)


def test_logs_that_cannot_be_drawn_are_left_out():
    told = Progress(["a"])
    told.begin()
    told.fit(3)
    told.fitted({"recall": [0.1, 0.2], "loss": 2.0})
    told.fitted({"recall": [0.1, 0.2]})
    told.fitted({})
    assert told.curves[0][0].values == [2.0]
    assert told.epochs == (3, 3)


def test_each_fit_of_a_run_goes_on_with_its_curve():
    with watched(["a", "b"], by=Progress(["a", "b"])) as told:
        told.begin()
        one_fit([0.1, 0.2])
        one_fit([0.3])
        told.end()
        told.begin()
        one_fit([0.5])
    drawn = [[piece.values for piece in run] for run in told.curves]
    assert drawn == [[[0.1, 0.2], [0.3]], [[0.5]]]


def test_one_within_another_is_a_part_of_it():
    outer = Asked(["run"], 99)
    with watched(by=outer):
        outer.begin()
        with watched(["inner"]) as inner:
            assert type(inner) is Progress  # tells nobody
            assert not inner.stop
            outer.limit = 0
            assert inner.stop  # and is stopped with the other
            assert progress.current() is inner
        assert progress.current() is outer
        with part("training", 1) as told:
            assert told is outer
    assert progress.current() is None
    assert outer.closed == 1


def test_an_error_leaves_nothing_behind():
    with pytest.raises(KeyboardInterrupt), watched(["a"], show=False):
        raise KeyboardInterrupt
    assert progress.current() is None


def stopped_after(epochs, monkeypatch, seeds=4):
    """`compare` of two conditions of two epochs each, stopped after so many epochs."""
    monkeypatch.setattr(progress, "_new", lambda runs, elsewhere: Asked(runs, epochs))

    def run(seed):
        one_fit([0.1, 0.2])
        return {"accuracy": seed / 100}

    return compare({"a": run, "b": run}, seeds)


@pytest.mark.parametrize(("epochs", "seeds"), [(4, 1), (5, 1), (6, 1), (7, 1), (8, 2), (15, 3)])
def test_a_comparison_that_is_stopped_keeps_the_seeds_that_are_whole(epochs, seeds, monkeypatch):
    table = stopped_after(epochs, monkeypatch)
    assert table["seed"].tolist() == [s for s in range(seeds) for _ in "ab"]
    assert table["condition"].tolist() == ["a", "b"] * seeds


def test_stopped_in_the_last_run_of_all_nothing_is_missing(monkeypatch):
    assert len(stopped_after(16, monkeypatch)) == 8


@pytest.mark.parametrize("epochs", [0, 1, 2, 3])
def test_with_nothing_to_compare_it_says_what_to_do(epochs, monkeypatch):
    with pytest.raises(Stopped, match="Run this one again"):
        stopped_after(epochs, monkeypatch)
    assert progress.current() is None


def test_a_claim_about_too_few_runs_because_of_a_stop_is_not_judged(monkeypatch):
    made = claim("a beats b", stopped_after(8, monkeypatch), "a", "b")
    assert made.supported is None
    assert str(made) == "Claim: a beats b. Not judged: 2 live seeds, and it takes 3."
    made = claim("a beats b", stopped_after(12, monkeypatch), "a", "b")
    assert made.supported is not None  # three seeds are enough
