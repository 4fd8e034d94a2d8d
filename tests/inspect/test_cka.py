"""CKA: the unbiased estimate against brute force, and against the closed form where both agree."""

from itertools import permutations

import numpy as np
import pytest

from tl_helpers.inspect import cka, cka_table, hsic

rng = np.random.default_rng(0)


def closed_form(a, b):
    """Kornblith et al. 2019, equation 5: biased, by centred features."""
    a, b = (m - m.mean(0) for m in (a, b))

    def cross(u, v):
        return np.linalg.norm(u.T @ v) ** 2

    return cross(a, b) / np.sqrt(cross(a, a) * cross(b, b))


@pytest.mark.core
def test_hsic_is_the_mean_over_all_distinct_rows():
    """The definition as a U-statistic: over i, j, q, r all different."""
    k, l_ = (m @ m.T for m in rng.normal(size=(2, 6, 3)))
    terms = [
        k[i, j] * (l_[i, j] + l_[q, r] - 2 * l_[i, q]) for i, j, q, r in permutations(range(6), 4)
    ]
    assert hsic(k, l_) == pytest.approx(np.mean(terms))


def test_hsic_of_independent_features_is_zero_on_average():
    values = []
    for _ in range(400):
        a, b = rng.normal(size=(2, 8, 5))
        values.append(hsic(a @ a.T, b @ b.T))
    assert abs(np.mean(values)) < 3 * np.std(values) / 20


@pytest.mark.core
def test_with_many_pictures_it_is_the_closed_form():
    base = rng.normal(size=(2000, 4))
    a = base @ rng.normal(size=(4, 6)) + 0.3 * rng.normal(size=(2000, 6))
    b = np.tanh(base @ rng.normal(size=(4, 5)))
    expected = closed_form(a, b)
    assert 0.1 < expected < 0.95
    assert cka(a, b, batch_size=2000) == pytest.approx(expected, abs=0.005)
    assert cka(a, b, batch_size=100) == pytest.approx(expected, abs=0.02)


def test_with_more_features_than_pictures_the_closed_form_is_far_too_high():
    a, b = rng.normal(size=(2, 64, 512))
    assert closed_form(a, b) > 0.8
    assert abs(cka(a, b)) < 0.05


@pytest.mark.core
def test_rotation_scaling_and_shift_change_nothing():
    a, b = rng.normal(size=(2, 100, 8))
    turn, _ = np.linalg.qr(rng.normal(size=(8, 8)))
    assert cka(a, 3 * a @ turn + 5) == pytest.approx(1)
    assert cka(a, b) == pytest.approx(cka(2 * a @ turn - 1, b))
    assert cka(a, b) == pytest.approx(cka(b, a))


def test_feature_maps_are_flattened():
    a, b = rng.normal(size=(40, 2, 2, 3)), rng.normal(size=(40, 5))
    assert cka(a, b) == pytest.approx(cka(a.reshape(40, 12), b))


def test_a_table_has_a_row_and_a_column_for_each():
    a, b, c = rng.normal(size=(3, 30, 4))
    table = cka_table({"low": a, "high": b}, {"x": a, "y": c})
    assert list(table.index) == ["low", "high"]
    assert list(table.columns) == ["x", "y"]
    assert table.loc["low", "x"] == pytest.approx(1)
    assert table.loc["high", "y"] == pytest.approx(cka(b, c))


def test_what_cannot_be_compared():
    with pytest.raises(ValueError, match="of the same pictures, got 5 and 6 rows"):
        cka(np.zeros((5, 2)), np.zeros((6, 2)))
    with pytest.raises(ValueError, match="batches of at least 4 rows, got 3"):
        cka(np.zeros((3, 2)), np.zeros((3, 2)))
    with pytest.raises(ValueError, match=r"b has a row a picture .*, got \(5,\)"):
        cka(np.zeros((5, 2)), np.zeros(5))
