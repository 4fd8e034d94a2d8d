"""Claims: judged by the mean and the lower bound, and loud only where that is asked for."""

import importlib
import json

import numpy as np
import pandas as pd
import pytest

from tl_helpers.evaluate import ClaimNotSupported, claim, compare
from tl_helpers.session import setup


def results(differences, kind="live"):
    """Runs of "b" and of "a", which is better than "b" by these differences."""
    seeds = range(len(differences))
    table = pd.DataFrame(
        {
            "condition": ["a"] * len(seeds) + ["b"] * len(seeds),
            "seed": [*seeds, *seeds],
            "accuracy": [*(0.4 + np.array(differences)), *[0.4] * len(seeds)],
        }
    )
    if kind != "live":
        table.attrs["kind"] = kind
    return table


def judge(differences, by=0.0, kind="live"):
    return claim("a beats b", results(differences, kind), better="a", than="b", by=by)


@pytest.mark.core
def test_supported_where_mean_and_lower_bound_suffice():
    made = judge([0.04, 0.05, 0.06], by=0.05 - 1e-9)
    assert made.supported is True
    assert (made.kind, made.seeds, made.metric) == ("live", 3, "accuracy")
    assert made.mean == pytest.approx(0.05)
    assert made.lower == pytest.approx(0.05 - 2.919986 * 0.01 / np.sqrt(3))


@pytest.mark.core
def test_not_supported_where_the_mean_is_too_small():
    made = judge([0.04, 0.05, 0.06], by=0.051)
    assert made.lower > 0
    assert made.supported is False


@pytest.mark.core
@pytest.mark.parametrize(("last", "supported"), [(0.127, True), (0.129, False)])
def test_not_supported_where_the_lower_bound_is_not_above_zero(last, supported):
    """For 0.05, 0.05 and 0.05 + t it is 0.05 - (2.919986 - 1) t / 3: zero where t is 0.0781."""
    differences = [0.05, 0.05, last]
    made = judge(differences, by=0.05)
    assert made.mean > made.by
    assert made.lower == pytest.approx(0.05 - 1.919986 * (last - 0.05) / 3, abs=1e-7)
    assert made.supported is supported


def test_a_difference_in_the_wrong_direction():
    assert judge([-0.04, -0.05, -0.06]).supported is False


@pytest.mark.parametrize(("kind", "needed"), [("live", 3), ("recorded", 5)])
def test_too_few_seeds(kind, needed, monkeypatch):
    values = [0.1, 0.11, 0.12, 0.13, 0.14]
    assert judge(values[:needed], kind=kind).supported
    few = judge(values[: needed - 1], kind=kind)
    assert few.supported is None
    assert f"Not judged: {needed - 1} {kind} seeds, and it takes {needed}." in str(few)
    monkeypatch.setenv("TL_STRICT", "1")
    with pytest.raises(
        ValueError, match=f"{kind} claim needs at least {needed} seeds.*{needed - 1}"
    ):
        judge(values[: needed - 1], kind=kind)


@pytest.mark.parametrize("by", [5, 1, -0.1])
def test_by_is_a_fraction(by):
    with pytest.raises(ValueError, match="by is a fraction of 1"):
        judge([0.1, 0.2, 0.3], by=by)


def test_another_metric():
    table = results([0.1, 0.1, 0.1]).rename(columns={"accuracy": "recall"})
    assert claim("a beats b", table, "a", "b", metric="recall").metric == "recall"


# What an unsupported claim does


def test_a_student_is_told_and_goes_on():
    made = judge([0.01, 0.02, 0.03], by=0.05)
    text = str(made)
    assert text.startswith(
        "Claim: a beats b. Not supported by these runs: “a” minus “b” is 2.0 points"
    )
    assert "over 3 live seeds (claimed at least 5.0; lower bound 0.3, to be above 0)" in text
    assert "look at the single seeds" in text


