"""What tests of grading share."""

import pytest

from tl_helpers.course.grading.keys import read_key


@pytest.fixture
def key(tmp_path):
    read_key(tmp_path / "key", create=True)
    return tmp_path / "key"
