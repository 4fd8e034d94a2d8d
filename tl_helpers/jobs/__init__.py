"""Idempotent, resumable jobs: a function call, keyed by a hash, with its result in an SQLite table.

A job that is done is never run again; a run that was killed goes on where it was. Jobs run in
worker processes of a local dask cluster, on a dask cluster elsewhere, or in this process::

    from tl_helpers import jobs

    grid = [jobs.Job("lab.curves:train", {"seed": s}, salt=weights_hash) for s in range(5)]
    report = jobs.run(grid, "runs/curves.sqlite", workers=1)
    report.raise_if_failed().results      # what train(seed=0), train(seed=1), ... returned

`run` needs dask, ``pip install "tl-helpers[course]"``, unless ``workers=0``; importing this package
does not.
"""

from .errors import JobsError
from .job import Job
from .report import Report
from .runner import run
from .store import Status, status

__all__ = ["Job", "JobsError", "Report", "Status", "run", "status"]
