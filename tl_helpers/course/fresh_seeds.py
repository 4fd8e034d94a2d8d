"""How often each claim of a lesson holds on seeds it was not written with."""

from pathlib import Path

import pandas as pd

from ..evaluate.intervals import in_unit
from ..jobs import Job, run
from .sources import lesson_sources


def lesson_claims(lesson: str, seed: int) -> list[dict]:
    """One run of a lesson under `TL_SEED`; its claims. What a job calls."""
    from .execute import execute

    source = lesson_sources([lesson])[0]
    done = execute(source, Path("build/claims") / f"{lesson}-{seed}.jsonl", False, seed)
    if done.error:
        raise RuntimeError(done.error)
    return done.claims


def tabulate(lesson: str, seeds, db) -> pd.DataFrame:
    """Run a lesson once a seed; a row a claim: how often it held, and its differences.

    Args:
        lesson: its number.
        seeds: values of `TL_SEED`.
        db: the jobs' SQLite file: a run that was cut off goes on.
    """
    source = lesson_sources([lesson])[0].read_text(encoding="utf-8")
    jobs = [
        Job(
            "tl_helpers.course.fresh_seeds:lesson_claims",
            {"lesson": lesson, "seed": seed},
            salt=source,
        )
        for seed in seeds
    ]
    results = run(jobs, db, workers=1).raise_if_failed().results
    table = pd.DataFrame([claim for claims in results for claim in claims])
    rows = []
    for text, group in table.groupby("text", sort=False):
        means, unit = group["mean"], group["unit"].iloc[0]
        rows.append(
            {
                "claim": text,
                "kind": group["kind"].iloc[0],
                "held": f"{int(group['supported'].sum())} of {len(group)}",
                "claimed": in_unit(group["by"].iloc[0], unit),
                "mean": in_unit(means.mean(), unit),
                "worst": in_unit(means.min(), unit),
                "unit": unit,
            }
        )
    return pd.DataFrame(rows)
