"""Lesson 07: soft targets, the loss of distillation, and eight bits a weight."""

import numpy as np
from scipy.special import log_softmax, softmax

from . import NOTHING
from .hints import FIXED, misfit, numbers, usual


def soft_targets(answer) -> str | None:
    """07.a: softmax of logits over a temperature."""
    first = [[4.0, 2.0, 0.0], [1.0, 5.0, 9000.0]]
    second = [[1.0, 3.0, -2.0, 0.5], [0.0, 2.5, 1.0, -1.0], [2.0, 2.0, 0.0, 4.0]]
    for rows, temperature in ((first, 2.0), (second, 5.0)):
        z = np.array(rows)
        got = answer(z.copy(), temperature)
        if got is None:
            return NOTHING
        array = numbers(got)
        if array is not None and array.shape == z.shape and not np.isfinite(array).all():
            if np.isneginf(array).any() or (array < -1000).any():
                return "these are logarithms: shares are wanted, from 0 to 1"
            return "large logits overflow: subtract each row's largest before the exponential"
        if array is not None and array.shape == (len(z),):
            return "that is one number a row: a share for each class is wanted"
        if hint := misfit(got, z.shape, "a row a picture, like the logits"):
            return hint
        if np.allclose(got, softmax(z / temperature, axis=1), rtol=1e-4, atol=1e-6):
            continue
        if rows is second:
            return FIXED
        largest = softmax(z, axis=1)
        outside = "the temperature goes into the logits, before the softmax"
        along = "each row sums to 1: along the classes"
        e = np.exp(z / temperature - (z / temperature).max(1, keepdims=True))
        mistakes = [
            (
                "divide by the temperature: above 1 it makes answers softer",
                softmax(z * temperature, axis=1),
            ),
            (outside, largest / temperature),
            (outside, largest * temperature),
            (outside, softmax(largest / temperature, axis=1)),
            ("the temperature is not used yet", largest),
            (
                "divide by the temperature once, not by its square or its root",
                softmax(z / temperature**2, axis=1),
            ),
            (
                "divide by the temperature once, not by its square or its root",
                softmax(z / temperature**0.5, axis=1),
            ),
            (
                "divide by the temperature: yours subtracts or adds it, which changes nothing",
                softmax(z - temperature, axis=1),
            ),
            (along, softmax(z / temperature, axis=0)),
            (along, softmax(z / temperature)),
            ("these are the exponentials: divide each row by its sum", e),
            (
                "these are logarithms: shares are wanted, from 0 to 1",
                log_softmax(z / temperature, axis=1),
            ),
            ("these are the divided logits; the softmax is still missing", z / temperature),
            ("these are the divided logits; the softmax is still missing", z),
            (
                "the exponential is missing: yours divides the logits by their sum",
                z / z.sum(1, keepdims=True),
            ),
            (
                "these are ones and zeros: the shares of the other classes are what is wanted",
                np.eye(z.shape[1])[z.argmax(1)],
            ),
            ("that is in percent: shares sum to 1", 100 * softmax(z / temperature, axis=1)),
            (
                "the sign is turned: the largest logit gets the largest share",
                softmax(-z / temperature, axis=1),
            ),
        ]
        return usual(got, mistakes, atol=1e-6) or "softmax(logits / temperature), for each row"
    return None


def distillation_loss(answer) -> str | None:
    """07.b: alpha T² KL(teacher, student) + (1 - alpha) cross-entropy, a mean over pictures."""
    return _distilled(answer, 6, 4, 3.0, 0.7) or (_distilled(answer, 5, 3, 2.0, 0.4) and FIXED)


