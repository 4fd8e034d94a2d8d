"""`compare`: every condition on every seed."""

import numpy as np
import pytest

from tl_helpers.data.dataset import Split
from tl_helpers.evaluate import accuracy, compare


def noted(*names):
    """Conditions whose accuracy is their place plus the seed in hundredths, and their calls."""
    calls = []

    def make(place, name):
        def run(seed):
            calls.append((seed, name))
            return {"accuracy": place + seed / 100, "loss": 1}

        return run

    return {name: make(place, name) for place, name in enumerate(names)}, calls


@pytest.mark.core
def test_every_condition_runs_on_every_seed_and_seeds_go_outside():
    conditions, calls = noted("scratch", "fine-tuned")
    table = compare(conditions, seeds=3, progress=False)
    expected = [(s, c) for s in range(3) for c in ("scratch", "fine-tuned")]
    assert calls == expected
    assert list(table.columns) == ["condition", "seed", "accuracy", "loss", "seconds"]
    assert list(zip(table["seed"], table["condition"], strict=True)) == expected
    assert table["accuracy"].tolist() == pytest.approx([0, 1, 0.01, 1.01, 0.02, 1.02])
    assert (table["seconds"] >= 0).all()


@pytest.mark.parametrize("seeds", [[5, 3], (5, 3), iter([5, 3]), range(5, 1, -2)])
def test_seeds_of_ones_own(seeds):
    conditions, calls = noted("a")
    assert compare(conditions, seeds, progress=False)["seed"].tolist() == [5, 3]
    assert calls == [(5, "a"), (3, "a")]


def test_tl_seed_is_added(monkeypatch):
    monkeypatch.setenv("TL_SEED", "100")
    conditions, calls = noted("a", "b")
    assert compare(conditions, [0, 7], progress=False)["seed"].tolist() == [100, 100, 107, 107]
    assert [seed for seed, _ in calls] == [100, 100, 107, 107]


def test_a_smoke_run_takes_two_seeds(monkeypatch):
    monkeypatch.setenv("TL_SMOKE", "1")
    conditions, calls = noted("a", "b")
    compare(conditions, seeds=5, progress=False)
    assert [seed for seed, _ in calls] == [0, 0, 1, 1]


@pytest.mark.parametrize("wrong", [0.5, None, {}, [("accuracy", 0.5)]])
def test_a_condition_that_returns_no_metrics(wrong):
    with pytest.raises(TypeError, match="condition 'mine' must return a dict of metrics"):
        compare({"mine": lambda seed: wrong}, progress=False)


@pytest.mark.parametrize("wrong", ["0.5", None, [0.5], 1j])
def test_a_metric_that_is_no_number(wrong):
    with pytest.raises(TypeError, match="condition 'mine': metric 'accuracy' must be a number"):
        compare({"mine": lambda seed: {"accuracy": wrong}}, progress=False)


def test_numbers_of_numpy_are_numbers():
    table = compare({"a": lambda seed: {"accuracy": np.float32(0.5)}}, 1, progress=False)
    assert table["accuracy"].tolist() == [0.5]


@pytest.mark.parametrize("seeds", [0, []])
def test_no_seed(seeds):
    with pytest.raises(ValueError, match="at least one seed"):
        compare({"a": lambda s: {"accuracy": 0.5}}, seeds)


def test_accuracy_is_of_a_split():
    with pytest.raises(TypeError, match=r"one split of a data set, such as data.test, not a str"):
        accuracy(None, "test")


def test_no_condition():
    with pytest.raises(ValueError, match="at least one condition"):
        compare({})


class Knows:
    """A model that knows the class from the first pixel."""

    def predict(self, x, batch_size, verbose):
        return np.eye(3)[x[:, 0, 0, 0]]


@pytest.mark.core
def test_accuracy_is_the_share_of_right_answers():
    x = np.zeros((4, 2, 2, 3), np.uint8)
    x[:, 0, 0, 0] = [0, 1, 2, 2]
    for y, share in (([0, 1, 2, 2], 1.0), ([0, 1, 2, 0], 0.75), ([1, 2, 0, 0], 0.0)):
        assert accuracy(Knows(), Split(x, np.array(y))) == share
