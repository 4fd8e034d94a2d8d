"""The course itself: notebooks, running lessons, checks, assignments and their grading."""

from .check import CheckResult, check
from .personal import Student, enrol

__all__ = ["CheckResult", "Student", "check", "enrol"]
