"""Lesson 07: soft targets, the loss of distillation, and eight bits a weight."""

import numpy as np
from scipy.special import log_softmax, softmax

from . import NOTHING


def soft_targets(answer) -> str | None:
    """07.a: softmax of logits over a temperature."""
    logits = np.array([[4.0, 2.0, 0.0], [1.0, 5.0, 9000.0]])
    got = answer(logits.copy(), 2.0)
    if got is None:
        return NOTHING
    if np.shape(got) != (2, 3):
        return f"a row a picture, like the logits: (2, 3); it has shape {np.shape(got)}"
    if not np.isfinite(got).all():
        return "large logits overflow: subtract each row's largest before the exponential"
    if np.allclose(got, softmax(logits / 2, axis=1)):
        return None
    if np.allclose(got, softmax(logits * 2, axis=1)):
        return "divide by the temperature: above 1 it makes answers softer"
    if np.allclose(got, softmax(logits, axis=1) / 2):
        return "the temperature goes into the logits, before the softmax"
    if np.allclose(got, softmax(logits, axis=1)):
        return "and the temperature?"
    if np.allclose(got, softmax(logits / 2, axis=0)):
        return "each row sums to 1: along the classes"
    return "softmax(logits / temperature), for each row"


def distillation_loss(answer) -> str | None:
    """07.b: alpha T² KL(teacher, student) + (1 - alpha) cross-entropy, a mean over pictures."""
    rng = np.random.default_rng(7)
    student, teacher = rng.normal(0, 2, (2, 6, 4))
    y = np.array([0, 1, 2, 3, 1, 2])
    alpha, t = 0.7, 3.0
    got = answer(student.copy(), teacher.copy(), y.copy(), t, alpha)
    if got is None:
        return NOTHING
    if np.ndim(got) != 0:
        return f"one number, the mean over the pictures; it has shape {np.shape(got)}"

    def apart(p, q):
        p, q = log_softmax(p / t, axis=1), log_softmax(q / t, axis=1)
        return (np.exp(p) * (p - q)).sum(1)

    soft = apart(teacher, student).mean()
    hard = -log_softmax(student, axis=1)[np.arange(6), y].mean()
    hints = {
        alpha * t**2 * soft + (1 - alpha) * hard: None,
        alpha * soft
        + (1 - alpha) * hard: "times T²: the gradient of the soft part falls as 1 / T²",
        alpha * t * soft + (1 - alpha) * hard: "T squared: the gradient falls as 1 / T²",
        (1 - alpha) * t**2 * soft
        + alpha * hard: "alpha is the weight of the teacher, not of the labels",
        t**2 * soft + hard: "weigh the two: alpha, and 1 - alpha",
        alpha * t**2 * apart(student, teacher).mean() + (1 - alpha) * hard: (
            "from the teacher to the student: the sum is weighted by the teacher's shares"
        ),
        alpha * t**2 * soft
        - (1 - alpha) * log_softmax(student / t, axis=1)[np.arange(6), y].mean(): (
            "the labels' part has no temperature"
        ),
    }
    for value, hint in hints.items():
        if np.isclose(got, value):
            return hint
    if np.isclose(got / 6, next(iter(hints))):
        return "the mean over the pictures, not their sum"
    return "alpha T² KL(softmax(teacher / T), softmax(student / T)) + (1 - alpha) cross-entropy"


def to_int8(answer) -> str | None:
    """07.c: whole numbers from -127 to 127 and a scale for each column."""
    kernel = np.array([[0.97, -0.02, 0.0], [-0.53, 0.011, 0.31], [0.26, 0.0043, -0.59]])
    got = answer(kernel.copy())
    if got is None:
        return NOTHING
    if not isinstance(got, (tuple, list)) or len(got) != 2:
        return "return two things: the whole numbers, and the scales"
    whole, scale = map(np.asarray, got)
    if whole.shape != kernel.shape:
        return f"the whole numbers have the kernel's shape, (3, 3); they have {whole.shape}"
    if whole.dtype != np.int8:
        return (
            f"store them as np.int8: they are {whole.dtype}, of {whole.dtype.itemsize} bytes each"
        )
    if scale.size == 1:
        return "a scale for each column: the second is fifty times smaller than the first"
    if scale.size != 3:
        return f"a scale for each of the three columns; there are {scale.size}"
    back = whole * scale.reshape(1, 3)
    if np.allclose(whole / scale.reshape(1, 3), kernel, atol=0.005):
        return "the scale is what a step is worth: the kernel is whole numbers times scale"
    step = np.abs(kernel).max(0) / 127
    if (np.abs(back - kernel) <= 0.501 * step).all():
        return None
    if (np.abs(back - kernel) <= 1.001 * step).all():
        return "round to the nearest whole number: turning into int8 alone cuts off"
    if np.abs(whole).max() < 127:
        return "the largest of each column becomes 127 or -127: scale = max |column| / 127"
    return "scale = max |column| / 127, whole = round(kernel / scale)"


CHECKS = {"07.a": soft_targets, "07.b": distillation_loss, "07.c": to_int8}
