"""Where a notebook of the course can be opened: addresses made from pyproject.toml's Repository."""

from urllib.parse import quote, urlsplit

from .sources import repository, version


def binder(path: str) -> str:
    """The address that opens a notebook in JupyterLab on Binder.

    Args:
        path: the notebook's path in the repository, `lessons/00_start_here.ipynb`.
    """
    return f"https://mybinder.org/v2/gh/{_project()}/HEAD?urlpath={quote(f'lab/tree/{path}')}"


def colab(path: str, ref: str | None = None) -> str:
    """The address that opens a notebook in Colab.

    Args:
        path: the notebook's path in the repository.
        ref: its branch or tag. Default: the release that its set-up cell installs, because there
            a notebook and the library that it runs with are of one age.
    """
    at = ref or f"v{version()}"
    return f"https://colab.research.google.com/github/{_project()}/blob/{at}/{quote(path)}"


def site() -> str:
    """The address of the course's pages, as GitHub Pages gives it."""
    owner, name = _project().split("/")
    return f"https://{owner.lower()}.github.io/{name}/"


def _project() -> str:
    """`owner/name`."""
    return urlsplit(repository()).path.strip("/")
