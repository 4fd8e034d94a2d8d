import numpy as np
import pandas as pd
import pytest
import traitlets

from tl_helpers.widgets import Explorer

HOW = {"title": "Gain", "command": "tl-course record gain", "weights_hash": "9f2c41d7"}
DIALS = {"images a class": [25, 100], "stage": ["stage 2", "stage 3"]}
SERIES = ["scratch", "fine-tuned"]


def make(values=None, **options):
    if values is None:
        values = np.full((2, 2, 2, 3), 0.25, np.float32)
        values[1, 1, 0] = [0.30, 0.32, 0.34]
        values[1, 1, 1] = [0.40, 0.44, 0.48]
    return Explorer(values, DIALS, SERIES, **{**HOW, **options})


def test_summary_is_the_sentence_of_the_chosen_levels():
    explorer = make()
    text = explorer.summary(images_a_class=100, stage="stage 3")
    assert text == (
        "100 images a class, stage 3: fine-tuned 44.0 % (34.1 to 53.9), scratch 32.0 % "
        "(27.0 to 37.0), difference 12.0 points (7.0 to 17.0) over 3 seeds."
    )
    assert explorer.levels == {"images a class": 25, "stage": "stage 2"}  # asking moves nothing
    explorer.select(**{"images a class": 100}).select(stage="stage 3")
    assert explorer.position == [1, 1]
    assert explorer.summary() == text


def test_summary_along_x_names_the_first_and_last_measured_point():
    values = np.full((2, 2, 3, 1), 0.5, np.float32)
    values[0, :, 0] = np.nan
    values[0, 0] = np.nan
    explorer = Explorer(values, {"stage": [1, 2]}, SERIES, x=("epochs", [1, 2, 8]), **HOW)
    assert explorer.summary() == (
        "stage 1: at 2 epochs, fine-tuned 50.0 %, scratch not measured; "
        "at 8 epochs, fine-tuned 50.0 %, scratch not measured, over 1 seed."
    )
    assert explorer.spec["x"]["at"] == pytest.approx([0, 1 / 7, 1])


def test_nothing_measured():
    values = np.full((2, 2, 2, 3), 0.25, np.float32)
    values[0, 0] = np.nan
    assert make(values).summary() == "25 images a class, stage 2: not measured."


def test_other_units_show_as_they_are():
    explorer = make(np.full((2, 2, 2, 1), 12.345), unit="s", value_label="training time")
    assert "scratch 12.3 s" in explorer.summary()
    assert "difference 0.0 s over 1 seed" in explorer.summary()


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (np.zeros((2, 3, 2, 5)), r"shape \(2, 3, 2, 5\); expected \(2, 2, 2, seeds\).*'stage' 2"),
        (np.zeros((2, 2, 2)), r"expected \(2, 2, 2, seeds\)"),
        (np.zeros((2, 2, 2, 0)), "expected"),
        (np.full((2, 2, 2, 1), 47.0), "fractions of 1"),
        (np.full((2, 2, 2, 1), np.inf), "infinity"),
        (np.full((2, 2, 2, 1), np.nan), "all values are NaN"),
        (np.zeros((2, 2, 2, 40_000)), "at most 1 MB"),
    ],
)
def test_wrong_values_are_named(values, message):
    with pytest.raises(ValueError, match=message):
        make(values)


@pytest.mark.parametrize(
    ("dials", "error", "message"),
    [
        ({}, ValueError, "at least one dial"),
        ({"stage": [3, 2]}, ValueError, "must ascend"),
        ({"stage": ["a", "a"]}, ValueError, "must differ"),
        ({"stage": [1, "a"]}, TypeError, "mix"),
        ({"stage": []}, ValueError, "no levels"),
        ({"stage": "abc"}, TypeError, "give a list"),
        ({"stage": [1.0, np.nan]}, ValueError, "finite"),
    ],
)
def test_wrong_dials_are_named(dials, error, message):
    with pytest.raises(error, match=message):
        Explorer(np.zeros((2, 2, 1)), dials, SERIES, **HOW)


