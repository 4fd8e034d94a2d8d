"""The figures in the README and in the model card are those of the record."""

import json
import re
from pathlib import Path

import pandas as pd
import pytest

from tl_helpers.backbones import read_card
from tl_helpers.backbones.recipes import RECIPES
from tl_helpers.course.links import binder, colab
from tl_helpers.course.sources import lesson_sources
from tl_helpers.evaluate import interval, paired, recorded

ROOT = Path(__file__).parents[1]
ROW = re.compile(
    r"^\| (10|25|100) \| ([^|]+) \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \(([\d. to]+)\) \|$"
)


@pytest.mark.parametrize("page", ["README.md", "tl_helpers/backbones/weights/tiny-resnet.md"])
def test_the_table_of_photographs_is_the_record(page):
    photos = recorded("photos10", network="tiny-resnet")
    rows = [m.groups() for m in map(ROW.match, (ROOT / page).read_text().splitlines()) if m]
    assert len(rows) == 8
    for per_class, setting, tuned, scratch, gap, range_ in rows:
        table = photos.select(per_class=int(per_class), augment=setting.startswith("yes"))
        control = "scratch, longer" if "epochs" in setting else "scratch"
        means = 100 * table.groupby("condition")["accuracy"].mean()
        mean, low, high = (100 * v for v in interval(paired(table, "fine-tuned", control)))
        said = (tuned, scratch, gap, range_)
        assert said == (
            f"{means['fine-tuned']:.1f}",
            f"{means[control]:.1f}",
            f"{mean:.1f}",
            f"{low:.1f} to {high:.1f}",
        )


def test_the_card_stands_beside_imagenet_as_recorded():
    card = (ROOT / "tl_helpers/backbones/weights/tiny-resnet.md").read_text()
    ways = ["head only", "fine-tuned", "head first", "scratch", "scratch, longer"]
    means = {}
    for network in ("tiny-resnet", "squeezenet"):
        rows = recorded("photos10", network=network).select(per_class=100, augment=True)
        means[network] = 100 * rows.groupby("condition")["accuracy"].mean()
        row = " | ".join(f"{means[network][way]:.1f}" for way in ways)
        assert re.search(rf"^\| {network}, [^|]+ \| {re.escape(row)} \|$", card, re.M)
    formulas, imagenet = means["tiny-resnet"], means["squeezenet"]
    best = max(m["scratch, longer"] for m in means.values())
    own = [m["head first"] - m["scratch, longer"] for m in means.values()]
    shares = own[0] / own[1], (formulas["head first"] - best) / (imagenet["head first"] - best)
    said = re.findall(r"\*\*(\d+) %\*\*", card.split("What pretraining adds")[1])
    assert [int(percent) for percent in said] == [round(100 * s) for s in shares]


def test_the_probes_of_the_card_are_the_record():
    card = (ROOT / "tl_helpers/backbones/weights/tiny-resnet.md").read_text()
    depth = recorded("depth")
    for start in ("pretrained", "random"):
        runs = depth.select(network="tiny-resnet", condition=start, per_class=100)
        cuts = 100 * runs.groupby("cut")["accuracy"].mean()
        assert f"| {start} | {' | '.join(f'{v:.1f}' for v in cuts)} |" in card


@pytest.mark.parametrize("network", ["tiny-resnet", "tiny-resnet-s"])
def test_the_characters_of_the_cards_are_those_measured(network):
    card = (ROOT / f"tl_helpers/backbones/weights/{network}.md").read_text()
    measured = json.loads((ROOT / "benchmarks/omniglot.json").read_text())
    assert measured["weights"][network] == read_card(network)["weights"]
    for start, values in measured["percent"][network].items():
        assert f"| {start} | {' | '.join(f'{v:.1f}' for v in values.values())} |" in card


@pytest.mark.parametrize("network", ["tiny-resnet", "tiny-resnet-s"])
def test_the_cards_say_what_a_rerun_of_the_pretraining_gave(network):
    card = (ROOT / f"tl_helpers/backbones/weights/{network}.md").read_text()
    again = json.loads((ROOT / "benchmarks/pretrain_again.json").read_text())["networks"][network]
    assert again["same_weights"]
    assert again["weights"] == read_card(network)["weights"]
    said = "the same, bit for bit, so that every figure below holds for them; it took {} minutes"
    assert said.format(round(again["seconds"] / 60)) in " ".join(card.split())


def test_the_changes_of_the_recipe_in_the_card_are_the_record():
    card = (ROOT / "tl_helpers/backbones/weights/tiny-resnet.md").read_text()
    runs = recorded("pretraining")
    for change in runs.experiment.CHANGES:
        rows = runs.select(condition=change).sort_values("seed")
        cells = [
            f"{100 * rows[m].mean():.1f} ({', '.join(f'{100 * v:.1f}' for v in rows[m])})"
            for m in ("accuracy", "omniglot", "held out")
        ]
        assert f"| {change} | {' | '.join(cells)} |" in card


