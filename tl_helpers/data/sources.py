"""Where the pictures of a named data set come from: one function a kind of manifest.

Each returns `Raw`: pictures with a published test set where there is one. Splitting is done in one
place, `load`.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from .absent import Download
from .errors import CorruptFile, DataError, DownloadError
from .fetch import at_hand, data_home, fetch, keras_home
from .folders import read_images
from .formula import draw
from .idx import read_idx
from .splits import draw_per_class


@dataclass(frozen=True, eq=False)
class Raw:
    """All pictures of a data set: x uint8 (n, h, w, 3), y int32 (n,), split "train"/"val"/"test"
    or "" where the publisher made none."""

    x: np.ndarray
    y: np.ndarray
    split: np.ndarray
    classes: tuple[str, ...]


def formula(manifest: dict, per_class: int | None, seed: int) -> Raw:
    """Pictures of the manifest's programs, `step` ids apart, fresh for every seed."""
    n = manifest["classes"]
    programs = manifest["first"] + manifest["step"] * np.arange(n)
    parts = {"train": per_class or manifest["per_class"], "val": 20, "test": 50}
    x, y, split = [], [], []
    for k, (name, count) in enumerate(parts.items()):
        labels = np.repeat(np.arange(n, dtype=np.int32), count)
        # A stream a split: asking for more training pictures leaves the test set as it was.
        x.append(draw(programs[labels], np.random.default_rng([seed, k, 3])))
        y.append(labels)
        split.append(np.full(len(labels), name))
    classes = tuple(f"program {program}" for program in programs)
    return Raw(np.concatenate(x), np.concatenate(y), np.concatenate(split), classes)


@lru_cache(maxsize=4)
def folder(path: Path, size: tuple[int, int], stamp: tuple, nested: bool = False) -> Raw:
    """An image folder or a zip of one. `stamp` renews the memory when the files change."""
    pictures = read_images(path, size=size, nested=nested)
    return Raw(pictures.x, pictures.y, pictures.split, pictures.classes)


@lru_cache(maxsize=2)
def digits() -> Raw:
    """scikit-learn's 8x8 digits, scaled up to 32x32 with three equal channels, white on black."""
    from PIL import Image
    from sklearn.datasets import load_digits

    small, y = load_digits(return_X_y=True)
    small = (small.reshape(-1, 8, 8) * 255 / 16).astype(np.uint8)
    big = [np.asarray(Image.fromarray(s).resize((32, 32), Image.Resampling.BICUBIC)) for s in small]
    x = np.repeat(np.stack(big)[..., None], 3, axis=-1)
    split = np.full(len(y), "train", dtype="<U5")
    split[draw_per_class(y, [0.3], np.random.default_rng(0))[0]] = "test"  # fixed for everyone
    return Raw(x, y.astype(np.int32), split, tuple("0123456789"))


@lru_cache(maxsize=2)
def keras_set(module: str) -> Raw:
    """One of Keras' own picture data sets, downloaded by Keras on first use."""
    import keras

    source = getattr(keras.datasets, module)
    try:
        train, test = source.load_data()
    except Exception as error:  # Keras wraps every failure of a download in a bare Exception
        raise DownloadError(
            f"Keras could not get its data set {module!r} ({error}): it needs the internet once. "
            "Connect and try again, or choose a data set that needs none: "
            "tl.data.load('formula10') or tl.data.load('digits')"
        ) from error
    x = np.concatenate([train[0], test[0]])
    if x.ndim == 3:
        x = np.repeat(x[..., None], 3, axis=-1)
    y = np.concatenate([train[1], test[1]]).astype(np.int32).ravel()
    split = np.repeat(["train", "test"], [len(train[1]), len(test[1])])
    return Raw(x, y, split, tuple(map(str, range(y.max() + 1))))


def photos(manifest: dict, size: tuple[int, int]) -> Raw:
    """The ready file in TL_DATA_HOME; else a fixed draw of the same size from CIFAR-10."""
    home = data_home()
    if home and (path := home / manifest["file"]).exists():
        return folder(path, size, stamp_of(path))
    raw = keras_set(manifest["keras"])
    pool = np.flatnonzero(raw.split == "train")
    counts = [manifest["train_per_class"], manifest["test_per_class"]]
    train, test = draw_per_class(raw.y[pool], counts, np.random.default_rng(manifest["seed"]))
    chosen = pool[np.concatenate([train, test])]
    split = np.repeat(["train", "test"], [len(train), len(test)])
    return Raw(raw.x[chosen], raw.y[chosen], split, tuple(manifest["class_names"]))


