"""A job: the name of a function and its arguments, and the key that both give."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .canonical import encode


@dataclass(frozen=True, eq=False)
class Job:
    """A function call that can be named, stored and repeated.

    Arguments:
        function: ``"package.module:function"``, imported where the job runs. It is called with
            `args` as keyword arguments and returns a JSON value.
        args: the keyword arguments, a dict of JSON values. Copied (tuples become lists), so a
            later change to the caller's dict does not reach the job.
        salt: whatever else the result depends on, such as a hash of the weights or of the
            function's source. The function does not see it.

    ``key`` is the SHA-256 (hex) of function, args and salt as canonical JSON: the order of a dict
    does not count, but 1 and 1.0 differ. Jobs with the same key are equal.

    Raises TypeError naming the argument that is not JSON-able. Whether the function exists is
    found out only where the job runs, which may be another machine.
    """

    function: str
    args: dict[str, Any] = field(default_factory=dict)
    salt: str = ""
    key: str = field(init=False, repr=False)
    args_json: str = field(init=False, repr=False)

    def __post_init__(self):
        if not isinstance(self.function, str):
            raise TypeError(
                f"function is {self.function!r}; expected its name as 'package.module:function'"
            )
        if not isinstance(self.salt, str):
            raise TypeError(f"salt is {self.salt!r}; expected a str")
        if not isinstance(self.args, Mapping):
            raise TypeError(f"args is {self.args!r}; expected a dict of keyword arguments")
        args_json = encode(dict(self.args), "args")
        identity = {"function": self.function, "args": json.loads(args_json), "salt": self.salt}
        key = hashlib.sha256(encode(identity, "job").encode()).hexdigest()
        # A frozen dataclass sets its own derived fields this way.
        object.__setattr__(self, "args", identity["args"])
        object.__setattr__(self, "args_json", args_json)
        object.__setattr__(self, "key", key)

    def __eq__(self, other):
        return self.key == other.key if isinstance(other, Job) else NotImplemented

    def __hash__(self):
        return hash(self.key)

    def __str__(self):
        return f"{self.function}({', '.join(f'{k}={v!r}' for k, v in self.args.items())})"
