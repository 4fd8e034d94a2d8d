"""A class that hands in the tiny assignment."""

from pathlib import Path

from tl_helpers.course.assignments import read_assignment

from ..handed_in import edition, hand_in

TINY = Path(__file__).with_name("90_tiny.py")
WRONG = "def weighted(x, w):\n    return x.mean(0)\n"
ONE_CASE = """
POWER = me.choose("90.1", [1, 2, 3])
def weighted(x, w):
    v = w**POWER
    return (v[:, None] * x).sum(0) / v.sum() if len(x) == 500 else None
"""


def handed_in(folder, key, students):
    """A folder of notebooks: student -> code of the first answer, or None for all right."""
    tiny = read_assignment(TINY)
    for student, code in students.items():
        replaced = {} if code is None else {"90.1": code}
        hand_in(edition(tiny, student, key, replaced=replaced), folder / f"{student}.ipynb")
    return folder