def _distilled(answer, n, classes, t, alpha) -> str | None:
    """07.b, for one number of pictures and of classes, one temperature and one weight."""
    rng = np.random.default_rng(7)
    student, teacher = rng.normal(0, 2, (2, n, classes))
    y = rng.integers(0, classes, n)
    got = answer(student.copy(), teacher.copy(), y.copy(), t, alpha)
    if got is None:
        return NOTHING
    if np.shape(numbers(got)) == (n,):
        return "that is one number for each picture: take their mean"
    if hint := misfit(got, ()):
        return hint

    def logs(z, at=t):
        return log_softmax(z / at, axis=1)

    def apart(p, q):
        """The divergence of q from p, given as logarithms: the mean over the pictures."""
        return (np.exp(p) * (p - q)).sum(1).mean()

    def labelled(log_odds):
        return -log_odds[np.arange(n), y].mean()

    p, q = logs(teacher), logs(student)
    soft, hard = apart(p, q), labelled(logs(student, 1))
    crossed = -(np.exp(p) * q).sum(1).mean()  # without the teacher's own entropy

    def loss(soft=soft, hard=hard, scale=t**2):
        return alpha * scale * soft + (1 - alpha) * hard

    if np.isclose(got, loss(), rtol=1e-4):
        return None
    own = "an index [:, y] takes n columns of every row: take one entry of each row"
    alone = "the labels' part has no temperature"
    signed = "the cross-entropy is minus the logarithm: both parts are at least 0"
    every = "the divergence is a sum over the classes: yours takes their mean"
    no_log = "the labels' part is minus the logarithm of the share, not the share"
    both = (1 - alpha) * t**2 * soft + alpha * hard
    changed = "student and teacher seem to have changed places, in both parts"
    entropy = "the cross-entropy with the teacher's shares is not KL yet: take its own entropy off"
    untempered = "the softened part uses T for both networks: one of them has none so far"
    mistakes = [
        ("times T²: the gradient of the soft part falls as 1 / T²", loss(scale=1)),
        ("T squared: the gradient falls as 1 / T²", loss(scale=t)),
        ("multiply by T²: yours divides", loss(scale=1 / t**2)),
        (
            "T² belongs to the teacher's part only: the labels' part has no T",
            t**2 * loss(scale=1),
        ),
        ("alpha is the weight of the teacher, not of the labels", both),
        ("weigh the two: alpha, and 1 - alpha", t**2 * soft + hard),
        ("weigh the labels' part, too: 1 - alpha", alpha * t**2 * soft + hard),
        ("weigh the teacher's part, too: alpha", t**2 * soft + (1 - alpha) * hard),
        ("the labels' part has the weight 1 - alpha", alpha * t**2 * soft + alpha * hard),
        ("that is the teacher's part alone: the labels' part is missing", alpha * t**2 * soft),
        ("that is the teacher's part alone: the labels' part is missing", t**2 * soft),
        ("that is the labels' part alone: the teacher's part is missing", (1 - alpha) * hard),
        ("that is the labels' part alone: the teacher's part is missing", hard),
        (
            changed,
            loss(apart(q, p), labelled(logs(teacher, 1))),
        ),
        (
            "from the teacher to the student: the sum is weighted by the teacher's shares",
            loss(apart(q, p)),
        ),
        (
            "the student should learn the labels: your cross-entropy uses the teacher's logits",
            loss(hard=labelled(logs(teacher, 1))),
        ),
        (alone, loss(hard=labelled(q))),
        (alone, loss(hard=t**2 * hard)),
        (
            "both networks' soft targets are at T: yours are at 1 so far",
            loss(apart(logs(teacher, 1), logs(student, 1))),
        ),
        (
            "both networks' soft targets are at T: yours are at 1 so far",
            loss(apart(logs(teacher, 1), logs(student, 1)), scale=1),
        ),
        (
            "divide the logits by T: yours multiplies them",
            loss(apart(logs(teacher, 1 / t), logs(student, 1 / t))),
        ),
        (untempered, loss(apart(p, logs(student, 1)))),
        (untempered, loss(apart(logs(teacher, 1), q))),
        (entropy, loss(crossed)),
        (entropy, loss(crossed, scale=1)),
        ("the sign of the teacher's part is turned: a divergence is at least 0", loss(-soft)),
        (signed, loss(hard=-hard)),
        (signed, -loss()),
        (every, loss(soft / classes)),
        (every, loss(soft / classes, scale=1)),
        ("the mean over the pictures, not their sum", n * loss()),
        ("the mean over the pictures, in both parts: one is still a sum", loss(n * soft)),
        ("the mean over the pictures, in both parts: one is still a sum", loss(hard=n * hard)),
        (
            "your softmax runs over the pictures, axis 0: it runs over the classes of each",
            loss(
                (
                    softmax(teacher / t, 0)
                    * (log_softmax(teacher / t, 0) - log_softmax(student / t, 0))
                )
                .sum(1)
                .mean(),
                labelled(log_softmax(student, 0)),
            ),
        ),
        (own, loss(hard=-logs(student, 1)[:, y].mean())),
        (no_log, loss(hard=labelled(np.exp(logs(student, 1))))),
        (no_log, loss(hard=1 + labelled(np.exp(logs(student, 1))))),
        (
            "the labels' part needs a softmax: yours takes the logits as they are",
            loss(hard=labelled(student)),
        ),
        ("the natural logarithm, not the one to base 2", loss() / np.log(2)),
        (
            "that is the squared difference of the shares: the divergence compares logarithms",
            loss(((np.exp(p) - np.exp(q)) ** 2).sum(1).mean()),
        ),
        (
            "that is the squared difference of the logits: compare the soft targets",
            loss(((student - teacher) ** 2).mean()),
        ),
    ]
    if hint := usual(got, mistakes):
        return hint
    if got < 0:
        return "the loss is at least 0: look for a sign that is turned"
    return (
        "check the parts one by one: the soft targets of both at T, their divergence times T², "
        "the cross-entropy of the student with the labels, then the weights"
    )


