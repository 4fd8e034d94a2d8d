"""A small executed notebook with one of each thing that a lesson shows, and rulers for its page."""

import json
from dataclasses import asdict

import nbformat
import numpy as np
import pandas as pd
import plotly.graph_objects as go

from tl_helpers.adapt import View
from tl_helpers.course.execute import Run
from tl_helpers.course.pages import PLOTLY
from tl_helpers.course.site.recorded import atlas
from tl_helpers.evaluate import Answer, claim, report
from tl_helpers.inspect.exciting import Exciting
from tl_helpers.plots import along, clouds, compared, intuition, pictures, scattered
from tl_helpers.widgets import (
    Canvas,
    DomainExplorer,
    Explorer,
    LayerExplorer,
    Predict,
    Steps,
    predictions,
    static_html,
)

PHONE = {"width": 390, "height": 844}
LONG = "Photographs of ten kinds, squeezenet cut at fire7, a probe against all of it fine-tuned"
SERIES = ["from scratch, at the same cost", "probe on random features", "fine-tuned"]
NAMES = ["squeezenet, cut at fire7", "mobilenet", "a residual network"]

# What is wider than the window, or lies beyond its side, though no box of its own scrolls it.
BEYOND = """[
    ...document.querySelectorAll("table, pre, svg, canvas, img, figure, .tl-widget, p, li"),
  ].filter((node) => {
    const { left, right, width } = node.getBoundingClientRect();
    if (node.closest("#js-plotly-tester, [class*=-drawer]")) return false;
    if (!node.checkVisibility() || width < 2 || (left > -1 && right < innerWidth + 1)) return false;
    for (let box = node.parentElement; box; box = box.parentElement) {
      const { left: l, right: r } = box.getBoundingClientRect();
      const scrolls = ["auto", "scroll"].includes(getComputedStyle(box).overflowX);
      if (scrolls && box.tagName !== "BODY" && l > -1 && r < innerWidth + 1) return false;
    }
    return true;
  }).map((node) => node.outerHTML.slice(0, 120))"""

# What scrolls, and has no name or is out of the keyboard's reach.
UNREACHED = """[...document.querySelectorAll("body *")].filter((node) => {
    const style = getComputedStyle(node);
    if (!["auto", "scroll"].includes(style.overflowX) || !node.checkVisibility()) return false;
    if (node.scrollWidth <= node.clientWidth + 1 || node.closest("[class*=-drawer]")) return false;
    return !(node.tabIndex === 0 && node.getAttribute("aria-label") && node.role);
  }).map((node) => node.outerHTML.slice(0, 120))"""

# Words of a drawing that its edges cut.
CUT = """[...document.querySelectorAll(".tl-plotly text, .tl-widget text")].filter((node) => {
    const text = node.getBoundingClientRect();
    const svg = node.ownerSVGElement.getBoundingClientRect();
    return text.width && (text.left < svg.left - 1 || text.right > svg.right + 1);
  }).map((node) => node.textContent)"""

# Words of a figure that lie on other words: titles, legends, names along the axes.
ON_EACH_OTHER = """[...document.querySelectorAll(".tl-plotly")].flatMap((figure) => {
    const kinds = ".gtitle, .xtitle, .ytitle, .legendtext, .annotation-text";
    const words = [...figure.querySelectorAll(kinds)].filter((node) => node.textContent.trim());
    const boxes = words.map((node) => node.getBoundingClientRect());
    const meet = (a, b) =>
      Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 &&
      Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 4;
    return words.flatMap((node, i) => words.slice(i + 1)
      .filter((_, j) => meet(boxes[i], boxes[i + 1 + j]))
      .map((other) => `${node.textContent} / ${other.textContent}`));
  })"""

# Names of the map's rows that lie over its places.
ON_THE_MAP = """[...document.querySelectorAll(".tl-map-table")].flatMap((table) => {
    const box = (node) => {
      const range = document.createRange(); // its words, which may be wider than its cell
      range.selectNodeContents(node);
      return range.getBoundingClientRect();
    };
    const names = [...table.querySelectorAll("th")];
    const places = [...table.querySelectorAll(".tl-place")].map((p) => p.getBoundingClientRect());
    return names.filter((name) => {
      const a = box(name);
      return places.some((b) =>
        Math.min(a.right, b.right) - Math.max(a.left, b.left) > 0.5 &&
        Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 0.5);
    }).map((name) => name.textContent);
  })"""

FITTED = """[...document.querySelectorAll(".tl-plotly")]
  .every((box) => Number(box.dataset.width) === box.clientWidth)"""


def narrowed(page):
    """Make a page that is open as narrow as a phone."""
    page.set_viewport_size(PHONE)
    page.wait_for_function(FITTED)
    page.wait_for_timeout(200)
    return page


def problems(page) -> dict:
    """Everything that is wrong with a page at the width that it has; empty where nothing is."""
    looks = {
        "beyond the window": BEYOND,
        "out of the keyboard's reach": UNREACHED,
        "cut": CUT,
        "words on words": ON_EACH_OTHER,
        "names on the map": ON_THE_MAP,
    }
    found = {name: page.evaluate(look) for name, look in looks.items()}
    wide = page.evaluate("document.scrollingElement.scrollWidth - innerWidth")
    return {name: one for name, one in found.items() if one} | (
        {"wide by": wide} if wide > 0 else {}
    )


