"""Predictions are kept in the folder where one stands: for these tests, one of their own."""

import pytest


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    """Each test stands in an empty folder."""
    monkeypatch.chdir(tmp_path)
