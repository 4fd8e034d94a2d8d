import threading
import types

import pandas as pd
import pytest
import traitlets

from tl_helpers.evaluate.recorded import Recorded
from tl_helpers.widgets import LiveRun

POINTS = [
    {"condition": c, "per_class": n, "augment": a}
    for c in ("full", "gradual")
    for n in (10, 100)
    for a in (False, True)
]


@pytest.fixture
def recorded():
    def run(seed, condition, per_class, augment):
        if condition == "gradual":
            raise KeyboardInterrupt if augment else OSError("no photographs here")
        return {"accuracy": 0.5 + per_class / 1000 + augment / 10}

    table = pd.DataFrame(
        [{**p, "seed": s, "accuracy": 0.5 + 0.001 * s} for p in POINTS for s in range(5)]
    )
    experiment = types.SimpleNamespace(points=lambda: POINTS, run=run)
    return Recorded("made-up", table, {}, experiment)


def test_a_press_makes_the_chosen_run(recorded):
    live = LiveRun(recorded, {"per_class": "photographs a class"})
    assert [d["name"] for d in live.spec["dials"]] == [
        "condition",
        "photographs a class",
        "augment",
    ]
    assert "Not run yet" in live._plain()
    seen = []
    told = ["running", "result"]
    live.observe(lambda change: seen.append((change["name"], change["new"])), told)
    live.asked += 1
    start = (
        "condition full, 10 photographs a class, augment False. One run made now: 51.0 %. The 5 "
    )
    assert live.result.startswith(start)
    assert seen[:3] == [("running", True), ("result", live.result), ("running", False)]
    live.select(per_class=100, augment=True)
    live.asked += 1
    assert "100 photographs a class, augment True. One run made now: 70.0 %" in live.result
    assert "does not agree" in live.result
    assert live.result in live._plain()


def test_a_press_without_the_data_says_what_brings_them(recorded, monkeypatch, tmp_path):
    monkeypatch.delenv("TL_DATA_HOME", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    recorded.record["needs"] = ["photos10"]
    live = LiveRun(recorded)
    live.asked += 1
    assert live.result.endswith(
        "Not made again here: photos10 is not on this machine; "
        'tl.prefetch("photos10") downloads it once (170 MB).'
    )


def test_a_press_on_another_thread_waits_for_the_kernels_own(recorded, monkeypatch):
    queue = []
    kernel = types.SimpleNamespace(io_loop=types.SimpleNamespace(add_callback=queue.append))
    shell = types.SimpleNamespace(kernel=kernel)
    monkeypatch.setattr("tl_helpers.widgets.turn.get_ipython", lambda: shell)
    live = LiveRun(recorded)
    thread = threading.Thread(target=lambda: live.set_trait("asked", 1))
    thread.start()
    thread.join()
    assert live.result == ""
    (run,) = queue
    assert run().startswith("condition full")


@pytest.mark.parametrize(("augment", "why"), [(False, "no photographs here"), (True, "Keyboard")])
def test_what_goes_wrong_is_told(recorded, augment, why):
    live = LiveRun(recorded).select(condition="gradual", augment=augment)
    live.asked += 1
    assert f"augment {augment}. This run could not be made: {why}" in live.result
    assert not live.running


def test_dials_are_checked(recorded):
    with pytest.raises(
        ValueError, match="no dial \\['rate'\\]; it has \\['condition', 'per_class'"
    ):
        LiveRun(recorded, {"rate": "learning rate"})
    with pytest.raises(ValueError, match="'per_class' has no level 20"):
        LiveRun(recorded).select(per_class=20)
    with pytest.raises(traitlets.TraitError, match="outside the dials"):
        LiveRun(recorded).position = [0, -1, 0]
