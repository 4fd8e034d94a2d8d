"""Seconds and peak memory of every lesson in the cpu profile.

python benchmarks/lesson_budget.py
"""

from pathlib import Path

from _report import report

from tl_helpers.course.execute import execute
from tl_helpers.course.sources import lesson_sources


def main():
    """Execute each lesson once."""
    figures = {}
    for source in lesson_sources():
        run = execute(source, Path("build/bench") / f"{source.stem}.jsonl", strict=False)
        figures[run.lesson] = {
            "seconds": round(run.seconds),
            "peak_gb": None if run.peak_gb is None else round(run.peak_gb, 2),
            "ran": run.ok,
        }
    report(__file__, lessons=figures)


if __name__ == "__main__":
    main()
