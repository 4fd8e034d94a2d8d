"""Run jobs that are not done yet, and record each as it ends."""

import contextlib
import json
import math
from collections import Counter, deque
from collections.abc import Iterable, Iterator

from .errors import JobsError
from .execute import Outcome
from .executors import InProcess, OnDask
from .job import Job
from .local import LocalTree
from .progress import Progress
from .report import Report
from .store import Store


def run(
    jobs: Iterable[Job],
    db,
    *,
    scheduler: str | None = None,
    workers: int | None = None,
    threads_per_worker: int = 1,
    retries: int = 0,
    progress: bool = True,
) -> Report:
    """Run the jobs that the SQLite file `db` has no result of, and return all results.

    Each result is on disk before the next job starts in its place. After a kill, a crash or a
    power cut, call `run` again with the same jobs: what was done is read back, what was in flight
    or failed is tried again. Jobs with the same key run once.

    A job that raises, or returns what JSON cannot hold, is recorded as failed with its traceback,
    and the others go on. So is a job whose worker process dies, after a second try: it is tried
    again last, with nothing beside it, so that a job is never blamed for its neighbour, and one
    that needed the neighbour's memory gets it.

    Arguments:
        jobs: each a `Job`; an empty list is fine.
        db: path of the SQLite file, created with its folders where missing. One `run` at a time:
            two on one file do no harm, but may do the same work twice.
        scheduler: None for worker processes on this machine, or "tcp://host:port" of a running
            dask scheduler; it and its workers need the same tl_helpers and the jobs' modules.
        workers: number of local worker processes; by default one for each core, at most one a
            job. Give 1 for trainings that each use all cores. 0 runs the jobs here, one after the
            other, with the same record: for debugging, for a GPU, and where no other user of the
            machine may reach the workers, whose port on the loopback has no password.
        threads_per_worker: jobs at a time in one worker. More than 1 only for thread-safe jobs.
        retries: further tries in this run for a job that raised.
        progress: a line on stderr with done/total, the failed count and the time left.

    In a worker, a job runs outside the main thread, with this process's environment, working
    folder and sys.path; what it prints appears on this process's stdout. A local worker
    that takes more than its share of the memory (total / workers) is killed, and BLAS gets its
    share of the cores unless OMP_NUM_THREADS says otherwise; TensorFlow sizes itself to the whole
    machine.

    Raises JobsError when `db` is unusable, the cluster does not start or is lost, or dask is not
    installed; TypeError or ValueError for wrong arguments. A failed job raises nothing: see
    `Report.raise_if_failed`.
    """
    jobs = list(jobs)
    _check(jobs, scheduler, workers, threads_per_worker, retries)
    unique = {job.key: job for job in jobs}
    errors: dict[str, str] = {}
    with contextlib.closing(Store(db)) as store:
        store.add(unique.values())
        results = store.results(unique)
        todo = [job for key, job in unique.items() if key not in results]
        reused = len(results)
        with Progress(len(unique), reused, progress) as line:
            if todo:
                with _executor(scheduler, workers, threads_per_worker, len(todo)) as executor:
                    for job, outcome in _ended(todo, executor, store, retries, line.tick):
                        if outcome.error is None:
                            results[job.key] = outcome.result
                        else:
                            errors[job.key] = outcome.error
                        line.advance(failed=len(errors))
    return Report(
        results=[json.loads(results[j.key]) if j.key in results else None for j in jobs],
        done=len(results),
        failed=[(job, errors[key]) for key, job in unique.items() if key in errors],
        ran=len(todo),
        reused=reused,
    )


def _ended(todo, executor, store, retries, tick) -> Iterator[tuple[Job, Outcome]]:
    """Run `todo`, record every attempt, and yield each job once with its last outcome."""
    todo = deque(todo)
    suspects = deque()  # a worker died under them: tried again, each alone, when the rest is done
    raised = Counter()
    in_flight = 0
    alone = False
    while todo or suspects or in_flight:
        if not in_flight:
            alone = not todo
        source, slots = (suspects, 1) if alone else (todo, executor.slots())
        while source and in_flight < slots:
            job = source.popleft()
            store.start(job)
            executor.submit(job)
            in_flight += 1
        ended = executor.wait()
        for job, outcome in ended:
            in_flight -= 1
            store.finish(job, outcome)
            raised[job.key] += outcome.error is not None and not outcome.crashed
            if outcome.crashed and not alone:
                suspects.append(job)
            elif outcome.error is not None and 0 < raised[job.key] <= retries:
                todo.append(job)
            else:
                yield job, outcome
        if not ended:
            tick()


@contextlib.contextmanager
def _executor(scheduler, workers, threads_per_worker, n_jobs):
    if workers == 0:
        yield InProcess()
        return
    try:
        import distributed  # noqa: F401
        from dask.system import CPU_COUNT
    except ImportError as e:
        raise JobsError(
            f"running jobs in worker processes needs dask ({e}): "
            'pip install "tl-helpers[course]", or use workers=0 to run them in this process'
        ) from e
    with contextlib.ExitStack() as stack:
        tree = None
        if scheduler is None:
            enough = math.ceil(n_jobs / threads_per_worker)
            tree = LocalTree(min(workers or CPU_COUNT, enough), threads_per_worker)
            stack.enter_context(contextlib.closing(tree))
            scheduler = tree.address
        yield stack.enter_context(contextlib.closing(OnDask(scheduler, tree)))


def _check(jobs, scheduler, workers, threads_per_worker, retries) -> None:
    for i, job in enumerate(jobs):
        if not isinstance(job, Job):
            raise TypeError(f"jobs[{i}] is {job!r}; expected a tl_helpers.jobs.Job")
    if scheduler is not None and workers is not None:
        raise ValueError("give scheduler or workers, not both: a scheduler brings its own workers")
    for name, value, least in (
        ("workers", workers, 0),
        ("threads_per_worker", threads_per_worker, 1),
        ("retries", retries, 0),
    ):
        if value is not None and value < least:
            raise ValueError(f"{name} is {value}; expected at least {least}")
