"""The instructor's secret key: the one thing that a student must not have.

It is a file of 32 random bytes, outside the repository, that only its owner may read. From it come
the word of each release and what each student is graded on. Keep a copy: without it a release
cannot be graded.
"""

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from ..personal import rng
from ..sources import CourseError

BYTES = 32


def default_path() -> Path:
    """Where the key lies unless told otherwise: in the user's own settings."""
    base = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(base, "tl-course", "key")


def read_key(path: Path | None = None, create: bool = False) -> bytes:
    """The key.

    Args:
        path: its file; default: `default_path()`.
        create: whether to make one where there is none.

    Raises:
        CourseError: there is none, others may read it, or it is not a key.
    """
    path = Path(path) if path else default_path()
    if create and not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        made = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(made, "w") as file:
            file.write(secrets.token_hex(BYTES) + "\n")
            file.flush()
            os.fsync(file.fileno())
    try:
        text = path.read_text().strip()
    except OSError as error:
        raise CourseError(
            f"no secret key at {path} ({error.strerror}). It was made by your first `tl-course "
            "release`; on another machine, copy it there or say where it is with --key"
        ) from None
    if os.name == "posix" and path.stat().st_mode & 0o077:
        raise CourseError(f"others may read the secret key {path}: run `chmod 600 {path}`")
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != BYTES:
        raise CourseError(f"{path} is not a key: expected {2 * BYTES} hexadecimal digits")
    return key


def release_word(key: bytes, assignment: str) -> str:
    """The word that a release of this assignment carries; says nothing of the key."""
    return hmac.digest(key, f"release {assignment}".encode(), hashlib.sha256).hex()[:24]


def grading_rng(key: bytes, assignment: str, student: str, exercise: str):
    """The randomness that this student's exercise is graded on."""
    return rng(key, "grade", assignment, student, exercise)


def fingerprint(key: bytes) -> str:
    """Tells keys apart; says nothing of the key."""
    return hmac.digest(key, b"fingerprint", hashlib.sha256).hex()[:12]
