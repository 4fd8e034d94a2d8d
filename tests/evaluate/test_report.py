"""A report's numbers by hand, and its three forms."""

import xml.etree.ElementTree as ET

import pandas as pd
import pytest

from tl_helpers.evaluate import report

VALUES = {"scratch": [0.5, 0.6, 0.7], "fine-tuned": [0.7, 0.8, 0.9]}


@pytest.fixture
def runs():
    return pd.DataFrame(
        [
            {"condition": name, "seed": seed, "per_class": n, "accuracy": value - 10 / n / 20}
            for name, values in VALUES.items()
            for seed, value in enumerate(values)
            for n in (10, 100)
        ]
    )


def small(runs):
    return runs[runs["per_class"] == 10]


def test_means_intervals_and_paired_differences(runs):
    made = report(small(runs), "Photographs")
    scratch, tuned = made.table.to_dict("records")
    # Mean 0.55 and deviation 0.1 over three seeds: 4.302653 * 0.1 / sqrt(3) = 0.2484
    assert scratch["accuracy, %"] == "55.0 (30.2 to 79.8)"
    assert scratch["minus scratch, points"] == ""
    assert tuned["minus scratch, points"] == "20.0 (20.0 to 20.0)"  # the same for every seed
    assert "3 runs" in made.notes[0]


def test_along_an_effort_there_is_a_row_each(runs):
    made = report(runs, "Photographs", x="per_class", notes=("Made by hand.",))
    assert made.table["per class"].tolist() == [10, 10, 100, 100]
    assert made.notes[-1] == "Made by hand."
    assert made.figure.count("<polyline") == 2


def test_one_run_has_no_interval(runs):
    made = report(small(runs)[lambda t: t["seed"] == 0], "Photographs")
    assert made.table["accuracy, %"].tolist() == ["45.0", "65.0"]


def test_runs_that_are_not_paired_say_so(runs):
    part = small(runs)
    made = report(part[(part["condition"] != "scratch") | (part["seed"] > 0)], "Photographs")
    assert made.table["minus scratch, points"].tolist() == ["", "not paired"]


@pytest.mark.parametrize("x", [None, "per_class"])
def test_the_figure_is_a_picture_that_says_what_it_shows(runs, x):
    made = report(runs if x else small(runs), "A & B", x=x)
    svg = ET.fromstring(made.figure)
    title = svg.find("{http://www.w3.org/2000/svg}title").text
    assert title.startswith("A & B: scratch")
    assert "fine-tuned" in title
    width, height = float(svg.get("width")), float(svg.get("height"))
    for circle in svg.iter("{http://www.w3.org/2000/svg}circle"):
        assert 0 < float(circle.get("cx")) < width
        assert 0 < float(circle.get("cy")) < height
    assert "#D55E00" in made.figure  # scratch, as everywhere


def test_on_a_page_the_figure_has_the_colour_of_the_page(runs):
    made = report(small(runs), "Photographs")
    assert 'color="#595959"' in made.figure  # in a file of its own
    assert "color:inherit" in made.drawn
    assert made.drawn in made.html()
    assert "#DDDDDD" not in made.figure


def test_html_is_one_page_without_scripts(runs, tmp_path):
    path = report(small(runs), "A <b>", than="scratch").save(tmp_path / "out" / "page.html")
    page = path.read_text()
    assert "<script" not in page
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "")
    assert "A &lt;b&gt;" in page
    assert page.count("<tr") == 3


def test_markdown_has_its_figure_beside_it(runs, tmp_path):
    path = report(small(runs), "Photographs").save(tmp_path / "page.md")
    page = path.read_text()
    assert "| scratch | 3 | 55.0 (30.2 to 79.8) |  |" in page
    assert "![Photographs](page.svg)" in page
    assert (tmp_path / "page.svg").read_text().startswith("<svg")


def test_bad_runs_are_told(runs, tmp_path):
    with pytest.raises(ValueError, match="no column"):
        report(runs, "A", metric="loss")
    with pytest.raises(ValueError, match="choose one setting"):
        report(runs, "A")
    with pytest.raises(ValueError, match="no condition 'random'"):
        report(small(runs), "A", than="random")
    with pytest.raises(ValueError, match=r"\.html or \.md"):
        report(small(runs), "A").save(tmp_path / "page.pdf")
