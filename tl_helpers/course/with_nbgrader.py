"""nbgrader, which is an extra, and calls a program of its own by name."""

import os
import sysconfig
from types import ModuleType

from .sources import CourseError


def nbgrader() -> ModuleType:
    """The package, with its programs on the path.

    Raises:
        CourseError: it is not installed.
    """
    try:
        import nbgrader.api
        import nbgrader.apps
    except ImportError:
        raise CourseError('this needs nbgrader: pip install "tl-helpers[grading]"') from None
    # It asks `alembic` which version its database has, also where the environment is not activated.
    programs, path = sysconfig.get_path("scripts"), os.environ.get("PATH", "")
    if programs not in path.split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join((programs, path))
    return nbgrader
