"""Claims: a sentence about an effect, and the runs that support it or do not.

A claim is a paired difference over seeds. It is supported when its mean is at least `by` and the
one-sided 95 % paired-t lower bound lies above zero. Seeds cover the draw of the data, the
initialisation and the order of training; they do not cover another pretraining or another test set.
"""

import json
import os
from dataclasses import asdict, dataclass
from html import escape

import numpy as np
import pandas as pd

from ..session import lesson, smoke, strict
from .intervals import in_unit, lower_bound, paired

LEVEL = 0.95
SEEDS = {"live": 3, "recorded": 5}


class ClaimNotSupported(AssertionError):
    """A claim does not hold, and `TL_STRICT` asks that this fails the run."""


@dataclass(frozen=True)
class Claim:
    """A claim and what was measured. Numbers in points are fractions of 1."""

    text: str
    better: str
    than: str
    by: float
    metric: str
    kind: str
    seeds: int
    mean: float
    lower: float
    supported: bool | None  # None: not judged, in a smoke run or with too few seeds
    unit: str = "points"

    def __str__(self):
        if self.supported is None:
            few = f"{count_of_seeds(self.seeds, self.kind)}, and it takes {SEEDS[self.kind]}"
            why = "this is a smoke run" if smoke() else few
            return f"Claim: {self.text}. Not judged: {why}."
        verdict = "Supported" if self.supported else "Not supported by these runs"
        text = (
            f"Claim: {self.text}. {verdict}: “{self.better}” minus “{self.than}” is "
            f"{f'{self.shown(self.mean)} {self.unit}'.strip()} over "
            f"{count_of_seeds(self.seeds, self.kind)} (claimed at least {self.shown(self.by)}; "
            f"lower bound {self.shown(self.lower)}, to be above 0)."
        )
        if not self.supported:
            text += (
                " Chance, other data or a changed setting can do that: look at the single seeds,"
                " and at what differs from the lesson as it was written."
            )
        return text

    def shown(self, value: float) -> str:
        """A number in the claim's unit: points are shown times 100."""
        return in_unit(value, self.unit)

    def _repr_html_(self):
        mark = {True: "✔", False: "✘", None: "–"}[self.supported]
        colour = {True: "#009E73", False: "#D55E00", None: "#7F7F7F"}[self.supported]
        ink = f"color-mix(in srgb,{colour} 60%,currentColor)"  # legible on light and on dark
        return (
            f'<div style="border-left:4px solid {colour};padding:.3em .8em;margin:.4em 0">'
            f'<span style="color:{ink};font-weight:bold" aria-hidden="true">{mark}</span> '
            f"{escape(str(self))}</div>"
        )


def claim(
    text: str,
    results: pd.DataFrame,
    better: str,
    than: str,
    by: float = 0.0,
    metric: str = "accuracy",
    unit: str = "points",
) -> Claim:
    """State an effect and judge it by runs.

    Args:
        text: the sentence, without a full stop.
        results: from `compare` (a live claim, at least 3 seeds) or `recorded(...).select(...)` (a
            recorded one, at least 5).
        better, than: two conditions of the table.
        by: the difference that is claimed, a fraction of 1: 0.05 is five points.
        metric: the column that is compared; larger is better.
        unit: of the metric. "points" is for fractions of 1, which are shown times 100; what is no
            percentage has another, or "" where it has none, and is shown as it is.

    Returns:
        The claim; a notebook shows it. Where `TL_CLAIMS` names a file, a line of JSON is added.

    Raises:
        ValueError: runs that are not paired; where `TL_STRICT=1` also too few seeds, with which a
            claim is otherwise not judged.
        ClaimNotSupported: only where `TL_STRICT=1`.
    """
    if not 0 <= by < 1:
        raise ValueError(f"by is a fraction of 1 (0.05 is five points), got {by}")
    kind = results.attrs.get("kind", "live")
    differences = paired(results, better, than, metric)
    mean, bound = float(differences.mean()), np.nan
    supported = None
    too_few = len(differences) < SEEDS[kind]
    if not smoke() and (strict() or not too_few):
        if too_few:
            raise ValueError(
                f"a {kind} claim needs at least {SEEDS[kind]} seeds, this table has "
                f"{len(differences)}"
            )
        bound = lower_bound(differences, LEVEL)
        supported = bool(mean >= by and bound > 0)
    made = Claim(
        text, better, than, by, metric, kind, len(differences), mean, float(bound), supported, unit
    )
    _write(made, results)
    if supported is False and strict():
        raise ClaimNotSupported(str(made))
    return made


def count_of_seeds(count: int, kind: str) -> str:
    """How many seeds: "1 live seed", "5 recorded seeds"."""
    return f"{count} {kind} seed{'' if count == 1 else 's'}"


def _write(made: Claim, results: pd.DataFrame) -> None:
    path = os.environ.get("TL_CLAIMS")
    if not path:
        return
    # Both tell readers of the file which run of which lesson this was.
    where = {"lesson": lesson(), "seed": int(results["seed"].min())}
    facts = {
        k: None if isinstance(v, float) and np.isnan(v) else v for k, v in asdict(made).items()
    }
    with open(path, "a", encoding="utf-8") as file:
        file.write(json.dumps({**where, **facts}) + "\n")
