"""Two domains before and after adaptation, without a kernel."""

import numpy as np
import pytest

from tl_helpers.adapt import View
from tl_helpers.widgets import DomainExplorer, static_html

pytestmark = pytest.mark.browser


@pytest.fixture
def made():
    rng = np.random.default_rng(0)
    y = np.arange(40) % 4
    centres = rng.normal(0, 1.2, (4, 2))

    def one(gap):
        source, target = (centres[y] + rng.normal(0, 0.3, (40, 2)) for _ in range(2))
        return View(source, target + gap, 0.9, 0.9 - gap / 4, gap)

    views = {
        kind: {s: {"before": one(s), "aligned": one(s / 3)} for s in (0.5, 1.0)}
        for kind in ("night", "sketch")
    }
    return DomainExplorer(views, y, y, ["arch", "bell", "coil", "disc"], title="Two domains")


def test_by_keyboard_and_by_mouse(page, tmp_path, screen, made):
    path = tmp_path / "page.html"
    path.write_text('<!doctype html><meta charset="utf-8">' + static_html(made), encoding="utf-8")
    page.goto(path.as_uri())
    summary = page.locator(".tl-summary")
    assert summary.inner_text() == made.summary()
    planes = page.locator(".tl-planes figure")
    assert planes.count() == 1  # before, and nothing to compare it with
    page.get_by_label("aligned").check()
    assert summary.inner_text() == made.select(way="aligned").summary()
    assert planes.locator("figcaption").all_inner_texts() == [
        "Before, before: 77.5 % of the target right",
        "After, aligned: 85.8 % of the target right",
    ]
    for i in range(2):
        assert planes.nth(i).locator("circle").count() == 40
        assert planes.nth(i).locator("path").count() == 40

    page.get_by_role("radio", name="night").press("ArrowRight")
    page.get_by_role("slider", name="strength").press("ArrowRight")
    made.select(shift="sketch", strength=1.0, way="aligned")
    assert summary.inner_text() == made.summary()
    points = np.frombuffer(made.points, np.uint8).reshape(8, 80, 2)
    drawn = planes.nth(1).locator("circle").nth(3).get_attribute("cx")
    assert float(drawn) == pytest.approx(8 + points[7, 3, 0] / 255 * 304, abs=1e-6)
    screen(page, "domains")

    def colours():
        return {planes.nth(1).locator("path").nth(i).get_attribute("fill") for i in range(8)}

    assert len(colours()) == 4
    page.get_by_label("domain", exact=True).check()
    assert len(colours()) == 1
    page.get_by_text("Show as a table").click()
    assert page.locator("td").all_inner_texts()[:3] == ["65.0 %", "90.0 %", "1.00"]
