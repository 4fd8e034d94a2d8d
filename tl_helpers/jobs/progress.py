"""The line on stderr: done/total, failed, time left."""

import sys


class Progress:
    """A tqdm line over `total` jobs, of which `reused` were done before; silent unless `show`."""

    def __init__(self, total: int, reused: int, show: bool):
        from tqdm import tqdm

        # `initial` keeps what was done before out of the rate, and so out of the time left.
        self._bar = tqdm(total=total, initial=reused, disable=not show, desc="jobs", unit="job")
        self._bar.set_postfix(failed=0)

    def advance(self, failed: int) -> None:
        self._bar.set_postfix(failed=failed, refresh=False)
        self._bar.update()

    def tick(self) -> None:
        """Redraw while jobs run for long; not into a log file, where each line would stay."""
        if sys.stderr.isatty():
            self._bar.refresh()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._bar.close()
