"""Distances between domains, and label shift."""

import numpy as np
import pytest

from tl_helpers.adapt import a_distance, class_weights, shift_by_stage, shifted

rng = np.random.default_rng(0)


def test_no_distance_and_a_large_one():
    a, b = rng.normal(0, 1, (2, 300, 4))
    assert a_distance(a, b) < 0.3
    assert a_distance(a, b + 8) == 2
    assert 0.4 < a_distance(a, b[:100] + 0.8) < 1.8  # of unequal size


def test_too_few_rows():
    with pytest.raises(ValueError, match="five rows of each"):
        a_distance(np.ones((3, 2)), np.ones((9, 2)))


def test_a_shift_shows_at_the_stem(classifier, domains):
    source, target = domains
    near = shift_by_stage(classifier(), source.train.x, source.test.x)
    far = shift_by_stage(classifier(), source.train.x, target.test.x)
    assert far["stage"].tolist() == ["stem", "stage1"]
    assert (far["mean"] > 3 * near["mean"]).all()
    assert (near["spread"] < 1.2).all()


# Label shift


def said(y, confusion):
    """What a classifier with this confusion says of labels: (n, classes) probabilities."""
    return np.asarray(confusion)[y]


CONFUSION = [[0.8, 0.1, 0.1], [0.2, 0.7, 0.1], [0.0, 0.1, 0.9]]


def test_the_weights_are_found_exactly():
    y, target_y = np.repeat([0, 1, 2], [60, 30, 10]), np.repeat([0, 1, 2], [10, 30, 60])
    found = class_weights(said(y, CONFUSION), y, said(target_y, CONFUSION))
    np.testing.assert_allclose(found, [1 / 6, 1, 6], rtol=1e-6)


def test_the_correction_turns_a_close_call():
    logits = np.array([[1.0, 0.8, -3]])
    assert shifted(logits, [1, 1, 1]).argmax() == 0
    assert shifted(logits, [1 / 6, 1, 6]).argmax() == 1


def test_a_classifier_that_tells_nothing_apart_finds_no_shift():
    y = np.repeat([0, 1], 50)
    guess = np.full((100, 2), 0.5)
    np.testing.assert_allclose(class_weights(guess, y, guess), [1, 1])
    surely = np.tile([1.0, 0.0], (100, 1))  # one answer to everything, as after a step too far
    np.testing.assert_allclose(class_weights(surely, y, surely), [1, 1])


def test_classes_never_told_apart_share_what_is_found():
    alike = [[0.8, 0.2, 0.0], [0.1, 0.9, 0.0], [0.1, 0.9, 0.0]]
    y, target_y = np.repeat([0, 1, 2], 40), np.repeat([0, 1, 2], [20, 80, 20])
    found = class_weights(said(y, alike), y, said(target_y, alike))
    np.testing.assert_allclose(found, [0.5, 1.25, 1.25], rtol=1e-6)


def test_a_class_without_pictures():
    y = np.zeros(10, int)
    with pytest.raises(ValueError, match=r"none of the classes \[1\]"):
        class_weights(np.full((10, 2), 0.5), y, np.full((4, 2), 0.5))
