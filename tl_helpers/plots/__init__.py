"""Figures from results: data in, `go.Figure` out, in one palette, each with its alt text."""

import importlib

from .palette import PALETTE, colour, colours

_LAZY = {
    "along": ".along",
    "clouds": ".clouds",
    "compared": ".compared",
    "intuition": ".intuition",
    "pictures": ".pictures",
    "range_test": ".range_test",
    "scattered": ".scattered",
}  # these load plotly or PIL
__all__ = ["PALETTE", "colour", "colours", *_LAZY]


def __getattr__(name: str):
    if name in _LAZY:
        # The function takes the place of the module of the same name, which importing puts here.
        globals()[name] = getattr(importlib.import_module(_LAZY[name], __name__), name)
        return globals()[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}; it has {__all__}")
