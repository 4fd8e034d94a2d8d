"""LiveRun: a button that makes one recorded run again, now, on this machine."""

from .again import AgainWidget
from .levels import describe_dial
from .static import HERE, script
from .tidy import column_levels

__all__ = ["LiveRun"]


class LiveRun(AgainWidget):
    """Choose a run of a recorded experiment, and make it: does it agree with the record?

    recorded: from `tl.evaluate.recorded`; its dials become lists to choose from.
    dials: column -> the words to show; a column that is not named keeps its name.
    title: what the student is asked to do.
    seed: of the run.
    metric: what is compared.

    On a page without a kernel the button says that it needs one.
    """

    _esm = script("base.js", "progress.js", "again.js", "live_run.js")
    _css = HERE / "widget.css"

    def __init__(
        self,
        recorded,
        dials: dict[str, str] | None = None,
        *,
        title: str = "Make one of these runs yourself",
        seed: int = 0,
        metric: str = "accuracy",
    ):
        words = dials or {}
        columns = [k for k in recorded.experiment.points()[0] if k not in recorded.setting]
        unknown = [name for name in words if name not in columns]
        if unknown:
            raise ValueError(f"{recorded.name} has no dial {unknown}; it has {columns}")
        self._recorded, self._seed, self._metric = recorded, seed, metric
        self._values = {k: column_levels(recorded.table[k]) for k in columns}  # as in the table
        shown = [
            {**describe_dial(words.get(k, k.replace("_", " ")), v), "kind": "select"}
            for k, v in self._values.items()
        ]
        super().__init__(self._values, spec={"title": title, "dials": shown})

    def _make(self) -> str:
        chosen = zip(self._values.items(), self.position, strict=True)
        point = {name: values[i] for (name, values), i in chosen}
        return str(self._recorded.rerun(self._seed, self._metric, **point))

    def _plain(self) -> str:
        return f"{self.spec['title']}: {self._where()}\n{self.result or 'Not run yet.'}"
