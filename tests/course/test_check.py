"""Practice checks answer at once, with a hint for each usual mistake."""

import numpy as np
import pytest

from tl_helpers.course import check


def head(features, classes):
    return features * classes + classes


def test_a_right_answer_passes():
    assert check("00.b", head).passed


def cka(x, y):
    """Without centring."""
    norm = np.linalg.norm
    return norm(x.T @ y) ** 2 / (norm(x.T @ x) * norm(y.T @ y))


def gaps(confidence, right):
    """Mean confidence minus the share right in each tenth, and how many answers are there."""
    of = [(confidence * 10).astype(int) == k for k in range(10)]
    of = [rows for rows in of if rows.any()]
    means = np.array([confidence[rows].mean() - right[rows].mean() for rows in of])
    return means, np.array([rows.sum() for rows in of])


def nearness(support, query):
    return -((query[:, None] - support.mean(1)[None]) ** 2).sum(-1)


def task(y, way, shot, n_query, rng, give=lambda r: r, **mistakes):
    """A task as rows, with one mistake."""
    classes = rng.choice(np.unique(y), way, replace=False)
    if mistakes.get("same"):
        classes[1] = classes[0]
    rows = np.stack([rng.permutation(np.flatnonzero(y == k))[: shot + n_query] for k in classes])
    if mistakes.get("same"):
        rows[1] = np.setdiff1d(np.flatnonzero(y == classes[0]), rows[0])[:1].repeat(shot + n_query)
    if "one_class" in mistakes:
        rows[:, -1] = rows[::-1, -1]
    if mistakes.get("leak"):
        rows[:, shot] = rows[:, 0]
    if mistakes.get("twice"):
        rows[:, -1] = rows[:, -2]
    return give(rows[:, :shot]), give(rows[:, shot:])


def by_length(x):
    return x / np.linalg.norm(x, axis=-1, keepdims=True)


def softmax(x):
    return np.exp(x) / np.exp(x).sum(1, keepdims=True)


def attention(support, query, unit=by_length, soft=softmax):
    way, shot, d = support.shape
    return soft(unit(query) @ unit(support).reshape(-1, d).T).reshape(-1, way, shot)


