"""Lesson 07: wrong answers that students give, and right ones of another style."""

import numpy as np
from scipy.special import log_softmax, softmax


def kl(p, q, axis=1):
    return (p * np.log(p / q)).sum(axis)


def distilled(s, t, y, k, a, soft=None, hard=None, scale=None, weights=None):
    """The loss of distillation, with one part replaced."""
    soft = kl(softmax(t / k, 1), softmax(s / k, 1)).mean() if soft is None else soft
    hard = labelled(s, y) if hard is None else hard
    first, second = weights or (a, 1 - a)
    return first * (k**2 if scale is None else scale) * soft + second * hard


def labelled(s, y):
    return -log_softmax(s, 1)[np.arange(len(y)), y].mean()


def eight(kernel, axis=0, keepdims=False, largest=127, size=np.abs, into=np.round):
    scale = size(kernel).max(axis, keepdims=True) / largest
    whole = into(kernel / scale).astype(np.int64).astype(np.int8)
    return whole, scale if keepdims else scale.ravel()


# (exercise, what went wrong, the answer, words of the hint)
WRONG = [
    ("07.a", "over the root", lambda z, t: softmax(z / t**0.5, 1), "once"),
    ("07.a", "squared", lambda z, t: softmax(z / t**2, 1), "once"),
    ("07.a", "minus", lambda z, t: softmax(z - t, 1), "not used yet"),
    ("07.a", "twice softmax", lambda z, t: softmax(softmax(z, 1) / t, 1), "before the softmax"),
    ("07.a", "over all", lambda z, t: softmax(z / t), "along the classes"),
    ("07.a", "logarithms", lambda z, t: log_softmax(z / t, 1), "logarithms"),
    ("07.a", "no softmax", lambda z, t: z / t, "softmax is still missing"),
    ("07.a", "no exponential", lambda z, t: z / t / (z / t).sum(1, keepdims=True), "exponential"),
    ("07.a", "one-hot", lambda z, t: np.eye(z.shape[1])[z.argmax(1)], "ones and zeros"),
    ("07.a", "class", lambda z, t: z.argmax(1), "a share for each class"),
    (
        "07.a",
        "not divided",
        lambda z, t: np.exp(z / t - (z / t).max(1, keepdims=True)),
        "by its sum",
    ),
    ("07.a", "2 written in", lambda z, t: softmax(z / 2, 1), "arguments"),
    (
        "07.b",
        "changed places",
        lambda s, t, y, k, a: distilled(t, s, y, k, a),
        "in both parts",
    ),
    (
        "07.b",
        "KL turned",
        lambda s, t, y, k, a: distilled(
            s, t, y, k, a, soft=kl(softmax(s / k, 1), softmax(t / k, 1)).mean()
        ),
        "teacher's shares",
    ),
    (
        "07.b",
        "teacher's labels",
        lambda s, t, y, k, a: distilled(s, t, y, k, a, hard=labelled(t, y)),
        "teacher's logits",
    ),
    (
        "07.b",
        "cross-entropy for KL",
        lambda s, t, y, k, a: distilled(
            s, t, y, k, a, soft=-(softmax(t / k, 1) * log_softmax(s / k, 1)).sum(1).mean()
        ),
        "own entropy",
    ),
    (
        "07.b",
        "KL sign",
        lambda s, t, y, k, a: distilled(
            s, t, y, k, a, soft=-kl(softmax(t / k, 1), softmax(s / k, 1)).mean()
        ),
        "sign of the teacher's part",
    ),
    (
        "07.b",
        "labels' sign",
        lambda s, t, y, k, a: distilled(s, t, y, k, a, hard=-labelled(s, y)),
        "minus the logarithm",
    ),
    (
        "07.b",
        "mean over classes",
        lambda s, t, y, k, a: distilled(
            s, t, y, k, a, soft=kl(softmax(t / k, 1), softmax(s / k, 1), None) / s.size
        ),
        "takes their mean",
    ),
    (
        "07.b",
        "KL summed over pictures",
        lambda s, t, y, k, a: distilled(
            s, t, y, k, a, soft=kl(softmax(t / k, 1), softmax(s / k, 1), None)
        ),
        "still a sum",
    ),
    (
        "07.b",
        "no temperature",
        lambda s, t, y, k, a: distilled(
            s, t, y, k, a, soft=kl(softmax(t, 1), softmax(s, 1)).mean()
        ),
        "at 1 so far",
    ),
    (
        "07.b",
        "teacher's alone",
        lambda s, t, y, k, a: distilled(
            s, t, y, k, a, soft=kl(softmax(t / k, 1), softmax(s, 1)).mean()
        ),
        "one of them has none",
    ),
    (
        "07.b",
        "T divides",
        lambda s, t, y, k, a: distilled(s, t, y, k, a, scale=1 / k**2),
        "divides",
    ),
    (
        "07.b",
        "no 1 - alpha",
        lambda s, t, y, k, a: distilled(s, t, y, k, a, weights=(a, 1)),
        "too: 1 - alpha",
    ),
    (
        "07.b",
        "no alpha",
        lambda s, t, y, k, a: distilled(s, t, y, k, a, weights=(1, 1 - a)),
        "too: alpha",
    ),
    (
        "07.b",
        "alpha twice",
        lambda s, t, y, k, a: distilled(s, t, y, k, a, weights=(a, a)),
        "the weight 1",
    ),
    (
        "07.b",
        "no labels",
        lambda s, t, y, k, a: distilled(s, t, y, k, a, hard=0),
        "labels' part is missing",
    ),
    (
        "07.b",
        "no teacher",
        lambda s, t, y, k, a: distilled(s, t, y, k, a, soft=0),
        "part is missing",
    ),
    (
        "07.b",
        "[:, y]",
        lambda s, t, y, k, a: distilled(s, t, y, k, a, hard=-log_softmax(s, 1)[:, y].mean()),
        "one entry of each row",
    ),
    (
        "07.b",
        "no logarithm",
        lambda s, t, y, k, a: distilled(
            s, t, y, k, a, hard=-softmax(s, 1)[np.arange(len(y)), y].mean()
        ),
        "not the share",
    ),
    (
        "07.b",
        "base 2",
        lambda s, t, y, k, a: distilled(s, t, y, k, a) / np.log(2),
        "natural logarithm",
    ),
    (
        "07.b",
        "over the pictures",
        lambda s, t, y, k, a: distilled(
            s,
            t,
            y,
            k,
            a,
            soft=kl(softmax(t / k, 0), softmax(s / k, 0)).mean(),
            hard=-log_softmax(s, 0)[np.arange(len(y)), y].mean(),
        ),
        "axis 0",
    ),
    (
        "07.b",
        "for each picture",
        lambda s, t, y, k, a: distilled(s, t, y, k, a) * np.ones(len(y)),
        "take their mean",
    ),
    ("07.b", "T written in", lambda s, t, y, k, a: distilled(s, t, y, 3.0, a), "arguments"),
    ("07.b", "alpha written in", lambda s, t, y, k, a: distilled(s, t, y, k, 0.7), "arguments"),
    ("07.b", "something else", lambda s, t, y, k, a: 0.0, "one by one"),
    ("07.c", "each row", lambda w: eight(w, axis=1), "for each row"),
    ("07.c", "128", lambda w: eight(w, largest=128), "sign has turned"),
    ("07.c", "largest, not its size", lambda w: eight(w, size=lambda x: x), "sign has turned"),
    ("07.c", "126", lambda w: eight(w, largest=126), "becomes 127"),
    ("07.c", "floor", lambda w: eight(w, into=np.floor), "to the nearest"),
    ("07.c", "cut too early", lambda w: (w.astype(np.int8), eight(w)[1]), "divide by the scale"),
    ("07.c", "wrong scale", lambda w: (eight(w)[0], 127 * eight(w)[1]), "are right"),
    ("07.c", "turned round", lambda w: eight(w)[::-1], "other way round"),
    ("07.c", "int64", lambda w: (eight(w)[0].astype(int), eight(w)[1]), "8 bytes"),
    ("07.c", "one thing", lambda w: eight(w)[0], "two things"),
]

# Of another style than the solution in the lesson: float32, lists, plain Python.
RIGHT = [
    ("07.a", "float32", lambda z, t: softmax(z.astype(np.float32) / t, 1)),
    ("07.a", "list", lambda z, t: softmax(z / t, 1).tolist()),
    ("07.b", "float32", lambda s, t, *rest: distilled(np.float32(s), np.float32(t), *rest)),
    (
        "07.b",
        "logarithms",
        lambda s, t, y, k, a: distilled(
            s,
            t,
            y,
            k,
            a,
            soft=(softmax(t / k, 1) * (log_softmax(t / k, 1) - log_softmax(s / k, 1))).sum()
            / len(y),
        ),
    ),
    ("07.c", "scales (1, columns)", lambda w: eight(w, keepdims=True)),
    ("07.c", "list", lambda w: [eight(w.astype(np.float32))[0], eight(w)[1].tolist()]),
    ("07.c", "add a half", lambda w: eight(w, into=lambda x: np.floor(x + 0.5))),
]
