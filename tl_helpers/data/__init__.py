"""Data: `load` by name or path, formula-drawn pictures, domain shifts, downloads."""

from .dataset import Dataset, Split
from .drawn_kinds import drawn_kinds
from .errors import (
    ChecksumError,
    CorruptFile,
    DataError,
    DiskFull,
    DownloadError,
    EmptyClass,
    NotAnImage,
    UnknownDataset,
)
from .fetch import cache_dir, data_home, fetch
from .load import available, load
from .registry import card, datasets_folder, names
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
    "NotAnImage",
    "Split",
    "UnknownDataset",
    "available",
    "cache_dir",
    "card",
    "data_home",
    "datasets_folder",
    "drawn_kinds",
    "fetch",
    "load",
    "names",
    "shift",
]
