"""Where jobs run: in this process, or on a dask cluster.

Both have ``slots()`` (how many jobs may be in flight now), ``submit(job)`` and ``wait()``, which
returns the jobs that ended as (job, outcome), possibly none after a moment.
"""

import queue
import time
import traceback
import uuid

from .errors import JobsError
from .execute import Outcome, execute
from .job import Job

_TICK_SECONDS = 0.5
_NO_WORKER_SECONDS = 300
_DIED = (
    "the worker process died while it ran this job: out of memory, os._exit, or a crash in "
    "compiled code"
)


class InProcess:
    """One job after the other, here. A job that kills the process ends the run with it."""

    def __init__(self):
        self._job = None

    def slots(self) -> int:
        return 1

    def submit(self, job: Job) -> None:
        self._job = job

    def wait(self) -> list[tuple[Job, Outcome]]:
        return [(self._job, execute(self._job.function, self._job.args_json))]


class OnDask:
    """Jobs on the scheduler at `address`; `tree` is the local cluster to stop at the end, if any.

    No more jobs are handed over than there are threads: what dask does not have queued, the death
    of a worker cannot take along.
    """

    def __init__(self, address: str, tree=None):
        from distributed import Client

        self._address, self._tree = address, tree
        self._ended = queue.Queue()
        self._in_flight = {}  # dask's key -> (job, future)
        self._workers_seen = time.monotonic()
        try:
            self._client = Client(address, set_as_default=False, name="tl-jobs")
        except (OSError, ValueError) as e:
            raise JobsError(
                f"no dask scheduler answers at {address!r} ({e}); expected 'tcp://host:port' of a "
                "running `dask scheduler`, or scheduler=None for workers on this machine"
            ) from e

    def slots(self) -> int:
        try:
            threads = sum(self._client.nthreads().values())
        except (OSError, TimeoutError) as e:
            raise self._lost() from e
        if self._tree is None:
            return max(1, threads)  # a cluster that scales from zero waits for a first job
        if threads:
            self._workers_seen = time.monotonic()
        elif time.monotonic() - self._workers_seen > _NO_WORKER_SECONDS:
            raise JobsError(
                f"the local dask cluster has had no worker for {_NO_WORKER_SECONDS} s; run again "
                "to go on, or use workers=0 to run the jobs in this process"
            )
        return threads

    def submit(self, job: Job) -> None:
        # A key of its own for each attempt: dask would answer a key that it knows from memory.
        key = f"tl-job-{job.key[:16]}-{uuid.uuid4().hex}"
        future = self._client.submit(execute, job.function, job.args_json, key=key, pure=False)
        self._in_flight[key] = (job, future)
        future.add_done_callback(self._ended.put)

    def wait(self) -> list[tuple[Job, Outcome]]:
        try:
            ended = [self._ended.get(timeout=_TICK_SECONDS)]
        except queue.Empty:
            if self._tree is not None:
                self._tree.check()
            return []
        while not self._ended.empty():
            ended.append(self._ended.get())
        return [(self._in_flight.pop(f.key)[0], self._outcome(f)) for f in ended]

    def _outcome(self, future) -> Outcome:
        from distributed import CancelledError, KilledWorker

        try:
            return future.result()
        except KilledWorker:
            return Outcome(error=_DIED, crashed=True)
        except CancelledError as e:
            raise self._lost() from e
        except Exception:
            hint = "" if self._tree else "(the scheduler and its workers need this tl_helpers)\n"
            return Outcome(error=hint + traceback.format_exc())

    def _lost(self) -> JobsError:
        return JobsError(
            f"lost the dask scheduler at {self._address}; run again to go on, finished jobs are "
            "kept"
        )

    def close(self) -> None:
        self._client.close(timeout=5)
