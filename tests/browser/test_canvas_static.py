"""A sheet to draw on: by mouse, by finger and by keys, with a kernel and without one."""

import json

import numpy as np
import pytest

from tl_helpers.widgets import Canvas, static_html

pytestmark = pytest.mark.browser

STUB = """
const state = STATE, callbacks = {};
const decode = (text) => new DataView(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);
state.sheet = decode(state.sheet);
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
render({ model: window.model, el: document.querySelector("div") });
"""


def bars(picture):
    """Two names: more ink on the left, or on the right."""
    ink = 255.0 - picture[..., 0]
    left = ink[:, : ink.shape[1] // 2].sum() / max(ink.sum(), 1)
    return [left, 1 - left]


@pytest.fixture
def made():
    rng = np.random.default_rng(0)
    rows = {name: rng.integers(0, 256, (3, 32, 32, 3), np.uint8) for name in ("left", "right")}
    return Canvas(bars, rows, title="Draw a line")


@pytest.fixture
def live(page, tmp_path, made):
    """The page with a kernel, played by the test: what is drawn there comes to the widget here."""
    import base64

    state = {name: getattr(made, name) for name in made._state_names}
    state["sheet"] = base64.b64encode(made.sheet).decode()
    path = tmp_path / "page.html"
    module = made._esm + STUB.replace("STATE", json.dumps(state))
    html = f'<!doctype html><style>{made._css}</style><div></div><script type="module">'
    path.write_text(f"{html}{module}</script>", "utf-8")
    page.goto(path.as_uri())

    def answer():
        made.strokes = page.evaluate("model.get('strokes')")
        for name in ("shares", "said", "answered"):
            page.evaluate(f"model.set('{name}', {json.dumps(getattr(made, name))})")

    page.answer = answer
    return page


def drag(page, *points):
    box = page.locator("canvas").bounding_box()
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=10)
    page.mouse.up()


def test_by_mouse(live, made, screen):
    drag(live, (0.2, 0.2), (0.25, 0.8))
    assert live.locator(".tl-summary").inner_text() == "Waiting for the kernel …"
    live.answer()
    (stroke,) = made.strokes
    np.testing.assert_allclose([stroke[0], stroke[-1]], [(0.2, 0.2), (0.25, 0.8)], atol=0.02)
    assert len(stroke) > 5
    assert live.locator(".tl-summary").inner_text() == made.said
    assert made.said == "Most like “left”: 100 %; then “right”: 0 %."
    assert live.locator("tr.tl-first th").inner_text().strip() == "left"
    drag(live, (0.8, 0.1), (0.8, 0.9))
    drag(live, (0.9, 0.1), (0.9, 0.9))
    live.answer()
    assert live.locator("tr.tl-first th").inner_text().strip() == "right"
    screen(live, "canvas")
    live.get_by_role("button", name="Undo").click()
    live.answer()
    assert len(made.strokes) == 2
    live.get_by_role("button", name="Clear").click()
    live.answer()
    assert made.strokes == []
    assert live.locator(".tl-summary").inner_text() == ""
    assert live.locator("td").all_inner_texts() == ["", "", "", ""]


def dark(page):
    """The share of the sheet that is inked, as the browser paints it."""
    return page.locator("canvas").evaluate(
        """(canvas) => {
          const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          let count = 0;
          for (let i = 0; i < data.length; i += 4) count += data[i] < 100 && data[i + 2] < 100;
          return count / (data.length / 4);
        }"""
    )


def test_by_keys(live, made):
    assert dark(live) == 0
    live.locator("canvas").focus()
    for key in ["ArrowLeft"] * 6 + ["Space"] + ["ArrowDown"] * 8:
        live.keyboard.press(key)
    assert live.locator(".tl-unseen").inner_text() == "Pen down, column 6, line 20"
    live.keyboard.press("Space")
    live.answer()
    (stroke,) = made.strokes
    np.testing.assert_allclose([stroke[0], stroke[-1]], [(0.25, 0.5), (0.25, 0.833)], atol=0.01)
    assert made.said.startswith("Most like “left”")
    assert dark(live) == pytest.approx(0.056 * 0.333, rel=0.4)
    live.keyboard.press("Space")
    live.keyboard.press("ArrowUp")
    live.keyboard.press("Backspace")  # lets go of what was begun
    live.keyboard.press("Space")
    live.keyboard.press("Tab")  # and leaving the sheet ends a stroke
    live.answer()
    assert len(made.strokes) == 2
    assert len(made.strokes[1]) == 1
    live.locator("canvas").focus()
    live.keyboard.press("Backspace")
    live.keyboard.press("Backspace")
    live.answer()
    assert made.strokes == []


def test_by_finger(browser, tmp_path, made):
    context = browser.new_context(viewport={"width": 380, "height": 800}, has_touch=True)
    page = context.new_page()
    path = tmp_path / "page.html"
    path.write_text('<!doctype html><meta charset="utf-8">' + static_html(made), encoding="utf-8")
    page.goto(path.as_uri())
    box = page.locator("canvas").bounding_box()
    finger = context.new_cdp_session(page)
    for kind, y in (("touchStart", 60), ("touchMove", 120), ("touchMove", 180), ("touchEnd", None)):
        at = [{"x": box["x"] + 70, "y": box["y"] + y}] if y else []
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})
    said = page.locator(".tl-summary").inner_text()
    assert said == "To name it takes a notebook with a kernel; this page has none."
    assert dark(page) > 0.015
    assert page.evaluate("scrollY") == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 380
    context.close()
