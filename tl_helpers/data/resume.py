"""Download one file into `NAME.part`, over as many connections and calls as it takes.

A next attempt asks the server only for the bytes that are missing (HTTP Range). Nothing here gives
a file its final name: that is left to the caller, once the checksum is right.
"""

import errno
import shutil
import time
from pathlib import Path
from urllib.parse import urlsplit

from .errors import ChecksumError, DataError, DiskFull, DownloadError

BACKOFF = (0.5, 1.0, 2.0)  # seconds before each new attempt after a dropped connection
TIMEOUT = (10, 30)  # seconds to connect, and between two pieces
CHUNK = 1 << 14  # bytes; a breaking connection loses less than one
MARGIN = 1.01  # what is needed on the disk, against the size of the download


def download(url: str, part: Path, sha256: str, *, progress: bool = True) -> None:
    """Make `part` (called `NAME.part`) the whole file behind `url`, continuing what it holds.

    A part whose finished form has the wrong checksum may have been begun with an older version of
    the file: it is removed, and the file is downloaded once more from its first byte.

    Raises: DownloadError (the part stays), ChecksumError and DiskFull (it is removed), DataError.
    """
    if part.exists() and checksum(part) == sha256:
        return
    for _ in range(2):
        pieced = _transfer(url, part, progress)
        found = checksum(part)
        if found == sha256:
            return
        part.unlink()
        if not pieced:
            break
    name = _name(part)
    raise ChecksumError(
        f"{name} from {url} is not the published file: its SHA-256 is {found}, expected {sha256}. "
        "It was discarded. Try again; if that gives the same, the publisher has changed it: put "
        f"the right {name} into a folder and set TL_DATA_HOME to that folder."
    )


def _transfer(url: str, part: Path, progress: bool) -> bool:
    """Bring what `part` lacks; returns whether it was pieced together from several connections."""
    import requests

    pieced = _size(part) > 0
    dropped = False
    for wait in (*BACKOFF, None):
        try:
            _stream(url, part, progress)
            return pieced
        except (requests.RequestException, _Dropped) as error:
            dropped = dropped or isinstance(error, _Dropped)
            pieced = pieced or _size(part) > 0
            status = _status(error)
            busy = status is not None and (status == 429 or status >= 500)
            # Without any connection so far the machine is offline: then it says so at once.
            if wait is None or not (busy or (dropped and status is None)):
                raise _download_error(error, url, part) from error
        time.sleep(wait)
    raise AssertionError("unreachable")


class _Dropped(Exception):
    """The connection broke in the middle of the content."""


def _stream(url: str, part: Path, progress: bool) -> None:
    """One request: append to `part` what comes after it, or write it anew if all of it comes."""
    import requests
    from tqdm.auto import tqdm

    have = _size(part)
    headers = {"Accept-Encoding": "identity"}  # a checksum is of the file's own bytes
    if have:
        headers["Range"] = f"bytes={have}-"
    with requests.get(url, headers=headers, stream=True, timeout=TIMEOUT) as response:
        if have and response.status_code == 416:
            return  # nothing comes after it: it is whole or too long, and its checksum will tell
        response.raise_for_status()
        kept = have if response.status_code == 206 else 0  # 200: a server that ignores ranges
        length = response.headers.get("Content-Length", "")
        missing = int(length) if length.isdigit() else None
        if missing is not None:
            free = shutil.disk_usage(part.parent).free + have - kept
            if missing * MARGIN > free:
                raise _disk_full(part, missing, free)
        total = None if missing is None else kept + missing
        bar = tqdm(
            total=total,
            initial=kept,
            desc=_name(part),
            unit="B",
            unit_scale=True,
            disable=not progress,
        )
        try:
            with bar, part.open("ab" if kept else "wb") as file:
                for piece in response.iter_content(CHUNK):
                    file.write(piece)
                    bar.update(len(piece))
        except requests.RequestException as error:
            raise _Dropped(str(error)) from error
        except OSError as error:
            if error.errno in _FULL:
                part.unlink(missing_ok=True)  # a full disk should not stay full because of it
            raise disk_error(error, part, missing) from error
    # Not every version of requests notices that the end is missing.
    if total is not None and _size(part) < total:
        raise _Dropped(f"the connection ended after {_size(part)} of {total} bytes")


def _download_error(error: Exception, url: str, part: Path) -> DownloadError:
    import requests

    host = urlsplit(url).netloc
    if _status(error) is not None:
        reason = f"{host} answers HTTP {_status(error)} {error.response.reason}"
    elif isinstance(error, _Dropped):
        reason = f"the connection to {host} keeps breaking off"
    elif isinstance(error, requests.Timeout):
        reason = f"{host} does not answer"
    elif isinstance(error, requests.ConnectionError):
        reason = f"there is no connection to {host}"
    else:
        reason = str(error)
    name = _name(part)
    kept = f" ({_size(part):,} bytes are kept; it continues from there)" if _size(part) else ""
    return DownloadError(
        f"cannot download {name} from {url}: {reason}. Check the connection and try again{kept}; "
        f"or get {name} by other means, put it into a folder and set TL_DATA_HOME to that folder."
    )


_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}


def disk_error(error: OSError, path: Path, needed: int | None = None) -> DataError:
    """What to say when `path` could not be read or written; `needed` is in bytes."""
    if error.errno in _FULL:
        return _disk_full(path, needed, shutil.disk_usage(path.parent).free)
    return DataError(
        f"cannot read or write {path}: {error.strerror or error}. Expected a folder that can be "
        "written to: change its permissions, or set TL_CACHE to another folder."
    )


def _disk_full(path: Path, needed: int | None, free: int) -> DiskFull:
    need = "more" if needed is None else f"{needed * MARGIN:,.0f} bytes"
    return DiskFull(
        f"no room for {_name(path)} in {path.parent}: {free:,} bytes are free, {need} needed. "
        "Free some space, or set TL_CACHE to a folder on another disk."
    )


def checksum(path: Path) -> str:
    """The SHA-256 of a file's content, 64 hexadecimal digits."""
    import pooch

    return pooch.file_hash(str(path), alg="sha256")


def _status(error: Exception) -> int | None:
    return getattr(getattr(error, "response", None), "status_code", None)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _name(part: Path) -> str:
    return part.name.removesuffix(".part")
