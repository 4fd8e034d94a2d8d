"""LiveRun: a button that makes one recorded run again, now, on this machine."""

import threading
from html import escape

import traitlets as t
from IPython import get_ipython

from .dials import DialWidget
from .levels import describe_dial
from .static import HERE, script
from .tidy import column_levels

__all__ = ["LiveRun"]


class LiveRun(DialWidget):
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
    _state_names = ("spec", "position", "asked", "running", "result")

    asked = t.Int(0).tag(sync=True)  # how often the button was pressed
    running = t.Bool(False).tag(sync=True)
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
        self._values = {k: column_levels(recorded.table[k]) for k in columns}  # as in the table
        shown = [
            {**describe_dial(words.get(k, k.replace("_", " ")), v), "kind": "select"}
            for k, v in self._values.items()
        ]
        super().__init__(self._values, spec={"title": title, "dials": shown})

    def run(self) -> str:
        """Make the chosen run, and return what it says."""
        self.running, self.result = True, ""
        where = self._where()
        chosen = zip(self._values.items(), self.position, strict=True)
        point = {name: values[i] for (name, values), i in chosen}
        try:
            said = self._recorded.rerun(self._seed, self._metric, **point)
        except (Exception, KeyboardInterrupt) as error:  # told on the page, not in the kernel's log
            said = f"This run could not be made: {str(error) or type(error).__name__}"
        self.result, self.running = f"{where}. {said}", False
        return self.result

    @t.observe("asked")
    def _on_asked(self, change):
        if self.running:
            return
        # JupyterLab may deliver the press on a thread of its own, beside a running cell, whose
        # seeds the run would reset. So it waits for its turn on the kernel's own thread.
        if threading.current_thread() is threading.main_thread():
            self.run()
        else:
            get_ipython().kernel.io_loop.add_callback(self.run)

    def _where(self) -> str:
        pairs = zip(self.spec["dials"], self.position, strict=True)
        return ", ".join(dial["phrases"][i] for dial, i in pairs)

    def _plain(self) -> str:
        return f"{self.spec['title']}: {self._where()}\n{self.result or 'Not run yet.'}"

    def _fallback(self) -> str:
        return "".join(f"<p>{escape(line)}</p>" for line in self._plain().splitlines())
