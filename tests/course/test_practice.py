"""The practice checks against wrong answers that students give, and right ones of another style."""

from statistics import median

import numpy as np
import pytest
from scipy.special import log_softmax, softmax

from tl_helpers.course import check


def unit(x):
    return x / np.linalg.norm(x, axis=-1, keepdims=True)


def paired(a, b):
    """The gaps of the seeds that both have."""
    return [a[s] - b[s] for s in a if s in b]


def cka(x, y, norm=np.linalg.norm):
    return norm(x.T @ y) ** 2 / (norm(x.T @ x) * norm(y.T @ y))


def norm_by(x, m, v, g, b, eps=0.0):
    return (x - m) / np.sqrt(v + eps) * g + b


def centred(x):
    return x - x.mean(0)


def gap_of(s, t):
    return np.cov(s.T) - np.cov(t.T)


def grouped(c, r, group, average=np.average, gap=abs):
    group = group.astype(int)
    of = [group == k for k in np.unique(group)]
    gaps = np.array([gap(c[rows].mean() - r[rows].mean()) for rows in of])
    return average(gaps, weights=[rows.sum() for rows in of])


def all_ten(c, r):
    """nan where a group is empty."""
    of = [(c * 10).astype(int) == k for k in range(10)]
    with np.errstate(invalid="ignore"):
        means = [np.divide(c[rows].sum(), rows.sum()) for rows in of]
        shares = [np.divide(r[rows].sum(), rows.sum()) for rows in of]
    return sum(abs(m - s) * rows.sum() for m, s, rows in zip(means, shares, of, strict=True))


def to_mean(s, q, apart=lambda gap: -(gap**2).sum(-1), mean=lambda s: s.mean(1)):
    return apart(q[:, None] - mean(s)[None])


def shares(s, q, soft=lambda z: softmax(z, (1, 2)), one=unit, other=unit, end=lambda a: a.sum(-1)):
    """Matching, with one part replaced."""
    way, shot, d = s.shape
    products = other(q) @ one(s).reshape(-1, d).T
    return end(soft(products.reshape(len(q), way, shot)))


