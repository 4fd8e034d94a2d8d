"""What runs in the sandbox: the student's cells, and the answers as artefacts.

Started as a script by `sandbox`, it imports nothing of this package. Whatever a student's code does
here, it can only write to the three pipes that the grader reads: two for what it prints and one for
artefacts, each of which is a line of JSON and the bytes of its arrays. Nothing that comes out is
believed: the grader compares it with what it has computed itself.
"""

import json
import os
import re
import resource
import signal
import sys
import traceback

ARTEFACTS = None  # the pipe's number
LINE = 900_000  # bytes of an answer without its arrays; the grader reads no longer line


def main(folder, artefacts):
    """Run the cells in order; at the place of an exercise's test, send its answer."""
    global ARTEFACTS
    ARTEFACTS = int(artefacts)
    with open(os.path.join(folder, "job.json"), encoding="utf-8") as file:
        job = json.load(file)
    limit(job["limits"])
    import numpy as np
    from IPython.core.interactiveshell import InteractiveShell

    with np.load(os.path.join(folder, "inputs.npz"), allow_pickle=False) as file:
        arrays = dict(file)
    shell = InteractiveShell.instance()
    shell.history_manager.enabled = False
    shell.showtraceback = lambda *args, **kwargs: None  # the error is sent, not printed
    send({"began": True})
    seconds, sent = job["limits"]["cell_seconds"], set()
    for cell in job["cells"]:
        if cell["test_of"]:
            sent.add(cell["test_of"])
            answer(shell, cell["test_of"], job["exercises"][cell["test_of"]], arrays, seconds)
            continue
        with Alarm(seconds):
            done = shell.run_cell(cell["code"], store_history=False)
        error = done.error_before_exec or done.error_in_exec
        if error is not None:
            send({"cell": cell["id"], "error": told(error)})
    for number, exercise in job["exercises"].items():
        if number not in sent:  # a student may delete a test's cell
            answer(shell, number, exercise, arrays, seconds)
    send({"ended": True})


def limit(limits):
    """Limits of each process; those of all together are the grader's to watch, who comes first."""
    os.nice(5)
    for name, value in limits["rlimits"].items():
        resource.setrlimit(getattr(resource, name), (value, value))


def answer(shell, number, exercise, arrays, seconds):
    """Call a student's function on each case, or take their variable, and send what it gives."""
    if exercise["name"] not in shell.user_ns:
        return
    given = shell.user_ns[exercise["name"]]
    probe = plain
    if exercise["probe"]:
        scope = {}
        exec(exercise["probe"], scope)
        probe = scope["probe"]
    for case, inputs in exercise["cases"].items():
        label = {"exercise": number, "case": case}
        try:
            with Alarm(seconds):
                result = probe(given, **unpacked(inputs, arrays))
                parts = []
                message = label | {"value": packed(result, parts)}
                if len(json.dumps(message)) > LINE:
                    raise ValueError("it gives too much that is no array")
        except BaseException as error:
            send(label | {"error": told(error)})
        else:
            send(message, parts)


def plain(given, **inputs):
    """Call it with the case's inputs, in order; a variable is its own value."""
    return given(*inputs.values()) if callable(given) else given


def unpacked(inputs, arrays):
    """Fresh inputs: a student's function may change them."""
    return {k: arrays[v["array"]].copy() if "array" in v else v["json"] for k, v in inputs.items()}


def packed(value, parts):
    """A value as JSON, its arrays apart."""
    import numpy as np

    if value is None or isinstance(value, (bool, int, float, str)):
        return {"json": value}
    if isinstance(value, dict):
        return {"dict": {str(k): packed(v, parts) for k, v in value.items()}}
    if isinstance(value, (list, tuple)):
        return {"list": [packed(v, parts) for v in value]}
    if hasattr(value, "detach"):
        value = value.detach()
    array = np.ascontiguousarray(np.asarray(value))
    if array.dtype.kind not in "biuf":
        raise TypeError(f"it gives {type(value).__name__}, which is no number, text or array")
    parts.append(array.tobytes())
    return {
        "array": {"dtype": array.dtype.str, "shape": list(np.shape(value)), "bytes": array.nbytes}
    }


def send(message, parts=()):
    """Write one artefact, whole."""
    data = json.dumps(message).encode() + b"\n" + b"".join(parts)
    while data:
        data = data[os.write(ARTEFACTS, data) :]


def told(error):
    """An error's type and text, and the line of the student's cell that it came from."""
    line = getattr(error, "lineno", None)
    for frame in traceback.extract_tb(error.__traceback__):
        if "ipython-input" in frame.filename or "/ipykernel_" in frame.filename:
            line = frame.lineno
    try:
        text = re.sub(r" ?\(<ipython-input[^)]*\)", "", str(error))[:300]
    except BaseException:
        text = ""
    return {"type": type(error).__name__[:80], "text": text, "line": line}


class Alarm:
    """Stop Python code after some seconds; what does not listen, the grader kills in the end."""

    def __init__(self, seconds):
        self.seconds = seconds

    def __enter__(self):
        def ring(*_):
            raise TimeoutError(f"it took longer than {self.seconds} s")

        signal.signal(signal.SIGALRM, ring)
        signal.setitimer(signal.ITIMER_REAL, self.seconds)

    def __exit__(self, *_):
        signal.setitimer(signal.ITIMER_REAL, 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
