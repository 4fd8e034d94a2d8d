"""What is a student's own in an assignment: the data they work on, and the variant they solve.

Both follow from the student's id and from a word that a release brings with it. That word is made
from the instructor's secret key (`grading.keys`), so what is in the repository, or was handed in
last year, answers nobody's exercise. What an answer is graded on follows from the key itself, which
no student has.
"""

import hashlib
import hmac
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

PRACTICE = "practice"  # the word of an assignment that nobody has released


@dataclass(frozen=True)
class Student:
    """One student in one assignment.

    Attributes:
        assignment: its number, "02".
        id: as the instructor knows the student; without spaces around it, in small letters.
        release: the word of the release.
    """

    assignment: str
    id: str
    release: str = PRACTICE

    def rng(self, of: str) -> np.random.Generator:
        """The student's own randomness for something, by its name; the same at every call."""
        return rng(self.release.encode(), self.assignment, self.id, of)

    def choose(self, of: str, options: Sequence):
        """The student's own of several options."""
        return options[int(self.rng(f"{of}, which").integers(len(options)))]


def enrol(assignment: str, student: str, release: str = PRACTICE) -> Student:
    """Say whose notebook this is; assignments begin so.

    Args:
        assignment: its number, "02".
        student: the id.
        release: the word that stands in a released notebook.

    Raises:
        ValueError: no id, or one that cannot be one.
    """
    name = normalised(student) if isinstance(student, str) else ""
    if not is_id(name):
        raise ValueError(
            f"whose notebook is this? {student!r} is no id: write yours between the quotes, as "
            "your instructor knows you, and run the cell again"
        )
    return Student(assignment, name, PRACTICE if release.startswith("{{") else release)


def normalised(student: str) -> str:
    """An id as it is compared: without spaces around it, in small letters."""
    return unicodedata.normalize("NFC", student.strip().casefold())


def is_id(name) -> bool:
    """Whether this can be an id: something to be printed, and not too long."""
    return isinstance(name, str) and 0 < len(name) <= 100 and name.isprintable()


def rng(key: bytes, *words: str) -> np.random.Generator:
    """A generator that follows from a key and from words, and without the key from nothing."""
    digest = hmac.digest(key, "\0".join(words).encode(), hashlib.sha256)
    return np.random.default_rng(np.frombuffer(digest, np.uint32))
