"""Run a student's code where it can do no harm: bubblewrap, limits, and a clock.

In the sandbox there is no network, no environment, a system that can be read and not written, two
small folders in memory, and one folder with the job, read-only. Each run is a process of its own,
in namespaces of its own, begun as a user other than root, so that limits on processes bind. It
begins cold, although TensorFlow's import takes seconds: a warm process to fork from would live
inside a sandbox, where one student's code could reach the next one's.
"""

import contextlib
import os
import selectors
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path

import psutil

from ..sources import CourseError
from . import seccomp
from .limits import Limits

INSIDE = Path(__file__).with_name("inside.py")
USERS = range(60000, 65000)  # user numbers that no one has, for a grader that is root
TICK = 0.05  # seconds between two looks at the memory
KEPT = 20_000  # bytes of what was printed
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
STAGE = "/mnt"  # where root puts what the sandbox is to see, in a view of files that only it has
_STAGING = f"""
set -e
user=$0
mount -t tmpfs tmpfs {STAGE}
n=0
while [ "$1" != -- ]; do
  if [ -d "$1" ]; then mkdir {STAGE}/$n; else touch {STAGE}/$n; fi
  mount --bind "$1" {STAGE}/$n
  n=$((n + 1))
  shift
done
shift
exec setpriv --reuid "$user" --regid "$user" --clear-groups -- "$@"
"""


class Unprotected(CourseError):
    """There is no sandbox here."""


@dataclass
class Ended:
    """How a run ended.

    Attributes:
        artefacts: bytes, as they came.
        reason: why it was stopped, or None if it ended by itself.
        code: its exit status.
        printed: the beginning of what it printed.
        seconds: how long it took.
        peak: the most memory, in bytes, that was seen.
    """

    artefacts: bytes
    reason: str | None
    code: int
    printed: str
    seconds: float
    peak: int
    sandboxed: bool = True
    limits: dict = field(default_factory=dict)


def run(folder: Path, limits: Limits, protected: bool = True) -> Ended:
    """Run the job in a folder (see `inside`), in a sandbox unless told otherwise.

    Raises:
        Unprotected: bubblewrap is missing, or does not work here.
    """
    if protected and (ill := problem()):
        raise Unprotected(ill)
    reading, writing = os.pipe()
    how = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    how |= {"pass_fds": (writing,), "start_new_session": True}
    began = time.monotonic()
    filter_ = seccomp.as_file()
    try:
        if protected:
            inside = _python("/in/inside.py", "/in", writing)
            command = _bubblewrap(folder, limits, inside, filter_.fileno())
            how["pass_fds"] += (filter_.fileno(),)
            process = subprocess.Popen(command, env={"PATH": PATH}, cwd="/", **how)
        else:
            process = subprocess.Popen(_python(INSIDE, folder, writing), **how)
    finally:
        os.close(writing)
        filter_.close()
    try:
        ended = _watch(process, reading, limits, began)
    finally:
        _kill(process)
        os.close(reading)
        process.stdout.close()
        process.stderr.close()
    ended.sandboxed, ended.limits = protected, asdict(limits)
    return ended


@cache
def problem() -> str | None:
    """Why there is no sandbox here, and what to do; None if there is one."""
    if not shutil.which("bwrap"):
        return (
            "no sandbox: bubblewrap is not installed. On Debian and Ubuntu: `apt-get install "
            "bubblewrap`; it is for Linux only. --unsafe-no-sandbox grades without one: then what "
            "students hand in can read the key, change grades and delete files"
        )
    with seccomp.as_file() as filter_:
        inside = [sys.executable, "-c", "import numpy, IPython"]
        command = _bubblewrap(INSIDE.parent, Limits(), inside, filter_.fileno())
        how = {"capture_output": True, "text": True, "env": {"PATH": PATH}, "cwd": "/"}
        tried = subprocess.run(command, pass_fds=(filter_.fileno(),), **how)
    if tried.returncode:
        told = (tried.stderr.strip().splitlines() or ["it says nothing"])[-1]
        return (
            f"no sandbox: bubblewrap is there, but does not work: {told}. User namespaces must be "
            "allowed, and the grader's Python readable for all users (not below a home folder "
            "that is closed to others)"
        )
    return None


