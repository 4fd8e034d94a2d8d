"""Plain transfer on fixed features, against numbers worked out by hand."""

import numpy as np
import pytest

from tl_helpers.data import episodes
from tl_helpers.fewshot import (
    head_accuracies,
    interval,
    nearest_mean_accuracies,
    unit_features,
)

BOTH = pytest.mark.parametrize("accuracies", [nearest_mean_accuracies, head_accuracies])


def clusters(distance, n=12, classes=6):
    rng = np.random.default_rng(0)
    y = np.repeat(np.arange(classes), n)
    return distance * np.eye(classes)[y] + rng.normal(0, 1, (n * classes, classes)), y


@BOTH
def test_far_classes_are_told_apart_and_equal_ones_by_chance(accuracies):
    far, near = (accuracies(*clusters(d), n_query=5, n_tasks=200) for d in (50, 0))
    assert far.shape == (200,)
    assert (far == 1).all()
    assert near.mean() == pytest.approx(0.2, abs=0.05)


@BOTH
def test_more_examples_help(accuracies):
    one, five = (accuracies(*clusters(2), n_shot=k, n_query=5).mean() for k in (1, 5))
    assert five > one + 0.1


@BOTH
def test_queries_never_lie_in_the_support_set(accuracies):
    # Every picture its own corner: only a leak would make more than chance of it.
    x, y = np.eye(60), np.repeat(np.arange(6), 10)
    assert accuracies(x, y, n_query=5).mean() < 0.3


def test_one_task_after_the_other_gives_the_same():
    x, y = clusters(1)
    found = nearest_mean_accuracies(x, y, 3, 2, 4, 120, seed=5)
    tasks = episodes(y, 3, 2, 4, 120, np.random.default_rng([5, 12]))
    for accuracy, support, query in zip(found, tasks.support, tasks.query, strict=True):
        means = x[support].mean(1)
        far = ((x[query][:, :, None] - means) ** 2).sum(-1)  # (way, n_query, way)
        assert accuracy == (far.argmin(-1) == np.arange(3)[:, None]).mean()


def test_a_head_is_where_gradient_descent_on_cross_entropy_ends():
    # Two classes of one example each at +1 and -1: the weights are w, -w with
    # decay * w = sigmoid(-2w) / 2 * 2 / 2, solved here by Newton's method on the loss itself.
    from tl_helpers.fewshot.baselines import _head

    support = np.array([[[[1.0]], [[-1.0]]]])
    scores = _head(support, np.array([[[1.0]]]), steps=3000, rate=1.0, decay=0.1)[0, 0]
    w = np.linspace(0, 5, 500_001)
    loss = np.log1p(np.exp(-2 * w)) + 0.1 * w**2
    assert scores[0] == pytest.approx(w[loss.argmin()], abs=1e-4)
    assert scores[1] == pytest.approx(-scores[0], abs=1e-6)


def test_unit_features_are_centred_and_of_length_one():
    x = np.array([[4.0, 1.0], [1.0, 5.0], [1.0, 1.0]])
    found = unit_features(x, [1.0, 1.0])
    np.testing.assert_allclose(found, [[1, 0], [0, 1], [0, 0]], atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(unit_features(x), axis=1), 1, rtol=1e-6)


def test_what_all_have_in_common_hides_the_classes():
    x, y = clusters(3)
    common = x + 100 * np.linspace(1, 2, 6)
    seen, hidden = (
        unit_features(part, c) for part, c in ((common, common.mean(0)), (common, None))
    )
    better, worse = (nearest_mean_accuracies(part, y, n_query=5).mean() for part in (seen, hidden))
    assert better > worse + 0.02


def test_the_interval_by_hand():
    mean, half = interval([0.2, 0.4, 0.6, 0.8])
    assert mean == pytest.approx(0.5)
    assert half == pytest.approx(1.96 * np.sqrt(0.2 / 3) / 2)


@BOTH
def test_the_same_seed_the_same_tasks(accuracies):
    x, y = clusters(2)
    a, b, c = (accuracies(x, y, n_query=5, n_tasks=100, seed=s) for s in (0, 0, 1))
    assert (a == b).all()
    assert (a != c).any()


@pytest.mark.parametrize(("way", "shot"), [(7, 1), (5, 8)])
def test_too_few_classes_or_pictures(way, shot):
    with pytest.raises(ValueError, match="there are 6 of at least 12"):
        nearest_mean_accuracies(*clusters(2), way, shot, n_query=5)
