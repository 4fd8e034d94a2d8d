"""One process at a time."""

import contextlib
import errno
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def locked(target: Path) -> Iterator[bool]:
    """Wait until no other process or thread works on `target`; the end of a process releases it.

    Leaves the empty file `.NAME.lock` beside it. Yields whether this one is alone; where the system
    has no such locks (Windows, some network drives), it yields False at once.
    """
    with target.with_name(f".{target.name}.lock").open("ab") as file:
        try:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)
            alone = True
        except ImportError:
            alone = False
        except OSError as error:
            if error.errno not in (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP):
                raise
            alone = False
        yield alone
