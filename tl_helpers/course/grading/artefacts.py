"""Read what came out of the sandbox, believing none of it."""

import json
import math
import re
from dataclasses import dataclass, field

import numpy as np

from .inside import packed

LINE = 1_000_000  # bytes that a message may have, without its arrays
ERRORS = 20  # of cells, that are kept
DTYPE = re.compile(r"[<>|=]?[biuf]\d{1,2}")


@dataclass
class Artefacts:
    """What was sent.

    Attributes:
        values: (exercise, case) -> what the answer gave: numbers, texts, lists, dicts and arrays.
        failed: (exercise, case) -> the error instead: type, text, line.
        errors: those of cells: cell, and the error.
        began, ended: whether the student's cells were begun, and whether the run came to its end.
        broken: whether a message could not be read; what came after it is lost.
    """

    values: dict = field(default_factory=dict)
    failed: dict = field(default_factory=dict)
    errors: list = field(default_factory=list)
    began: bool = False
    ended: bool = False
    broken: bool = False


def read(data: bytes, wanted: set | None = None) -> Artefacts:
    """Read messages up to the first that is none. Of two answers to a case, the first counts.

    Args:
        data: what came.
        wanted: (exercise, case) pairs; others are passed over. None keeps all.
    """
    found, at = Artefacts(), 0
    try:
        while at < len(data):
            end = data.index(b"\n", at, at + LINE)
            message = json.loads(data[at:end])
            at = end + 1
            if "case" in message:
                of = (str(message["exercise"]), str(message["case"]))
                known = wanted is None or of in wanted
                if "error" not in message:
                    value, at = _value(message["value"], data, at)
                    if known:
                        found.values.setdefault(of, value)
                elif known:
                    found.failed.setdefault(of, _error(message["error"]))
            elif "error" in message and len(found.errors) < ERRORS:
                found.errors.append({"cell": str(message["cell"])[:80]} | _error(message["error"]))
            found.began |= message.get("began") is True
            found.ended |= message.get("ended") is True
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError):
        found.broken = True
    return found


def settled(value):
    """A value as it would come out of the sandbox."""
    parts = []
    tree = packed(value, parts)
    return _value(tree, b"".join(parts), 0)[0]


def _value(tree, data, at):
    """The value of a tree, and where in the data the next message begins."""
    (kind, inner), *more = tree.items()
    if more:
        raise ValueError("one kind a value")
    if kind == "json":
        if not (inner is None or isinstance(inner, (bool, int, float, str))):
            raise TypeError("a plain value")
        return inner, at
    if kind == "dict":
        result = {}
        for name, part in inner.items():
            result[name], at = _value(part, data, at)
        return result, at
    if kind == "list":
        result = []
        for part in inner:
            value, at = _value(part, data, at)
            result.append(value)
        return result, at
    if kind != "array" or not DTYPE.fullmatch(inner["dtype"]):
        raise ValueError("an array of numbers")
    dtype, shape = np.dtype(inner["dtype"]), tuple(inner["shape"])
    if not all(type(n) is int and n >= 0 for n in shape) or len(shape) > 8:
        raise ValueError("a shape")
    size = math.prod(shape) * dtype.itemsize
    if size > len(data) - at:
        raise ValueError("the bytes of its shape")
    array = np.frombuffer(data, dtype, math.prod(shape), at).reshape(shape)
    return array, at + size


def _error(error) -> dict:
    line = error.get("line")
    return {
        "type": _text(error["type"])[:80],
        "text": _text(error["text"])[:300],
        "line": line if type(line) is int else None,
    }


def _text(value) -> str:
    """A text that can be written: half a pair of UTF-16 becomes a question mark."""
    return str(value).encode("utf-8", "replace").decode()
