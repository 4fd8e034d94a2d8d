"""The table of jobs: one SQLite file, written by the coordinating process alone."""

import contextlib
import datetime
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from .errors import JobsError
from .execute import Outcome
from .header import APPLICATION_ID, VERSION, is_new_file
from .job import Job

STATES = ("pending", "running", "done", "failed")

_TABLE = """
CREATE TABLE IF NOT EXISTS jobs (
    key      TEXT PRIMARY KEY,           -- SHA-256 of function, args and salt
    function TEXT NOT NULL,
    args     TEXT NOT NULL,              -- JSON
    salt     TEXT NOT NULL,
    state    TEXT NOT NULL,              -- pending, running, done, failed
    result   TEXT,                       -- JSON
    error    TEXT,                       -- traceback
    seconds  REAL,                       -- of the last attempt, in the worker
    started  TEXT,                       -- of the last attempt, ISO 8601, UTC
    finished TEXT,
    attempts INTEGER NOT NULL DEFAULT 0
)"""


class Store:
    """The jobs in the file `path`, which is created with its parent folders where it is missing.

    Every change is committed before the call returns. Raises JobsError naming the file when it
    is damaged, belongs to something else, or cannot be opened, and leaves it as it was.
    """

    def __init__(self, path, create: bool = True):
        self.path = Path(path)
        with self._explained():
            is_new = is_new_file(self.path)
            if is_new and not create:
                raise JobsError(f"no jobs database at '{self.path}'; jobs.run creates one")
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # Autocommit: each statement is its own transaction. A minute's patience covers
            # another process that is writing.
            self._db = sqlite3.connect(self.path, timeout=60, isolation_level=None)
        try:
            with self._explained():
                self._prepare(is_new)
        except BaseException:
            self._db.close()
            raise

    def _prepare(self, is_new: bool) -> None:
        if not is_new:
            problem = self._db.execute("PRAGMA quick_check(1)").fetchone()[0]
            if problem != "ok":
                raise sqlite3.DatabaseError(problem)
        # FULL: a commit also survives a power cut; one fsync costs milliseconds, and a job seconds
        # to hours.
        self._db.execute("PRAGMA synchronous=FULL")
        if is_new:
            with self._transaction():
                self._db.execute(f"PRAGMA application_id={APPLICATION_ID}")
                self._db.execute(f"PRAGMA user_version={VERSION}")
                self._db.execute(_TABLE)
        # WAL: `status` can read while a run writes. After the table, so that the mark is in the
        # file itself. Another process with the file open can prevent the change; no harm, a kill
        # leaves a sound file in either mode.
        with contextlib.suppress(sqlite3.OperationalError):
            self._db.execute("PRAGMA journal_mode=WAL")

    def add(self, jobs: Iterable[Job]) -> None:
        """Insert the jobs that the table does not have yet, as pending."""
        rows = [(job.key, job.function, job.args_json, job.salt) for job in jobs]
        with self._explained(), self._transaction():
            self._db.executemany(
                "INSERT OR IGNORE INTO jobs (key, function, args, salt, state) "
                "VALUES (?, ?, ?, ?, 'pending')",
                rows,
            )

    def results(self, keys: Iterable[str]) -> dict[str, str]:
        """Return the result (JSON text) of each of `keys` that is done."""
        found = {}
        with self._explained():
            for key in keys:
                row = self._db.execute(
                    "SELECT result FROM jobs WHERE key=? AND state='done'", (key,)
                ).fetchone()
                if row:
                    found[key] = row[0]
        return found

    def start(self, job: Job) -> None:
        """Record that an attempt begins."""
        with self._explained():
            self._db.execute(
                "UPDATE jobs SET state='running', error=NULL, seconds=NULL, started=?, "
                "finished=NULL, attempts=attempts+1 WHERE key=? AND state!='done'",
                (_now(), job.key),
            )

    def finish(self, job: Job, outcome: Outcome) -> None:
        """Record how an attempt ended. A job that is done stays done."""
        state = "done" if outcome.error is None else "failed"
        with self._explained():
            self._db.execute(
                "UPDATE jobs SET state=?, result=?, error=?, seconds=?, finished=? "
                "WHERE key=? AND state!='done'",
                (state, outcome.result, outcome.error, outcome.seconds, _now(), job.key),
            )

    def status(self) -> "Status":
        """Count the jobs in each state and fetch the rows that failed."""
        with self._explained():
            counts = dict.fromkeys(STATES, 0)
            counts.update(self._db.execute("SELECT state, count(*) FROM jobs GROUP BY state"))
            cursor = self._db.execute("SELECT * FROM jobs WHERE state='failed' ORDER BY finished")
            names = [column[0] for column in cursor.description]
            return Status(counts, [dict(zip(names, row, strict=True)) for row in cursor])

    def close(self) -> None:
        self._db.close()

    @contextlib.contextmanager
    def _transaction(self):
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    @contextlib.contextmanager
    def _explained(self):
        try:
            yield
        except sqlite3.OperationalError as e:
            raise JobsError(
                f"cannot use the jobs database '{self.path}': {e}. Check that the folder is "
                "writable, the disk is not full, and no other process holds the file; then run "
                "again, finished jobs are kept."
            ) from e
        except sqlite3.DatabaseError as e:
            raise JobsError(
                f"the jobs database '{self.path}' is damaged: {e}. Put back a copy of it, or move "
                "it away and run again, which repeats every job."
            ) from e
        except OSError as e:
            raise JobsError(f"cannot open the jobs database '{self.path}': {e}") from e


@dataclass(frozen=True)
class Status:
    """`counts` of jobs per state, and the `failed` rows as dicts of the table's columns."""

    counts: dict[str, int]
    failed: list[dict]

    def __str__(self):
        lines = [", ".join(f"{n} {state}" for state, n in self.counts.items())]
        lines += [
            f"  {row['function']} {row['args']}: {row['error'].strip().splitlines()[-1]}"
            for row in self.failed
        ]
        return "\n".join(lines)


def status(db) -> Status:
    """Return the state of the jobs in the SQLite file `db`, also while a run is writing to it.

    Raises JobsError when there is no such file, or it is not a jobs database.
    """
    with contextlib.closing(Store(db, create=False)) as store:
        return store.status()


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds")