def _bubblewrap(folder, limits, inside, filter_) -> list[str]:
    """The command that makes the sandbox and runs a command in it."""
    shown = {path: path for path in _system()}
    before = []
    if os.geteuid() == 0:
        # Not as root, whom limits on processes do not bind. But Python may lie where only root can
        # look: what is to be seen is first put elsewhere, in a view of the files that is our own.
        user = USERS[os.getpid() % len(USERS)]
        closed = [path for path in (*shown, str(folder)) if not path.startswith(("/usr", "/etc"))]
        closed = [path for path in closed if not os.path.islink(path)]
        shown |= {path: f"{STAGE}/{n}" for n, path in enumerate(closed)}
        before = ["unshare", "--mount", "--propagation", "private", "sh", "-c", _STAGING]
        before += [str(user), *closed, "--"]
    command = ["bwrap", "--unshare-all", "--unshare-user", "--disable-userns"]
    command += ["--die-with-parent", "--new-session", "--cap-drop", "ALL", "--clearenv"]
    command += ["--seccomp", str(filter_)]
    command += ["--proc", "/proc", "--dev", "/dev"]
    command += ["--dev-bind", "/dev/null", "/dev/zero"]  # a shared map of zeros is memory of no one
    for place in ("/dev/shm", "/tmp"):
        command += ["--size", str(limits.disk), "--tmpfs", place]
    for path in _system():  # after /tmp, where some of it may lie
        if os.path.islink(path):
            command += ["--symlink", os.readlink(path), path]
        else:
            command += ["--ro-bind", shown[path], path]
    command += ["--ro-bind", shown.get(str(folder), str(folder)), "/in"]
    command += ["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/tmp"]
    for name, value in _environment().items():
        command += ["--setenv", name, value]
    return [*before, *command, *inside]


def _system() -> list[str]:
    """What the sandbox shows of this machine: programs, Python, and this package."""
    places = [p for p in ("/bin", "/lib", "/lib64", "/sbin", "/usr") if os.path.lexists(p)]
    places += [p for p in ("/etc/ld.so.cache", "/etc/localtime") if os.path.exists(p)]
    package = Path(__file__).parents[2]
    ours = [sys.prefix, sys.base_prefix, sysconfig.get_path("purelib"), str(package)]
    datasets = package.parent / "datasets"
    ours += [str(datasets)] if datasets.is_dir() else []
    for path in ours:
        if not any(Path(path).is_relative_to(p) for p in places):
            places.append(path)
    return places


def _environment() -> dict[str, str]:
    return {
        "HOME": "/tmp",
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(Path(__file__).parents[3]),
        "PYTHONDONTWRITEBYTECODE": "1",
        "MPLBACKEND": "agg",
        "IPYTHONDIR": "/tmp/ipython",
        "KERAS_BACKEND": os.environ.get("KERAS_BACKEND", "tensorflow"),
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "",
        "OMP_NUM_THREADS": "1",
        "TF_NUM_INTRAOP_THREADS": "1",
        "TF_NUM_INTEROP_THREADS": "1",
    }


def _python(script, folder, pipe) -> list[str]:
    return [sys.executable, "-s", "-P", str(script), str(folder), str(pipe)]


def hand_over(folder) -> None:
    """Let the one who runs the job read its folder, and nobody else."""
    if os.geteuid() == 0:
        user = USERS[os.getpid() % len(USERS)]
        os.chown(folder, user, user)


