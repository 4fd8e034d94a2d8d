"""A dask cluster of this machine, in a process tree of its own.

Why not ``LocalCluster`` in the caller's process? Its workers import the caller's main script again,
which fails in a script without ``if __name__ == "__main__":`` and in one read from standard input.
Started with ``python -c`` instead, the tree has no main script, and dask's log lines and settings
stay out of the caller's process.

The tree lives exactly as long as the caller: it reads a pipe that only the caller holds open, and
when that ends, for whatever reason, ``kill -9`` included, it kills its whole process group. A job's
own subprocesses go with it.
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from pathlib import Path

from .errors import JobsError

# Workers look for modules where the caller does, also where the caller changed sys.path.
_MAIN = "import sys; sys.path[:] = sys.argv[2:]; from tl_helpers.jobs import local; local.main()"
_START_SECONDS = 300  # a busy machine takes its time to import dask in each worker


class LocalTree:
    """Start `workers` processes with `threads` threads each; ``address`` is their scheduler's.

    Raises JobsError when they do not start.
    """

    def __init__(self, workers: int, threads: int):
        self._folder = tempfile.TemporaryDirectory(prefix="tl-jobs-", ignore_cleanup_errors=True)
        address = Path(self._folder.name, "address")
        spec = {"workers": workers, "threads": threads, "folder": self._folder.name}
        path = [p or os.getcwd() for p in sys.path if isinstance(p, str)]
        self._process = subprocess.Popen(
            [sys.executable, "-c", _MAIN, json.dumps(spec), *path],
            stdin=subprocess.PIPE,
            # Of its own, so that Ctrl-C reaches the caller alone, and the tree can kill its group.
            start_new_session=True,
        )
        deadline = time.monotonic() + _START_SECONDS
        try:
            while not address.exists():
                self.check()
                if time.monotonic() > deadline:
                    raise JobsError(
                        f"{workers} dask workers did not start within {_START_SECONDS} s; try "
                        "fewer, or workers=0 to run the jobs in this process"
                    )
                time.sleep(0.05)
            self.address = address.read_text()
        except BaseException:
            self.close()
            raise

    def check(self) -> None:
        """Raise JobsError when the tree has died."""
        code = self._process.poll()
        if code is not None:
            raise JobsError(
                f"the local dask cluster stopped (exit code {code}; its messages are above). Run "
                "again to go on, or use workers=0 to run the jobs in this process."
            )

    def close(self) -> None:
        """Kill the tree and wait until it is gone."""
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        self._process.wait()
        self._folder.cleanup()


def main() -> None:
    """Run the cluster until standard input ends; the body of the child process."""
    threading.Thread(target=_die_with_caller, daemon=True).start()
    try:
        _serve()
    except BaseException:
        traceback.print_exc()
        # A plain exit would wait for the workers; they end by themselves when this process does.
        os._exit(1)


def _serve() -> None:
    import logging

    import dask
    from distributed import LocalCluster
    from distributed.system import MEMORY_LIMIT

    spec = json.loads(sys.argv[1])
    folder = spec["folder"]
    cores = dask.system.CPU_COUNT
    # BLAS threads share the cores, where the caller's environment does not say otherwise (dask's
    # own choice is 1, which is wrong for one training that has the machine to itself).
    blas = dict.fromkeys(
        ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"),
        max(1, cores // (spec["workers"] * spec["threads"])),
    )
    if "PYTHONHASHSEED" in os.environ:
        blas["PYTHONHASHSEED"] = os.environ["PYTHONHASHSEED"]
    dask.config.set(
        {
            "distributed.nanny.pre-spawn-environ": blas,
            # A daemon may not start processes of its own, and a job may want to.
            "distributed.worker.daemon": False,
            "distributed.worker.profile.enabled": False,
            "distributed.scheduler.http.routes": [],
            "distributed.worker.http.routes": [],
            # A job that holds the interpreter for minutes is busy, not dead.
            "distributed.scheduler.worker-ttl": None,
            # Jobs keep no data in dask. A worker that pauses because the last training has not
            # given its memory back would never take another job.
            "distributed.worker.memory.target": False,
            "distributed.worker.memory.spill": False,
            "distributed.worker.memory.pause": False,
            "distributed.worker.memory.terminate": 0.95,
        }
    )
    cluster = LocalCluster(
        n_workers=spec["workers"],
        threads_per_worker=spec["threads"],
        processes=True,
        memory_limit=MEMORY_LIMIT // spec["workers"],
        local_directory=folder,
        # On the loopback, any free port, no dashboard: allowed_failures=0 because the caller
        # decides what happens to a job whose worker died.
        dashboard_address="127.0.0.1:0",
        scheduler_kwargs={"dashboard": False, "allowed_failures": 0},
        silence_logs=logging.CRITICAL,
    )
    ready = Path(folder, "address.part")
    ready.write_text(cluster.scheduler_address)
    ready.rename(Path(folder, "address"))
    threading.Event().wait()


def _die_with_caller() -> None:
    os.read(0, 1)  # nothing is ever written: this returns when the caller is gone
    shutil.rmtree(json.loads(sys.argv[1])["folder"], ignore_errors=True)
    if hasattr(os, "killpg"):
        os.killpg(os.getpgrp(), signal.SIGKILL)
    os._exit(1)
