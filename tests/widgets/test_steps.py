"""Answers that change from step to step."""

import numpy as np
import pytest

from tl_helpers.widgets import Steps

SHARES = np.array(
    [
        [[0.6, 0.4], [0.7, 0.3], [0.9, 0.1]],
        [[0.2, 0.8], [0.7, 0.3], [0.4, 0.6]],
    ]
)  # two steps, three pictures, two names
TRUTH = [1, 0, 1]


def test_pictures_stand_by_class_and_each_step_has_its_sentence():
    made = Steps(SHARES, TRUTH, ["alif", "ba"], title="One task")
    assert made.spec["truth"] == [0, 1, 1]
    shares = np.frombuffer(made.shares, np.uint8).reshape(2, 3, 2) / 255
    # The second picture comes first.
    np.testing.assert_allclose(shares[0, :, 0], [0.7, 0.6, 0.9], atol=0.002)
    np.testing.assert_allclose(shares[1, :, 1], [0.3, 0.8, 0.6], atol=0.002)
    assert made.summary() == "Step 0: 33 % of 3 pictures right."
    assert made.select(step=1).summary() == "Step 1: 100 % of 3 pictures right."
    assert made.spec["right"] == [["1 of 1", "0 of 2"], ["1 of 1", "2 of 2"]]
    assert "<td>1</td><td>1 of 1</td><td>2 of 2</td>" in made._fallback()


def test_other_shapes_are_refused():
    with pytest.raises(ValueError, match=r"must be \(steps, 3, 2\).*got \(2, 3, 2, 1\)"):
        Steps(SHARES[..., None], TRUTH, ["a", "b"], title="One task")
