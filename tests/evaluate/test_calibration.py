"""Calibration and temperature, against numbers worked out by hand."""

import numpy as np
import pytest
from scipy.special import softmax

from tl_helpers.evaluate import calibration, temperature

rng = np.random.default_rng(0)


@pytest.mark.core
def test_the_error_is_the_gap_weighted_by_pictures():
    sure, unsure = [0.9, 0.1], [0.6, 0.4]
    p = np.array([sure] * 4 + [unsure] * 6)
    y = np.array([0, 0, 0, 1, 0, 0, 0, 1, 1, 1])  # right on 3 of 4, and on 3 of 6
    found = calibration(p, y, bins=10)
    assert found.error == pytest.approx(0.4 * 0.15 + 0.6 * 0.1)
    assert found.table["pictures"].tolist() == [6, 4]
    assert found.table["accuracy"].tolist() == pytest.approx([0.5, 0.75])
    assert found.table["confidence"].tolist() == pytest.approx([0.6, 0.9])


def test_a_certain_network_lies_in_the_last_bin():
    found = calibration(np.eye(2)[[0, 1, 1]], np.array([0, 1, 0]))
    assert found.error == pytest.approx(1 / 3)


@pytest.mark.core
def test_temperature_finds_the_factor_that_was_put_on():
    logits = rng.normal(size=(20000, 4))
    y = np.array([rng.choice(4, p=p) for p in softmax(logits, axis=1)])
    assert temperature(logits, y) == pytest.approx(1, abs=0.05)
    assert temperature(3 * logits, y) == pytest.approx(3, abs=0.15)
    p = softmax(3 * logits, axis=1)
    assert calibration(p, y).error > 0.2
    assert calibration(softmax(3 * logits / temperature(3 * logits, y), axis=1), y).error < 0.02


def test_logits_are_no_probabilities():
    with pytest.raises(ValueError, match="softmax"):
        calibration(rng.normal(size=(4, 2)), np.array([0, 1, 0, 1]))
