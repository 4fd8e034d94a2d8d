"""Files in MNIST's own format."""

import gzip
import struct

import numpy as np
import pytest

from tl_helpers.data import CorruptFile
from tl_helpers.data.idx import read_idx


def write(path, array, kind=8, shape=None):
    shape = shape or array.shape
    header = bytes([0, 0, kind, len(shape)]) + struct.pack(f">{len(shape)}I", *shape)
    path.write_bytes(gzip.compress(header + array.tobytes()))
    return path


def test_pictures_and_labels(tmp_path):
    pictures = np.random.default_rng(0).integers(0, 256, (5, 28, 28), dtype=np.uint8)
    labels = np.arange(5, dtype=np.uint8)
    np.testing.assert_array_equal(read_idx(write(tmp_path / "x.gz", pictures)), pictures)
    np.testing.assert_array_equal(read_idx(write(tmp_path / "y.gz", labels)), labels)


def test_damaged_files(tmp_path):
    some = np.zeros((4, 2), np.uint8)
    whole = write(tmp_path / "whole.gz", some).read_bytes()
    (tmp_path / "half.gz").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "none.gz").write_bytes(b"<html>not found</html>")
    for name in ("half.gz", "none.gz"):
        with pytest.raises(CorruptFile, match=rf"{name} cannot be unpacked.*replace"):
            read_idx(tmp_path / name)
    with pytest.raises(CorruptFile, match="should hold 5x2 bytes and has 8"):
        read_idx(write(tmp_path / "short.gz", some, shape=(5, 2)))
    with pytest.raises(CorruptFile, match="no IDX file of unsigned bytes"):
        read_idx(write(tmp_path / "floats.gz", some, kind=13))
