"""Jobs in worker processes: failures, dead workers, kill -9 of the whole run, another scheduler."""

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter

import dask
import psutil
import pytest
from distributed import LocalCluster

from tl_helpers.jobs import Job, JobsError, run, status
from tl_helpers.jobs.local import LocalTree

PATIENCE = 120  # seconds before a test that waits gives up; no test asserts a duration


def wait_until(condition):
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def done(db):
    try:
        return status(db).counts["done"]
    except JobsError:  # not created yet
        return 0


def test_failures_and_dead_workers_do_not_stop_the_others(functions, db, tmp_path, monkeypatch):
    monkeypatch.setenv("TL_TEST_JOBS", "handed down")
    log, deaths = tmp_path / "log", tmp_path / "deaths"
    squares = [Job(functions + "square", {"x": x, "log": str(log)}) for x in range(4)]
    # With two threads in the one worker, the first two run together: the job that dies takes down
    # a neighbour that has done nothing wrong.
    neighbour = Job(functions + "square", {"x": 9, "log": str(log), "wait": 1})
    killer = Job(functions + "die", {"log": str(deaths), "neighbour": str(log)})
    boom = Job(functions + "boom", {"x": 5})
    where = Job(functions + "where")
    report = run(
        [neighbour, killer, boom, where, *squares, squares[0]],
        db,
        workers=1,
        threads_per_worker=2,
        progress=False,
    )
    pid, environment, folder = report.results[3]
    assert report.results == [
        {"square": 81},
        None,
        None,
        [pid, environment, folder],
        *[{"square": x * x} for x in range(4)],
        {"square": 0},
    ]
    assert pid != os.getpid()
    assert (environment, folder) == ("handed down", os.getcwd())
    failed = dict(report.failed)
    assert set(failed) == {killer, boom}
    assert "worker process died" in failed[killer]
    assert failed[boom].strip().endswith("ValueError: no luck with 5")
    assert (report.done, report.ran) == (6, 8)
    assert len(deaths.read_text().split()) == 2
    with contextlib.closing(sqlite3.connect(db)) as raw:
        attempts = dict(raw.execute("SELECT key, attempts FROM jobs"))
    assert attempts[killer.key] == 2
    assert attempts[boom.key] == 1


# Without `if __name__ == "__main__":`, on purpose.
SCRIPT = """
import sys
from tl_helpers import jobs

log, db = sys.argv[1:]
all_jobs = [
    jobs.Job("jobs_for_tests:square", {"x": x, "log": log, "wait": 0.3}) for x in range(12)
]
jobs.run(all_jobs, db, workers=2, progress=False)
"""


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="needs process groups")
@pytest.mark.parametrize("victim", ["group", "coordinator"])
def test_kill_9_loses_only_what_was_in_flight(functions, module_folder, db, tmp_path, victim):
    log, script = tmp_path / "log", module_folder / "script.py"
    script.write_text(SCRIPT)
    process = subprocess.Popen(
        [sys.executable, str(script), str(log), str(db)], start_new_session=True
    )
    try:

        def some_done():
            assert process.poll() is None, "the run ended before it could be killed"
            return done(db) >= 3

        wait_until(some_done)
    finally:
        if victim == "group":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
        process.wait()
    before = status(db)
    assert before.counts["done"] < 12
    assert before.counts["running"] <= 2

    # Nothing that the run had started outlives it.
    workers = {int(line.split()[1]) for line in log.read_text().splitlines()}
    wait_until(lambda: not any(map(alive, workers)))

    all_jobs = [
        Job(functions + "square", {"x": x, "log": str(log), "wait": 0.3}) for x in range(12)
    ]
    with contextlib.closing(sqlite3.connect(db)) as raw:
        kept = {key for (key,) in raw.execute("SELECT key FROM jobs WHERE state='done'")}
    report = run(all_jobs, db, workers=0, progress=False)
    assert report.results == [{"square": x * x} for x in range(12)]
    assert (report.reused, report.ran) == (len(kept), 12 - len(kept))
    times = Counter(int(line.split()[0]) for line in log.read_text().splitlines())
    assert set(times) == set(range(12))
    assert all(times[job.args["x"]] == 1 for job in all_jobs if job.key in kept)
    assert sum(times.values()) <= 12 + 2


