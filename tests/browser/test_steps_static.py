"""A learner's steps, moved and played, without a kernel."""

import numpy as np
import pytest

from tl_helpers.widgets import Steps, static_html

pytestmark = pytest.mark.browser


@pytest.fixture
def opened(page, tmp_path):
    rng = np.random.default_rng(0)
    shares = rng.dirichlet([1] * 5, (4, 25))
    made = Steps(shares, np.arange(25) % 5, [f"character {k}" for k in range(5)], title="A task")
    path = tmp_path / "page.html"
    head = '<!doctype html><html lang="en"><meta charset="utf-8"><title>steps</title>'
    path.write_text(head + static_html(made), encoding="utf-8")
    page.goto(path.as_uri())
    page.wait_for_selector(".tl-steps")
    return page, made


def shades(page):
    nodes = page.locator(".tl-shade").evaluate_all(
        "(nodes) => nodes.map((node) => Number(node.getAttribute('fill-opacity')))"
    )
    return np.array(nodes).reshape(5, 25)  # a row a name


def test_the_slider_shows_each_step(opened, screen, axe):
    page, made = opened
    data = np.frombuffer(made.shares, np.uint8).reshape(4, 25, 5) / 255
    for step in range(4):
        np.testing.assert_allclose(shades(page), data[step].T, atol=1e-6)
        assert page.inner_text(".tl-summary") == made.select(step=step).summary()
        page.get_by_role("slider", name="step").press("ArrowRight")
    page.get_by_text("Show as a table").click()
    assert page.locator("td").all_inner_texts() == made.spec["right"][3]
    axe(page)
    screen(page, "steps")


def test_play_goes_to_the_end_and_can_be_paused(opened):
    page, made = opened
    page.clock.install()
    button = page.get_by_role("button")
    button.click()
    assert button.inner_text() == "Pause"
    page.clock.run_for(1300)
    assert page.inner_text(".tl-summary") == made.select(step=1).summary()
    button.click()
    page.clock.run_for(5000)
    assert page.inner_text(".tl-summary") == made.summary()
    button.click()
    page.clock.run_for(5000)
    assert page.inner_text(".tl-summary") == made.select(step=3).summary()
    assert button.inner_text() == "Play"
    button.click()  # again from the start
    assert page.inner_text(".tl-summary") == made.select(step=0).summary()
