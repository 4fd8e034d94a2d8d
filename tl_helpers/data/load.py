"""One door to all data: a name, or the path of an image folder."""

import difflib
from pathlib import Path

import numpy as np

from ..session.switches import smoke
from . import sources
from .absent import Download, not_here
from .dataset import SPLITS, Dataset, Split
from .errors import DataError, UnknownDataset
from .images import resize
from .registry import manifests
from .splits import draw_per_class

VAL_SHARE, TEST_SHARE = 0.2, 0.2
SMOKE_PER_CLASS = 8


def load(
    name: str | Path,
    per_class: int | None = None,
    seed: int = 0,
    size: tuple[int, int] = (32, 32),
    *,
    download: bool = False,
) -> Dataset:
    """Load a data set, split so that train, val and test never share a picture.

    A published test set stays as it is, whatever the seed. A folder without one keeps a fifth of
    each class as its test set, the same for every seed (for `digits` its card says how many). A
    fifth of the rest is the validation set, drawn by the seed before the training pictures, so
    that `per_class` does not change it.
    Formula-drawn sets draw all their pictures by the seed.

    Args:
        name: a name from `tl.data.names()`, or the path of an image folder or of a zip of one, with
            `train/<class>/` and `test/<class>/` or a folder a class.
        per_class: training pictures of each class; default all.
        seed: of the draw; the same seed gives the same arrays.
        size: (height, width) that pictures are brought to.
        download: whether it may be downloaded where it is not on this machine; `tl.prefetch` says
            beforehand what and how much.

    Raises:
        UnknownDataset: no such name or path; lists close matches.
        NotHere: it is not on this machine; says what brings it.
        DataError: its other kinds, for files that are missing, damaged or too few.
    """
    if per_class is not None and (
        isinstance(per_class, bool) or per_class != int(per_class) or per_class < 1
    ):
        raise ValueError(f"per_class must be a whole number from 1 on, got {per_class!r}")
    if isinstance(size, int):
        raise ValueError(f"size is (height, width), such as ({size}, {size}), got {size}")
    size = tuple(size)
    if smoke():
        per_class = min(per_class or SMOKE_PER_CLASS, SMOKE_PER_CLASS)
    manifest = manifests().get(str(name))
    if manifest:
        if not download and not sources.available(manifest):
            raise not_here(sources.download_of(manifest))
        raw = sources.by_manifest(manifest, per_class, seed, size)
    else:
        path = Path(name).expanduser()
        if not path.exists():
            raise UnknownDataset(_unknown(str(name)))
        manifest = {"name": path.stem, "title": f"your pictures in {path}", "licence": "yours"}
        raw = sources.folder(path, size, sources.stamp_of(path))

    if raw.x.shape[1:3] != size:
        raw = sources.Raw(resize(raw.x, size), raw.y, raw.split, raw.classes)
    if len(raw.classes) < 2:
        raise DataError(
            f"{name} has one class, {raw.classes[0]!r}: to tell pictures apart takes at least two "
            "folders of them"
        )
    parts = _split(raw, per_class, seed)
    return Dataset(
        manifest["name"],
        *(Split(raw.x[parts[s]], raw.y[parts[s]]) for s in SPLITS),
        raw.classes,
        dict(manifest),  # a copy: what a user writes into it stays theirs
    )


def available(name: str) -> bool:
    """Whether `load(name)` needs no download. A lesson asks before it runs on real data."""
    return sources.available(_manifest(name))


def download_of(name: str) -> Download | None:
    """What `load(name)` has to download where the data set is not here; None if nothing ever."""
    manifest = _manifest(name)
    return sources.download_of(manifest) if "megabytes" in manifest else None


def _manifest(name: str) -> dict:
    if name not in manifests():
        raise UnknownDataset(_unknown(name))
    return manifests()[name]


def _split(raw, per_class, seed) -> dict[str, np.ndarray]:
    pool = np.flatnonzero((raw.split == "train") | (raw.split == ""))
    parts = {s: np.flatnonzero(raw.split == s) for s in ("val", "test")}
    if not len(parts["test"]):
        counts = [TEST_SHARE, None]
        kept = draw_per_class(raw.y[pool], counts, np.random.default_rng(0), raw.classes)
        parts["test"], pool = pool[kept[0]], pool[kept[1]]
    counts = [None if per_class is None else int(per_class)]
    if not len(parts["val"]):
        counts = [VAL_SHARE, *counts]
    drawn = draw_per_class(raw.y[pool], counts, np.random.default_rng([seed, 11]), raw.classes)
    parts["train"] = pool[drawn[-1]]
    if len(drawn) == 2:
        parts["val"] = pool[drawn[0]]
    return parts


def _unknown(name: str) -> str:
    known = list(manifests())
    close = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
    return (
        f"no data set is called {name!r} and no file or folder is there; "
        + (f"did you mean {' or '.join(map(repr, close))}? " if close else "")
        + f"Names: {', '.join(known)}; or give the path of an image folder"
    )
