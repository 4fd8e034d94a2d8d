"""Assignment 07: other losses between answers, attention, a zero point, a student who sees less."""

import numpy as np

from . import NOTHING


def nearness(answer, me) -> str | None:
    """07.1: what each of the three is, at its ends."""
    rng = np.random.default_rng(0)
    z = rng.normal(size=(4, 5))
    got = answer(z, z, 2.0)
    if got is None:
        return NOTHING
    if np.ndim(got) != 0:
        return f"it should be one number, the mean over the pictures; its shape is {np.shape(got)}"
    if abs(got) > 1e-9:
        return "where the student says what the teacher says, the loss should be zero"
    other = rng.normal(size=(4, 5))
    if answer(other, z, 2.0) <= 0:
        return "where they differ, the loss should be above zero"
    if abs(answer(other + 7, z - 3, 2.0) - answer(other, z, 2.0)) > 1e-6:
        return "a number added to all of a picture's logits changes no share, and here the loss"
    far = 500 * rng.normal(size=(4, 5))
    if not np.isfinite(answer(far, -far, 1.0)):
        return "with logits far apart it is not finite: compute with logarithms of shares"
    kind = me.choose("07.1", ["the reverse", "half and half", "standardised"])
    same = abs(answer(other, z, 1.0) - answer(z, other, 1.0)) < 1e-9
    if kind == "half and half":
        if not same:
            return "yours is the same when teacher and student change places"
        if answer(far, -far, 1.0) > np.log(2) + 1e-6:
            return "at T = 1 yours is at most log 2, however far apart they are"
        return None
    if same:
        return "yours is another one when teacher and student change places"
    scaled = abs(answer(3 * other, z, 1.0) - answer(other, z, 1.0)) < 1e-4
    if kind == "standardised":
        return None if scaled else "yours should not change when all the student's logits triple"
    if scaled:
        return "yours does not standardise: the student's logits times three are another answer"
    sure = np.array([[9.0, 0, 0]])
    if answer(sure, np.array([[9.0, 9, 0]]), 1.0) > answer(np.array([[9.0, 9, 0]]), sure, 1.0):
        return "the reverse forgives a student who leaves out a class that the teacher allows"
    return None


def attention_loss(answer, me) -> str | None:
    """07.2: what it must not depend on, and a map by hand."""
    power, norm = me.choose("07.2", [(1, "sum"), (3, "length"), (4, "sum"), (1, "length")])
    rng = np.random.default_rng(1)
    student, teacher = rng.normal(size=(3, 2, 2, 4)), rng.normal(size=(3, 4, 4, 5))
    got = answer(student, teacher)
    if got is None:
        return NOTHING
    if np.ndim(got) != 0:
        return f"it should be one number, the mean over the pictures; its shape is {np.shape(got)}"
    twin = _twice(student)
    if not abs(answer(student, twin)) < 1e-9:
        return "a teacher whose every square of two by two is the student's pixel has loss zero"
    if abs(answer(-5 * student, teacher) - got) > 1e-6:
        return "signs and scale of a picture's maps should not count: |value|, and the norm"
    if abs(answer(student[..., ::-1], teacher) - got) > 1e-6:
        return "the order of channels should not count: take the mean over them"
    dead = student.copy()
    dead[0] = 0
    if not np.isfinite(answer(dead, teacher)):
        return "a map that is zero everywhere gives no number: leave it zero"
    corner = np.zeros((1, 2, 2, 1))
    corner[0, 0, 0] = 1
    other = corner[:, ::-1, ::-1]
    if not np.isclose(answer(corner, _twice(other)), 2):
        return "two maps, each active at one other place, are 2 apart: 1 squared, twice, summed"
    flat = np.ones((1, 2, 2, 1))
    apart = answer(corner, _twice(flat))
    if not np.isclose(apart, 0.75 if norm == "sum" else 1.0):
        return f"divide by the vector's {norm}: a map that is active everywhere alike shows it"
    uneven = np.array([2.0, 1, 1, 0]).reshape(1, 2, 2, 1) ** (1 / power)
    if not np.isclose(answer(corner, _twice(uneven)), 0.375 if norm == "sum" else 2 - 4 / 6**0.5):
        return f"take |value| to the power {power}, before the mean over the channels"
    return None


def _twice(maps):
    return np.repeat(np.repeat(maps, 2, axis=1), 2, axis=2)


def coarse(answer, me) -> str | None:
    """07.3: how many values a group has, its ends, and what is a group."""
    bits, group = me.choose("07.3", [(4, "column"), (3, "row"), (5, "row"), (3, "column")])
    rng = np.random.default_rng(2)
    kernel = rng.normal(size=(40, 50)) + 0.3
    got = answer(kernel.copy())
    if got is None:
        return NOTHING
    if np.shape(got) != kernel.shape:
        return f"the shape should stay {kernel.shape}, it became {np.shape(got)}"
    got = np.asarray(got, float)
    if not np.isfinite(answer(np.zeros((2, 3)))).all():
        return "a group of zeros gives no numbers: where the scale would be 0, put 1"
    groups = got.T if group == "column" else got
    most = max(len(np.unique(one.round(9))) for one in groups)
    if most > 2**bits:
        return f"with {bits} bits a {group} has at most {2**bits} values, yours has {most}"
    if most <= 2 ** (bits - 1):
        return f"with {bits} bits a {group} has {2**bits} values to use, yours has {most} at most"
    ends = kernel.T if group == "column" else kernel
    spans = ends.max(1) - ends.min(1)
    if (np.abs(groups - ends).max(1) > spans / (2**bits - 1) * 1.01).any():
        return "some weights move by more than a step: look at the scale, and at where you cut"
    if not np.allclose(answer(np.abs(kernel) * 0 + 2.0), 2.0):
        return "weights that are all 2 should stay 2: lo is 0 there, and hi is 2"
    if (np.abs(groups).min(1) > 1e-12).all() and (np.abs(kernel) < 0.01).any():
        return "zero should stay zero exactly: round the zero point to a whole number"
    return None


def student(answer, me) -> str | None:
    """07.4: that it can be."""
    if not isinstance(answer, dict) or set(answer) != {"temperature", "taught", "control"}:
        return "`student` should be a dict with temperature, taught and control"
    if any(value is None for value in answer.values()):
        return "put your three numbers in place of None"
    if answer["temperature"] not in (1.0, 3.0, 10.0, 30.0):
        return "the temperature should be one of HEAT"
    for name in ("taught", "control"):
        if not 0 <= answer[name] <= 1:
            return f"{name} should be from 0 to 1"
        if abs(answer[name] * 600 - round(answer[name] * 600)) > 1e-6:
            return f"{name} is no share of the 600 pictures of the test"
    return None


CHECKS = {"07.1": nearness, "07.2": attention_loss, "07.3": coarse, "07.4": student}
