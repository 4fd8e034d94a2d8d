"""Recorded runs: made once, stale when their definition or weights change, rerun within bounds."""

import importlib
import json

import fastparquet
import pytest

from tl_helpers import cli
from tl_helpers.backbones import weights
from tl_helpers.evaluate import StaleRecord, claim, recorded, recorded_names

module = importlib.import_module("tl_helpers.evaluate.recorded")

EXPERIMENT = '''
"""Two conditions; "b" is better by 0.1."""
from pathlib import Path

BACKBONES = ("tiny-resnet",)
SEEDS = range(5)


def points():
    return [
        {"condition": c, "per_class": n, "budget": budget}
        for c in "ab"
        for n, budget in ((10, "equal"), (20, "equal"), (20, "best"))
    ]


def run(seed, condition, per_class, budget, network=None):
    with open(Path(__file__).with_name("log"), "a") as log:
        print(seed, condition, per_class, budget, file=log)
    return {"accuracy": 0.3 + 0.1 * (condition == "b") + per_class / 100 + seed / 1000}
'''


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The folder of an experiment, "lab", that was not recorded yet, and a card of some weights."""
    session = importlib.import_module("tl_helpers.session.setup")
    monkeypatch.setattr(session, "_current", None)  # a run calls setup(): undo that
    monkeypatch.setattr(module, "datasets_folder", lambda: tmp_path / "datasets")
    monkeypatch.setattr(weights, "FOLDER", tmp_path)
    (tmp_path / "tiny-resnet.json").write_text('{"weights": "0123456789ab"}')
    folder = tmp_path / "datasets" / "runs" / "lab"
    folder.mkdir(parents=True)
    (folder / "experiment.py").write_text(EXPERIMENT)
    return folder


def record(folder):
    return module.record("lab", folder.parent / "jobs.sqlite", workers=0)


@pytest.fixture
def lab(folder):
    return record(folder)


def log(folder) -> list[str]:
    return (folder / "log").read_text().splitlines()


def edit(folder, old, new):
    path = folder / "experiment.py"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))


# Recording


@pytest.mark.parametrize(
    ("result", "said"), [('"accuracy"', "accuracy"), ('"drawn": 0.5, "within"', "drawn")]
)
def test_the_command_shows_the_means_of_accuracy_or_of_what_comes_first(
    folder, monkeypatch, capsys, tmp_path, result, said
):
    edit(folder, '"accuracy"', result)
    monkeypatch.chdir(tmp_path)
    assert cli.main(["record", "lab", "--workers", "0"]) == 0
    out = capsys.readouterr().out
    assert f"lab: 30 runs recorded; means of {said} in percent:" in out
    assert len(out.splitlines()) == 5  # the heading, the names, and a row a setting


def test_the_table_has_every_point_on_every_seed(lab, folder):
    columns = ["condition", "per_class", "budget", "seed", "accuracy"]
    assert list(lab.table.columns) == columns
    settings = [(n, b) for n, b in ((10, "equal"), (20, "equal"), (20, "best"))]
    expected = [
        (c, n, b, s, pytest.approx(0.3 + 0.1 * (c == "b") + n / 100 + s / 1000))
        for c in "ab"
        for n, b in settings
        for s in range(5)
    ]
    assert list(lab.table.itertuples(index=False, name=None)) == expected
    assert len(log(folder)) == 30


def test_the_record_says_how_it_was_made(lab, folder):
    facts = json.loads((folder / "record.json").read_text())
    assert facts == lab.record
    assert facts["command"] == "tl-course record lab"
    assert facts["hash"] == module.definition_hash("lab")
    assert facts["weights"] == {"tiny-resnet": "0123456789ab"}
    assert lab.weights == "tiny-resnet 0123456789ab"
    assert facts["runs"] == 30
    assert {"python", "keras", "numpy", "scikit-learn"} <= facts.keys()


def test_an_experiment_may_be_kept_as_parquet_which_carries_its_record(folder):
    edit(folder, "SEEDS =", 'TABLE = "results.parquet"\nCOMMAND = "tl-course lab"\nSEEDS =')
    made = record(folder)
    assert not (folder / "results.csv").exists()
    assert made.record["command"] == "tl-course lab"
    again = recorded("lab").table
    assert list(again["condition"]) == ["a"] * 15 + ["b"] * 15
    assert again["accuracy"].iloc[0] == pytest.approx(0.4)
    carried = fastparquet.ParquetFile(str(folder / "results.parquet")).key_value_metadata
    assert json.loads(carried["record"]) == made.record


def test_weights_of_a_zoo_count_too(folder, tmp_path):
    (tmp_path / "tiny-resnet-s.mine.npz").touch()
    (tmp_path / "tiny-resnet-s.mine.json").write_text('{"weights": "aaaa"}')
    edit(folder, '("tiny-resnet",)', '("tiny-resnet-s.mine",)')
    assert record(folder).weights == "tiny-resnet-s.mine aaaa"
    (tmp_path / "tiny-resnet-s.mine.json").write_text('{"weights": "bbbb"}')
    with pytest.raises(StaleRecord, match="run `tl-course record lab`"):
        recorded("lab")


def test_what_is_recorded_is_not_run_again(lab, folder):
    again = record(folder)
    assert len(log(folder)) == 30
    assert again.table.equals(lab.table)


def test_a_record_that_was_cut_off_goes_on(folder):
    (folder / "stop").touch()
    stop = (
        '    if seed == 3 and Path(__file__).with_name("stop").exists():\n        raise OSError\n'
    )
    edit(folder, "    return {", f"{stop}    return {{")
    with pytest.raises(RuntimeError, match="6 failed"):
        record(folder)
    assert not (folder / "record.json").exists()
    (folder / "stop").unlink()
    assert len(record(folder).table) == 30
    assert len(log(folder)) == 36


# Staleness


def test_not_recorded_yet(folder):
    with pytest.raises(StaleRecord, match="lab was not recorded yet: run `tl-course record lab`"):
        recorded("lab")


def test_a_changed_definition_makes_it_stale_until_it_is_recorded_again(lab, folder):
    edit(folder, "0.1 *", "0.2 *")
    with pytest.raises(StaleRecord, match="run `tl-course record lab`"):
        recorded("lab")
    assert recorded("lab", check=False).table.equals(lab.table)
    again = record(folder)
    assert len(log(folder)) == 60
    best = again.select(condition="b", per_class=20, budget="best")
    assert best["accuracy"].iloc[0] == pytest.approx(0.7)
    assert recorded("lab").table.equals(again.table)


def test_changed_weights_make_it_stale(lab, folder, tmp_path):
    (tmp_path / "tiny-resnet.json").write_text('{"weights": "ba9876543210"}')
    with pytest.raises(StaleRecord, match=f"{lab.record['hash']}.*run `tl-course record lab`"):
        recorded("lab")


def test_only_the_runs_of_the_changed_weights_are_made_again(folder, tmp_path):
    edit(folder, '("tiny-resnet",)', 'NETWORKS = ("tiny-resnet", "squeezenet")')
    edit(folder, '"condition": c,', '"condition": c, "network": NETWORKS[c == "b"],')
    both = record(folder)
    assert both.weights == "tiny-resnet 0123456789ab, squeezenet 17154246284f"
    (tmp_path / "tiny-resnet.json").write_text('{"weights": "ba9876543210"}')
    with pytest.raises(StaleRecord):
        recorded("lab")
    assert record(folder).table.equals(both.table)
    assert [line.split()[1] for line in log(folder)[30:]] == ["a"] * 15


def test_nothing_else_makes_it_stale(lab, folder, tmp_path):
    (tmp_path / "tiny-resnet.json").write_text('{"weights": "0123456789ab", "seconds": 3}')
    (folder / "notes.md").write_text("measured twice")
    assert recorded("lab").table.equals(lab.table)


def test_names(folder):
    (folder.parent / "empty").mkdir()
    assert recorded_names() == ["lab"]
    with pytest.raises(ValueError, match=r"no recorded experiment 'labs'; there are \['lab'\]"):
        recorded("labs")


def test_shipped_records_are_not_stale():
    names = recorded_names()
    assert names
    for name in names:
        assert len(recorded(name).table) > 0


# Choosing rows


def test_select_is_ready_for_a_claim(lab):
    rows = lab.select(per_class=20, budget="best")
    assert len(rows) == 10
    assert set(rows["per_class"]) == {20}
    made = claim("b beats a", rows, "b", "a", by=0.05)
    assert (made.kind, made.seeds, made.supported) == ("recorded", 5, True)
    with pytest.raises(ValueError, match="several rows a seed"):
        claim("b beats a", lab.table, "b", "a")


def test_what_a_dial_changes_is_paired_by_condition_and_seed(lab):
    rows = lab.change("per_class", before=10, after=20, budget="equal")
    assert list(rows["condition"]) == ["a"] * 5 + ["b"] * 5
    assert list(rows["seed"]) == [*range(5)] * 2
    assert rows["change"].to_numpy() == pytest.approx([0.1] * 10)
    made = claim("it changes", rows, better="b", than="a", metric="change")
    assert (made.kind, made.mean) == ("recorded", pytest.approx(0))


def test_a_change_needs_every_other_dial(lab):
    with pytest.raises(ValueError, match="several runs a seed: choose every dial but 'budget'"):
        lab.change("budget", before="equal", after="equal")


def test_a_summary_has_a_row_a_setting_and_a_column_a_condition(lab):
    assert lab.summary().to_dict("list") == {
        "per_class": [10, 20, 20],
        "budget": ["equal", "equal", "best"],
        "a": [40.2, 50.2, 50.2],
        "b": [50.2, 60.2, 60.2],
    }
    assert list(lab.summary(per_class=20)) == ["budget", "a", "b"]
    one = lab.summary(per_class=20, budget="best")
    assert one.to_dict("list") == {"a": [50.2], "b": [60.2]}


def test_a_part_of_a_record_is_one_without_the_dials_that_stand_still(lab, folder):
    part = recorded("lab", per_class=20, budget="best")
    assert list(part.table.columns) == ["condition", "seed", "accuracy"]
    assert list(part.table.index) == [*range(10)]
    assert list(part.select(condition="b")["accuracy"]) == list(
        lab.select(condition="b", per_class=20, budget="best")["accuracy"]
    )
    assert part.summary().to_dict("list") == {"a": [50.2], "b": [60.2]}
    assert "50.4 %" in str(part.rerun(seed=4, condition="a"))
    assert log(folder)[-1] == "4 a 20 best"
    with pytest.raises(ValueError, match=r"no run with .*'per_class': 30.* one of \[10, 20\]"):
        recorded("lab", per_class=30)


def test_a_part_of_one_network_shows_the_weights_of_that_one(folder):
    edit(folder, '("tiny-resnet",)', 'NETWORKS = ("tiny-resnet", "squeezenet")')
    edit(folder, '"condition": c,', '"condition": c, "network": NETWORKS[c == "b"],')
    record(folder)
    assert recorded("lab", per_class=20).weights.endswith(", squeezenet 17154246284f")
    part = recorded("lab", network="squeezenet")
    assert part.weights == "squeezenet 17154246284f"
    assert set(part.table["condition"]) == {"b"}


def test_select_an_unknown_dial_or_setting(lab):
    with pytest.raises(ValueError, match=r"lab has no dial 'depth'; it has \['condition'"):
        lab.select(depth=3)
    with pytest.raises(ValueError, match=r"no run with .*'per_class': 30.* one of \[10, 20\]"):
        lab.select(per_class=30)
    with pytest.raises(ValueError, match=r"'budget': 'best'.*, budget is one of \['equal'\]"):
        lab.select(per_class=10, budget="best")


# One run made now

POINT = {"condition": "a", "per_class": 20, "budget": "best"}
# Recorded 0.500 to 0.504: mean 0.502, standard deviation sqrt(2.5) thousandths, and Student's t of
# 4 degrees of freedom at 0.995 is 4.604095: half a width of 4.604095 * sqrt(2.5 * 6 / 5) = 7.97.


def test_equal_runs_agree_with_themselves_though_the_record_is_rounded(lab, monkeypatch):
    lab.table["accuracy"] = 0.33333
    monkeypatch.setattr(lab.experiment, "run", lambda seed, **point: {"accuracy": 1 / 3})
    assert str(lab.rerun(seed=0, **POINT)).endswith("it agrees.")


@pytest.mark.core
@pytest.mark.parametrize(("value", "agrees"), [(0.5099, True), (0.5101, False), (0.494, False)])
def test_a_rerun_falls_into_the_prediction_interval_or_not(lab, monkeypatch, value, agrees):
    asked = []
    monkeypatch.setattr(
        lab.experiment, "run", lambda seed, **point: asked.append(point) or {"accuracy": value}
    )
    text = str(lab.rerun(seed=0, **POINT))
    assert asked == [POINT]
    assert "The 5 recorded ones predict 49.4 to 51.0 % (99 %)" in text
    assert text.endswith("it agrees." if agrees else "it does not agree.")
    monkeypatch.setenv("TL_STRICT", "1")
    if agrees:
        assert str(lab.rerun(seed=0, **POINT)) == text
    else:
        with pytest.raises(AssertionError, match=r"lab, seed 0, .*it does not agree"):
            lab.rerun(seed=0, **POINT)
        monkeypatch.setenv("TL_SMOKE", "1")
        assert str(lab.rerun(seed=0, **POINT)) == text


def test_a_rerun_runs_the_experiment(lab, folder):
    assert "50.4 %" in str(lab.rerun(seed=4, **POINT))
    assert log(folder)[-1] == "4 a 20 best"
    assert len(log(folder)) == 31


def test_a_rerun_without_its_data_says_so_and_breaks_nothing(lab, folder, monkeypatch, tmp_path):
    monkeypatch.setenv("TL_STRICT", "1")
    monkeypatch.delenv("TL_DATA_HOME", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    before = len(log(folder))
    lab.record["needs"] = ["photos10"]
    again = lab.rerun(seed=0, **POINT)
    assert (again.value, again.agrees) == (None, None)
    assert str(again) == (
        "Not made again here: photos10 is not on this machine; "
        'tl.prefetch("photos10") downloads it once (170 MB).'
    )
    assert len(log(folder)) == before  # nothing was computed in vain

    def some_points_need_more(seed, **point):
        import tl_helpers as tl

        return tl.data.load("mnist")

    lab.record["needs"] = []
    monkeypatch.setattr(lab.experiment, "run", some_points_need_more)
    assert 'tl.prefetch("mnist")' in str(lab.rerun(seed=0, **POINT))


def test_what_a_record_needs_stays_when_it_is_made_again(folder):
    record(folder)
    path = folder / "record.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"needs": ["photos10"]}))
    record(folder)
    assert recorded("lab").needs == ("photos10",)


def test_a_rerun_needs_a_recorded_point(lab, folder):
    with pytest.raises(ValueError, match="no run with"):
        lab.rerun(seed=0, condition="a", per_class=10, budget="best")
    assert len(log(folder)) == 30
