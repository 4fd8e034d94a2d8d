"""Lesson 01: a unit's silence, linear CKA, the last step of Grad-CAM."""

import numpy as np

from . import NOTHING


def silence(answer) -> str | None:
    """01.a: the share of pictures to which a unit does not answer in any place."""
    maps = np.zeros((4, 2, 3, 2))  # (pictures, h, w, units)
    maps[0, 1, 2, 0] = maps[1, 0, 0, 0] = maps[2, 0, 1, 0] = 0.5
    maps[3, :, :, 1] = 2.0
    got = answer(maps.copy())
    if got is None:
        return NOTHING
    got = np.asarray(got, float)
    if got.shape != (2,):
        return f"it should give one share a unit, shape (2,); it gave shape {got.shape}"
    if np.allclose(got, [0.25, 0.75]):
        return None
    if np.allclose(got, [0.75, 0.25]):
        return "that is the share it does answer to"
    if np.allclose(got, (maps <= 0).mean((0, 1, 2))):
        return "that is the share of places: take the largest of a picture's places first"
    if np.allclose(got, [1, 3]):
        return "that is how many pictures; divide by all of them"
    return "the largest activation over h and w; then the share of pictures where it is not above 0"


def linear_cka(answer) -> str | None:
    """01.b: linear CKA, the plain form on centred features."""
    rng = np.random.default_rng(0)
    x = rng.normal(2, 1, (20, 3))  # (n, p)
    y = x[:, :2] @ rng.normal(size=(2, 4)) + rng.normal(size=(20, 4)) + 5
    given = x.copy()
    got = answer(x, y)
    if got is None:
        return NOTHING
    if not np.array_equal(given, x):
        return "the features that were passed in have changed: make new arrays"
    if np.ndim(got) != 0:
        return f"it should be one number, it has shape {np.shape(got)}"
    a, b = x - x.mean(0), y - y.mean(0)
    norm = np.linalg.norm
    right = norm(a.T @ b) ** 2 / (norm(a.T @ a) * norm(b.T @ b))
    if np.isclose(got, right, atol=1e-6):
        return None
    plain = norm(x.T @ y) ** 2 / (norm(x.T @ x) * norm(y.T @ y))
    if np.isclose(got, plain, atol=1e-6):
        return "centre first: subtract the mean of each feature over the pictures (axis 0)"
    a, b = x - x.mean(1, keepdims=True), y - y.mean(1, keepdims=True)
    rows = norm(a.T @ b) ** 2 / (norm(a.T @ a) * norm(b.T @ b))
    if np.isclose(got, rows, atol=1e-6):
        return "that centres each picture; centre each feature, over the pictures (axis 0)"
    if np.isclose(got, right**0.5, atol=1e-6):
        return "the upper norm is squared"
    return "centre both; square the norm of XᵀY; divide by the norms of XᵀX and of YᵀY"


def heat_map(answer) -> str | None:
    """01.c: units weighted by their mean gradient, summed, and cut off at zero."""
    rng = np.random.default_rng(3)
    activations, gradients = rng.random((3, 2, 4)), rng.normal(size=(3, 2, 4))  # (h, w, units)
    got = answer(activations, gradients)
    if got is None:
        return NOTHING
    got = np.asarray(got, float)
    if got.shape != (3, 2):
        return f"the map should have shape (3, 2), (h, w); it has {got.shape}"
    total = activations @ gradients.mean((0, 1))
    right = np.maximum(total, 0)
    if np.allclose(got, right):
        return None
    if np.allclose(got, total):
        return "the sum is right; what is below zero should become zero"
    if np.allclose(got, np.abs(total)):
        return "what speaks against the class becomes zero, not positive"
    if np.allclose(got, np.maximum((activations * gradients).sum(-1), 0)):
        return "average each unit's gradient over all places first: one weight a unit"
    if np.allclose(got, 6 * right):
        return "that sums the gradient over the places; take the mean"
    return "mean gradient a unit, times its activations, summed over units, negative to zero"


CHECKS = {"01.a": silence, "01.b": linear_cka, "01.c": heat_map}
