"""Answers that change from step to step."""

import numpy as np
import pytest

from tl_helpers.plots import stepped

SHARES = np.array(
    [
        [[0.6, 0.4], [0.7, 0.3], [0.9, 0.1]],
        [[0.2, 0.8], [0.7, 0.3], [0.4, 0.6]],
    ]
)  # two steps, three pictures, two names
TRUTH = [1, 0, 1]


def test_a_frame_a_step_and_pictures_by_class():
    figure = stepped(SHARES, TRUTH, ["alif", "ba"], title="One task")
    assert [f.name for f in figure.frames] == ["0", "1"]
    # Ordered by class: the second picture comes first.
    np.testing.assert_allclose(figure.frames[0].data[0].z, [[0.7, 0.6, 0.9], [0.3, 0.4, 0.1]])
    np.testing.assert_allclose(figure.frames[1].data[0].z, [[0.7, 0.2, 0.4], [0.3, 0.8, 0.6]])
    np.testing.assert_allclose(figure.data[0].z, figure.frames[0].data[0].z)
    assert figure.layout.meta["alt"] == "One task: step 0: 33 % right; step 1: 100 % right."
    assert [s.label for s in figure.layout.sliders[0].steps] == ["0", "1"]


def test_the_right_answers_are_framed():
    boxes = [(s.x0, s.x1, s.y0, s.y1) for s in stepped(SHARES, TRUTH, ["a", "b"]).layout.shapes]
    assert boxes == [(-0.5, 0.5, -0.5, 0.5), (0.5, 2.5, 0.5, 1.5)]


def test_the_caption_says_where_one_is():
    figure = stepped(SHARES, TRUTH, ["a", "b"])
    assert figure.layout.annotations[0].text == "step 0: 33 % right"
    assert figure.frames[1].layout.annotations[0].text == "step 1: 100 % right"


def test_other_shapes_are_refused():
    with pytest.raises(ValueError, match=r"must be \(steps, 3, 2\).*got \(2, 3, 2, 1\)"):
        stepped(SHARES[..., None], TRUTH, ["a", "b"])
