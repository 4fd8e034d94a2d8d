"""The data sets known by name: one TOML manifest and one card each, under datasets/."""

import tomllib
from functools import cache
from pathlib import Path

from .errors import DataError, UnknownDataset


@cache
def datasets_folder() -> Path:
    """The datasets/ folder, in a checkout and in an installation.

    In a wheel it lies inside the package; that place comes first, since beside an installed
    package there may be somebody else's `datasets`.
    """
    package = Path(__file__).parents[1]
    for folder in (package / "_datasets", package.parent / "datasets"):
        if (folder / "photos10.toml").is_file():
            return folder
    raise DataError(
        f"no data set manifests in {package / '_datasets'} or {package.parent / 'datasets'}: "
        "the installation is incomplete; install tl-helpers again"
    )


@cache
def manifests() -> dict[str, dict]:
    """Name -> manifest: kind, title, size, licence, source and what the kind needs."""
    return {
        path.stem: {"name": path.stem, **tomllib.loads(path.read_text(encoding="utf-8"))}
        for path in sorted(datasets_folder().glob("*.toml"))
    }


def names() -> list[str]:
    """The data sets that `load` knows by name."""
    return list(manifests())


def card(name: str) -> str:
    """The data set's card, Markdown.

    Raises:
        UnknownDataset: no data set has this name.
    """
    if name not in manifests():
        raise UnknownDataset(f"no data set is called {name!r}; names: {', '.join(manifests())}")
    return (datasets_folder() / f"{name}.md").read_text(encoding="utf-8")