def alive(pid):
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.fixture
def cluster():
    """A dask cluster that is not ours, with its one worker in this process."""
    with LocalCluster(
        n_workers=1,
        threads_per_worker=2,
        processes=False,
        protocol="tcp://",
        dashboard_address="127.0.0.1:0",
    ) as cluster:
        yield cluster


def test_existing_scheduler(functions, db, cluster, tmp_path):
    log = tmp_path / "log"
    jobs = [Job(functions + "square", {"x": x, "log": str(log)}) for x in range(5)]
    jobs += [Job(functions + "boom", {"x": 1}), Job(functions + "where")]
    report = run(jobs, db, scheduler=cluster.scheduler_address, progress=False)
    assert report.results[:6] == [*[{"square": x * x} for x in range(5)], None]
    assert report.results[6][0] == os.getpid()
    again = run(jobs, db, scheduler=cluster.scheduler_address, progress=False)
    assert (again.ran, again.reused) == (1, 6)
    assert len(log.read_text().splitlines()) == 5


def test_lost_scheduler_is_an_error_and_keeps_what_is_done(functions, db, tmp_path):
    release = tmp_path / "release"
    jobs = [Job("builtins:dict", {"a": 1}), Job(functions + "wait_for", {"path": str(release)})]

    def kill_when_one_is_done():
        wait_until(lambda: done(db) == 1)
        tree.close()

    with contextlib.closing(LocalTree(workers=1, threads=1)) as tree:
        killer = threading.Thread(target=kill_when_one_is_done)
        killer.start()
        with pytest.raises(JobsError, match="lost the dask scheduler"):
            run(jobs, db, scheduler=tree.address, progress=False)
        killer.join()
    release.touch()
    assert run(jobs, db, workers=0, progress=False).reused == 1


def test_no_scheduler_there(db):
    with (
        dask.config.set({"distributed.comm.timeouts.connect": "500ms"}),
        pytest.raises(JobsError, match=r"no dask scheduler answers at 'tcp://127.0.0.1:9'"),
    ):
        run([Job("builtins:dict")], db, scheduler="tcp://127.0.0.1:9", progress=False)


@pytest.fixture
def by_hand(module_folder, tmp_path):
    """`dask scheduler` and two `dask worker`s, as one starts them on other machines."""
    file = tmp_path / "scheduler.json"
    env = {**os.environ, "PYTHONPATH": str(module_folder)}
    dask_ = [sys.executable, "-m", "dask"]
    local = ["--host", "127.0.0.1", "--no-dashboard"]
    commands = [[*dask_, "scheduler", *local, "--port", "0", "--scheduler-file", str(file)]]
    worker = ["--nthreads", "1", "--no-nanny", "--local-directory", str(tmp_path)]
    commands += 2 * [[*dask_, "worker", *local, *worker, "--scheduler-file", str(file)]]
    processes = []
    try:
        for command in commands:
            processes.append(subprocess.Popen(command, env=env, stderr=subprocess.DEVNULL))
            wait_until(file.exists)
        yield json.loads(file.read_text())["address"], processes[1:]
    finally:
        for process in processes:
            process.kill()
            process.wait()


def test_a_cluster_started_by_hand_outlives_one_of_its_workers(functions, db, by_hand, tmp_path):
    address, workers = by_hand
    log = tmp_path / "log"
    jobs = [Job(functions + "square", {"x": x, "log": str(log), "wait": 0.3}) for x in range(12)]

    def runners():
        return {int(line.split()[1]) for line in log.read_text().splitlines()}

    def kill_one_when_both_have_worked():
        wait_until(lambda: log.exists() and len(runners()) == 2)
        workers[0].kill()

    killer = threading.Thread(target=kill_one_when_both_have_worked)
    killer.start()
    report = run(jobs, db, scheduler=address, progress=False)
    killer.join()
    assert runners() == {worker.pid for worker in workers}
    assert workers[0].wait() == -signal.SIGKILL
    assert report.results == [{"square": x * x} for x in range(12)]
    assert len(log.read_text().splitlines()) <= 12 + 1  # what was in flight ran once more
