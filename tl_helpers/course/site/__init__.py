"""The static site: executed lessons, claims, recorded runs, the library's reference, the guides."""

from .build import build_site

__all__ = ["build_site"]
