"""Read any image folder, or a zip of one, into arrays: "bring your own data"."""

import os
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .errors import CorruptFile, DataError
from .images import decode
from .layout import EXPECTED, Entry, arrange, is_hidden

MAX_BYTES = 1 << 28  # of one picture in an archive: a small archive can unfold to any size


@dataclass(frozen=True, eq=False)
class Pictures:
    """What an image folder holds, sorted by path.

    x: the pictures, uint8 of shape (n, height, width, 3 or 1).
    y: the number of each one's class, int32 of shape (n,).
    classes: their names; `classes[y[i]]` is picture i's.
    split: "train", "test" or "val" of each picture, or "" where the folder has no splits.
    files: the path of each picture below the folder, or in the archive.
    """

    x: np.ndarray
    y: np.ndarray
    classes: tuple[str, ...]
    split: np.ndarray
    files: list[str]

    def __len__(self) -> int:
        return len(self.y)


def read_images(
    path: str | Path,
    *,
    size: tuple[int, int] | None = (32, 32),
    colour: bool = True,
    nested: bool = False,
    progress: bool = False,
) -> Pictures:
    """Read `train/<class>/*.jpg` and `test/<class>/*.jpg` (and `val/`), or `<class>/*.jpg`.

    All of it may lie in one outer folder, and in a zip archive, which is read in place. JPEG, PNG,
    GIF, BMP and WebP are read; what systems leave behind (.DS_Store, __MACOSX, Thumbs.db) is
    skipped. Anything else is an error rather than skipped: a picture that goes missing without a
    word changes a result without a word.

    Args:
        path: the folder or the .zip file.
        size: (height, width); each picture is scaled, with antialiasing, until it just covers it,
            and cut to its centre. None keeps the pictures as they are, if all have the same size.
        colour: 3 channels (RGB), otherwise 1 (grey).
        nested: the layout is `<group>/<class>/picture.png`, and the classes are "group/class".
        progress: show a progress bar.

    Raises: DataError; of its kinds NotAnImage, CorruptFile (a picture or the archive) and
    EmptyClass. Each names the file.
    """
    if size is not None and (len(size) != 2 or min(size) < 1):
        raise ValueError(f"size must be (height, width) in pixels, or None; got {size!r}")
    path = Path(path).expanduser()
    with _open(path) as (files, folders, read):
        entries, classes = arrange(files, folders, str(path), nested)

        def picture(entry: Entry) -> np.ndarray:
            return decode(read(entry.file), f"{path}/{entry.file}", size=size, colour=colour)

        x = _stack(picture, entries, path, progress)
    number = {label: i for i, label in enumerate(classes)}
    return Pictures(
        x=x,
        y=np.array([number[entry.label] for entry in entries], dtype=np.int32),
        classes=classes,
        split=np.array([entry.split for entry in entries]),
        files=[entry.file for entry in entries],
    )


def _stack(
    picture: Callable[[Entry], np.ndarray], entries: list[Entry], path: Path, progress: bool
) -> np.ndarray:
    """All pictures in one array."""
    from tqdm.auto import tqdm

    first = picture(entries[0])
    x = np.empty((len(entries), *first.shape), dtype=np.uint8)
    for i, entry in enumerate(tqdm(entries, disable=not progress)):
        one = picture(entry) if i else first
        if one.shape != first.shape:
            raise DataError(
                f"{path}/{entry.file} is {one.shape[0]} x {one.shape[1]} pixels (height x width), "
                f"but {entries[0].file} is {first.shape[0]} x {first.shape[1]}. With size=None all "
                "must have the same size: pass size=(height, width) to scale them."
            )
        x[i] = one
    return x


@contextmanager
def _open(path: Path) -> Iterator[tuple[list[str], list[str], Callable[[str], bytes]]]:
    """The paths of files and folders, and a function that reads one."""
    if path.is_dir():
        yield _open_folder(path)
    elif not path.exists():
        raise DataError(f"{path} does not exist. {EXPECTED}")
    elif path.suffix.lower() == ".zip":
        with _zip(path) as archive:
            yield _open_zip(path, archive)
    else:
        raise DataError(f"{path} is neither a folder nor a .zip archive. {EXPECTED}")


def _open_folder(path: Path):
    def fail(error: OSError):
        raise DataError(
            f"{error.filename} cannot be read: {error.strerror}. Expected a folder with pictures: "
            "change its permissions, or pass another one."
        ) from error

    def read(file: str) -> bytes:
        try:
            return (path / file).read_bytes()
        except OSError as error:
            fail(error)

    files, folders, seen = [], [], set()
    for here, below, names in os.walk(path, followlinks=True, onerror=fail):
        if (real := os.path.realpath(here)) in seen:
            raise DataError(f"{here} is a link to {real}, which is read already: remove the link.")
        seen.add(real)
        below[:] = [name for name in below if not is_hidden(name)]
        inside = Path(here).relative_to(path)
        folders += [(inside / name).as_posix() for name in below]
        files += [(inside / name).as_posix() for name in names if not is_hidden(name)]
    return files, folders, read


# What zipfile raises for damaged, encrypted (RuntimeError) and exotic archives.
_ZIP_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OSError,
)


@contextmanager
def _zip(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        archive = zipfile.ZipFile(path)
    except PermissionError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}.") from error
    except _ZIP_ERRORS as error:
        raise CorruptFile(
            f"{path} is not a whole zip archive: {error}. Download or copy it again."
        ) from error
    with archive:
        yield archive


def _open_zip(path: Path, archive: zipfile.ZipFile):
    members, folders = {}, []
    for info in archive.infolist():
        name = info.filename.replace("\\", "/")  # some tools on Windows write those
        parts = [part for part in name.split("/") if part not in ("", ".")]
        if name.startswith("/") or name[1:2] == ":" or ".." in parts:
            raise DataError(
                f"{path} holds {info.filename!r}, a path that leads out of the archive. Expected "
                "paths inside it: do not trust this archive, or pack the folder again."
            )
        if any(map(is_hidden, parts)):
            continue
        if name.endswith("/"):
            folders.append("/".join(parts))
        else:
            members["/".join(parts)] = info

    def read(file: str) -> bytes:
        info = members[file]
        if info.file_size > MAX_BYTES:
            raise CorruptFile(
                f"{path}/{file} unfolds to {info.file_size:,} bytes; expected a picture of at most "
                f"{MAX_BYTES:,}. Remove it from the archive, or unpack the archive and pass the "
                "folder."
            )
        try:
            return archive.read(info)
        except _ZIP_ERRORS as error:
            raise CorruptFile(
                f"{path}/{file} cannot be unpacked: {error}. Expected a whole zip archive without "
                "a password: download or pack it again."
            ) from error

    return list(members), folders, read
