"""Grade an assignment: one job a submission, on as many processes or machines as there are.

What is graded once stays graded: a job's key is the hash of submission, assignment, grader and
secret key, and its result is never changed. After a kill, the same command goes on. What is not the
student's doing is tried again, and in the end is "not graded", which is no zero.
"""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from ... import jobs
from ..assignments import Assignment, read_assignment
from ..collect import Submission, latest, read_collection
from ..sources import CourseError
from ..submit import declared
from .keys import read_key, release_word
from .one import salt
from .sandbox import Unprotected, problem

RETRIES = 2


@dataclass(frozen=True)
class Grade:
    """One student's.

    Attributes:
        submission: what was graded.
        state: "graded"; "not graded", where the machine failed, not the student; "problem", where
            there is nothing that could be graded.
        result: what `one.grade_one` gave, if graded.
        reason: why not, if not.
    """

    submission: Submission
    state: str
    result: dict | None
    reason: str | None


def grade(
    which: str,
    collection: Path,
    *,
    key: Path | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    protected: bool = True,
    progress: bool = True,
) -> tuple[Assignment, list[Grade]]:
    """Grade what `collect` took in, of each student the last; or go on with it.

    Args:
        which: the assignment's number, or its source's path.
        collection: the folder; jobs.sqlite in it keeps what is graded.
        key: the secret key's file.
        workers: processes on this machine, by default one a core; each grades one at a time.
        scheduler: "tcp://host:port" of a dask cluster instead; its workers see the same folders.
        protected: False runs what students hand in without a sandbox, and says so in each result.
        progress: whether to show a line.

    Raises:
        Unprotected: there is no sandbox here, and none was waived.
        CourseError: no such assignment, collection or key.
    """
    assignment, secret = read_assignment(which), read_key(key)
    if protected and scheduler is None and (ill := problem()):
        raise Unprotected(ill)
    collection = Path(collection).resolve()
    submissions = latest(read_collection(collection))
    sound = [one for one in submissions if one.problem is None]
    same = Counter(one.student for one in sound)
    work = [
        jobs.Job(
            "tl_helpers.course.grading.one:grade_one",
            {
                "assignment": which,
                "submission": str(collection / one.file),
                "student": one.student,
                "key": str(Path(key).resolve()) if key else None,
                "protected": protected,
            },
            salt=salt(assignment, collection / one.file, secret),
        )
        for one in sound
    ]
    how = {"scheduler": scheduler} if scheduler else {"workers": workers}
    report = jobs.run(work, collection / "jobs.sqlite", retries=RETRIES, progress=progress, **how)
    errors = {job.key: error for job, error in report.failed}
    done = {}
    for one, job, result in zip(sound, work, report.results, strict=True):
        if result is None:
            reason = errors[job.key].strip().splitlines()[-1]
            done[one] = Grade(one, "not graded", None, reason)
        else:
            word = declared((collection / one.file).read_bytes())[2]
            strange = word != release_word(secret, assignment.number)
            done[one] = Grade(one, "graded", result, _doubt(one, same, strange))
    every = [done.get(one) or Grade(one, "problem", None, one.problem) for one in submissions]
    if not every:
        raise CourseError(f"nothing was handed in: {collection} is an empty collection")
    return assignment, every


def _doubt(one, same, strange) -> str | None:
    """What an instructor should look at, though it is graded."""
    if strange:
        return "the notebook is not of this release: another year's, another key's, or none's"
    if same[one.student] > 1:
        return f"{same[one.student]} submissions say that they are {one.student!r}'s"
    return one.note
