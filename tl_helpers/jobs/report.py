"""What a run hands back."""

from dataclasses import dataclass, field
from typing import Any

from .errors import JobsError
from .job import Job

_SHOWN = 10


@dataclass(frozen=True)
class Report:
    """How a run ended. Counts are of different jobs: one that was listed twice counts once.

    Attributes:
        results: one value for each job of the list, in its order; None where it failed.
        done: how many jobs have a result, from this run or an earlier one.
        failed: (job, traceback) for each job that failed.
        ran: how many jobs were tried in this run.
        reused: how many had been done before.
    """

    results: list[Any] = field(repr=False)
    done: int
    failed: list[tuple[Job, str]] = field(repr=False)
    ran: int
    reused: int

    def raise_if_failed(self) -> "Report":
        """Return this report, or raise JobsError naming the jobs that failed."""
        if self.failed:
            raise JobsError(str(self))
        return self

    def __str__(self):
        lines = [
            f"{self.done + len(self.failed)} jobs: {self.done} done ({self.reused} from earlier "
            f"runs), {len(self.failed)} failed"
        ]
        for job, error in self.failed[:_SHOWN]:
            lines.append(f"  {job}: {error.strip().splitlines()[-1]}")
        if len(self.failed) > _SHOWN:
            lines.append(f"  ... and {len(self.failed) - _SHOWN} more")
        return "\n".join(lines)
