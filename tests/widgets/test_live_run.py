import types

import pandas as pd
import pytest

from tl_helpers.evaluate.recorded import Recorded
from tl_helpers.widgets import LiveRun

POINTS = [{"condition": c, "per_class": n} for c in ("full", "gradual") for n in (10, 100)]


@pytest.fixture
def recorded():
    def run(seed, condition, per_class):
        if condition == "gradual":
            raise OSError("no photographs here")
        return {"accuracy": 0.5 + per_class / 1000}

    table = pd.DataFrame(
        [{**p, "seed": s, "accuracy": 0.5 + 0.001 * s} for p in POINTS for s in range(5)]
    )
    experiment = types.SimpleNamespace(points=lambda: POINTS, run=run)
    return Recorded("made-up", table, {}, experiment)


def test_a_press_makes_the_chosen_run(recorded):
    live = LiveRun(recorded, {"per_class": "photographs a class"})
    assert [d["name"] for d in live.spec["dials"]] == ["condition", "photographs a class"]
    assert "Not run yet" in live._plain()
    live.asked += 1
    assert live.result.startswith("One run made now: 51.0 %. The 5 recorded ones predict")
    live.select(per_class=100)
    assert live.levels == {"condition": "full", "per_class": 100}
    live.asked += 1
    assert live.result.startswith("One run made now: 60.0 %")
    assert "not agree" in live.result


def test_what_goes_wrong_is_told(recorded):
    live = LiveRun(recorded).select(condition="gradual")
    live.asked += 1
    assert live.result == "This run could not be made: no photographs here"


def test_dials_are_checked(recorded):
    with pytest.raises(
        ValueError, match="no dial \\['rate'\\]; it has \\['condition', 'per_class'"
    ):
        LiveRun(recorded, {"rate": "learning rate"})
    with pytest.raises(ValueError, match="'per_class' has no 20"):
        LiveRun(recorded).select(per_class=20)