def rlimits(limits: Limits) -> dict[str, int]:
    """Limits of each process, by their names in `resource`."""
    others = 0
    if os.geteuid() != 0:  # of this user, who has other processes
        mine = (p for p in psutil.process_iter(["uids", "num_threads"]) if p.info["uids"])
        others = sum(p.info["num_threads"] or 0 for p in mine if p.info["uids"].real == os.getuid())
    return {
        "RLIMIT_DATA": limits.data,
        "RLIMIT_FSIZE": limits.file,
        "RLIMIT_NPROC": limits.processes + others,
        "RLIMIT_AS": 8 * limits.data,
        "RLIMIT_NOFILE": 128,
        "RLIMIT_CORE": 0,
        "RLIMIT_CPU": int(limits.cpu) + 1,
        "RLIMIT_MEMLOCK": 0,
        "RLIMIT_MSGQUEUE": 0,
    }


def _watch(process, artefacts, limits, began) -> Ended:
    """Read what comes out, up to the limits, until all pipes end, the clock or the memory does."""
    parts = {"artefacts": [], "printed": []}
    sizes = {"artefacts": 0, "printed": 0}
    most = {"artefacts": limits.artefacts, "printed": limits.printed}
    reason, peak, looked = None, 0, 0.0
    with selectors.DefaultSelector() as pipes:
        for pipe, kind in (
            (artefacts, "artefacts"),
            (process.stdout, "printed"),
            (process.stderr, "printed"),
        ):
            pipes.register(pipe, selectors.EVENT_READ, kind)
        while pipes.get_map() and reason is None:
            for ready, _ in pipes.select(TICK):
                data = os.read(ready.fd, 1 << 16)
                if not data:
                    pipes.unregister(ready.fileobj)
                    continue
                sizes[ready.data] += len(data)
                if sizes[ready.data] > most[ready.data]:
                    what = "answered" if ready.data == "artefacts" else "printed"
                    reason = f"it {what} more than {most[ready.data] / 1e6:g} MB"
                elif ready.data == "artefacts" or sizes["printed"] < KEPT:
                    parts[ready.data].append(data)
            now = time.monotonic()
            if now - began > limits.seconds:
                reason = f"it took longer than {limits.seconds:g} s"
            if now - looked > TICK:
                looked = now
                held, busy = _used(process.pid)
                peak = max(peak, held)
                if held > limits.memory:
                    reason = f"it used more than {limits.memory / 1e9:g} GB of memory"
                elif busy > limits.cpu:
                    reason = f"it computed for more than {limits.cpu:g} s, all processors together"
            # What an ended run left in the pipes is read; for what it left running no one waits.
            if process.poll() is not None and not pipes.select(0):
                break
    _kill(process)
    if sizes["artefacts"] <= limits.artefacts:  # what it answered before it was killed counts
        os.set_blocking(artefacts, False)
        with contextlib.suppress(BlockingIOError):
            parts["artefacts"].append(os.read(artefacts, 1 << 20))  # a pipe holds no more
    return Ended(
        b"".join(parts["artefacts"]),
        reason,
        process.returncode,
        b"".join(parts["printed"])[:KEPT].decode(errors="replace"),
        time.monotonic() - began,
        peak,
    )


def _used(pid) -> tuple[int, float]:
    """Bytes that a process and all below it hold, and seconds of processors that they used.

    What ended is counted by the one that buried it: its parent, or the sandbox's first process.
    """
    held, busy = 0, 0.0
    try:
        root = psutil.Process(pid)
        family = [root, *root.children(recursive=True)]
    except psutil.Error:
        return 0, 0.0
    for member in family:
        try:
            held += member.memory_info().rss
            busy += sum(member.cpu_times()[:4])  # its own and its dead children's
        except psutil.Error:
            continue
    return held, busy


def _kill(process) -> None:
    """Kill it and all below it; the sandbox's own first process takes the rest with it."""
    if process.returncode is not None:  # its number may be another's by now
        return
    try:
        family = psutil.Process(process.pid).children(recursive=True)
    except psutil.Error:
        family = []
    for pid in [process.pid, *(member.pid for member in family)]:
        try:
            os.kill(pid, signal.SIGKILL)
        except OSError:
            continue
    process.wait()
