"""The instructor's key."""

import os

import numpy as np
import pytest

from tl_helpers.course.grading.keys import (
    default_path,
    fingerprint,
    grading_rng,
    read_key,
    release_word,
)
from tl_helpers.course.personal import PRACTICE, Student, enrol
from tl_helpers.course.sources import CourseError


def test_made_once_and_for_its_owner_alone(tmp_path):
    path = tmp_path / "deep" / "key"
    key = read_key(path, create=True)
    assert len(key) == 32
    assert read_key(path) == key == read_key(path, create=True)
    assert path.stat().st_mode & 0o077 == 0
    assert read_key(tmp_path / "other", create=True) != key


def test_what_is_no_key_is_told(tmp_path):
    with pytest.raises(CourseError, match="no secret key at"):
        read_key(tmp_path / "none")
    (tmp_path / "short").write_text("abcd")
    os.chmod(tmp_path / "short", 0o600)
    with pytest.raises(CourseError, match="is not a key"):
        read_key(tmp_path / "short")
    os.chmod(tmp_path / "short", 0o644)
    with pytest.raises(CourseError, match="chmod 600"):
        read_key(tmp_path / "short")


def test_lies_in_the_users_settings(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert default_path() == tmp_path / "tl-course" / "key"


def test_words_and_draws_follow_from_it_and_do_not_show_it():
    one, other = bytes(range(32)), bytes(32)
    assert release_word(one, "02") == release_word(one, "02") != release_word(other, "02")
    assert release_word(one, "02") != release_word(one, "03")
    assert one.hex()[:8] not in release_word(one, "02") + fingerprint(one)
    draw = [grading_rng(k, "02", s, "02.1").random() for k in (one, other) for s in ("ada", "bob")]
    assert len(set(draw)) == 4
    assert draw[0] == grading_rng(one, "02", "ada", "02.1").random()


def test_a_student_has_their_own_randomness():
    ada, bob = enrol("02", " Ada ", "w"), enrol("02", "bob", "w")
    assert ada == Student("02", "ada", "w")
    assert np.array_equal(ada.rng("x").random(3), enrol("02", "ADA", "w").rng("x").random(3))
    draws = {ada.rng("x").random(), ada.rng("y").random(), bob.rng("x").random()}
    draws |= {enrol("02", "ada", "v").rng("x").random(), enrol("03", "ada", "w").rng("x").random()}
    assert len(draws) == 5
    chosen = {enrol("02", f"s{n}", "w").choose("x", "abc") for n in range(30)}
    assert chosen == set("abc")


def test_an_unreleased_assignment_is_for_practice():
    assert enrol("02", "ada", "{{RELEASE}}").release == PRACTICE


@pytest.mark.parametrize("student", ["", "  ", None, 3, "a" * 101, "a\nb"])
def test_nobody_is_told(student):
    with pytest.raises(ValueError, match="whose notebook is this"):
        enrol("02", student)