def soft(logits):
    e = np.exp(logits - logits.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def distilled(student, teacher, y, t, alpha, power=2, back=False, hard=1):
    p, q = soft(teacher / t), soft(student / t)
    if back:
        p, q = q, p
    apart = (p * np.log(p / q)).sum(1).mean()
    labels = -np.log(soft(student / hard))[np.arange(len(y)), y].mean()
    return alpha * t**power * apart + (1 - alpha) * labels


def eight(kernel, largest=127):
    scale = np.abs(kernel).max(0) / largest
    return np.round(kernel / scale).astype(np.int8), scale


def covariance_gap(source, target, covariance=lambda x: np.cov(x.T)):
    return ((covariance(source) - covariance(target)) ** 2).sum()


def distance(weights, start):
    return sum(((w - s) ** 2).sum() for w, s in zip(weights, start, strict=True))


@pytest.mark.filterwarnings("ignore:overflow", "ignore:invalid value")  # a mistake of 07.a
@pytest.mark.parametrize(
    ("exercise", "answer", "hint"),
    [
        ("00.a", lambda x: x / 255, "0 to 1"),
        ("00.a", lambda x: x, "floating-point"),
        ("00.a", lambda x: (x / 127.5 - 1).ravel(), "shape"),
        ("00.b", lambda features, classes: features * classes, "one bias"),
        ("00.c", lambda a, b: sum(a[s] - b[s] for s in b) / 3, "points"),
        ("00.c", lambda a, b: -100 * sum(a[s] - b[s] for s in b) / 3, "sign"),
        (
            "00.c",
            lambda a, b: 100 * (sum(a.values()) / len(a) - sum(b.values()) / len(b)),
            "cannot be paired",
        ),
        (
            "00.c",
            lambda a, b: 100 * sum(x - y for x, y in zip(a.values(), b.values(), strict=True)) / 2,
            "one less",
        ),
        ("00.c", lambda a, b: 100 * sum(a[s] - b[s] for s in a) / len(a), "cannot be paired"),
        ("00.c", lambda a, b: 100 * sum(a[s] - b[s] for s in b) / len(b), "cannot be paired"),
        (
            "00.c",
            lambda a, b: 100 * sum(x - y for x, y in zip(a.values(), b.values(), strict=False)) / 3,
            "cannot be paired",
        ),
        ("00.c", lambda a, b: {s: 100 * (a[s] - b[s]) for s in b}, "one number"),
        ("00.a", lambda x: x * 2 / 255 - 1, "wrap around"),
        ("01.a", lambda maps: (maps.max((1, 2)) > 0).mean(0), "does answer to"),
        ("01.a", lambda maps: (maps <= 0).mean((0, 1, 2)), "share of places"),
        ("01.a", lambda maps: (maps.max((1, 2)) <= 0).sum(0), "how many pictures"),
        ("01.b", lambda x, y: cka(x, y), "centre first"),
        ("01.b", lambda x, y: cka((x.T - x.mean(1)).T, (y.T - y.mean(1)).T), "each picture"),
        ("01.b", lambda x, y: cka(x - x.mean(0), y - y.mean(0)) ** 0.5, "upper norm"),
        ("01.b", lambda x, y: cka(np.subtract(x, x.mean(0), out=x), y), "have changed"),
        ("01.c", lambda a, g: a @ g.mean((0, 1)), "below zero"),
        ("01.c", lambda a, g: np.abs(a @ g.mean((0, 1))), "not positive"),
        ("01.c", lambda a, g: (a * g).sum(-1).clip(0), "all places first"),
        ("01.c", lambda a, g: (a @ g.sum((0, 1))).clip(0), "take the mean"),
        ("02.a", lambda x, means: x - np.array(means), "still red, green, blue"),
        ("02.a", lambda x, means: (x - np.array(means))[..., ::-1], "turn the channels first"),
        ("02.a", lambda x, means: x[:, :, ::-1] - np.array(means), "columns"),
        ("02.a", lambda x, means: (x[..., ::-1] - np.array(means)) / 255, "nothing is divided"),
        ("02.a", lambda x, means: x[..., ::-1] - np.uint8(means), "floating-point"),
        ("02.a", lambda x, means: np.subtract(x, 1, out=x), "have changed"),
        ("02.b", lambda runs: max(runs, key=lambda s: max(runs[s])), "lucky seed"),
        ("02.b", lambda runs: max(runs, key=lambda s: sum(runs[s])), "means, not sums"),
        ("02.b", lambda runs: max(map(max, runs.values())), "name of a stage"),
        ("02.c", lambda x, m, v, g, b: (x - x.mean(0)) / x.std(0) * g + b, "the stored ones"),
        ("02.c", lambda x, m, v, g, b: (x - m) / v * g + b, "square root"),
        ("02.c", lambda x, m, v, g, b: (x - m) / np.sqrt(v), "still missing"),
        ("02.c", lambda x, m, v, g, b: ((x - m) / np.sqrt(v) + b) * g, "gamma first"),
        ("03.a", lambda s, r, d: {x: r * d**k for k, x in enumerate(s)}, "upside down"),
        ("03.a", lambda s, r, d: {x: r * d ** (4 - k) for k, x in enumerate(s)}, "one power"),
        ("03.a", lambda s, r, d: [r] * len(s), "a dict with a rate"),
        ("03.b", lambda s, low: [s[k:] for k in range(s.index(low), len(s))], "wrong order"),
        ("03.b", lambda s, low: [[x] for x in s[: s.index(low) - 1 : -1]], "stays so"),
        ("03.b", lambda s, low: [s[k:] for k in range(2, s.index(low) - 1, -1)], "head alone"),
        ("03.b", lambda s, low: [s[k:] for k in range(3, 0, -1)], "one phase more"),
        ("03.b", lambda s, low: 3, "list of lists"),
        ("03.c", lambda w, s, t: t * distance(w, s), "half"),
        ("03.c", lambda w, s, t: t / 2 * distance(w, [0 * x for x in s]), "draw to the start"),
        (
            "03.c",
            lambda w, s, t: (
                t / 2 * sum(distance([a], [b]) ** 0.5 for a, b in zip(w, s, strict=True))
            ),
            "leave the root out",
        ),
        ("03.c", lambda w, s, t: [t], "one number"),
        ("04.a", lambda s, a, t: [x >= t for x in a].index(True) if max(a) >= t else None, "place"),
        ("04.a", lambda s, a, t: s[-1] if max(a) >= t else None, "first is wanted"),
        ("04.a", lambda s, a, t: next((n for n, x in zip(s, a) if x >= t), s[-1]), "not 50"),  # noqa: B905
        ("04.a", lambda s, a, t: next((n for n, x in zip(s, a) if x > t), None), "just the"),  # noqa: B905
        ("04.a", lambda s, a, t: s[0], "0.62 at 25"),
        ("04.b", lambda c, r: c, "one number"),
        ("04.b", lambda c, r: abs(gaps(c, r)[0]).mean(), "not once"),
        ("04.b", lambda c, r: np.average(gaps(c, r)[0], weights=gaps(c, r)[1]), "make up for"),
        ("04.b", lambda c, r: (abs(gaps(c, r)[0]) * gaps(c, r)[1]).sum(), "an average"),
        ("04.b", lambda c, r: abs(c - r).mean(), "in a group take both means"),
        ("04.b", lambda c, r: 0.0, "group by"),
        ("04.c", lambda a, near: max(a, key=a.get), "within the margin"),
        ("04.c", lambda a, near: "probe", "0.60 is not near"),
        ("04.c", lambda a, near: "train from scratch", "the probe is cheapest"),
        ("04.c", lambda a, near: "probe" if a["probe"] >= 0.7 else "fine-tune", "far ahead"),
        ("04.c", lambda a, near: 0.7, "one of"),
        ("05.a", lambda s, t: np.cov(s.T) - np.cov(t.T), "one number"),
        ("05.a", lambda s, t: covariance_gap(s, t), "divide by 4 d²"),
        ("05.a", lambda s, t: covariance_gap(s, t) / 12, "divide by 36"),
        ("05.a", lambda s, t: covariance_gap(s, t) ** 0.5 / 36, "no root"),
        (
            "05.a",
            lambda s, t: covariance_gap(s, t, lambda x: x.T @ x / (len(x) - 1)) / 36,
            "about the mean",
        ),
        ("05.a", lambda s, t: covariance_gap(s, t, lambda x: np.cov(x.T, bias=True)) / 36, "n - 1"),
        ("05.a", lambda s, t: 0.0, "d by d"),
        ("05.b", lambda error: 2 * (1 - 2 * error), "bad luck"),
        ("05.b", lambda error: max(0, 1 - 2 * error), "up to 2"),
        ("05.b", lambda error: 4 * min(error, 0.5), "other way round"),
        ("05.b", lambda error: 1.0, "should give 0"),
        ("05.c", lambda p, t: p.argmax(1)[p.max(1) >= t], "a place for every picture"),
        ("05.c", lambda p, t: p, "a label for each picture"),
        ("05.c", lambda p, t: p.argmax(1), "50% is less than 75%"),
        ("05.c", lambda p, t: np.where(p.max(1) > t, p.argmax(1), -1), "just the threshold"),
        ("05.c", lambda p, t: -np.ones(len(p)), "no picture is believed"),
        ("06.a", lambda s, q: nearness(s, q).T, "other way round"),
        ("06.a", lambda s, q: s, "(queries, classes)"),
        ("06.a", lambda s, q: -nearness(s, q), "largest logit"),
        ("06.a", lambda s, q: -np.sqrt(-nearness(s, q)), "no root"),
        ("06.a", lambda s, q: nearness(s, q) / q.shape[1], "sum over the features"),
        ("06.a", lambda s, q: nearness(s[:, :1], q), "not the first"),
        ("06.a", lambda s, q: 0 * nearness(s, q), "means over the examples"),
        ("06.b", lambda y, w, k, q, rng: rng, "two arrays"),
        ("06.b", lambda y, w, k, q, rng: (np.zeros((w, 1), int), np.zeros((w, q), int)), "(4, 2)"),
        (
            "06.b",
            lambda y, w, k, q, rng: task(y, w, k, q, rng, give=lambda r: y[r] * 9),
            "not labels",
        ),
        ("06.b", lambda y, w, k, q, rng: task(y, w, k, q, rng, one_class=False), "of one class"),
        ("06.b", lambda y, w, k, q, rng: task(y, w, k, q, rng, same=True), "different ones"),
        ("06.b", lambda y, w, k, q, rng: task(y, w, k, q, rng, leak=True), "among the examples"),
        ("06.b", lambda y, w, k, q, rng: task(y, w, k, q, rng, twice=True), "a row comes twice"),
        ("06.b", lambda y, w, k, q, rng: task(y, w, k, q, np.random.default_rng(0)), "draw by rng"),
        ("06.c", lambda s, q: q, "(queries, classes)"),
        ("06.c", lambda s, q: attention(s, q).mean(-1), "sums to 1"),
        ("06.c", lambda s, q: attention(s, q, unit=lambda x: x).sum(-1), "by cosine"),
        ("06.c", lambda s, q: attention(s, q, soft=lambda x: x).sum(-1), "through a softmax"),
        ("06.c", lambda s, q: nearness(s, q), "one softmax"),
        ("06.c", lambda s, q: np.full((len(q), len(s)), 1 / len(s)), "every class gets the same"),
        ("07.a", lambda z, t: z[0], "(2, 3)"),
        ("07.a", lambda z, t: np.exp(z / t) / np.exp(z / t).sum(1, keepdims=True), "overflow"),
        ("07.a", lambda z, t: soft(z * t), "divide by"),
        ("07.a", lambda z, t: soft(z) / t, "before the softmax"),
        ("07.a", lambda z, t: soft(z), "not used yet"),
        ("07.a", lambda z, t: soft(z.T / t).T, "along the classes"),
        ("07.a", lambda z, t: z, "softmax is still missing"),
        ("07.b", lambda s, t, y, k, a: s, "one number"),
        ("07.b", lambda s, t, y, k, a: distilled(s, t, y, k, a, power=0), "times T²"),
        ("07.b", lambda s, t, y, k, a: distilled(s, t, y, k, a, power=1), "T squared"),
        ("07.b", lambda s, t, y, k, a: distilled(s, t, y, k, 1 - a), "not of the labels"),
        ("07.b", lambda s, t, y, k, a: 2 * distilled(s, t, y, k, 0.5), "weigh the two"),
        ("07.b", lambda s, t, y, k, a: distilled(s, t, y, k, a, back=True), "by the teacher's"),
        ("07.b", lambda s, t, y, k, a: distilled(s, t, y, k, a, hard=k), "no temperature"),
        ("07.b", lambda s, t, y, k, a: 6 * distilled(s, t, y, k, a), "not their sum"),
        ("07.b", lambda s, t, y, k, a: 0.0, "one by one"),
        ("07.c", lambda w: w, "two things"),
        ("07.c", lambda w: (w[0], 1), "(4, 3)"),
        ("07.c", lambda w: (np.round(w * 127), 1 / 127), "8 bytes each"),
        ("07.c", lambda w: (np.round(w * 127).astype(np.int8), 1 / 127), "a scale for each column"),
        ("07.c", lambda w: (np.round(w * 127).astype(np.int8), np.ones(2)), "there are 2"),
        ("07.c", lambda w: (eight(w)[0], 1 / eight(w)[1]), "what a step is worth"),
        ("07.c", lambda w: ((w / eight(w)[1]).astype(np.int8), eight(w)[1]), "to the nearest"),
        ("07.c", lambda w: eight(w, 20), "127 or -127"),
        ("07.c", lambda w: (eight(w)[0], 3 * eight(w)[1]), "whole numbers are right"),
        ("00.b", lambda features, classes: None, "replace the dots"),
        ("00.b", lambda features, classes: 1 / 0, "ZeroDivisionError"),
    ],
)
def test_a_mistake_gets_its_hint(exercise, answer, hint):
    result = check(exercise, answer)
    assert not result.passed
    assert hint in result.message


def test_unknown_exercise_lists_those_there_are():
    with pytest.raises(ValueError, match=r"00\.a, 00\.b, 00\.c"):
        check("00.z", head)
    with pytest.raises(ValueError, match=r"02\.a"):
        check("zero", head)


def test_the_result_instead_of_the_function_is_refused():
    with pytest.raises(TypeError, match="give the function itself"):
        check("00.b", head(2, 3))


def test_what_the_student_wrote_is_escaped():
    def answer(features, classes):
        raise ValueError("<script>")

    assert "<script>" not in check("00.b", answer)._repr_html_()
