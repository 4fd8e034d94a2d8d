"""The map of recorded runs: which way is best where, and runs made again on it."""

import re
import types
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tl_helpers.evaluate.recorded import Recorded, Rerun
from tl_helpers.widgets import TransferMap

WAYS = ["scratch", "head only", "everything"]
MEANS = {  # (distance, per_class) -> by way
    (0.0, 5): (0.30, 0.60, 0.50),
    (0.0, 50): (0.50, 0.70, 0.701),
    (1.0, 5): (0.20, 0.30, 0.45),
    (1.0, 50): (0.60, 0.35, 0.65),
}
WORDS = {"columns": ("per_class", "images a class"), "dial": ("distance", "distance")}


@pytest.fixture
def recorded():
    rows = [
        {"condition": way, "distance": d, "per_class": n, "seed": s, "accuracy": mean + wobble}
        for (d, n), means in MEANS.items()
        for way, mean, sign in zip(WAYS, means, (1, 1, -1), strict=True)
        for s, wobble in enumerate(sign * np.array([-0.01, 0, 0.01]))
    ]
    table = pd.DataFrame(rows)

    def run(seed, condition, distance, per_class):
        if condition == "scratch":
            raise OSError("no disk")
        return {"accuracy": 0.6 + seed / 100}

    points = list(table.drop(columns=["seed", "accuracy"]).drop_duplicates().T.to_dict().values())
    experiment = types.SimpleNamespace(points=lambda: points, run=run)
    record = {"command": "tl-course map", "weights": {"tiny-resnet-s": "9f2c41d7"}}
    return Recorded("map", table, record, experiment)


@pytest.fixture
def made(recorded):
    return TransferMap(recorded, title="Which depth, where?", seed=2, **WORDS)


def marks(made, d, c):
    return {
        way: cell["mark"]
        for way, cell in zip(made.spec["dials"][2]["levels"], made.spec["cells"][d][c], strict=True)
    }


def test_the_control_comes_last_and_is_never_the_best(made):
    assert made.spec["dials"][2]["levels"] == ["head only", "everything", "scratch"]
    assert marks(made, 0, 0) == {"head only": "best", "everything": "", "scratch": ""}
    assert marks(made, 1, 1) == {"head only": "", "everything": "best", "scratch": ""}


def test_what_is_not_worse_beyond_doubt_is_marked_too(made):
    assert marks(made, 0, 1) == {"head only": "equal", "everything": "best", "scratch": ""}


def test_the_best_may_be_chosen_by_another_metric(recorded):
    flipped = recorded.table.assign(validation=1 - recorded.table["accuracy"])
    made = TransferMap(
        replace(recorded, table=flipped), title="Which?", best_by="validation", **WORDS
    )
    assert marks(made, 0, 0) == {"head only": "equal", "everything": "best", "scratch": ""}
    assert made.spec["best"] == "the best way to transfer in its column, by validation"
    assert (
        "Best way to transfer here: everything, 50.0 %; not worse beyond doubt: head only."
        in made.summary(distance=0.0, images_a_class=5, way="scratch")
    )


def test_the_sentence(made):
    said = made.summary(distance=0.0, images_a_class=5, way="head only")
    # by hand: t of 2 degrees is 4.303; deviation 1, so 4.303 / sqrt(3) = 2.5
    assert said == (
        "distance 0, 5 images a class, head only: 60.0 % (57.5 to 62.5), difference from scratch "
        "30.0 points (30.0 to 30.0), over 3 seeds. Best way to transfer here: head only, 60.0 %."
    )
    said = made.summary(distance=0.0, images_a_class=50, way="scratch")
    assert "difference" not in said
    assert said.endswith(
        "Best way to transfer here: everything, 70.1 %; not worse beyond doubt: head only."
    )


def test_a_press_puts_the_run_on_the_map(made):
    made.select(distance=0.0, images_a_class=5, way="head only")
    made.asked += 1
    made.asked += 1
    assert made.live == {"0,0,0": ["62.0", "62.0"]}
    assert "head only. One run made now: 62.0 %" in made.result
    assert "it agrees" in made.result
    made.select(way="scratch")
    made.asked += 1
    assert "could not be made: no disk" in made.result
    assert made.live == {"0,0,0": ["62.0", "62.0"]}


def test_a_run_whose_data_are_not_here_leaves_the_map_as_it_is(made, monkeypatch):
    lacking = Rerun(None, 0.0, 1.0, 5, "photos10 is not on this machine; ...")
    monkeypatch.setattr(type(made._recorded), "rerun", lambda *args, **point: lacking)
    made.asked += 1
    assert made.live == {}
    assert made.result.endswith("Not made again here: photos10 is not on this machine; ...")


def test_a_gap_is_not_run(recorded):
    table = recorded.table
    first = (table["distance"] == 0) & (table["per_class"] == 5)
    table = table[~(first & (table["condition"] == "everything"))]
    made = TransferMap(replace(recorded, table=table), title="x", **WORDS)
    assert marks(made, 0, 0) == {"head only": "best", "everything": "", "scratch": ""}
    assert (
        made.spec["cells"][0][0][1]["said"] == "distance 0, 5 images a class, everything: not run."
    )


def test_text_and_errors(recorded, made):
    text = made._plain()
    assert re.search(r"head only: 60.0 \(best\)\neverything: 50.0\nscratch: 30.0", text)
    assert "Recorded by: tl-course map · weights tiny-resnet-s 9f2c41d7" in text
    with pytest.raises(ValueError, match=r"no condition 'none'; it has \['scratch'"):
        TransferMap(recorded, title="x", control="none", **WORDS)
    with pytest.raises(ValueError, match="no column"):
        TransferMap(recorded, title="x", columns=("size", "x"), dial=("distance", "distance"))
