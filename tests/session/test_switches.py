import pytest

from tl_helpers.session import base_seed, smoke, strict


@pytest.mark.parametrize(("name", "switch"), [("TL_SMOKE", smoke), ("TL_STRICT", strict)])
@pytest.mark.parametrize(
    ("text", "on"),
    [
        (None, False),
        ("", False),
        ("0", False),
        ("false", False),
        ("No", False),
        ("1", True),
        ("true", True),
        ("yes", True),
    ],
)
def test_a_switch_is_on_unless_it_says_no(name, switch, text, on, monkeypatch):
    if text is not None:
        monkeypatch.setenv(name, text)
    assert switch() is on


def test_one_switch_leaves_the_other_alone(monkeypatch):
    monkeypatch.setenv("TL_SMOKE", "1")
    assert not strict()


@pytest.mark.parametrize(("text", "seed"), [(None, 0), ("0", 0), ("100", 100)])
def test_base_seed(text, seed, monkeypatch):
    if text is not None:
        monkeypatch.setenv("TL_SEED", text)
    assert base_seed() == seed
