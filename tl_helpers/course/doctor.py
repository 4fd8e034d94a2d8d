"""Is this machine ready for the course? One line for each thing that can be missing."""

import importlib.metadata
import importlib.util
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

NEEDS_GB = {"memory": 1.6, "disk": 1.0}


class Problem(Exception):
    """What is wrong, and what to do about it."""


def examine() -> Iterator[tuple[bool, str, str]]:
    """Yield (is it well, what was looked at, what was found or what to do)."""
    for name, look in CHECKS.items():
        try:
            yield True, name, look()
        except Problem as problem:
            yield False, name, str(problem)
        except ModuleNotFoundError as error:
            yield False, name, f"could not be looked at: the package {error.name} is missing"
        except Exception as error:  # the doctor must not fall ill of what it finds
            ours = type(error).__module__.startswith("tl_helpers")  # says what to do
            failed = f"the check itself failed with {type(error).__name__}: {error}"
            yield False, name, str(error) if ours else failed


def _python() -> str:
    if sys.version_info < (3, 11):  # noqa: UP036 - a checkout runs anywhere
        raise Problem(f"{sys.version.split()[0]} is too old: install Python 3.11 or newer")
    return sys.version.split()[0]


def _packages() -> str:
    from packaging.requirements import Requirement

    wrong, needed = [], []
    for line in importlib.metadata.requires("tl-helpers") or ():
        need = Requirement(line)
        if need.marker and not need.marker.evaluate({"extra": ""}):
            continue
        try:
            have = importlib.metadata.version(need.name)
        except importlib.metadata.PackageNotFoundError:
            have = None
        if have is None or not need.specifier.contains(have, prereleases=True):
            wrong.append(
                f"{need.name} {have} is not {need.specifier}" if have else f"{need.name} is missing"
            )
            needed.append(f'"{need.name}{need.specifier}"')
    if wrong:
        raise Problem(f"{'; '.join(wrong)}: pip install {' '.join(needed)}")
    return f"all needs of tl-helpers {importlib.metadata.version('tl-helpers')} are met"


def _backend() -> str:
    from ..session import setup
    from ..session.device import NoBackend

    try:
        session = setup(quiet=True)
    except NoBackend as error:
        raise Problem(str(error)) from None
    import keras

    return f"Keras {keras.__version__} with {session.backend} on {session.device}"


def _memory() -> str:
    try:
        pages = os.sysconf("SC_AVPHYS_PAGES")
        free = pages * os.sysconf("SC_PAGE_SIZE") / 1e9
        meminfo = Path("/proc/meminfo")
        if meminfo.exists():  # counts what caches would give back
            line = next(x for x in meminfo.read_text().splitlines() if "MemAvailable" in x)
            free = int(line.split()[1]) / 1e6
    except (AttributeError, ValueError, OSError):
        return "this system does not say how much is free"
    if free < NEEDS_GB["memory"]:
        raise Problem(
            f"{free:.1f} GB free, a lesson takes up to {NEEDS_GB['memory']} GB: close other "
            "programs and shut down other kernels"
        )
    return f"{free:.1f} GB free"


def _disk() -> str:
    from ..data import cache_dir

    free = shutil.disk_usage(cache_dir()).free / 1e9
    if free < NEEDS_GB["disk"]:
        raise Problem(
            f"{free:.1f} GB free at {cache_dir()}: make room, or set TL_CACHE to a folder elsewhere"
        )
    return f"{free:.0f} GB free at {cache_dir()}"


def _cache() -> str:
    from ..data import cache_dir

    try:
        with tempfile.NamedTemporaryFile(dir=cache_dir()) as file:
            file.write(b"x")
    except OSError as error:
        raise Problem(f"{error}: set TL_CACHE to a folder you can write to") from None
    return str(cache_dir())


def _own_data() -> str:
    from ..data.fetch import data_home

    home = data_home()
    return f"TL_DATA_HOME is {home}" if home else "none; TL_DATA_HOME can name one"


def _widgets() -> str:
    missing = [p for p in ("anywidget", "ipywidgets") if not importlib.util.find_spec(p)]
    if missing:
        raise Problem(f"{' and '.join(missing)} missing: pip install anywidget ipywidgets")
    fronts = {"jupyterlab": "jupyterlab_widgets", "notebook": "widgetsnbextension"}
    found = [f for f, ext in fronts.items() if _installed(f) and _installed(ext)]
    if not found and "google.colab" not in sys.modules:
        raise Problem('no JupyterLab with widgets here: pip install "tl-helpers[lab]"')
    return f"anywidget {importlib.metadata.version('anywidget')} in {', '.join(found) or 'Colab'}"


def _installed(package: str) -> bool:
    return importlib.util.find_spec(package) is not None


def _weights() -> str:
    from ..backbones import weights
    from ..backbones.embedded import WIDTHS, read_card

    for name in WIDTHS:
        path = weights.FOLDER / f"{name}.npz"
        try:
            found = weights.digest(weights.read(path))
        except weights.WeightsError as error:
            raise Problem(str(error)) from None
        if found != read_card(name)["weights"]:
            raise Problem(
                f"{path} is not the file that its card describes: "
                "pip install --force-reinstall tl-helpers"
            )
    return f"intact: {', '.join(WIDTHS)}"


def _sandbox() -> str:
    try:
        from .grading.sandbox import problem
    except ImportError:
        return 'none; who grades needs one: pip install "tl-helpers[grading]"'
    ill = problem()
    return "ready to grade in" if ill is None else f"none, which matters for grading only ({ill})"


CHECKS: dict[str, Callable[[], str]] = {
    "Python": _python,
    "packages": _packages,
    "backend and device": _backend,
    "memory": _memory,
    "disk": _disk,
    "cache folder": _cache,
    "folder of ready files": _own_data,
    "widget front end": _widgets,
    "embedded weights": _weights,
    "sandbox": _sandbox,
}
