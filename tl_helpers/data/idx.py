"""The IDX format that MNIST is published in: a header that says the shape, then bytes."""

import gzip
from pathlib import Path

import numpy as np

from .errors import CorruptFile

UNSIGNED_BYTES = 0x08


def read_idx(path: Path) -> np.ndarray:
    """The array in a `.gz` file of unsigned bytes, e.g. (10000, 28, 28) uint8.

    Raises:
        CorruptFile: no gzip, another kind of numbers, or not as many bytes as its header says.
    """
    try:
        raw = gzip.decompress(path.read_bytes())
    except (OSError, EOFError) as error:
        raise CorruptFile(f"{path} cannot be unpacked ({error}): replace the file") from error
    if len(raw) < 4 or raw[:2] != b"\0\0" or raw[2] != UNSIGNED_BYTES:
        raise CorruptFile(f"{path} is no IDX file of unsigned bytes: replace the file")
    start = 4 + 4 * raw[3]
    shape = tuple(np.frombuffer(raw[4:start], ">u4").astype(int))
    if len(raw) - start != np.prod(shape):
        raise CorruptFile(
            f"{path} should hold {'x'.join(map(str, shape))} bytes and has {len(raw) - start}: "
            "replace the file"
        )
    return np.frombuffer(raw, np.uint8, offset=start).reshape(shape)
