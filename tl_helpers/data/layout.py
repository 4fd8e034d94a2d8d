"""Tell split and class of each picture from where it lies in an image folder.

Works on names alone, so that a folder and a zip archive are read by the same rules.
"""

from pathlib import PurePosixPath
from typing import NamedTuple

from .errors import DataError, EmptyClass, NotAnImage
from .images import SUFFIXES

SPLITS = {"train": "train", "test": "test", "val": "val", "valid": "val", "validation": "val"}
EXPECTED = """Expected one of

    train/<class>/picture.jpg        <class>/picture.jpg
    test/<class>/picture.jpg

(val/ is optional; all of it may lie in one outer folder, or in a zip)."""


class Entry(NamedTuple):
    """One picture: its path, "train", "test", "val" or "" for no split, and its class."""

    file: str
    split: str
    label: str


def is_hidden(part: str) -> bool:
    """Whether a file or folder of this name belongs to the operating system, not to the data."""
    return part.startswith(".") or part.lower() in ("__macosx", "thumbs.db", "desktop.ini")


def arrange(
    files: list[str], folders: list[str], source: str, nested: bool = False
) -> tuple[list[Entry], tuple[str, ...]]:
    """The pictures, sorted by path, and the classes, sorted by name.

    Args:
        files: paths below `source` with "/" between the parts, without hidden ones.
        folders: the same for folders; needed only to find those without any file.
        source: the folder or archive, for messages.
        nested: classes lie in groups: `<group>/<class>/picture.png` is of the class "group/class".
            Not guessed from the folders: misspelt splits look the same.

    Raises: NotAnImage, EmptyClass, or DataError where the layout is neither of the two or the
    splits do not have the same classes.
    """
    for file in sorted(files):
        if not file.lower().endswith(SUFFIXES):
            raise NotAnImage(
                f"{source}/{file} is not a picture. Expected only {', '.join(SUFFIXES)} files in "
                "an image folder: move it elsewhere, or convert it."
            )
    filled = {str(parent) for file in files for parent in PurePosixPath(file).parents}
    empty = sorted(set(folders) - filled)
    if not files and not empty:
        raise DataError(f"{source} holds no pictures. {EXPECTED}")
    if not files:
        raise _empty_class(f"{source}/{empty[-1]}")

    paths = sorted(tuple(file.split("/")) for file in files)
    bare = [tuple(folder.split("/")) for folder in empty]
    outer = _outer(paths, bare)
    inner = [parts[len(outer) :] for parts in paths]
    if nested:
        return _nested(paths, inner, bare, source)
    split_layout = max(map(len, inner)) > 2 and all(parts[0].lower() in SPLITS for parts in inner)
    entries = []
    for path, parts in zip(paths, inner, strict=True):
        if len(parts) != (3 if split_layout else 2):
            where = "too deep" if len(parts) > 2 else "outside of a class folder"
            raise DataError(f"{source}/{'/'.join(path)} lies {where}. {EXPECTED}")
        split = SPLITS[parts[0].lower()] if split_layout else ""
        entries.append(Entry("/".join(path), split, parts[-2]))

    labels: dict[str, set[str]] = {parts[0]: set() for parts in inner}  # of each top folder
    for folder in bare:
        top, *below = folder[len(outer) :]
        if split_layout and top.lower() not in SPLITS:
            continue
        if len(below) == (1 if split_layout else 0):
            raise _empty_class("/".join((source, *folder)))
        labels.setdefault(top, set())
    if split_layout:
        for parts in inner:
            labels[parts[0]].add(parts[1])
        _check_same(labels, source)
    return entries, tuple(sorted({entry.label for entry in entries}))


def _nested(paths, inner, bare, source):
    for path, parts in zip(paths, inner, strict=True):
        if len(parts) != 3:
            raise DataError(
                f"{source}/{'/'.join(path)} lies outside of a class folder. Expected "
                "<group>/<class>/picture, as in an alphabet's folder of characters."
            )
    if bare:
        raise _empty_class("/".join((source, *bare[-1])))
    entries = [
        Entry("/".join(path), "", "/".join(parts[:2]))
        for path, parts in zip(paths, inner, strict=True)
    ]
    return entries, tuple(sorted({entry.label for entry in entries}))


def _outer(paths: list[tuple[str, ...]], bare: list[tuple[str, ...]]) -> tuple[str, ...]:
    """The folders around everything, as archives have them: () or ("photos10",)."""
    depth = 0
    while min(map(len, paths)) - depth > 2:
        tops = {parts[depth] for parts in [*paths, *bare]}
        if len(tops) > 1 or tops.pop().lower() in SPLITS:
            break
        depth += 1
    return paths[0][:depth]


def _check_same(labels: dict[str, set[str]], source: str) -> None:
    """Every split must have every class: a class number must mean the same in all of them."""
    for top, here in sorted(labels.items()):
        for other, there in sorted(labels.items()):
            if missing := sorted(there - here):
                raise DataError(
                    f"{source}: {top}/ has no class folder {', '.join(map(repr, missing))}, which "
                    f"{other}/ has. Expected the same classes in every split: add the folder (a "
                    "name may be spelled differently), or remove it from the others."
                )


def _empty_class(folder: str) -> EmptyClass:
    return EmptyClass(
        f"{folder}/ is a class folder without pictures. Expected at least one of "
        f"{', '.join(SUFFIXES)} in it: add some, or remove the folder."
    )
