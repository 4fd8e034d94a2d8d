"""Item analysis: which exercise tells students apart, and which is broken?

Of each exercise: how much of its points students got (its facility), and the correlation of that
with the points that they got in all others (its discrimination; Ebel and Frisbie 1991 call 0.4 and
more very good, below 0.2 poor). An exercise that those fail who do everything else well is more
likely wrong than they are.
"""

import numpy as np
import pandas as pd

FEW = 10  # students, below which no verdict is given


def analyse(results: list[dict]) -> pd.DataFrame:
    """A line an exercise.

    Args:
        results: what `one.grade_one` gave, one a student.

    Returns:
        exercise, students, facility and full (shares of 1), discrimination (-1 to 1, or NaN),
        hardest (the case that the fewest solved) and its share, verdict.
    """
    if not results:
        return pd.DataFrame()
    numbers = [one["exercise"] for one in results[0]["exercises"]]
    share = np.array([[e["points"] / e["of"] for e in r["exercises"]] for r in results])
    points = np.array([[e["points"] for e in r["exercises"]] for r in results])
    lines = []
    for at, number in enumerate(numbers):
        rest = points.sum(1) - points[:, at]
        varies = share[:, at].std() > 0 and rest.std() > 0
        together = np.corrcoef(share[:, at], rest)[0, 1] if varies else np.nan
        cases = pd.DataFrame(
            [{c: v["right"] for c, v in r["exercises"][at]["cases"].items()} for r in results]
        ).mean()
        line = {"exercise": number, "students": len(results), "facility": share[:, at].mean()}
        line |= {"full": (share[:, at] == 1).mean(), "discrimination": together}
        line |= {"hardest": cases.idxmin(), "hardest_right": cases.min()}
        lines.append(line | {"verdict": _verdict(line)})
    return pd.DataFrame(lines)


def _verdict(line) -> str:
    if line["students"] < FEW:
        return f"fewer than {FEW} students: too few to say"
    if line["facility"] < 0.1:
        return "look at it: hardly anybody solves it"
    if line["hardest_right"] == 0:
        return f"look at its case '{line['hardest']}': nobody solves it"
    if line["discrimination"] < 0:
        return "look at it: those who do well elsewhere fail it"
    if line["facility"] > 0.95:
        return "nearly everybody solves it: it says little about anyone"
    if line["discrimination"] < 0.2:
        return "it hardly tells students apart"
    return "sound"
