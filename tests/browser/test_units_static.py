"""The units of a network, a map of runs, and the button of a live run, without a kernel."""

import base64
import json
import types

import numpy as np
import pandas as pd
import pytest

from tl_helpers.evaluate.recorded import Recorded
from tl_helpers.inspect.exciting import Exciting
from tl_helpers.widgets import LayerExplorer, LiveRun, TransferMap, static_html

pytestmark = pytest.mark.browser


def opened(page, tmp_path, widget):
    path = tmp_path / "page.html"
    path.write_text('<!doctype html><meta charset="utf-8">' + static_html(widget), encoding="utf-8")
    page.goto(path.as_uri())
    page.wait_for_selector(".tl-widget[role=group]")
    return page


def shown(page):
    """The middle of the wish, as the browser paints it."""
    picture = page.locator(".tl-unit-picture").first
    png = picture.screenshot()
    return page.evaluate(
        """async (base64) => {
          const image = new Image();
          image.src = "data:image/png;base64," + base64;
          await image.decode();
          const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
          canvas.drawImage(image, 0, 0);
          return canvas.getImageData(image.width / 2, image.height / 2, 1, 1).data[0];
        }""",
        base64.b64encode(png).decode(),
    )


def layer(seed):
    """Two units, numbers 0 and 5, whose wishes are grey 50 and grey 100."""
    peak = np.random.default_rng(seed).normal(1, 1, (2, 30))
    index = np.argsort(-peak, 1)[:, :9]
    wishes = np.full((2, 32, 32, 3), 50, np.uint8)
    wishes[1] = 100
    found = Exciting(np.array([0, 5]), index, np.take_along_axis(peak, index, 1), None, peak)
    return wishes, found


def test_units_by_keyboard(page, tmp_path, screen):
    x = np.random.default_rng(0).integers(0, 256, (30, 32, 32, 3), dtype=np.uint8)
    kinds = [f"kind {i % 4}" for i in range(30)]
    made = LayerExplorer(x, kinds, {"net": {"stem": layer(1), "top": layer(2)}}, title="Units")
    page = opened(page, tmp_path, made)
    assert page.inner_text(".tl-summary") == made.summary()
    assert shown(page) == pytest.approx(50, abs=4)  # the wish of unit 0
    page.get_by_role("slider", name="unit").press("ArrowRight")
    assert page.inner_text(".tl-summary") == made.select(unit=5).summary()
    assert shown(page) == pytest.approx(100, abs=4)
    page.get_by_role("radio", name="stem").press("ArrowRight")
    assert page.inner_text(".tl-summary") == made.select(layer="top").summary()
    page.get_by_text("Show as a table").click()
    kinds = page.locator("td:nth-child(2)").all_inner_texts()
    assert kinds == [kind for _, kind, _ in made._chosen()["top"]]
    words = page.locator(".tl-unit-picture").nth(1).get_attribute("aria-label")
    assert words.startswith(f"favourite 1: {kinds[0]}, activation")
    screen(page, "units")


@pytest.fixture
def made_map():
    rng = np.random.default_rng(0)
    table = pd.DataFrame(
        [
            {"condition": way, "distance": d, "per_class": n, "seed": s, "accuracy": rng.random()}
            for way in ("scratch", "head only", "everything")
            for d in (0.0, 0.5)
            for n in (5, 50)
            for s in range(5)
        ]
    )
    record = {"command": "tl-course map", "weights": {}}
    return TransferMap(
        Recorded("map", table, record, None),
        title="Which depth, where?",
        columns=("per_class", "images a class"),
        dial=("distance", "distance"),
    )


def means(made, d):
    """What the map shows at one distance, row by row."""
    rows = zip(*made.spec["cells"][d], strict=True)
    return [cell["text"] for row in rows for cell in row]


