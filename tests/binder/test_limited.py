"""The limits that stand for Binder's do limit."""

import sys
import textwrap

import psutil
import pytest

from .limited import TooMuchMemory, run_limited

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux says what processes share"
)


def run(code, tmp_path, memory_gb=0.5):
    with open(tmp_path / "log", "w") as log:
        command = [sys.executable, "-c", textwrap.dedent(code)]
        return run_limited(command, memory_gb=memory_gb, cores=1, log=log), tmp_path / "log"


TAKE = """
    import sys, time
    kept = b"x" * 300_000_000
    print("taken", flush=True)
    time.sleep({})
"""


def test_output_exit_code_core_and_peak(tmp_path):
    code = TAKE.format(1) + "    import os; print(len(os.sched_getaffinity(0))); sys.exit(3)"
    done, log = run(code, tmp_path)
    assert done.code == 3
    assert log.read_text().split() == ["taken", "1"]
    assert 0.3 < done.peak_gb < 0.4


def test_who_takes_too_much_is_killed(tmp_path):
    with pytest.raises(TooMuchMemory, match=r"of 0.2 GB"):
        run(TAKE.format(600), tmp_path, memory_gb=0.2)


def test_processes_count_together_and_none_is_left(tmp_path):
    # Three times 0.1 GB, each below the limit.
    code = """
        import subprocess, sys, time
        take = "import time; kept = b'x' * 100_000_000; time.sleep(600)"
        for _ in range(3):
            print(subprocess.Popen([sys.executable, "-c", take]).pid, flush=True)
        time.sleep(600)
    """
    with pytest.raises(TooMuchMemory):
        run(code, tmp_path, memory_gb=0.25)
    children = list(map(int, (tmp_path / "log").read_text().split()))
    assert len(children) == 3
    alive = [pid for pid in children if psutil.pid_exists(pid)]
    assert all(psutil.Process(pid).status() == psutil.STATUS_ZOMBIE for pid in alive)
