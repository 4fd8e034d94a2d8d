"""Data: `load` by name or path, drawn pictures, domain shifts, few-shot tasks, downloads."""

import importlib

from .alphabets import drawn_alphabets
from .dataset import Dataset, Split
from .drawn_kinds import drawn_kinds
from .episodes import Episodes, episodes, split_classes
from .errors import (
    ChecksumError,
    CorruptFile,
    DataError,
    DiskFull,
    DownloadError,
    EmptyClass,
    NotAnImage,
    NotHere,
    UnknownDataset,
)
from .fetch import cache_dir, data_home, fetch
from .load import available, download_of, load
from .registry import card, datasets_folder, names
from .rotated_omniglot import rotated_omniglot
from .shifts import KINDS as SHIFTS
from .shifts import shift

__all__ = [
    "SHIFTS",
    "ChecksumError",
    "CorruptFile",
    "DataError",
    "Dataset",
    "DiskFull",
    "DownloadError",
    "EmptyClass",
    "Episodes",
    "NotAnImage",
    "NotHere",
    "Split",
    "UnknownDataset",
    "available",
    "cache_dir",
    "card",
    "data_home",
    "datasets_folder",
    "download_of",
    "drawn_alphabets",
    "drawn_kinds",
    "episodes",
    "fetch",
    "load",
    "names",
    "paired",
    "rotated_omniglot",
    "shift",
    "split_classes",
    "two_tasks",
]


def __getattr__(name: str):
    if name in ("paired", "two_tasks"):  # they need Keras, and the rest does not
        module = importlib.import_module(".paired", __name__)
        globals().update(paired=module.paired, two_tasks=module.two_tasks)
        return globals()[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}; it has {__all__}")
