"""Features, seen flat."""

import numpy as np
import pytest

from tl_helpers.plots import clouds

CENTRES = np.array([[0.0, 0.0, 0.0], [8.0, 0.0, 0.0], [0.0, 4.0, 0.0]])
LABELS = np.repeat(["a", "b", "c"], 40)


def around(spread):
    """Forty points around each of three centres, all but flat in the third direction."""
    noise = np.random.default_rng(0).standard_normal((120, 3)) * [spread, spread, 0.01]
    return np.repeat(CENTRES, 40, axis=0) + noise


def test_a_panel_each_in_its_widest_directions():
    figure = clouds({"before": around(3.0), "after": around(0.1)}, LABELS, title="Three classes")
    assert len(figure.data) == 6
    assert [trace.name for trace in figure.data[:3]] == ["a", "b", "c"]
    assert [trace.showlegend for trace in figure.data] == [True] * 3 + [False] * 3
    assert len({trace.marker.color for trace in figure.data}) == 3
    # Where the classes lie is kept, up to turning and mirroring.
    middles = np.array([[np.mean(t.x), np.mean(t.y)] for t in figure.data[3:]])
    sides = [np.linalg.norm(middles[i] - middles[j]) for i, j in ((0, 1), (0, 2), (1, 2))]
    assert np.allclose(sides, [8, 4, 80**0.5], atol=0.1)


def test_the_spread_is_that_within_over_that_between():
    x = around(0.5)
    middles = np.stack([x[k == LABELS].mean(0) for k in "abc"])
    within = np.mean(np.sum((x - np.repeat(middles, 40, axis=0)) ** 2, axis=1))
    between = np.mean(np.sum((middles - middles.mean(0)) ** 2, axis=1))
    figure = clouds({"here": x}, LABELS)
    assert figure.layout.meta["alt"] == (
        f"here: spread {within / between:.2f}, within classes over between them."
    )


def test_bad_input():
    with pytest.raises(ValueError, match="two classes, got 1, 1"):
        clouds({"here": around(1.0)}, ["a"] * 120)
    with pytest.raises(ValueError, match=r"here: features are \(120, d\)"):
        clouds({"here": around(1.0)[:5]}, LABELS)
