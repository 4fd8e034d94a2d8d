"""What is not on this machine, and what one line brings it. Nothing is downloaded by surprise."""

from collections.abc import Sequence
from dataclasses import dataclass

from .errors import NotHere


@dataclass(frozen=True)
class Download:
    """What has to be downloaded for a name: a data set, or a network's weights."""

    name: str
    what: str
    megabytes: float
    licence: str

    def __str__(self):
        return f"{self.what}; {self.megabytes:.0f} MB; licence: {self.licence}"


def sentence(downloads: Sequence[Download]) -> str:
    """That these are not here, and the line that brings them, as it runs in a notebook."""
    *most, last = [d.name for d in downloads]
    names = f"{', '.join(most)} and {last}" if most else last
    line = f"tl.prefetch({', '.join(repr(d.name) for d in downloads)})".replace("'", '"')
    size = sum(d.megabytes for d in downloads)
    them, verb = ("them", "are") if most else ("it", "is")
    return f"{names} {verb} not on this machine; {line} downloads {them} once ({size:.0f} MB)."


def not_here(download: Download) -> NotHere:
    """The error that says so."""
    error = NotHere(sentence([download]))
    error.names = (download.name,)
    return error