def to_int8(answer) -> str | None:
    """07.c: whole numbers from -127 to 127 and a scale for each column."""
    # Not square, so that a scale for each row shows; in each column another sign is largest.
    first = [[0.97, -0.02, 0.0], [-0.53, 0.011, 0.31], [0.26, 0.0043, -0.59], [0.7, 0.0162, 0.102]]
    second = [[0.2, -3.0, 0.511, -0.03], [-0.057, 1.7, 0.2, 0.017]]
    for kernel in map(np.array, (first, second)):
        columns = kernel.shape[1]
        got = answer(kernel.copy())
        if got is None:
            return NOTHING
        if not isinstance(got, (tuple, list)) or len(got) != 2:
            return "return two things: the whole numbers, and the scales"
        whole, scale = map(numbers, got)
        if whole is None or scale is None:
            return (
                "return two arrays of numbers; in yours, something else or rows of unequal length"
            )
        if scale.shape == kernel.shape and whole.shape != kernel.shape:
            return "the other way round: first the whole numbers, then the scales"
        if whole.shape != kernel.shape:
            return (
                f"the whole numbers have the kernel's shape, {kernel.shape}; they have "
                f"{whole.shape}"
            )
        if whole.dtype != np.int8:
            return (
                f"store them as np.int8: they are {whole.dtype}, of {whole.dtype.itemsize} bytes "
                "each"
            )
        if scale.size == 1:
            return "a scale for each column: the second is fifty times smaller than the first"
        if scale.size == len(kernel):
            return f"that is a scale for each row: one for each of the {columns} columns is wanted"
        if scale.size != columns:
            return f"a scale for each of the {columns} columns; there are {scale.size}"
        scale = scale.reshape(1, columns)
        step = np.abs(kernel).max(0) / 127
        right = np.round(kernel / step)
        if np.allclose(scale, step, rtol=1e-3) and np.array_equal(whole, right):
            continue
        if np.allclose(whole, right) and np.allclose(scale * step, 1, rtol=0.01):
            return "the scale is what a step is worth: the kernel is whole numbers times scale"
        if (scale < 0).any():
            return "a scale is positive: take the size of the entries before their largest"
        if np.array_equal(whole, right):
            return "the whole numbers are right; times your scales they do not give the kernel"
        if np.allclose(scale, step, rtol=1e-3):
            if (np.sign(whole) * np.sign(kernel) < 0).any():
                return "a sign has turned: beyond 127, int8 starts again at -128"
            if np.abs(whole).max() <= 1:
                return "your numbers are cut to 0 and 1: divide by the scale before int8"
            return "round to the nearest whole number: turning into int8 alone cuts off"
        if (np.sign(whole) * np.sign(kernel) < 0).any():
            return (
                "a sign has turned: beyond 127, int8 starts again at -128; the scale goes by the "
                "largest size in a column, whatever its sign"
            )
        if not (np.abs(whole).max(0) == 127).all():
            return "the largest of each column becomes 127 or -127: scale = max |column| / 127"
        return "scale = max |column| / 127, whole = round(kernel / scale)"
    return None


CHECKS = {"07.a": soft_targets, "07.b": distillation_loss, "07.c": to_int8}