def draw(y, way, shot, n_query, rng, classes=None, rows=None):
    """A task, with its classes or the rows of a class drawn in another way."""
    classes = classes or (lambda: rng.choice(np.unique(y), way, replace=False))
    rows = rows or (lambda k: rng.choice(np.flatnonzero(y == k), shot + n_query, replace=False))
    all_rows = np.stack([rows(k) for k in classes()])
    return all_rows[:, :shot], all_rows[:, shot:]


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
    ("00.a", "/ 128 - 1", lambda x: x / 128 - 1, "0.992"),
    ("00.a", "(x - 128) / 128", lambda x: (x.astype(float) - 128) / 128, "0.992"),
    ("00.a", "/ 127 - 1", lambda x: x / 127 - 1, "just -1 and 1"),
    ("00.a", "no shift", lambda x: x / 127.5, "0 to 2"),
    ("00.a", "/ 255 - 0.5", lambda x: x / 255 - 0.5, "twice as wide"),
    ("00.a", "/ 255 - 1", lambda x: x / 255 - 1, "-1 to 0"),
    ("00.a", "upside down", lambda x: 1 - x / 127.5, "upside down"),
    ("00.a", "no division", lambda x: x - 127.5, "narrower"),
    ("00.a", "standardised", lambda x: (x - x.mean()) / x.std(), "mean and deviation"),
    (
        "00.a",
        "stretched",
        lambda x: (x - float(x.min())) / np.ptp(x) * 2 - 1,
        "smallest and largest",
    ),
    ("00.a", "by its largest", lambda x: x / x.max() * 2 - 1, "own largest"),
    ("00.a", "uint8 wraps", lambda x: (x - np.uint8(128)) / 128, "wrap around"),
    ("00.a", "uint8 doubled", lambda x: x * np.uint8(2) / 255 - 1, "wrap around"),
    ("00.a", "cut off", lambda x: x.astype(float).clip(-1, 1), "straight line"),
    ("00.a", "text", lambda x: "-1 to 1", "of type str"),
    (
        "00.b",
        "a bias per feature",
        lambda features, classes: features * (classes + 1),
        "each class",
    ),
    ("00.b", "one bias", lambda features, classes: features * classes + 1, "one bias in all"),
    ("00.b", "added", lambda features, classes: features + classes, "more than their sum"),
    (
        "00.b",
        "both biases",
        lambda features, classes: (features + 1) * (classes + 1),
        "only the classes",
    ),
    ("00.b", "256 and 10 written in", lambda features, classes: 2570, "arguments"),
    ("00.b", "text", lambda features, classes: f"{features} weights", "of type str"),
    ("00.b", "two numbers", lambda features, classes: (features * classes, classes), "one number"),
    ("00.c", "median", lambda a, b: 100 * median(paired(a, b)), "median"),
    ("00.c", "median, a fraction", lambda a, b: median(paired(a, b)), "median"),
    ("00.c", "mean size", lambda a, b: 100 * np.mean(np.abs(paired(a, b))), "signs"),
    ("00.c", "list of gaps", lambda a, b: [100 * g for g in paired(a, b)], "one gap for each seed"),
    ("00.c", "array of gaps", lambda a, b: 100 * np.array(paired(a, b)), "one gap for each seed"),
    ("00.c", "dict of gaps", lambda a, b: {s: a[s] - b[s] for s in b}, "one gap for each seed"),
    ("00.c", "sum", lambda a, b: 100 * sum(paired(a, b)), "the sum"),
    ("00.c", "n - 1", lambda a, b: 100 * sum(paired(a, b)) / (len(a) - 1), "one less"),
    ("00.c", "best seeds", lambda a, b: 100 * (max(a.values()) - max(b.values())), "best seed"),
    ("00.c", "one seed", lambda a, b: 100 * (a[0] - b[0]), "gap of one seed"),
    (
        "00.c",
        "in percent of scratch",
        lambda a, b: 100 * np.mean([a[s] / b[s] - 1 for s in a]),
        "in percent of scratch",
    ),
    ("00.c", "whole points", lambda a, b: int(100 * np.mean(paired(a, b))), "do not round"),
    ("00.c", "three seeds written in", lambda a, b: 100 * sum(paired(a, b)) / 3, "arguments"),
    ("00.c", "text", lambda a, b: f"{100 * np.mean(paired(a, b)):.1f} points", "of type str"),
    (
        "00.c",
        "a seed without partner counts as 0",
        lambda a, b: 100 * np.mean([a.get(s, 0) - b.get(s, 0) for s in a | b]),
        "cannot be paired",
    ),
    ("01.a", "one silent place", lambda m: (m.min((1, 2)) <= 0).mean(0), "at every place"),
    ("01.a", "percent", lambda m: 100 * (m.max((1, 2)) <= 0).mean(0), "percent"),
    ("01.a", "units together", lambda m: (m.max((1, 2)) <= 0).mean(), "units apart"),
    ("01.a", "share of units", lambda m: (m.max((1, 2)) <= 0).mean(1), "a share for each unit"),
    ("01.a", "yes or no", lambda m: m.max((1, 2)) <= 0, "yes or no"),
    ("01.a", "below zero", lambda m: (m.max((1, 2)) < 0).mean(0), "nothing is below zero"),
    ("01.a", "mean activation", lambda m: m.mean((0, 1, 2)), "mean activation"),
    ("01.a", "a threshold", lambda m: (m.max((1, 2)) < 0.1).mean(0), "not above 0"),
    ("01.a", "four written in", lambda m: (m.max((1, 2)) <= 0).sum(0) / 4, "arguments"),
    ("01.b", "one centred", lambda x, y: cka(centred(x), y), "only one"),
    ("01.b", "the other centred", lambda x, y: cka(x, centred(y)), "only one"),
    ("01.b", "one mean for all", lambda x, y: cka(x - x.mean(), y - y.mean()), "mean of its own"),
    (
        "01.b",
        "standardised",
        lambda x, y: cka(centred(x) / x.std(0), centred(y) / y.std(0)),
        "divided by the deviation",
    ),
    (
        "01.b",
        "lower norms squared",
        lambda x, y: (
            cka(centred(x), centred(y), lambda m: (m**2).sum())
            / np.linalg.norm(centred(x).T @ centred(y)) ** 2
        ),
        "below the line",
    ),
    (
        "01.b",
        "spectral norm",
        lambda x, y: cka(centred(x), centred(y), lambda m: np.linalg.norm(m, 2)),
        "another norm",
    ),
    (
        "01.b",
        "sum of sizes",
        lambda x, y: cka(centred(x), centred(y), lambda m: abs(m).sum()),
        "sums sizes",
    ),
    (
        "01.b",
        "norms of X and Y",
        lambda x, y: (
            (np.linalg.norm(centred(x).T @ centred(y)) ** 2)
            / (np.linalg.norm(centred(x)) * np.linalg.norm(centred(y))) ** 2
        ),
        "yours has |X|",
    ),
    ("01.b", "1 minus", lambda x, y: 1 - cka(centred(x), centred(y)), "1 minus it"),
    ("01.b", "a matrix", lambda x, y: x.T @ y, "one number"),
    (
        "01.b",
        "y changed",
        lambda x, y: cka(centred(x), np.subtract(y, y.mean(0), out=y)),
        "changed",
    ),
    (
        "01.c",
        "mean over units",
        lambda a, g: (a @ g.mean((0, 1)) / a.shape[-1]).clip(0),
        "their sum",
    ),
    (
        "01.c",
        "a weight per place",
        lambda a, g: (a * g.mean(-1, keepdims=True)).sum(-1).clip(0),
        "mean over units",
    ),
    ("01.c", "gradients cut", lambda a, g: a @ g.clip(0).mean((0, 1)), "at the end"),
    ("01.c", "weights cut", lambda a, g: a @ g.mean((0, 1)).clip(0), "at the end"),
    ("01.c", "largest gradient", lambda a, g: (a @ g.max((0, 1))).clip(0), "not the largest"),
    ("01.c", "changed places", lambda a, g: (g @ a.mean((0, 1))).clip(0), "changed places"),
    (
        "01.c",
        "scaled to 1",
        lambda a, g: (a @ g.mean((0, 1))).clip(0) / (a @ g.mean((0, 1))).max(),
        "without scaling",
    ),
    ("01.c", "sign", lambda a, g: (-(a @ g.mean((0, 1)))).clip(0), "sign is turned"),
    ("01.c", "not summed", lambda a, g: (a * g.mean((0, 1))).clip(0), "sum over the units"),
    ("01.c", "places gone", lambda a, g: (a * g).mean((0, 1)), "places are gone"),
    ("01.c", "six written in", lambda a, g: (a @ g.sum((0, 1))).clip(0) / 6, "arguments"),
    ("02.a", "means turned", lambda x, m: x[..., ::-1] - np.array(m)[::-1], "as they are"),
    ("02.a", "pictures turned", lambda x, m: x[::-1] - np.array(m), "turns the pictures"),
    ("02.a", "np.flip", lambda x, m: np.flip(x) - np.array(m), "np.flip"),
    ("02.a", "no means", lambda x, m: x[..., ::-1].astype(float), "not subtracted"),
    ("02.a", "added", lambda x, m: x[..., ::-1] + np.array(m), "are added"),
    ("02.a", "sign", lambda x, m: np.array(m) - x[..., ::-1], "sign is turned"),
    ("02.a", "divided first", lambda x, m: x[..., ::-1] / 255 - np.array(m), "nothing is divided"),
    ("02.a", "-1 to 1", lambda x, m: x[..., ::-1] / 127.5 - 1, "nothing is divided"),
    ("02.a", "own means", lambda x, m: x[..., ::-1] - x[..., ::-1].mean((0, 1, 2)), "passed in"),
    (
        "02.a",
        "means written in",
        lambda x, m: x[..., ::-1] - np.array([103.939, 116.779, 123.68]),
        "arguments",
    ),
    ("02.b", "median", lambda runs: max(runs, key=lambda s: median(runs[s])), "median"),
    ("02.b", "worst seed", lambda runs: max(runs, key=lambda s: min(runs[s])), "worst seed"),
    ("02.b", "last seed", lambda runs: max(runs, key=lambda s: runs[s][-1]), "last seed"),
    ("02.b", "first seed", lambda runs: max(runs, key=lambda s: runs[s][0]), "first seed"),
    ("02.b", "lowest mean", lambda runs: min(runs, key=lambda s: np.mean(runs[s])), "highest"),
    ("02.b", "its place", lambda runs: int(np.argmax([np.mean(r) for r in runs.values()])), "name"),
    ("02.b", "name in a list", lambda runs: ["middle"], "name of a stage"),
    ("02.c", "epsilon 1e-3", lambda *a: norm_by(*a, eps=1e-3), "small number"),
    ("02.c", "epsilon 1e-5", lambda *a: norm_by(*a, eps=1e-5), "small number"),
    ("02.c", "epsilon 1e-8", lambda *a: norm_by(*a, eps=1e-8), "small number"),
    (
        "02.c",
        "epsilon on the deviation",
        lambda x, m, v, g, b: (x - m) / (np.sqrt(v) + 1e-6) * g + b,
        "small number",
    ),
    (
        "02.c",
        "batch, with epsilon",
        lambda x, m, v, g, b: norm_by(x, x.mean(0), x.var(0), g, b, 1e-3),
        "the stored ones",
    ),
    (
        "02.c",
        "batch, ddof 1",
        lambda x, m, v, g, b: norm_by(x, x.mean(0), x.var(0, ddof=1), g, b),
        "the stored ones",
    ),
    ("02.c", "batch mean", lambda x, m, v, g, b: norm_by(x, x.mean(0), v, g, b), "both stored"),
    ("02.c", "batch variance", lambda x, m, v, g, b: norm_by(x, m, x.var(0), g, b), "both stored"),
    (
        "02.c",
        "each row",
        lambda x, m, v, g, b: (x - x.mean(1, keepdims=True)) / x.std(1, keepdims=True) * g + b,
        "each row",
    ),
    ("02.c", "no root", lambda x, m, v, g, b: (x - m) / v * g + b, "square root"),
    ("02.c", "squared", lambda x, m, v, g, b: (x - m) / v**2 * g + b, "have squared"),
    ("02.c", "multiplied", lambda x, m, v, g, b: (x - m) * v**0.5 * g + b, "multiply by the dev"),
    ("02.c", "no division", lambda x, m, v, g, b: (x - m) * g + b, "nothing is divided"),
    ("02.c", "no mean", lambda x, m, v, g, b: x / v**0.5 * g + b, "not subtracted"),
    ("02.c", "mean added", lambda x, m, v, g, b: (x + m) / v**0.5 * g + b, "to be added"),
    ("02.c", "sign", lambda x, m, v, g, b: (m - x) / v**0.5 * g + b, "sign is turned"),
    ("02.c", "no beta", lambda x, m, v, g, b: (x - m) / v**0.5 * g, "beta is still"),
    ("02.c", "no gamma", lambda x, m, v, g, b: (x - m) / v**0.5 + b, "gamma is still"),
    ("02.c", "gamma for beta", lambda x, m, v, g, b: (x - m) / v**0.5 * b + g, "changed places"),
    ("02.c", "divided by gamma", lambda x, m, v, g, b: (x - m) / v**0.5 / g + b, "divide by gamma"),
    ("02.c", "minus beta", lambda x, m, v, g, b: (x - m) / v**0.5 * g - b, "subtract beta"),
    ("02.c", "brackets", lambda x, m, v, g, b: x - m / v**0.5 * g + b, "brackets"),
    ("02.c", "in place", lambda x, m, v, g, b: np.subtract(x, m, out=x), "have changed"),
    ("03.a", "1 - decay", lambda s, r, d: stage_rates(s, r, 1 - d), "what is taken off"),
    ("03.a", "all the same", lambda s, r, d: dict.fromkeys(s, r), "same rate"),
    ("03.a", "divided", lambda s, r, d: stage_rates(s, r, 1 / d), "yours divides"),
    ("03.a", "no rate", lambda s, r, d: stage_rates(s, 1, d), "rate is missing"),
    (
        "03.a",
        "times a number",
        lambda s, r, d: {x: r * (d * i if i else 1) for i, x in enumerate(s[::-1])},
        "once more for each",
    ),
    (
        "03.a",
        "one step only",
        lambda s, r, d: {x: r if x == "head" else r * d for x in s},
        "falls with each stage",
    ),
    (
        "03.a",
        "less by decay",
        lambda s, r, d: {x: r - d * i for i, x in enumerate(s[::-1])},
        "not `decay` less",
    ),
    ("03.a", "without the head", lambda s, r, d: stage_rates(s[:-1], r, d), "a rate for each"),
    (
        "03.a",
        "three written in",
        lambda s, r, d: {x: r * d ** (3 - i) for i, x in enumerate(s)},
        "arguments",
    ),
    ("03.b", "too far", lambda s, low: [s[k:] for k in range(3, -1, -1)], "too far"),
    (
        "03.b",
        "too short",
        lambda s, low: [s[k:] for k in range(len(s) - 1, s.index(low), -1)],
        "one stage early",
    ),
    ("03.b", "names alone", lambda s, low: s[: s.index(low) - 1 : -1], "list of names"),
    (
        "03.b",
        "head first",
        lambda s, low: [s[:k:-1] for k in range(2, s.index(low) - 2, -1)],
        "order of the network",
    ),
    (
        "03.b",
        "head and one stage",
        lambda s, low: [["head"], ["stage2", "head"], ["stage1", "head"]],
        "stays so",
    ),
    ("03.b", "last phase alone", lambda s, low: [s[s.index(low) :]], "last phase alone"),
    ("03.b", "from the input", lambda s, low: [s[:k] for k in range(1, 4)], "from the input up"),
    ("03.b", "places", lambda s, low: [[3], [2, 3], [1, 2, 3]], "names of its stages"),
    (
        "03.b",
        "four written in",
        lambda s, low: [s[k:] for k in range(3, s.index(low) - 1, -1)],
        "arguments",
    ),
    ("03.c", "no strength", lambda w, s, t: l2_sp(w, s, 1), "strength is missing"),
    ("03.c", "strength squared", lambda w, s, t: l2_sp(w, s, t**2), "not squared"),
    ("03.c", "L1", lambda w, s, t: t / 2 * sum(abs(a - b).sum() for a, b in zip(w, s)), "L1"),  # noqa: B905
    ("03.c", "the sum squared", lambda w, s, t: t / 2 * sum(gaps(w, s)) ** 2, "squares the sum"),
    ("03.c", "not squared", lambda w, s, t: t / 2 * sum(gaps(w, s)), "as they are"),
    (
        "03.c",
        "difference of squares",
        lambda w, s, t: t / 2 * sum((a**2).sum() - (b**2).sum() for a, b in zip(w, s)),  # noqa: B905
        "subtracts the squares",
    ),
    ("03.c", "sign", lambda w, s, t: -l2_sp(w, s, t), "sign is turned"),
    ("03.c", "first array", lambda w, s, t: l2_sp(w[:1], s[:1], t), "arrays only"),
    ("03.c", "root at the end", lambda w, s, t: t / 2 * l2_sp(w, s, 2) ** 0.5, "root out"),
    ("03.c", "mean", lambda w, s, t: t / 2 * np.mean(np.square(gaps(w, s))), "their mean"),
    (
        "03.c",
        "one number for each array",
        lambda w, s, t: [l2_sp([a], [b], t) for a, b in zip(w, s, strict=True)],
        "for each array",
    ),
    ("03.c", "0.1 written in", lambda w, s, t: l2_sp(w, s, 0.2), "arguments"),
    ("04.a", "the accuracy", lambda s, a, t: next((x for x in a if x >= t), None), "the accuracy"),
    (
        "04.a",
        "the one before",
        lambda s, a, t: max(n for n, x in zip(s, a, strict=True) if x < t),
        "does not reach it yet",
    ),
    (
        "04.a",
        "the nearest",
        lambda s, a, t: s[int(np.argmin(abs(np.array(a) - t)))] if max(a) >= t else None,
        "is near 0.57",
    ),
    ("04.a", "never: the first", lambda s, a, t: s[int(np.argmax(np.array(a) >= t))], "not 5"),
    (
        "04.a",
        "never: stops",
        lambda s, a, t: next(n for n, x in zip(s, a, strict=True) if x >= t),
        "it should return None",
    ),
    (
        "04.a",
        "all that reach it",
        lambda s, a, t: [n for n, x in zip(s, a, strict=True) if x >= t],
        "one of the sizes",
    ),
    ("04.a", "text", lambda s, a, t: "25", "one of the sizes"),
    ("04.b", "empty groups", all_ten, "leave it out"),
    ("04.b", "all at once", lambda c, r: abs(c.mean() - r.mean()), "make up for"),
    ("04.b", "squared", lambda c, r: grouped(c, r, c * 10, gap=np.square), "squares the gaps"),
    ("04.b", "Brier", lambda c, r: ((c - r) ** 2).mean(), "Brier"),
    (
        "04.b",
        "largest gap",
        lambda c, r: grouped(c, r, c * 10, average=lambda gaps, weights: gaps.max()),
        "largest gap",
    ),
    (
        "04.b",
        "sum of gaps",
        lambda c, r: grouped(c, r, c * 10, average=lambda gaps, weights: gaps.sum()),
        "adds up the gaps",
    ),
    (
        "04.b",
        "over ten groups",
        lambda c, r: grouped(c, r, c * 10, average=lambda gaps, weights: gaps.sum() / 10),
        "not once",
    ),
    ("04.b", "rounded", lambda c, r: grouped(c, r, np.round(c * 10)), "nearest tenth"),
    ("04.b", "five groups", lambda c, r: grouped(c, r, c * 5), "five groups"),
    ("04.b", "percent", lambda c, r: 100 * grouped(c, r, c * 10), "percent"),
    ("04.b", "share wrong", lambda c, r: 1 - r.mean(), "not used"),
    (
        "04.c",
        "worst within the margin",
        lambda a, near: min((x for x in a if a[x] >= max(a.values()) - near), key=a.get),
        "the worst of them",
    ),
    (
        "04.c",
        "best of the near ones in two",
        lambda a, near: next(x for x in a if a[x] > max(a.values()) - near),
        "at most",
    ),
    (
        "04.c",
        "the next one only",
        lambda a, near: next(
            (x for x, z in zip(a, list(a)[1:], strict=False) if a[x] >= a[z] - near), list(a)[-1]
        ),
        "compare with the best of all",
    ),
    (
        "04.c",
        "last near the best",
        lambda a, near: [x for x in a if a[x] >= max(a.values()) - near][-1],
        "cheaper",
    ),
    (
        "04.c",
        "margin written in",
        lambda a, near: next(x for x in a if a[x] >= max(a.values()) - 0.02),
        "with 0.15",
    ),
    ("04.c", "place", lambda a, near: 0, "one of"),
    ("04.c", "list", lambda a, near: [x for x in a if a[x] >= 0.69], "one of"),
    ("05.a", "4 d", lambda s, t: (gap_of(s, t) ** 2).sum() / 4 / s.shape[1], "divide by 36"),
    (
        "05.a",
        "number of pictures",
        lambda s, t: (gap_of(s, t) ** 2).sum() / 4 / len(s) ** 2,
        "pictures",
    ),
    ("05.a", "36 written in", lambda s, t: (gap_of(s, t) ** 2).sum() / 36, "arguments"),
    ("05.a", "rows", lambda s, t: ((np.cov(s) - np.cov(t)) ** 2).sum() / 36, "n by n"),
    ("05.a", "mean", lambda s, t: (gap_of(s, t) ** 2).mean() / 36, "mean divides"),
    ("05.a", "sum squared", lambda s, t: gap_of(s, t).sum() ** 2 / 36, "squares the sum"),
    ("05.a", "sizes", lambda s, t: abs(gap_of(s, t)).sum() / 36, "takes its size"),
    (
        "05.a",
        "variances",
        lambda s, t: ((s.var(0, ddof=1) - t.var(0, ddof=1)) ** 2).sum() / 36,
        "alone",
    ),
    (
        "05.a",
        "correlations",
        lambda s, t: ((np.corrcoef(s.T) - np.corrcoef(t.T)) ** 2).sum() / 36,
        "correlations",
    ),
    (
        "05.a",
        "both by the source's number",
        lambda s, t: (
            ((centred(s).T @ centred(s) - centred(t).T @ centred(t)) ** 2 / (len(s) - 1) ** 2).sum()
            / (4 * s.shape[1] ** 2)
        ),
        "each by its own n",
    ),
    ("05.a", "means", lambda s, t: ((s.mean(0) - t.mean(0)) ** 2).sum() / 36, "means"),
    ("05.a", "not summed", lambda s, t: gap_of(s, t) ** 2 / 36, "still a matrix"),
    ("05.a", "norm", lambda s, t: np.linalg.norm(gap_of(s, t)) / 36, "no root"),
    ("05.b", "size", lambda error: abs(2 * (1 - 2 * error)), "bad luck"),
    ("05.b", "share right", lambda error: 1 - error, "share of right"),
    ("05.b", "2 (1 - error)", lambda error: 2 * (1 - error), "too slowly"),
    ("05.b", "cut at 1", lambda error: float(np.clip(2 - 4 * error, 0, 1)), "not to 1"),
    ("05.b", "whole numbers", lambda error: max(0, int(2 - 4 * error)), "too coarse"),
    ("05.b", "turned", lambda error: 4 * error, "other way round"),
    ("05.b", "text", lambda error: f"{2 - 4 * error}", "of type str"),
    ("05.c", "first that reaches", lambda p, t: (p >= t).argmax(1), "not 0"),
    ("05.c", "not -1 but 0", lambda p, t: np.where(p.max(1) >= t, p.argmax(1), 0), "not 0"),
    ("05.c", "classes as rows", lambda p, t: p.argmax(0), "gives one a class"),
    ("05.c", "probabilities", lambda p, t: np.where(p.max(1) >= t, p.max(1), -1), "the label is"),
    ("05.c", "yes or no", lambda p, t: p.max(1) >= t, "yes and no"),
    ("05.c", "wrong way round", lambda p, t: np.where(p.max(1) < t, p.argmax(1), -1), "way round"),
    ("05.c", "count from 1", lambda p, t: np.where(p.max(1) >= t, p.argmax(1) + 1, -1), "from 0"),
    ("05.c", "argmin", lambda p, t: np.where(p.max(1) >= t, p.argmin(1), -1), "least likely"),
    (
        "05.c",
        "last class that reaches",
        lambda p, t: [max([k for k, x in enumerate(row) if x >= t], default=-1) for row in p],
        "more than one class",
    ),
    (
        "05.c",
        "0.75 written in",
        lambda p, t: np.where(p.max(1) >= 0.75, p.argmax(1), -1),
        "arguments",
    ),
    (
        "06.a",
        "mean distance",
        lambda s, q: -((q[:, None, None] - s) ** 2).sum(-1).mean(-1),
        "first the",
    ),
    (
        "06.a",
        "nearest",
        lambda s, q: -((q[:, None, None] - s) ** 2).sum(-1).min(-1),
        "nearest example",
    ),
    ("06.a", "L1", lambda s, q: to_mean(s, q, lambda gap: -abs(gap).sum(-1)), "takes their size"),
    ("06.a", "sum squared", lambda s, q: to_mean(s, q, lambda g: -(g.sum(-1) ** 2)), "sums first"),
    ("06.a", "no square", lambda s, q: to_mean(s, q, lambda gap: -gap.sum(-1)), "as they are"),
    ("06.a", "root, no minus", lambda s, q: np.sqrt(-to_mean(s, q)), "no root"),
    ("06.a", "sum", lambda s, q: to_mean(s, q, mean=lambda s: s.sum(1)), "not their sum"),
    ("06.a", "over classes", lambda s, q: to_mean(s, q, mean=lambda s: s.mean(0)), "axis 1"),
    ("06.a", "product", lambda s, q: q @ s.mean(1).T, "a product"),
    ("06.a", "cosine", lambda s, q: unit(q) @ unit(s.mean(1)).T, "a product"),
    ("06.a", "softmax", lambda s, q: softmax(to_mean(s, q), 1), "softmax out"),
    ("06.a", "not summed", lambda s, q: to_mean(s, q, lambda gap: -(gap**2)), "over the features"),
    ("06.a", "classes, not logits", lambda s, q: to_mean(s, q).argmax(1), "logit for each class"),
    (
        "06.a",
        "four written in",
        lambda s, q: to_mean(s, q, lambda g: -4 * (g**2).mean(-1)),
        "arguments",
    ),
    (
        "06.b",
        "same classes",
        lambda y, w, k, n, r: draw(y, w, k, n, r, classes=lambda: np.unique(y)[:w]),
        "same classes",
    ),
    (
        "06.b",
        "first rows",
        lambda y, w, k, n, r: draw(y, w, k, n, r, rows=lambda c: np.flatnonzero(y == c)[: k + n]),
        "same rows",
    ),
    (
        "06.b",
        "another generator",
        lambda y, w, k, n, r: draw(y, w, k, n, np.random.default_rng()),
        "same seed",
    ),
    (
        "06.b",
        "places in the class",
        lambda y, w, k, n, r: draw(
            y, w, k, n, r, rows=lambda c: r.permutation((y == c).sum())[: k + n]
        ),
        "within each class",
    ),
    (
        "06.b",
        "labels",
        lambda y, w, k, n, r: draw(y, w, k, n, r, rows=lambda c: np.repeat(c, k + n)),
        "these are the labels",
    ),
    (
        "06.b",
        "sorted labels assumed",
        lambda y, w, k, n, r: draw(
            y,
            w,
            k,
            n,
            r,
            rows=lambda c: np.searchsorted(np.sort(y), c) + r.permutation(5)[: k + n],
        ),
        "of one class",
    ),
    (
        "06.b",
        "with replacement",
        lambda y, w, k, n, r: draw(
            y, w, k, n, r, rows=lambda c: r.choice(np.flatnonzero(y == c), k + n)
        ),
        "among the examples",
    ),
    (
        "06.b",
        "classes with replacement",
        lambda y, w, k, n, r: draw(y, w, k, n, r, classes=lambda: r.choice(np.unique(y), w)),
        "different ones",
    ),
    ("06.b", "flat", lambda y, w, k, n, r: [x.ravel() for x in draw(y, w, k, n, r)], "(way, shot)"),
    ("06.b", "ragged", lambda y, w, k, n, r: ([[1], [1, 2]], [[1]]), "unequal length"),
    (
        "06.b",
        "sizes written in",
        lambda y, w, k, n, r: draw(y, 4, 2, 3, r),
        "arguments",
    ),
    (
        "06.c",
        "over queries",
        lambda s, q: shares(s, q, lambda z: softmax(z, 0)),
        "over the queries",
    ),
    (
        "06.c",
        "within a class",
        lambda s, q: shares(s, q, lambda z: softmax(z, 2)),
        "within each class",
    ),
    (
        "06.c",
        "over classes",
        lambda s, q: shares(s, q, lambda z: softmax(z, 1)),
        "over the classes",
    ),
    ("06.c", "all queries in one", lambda s, q: shares(s, q, softmax), "over all queries"),
    (
        "06.c",
        "class sums first",
        lambda s, q: softmax(shares(s, q, lambda z: z), 1),
        "before the softmax",
    ),
    (
        "06.c",
        "class means first",
        lambda s, q: softmax(shares(s, q, lambda z: z, end=lambda a: a.mean(-1)), 1),
        "before the softmax",
    ),
    (
        "06.c",
        "prototypes",
        lambda s, q: softmax(unit(q) @ unit(s.mean(1)).T, 1),
        "prototypes first",
    ),
    ("06.c", "largest", lambda s, q: shares(s, q, end=lambda a: a.max(-1)), "largest share"),
    ("06.c", "queries only", lambda s, q: shares(s, q, one=lambda x: x), "only one of the two"),
    ("06.c", "examples only", lambda s, q: shares(s, q, other=lambda x: x), "only one of the two"),
    (
        "06.c",
        "no root",
        lambda s, q: shares(
            s,
            q,
            one=lambda x: x / (x**2).sum(-1, keepdims=True),
            other=lambda x: x / (x**2).sum(-1, keepdims=True),
        ),
        "lacks the root",
    ),
    (
        "06.c",
        "length over the rows",
        lambda s, q: shares(
            s,
            q,
            one=lambda x: x / np.linalg.norm(x.reshape(-1, x.shape[-1]), axis=0),
            other=lambda x: x / np.linalg.norm(x, axis=0),
        ),
        "over the features",
    ),
    (
        "06.c",
        "no exponential",
        lambda s, q: shares(s, q, lambda z: z / z.sum((1, 2), keepdims=True)),
        "exponential is missing",
    ),
    ("06.c", "not divided", lambda s, q: shares(s, q, np.exp), "did not divide"),
    ("06.c", "sign", lambda s, q: shares(s, q, lambda z: softmax(-z, (1, 2))), "sign is turned"),
    (
        "06.c",
        "by distance",
        lambda s, q: softmax(-((q[:, None, None] - s) ** 2).sum(-1), (1, 2)).sum(-1),
        "by distance",
    ),
    (
        "06.c",
        "way for shot",
        lambda s, q: shares(s, q, end=lambda a: a.reshape(len(a), a.shape[2], -1).sum(1)),
        "changed places",
    ),
    ("06.c", "not added up", lambda s, q: shares(s, q, end=lambda a: a), "each example"),
    ("06.c", "transposed", lambda s, q: shares(s, q).T, "other way round"),
    ("06.c", "the class", lambda s, q: shares(s, q).argmax(1), "for each class"),
    ("06.c", "one-hot", lambda s, q: np.eye(len(s))[shares(s, q).argmax(1)], "chooses one class"),
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


