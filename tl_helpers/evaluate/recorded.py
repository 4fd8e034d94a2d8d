"""Recorded runs: experiments too long for a lesson, with the definition that made them.

`datasets/runs/NAME/` holds `experiment.py` (what is measured), `results.csv` or `results.parquet`
(a row a run) and `record.json` (by which command, from which weights, with which versions). The
record carries the hash of the definition and of the weights; when either changes it is stale, and
says so.

An experiment defines:

    BACKBONES = ("tiny-resnet",)  # whose weights it depends on
    SEEDS = range(5)
    def points(): ...             # a list of dicts: the settings of the grid, "condition" included
    def run(seed, **point): ...   # one run: a dict of metrics

and, where they differ from what stands here,

    TABLE = "results.csv"         # or "results.parquet"
    COMMAND = "tl-course record NAME"
    NEEDS = ()                    # data sets to download without which no run can be made

A point that names its "network" depends on the weights of that one alone: when the weights of one
network change, `tl-course record` makes only its runs again.
"""

import hashlib
import json
import platform
import types
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version

import pandas as pd

from ..data.errors import NotHere
from ..data.registry import datasets_folder
from ..downloads import absent
from ..session import smoke, strict, tidy
from ._tables import read_table, write_table
from .intervals import prediction_interval


class StaleRecord(Exception):
    """A record does not belong to the present definition or weights."""


@dataclass(frozen=True, eq=False)
class Recorded:
    """A recorded experiment, or the part of it with `setting`: `.table` has a row a run."""

    name: str
    table: pd.DataFrame
    record: dict
    experiment: object = field(repr=False)
    setting: dict = field(default_factory=dict)

    @property
    def weights(self) -> str:
        """Which weights the runs were made with, to show beside them."""
        made = self.record["weights"]
        networks = [self.setting["network"]] if "network" in self.setting else made
        return ", ".join(f"{name} {made[name]}" for name in networks)

    @property
    def needs(self) -> tuple[str, ...]:
        """The data sets without which no run can be made again."""
        return _needs(self.experiment, self.record)

    @property
    def metrics(self) -> list[str]:
        """What was measured in every run: accuracy first, where that is among it."""
        point = {"condition", "seed", *self.experiment.points()[0]}
        found = [column for column in self.table if column not in point]
        return sorted(found, key=lambda column: column != "accuracy")  # else as they come

    def select(self, **setting) -> pd.DataFrame:
        """The rows with this setting, ready for `tl.claim`; e.g. `select(per_class=100)`."""
        rows = self.table
        for key, value in setting.items():
            if key not in rows:
                raise ValueError(f"{self.name} has no dial {key!r}; it has {list(rows.columns)}")
            if not (rows[key] == value).any():
                raise ValueError(
                    f"{self.name} has no run with {setting}; there, {key} is one of "
                    f"{sorted(rows[key].unique().tolist())}"
                )
            rows = rows[rows[key] == value]
        rows = rows.copy()
        rows.attrs["kind"] = "recorded"
        return rows

    def change(self, dial: str, before, after, metric: str = "accuracy", **setting) -> pd.DataFrame:
        """What turning one dial does to each condition, with the other dials at `setting`.

        Returns:
            A row for each condition and seed that has both runs, with the column `change`: the
            metric at `after` minus that at `before`. Ready for `tl.claim(..., metric="change")`.
        """
        keys = ["condition", "seed"]
        pair = [
            self.select(**setting, **{dial: value}).set_index(keys)[metric]
            for value in (before, after)
        ]
        if not all(side.index.is_unique for side in pair):
            raise ValueError(
                f"{setting} leaves several runs a seed: choose every dial but {dial!r}"
            )
        rows = (pair[1] - pair[0]).dropna().rename("change").reset_index()
        rows.attrs["kind"] = "recorded"
        return rows

    def summary(self, metric: str = "accuracy", **setting) -> pd.DataFrame:
        """A row a setting: the mean of each condition over the seeds, in percent.

        Args:
            metric: what is averaged.
            setting: dials that stand still; they get no column.
        """
        rows = self.select(**setting)
        still = {"condition", *self.setting, *setting}
        dials = [k for k in self.experiment.points()[0] if k not in still]
        means = rows.pivot_table(metric, dials, "condition", aggfunc="mean", sort=False)
        means = means.reset_index(drop=not dials)
        conditions = list(rows["condition"].unique())
        means[conditions] = (100 * means[conditions]).round(1)
        means.columns.name = None
        return means

    def rerun(self, seed: int, metric: str = "accuracy", **point) -> "Rerun":
        """Run one point of the grid now: does it fall where the record says? `print` tells.

        Where the data or the weights it needs are not on this machine, nothing is run or
        downloaded; then it says so, and what brings them.

        Args:
            seed: one of the recorded seeds, or another.
            metric: what is compared.
            point: every dial that does not stand still, `condition` included.

        Raises:
            AssertionError: it does not, and `TL_STRICT=1`.
        """
        recorded_values = self.select(**point)[metric]
        low, high = prediction_interval(recorded_values)[1:]
        whole = {**self.setting, **point}
        networks = [whole["network"].partition(".")[0]] if "network" in whole else []
        missing = absent(*self.needs, *networks)
        try:
            value = None if missing else self.experiment.run(seed, **whole)[metric]
        except NotHere as error:  # some points need more than others
            value, missing = None, str(error)
        for kept in vars(self.experiment).values():  # for many runs in a row, not for a lesson
            if hasattr(kept, "cache_clear"):
                kept.cache_clear()
        tidy()
        again = Rerun(value, low, high, len(recorded_values), missing)
        if again.agrees is False and strict() and not smoke():
            raise AssertionError(f"{self.name}, seed {seed}, {point}: {again}")
        return again