def test_a_strict_run_fails_with_the_same_words(monkeypatch):
    words = str(judge([0.01, 0.02, 0.03], by=0.05))
    monkeypatch.setenv("TL_STRICT", "1")
    with pytest.raises(ClaimNotSupported) as failure:
        judge([0.01, 0.02, 0.03], by=0.05)
    assert str(failure.value) == words
    assert "Supported: “a” minus “b” is 5.0 points" in str(judge([0.05, 0.05, 0.05], by=0.04))


def test_a_smoke_run_judges_nothing(monkeypatch):
    monkeypatch.setenv("TL_SMOKE", "1")
    monkeypatch.setenv("TL_STRICT", "1")
    table = compare({"a": lambda seed: {"accuracy": 0.1}, "b": lambda seed: {"accuracy": 0.9}})
    made = claim("a beats b", table, "a", "b")
    assert made.supported is None
    assert made.seeds == 2
    assert str(made) == "Claim: a beats b. Not judged: this is a smoke run."


# Where claims go


@pytest.fixture
def written(tmp_path, monkeypatch):
    """Reads the claims that were written, in lesson 02."""
    module = importlib.import_module("tl_helpers.session.setup")
    monkeypatch.setattr(module, "_current", None)
    setup(lesson="02", quiet=True)
    monkeypatch.setenv("TL_CLAIMS", str(tmp_path / "claims.jsonl"))
    return lambda: [
        json.loads(line, parse_constant=pytest.fail)
        for line in (tmp_path / "claims.jsonl").read_text().splitlines()
    ]


def test_a_line_of_json_a_claim(written, monkeypatch):
    monkeypatch.setenv("TL_STRICT", "1")
    table = results([0.04, 0.05, 0.06])
    table["seed"] += 100
    claim("ä beats b", table, "a", "b", by=0.01)
    with pytest.raises(ClaimNotSupported):
        claim("a beats b", table, "a", "b", by=0.5)
    first, second = written()
    assert first == {
        "lesson": "02",
        "seed": 100,
        "text": "ä beats b",
        "better": "a",
        "than": "b",
        "by": 0.01,
        "metric": "accuracy",
        "kind": "live",
        "seeds": 3,
        "mean": pytest.approx(0.05),
        "lower": pytest.approx(0.05 - 2.919986 * 0.01 / 3**0.5),
        "supported": True,
        "unit": "points",
    }
    assert (second["supported"], second["by"]) == (False, 0.5)


def test_what_was_not_judged_is_null(written, monkeypatch):
    monkeypatch.setenv("TL_SMOKE", "1")
    judge([0.1, 0.2])
    [line] = written()
    assert line["supported"] is None
    assert line["lower"] is None


def test_nothing_is_written_unless_asked(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    judge([0.1, 0.2, 0.3])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("difference", "mark"), [(0.1, "✔"), (-0.1, "✘")])
def test_a_notebook_shows_it_with_everything_escaped(difference, mark):
    table = results([difference] * 3).replace("a", "<script>")
    html = claim("<b>x</b> & y", table, better="<script>", than="b")._repr_html_()
    assert mark in html
    assert "&lt;b&gt;x&lt;/b&gt; &amp; y" in html
    assert "<script>" not in html
    assert "<b>" not in html


def test_what_is_no_percentage_is_shown_as_it_is():
    table = results([0.2, 0.3, 0.4])
    made = claim("LogME orders them better", table, "a", "b", by=0.1, unit="of tau")
    assert "is 0.30 of tau over 3 live seeds (claimed at least 0.10; lower bound 0.13" in str(made)
    assert "points" not in str(made)
    plain = claim("more selective", table, "a", "b", by=0.1, unit="")
    assert "is 0.30 over 3 live seeds" in str(plain)


def test_one_seed_is_no_seeds():
    assert "Not judged: 1 live seed, and it takes 3" in str(judge([0.1]))
