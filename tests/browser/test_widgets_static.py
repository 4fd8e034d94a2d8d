"""The widgets on a page without a kernel, in a real browser."""

import itertools
import re

import numpy as np
import pytest

from tl_helpers.evaluate import Answer, Interval
from tl_helpers.widgets import Explorer, Predict, static_html

pytestmark = pytest.mark.browser

SIZES = [10, 25, 100, 400]
STAGES = ["stage 1", "stage 2", "stage 3"]
DOMAINS = ["photos", "sketch", "inverted", "night", "blur", "noise"]
HOW = {"command": "tl-course record transfer-map --seeds 5", "weights_hash": "9f2c41d7aa03"}


def results(*shape):
    """Accuracies, some missing, and some on an exact half of the last digit shown."""
    rng = np.random.default_rng(7)
    values = rng.uniform(0.2, 0.8, shape).astype(np.float32)
    values[rng.random(shape) < 0.15] = np.nan
    values[0, 0, ..., :] = 0.40625
    values[-1, 0] = np.nan
    return values


def rows():
    dials = {"images a class": SIZES, "stage": STAGES, "domain": DOMAINS}
    title = "How far does each stage travel?"
    return Explorer(results(4, 3, 6, 2, 5), dials, ["scratch", "fine-tuned"], title=title, **HOW)


def lines():
    series = ["scratch", "probe on random features", "fine-tuned"]
    return Explorer(
        results(3, 3, 4, 5),
        {"stage": STAGES},
        series,
        x=("images a class", SIZES),
        title="Accuracy against training images",
        alt="Fine-tuning is above training from scratch at every size.",
        **HOW,
    )


@pytest.fixture
def open_page(page, tmp_path):
    """Open widgets as one static page; count the key presses that leave them."""

    def opened(*widgets):
        path = tmp_path / "page.html"
        head = '<!doctype html><html lang="en"><meta charset="utf-8"><title>widgets</title>'
        head += '<meta name="color-scheme" content="light dark">'
        path.write_text(head + "".join(map(static_html, widgets)), encoding="utf-8")
        page.add_init_script(
            "window.keys = 0; document.addEventListener('keydown', () => (window.keys += 1))"
        )
        page.goto(path.as_uri())
        page.wait_for_selector(".tl-widget[role=group] svg, .tl-predict")
        return page

    return opened


def seen(page):
    """The summary and the drawing of the first explorer."""
    return page.inner_text(".tl-summary"), page.inner_html(".tl-explorer > svg")


def test_summary_is_pythons_for_every_setting_of_the_dials(open_page):
    for explorer in (rows(), lines()):
        page = open_page(explorer)
        dials = page.query_selector_all(".tl-dial")
        settings = itertools.product(*(range(len(d["levels"])) for d in explorer.spec["dials"]))
        for setting in settings:
            page.evaluate(
                """([dials, setting]) => dials.forEach((dial, d) => {
                  const radios = dial.querySelectorAll("input[type=radio]");
                  if (radios.length) return radios[setting[d]].click();
                  const input = dial.querySelector("input, select");
                  input.value = setting[d];
                  input.dispatchEvent(new Event("input"));
                  input.dispatchEvent(new Event("change"));
                })""",
                [dials, setting],
            )
            explorer.position = list(setting)
            assert page.inner_text(".tl-summary") == explorer.summary()


def test_dials_move_by_keyboard_and_no_key_leaves_them(open_page):
    explorer = rows().select(images_a_class=25)
    page = open_page(explorer)
    moves = [
        ("images a class", "ArrowRight", {"images_a_class": 100}),
        ("stage 1", "ArrowRight", {"stage": "stage 2"}),
        ("domain", "ArrowDown", {"domain": "sketch"}),
    ]
    for name, key, levels in moves:
        before = seen(page)
        page.get_by_label(name, exact=True).focus()
        page.keyboard.press(key)
        after = seen(page)
        assert after[0] == explorer.select(**levels).summary()
        assert after[0] != before[0]
        assert after[1] != before[1]
    assert page.evaluate("window.keys") == 0
    page.get_by_label("images a class").press("Control+s")
    assert page.evaluate("window.keys") == 2  # Control, and the notebook's own shortcut


def test_dials_move_by_mouse(open_page):
    explorer = rows()
    page = open_page(explorer)
    slider = page.get_by_label("images a class")
    box = slider.bounding_box()
    moves = [
        (lambda: slider.click(position={"x": box["width"] - 4, "y": 14}), {"images_a_class": 400}),
        (lambda: page.get_by_text("stage 3", exact=True).click(), {"stage": "stage 3"}),
        (lambda: page.get_by_label("domain").select_option("night"), {"domain": "night"}),
    ]
    for move, levels in moves:
        before = seen(page)
        move()
        after = seen(page)
        assert after[0] == explorer.select(**levels).summary()
        assert after[1] != before[1]


def test_explorer_names_itself_to_a_screen_reader(open_page):
    page = open_page(lines(), rows())
    assert page.get_by_role("img", name="Fine-tuning is above training").count() == 1
    assert page.get_by_role("group", name="Accuracy against training images").count() == 1
    slider = page.get_by_role("slider", name="images a class")
    assert slider.get_attribute("aria-valuetext") == "10"
    slider.press("End")
    assert slider.get_attribute("aria-valuetext") == "400"
    assert page.locator(".tl-summary").first.get_attribute("aria-live") == "polite"
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map((node) => node.id)")
    assert len(ids) == len(set(ids))


