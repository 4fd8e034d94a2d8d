"""The losses of distillation, against numbers worked out without Keras."""

import keras
import numpy as np
import pytest
from keras import ops
from scipy.special import log_softmax, softmax

from tl_helpers.distill import (
    UNKNOWN,
    Attention,
    Hint,
    KnownLabels,
    Relations,
    SoftTargets,
    angles,
    attention_map,
    distances,
)
from tl_helpers.gradients import gradients

pytestmark = pytest.mark.core


def drawn(*shape, seed=0):
    return np.random.default_rng(seed).normal(0, 3, shape).astype(np.float32)


def slope(temperature, student, teacher):
    """The gradient with respect to the student's logits, a picture."""
    loss = SoftTargets(temperature, reduction="sum")
    start = ops.convert_to_tensor(student)
    found = gradients(lambda values: loss(teacher, values[0]), [start])[0]
    return ops.convert_to_numpy(found)


@pytest.mark.parametrize("temperature", [1.0, 4.0])
def test_the_divergence_by_hand(temperature):
    student, teacher = drawn(5, 7), drawn(5, 7, seed=1)
    p, q = (log_softmax(x / temperature, axis=1) for x in (teacher, student))
    by_hand = temperature**2 * (np.exp(p) * (p - q)).sum(1)
    loss = SoftTargets(temperature, reduction=None)
    np.testing.assert_allclose(loss(teacher, student), by_hand, rtol=1e-4)
    np.testing.assert_allclose(loss(teacher, teacher), np.zeros(5), atol=1e-5)


def test_the_gradient_by_hand():
    student, teacher, T = drawn(3, 6), drawn(3, 6, seed=1), 2.5
    by_hand = T * (softmax(student / T, axis=1) - softmax(teacher / T, axis=1))
    np.testing.assert_allclose(slope(T, student, teacher), by_hand, atol=1e-4)


def test_with_the_square_of_the_temperature_the_gradient_keeps_its_size():
    student, teacher = drawn(8, 10), drawn(8, 10, seed=1)
    warm, hot = (np.abs(slope(T, student, teacher)).mean() for T in (20.0, 80.0))
    # Without T² the second would be a sixteenth of the first.
    assert 0.9 < hot / warm < 1.1
    # Hinton et al. 2015, equation 4: for large T, the difference of the centred logits over N.
    centred = [x - x.mean(1, keepdims=True) for x in (student, teacher)]
    np.testing.assert_allclose(
        slope(500.0, student, teacher), (centred[0] - centred[1]) / 10, atol=0.02
    )


def test_a_temperature_is_above_zero():
    with pytest.raises(ValueError, match="above 0"):
        SoftTargets(0)


def test_the_loss_is_saved_with_its_temperature():
    again = keras.losses.deserialize(keras.losses.serialize(SoftTargets(7.0)))
    assert again.temperature == 7.0


def test_pictures_without_labels_do_not_count():
    logits, y = drawn(4, 3), np.array([2, UNKNOWN, 0, UNKNOWN])
    said = log_softmax(logits, axis=1)
    expected = -(said[0, 2] + said[2, 0]) / 2
    np.testing.assert_allclose(KnownLabels(0.5)(y, logits), expected, rtol=1e-5)
    assert float(KnownLabels(0.5)(np.full(4, UNKNOWN), logits)) == 0


def test_labelled_pictures_count_the_same_in_whatever_batch():
    logits, y = drawn(8, 3), np.array([2, UNKNOWN, 0, 1, UNKNOWN, UNKNOWN, 1, UNKNOWN])
    loss = KnownLabels(0.5)
    halves = [float(loss(y[rows], logits[rows])) for rows in (slice(0, 4), slice(4, 8))]
    known = y != UNKNOWN
    assert np.mean(halves) == pytest.approx(float(KnownLabels()(y[known], logits[known])), 1e-4)