def test_a_map_by_keyboard_and_by_mouse(page, tmp_path, screen, made_map):
    page = opened(page, tmp_path, made_map)
    places, summary = page.locator(".tl-place"), page.locator(".tl-summary")
    assert [text.split(",")[0].strip() for text in places.all_inner_texts()] == means(made_map, 0)
    assert summary.inner_text() == made_map.summary()
    page.get_by_role("slider", name="distance").press("ArrowRight")
    page.get_by_role("radio", name="head only").press("ArrowDown")
    made_map.select(distance=0.5, way="everything")
    assert [text.split(",")[0].strip() for text in places.all_inner_texts()] == means(made_map, 1)
    assert summary.inner_text() == made_map.summary()
    places.last.click()
    assert summary.inner_text() == made_map.summary(images_a_class=50, way="scratch")
    assert page.get_by_role("radio", name="scratch").is_checked()
    bests = page.locator(".tl-best").all_inner_texts()
    assert len(bests) == 2
    assert all(text.endswith(", best") for text in bests)
    screen(page, "map")


def test_a_run_made_with_the_button_shows_in_its_place(page, tmp_path, made_map):
    state = json.dumps({name: getattr(made_map, name) for name in made_map._state_names})
    path = tmp_path / "page.html"
    module = made_map._esm + STUB.replace("STATE", state)
    path.write_text(f'<div></div><script type="module">{module}</script>', "utf-8")
    page.goto(path.as_uri())
    page.evaluate("model.set('live', {'0,1,2': ['61.0', '62.5']})")
    assert page.locator(".tl-made").all_inner_texts() == ["now 61.0, 62.5"]
    assert page.locator(".tl-place").last.inner_text().endswith("now 61.0, 62.5")
    page.evaluate("model.set('position', [1, 1, 2])")
    assert page.locator(".tl-made").count() == 0


@pytest.fixture
def recorded():
    points = [{"condition": "full"}, {"condition": "gradual"}]
    table = pd.DataFrame([{**p, "seed": s, "accuracy": 0.5} for p in points for s in range(5)])
    return Recorded("made-up", table, {}, types.SimpleNamespace(points=lambda: points))


def test_a_live_run_needs_a_kernel(page, tmp_path, recorded):
    page = opened(page, tmp_path, LiveRun(recorded))
    page.get_by_label("condition").select_option("gradual")
    assert page.get_by_role("button", name="Run it now").is_hidden()
    assert page.get_by_role("status").inner_text().startswith("In a notebook, a button")


STUB = """
const state = STATE, callbacks = {};
window.model = {
  get: (name) => state[name],
  set: (name, value) => {
    state[name] = value;
    (callbacks[`change:${name}`] ?? []).forEach((callback) => callback());
  },
  save_changes: () => {},
  send: () => {},
  on: (event, callback) => (callbacks[event] ??= []).push(callback),
};
for (const el of document.querySelectorAll("div")) render({ model: window.model, el });
"""


def test_two_views_of_a_run_with_a_kernel(page, tmp_path, recorded):
    live = LiveRun(recorded)
    state = json.dumps({name: getattr(live, name) for name in live._state_names})
    path = tmp_path / "page.html"
    module = live._esm + STUB.replace("STATE", state)
    path.write_text(f'<div></div><div></div><script type="module">{module}</script>', "utf-8")
    page.goto(path.as_uri())
    buttons, status = page.get_by_role("button", name="Run it now"), page.get_by_role("status")
    buttons.first.click()
    assert status.first.inner_text() == "Waiting for the kernel …"
    assert page.evaluate("model.get('asked')") == 1
    page.evaluate("model.set('running', true)")
    assert status.all_inner_texts() == ["Training …"] * 2
    buttons.last.click(force=True)  # it is disabled: nothing more is asked for
    assert page.evaluate("model.get('asked')") == 1
    page.evaluate("model.set('result', 'It agrees.'); model.set('running', false)")
    assert status.all_inner_texts() == ["", ""]
    assert page.locator(".tl-result").all_inner_texts() == ["It agrees."] * 2
    buttons.last.click()
    assert page.evaluate("model.get('asked')") == 2