def run() -> Run:
    """The notebook, as if it had been executed."""
    runs = table()
    held = claim(LONG, runs, SERIES[2], SERIES[0], by=0.01)
    lost = claim(LONG, runs, SERIES[0], SERIES[2], by=0.01)
    outputs = [
        {"text/html": runs.pivot(index="seed", columns="condition").to_html()},
        {"text/html": static_html(atlas())},
        {"text/html": static_html(explorer())},
        {"text/html": static_html(predict())},
        *({"text/html": static_html(widget)} for widget in others()),
        *({PLOTLY: json.loads(figure.to_json())} for figure in figures(runs)),
        {"text/html": held._repr_html_() + lost._repr_html_()},
        {"text/html": report(runs, LONG)._repr_html_()},
        {
            "text/html": pictures(
                np.zeros((10, 8, 8, 3), np.uint8), alt="ten pictures"
            )._repr_html_()
        },
    ]
    v4 = nbformat.v4
    cells = [
        v4.new_markdown_cell(
            f"# 07 · {LONG}\n\nText, a [link](https://example.org) and `code`.\n\n{MARKDOWN}"
        ),
        v4.new_code_cell(
            "# a comment\n" + "print('a string', 1, None, ValueError, x == y, sep='') ; " * 4,
            outputs=[
                v4.new_output("stream", text="a long printed line " * 20 + "\n"),
                v4.new_output("stream", name="stderr", text="a warning\n"),
            ],
            execution_count=1,
        ),
    ]
    cells += [
        v4.new_code_cell(
            "shown",
            outputs=[v4.new_output("execute_result", data=data, execution_count=i)],
            execution_count=i,
        )
        for i, data in enumerate(outputs, 2)
    ]
    notebook = v4.new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {
        "name": "python3",
        "display_name": "Python 3",
        "language": "python",
    }
    notebook.metadata["language_info"] = {"name": "python", "pygments_lexer": "ipython3"}
    claims = [{**asdict(one), "lesson": "07"} for one in (held, lost)]
    error = "Traceback: " + "a long line of it " * 20
    return Run("07", "07_small.html", LONG, error, 3.0, None, claims, notebook)


MARKDOWN = (
    "| {0} | {0} | {0} |\n|---|---|---|\n| one_long_name_that_does_not_break | 2 | 3 |".format(
        "a head of several words"
    )
)


def table() -> pd.DataFrame:
    """Runs of three conditions."""
    rows = [
        (name, seed, 0.3 + 0.2 * i + seed / 50)
        for i, name in enumerate(SERIES)
        for seed in range(3)
    ]
    return pd.DataFrame(rows, columns=["condition", "seed", "accuracy"])


def explorer() -> Explorer:
    """Recorded results behind a dial."""
    values = np.random.default_rng(0).uniform(0.2, 0.8, (2, 3, 4, 5)).astype(np.float32)
    return Explorer(
        values,
        {"stage": ["one", "two"]},
        SERIES,
        x=("images a class", [10, 25, 100, 400]),
        title="Accuracy against training images",
        command="tl-course record something --seeds 5",
        weights_hash="9f2c41d7aa03",
    )


def predict() -> Predict:
    """A prediction, with what was measured."""
    asked = Predict("Which is better on 25 photographs a class?", SERIES, key="k").lock(SERIES[0])
    asked.reveal(Answer((SERIES[2],)), "It is so.")
    return asked


def others() -> list:
    """The widgets that have no record behind them."""
    rng = np.random.default_rng(0)
    x, y = rng.integers(0, 256, (30, 32, 32, 3), np.uint8), np.arange(30) % 5
    kinds = [f"character number {k}" for k in range(5)]
    peak = rng.normal(1, 1, (2, 30))
    most = np.argsort(-peak, 1)[:, :9]
    found = Exciting(np.array([0, 5]), most, np.take_along_axis(peak, most, 1), None, peak)
    points = rng.normal(0, 1, (2, 30, 2))
    views = {gap: {"before": View(*points, 0.9, 0.5, gap)} for gap in (0.5, 1.0)}
    return [
        LayerExplorer(x, [kinds[k] for k in y], {"net": {"stem": (x[:2], found)}}, title=LONG),
        Steps(rng.dirichlet([1] * 5, (4, 30)), y, kinds, title=LONG),
        DomainExplorer({"night": views}, y, y, kinds, title=LONG),
        Canvas(lambda _: [0.2] * 5, {kind: x[:3] for kind in kinds}, title="Draw a line"),
    ]


def figures(runs) -> list[go.Figure]:
    """One of each kind that has words to cut."""
    steps = pd.concat([runs.assign(step=step) for step in ("stage 1", "stage 2", "stage 3")])
    points = pd.DataFrame({"size, in millions": [1, 2, 30], "accuracy": [0.5, 0.6, 0.7]})
    points["network"] = NAMES
    points["kind"] = ["one kind of them", "another kind", "one kind of them"]
    x = np.random.default_rng(0).normal(size=(12, 3))
    return [
        compared(runs, title=LONG, chance=0.1),
        along(steps, "step", title=LONG, chance=0.1),
        scattered(points, "size, in millions", "accuracy", "network", "kind", LONG, LONG),
        clouds({"pretrained": x, "fine-tuned": x}, ["a", "b"] * 6, title=LONG),
        intuition(predictions("a folder without any")),
    ]
