"""LiveRun: a button that makes one recorded run again, now, on this machine."""

from html import escape

import traitlets as t

from .levels import check_levels, describe_dial
from .static import HERE, LiveWidget, script
from .tidy import column_levels

__all__ = ["LiveRun"]


class LiveRun(LiveWidget):
    """Choose a run of a recorded experiment, and make it: does it agree with the record?

    recorded: from `tl.evaluate.recorded`; its dials become lists to choose from.
    dials: column -> the words to show; a column that is not named keeps its name.
    title: what the student is asked to do.
    seed: of the run.
    metric: what is compared.

    On a page without a kernel the button says that it needs one.
    """

    _esm = script("base.js", "live_run.js")
    _css = HERE / "widget.css"
    _state_names = ("spec", "position", "asked", "result")

    spec = t.Dict().tag(sync=True)
    position = t.List(t.Int()).tag(sync=True)
    asked = t.Int(0).tag(sync=True)  # counts the presses of the button
    result = t.Unicode("").tag(sync=True)

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
        self._levels = {k: check_levels(k, column_levels(recorded.table[k])) for k in columns}
        shown = [
            {**describe_dial(words.get(k, k.replace("_", " ")), v), "kind": "select"}
            for k, v in self._levels.items()
        ]
        super().__init__(spec={"title": title, "dials": shown}, position=[0] * len(columns))

    @property
    def levels(self) -> dict:
        """The point that is chosen: the present level of every dial."""
        pairs = zip(self._levels.items(), self.position, strict=True)
        return {name: levels[i] for (name, levels), i in pairs}

    def select(self, **levels) -> "LiveRun":
        """Choose a point: `select(condition="gradual", per_class=10)`. The others stay."""
        position = list(self.position)
        for name, level in levels.items():
            if name not in self._levels:
                raise ValueError(f"unknown dial {name!r}; there are {list(self._levels)}")
            if level not in self._levels[name]:
                raise ValueError(f"{name!r} has no {level!r}; it has {self._levels[name]}")
            position[list(self._levels).index(name)] = self._levels[name].index(level)
        self.position = position
        return self

    @t.observe("asked")
    def _run(self, change):
        # Whatever goes wrong is told on the page: no one reads a traceback in the kernel's log.
        try:
            self.result = self._recorded.rerun(self._seed, self._metric, **self.levels)
        except Exception as error:
            self.result = f"This run could not be made: {error}"

    def _plain(self) -> str:
        point = ", ".join(
            dial["phrases"][i] for dial, i in zip(self.spec["dials"], self.position, strict=True)
        )
        return f"{self.spec['title']}: {point}\n{self.result or 'Not run yet.'}"

    def _fallback(self) -> str:
        return "".join(f"<p>{escape(line)}</p>" for line in self._plain().splitlines())