@lru_cache(maxsize=1)
def idx_files(images: Path, labels: Path, stamps: tuple) -> Raw:
    """Grey pictures and their labels from two IDX files; nothing says which are for testing."""
    x, y = read_idx(images), read_idx(labels).astype(np.int32)
    if x.ndim != 3 or y.shape != x.shape[:1]:
        raise CorruptFile(f"{images} and {labels} do not belong together: {x.shape}, {y.shape}")
    classes = tuple(map(str, range(y.max() + 1)))
    return Raw(np.repeat(x[..., None], 3, axis=-1), y, np.full(len(y), ""), classes)


def mnist(manifest: dict) -> Raw:
    """Ready files in TL_DATA_HOME; else the whole of it, by Keras."""
    if files := ready_idx(manifest):
        return idx_files(*files, tuple(map(stamp_of, files)))
    return keras_set(manifest["keras"])


def ready_idx(manifest: dict) -> list[Path]:
    """The paths of pictures and labels where both lie in TL_DATA_HOME; else none."""
    home = data_home()
    files = [home / manifest[part] for part in ("images", "labels")] if home else []
    return files if all(path.exists() for path in files) else []


def omniglot(manifest: dict, size: tuple[int, int]) -> Raw:
    """The publisher's zip: the whole one, or the small one where only that lies in TL_DATA_HOME."""
    path = _omniglot_at_home(manifest)
    path = path or fetch(manifest["url"], manifest["sha256"], manifest["file"])
    return folder(path, size, stamp_of(path), nested=True)  # alphabet/character/drawing.png


def _omniglot_at_home(manifest: dict) -> Path | None:
    """The zip in TL_DATA_HOME, the whole one first; the second part has no small one."""
    home = data_home()
    names = [manifest[key] for key in ("file", "sample") if key in manifest]
    paths = [home / name for name in names] if home else []
    return next((path for path in paths if path.exists()), None)


def available(manifest: dict) -> bool:
    """Whether the data set's pictures are on this machine already."""
    home = data_home()
    if manifest["kind"] == "omniglot":
        at_home = _omniglot_at_home(manifest) is not None
        return at_home or at_hand(manifest["file"], manifest["sha256"])
    if manifest["kind"] == "photos" and home and (home / manifest["file"]).exists():
        return True
    if manifest["kind"] == "mnist" and ready_idx(manifest):
        return True
    if "keras" not in manifest:
        return True
    folder = keras_home() / "datasets"
    # Keras keeps the archive, or what it unpacked, under a name that begins like this.
    stem = {"cifar10": "cifar-10-", "cifar100": "cifar-100-", "fashion_mnist": "fashion-mnist"}
    found = folder.glob(f"{stem.get(manifest['keras'], manifest['keras'])}*")
    # A download that failed leaves an empty folder.
    return any(path.is_file() or any(path.iterdir()) for path in found)


def download_of(manifest: dict) -> Download:
    """What `load` has to download where the pictures are not on this machine."""
    return Download(
        manifest["name"], manifest["source"], manifest["megabytes"], manifest["licence"]
    )


def stamp_of(path: Path) -> tuple:
    """What changes when the files below a path do: their number, bytes and latest change."""
    files = [path] if path.is_file() else [p for p in path.rglob("*") if p.is_file()]
    stats = [f.stat() for f in files]
    return len(stats), sum(s.st_size for s in stats), max((s.st_mtime_ns for s in stats), default=0)


def by_manifest(manifest: dict, per_class: int | None, seed: int, size: tuple[int, int]) -> Raw:
    """The pictures of a named data set."""
    match manifest["kind"]:
        case "formula":
            return formula(manifest, per_class, seed)
        case "digits":
            return digits()
        case "photos":
            return photos(manifest, size)
        case "mnist":
            return mnist(manifest)
        case "omniglot":
            return omniglot(manifest, size)
        case "keras":
            return keras_set(manifest["keras"])
    raise DataError(f"{manifest['name']}.toml has an unknown kind {manifest['kind']!r}")
