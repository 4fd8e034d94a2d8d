"""Installing the course leaves Colab's own packages as they are; `make colab` runs this."""

import os
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.requirements import Requirement

LINES = (Path(__file__).parents[2] / "requirements-colab.txt").read_text().splitlines()
PACKAGES = [Requirement(line) for line in LINES if line and not line.startswith("#")]

pytestmark = pytest.mark.skipif(
    not os.environ.get("TL_COLAB"), reason="for an environment with Colab's packages: make colab"
)


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)
def test_nothing_was_upgraded(package):
    assert package.specifier.contains(version(package.name)), version(package.name)