def gaps(w, s):
    return np.concatenate([(a - b).ravel() for a, b in zip(w, s, strict=True)])


def l2_sp(w, s, t):
    return t / 2 * (gaps(w, s) ** 2).sum()


def stage_rates(s, r, d):
    return {x: r * d ** (len(s) - 1 - i) for i, x in enumerate(s)}


# Of another style than the solution in the lesson: float32, lists, plain Python.
RIGHT = [
    ("00.a", "float32", lambda x: x.astype(np.float32) / 127.5 - 1),
    ("00.a", "float16", lambda x: (x / np.float32(127.5) - 1).astype(np.float16)),
    ("00.a", "2 x / 255 - 1", lambda x: x / 255 * 2 - 1),
    ("00.a", "nested list", lambda x: (x / 127.5 - 1).tolist()),
    ("00.b", "float", lambda features, classes: float((features + 1) * classes)),
    ("00.b", "numpy", lambda features, classes: np.zeros((features + 1, classes)).size),
    ("00.c", "float32", lambda a, b: np.float32(100 * np.mean(paired(a, b)))),
    ("00.c", "0-d array", lambda a, b: np.array(100 * np.mean(paired(a, b)))),
    (
        "00.c",
        "a loop",
        lambda a, b: 100 * sum(a[s] - b[s] for s in a.keys() & b) / len(a.keys() & b),
    ),
    ("01.a", "all", lambda m: (m == 0).all((1, 2)).mean(0)),
    (
        "01.a",
        "list",
        lambda m: [float((m[..., k].sum((1, 2)) == 0).mean()) for k in range(m.shape[-1])],
    ),
    ("01.a", "float32", lambda m: (m.max((1, 2)) <= 0).mean(0, dtype=np.float32)),
    ("01.b", "by pictures", lambda x, y: by_pictures(x, y)),
    ("01.b", "float32", lambda x, y: by_pictures(x.astype(np.float32), y.astype(np.float32))),
    ("01.c", "einsum", lambda a, g: np.maximum(np.einsum("hwu,u->hw", a, g.mean((0, 1))), 0)),
    (
        "01.c",
        "float32",
        lambda a, g: (a.astype(np.float32) @ g.astype(np.float32).mean((0, 1))).clip(0),
    ),
    ("02.a", "float32", lambda x, m: x[..., ::-1].astype(np.float32) - np.float32(m)),
    (
        "02.a",
        "stacked",
        lambda x, m: np.stack([x[..., 2 - k].astype(float) - m[k] for k in range(3)], -1),
    ),
    ("02.b", "numpy", lambda runs: list(runs)[int(np.argmax([np.mean(r) for r in runs.values()]))]),
    (
        "02.b",
        "numpy's str",
        lambda runs: np.array(list(runs))[np.argmax([np.mean(r) for r in runs.values()])],
    ),
    ("02.c", "float32", lambda *a: norm_by(*(x.astype(np.float32) for x in a))),
    ("02.c", "folded", lambda x, m, v, g, b: x * (g / v**0.5) + (b - m * g / v**0.5)),
    ("02.c", "list", lambda *a: norm_by(*a).tolist()),
    ("03.a", "from the head down", lambda s, r, d: dict(reversed(stage_rates(s, r, d).items()))),
    (
        "03.a",
        "float32",
        lambda s, r, d: {x: np.float32(v) for x, v in stage_rates(s, r, d).items()},
    ),
    (
        "03.b",
        "tuples",
        lambda s, low: tuple(tuple(s[k:]) for k in range(len(s) - 1, s.index(low) - 1, -1)),
    ),
    ("03.c", "float32", lambda w, s, t: np.float32(l2_sp(w, s, t))),
    (
        "03.c",
        "norms",
        lambda w, s, t: (
            t * 0.5 * sum(np.linalg.norm(a - b) ** 2 for a, b in zip(w, s, strict=True))
        ),
    ),
    ("04.a", "numpy", lambda s, a, t: min(np.array(s)[np.array(a) >= t], default=None)),
    ("04.b", "float32", lambda c, r: np.float32(grouped(c, r, c * 10))),
    ("04.b", "digitize", lambda c, r: grouped(c, r, np.digitize(c, np.linspace(0, 1, 11)))),
    ("04.c", "a loop", lambda a, near: [x for x in a if max(a.values()) - a[x] <= near][0]),  # noqa: RUF015
    ("05.a", "float32", lambda s, t: np.float32((gap_of(s, t) ** 2).sum() / 4 / s.shape[1] ** 2)),
    ("05.a", "norm", lambda s, t: (np.linalg.norm(gap_of(s, t)) / 2 / s.shape[1]) ** 2),
    ("05.b", "clip", lambda error: np.clip(2 - 4 * error, 0, 2)),
    ("05.b", "float32", lambda error: np.float32(2 * (1 - 2 * min(error, 0.5)))),
    (
        "05.c",
        "list",
        lambda p, t: [int(np.argmax(row)) if max(row) >= t else -1 for row in p.tolist()],
    ),
    ("05.c", "floats", lambda p, t: np.where(p.max(1) >= t, p.argmax(1), -1.0)),
    ("05.c", "float32", lambda p, t: np.where(p.astype("float32").max(1) >= t, p.argmax(1), -1)),
    ("06.a", "float32", lambda s, q: to_mean(s.astype(np.float32), q.astype(np.float32))),
    (
        "06.a",
        "multiplied out",
        lambda s, q: 2 * q @ s.mean(1).T - (q**2).sum(1)[:, None] - (s.mean(1) ** 2).sum(1),
    ),
    ("06.b", "lists", lambda *a: [x.tolist() for x in draw(*a)]),
    (
        "06.b",
        "permutation",
        lambda y, w, k, n, r: draw(
            y,
            w,
            k,
            n,
            r,
            classes=lambda: r.permutation(np.unique(y))[:w],
            rows=lambda c: r.permutation(np.flatnonzero(y == c))[: k + n],
        ),
    ),
    ("06.c", "float32", lambda s, q: shares(s.astype(np.float32), q.astype(np.float32))),
    ("06.c", "list", lambda s, q: shares(s, q).tolist()),
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


def by_pictures(x, y):
    """Linear CKA from the products of pictures with pictures."""
    k, m = centred(x) @ centred(x).T, centred(y) @ centred(y).T
    return (k * m).sum() / ((k**2).sum() * (m**2).sum()) ** 0.5


@pytest.mark.parametrize(
    ("exercise", "answer", "words"),
    [pytest.param(e, answer, words, id=f"{e}: {what}") for e, what, answer, words in WRONG],
)
def test_a_wrong_answer_is_told_what_is_wrong(exercise, answer, words):
    result = check(exercise, answer)
    assert not result.passed
    assert words in result.message


@pytest.mark.parametrize(
    ("exercise", "answer"),
    [pytest.param(e, answer, id=f"{e}: {what}") for e, what, answer in RIGHT],
)
def test_a_right_answer_of_another_style_passes(exercise, answer):
    result = check(exercise, answer)
    assert result.passed, result.message


EXERCISES = sorted({e for e, *_ in WRONG})


@pytest.mark.parametrize("exercise", EXERCISES)
@pytest.mark.parametrize(
    "given",
    ["text", [], {}, [[1], [1, 2]], ..., float("nan"), 1e300, 1j, [None], np.array("a"), print, ()],
    ids=str,
)
def test_what_makes_no_sense_is_told_so_and_not_called_an_error(exercise, given):
    result = check(exercise, lambda *_, **__: given)
    assert not result.passed
    assert "stopped with" not in result.message
