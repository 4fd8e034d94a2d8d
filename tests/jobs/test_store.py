import contextlib
import sqlite3

import pytest

from tl_helpers.jobs import Job, JobsError, run, status


def some_jobs(n=40):
    return [Job("builtins:dict", {"text": "x" * 1000, "i": i}) for i in range(n)]


def garbage(path):
    path.write_bytes(b"these are my notes, not a database. " * 20)


def empty_looking(path):
    path.write_bytes(b"hi")


def another_program(path):
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE jobs (id INTEGER)")
        db.commit()


def another_version(path):
    run(some_jobs(1), path, workers=0, progress=False)
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version=99")


def truncated(path):
    run(some_jobs(), path, workers=0, progress=False)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])


def scribbled(path):
    run(some_jobs(), path, workers=0, progress=False)
    data = bytearray(path.read_bytes())
    data[4096:12288] = b"\xff" * 8192
    path.write_bytes(data)


def scribbled_where_nobody_looks(path):
    """Damage the tail of a long row, which neither `status` nor a new job reads."""
    run([Job("builtins:dict", {"text": "x" * 30_000})], path, workers=0, progress=False)
    data = path.read_bytes()
    page = data.index(b"x" * 4000) // 4096 * 4096
    path.write_bytes(data[:page] + b"\xff" * 4096 + data[page + 4096 :])


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (garbage, "not a jobs database"),
        (empty_looking, "not a jobs database"),
        (another_program, "another program"),
        (another_version, "version 99"),
        (truncated, "damaged"),
        (scribbled, "damaged"),
        (scribbled_where_nobody_looks, "damaged"),
    ],
)
def test_foreign_or_damaged_file_is_named_and_left_alone(spoil, named, tmp_path):
    path = tmp_path / "jobs.sqlite"
    spoil(path)
    before = path.read_bytes()
    for use in (lambda: run(some_jobs(), path, workers=0, progress=False), lambda: status(path)):
        with pytest.raises(JobsError, match=named) as caught:
            use()
        assert str(path) in str(caught.value)
        assert "move" in str(caught.value)
        assert path.read_bytes() == before
        assert list(tmp_path.iterdir()) == [path]


def test_folder_instead_of_file(tmp_path):
    with pytest.raises(JobsError, match="cannot open the jobs database"):
        run([], tmp_path, progress=False)


def test_status_of_no_file_creates_none(tmp_path):
    with pytest.raises(JobsError, match="no jobs database at"):
        status(tmp_path / "typo.sqlite")
    assert list(tmp_path.iterdir()) == []


def test_empty_file_is_a_new_one(tmp_path):
    path = tmp_path / "jobs.sqlite"
    path.touch()
    with pytest.raises(JobsError, match="no jobs database at"):
        status(path)
    assert path.read_bytes() == b""
    assert run(some_jobs(1), path, workers=0, progress=False).done == 1


def test_columns_and_modes(db):
    run([Job("builtins:dict", {"a": 1}, "salt")], db, workers=0, progress=False)
    with contextlib.closing(sqlite3.connect(db)) as raw:
        raw.row_factory = sqlite3.Row
        assert raw.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        row = dict(raw.execute("SELECT * FROM jobs").fetchone())
    assert row.pop("key") == Job("builtins:dict", {"a": 1}, "salt").key
    assert row.pop("seconds") >= 0
    assert row.pop("started") <= row.pop("finished")
    assert row == {
        "function": "builtins:dict",
        "args": '{"a":1}',
        "salt": "salt",
        "state": "done",
        "result": '{"a":1}',
        "error": None,
        "attempts": 1,
    }
