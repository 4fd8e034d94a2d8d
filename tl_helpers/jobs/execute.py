"""What happens to one job where it runs: import the function, call it, turn the answer into text.

Errors and results leave the worker as text, so that nothing a job raises or returns has to be
picklable.
"""

import contextlib
import importlib
import json
import operator
import sys
import time
import traceback
from dataclasses import dataclass

from .canonical import encode


@dataclass(frozen=True)
class Outcome:
    """How one attempt ended: `result` (JSON text) or `error` (a traceback), and its seconds.

    `crashed` says that the worker process itself died, so that the job's guilt is not certain:
    another job in the same process may have killed it.
    """

    result: str | None = None
    error: str | None = None
    seconds: float | None = None
    crashed: bool = False


def execute(function: str, args_json: str) -> Outcome:
    """Call `function` ("package.module:function") with the JSON object `args_json` as keywords.

    Never raises: an exception, a missing function and a result that is not JSON-able all come
    back as an `Outcome` with an error. SystemExit counts as an exception, because a job that calls
    a command-line ``main()`` must not take the worker with it. KeyboardInterrupt goes through.
    """
    begin = time.perf_counter()
    try:
        result = encode(_resolve(function)(**json.loads(args_json)), "result")
    except (Exception, SystemExit):
        return Outcome(error=traceback.format_exc(), seconds=time.perf_counter() - begin)
    finally:
        # Workers are stopped by a signal, which would lose what a job printed last.
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(Exception):
                stream.flush()
    return Outcome(result=result, seconds=time.perf_counter() - begin)


def _resolve(function: str):
    expected = "expected 'package.module:function', importable where the jobs run"
    module_name, _, name = function.partition(":")
    if not module_name or not name:
        raise LookupError(f"no job function {function!r}; {expected}")
    try:
        module = importlib.import_module(module_name)
    except ImportError as e:
        raise LookupError(
            f"no job function {function!r}: importing {module_name!r} failed ({e}); {expected}"
        ) from e
    try:
        found = operator.attrgetter(name)(module)
    except AttributeError as e:
        raise LookupError(f"no job function {function!r}: {e}; {expected}") from e
    if not callable(found):
        raise LookupError(f"job function {function!r} is {found!r}, not a function; {expected}")
    return found
