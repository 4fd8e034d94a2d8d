"""The course itself: building notebooks, running lessons, practice checks, the doctor."""

from .check import CheckResult, check

__all__ = ["CheckResult", "check"]