def test_unknown_dials_and_levels_are_named():
    explorer = make()
    with pytest.raises(ValueError, match="unknown dial 'depth'; there are"):
        explorer.select(depth=1)
    with pytest.raises(ValueError, match=r"no level 50; it has \[25, 100\]"):
        explorer.summary(images_a_class=50)
    with pytest.raises(traitlets.TraitError, match="outside the dials"):
        explorer.position = [0, 2]


def test_kinds_of_dial():
    values = np.zeros((2, 2, 6, 2, 1))
    dials = {"strength": [0, 0.5], "augment": [False, True], "domain": list("abcdef")}
    explorer = Explorer(values, dials, SERIES, **HOW)
    assert [d["kind"] for d in explorer.spec["dials"]] == ["range", "radio", "select"]
    assert explorer.summary(augment=True).startswith("strength 0, augment True, domain a:")


def test_values_travel_as_float32_bytes():
    values = np.random.default_rng(0).random((2, 2, 2, 5)).astype(np.float32)
    explorer = make(values)
    assert np.frombuffer(explorer.data, "<f4").reshape(values.shape).tolist() == values.tolist()


def table():
    rows = [
        {"per_class": n, "domain": d, "condition": c, "seed": s, "accuracy": n / 1000 + s / 100}
        for s in (1, 0)
        for c in SERIES
        for d in ("night", "blur")
        for n in (100, 25)
    ]
    return pd.DataFrame(rows)


def test_from_table_sorts_numbers_and_keeps_the_order_of_names():
    explorer = Explorer.from_table(table(), {"per_class": "images a class", "domain": "on"}, **HOW)
    assert explorer.levels == {"images a class": 25, "on": "night"}
    assert explorer.spec["series"] == SERIES
    assert explorer.values.shape == (2, 2, 2, 2)
    assert explorer.values[1, 0, 0].tolist() == pytest.approx([0.10, 0.11])
    assert explorer.summary(images_a_class=100, on="blur").startswith("100 images a class, on blur")


def test_from_table_with_x_and_missing_runs():
    df = table().query("not (seed == 1 and condition == 'scratch')")
    explorer = Explorer.from_table(df, ["domain"], x="per_class", **HOW)
    assert explorer.spec["x"]["name"] == "per class"
    assert explorer.values.shape == (2, 2, 2, 2)  # domain, condition, per_class, seed
    assert explorer.spec["series"] == ["fine-tuned", "scratch"]  # as they come in the table
    assert np.isnan(explorer.values[:, 1, :, 1]).all()
    assert "over 1 to 2 seeds" in explorer.summary()


def test_from_table_keeps_the_order_of_categories():
    df = table()
    df["domain"] = pd.Categorical(df["domain"], ["blur", "night", "unused"])
    explorer = Explorer.from_table(df, ["domain"], x="per_class", **HOW)
    assert explorer.spec["dials"][0]["levels"] == ["blur", "night"]


def test_from_table_says_what_is_wrong():
    df = table()
    with pytest.raises(ValueError, match=r"no column \['depth'\]"):
        Explorer.from_table(df, ["depth"], **HOW)
    with pytest.raises(ValueError, match=r"2 rows for domain='night'.*Make the column"):
        Explorer.from_table(df, ["domain"], **HOW)
    with pytest.raises(ValueError, match="one role"):
        Explorer.from_table(df, ["domain"], x="domain", **HOW)
    with pytest.raises(ValueError, match="no rows"):
        Explorer.from_table(df[:0], ["domain"], x="per_class", **HOW)
    df.loc[0, "domain"] = None
    with pytest.raises(ValueError, match="empty cells"):
        Explorer.from_table(df, ["domain"], x="per_class", **HOW)