@dataclass(frozen=True)
class Rerun:
    """A recorded run made again: what came out, and where the `runs` recorded ones predict it.

    Where what it needs is not on this machine, `value` is None, and `absent` says what brings it.
    """

    value: float | None
    low: float
    high: float
    runs: int
    absent: str = ""

    @property
    def agrees(self) -> bool | None:
        """Whether it lies in the 99 % prediction interval; None where it was not made."""
        if self.value is None:
            return None
        rounding = 1e-5  # the record keeps five digits
        return self.low - rounding <= self.value <= self.high + rounding

    def __str__(self):
        if self.value is None:
            return f"Not made again here: {self.absent}"
        return (
            f"One run made now: {100 * self.value:.1f} %. The {self.runs} recorded ones "
            f"predict {100 * max(self.low, 0):.1f} to {100 * min(self.high, 1):.1f} % (99 %): "
            f"{'it agrees' if self.agrees else 'it does not agree'}."
        )


def recorded_names() -> list[str]:
    """The experiments under datasets/runs."""
    return sorted(p.parent.name for p in (datasets_folder() / "runs").glob("*/experiment.py"))


def recorded(name: str, check: bool = True, **setting) -> Recorded:
    """Load a recorded experiment, or the part of it with this setting.

    Args:
        name: a folder of datasets/runs.
        check: False takes a stale record as it is.
        setting: dials that stand still, e.g. `network="squeezenet"`; they leave the table.

    Raises:
        ValueError: unknown name or setting.
        StaleRecord: the definition or the weights changed since, or it was never recorded; names
            the command that records it.
    """
    folder, experiment = read_experiment(name)
    remedy = f"run `tl-course record {name}`"
    record = _record(folder)
    if not record:
        raise StaleRecord(f"{name} was not recorded yet: {remedy}")
    now = definition_hash(name)
    if check and record["hash"] != now:
        raise StaleRecord(
            f"{name} was recorded for definition and weights {record['hash']}, they are now {now}: "
            f"{remedy}"
        )
    whole = Recorded(name, read_table(_table(folder, experiment)), record, experiment)
    if not setting:
        return whole
    table = whole.select(**setting).drop(columns=list(setting)).reset_index(drop=True)
    return Recorded(name, table, record, experiment, setting)


def definition_hash(name: str) -> str:
    """Twelve hex digits of the SHA-256 of the experiment's source and its backbones' weights."""
    folder, experiment = read_experiment(name)
    return _hash(folder, experiment.BACKBONES)


def run_point(name: str, seed: int, point: dict) -> dict:
    """One run of an experiment: what a job calls."""
    from ..session import setup

    setup(quiet=True)
    return read_experiment(name)[1].run(seed, **point)


def record(name: str, db, *, workers: int | None = 1, scheduler=None) -> Recorded:
    """Run all of an experiment that is not done yet, and write its results and record."""
    from ..jobs import Job
    from ..jobs import run as run_jobs

    folder, experiment = read_experiment(name)
    networks = experiment.BACKBONES
    runs = [(seed, point) for point in experiment.points() for seed in experiment.SEEDS]
    report = run_jobs(
        [
            Job(
                "tl_helpers.evaluate.recorded:run_point",
                {"name": name, "seed": seed, "point": point},
                salt=_hash(folder, [point["network"]] if "network" in point else networks),
            )
            for seed, point in runs
        ],
        db,
        workers=None if scheduler else workers,
        scheduler=scheduler,
    ).raise_if_failed()
    rows = [
        {**point, "seed": seed, **result}
        for (seed, point), result in zip(runs, report.results, strict=True)
    ]
    facts = {
        "command": getattr(experiment, "COMMAND", f"tl-course record {name}"),
        "hash": _hash(folder, networks),
        "weights": _weights(networks),
        "runs": len(rows),
        "needs": list(_needs(experiment, _record(folder))),
        "python": platform.python_version(),
        **{p: version(p) for p in ("tl-helpers", "keras", "numpy", "scikit-learn")},
    }
    write_table(pd.DataFrame(rows), _table(folder, experiment), facts)
    (folder / "record.json").write_text(json.dumps(facts, indent=2) + "\n")
    return recorded(name)


def _record(folder) -> dict:
    """What was recorded last; empty where nothing was."""
    path = folder / "record.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def _needs(experiment, record: dict) -> tuple[str, ...]:
    """What an experiment says it needs; what its record says, where it says nothing."""
    return tuple(getattr(experiment, "NEEDS", record.get("needs", ())))


def _table(folder, experiment):
    return folder / getattr(experiment, "TABLE", "results.csv")


def read_experiment(name: str):
    """An experiment's folder and its module, as its source stands now."""
    folder = datasets_folder() / "runs" / name
    path = folder / "experiment.py"
    if not path.exists():
        raise ValueError(f"no recorded experiment {name!r}; there are {recorded_names()}")
    return folder, _module(path, path.read_text(encoding="utf-8"))


@cache
def _module(path, source: str):
    # From the text that is hashed. An import might take the cached bytecode of an earlier edit.
    module = types.ModuleType(f"tl_runs_{path.parent.name}")
    module.__file__ = str(path)
    exec(compile(source, str(path), "exec"), module.__dict__)
    return module


def _hash(folder, networks) -> str:
    source = (folder / "experiment.py").read_text(encoding="utf-8")
    text = source + "".join(_weights(networks).values())
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _weights(networks) -> dict[str, str]:
    from ..backbones import read_card

    # "tiny-resnet-s.strokes": the weights "strokes" of the network "tiny-resnet-s"
    parts = {name: name.partition(".") for name in networks}
    return {
        name: read_card(network, called or "default")["weights"]
        for name, (network, _, called) in parts.items()
    }
