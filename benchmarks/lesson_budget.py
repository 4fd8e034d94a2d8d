"""Seconds and peak memory of every lesson in the cpu profile, or of those that are named.

python benchmarks/lesson_budget.py [04 ...]

Figures of lessons that are not run are kept.
"""

import json
import sys
from pathlib import Path

from _report import report

from tl_helpers.course.execute import execute
from tl_helpers.course.sources import lesson_sources


def main():
    """Execute each lesson once."""
    wanted, before = sys.argv[1:], Path(__file__).with_suffix(".json")
    figures = json.loads(before.read_text())["lessons"] if wanted and before.exists() else {}
    for source in lesson_sources():
        if wanted and not source.stem.startswith(tuple(wanted)):
            continue
        run = execute(source, Path("build/bench") / f"{source.stem}.jsonl", strict=False)
        figures[run.lesson] = {
            "seconds": round(run.seconds),
            "peak_gb": None if run.peak_gb is None else round(run.peak_gb, 2),
            "ran": run.ok,
        }
    report(__file__, lessons=figures)


if __name__ == "__main__":
    main()