def test_an_attention_map_has_length_one_and_forgets_channels():
    x = drawn(2, 3, 3, 5)
    found = ops.convert_to_numpy(attention_map(ops.convert_to_tensor(x)))
    by_hand = (x**2).mean(-1).reshape(2, 9)
    by_hand /= np.linalg.norm(by_hand, axis=1, keepdims=True)
    np.testing.assert_allclose(found, by_hand, rtol=1e-4)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, rtol=1e-4)


def test_distances_do_not_depend_on_scale():
    x = drawn(4, 6)
    apart = np.linalg.norm(x[:, None] - x[None], axis=-1)
    by_hand = apart / apart[~np.eye(4, dtype=bool)].mean()
    np.testing.assert_allclose(distances(ops.convert_to_tensor(x)), by_hand, atol=1e-4)
    np.testing.assert_allclose(distances(ops.convert_to_tensor(5 * x)), by_hand, atol=1e-4)


def test_angles_by_hand():
    square = ops.convert_to_tensor(np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32))
    found = ops.convert_to_numpy(angles(square))
    np.testing.assert_allclose(found[0, 1, 3], 0, atol=1e-5)  # a right angle at the first corner
    np.testing.assert_allclose(found[0, 1, 2], 0.5**0.5, rtol=1e-4)
    np.testing.assert_allclose(found[2, 1, 1], 1, rtol=1e-4)


def steepness(loss, x):
    found = gradients(lambda values: loss(values[0]), [ops.convert_to_tensor(x)])[0]
    return np.linalg.norm(ops.convert_to_numpy(found))


def test_pictures_that_look_the_same_do_not_blow_up_the_gradient():
    teacher, x = drawn(12, 5), drawn(12, 4, seed=1)

    def loss(shown):
        return Relations("any").loss(ops.convert_to_tensor(teacher), shown)

    usual = steepness(loss, x)
    x[1] = x[0]
    x[3] = x[2] + 1e-5
    assert 0.1 * usual < steepness(loss, x) < 10 * usual


def test_a_silent_stage_has_no_gradient_and_no_nan():
    x = np.concatenate([np.zeros((1, 2, 2, 3), np.float32), drawn(1, 2, 2, 3)])

    def loss(values):
        return ops.sum(attention_map(values)[:, 0])

    found = gradients(lambda values: loss(values[0]), [ops.convert_to_tensor(x)])[0]
    found = ops.convert_to_numpy(found)
    assert (found[0] == 0).all()
    assert np.isfinite(found).all()
    assert np.abs(found[1]).max() > 0


def test_the_matches_by_hand():
    kept, shown = drawn(2, 3, 3, 4), drawn(2, 3, 3, 4, seed=1)
    by_hand = ((kept - shown) ** 2).mean(axis=(1, 2, 3))
    np.testing.assert_allclose(Hint("any").loss(kept, shown), by_hand, rtol=1e-4)
    kept, shown = drawn(2, 9), drawn(2, 9, seed=1)
    by_hand = ((kept - shown) ** 2).sum(axis=1)
    np.testing.assert_allclose(Attention("any").loss(kept, shown), by_hand, rtol=1e-4)


def test_relations_by_hand():
    kept, shown = drawn(4, 3), drawn(4, 2, seed=1)

    def told(x):
        way = x[None] - x[:, None]
        far = np.linalg.norm(way, axis=-1)
        unit = np.divide(way, far[..., None], out=np.zeros_like(way), where=far[..., None] > 0)
        return far / far[~np.eye(len(x), dtype=bool)].mean(), np.einsum("jid,jkd->jik", unit, unit)

    gaps = [np.abs(a - b) for a, b in zip(told(kept), told(shown), strict=True)]
    assert gaps[1].max() > 1  # both branches of Huber's loss
    apart, turned = (np.where(g < 1, g**2 / 2, g - 0.5).mean() for g in gaps)
    found = Relations("any").loss(*(ops.convert_to_tensor(x) for x in (kept, shown)))
    np.testing.assert_allclose(found, apart + 2 * turned, rtol=1e-4)
