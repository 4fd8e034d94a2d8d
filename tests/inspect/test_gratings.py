"""Gratings, and the selectivity indices, on units whose answers are known."""

import numpy as np
import pytest

from tl_helpers.inspect import colour_preference, gratings, selectivity


def test_the_stripes_have_their_orientation_period_and_colours():
    made = gratings(orientations=4, periods=(8.0,), phases=2, side=32)
    assert made.shape == (3, 4, 1, 2, 32, 32, 3)
    assert made.dtype == np.uint8
    upright = made[0, 0, 0, 0, ..., 0]  # changes along the columns, every 8 pixels
    assert (upright == upright[:1]).all()
    close = {"rtol": 0, "atol": 1}  # rounding
    np.testing.assert_allclose(upright[:, 8:].astype(int), upright[:, :-8], **close)
    assert upright[0, 0] == 255
    assert upright[0, 4] == 0
    lying = made[0, 2, 0, 0, ..., 0]
    np.testing.assert_allclose(lying.astype(int), upright.T, **close)
    half = made[0, 0, 0, 1, ..., 0]  # of a period on
    np.testing.assert_allclose(half.astype(int), 255 - upright.astype(int), **close)
    green = made[1, 0, 0, 0, 0]
    assert tuple(green[0]) == (230, 76, 128)  # the light end of red-green
    assert tuple(green[4]) == (26, 178, 128)


def test_selectivity_of_answers_to_one_two_and_all_orientations():
    answers = np.zeros((8, 5))
    answers[3, 0] = 2.0  # one orientation alone
    answers[[1, 5], 1] = 1.0  # two across each other
    answers[:, 2] = 1.0  # all alike
    answers[:, 3] = 1 + 0.5 * np.cos(2 * np.pi * np.arange(8) / 8)  # a shallow tuning curve
    made = selectivity(answers)
    np.testing.assert_allclose(made[:4], [1, 0, 0, 0.25], atol=1e-12)
    assert np.isnan(made[4])
    with pytest.raises(ValueError, match="must not be negative"):
        selectivity(-answers - 1)


def test_colour_preference():
    answers = np.array([[1.0, 0.0, 2.0, 0.0], [0.0, 3.0, 1.0, 0.0], [0.0, 1.0, 2.0, 0.0]])
    made = colour_preference(answers)
    np.testing.assert_allclose(made[:3], [-1, 1, 0])
    assert np.isnan(made[3])