def test_the_zoo_of_the_card():
    card = (ROOT / "tl_helpers/backbones/weights/tiny-resnet-s.md").read_text()
    rows = re.findall(r"^\| `([\w-]+)` \| [^|]+ \| (\d+) \| ([\d,]+) \| ([\d.]+) \|$", card, re.M)
    zoo = {name: recipe for name, recipe in RECIPES["tiny-resnet-s"].items() if name != "default"}
    assert [row[0] for row in rows] == list(zoo)
    for name, labels, pictures, held_out in rows:
        facts = read_card("tiny-resnet-s", name)
        assert int(labels) == zoo[name].labels
        assert int(pictures.replace(",", "")) == facts["recipe"]["pictures"]
        assert held_out == f"{100 * facts['held_out_accuracy']:.1f}"


def test_the_map_of_the_readme_is_the_record():
    for distance, rows in recorded("map").table.groupby("distance"):
        cells = []
        for _, runs in rows.groupby("per_class"):
            means = runs.groupby("condition")[["validation", "accuracy"]].mean()
            best = means["validation"].idxmax()
            transfer = means["validation"].drop("scratch").idxmax()
            rival = transfer if best == "scratch" else "scratch"
            ahead = interval(100 * paired(runs, best, rival))
            tie = "" if ahead.low > 0 else "≈"
            cells.append(f"{best} {100 * means['accuracy'][best]:.1f} ({ahead.mean:+.1f}{tie})")
        assert f"| {distance:g} | {' | '.join(cells)} |" in (ROOT / "README.md").read_text()


def test_the_table_of_new_characters_is_the_record():
    named = {
        "plain": "pretrained features as they are",
        "classes": "fine-tuned to name characters, never a task",
        "prototypical": "prototypical network",
        "in context": "matching network, in context",
        "classes, from scratch, four times as long": (
            "named characters from random weights, four times as long"
        ),
    }
    columns = ["omniglot, 5 ways, 1 shot", "omniglot, 20 ways, 1 shot", "kinds, 5 ways, 1 shot"]
    table = pd.concat([recorded("few_shot").table, recorded("few_shot_scratch").table])
    means = 100 * table.groupby("condition")[columns].mean()
    page = (ROOT / "README.md").read_text()
    for condition, name in named.items():
        figures = " | ".join("-" if pd.isna(v) else f"{v:.1f}" for v in means.loc[condition])
        assert f"| {name} | {figures} |" in page
    # What is asked of this course: trained on drawings of a program, it reads handwriting.
    assert means.loc["prototypical", columns[0]] >= 94
    assert means.loc["prototypical", columns[1]] >= 82


def test_the_table_of_pictures_without_labels_is_the_record():
    named = {
        "labels": "the labels alone",
        "own labels": "pseudo-labels: its own names for the others",
        "own sure labels": "its own, where it is sure",
        "teacher's names": "the teacher's names for the others",
        "teacher at 4": "distilled: all that the teacher says of them, T = 4",
        "fine-tuned": "pretrained weights of its own size, fine-tuned on the labels",
        "fine-tuned, teacher at 4": "the same, then distilled",
    }
    table = recorded("unlabelled").table
    means = 100 * table.pivot_table("accuracy", "condition", "data")
    page = (ROOT / "README.md").read_text()
    for condition, name in named.items():
        figures = " | ".join(
            f"{v:.1f}" for v in means.loc[condition, ["formula10", "mnist", "photos10"]]
        )
        assert f"| {name} | {figures} |" in page
    # What is asked of distillation: three points more than labels, more than pseudo-labels, surely.
    drawn = table[table["data"] == "formula10"]
    for rival, least in (("labels", 0.03), ("own labels", 0), ("own sure labels", 0)):
        mean, low, _ = interval(paired(drawn, "teacher at 4", rival))
        assert mean >= least
        assert low > 0


def test_half_of_a_class_that_was_never_shown_is_found():
    missing = recorded("missing_class").select(data="mnist", condition="teacher at 20")
    assert missing["missing_raised"].min() >= 0.5


def test_every_lesson_stands_in_the_readme_with_the_time_it_says_itself():
    page = (ROOT / "README.md").read_text()
    rows = re.findall(r"^\| (\d\d) \| ([^|]+) \| (about [^|]+) \| (.+) \|$", page, re.MULTILINE)
    sources = lesson_sources()
    assert [number for number, *_ in rows] == [source.stem[:2] for source in sources]
    for source, (_, about, time, links) in zip(sources, rows, strict=True):
        assert f"**Time** {time} of computing" in source.read_text()
        assert len(about) > 40
        notebook = f"lessons/{source.stem}.ipynb"
        assert re.findall(r"\]\((https://[^)]+)\)\]\(([^)]+)\)", links) == [
            ("https://mybinder.org/badge_logo.svg", binder(notebook)),
            ("https://colab.research.google.com/assets/colab-badge.svg", colab(notebook)),
        ]


def test_the_headlines_are_figures_of_the_tables():
    page = (ROOT / "README.md").read_text()
    headlines, tables = page.split("## What comes out")[1].split("## Start")
    # Two intervals stand in no table.
    runs = recorded("map").select(distance=0.75, per_class=25)
    tables += interval(paired(runs, "scratch", "everything")).text("points")
    photographs = recorded("unlabelled").select(data="photos10")
    tables += interval(paired(photographs, "teacher at 4", "labels")).text("points")
    said = re.findall(r"\d[\d,.]*\d", headlines)
    assert len(said) > 8
    grading = (ROOT / "docs" / "instructors.md").read_text()
    for figure in said:
        assert re.search(rf"(?<![\d.]){re.escape(figure)}(?![\d.]*\d)", tables + grading), figure
