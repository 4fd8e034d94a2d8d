"""Figures are loaded when they are asked for."""

import subprocess
import sys

import pytest

import tl_helpers.plots

FIGURES = [
    name for name in tl_helpers.plots.__all__ if name not in ("PALETTE", "colour", "colours")
]


@pytest.mark.parametrize("first", FIGURES)
def test_whichever_comes_first_all_are_functions(first):
    # Importing one module must not leave another's module where its function belongs.
    code = (
        f"import tl_helpers.plots as p; p.{first}; "
        f"assert all(callable(getattr(p, name)) for name in {FIGURES})"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