def test_table_and_source_are_there(open_page):
    explorer = rows()
    page = open_page(explorer)
    page.get_by_text("Show as a table").click()
    cells = page.locator(".tl-explorer tbody tr").nth(1).locator("th, td").all_inner_texts()
    assert cells[:3] == ["fine-tuned", "40.6 %", "40.6 to 40.6"]
    assert "tl-course record transfer-map --seeds 5" in page.inner_text(".tl-source")


def test_picture_fits_a_narrow_page(open_page):
    page = open_page(rows(), lines())
    for width in (760, 360):
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_timeout(100)
        cut = page.evaluate(
            """[...document.querySelectorAll(".tl-explorer text")].filter((node) => {
              const text = node.getBoundingClientRect();
              const svg = node.ownerSVGElement.getBoundingClientRect();
              return text.left < svg.left - 1 || text.right > svg.right + 1;
            }).map((node) => node.textContent)"""
        )
        assert cut == [], f"cut off at {width} pixels"
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_choice_is_locked_in_once(open_page):
    page = open_page(Predict("Which is better?", ["scratch", "fine-tuned"], key="k"))
    lock = page.get_by_role("button", name="Lock in my prediction")
    lock.click()
    assert "Choose an answer first" in page.inner_text(".tl-predict")
    page.get_by_label("scratch").focus()
    page.keyboard.press("ArrowDown")
    lock.press("Enter")
    assert "Locked in: “fine-tuned”." in page.inner_text(".tl-predict")
    assert page.get_by_label("fine-tuned").is_checked()
    assert page.locator("input:not(:disabled)").count() == 0
    assert not lock.is_visible()
    page.get_by_label("scratch").click(force=True)
    page.locator(".tl-button").dispatch_event("click")
    assert "Locked in: “fine-tuned”." in page.inner_text(".tl-predict")
    assert page.evaluate("window.keys") == 0


def test_a_number_is_locked_in_once(open_page):
    page = open_page(Predict("How large is the gain?", (-10, 40, 5), key="k", unit="points"))
    slider = page.get_by_role("slider", name="How large is the gain?")
    lock = page.get_by_role("button", name="Lock in my prediction")
    assert slider.get_attribute("aria-valuetext") == "not chosen yet"
    lock.click()
    assert "Choose an answer first" in page.inner_text(".tl-predict")
    slider.press("Home")
    slider.press("ArrowRight")
    assert slider.get_attribute("aria-valuetext") == "−5 points"
    lock.click()
    assert "Locked in: −5 points." in page.inner_text(".tl-predict")
    assert slider.is_disabled()


def test_a_revealed_prediction_shows_both(open_page):
    choice = Predict("Which?", ["scratch", "fine-tuned"], key="k").lock("scratch")
    text = choice.reveal(Answer(("fine-tuned",)), "It gained 13.2 points.")
    number = Predict("How large?", (0, 40, 5), key="k", unit="points").lock(10)
    number.reveal(Interval(13.24, 9.0, 17.5))
    page = open_page(choice, number)
    assert page.inner_text(".tl-result >> nth=0") == text
    pills = page.locator(".tl-pill").all_inner_texts()
    assert [re.sub(r"\s+", " ", pill) for pill in pills] == [
        "scratch your prediction",
        "fine-tuned measured",
    ]
    texts = page.locator("svg text").all_text_contents()
    assert texts == ["you 10 points", "measured 13.2 points"]
    assert page.locator(".tl-scale .tl-interval").count() == 1


def test_what_is_too_close_to_call_is_marked_on_each(open_page):
    choice = Predict("Which?", ["a", "b", "c"], key="k").lock("b")
    choice.reveal(Answer(("a", "b"), "“a” is 1.5 points (−1.7 to 4.6) ahead of “b”."))
    page = open_page(choice)
    pills = page.locator(".tl-pill").all_inner_texts()
    assert [re.sub(r"\s+", " ", pill) for pill in pills] == [
        "a may be it",
        "b your prediction may be it",
        "c",
    ]


def test_without_javascript_the_text_shows(browser, tmp_path):
    explorer = rows()
    path = tmp_path / "page.html"
    path.write_text('<meta charset="utf-8">' + static_html(explorer), encoding="utf-8")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(path.as_uri())
    assert explorer.summary() in page.locator(".tl-widget").inner_text()
    assert page.locator("table tr").count() == 3
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_screens(open_page, page, screen, scheme):
    page.emulate_media(color_scheme=scheme)
    choice = Predict("Which is better on 25 photographs a class?", ["scratch", "probe"], key="k")
    number = Predict("How large is the gain?", (-10, 40, 1), key="k", unit="points").lock(10)
    number.reveal(Interval(13.24, 9.0, 17.5))
    open_page(rows().select(stage="stage 2"), lines().select(stage="stage 2"), choice, number)
    page.get_by_text("Show as a table").first.click()
    page.get_by_role("slider").first.focus()
    page.keyboard.press("ArrowRight")
    screen(page, f"widgets-{scheme}")


def test_a_widget_that_is_removed_leaves_the_keys_alone(open_page):
    page = open_page(rows())
    slider = page.get_by_role("slider").first
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert slider.get_attribute("data-lm-suppress-shortcuts") is not None
    page.evaluate(
        """() => {
          document.querySelector(".tl-static").remove();
          document.body.append(Object.assign(document.createElement("input"), { id: "other" }));
        }"""
    )
    page.locator("#other").press("a")
    assert page.locator("[data-lm-suppress-shortcuts]").count() == 0
