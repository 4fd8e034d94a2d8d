"""What comes out of the sandbox is read with suspicion."""

import json

import numpy as np
import pytest

from tl_helpers.course.grading.artefacts import read, settled
from tl_helpers.course.grading.inside import packed


def sent(case, value, exercise="90.1"):
    parts = []
    tree = packed(value, parts)
    return (
        json.dumps({"exercise": exercise, "case": case, "value": tree}).encode()
        + b"\n"
        + b"".join(parts)
    )


@pytest.mark.parametrize(
    "value",
    [None, True, 3, 2.5, "text", [1, [2.0, "x"]], {"a": {"b": [1]}}, float("inf")],
)
def test_plain_values_come_back(value):
    assert read(sent("c", value)).values["90.1", "c"] == value


@pytest.mark.parametrize(
    "dtype", ["bool", "int8", "uint16", "int64", "float16", "float32", "float64"]
)
def test_arrays_come_back(dtype):
    array = np.arange(12).reshape(3, 4).astype(dtype)
    found = read(sent("a", array) + sent("b", {"x": array.T, "y": [array[0], 1]}))
    np.testing.assert_array_equal(found.values["90.1", "a"], array)
    np.testing.assert_array_equal(found.values["90.1", "b"]["x"], array.T)
    np.testing.assert_array_equal(found.values["90.1", "b"]["y"][0], array[0])
    assert not found.broken
    np.testing.assert_array_equal(settled(array[:, ::2]), array[:, ::2])
    assert settled(np.float32(1.5)).shape == ()


def test_what_is_no_number_does_not_leave():
    for value in (np.array([object()]), np.array(["a"]), np.array([1j]), object(), {1, 2}):
        with pytest.raises(TypeError):
            packed(value, [])


def header(**array):
    tree = {"dtype": "<f8", "shape": [2], "bytes": 16} | array
    return json.dumps({"exercise": "e", "case": "c", "value": {"array": tree}}).encode() + b"\n"


@pytest.mark.parametrize(
    "data",
    [
        header(shape=[10**12]),
        header(shape=[-1]),
        header(shape=[1.5]),
        header(shape=[True]),
        header(shape=[0] * 40),
        header(shape="ab"),
        header(dtype="O"),
        header(dtype="<U5"),
        header(dtype="|V8"),
        header(dtype=["x"]),
        b"\n",
        b"null\n",
        b"[]\n",
        b"no newline",
        b"x" * 2_000_000 + b"\n",
        b"[" * 100_000 + b"\n",
        b'{"case": 1}\n',
        b'{"exercise": "e", "case": "c", "value": {}}\n',
        b'{"exercise": "e", "case": "c", "value": {"json": [1]}}\n',
        b'{"exercise": "e", "case": "c", "value": {"list": 3}}\n',
        b'{"exercise": "e", "case": "c", "value": {"list": [], "dict": {}}}\n',
        b'{"exercise": "e", "case": "c", "error": 3}\n',
        b'{"error": {}}\n',
        b"\xff\xfe\n",
        b'{"case": "c", "exercise": "e", "value": {"json": 1' + b"0" * 10_000 + b"}}\n",
    ],
)
def test_what_cannot_be_read_ends_the_reading_and_loses_nothing_before(data):
    found = read(sent("before", 1) + data + sent("after", 2))
    assert found.broken
    assert found.values == {("90.1", "before"): 1}


def test_an_array_that_is_cut_off_is_none():
    found = read(sent("before", 1) + header() + b"1234")
    assert found.broken
    assert found.values == {("90.1", "before"): 1}


def test_of_two_answers_the_first_counts():
    assert read(sent("c", 1) + sent("c", 2)).values["90.1", "c"] == 1


def test_errors_are_cut_and_told():
    error = {"type": "T" * 200, "text": "x" * 1000, "line": "3"}
    message = json.dumps({"cell": 4, "error": error}).encode() + b"\n"
    (one,) = read(message + b'{"began": true}\n{"ended": true}\n').errors
    assert one == {"cell": "4", "type": "T" * 80, "text": "x" * 300, "line": None}


def test_beginning_and_end():
    found = read(b'{"began": true}\n{"ended": 1}\n')
    assert (found.began, found.ended) == (True, False)
