"""What widgets with a button share that makes a recorded run again, in the kernel."""

from html import escape

import traitlets as t

from ..session.progress import Stopped, watched
from .dials import DialWidget
from .training import TrainingBase, WidgetProgress
from .turn import in_turn

__all__ = ["AgainWidget"]


class AgainWidget(DialWidget, TrainingBase):
    """A widget with dials and a button; `_make` makes the run where the dials stand."""

    asked = t.Int(0).tag(sync=True)  # how often the button was pressed
    running = t.Bool(False).tag(sync=True)
    result = t.Unicode("").tag(sync=True)
    _state_names = ("spec", "position", "asked", "running", "result", *TrainingBase._state_names)

    def _make(self) -> str:
        """Make the run, and return what came of it."""
        raise NotImplementedError

    def run(self) -> str:
        """Make the chosen run, and return what it says."""
        self.running, self.result, self.stop, self.told = True, "", False, {}
        where = self._where()
        try:
            with watched(by=WidgetProgress(["one run"], by=self)) as told:
                told.begin()
                said = self._make()
                told.end()
        except Stopped:
            said = "Stopped: a run that is not complete has no result."
        except (Exception, KeyboardInterrupt) as error:  # told on the page, not in the kernel's log
            said = f"This run could not be made: {str(error) or type(error).__name__}"
        self.result, self.running = f"{where}. {said}", False
        return self.result

    @t.observe("asked")
    def _on_asked(self, change):
        if not self.running:
            in_turn(self.run)

    def _where(self) -> str:
        pairs = zip(self.spec["dials"], self.position, strict=True)
        return ", ".join(dial["phrases"][i] for dial, i in pairs)

    def _fallback(self) -> str:
        return "".join(f"<p>{escape(line)}</p>" for line in self._plain().splitlines())
