"""Run a program as Binder would: on so many cores, and in so much memory for all its processes."""

import contextlib
import os
import subprocess
import time
from dataclasses import dataclass

import psutil

EVERY = 0.1  # seconds between two looks


class TooMuchMemory(AssertionError):
    """The processes took more than they may, and were killed."""


@dataclass(frozen=True)
class Done:
    """How a program ended: its exit code, and the most memory that its processes had at once."""

    code: int
    peak_gb: float


def run_limited(command, *, memory_gb: float, cores: int, log, **how) -> Done:
    """Run a command to its end.

    What is counted is proportional: a page that several processes share counts once. A limit on
    address space would not do, because TensorFlow reserves much more than it uses; a control group
    would, and needs rights that a test may not have.

    Args:
        command: the program and its arguments.
        memory_gb: what all of its processes may use together, in 10^9 bytes.
        cores: on how many of this process's cores they may run.
        log: an open file for stdout and stderr.
        how: `env` and `cwd`, as `subprocess.Popen` takes them.

    Raises:
        TooMuchMemory: they used more; none of them is left.
    """
    allowed = sorted(os.sched_getaffinity(0))[:cores]
    started = subprocess.Popen(
        command,
        stdout=log,
        stderr=subprocess.STDOUT,
        preexec_fn=lambda: os.sched_setaffinity(0, allowed),
        **how,
    )
    root, peak = psutil.Process(started.pid), 0.0
    try:
        while started.poll() is None:
            now = sum(map(_gigabytes, _tree(root)))
            peak = max(peak, now)
            if now > memory_gb:
                raise TooMuchMemory(f"{command[0]}: {now:.2f} GB of {memory_gb} GB are in use")
            time.sleep(EVERY)
    finally:
        left = _tree(root)
        for process in left:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        started.wait()
        psutil.wait_procs(left, timeout=10)
    return Done(started.returncode, peak)


def _tree(root) -> list[psutil.Process]:
    with contextlib.suppress(psutil.NoSuchProcess):
        return [root, *root.children(recursive=True)]
    return []


def _gigabytes(process) -> float:
    try:
        return process.memory_full_info().pss / 1e9
    except (psutil.NoSuchProcess, psutil.AccessDenied):  # it has just ended
        return 0.0
