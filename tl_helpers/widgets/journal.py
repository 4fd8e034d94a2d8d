"""Predictions are kept beside the notebook, so that a student can look back at them."""

import json
import time
from pathlib import Path

import pandas as pd

__all__ = ["FILE", "keep", "predictions"]

FILE = "predictions.jsonl"
COLUMNS = ["key", "time", "question", "predicted", "measured", "off", "chance"]


def keep(key: str, question: str, predicted, measured, off: float, chance: float) -> None:
    """Add a prediction that was locked in, and what was measured, to the file in this folder.

    off: how far it was from the measured answer, 0 to 1 of the scale; of options 0 or 1.
    chance: how far a blind guess is on average.

    Raises:
        OSError: the folder cannot be written to.
    """
    now = time.strftime("%Y-%m-%dT%H:%M:%S")
    values = [key, now, question, predicted, measured, round(off, 4), round(chance, 4)]
    row = dict(zip(COLUMNS, values, strict=True))
    with open(FILE, "a", encoding="utf-8") as file:  # one write: two kernels may keep at once
        file.write(json.dumps(row, ensure_ascii=False) + "\n")


def predictions(folder: Path | str = ".") -> pd.DataFrame:
    """Return your predictions in the order of the lessons: of each question the first one.

    folder: where the notebooks are, and with them `predictions.jsonl`.

    Columns: key (such as "02.gap"), time, question, predicted, measured, off (0 to 1: how far from
    the measured answer, as a share of the question's scale; of options 0 right, 1 wrong), chance
    (how far a blind guess would be on average). Once the answer is known a second prediction says
    nothing, so the first counts. Delete the file to begin anew.

    Raises:
        ValueError: a line of the file cannot be read; says which.
    """
    path = Path(folder) / FILE
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    rows = []
    for number, line in enumerate(lines, 1):
        try:
            row = json.loads(line)
            rows.append([row[name] for name in COLUMNS])
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(
                f"{path}, line {number} is not a prediction ({error}): delete that line, or the "
                "file to begin anew"
            ) from None
    table = pd.DataFrame(rows, columns=COLUMNS).drop_duplicates("key")
    return table.sort_values("key", kind="stable", ignore_index=True)
