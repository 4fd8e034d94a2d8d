"""The nearest class mean, against numbers worked out by hand."""

import numpy as np
import pytest

from tl_helpers.evaluate import nearest_mean, nearest_mean_accuracy

SUPPORT = np.array([[0.0, 0.0], [2.0, 0.0], [4.0, 4.0]])  # means (1, 0) and (4, 4)


def test_the_nearer_mean_wins():
    """(2, 2) is 5 from (1, 0) and 8 from (4, 4), squared; (3, 2) is 8 and 5."""
    queries = np.array([[2.0, 2.0], [3.0, 2.0], [1.0, -9.0]])
    assert nearest_mean(SUPPORT, [0, 0, 1], queries).tolist() == [0, 1, 0]


def test_the_length_of_a_mean_counts():
    """A dot product would choose the longer one."""
    assert nearest_mean(np.array([[1.0, 0.0], [9.0, 0.0]]), [0, 1], np.array([[2.0, 0.0]])) == [0]


def clusters(distance, n=12, classes=6):
    rng = np.random.default_rng(0)
    y = np.repeat(np.arange(classes), n)
    return distance * np.eye(classes)[y] + rng.normal(0, 1, (n * classes, classes)), y


def test_far_classes_are_told_apart_and_equal_ones_by_chance():
    far, near = (
        nearest_mean_accuracy(*clusters(d), 5, 1, np.random.default_rng(0)) for d in (50, 0)
    )
    assert far == 1
    assert near == pytest.approx(0.2, abs=0.05)


def test_more_examples_help():
    one, five = (
        nearest_mean_accuracy(*clusters(2), 5, k, np.random.default_rng(0)) for k in (1, 5)
    )
    assert five > one + 0.1


def test_queries_never_lie_in_the_support_set():
    """Every picture its own corner: only a leak would make more than chance of it."""
    x, y = np.eye(60), np.repeat(np.arange(6), 10)
    assert nearest_mean_accuracy(x, y, 5, 1, np.random.default_rng(0)) < 0.3


def test_the_same_seed_the_same_tasks():
    x, y = clusters(2)
    a, b, c = (nearest_mean_accuracy(x, y, 5, 1, np.random.default_rng(s)) for s in (0, 0, 1))
    assert a == b != c


@pytest.mark.parametrize(("way", "shot"), [(7, 1), (5, 8)])
def test_too_few_classes_or_pictures(way, shot):
    with pytest.raises(ValueError, match="there are 6 of at least 12"):
        nearest_mean_accuracy(*clusters(2), way, shot, np.random.default_rng(0))
