"""What `run` promises, checked in this process (workers=0), where no cluster has to start."""

import contextlib
import sqlite3
import subprocess
import sys

import pytest

from tl_helpers.jobs import Job, JobsError, run, status


def go(jobs, db, **kwargs):
    return run(jobs, db, workers=0, progress=False, **kwargs)


def lines(path):
    return path.read_text().splitlines() if path.exists() else []


def test_results_in_order_and_duplicates_once(functions, db, tmp_path):
    log = tmp_path / "log"
    jobs = [Job(functions + "square", {"x": x, "log": str(log)}) for x in (3, 1, 3, 2)]
    report = go(jobs, db)
    assert report.results == [{"square": 9}, {"square": 1}, {"square": 9}, {"square": 4}]
    assert (report.done, report.ran, report.reused, report.failed) == (3, 3, 0, [])
    assert [line.split()[0] for line in lines(log)] == ["3", "1", "2"]


def test_done_is_not_run_again(functions, db, tmp_path):
    log = tmp_path / "log"
    first = [Job(functions + "square", {"x": x, "log": str(log)}) for x in range(2)]
    more = [*first, Job(functions + "square", {"x": 2, "log": str(log)})]
    go(first, db)
    report = go(more, db)
    assert report.results == [{"square": x * x} for x in range(3)]
    assert (report.done, report.ran, report.reused) == (3, 1, 2)
    assert len(lines(log)) == 3
    salted = Job(functions + "square", {"x": 0, "log": str(log)}, salt="new weights")
    assert go([salted], db).ran == 1


def test_failure_is_recorded_and_the_rest_goes_on(functions, db, tmp_path):
    bad = Job(functions + "boom", {"x": 7})
    jobs = [Job("builtins:dict", {"i": 0}), bad, Job("builtins:dict", {"i": 2})]
    report = go(jobs, db)
    assert report.results == [{"i": 0}, None, {"i": 2}]
    [(job, error)] = report.failed
    assert job == bad
    assert "Traceback" in error
    assert error.strip().endswith("ValueError: no luck with 7")
    assert (report.done, report.ran) == (2, 3)
    assert str(report).splitlines() == [
        "3 jobs: 2 done (0 from earlier runs), 1 failed",
        "  jobs_for_tests:boom(x=7): ValueError: no luck with 7",
    ]
    with pytest.raises(JobsError, match="no luck with 7"):
        report.raise_if_failed()
    now = status(db)
    assert now.counts == {"pending": 0, "running": 0, "done": 2, "failed": 1}
    assert now.failed[0]["args"] == '{"x":7}'
    assert "no luck with 7" in str(now)


def test_failed_is_tried_again_by_the_next_run(functions, db, tmp_path):
    jobs = [Job(functions + "flaky", {"log": str(tmp_path / "log"), "fails": 1})]
    assert go(jobs, db).results == [None]
    report = go(jobs, db)
    assert report.results == ["at last"]
    assert report.raise_if_failed() is report
    assert status(db).counts["failed"] == 0


@pytest.mark.parametrize(("retries", "result", "tries"), [(2, "at last", 3), (1, None, 2)])
def test_retries(functions, db, tmp_path, retries, result, tries):
    log = tmp_path / "log"
    jobs = [Job(functions + "flaky", {"log": str(log), "fails": 2})]
    assert go(jobs, db, retries=retries).results == [result]
    assert len(lines(log)) == tries
    with contextlib.closing(sqlite3.connect(db)) as raw:
        assert raw.execute("SELECT attempts FROM jobs").fetchone() == (tries,)


@pytest.mark.parametrize(
    ("function", "args", "error"),
    [
        ("jobs_for_tests:a_set", {}, "TypeError: result is of type set"),
        ("jobs_for_tests:numbers", {"value": "nan"}, r"TypeError: result['loss'][1] is nan"),
        ("jobs_for_tests:leave", {}, "SystemExit: 2"),
        ("jobs_for_tests:missing", {}, "expected 'package.module:function'"),
        ("no_such_module:f", {}, "expected 'package.module:function'"),
        ("jobs_for_tests.square", {}, "expected 'package.module:function'"),
        ("jobs_for_tests:MODULE.__doc__", {}, "expected 'package.module:function'"),
        ("jobs_for_tests:__name__", {}, "not a function"),
    ],
)
def test_what_counts_as_failure(functions, db, function, args, error):
    report = go([Job(function, args), Job("builtins:dict")], db)
    assert report.results == [None, {}]
    assert error in report.failed[0][1]


def test_job_left_running_by_a_dead_run_is_run(db):
    jobs = [Job("builtins:dict", {"a": 1})]
    go(jobs, db)
    with contextlib.closing(sqlite3.connect(db)) as raw:
        raw.execute("UPDATE jobs SET state='running', result=NULL")
        raw.commit()
    report = go(jobs, db)
    assert (report.results, report.ran, report.reused) == ([{"a": 1}], 1, 0)


def test_no_jobs(db):
    report = run([], db, progress=False)
    assert (report.results, report.done, report.ran) == ([], 0, 0)


def test_progress_line(functions, db, capsys):
    jobs = [Job("builtins:dict"), Job(functions + "boom", {"x": 1})]
    go(jobs, db)
    assert capsys.readouterr().err == ""
    run(jobs, db, workers=0)
    err = capsys.readouterr().err
    assert "2/2" in err
    assert "failed=1" in err


@pytest.mark.parametrize(
    ("kwargs", "named"),
    [
        ({"workers": -1}, "workers is -1; expected at least 0"),
        ({"threads_per_worker": 0}, "threads_per_worker is 0"),
        ({"retries": -1}, "retries is -1"),
        ({"scheduler": "tcp://x:1", "workers": 2}, "scheduler or workers, not both"),
    ],
)
def test_wrong_arguments(kwargs, named, db):
    with pytest.raises(ValueError, match=named):
        run([], db, **kwargs)
    assert not db.exists()


def test_only_jobs_are_accepted(db):
    with pytest.raises(TypeError, match=r"jobs\[0\] is 'm:f'; expected a tl_helpers.jobs.Job"):
        run(["m:f"], db)


def test_without_dask_the_error_names_the_extra(db, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(JobsError, match=r'pip install "tl-helpers\[course\]"'):
        run([Job("builtins:dict")], db, workers=1, progress=False)


def test_import_is_light():
    code = "import sys, tl_helpers.jobs; print({'dask', 'distributed', 'tqdm'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
