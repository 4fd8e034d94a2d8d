"""`DomainExplorer`: every dial shows its own view."""

import json
import re

import numpy as np
import pytest

from tl_helpers.adapt import View
from tl_helpers.widgets import DomainExplorer, static_html

SOURCE_Y, TARGET_Y = np.arange(6) % 3, np.arange(9) % 3


def one(number, source=6, target=9):
    """A view whose points and figures give its number away."""
    place = np.full((source, 2), number / 10)
    return View(place, np.full((target, 2), -9.0), 0.9, number / 100, number / 10)


def views():
    """Two shifts, two strengths, three ways: numbered in this order from 0."""
    numbers = iter(range(12))
    return {
        kind: {s: {w: one(next(numbers)) for w in ("before", "A", "B")} for s in (0.5, 1.0)}
        for kind in ("night", "sketch")
    }


def explorer():
    return DomainExplorer(views(), SOURCE_Y, TARGET_Y, ["a", "b", "c"], title="Domains")


def test_every_dial_shows_its_own_view():
    made = explorer()
    points = np.frombuffer(made.points, np.uint8).reshape(12, 15, 2)
    assert (points[:, 6:] == 0).all()  # far out: on the edge
    number = 0
    for kind in ("night", "sketch"):
        for strength in (0.5, 1.0):
            for way in ("before", "A", "B"):
                said = made.select(shift=kind, strength=strength, way=way).summary()
                assert f"{kind}, strength {strength:g}, {way}: of the target {number}.0 %" in said
                assert (points[number, 0] == round(127.5 * (1 + number / 10 / 3.5))).all()
                number += 1
    assert said == (
        "sketch, strength 1, B: of the target 11.0 % right (before: 9.0 %), at home 90.0 %; "
        "the domains stand 1.10 apart (before: 0.90). Coloured by class."
    )


def test_before_is_not_compared_with_itself():
    assert explorer().summary().count("before") == 1


def test_an_uneven_strength_reads_as_on_its_dial():
    made = DomainExplorer(
        {"night": {1 / 3: {"before": one(1)}}}, SOURCE_Y, TARGET_Y, ["a", "b", "c"], title=""
    )
    assert f"strength {made.spec['dials'][1]['levels'][0]}, before" in made.summary()


def test_the_page_without_a_kernel_has_it_all():
    page = static_html(explorer().select(shift="sketch"))
    assert "<td>B</td><td>8.0 %</td>" in page  # the table, for a reader without JavaScript
    state = json.loads(re.search(r"-state\">\n(.*?)\n</script>", page, re.S)[1])
    assert state["position"] == [1, 0, 0, 0]
    assert set(state) == {"spec", "points", "position"}


def test_what_does_not_fit():
    wrong = views()
    del wrong["sketch"][1.0]["B"]
    with pytest.raises(ValueError, match="the same strengths and ways everywhere"):
        DomainExplorer(wrong, SOURCE_Y, TARGET_Y, ["a", "b", "c"], title="")
    with pytest.raises(ValueError, match="the same strengths and ways everywhere"):
        DomainExplorer({}, SOURCE_Y, TARGET_Y, ["a", "b", "c"], title="")
    wrong = views()
    wrong["night"][0.5]["A"] = one(1, target=8)
    with pytest.raises(ValueError, match="same 6 and 9 pictures, one has 6 and 8"):
        DomainExplorer(wrong, SOURCE_Y, TARGET_Y, ["a", "b", "c"], title="")
    with pytest.raises(ValueError, match=r"got 2 names for the labels \[0, 1, 2\]"):
        DomainExplorer(views(), SOURCE_Y, TARGET_Y, ["a", "b"], title="")
