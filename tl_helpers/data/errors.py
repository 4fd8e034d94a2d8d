"""What can go wrong with data: one exception a cause, all of them a `DataError`.

Each carries one plain message that says what was wrong, what was expected and what to do, and
names the file. They take nothing but that message, so that they survive the way from one process
to another.
"""


class DataError(Exception):
    """Data that is missing, damaged or not in the shape that was expected."""


class UnknownDataset(DataError):
    """No data set has this name, and no file or folder either."""


class NotHere(DataError):
    """It is not on this machine, and nobody said that it may be downloaded."""

    names: tuple[str, ...] = ()  # of what is not here, as `tl.prefetch` takes them


class DownloadError(DataError):
    """A file could not be downloaded; what has arrived is kept, and a next call continues."""


class ChecksumError(DataError):
    """A file's SHA-256 is not the published one."""


class DiskFull(DataError):
    """There is no room for a file."""


class CorruptFile(DataError):
    """A picture or an archive that cannot be decoded to its end."""


class NotAnImage(DataError):
    """A file that is no picture lies in an image folder."""


class EmptyClass(DataError):
    """A class folder holds no pictures."""
