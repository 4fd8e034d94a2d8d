"""Is this file ours? Answered from the first bytes of an SQLite file."""

import struct
from pathlib import Path

from .errors import JobsError

APPLICATION_ID = int.from_bytes(b"tljb", "big")
VERSION = 1  # of the table; another number means that this library cannot read it


def is_new_file(path: Path) -> bool:
    """Return whether `path` is new; raise JobsError when it is someone else's file.

    Reads the bytes (sqlite.org/fileformat.html: version at 60, application id at 68), because
    opening a file with SQLite can already change it.
    """
    if not path.exists():
        return True
    with path.open("rb") as file:
        header = file.read(100)
    if not header:
        return True
    move = "Name another file, or move this one away."
    if len(header) < 100 or not header.startswith(b"SQLite format 3\0"):
        raise JobsError(f"'{path}' is not a jobs database, nor SQLite at all (or damaged). {move}")
    version, application = struct.unpack(">4xI4xI", header[56:72])
    if application != APPLICATION_ID:
        raise JobsError(f"'{path}' is an SQLite database of another program. {move}")
    if version != VERSION:
        raise JobsError(
            f"'{path}' is a jobs database of version {version}; expected {VERSION}. {move}"
        )
    return False
