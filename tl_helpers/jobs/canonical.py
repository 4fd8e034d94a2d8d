"""Canonical JSON: one text for one value, so that its hash can be a key.

Strict on purpose. ``json.dumps`` turns the key ``1`` into ``"1"`` and writes ``NaN``, which JSON
does not have; either would give two different values one key, or a file that a browser cannot read.
"""

import json
import math
from typing import Any


def encode(value: Any, name: str) -> str:
    """Return `value` as JSON with sorted keys, no spaces and ASCII only.

    Tuples become lists. `name` is what the error calls the value: ``"args"``, ``"result"``.

    Raises TypeError naming the first part that JSON cannot hold, such as ``args['seed']``.
    """
    try:
        _check(value, name)
    except RecursionError:
        raise TypeError(f"{name} contains itself, or is nested too deeply for JSON") from None
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def _check(value: Any, name: str) -> None:
    if value is None or isinstance(value, (str, int)):
        return
    if isinstance(value, float):
        if not math.isfinite(value):
            raise TypeError(f"{name} is {value}, which JSON does not have; use None instead")
    elif isinstance(value, (list, tuple)):
        for i, item in enumerate(value):
            _check(item, f"{name}[{i}]")
    elif isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                raise TypeError(f"{name} has the key {key!r}; the keys of a JSON object are str")
            _check(item, f"{name}[{key!r}]")
    else:
        kind = f"{type(value).__module__}.{type(value).__qualname__}".removeprefix("builtins.")
        raise TypeError(
            f"{name} is of type {kind}, which JSON does not have; expected None, bool, int, float, "
            "str, list or dict (a NumPy value: .item() or .tolist())"
        )
