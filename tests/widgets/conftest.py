"""Predictions are kept, in the folder where one stands and in the kernel: here, for one test."""

import pytest

from tl_helpers.widgets import Predict


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    """Each test stands in an empty folder."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture(autouse=True)
def own_kernel(monkeypatch):
    """No question waits for its answer."""
    monkeypatch.setattr(Predict, "_waiting", {})
