"""Item analysis, and what is alike."""

import numpy as np
import pytest

from tl_helpers.course.grading.items import analyse
from tl_helpers.course.grading.similar import alike, fingerprint


def results(shares):
    """(students, exercises) shares of four points each -> results, a case a point."""
    return [
        {
            "exercises": [
                {
                    "exercise": f"90.{n + 1}",
                    "points": 4 * share,
                    "of": 4,
                    "cases": {
                        f"c{k}": {"right": float(share > k / 4), "reason": None} for k in range(4)
                    },
                }
                for n, share in enumerate(row)
            ]
        }
        for row in shares
    ]


def test_facility_and_discrimination_by_hand():
    shares = np.array([[1, 1, 0], [1, 0.5, 0], [0.5, 0.5, 0], [0, 0, 1]])
    table = analyse(results(shares)).set_index("exercise")
    assert table["facility"].tolist() == [0.625, 0.5, 0.25]
    assert table["full"].tolist() == [0.5, 0.25, 0.25]
    rest = 4 * (shares[:, 1] + shares[:, 2])
    assert table.loc["90.1", "discrimination"] == pytest.approx(
        np.corrcoef(shares[:, 0], rest)[0, 1]
    )
    assert table.loc["90.3", "discrimination"] < 0
    assert (table.loc["90.1", "hardest"], table.loc["90.1", "hardest_right"]) == ("c2", 0.5)
    assert table["verdict"].str.contains("too few to say").all()


@pytest.mark.parametrize(
    ("third", "verdict"),
    [
        (lambda skill: skill, "sound"),
        (lambda skill: 1 - skill, "those who do well elsewhere fail it"),
        (lambda skill: 0 * skill, "hardly anybody solves it"),
        (lambda skill: 0 * skill + 1, "nearly everybody solves it"),
        (lambda skill: np.minimum(skill, 0.75), "its case 'c3': nobody solves it"),
    ],
)
def test_what_is_broken_is_found(third, verdict):
    skill = np.linspace(0, 1, 41).round(2) // 0.25 * 0.25
    shares = np.stack([skill, skill, third(skill)], axis=1)
    assert verdict in analyse(results(shares))["verdict"].iloc[2]


def test_nobody_is_no_error():
    assert analyse([]).empty


MINE = """
def weighted(x, w):
    total = 0.0
    for row, weight in zip(x, w):
        total = total + row * weight ** 2
    if w.sum() == 0:
        return x.mean(0)
    return total / (w ** 2).sum()
"""
RENAMED = (
    MINE.replace("total", "acc").replace("weight", "k").replace("0.0", "0").replace("row", "r  ")
)
OTHER = """
def weighted(x, w):
    v = w ** 2
    scaled = np.einsum("n,nd->d", v, x)
    return np.where(v.sum() > 0, scaled / v.sum(), x.mean(axis=0))
"""
THIRD = """
def weighted(x, w):
    assert x.ndim == 2, "rows"
    share = (w * w) / np.dot(w, w)
    return share @ x
"""


def test_renamed_code_is_alike_and_other_code_is_not():
    pairs = alike({"ada": MINE, "bob": "# mine, really\n" + RENAMED, "cleo": OTHER, "dan": THIRD})
    assert [(a, b) for a, b, _ in pairs] == [("ada", "bob")]
    assert pairs[0][2] == 1.0


def test_what_everybody_writes_does_not_count():
    answers = {f"s{n}": MINE for n in range(20)}
    assert alike(answers) == []


def test_what_is_no_python_or_short_is_like_nothing():
    assert fingerprint("def (") == fingerprint("'''") == frozenset()
    assert alike({"a": "return x\n", "b": "return y\n", "c": "'''", "d": "'''"}) == []
