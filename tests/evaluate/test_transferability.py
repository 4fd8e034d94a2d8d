"""LEEP, LogME, H-score and domain similarity, each against its paper's formula written out."""

import numpy as np
import pytest
from scipy import stats

from tl_helpers.evaluate import domain_similarity, h_score, leep, logme
from tl_helpers.evaluate.similarity import earth_movers_distance

rng = np.random.default_rng(0)


def task(n=60, d=5, classes=3, signal=1.0):
    y = np.arange(n) % classes
    return rng.normal(size=(n, d)) + signal * rng.normal(size=(classes, d))[y], y


# LEEP


@pytest.mark.core
def test_leep_is_the_papers_three_steps():
    """Nguyen et al. 2020, equations 1 and 2, with loops."""
    y = np.array([0, 0, 1, 1, 2, 0])
    theta = rng.dirichlet(np.ones(4), len(y))
    joint = np.zeros((3, 4))
    for i, label in enumerate(y):
        for z in range(4):
            joint[label, z] += theta[i, z] / len(y)
    likelihoods = []
    for i, label in enumerate(y):
        p = sum(joint[label, z] / joint[:, z].sum() * theta[i, z] for z in range(4))
        likelihoods.append(np.log(p))
    assert leep(theta, y) == pytest.approx(np.mean(likelihoods))


def test_leep_of_a_perfect_and_of_a_useless_source():
    y = np.arange(40) % 4
    assert leep(np.eye(4)[y], y) == pytest.approx(0)
    assert leep(np.full((40, 7), 1 / 7), y) == pytest.approx(np.log(1 / 4))


def test_leep_wants_probabilities():
    with pytest.raises(ValueError, match="softmax"):
        leep(rng.normal(size=(6, 4)), np.arange(6) % 2)


# LogME


def evidence(f, target, alpha, beta):
    """The likelihood of the targets with the weights integrated out: they are one Gaussian."""
    covariance = f @ f.T / alpha + np.eye(len(f)) / beta
    return stats.multivariate_normal(np.zeros(len(f)), covariance).logpdf(target) / len(f)


@pytest.mark.core
@pytest.mark.parametrize(("n", "d"), [(60, 5), (20, 30)])
def test_logme_is_the_largest_evidence(n, d):
    """You et al. 2021, equation 2, maximised by a general optimiser."""
    from scipy.optimize import minimize

    f, y = task(n, d)
    best = []
    for label in range(3):
        target = (y == label).astype(float)

        def loss(logs, target=target):
            return -evidence(f, target, *np.exp(logs))

        best.append(-min(minimize(loss, s, method="Nelder-Mead").fun for s in ([0, 0], [2, 2])))
    assert logme(f, y) == pytest.approx(np.mean(best), abs=2e-3)


def test_logme_does_not_rise_with_features_that_say_nothing():
    f, y = task(200, 5, signal=2.0)
    noise = rng.normal(size=(200, 5))
    noisy = np.concatenate([f, rng.normal(size=(200, 100))], 1)
    assert logme(f, y) > logme(noisy, y) > logme(noise, y)


def test_more_features_than_pictures_and_the_other_way_round_agree():
    f, y = task(30, 30)
    wide = np.concatenate([f, np.zeros((30, 1))], 1)  # n < d: the other branch; nothing is added
    assert logme(wide, y) == pytest.approx(logme(f, y), rel=1e-4)


# H-score


@pytest.mark.core
def test_h_score_is_the_papers_trace():
    """Bao et al. 2019, definition 2."""
    f, y = task()
    means = np.stack([f[y == label].mean(0) for label in y])  # each picture's class mean
    expected = np.trace(np.linalg.inv(np.cov(f.T, bias=True)) @ np.cov(means.T, bias=True))
    assert h_score(f, y, shrink=False) == pytest.approx(expected)


@pytest.mark.core
def test_h_score_shrinks_as_ibrahim_et_al_do():
    from sklearn.covariance import ledoit_wolf

    f, y = task(20, 30)
    means = np.stack([f[y == label].mean(0) for label in y])
    covariance, amount = ledoit_wolf(f)
    between = (1 - amount) * np.cov(means.T, bias=True)
    assert h_score(f, y) == pytest.approx(np.trace(np.linalg.inv(covariance) @ between))


def test_h_score_without_shrinkage_is_fooled_by_noise():
    y = np.arange(40) % 4
    noise = rng.normal(size=(40, 60))
    assert h_score(noise, y, shrink=False) == pytest.approx(3)  # the highest there is
    assert h_score(noise, y) < 0.7


# Similarity of domains


@pytest.mark.core
def test_earth_movers_distance_in_one_dimension():
    a, b = np.array([0.0, 1.0, 3.0]), np.array([5.0, 6.0])
    shares = np.array([0.5, 0.3, 0.2]), np.array([0.4, 0.6])
    expected = stats.wasserstein_distance(a, b, *shares)
    assert earth_movers_distance(np.abs(a[:, None] - b), *shares) == pytest.approx(expected)


def test_the_same_classes_in_another_order_are_the_same_domain():
    f, y = task()
    assert domain_similarity(f, y, f[::-1], (2 - y)[::-1]) == pytest.approx(1)
    assert domain_similarity(f, y, f + 100, y) < domain_similarity(f, y, f + 10, y) < 1


@pytest.mark.parametrize("score", [logme, h_score])
def test_bad_input_is_told(score):
    f, y = task()
    with pytest.raises(ValueError, match="a label a picture"):
        score(f, y[:-1])
    with pytest.raises(ValueError, match="not finite"):
        score(np.where(f > 1, np.nan, f), y)
    with pytest.raises(ValueError, match="two classes"):
        score(f, np.zeros_like(y))
    with pytest.raises(ValueError, match="whole numbers"):
        score(f, y.astype(float))
