"""Get a file: from the user's own folder, from the cache, or by a checked download.

Downloads go through `pooch`, which gives a file its name only when its SHA-256 is right. Two things
are added: a broken-off download is continued (see resume.py), and two processes that want the same
file do not disturb each other.
"""

import contextlib
import logging
import os
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from ..locks import locked
from .errors import DataError
from .resume import checksum, disk_error, download


def data_home() -> Path | None:
    """The user's folder of ready files: the environment variable TL_DATA_HOME, or None if unset.

    Raises DataError where it names something that is not a folder.
    """
    value = os.environ.get("TL_DATA_HOME")
    if not value:
        return None
    home = Path(value).expanduser()
    if not home.is_dir():
        raise DataError(
            f"TL_DATA_HOME is set to {value!r}, which is not a folder; expected a folder of ready "
            "data files. Create it, correct the variable, or unset it to download instead."
        )
    return home


def cache_dir() -> Path:
    """The folder for downloads, created if need be: TL_CACHE, or else the system's cache folder."""
    value = os.environ.get("TL_CACHE")
    if value:
        return _make(Path(value))
    import pooch

    return _make(Path(pooch.os_cache("tl_helpers")))


def keras_home() -> Path:
    """Keras' own folder, where it keeps what it downloads."""
    return Path(os.environ.get("KERAS_HOME", Path.home() / ".keras"))


def at_hand(filename: str, sha256: str) -> bool:
    """Whether `fetch` would find the file on this machine, in TL_DATA_HOME or in the cache."""
    home = data_home()
    if home is not None and (home / filename).exists():
        return True
    target = cache_dir() / filename
    return target.exists() and checksum(target) == sha256.lower()


def fetch(
    url: str,
    sha256: str,
    filename: str | None = None,
    *,
    folder: str | Path | None = None,
    progress: bool = True,
) -> Path:
    """The path of the file that `url` names, downloaded once.

    A file called `filename` in TL_DATA_HOME comes first. It is the user's own and is taken as it
    is, without a checksum. Next comes the one in `folder` if its SHA-256 is `sha256`; then a
    download into `folder`. Whatever fails, `folder` still holds what it held before, besides
    `NAME.part`, from which the next call continues, and the empty `.NAME.lock`.

    Args:
        url: http or https address.
        sha256: the file's published checksum, 64 hexadecimal digits.
        filename: its name here; by default the last part of the address.
        folder: where downloads are kept, created if need be; by default `cache_dir()`.
        progress: show a progress bar while downloading.

    Raises: DownloadError (no connection, or the server refuses), ChecksumError (not the published
    content), DiskFull, DataError (a folder or file that cannot be read or written).
    """
    name = PurePosixPath(unquote(urlsplit(url).path)).name if filename is None else filename
    if name in ("", ".", "..") or set(name) & set("/\\:\0"):
        raise DataError(f"{name!r} is not a plain file name (for {url}); pass filename='name.ext'.")
    home = data_home()
    if home is not None and (home / name).exists():
        return _readable(home / name)

    sha256 = sha256.lower()
    target = (cache_dir() if folder is None else _make(Path(folder))) / name
    try:
        if target.exists():
            if checksum(target) == sha256:
                return target
            warnings.warn(
                f"{target} does not have the expected checksum (damaged, or another version): "
                "downloading it again. It is replaced only once that has succeeded.",
                stacklevel=2,
            )
        _retrieve(url, sha256, target, progress)
    except OSError as error:
        raise disk_error(error, target) from error
    return target


def _retrieve(url: str, sha256: str, target: Path, progress: bool) -> None:
    """Let pooch fill `target` with the resuming downloader, one process at a time."""
    import pooch

    def quiet(record: logging.LogRecord) -> bool:
        return record.levelno >= logging.WARNING

    with locked(target) as alone:

        def downloader(url: str, output: str, _) -> None:
            with _part_of(target, alone) as part:
                download(url, part, sha256, progress=progress)
                os.replace(part, output)  # pooch checks it and gives it its name

        log = pooch.get_logger()
        log.addFilter(quiet)  # it announces every download on stderr, as if something were wrong
        try:
            # Looks first whether another process brought the file while this one waited.
            pooch.retrieve(
                url, f"sha256:{sha256}", target.name, target.parent, downloader=downloader
            )
        finally:
            log.removeFilter(quiet)


def _make(folder: Path) -> Path:
    folder = folder.expanduser()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise disk_error(error, folder) from error
    return folder


def _readable(path: Path) -> Path:
    """`path`, a file of the user's own, if it can be opened."""
    try:
        path.open("rb").close()
    except OSError as error:
        raise DataError(
            f"{path} (in TL_DATA_HOME) cannot be read: {error.strerror}. Expected a file: correct "
            "or remove it, or unset TL_DATA_HOME to download instead."
        ) from error
    return path


@contextlib.contextmanager
def _part_of(target: Path, alone: bool) -> Iterator[Path]:
    """The unfinished file to work on.

    Without a lock each process takes one under a name of its own. Renaming is atomic: one of them
    at most gets what an earlier download has left, and each gives back what it leaves itself.
    """
    part = target.with_name(f"{target.name}.part")
    if alone:
        yield part
        return
    own = target.with_name(f"{target.name}.{os.getpid()}-{threading.get_ident()}.part")
    with contextlib.suppress(FileNotFoundError):
        part.replace(own)
    try:
        yield own
    finally:
        with contextlib.suppress(FileNotFoundError):
            own.replace(part)
