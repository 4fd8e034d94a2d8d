"""A real browser for the tests that need one; they skip where there is none."""

import os
import shutil
from pathlib import Path

import pytest

SCREENS = Path(__file__).parents[2] / "build" / "screens"
ARGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


# Of a module, not of the session: playwright keeps an event loop running while it is open.
@pytest.fixture(scope="module")
def browser():
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    names = ("chromium", "chromium-browser", "google-chrome")
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if path is None:
        pytest.skip("no Chromium: install the chromium package or set CHROMIUM to its program")
    with playwright.sync_playwright() as p:
        browser = p.chromium.launch(executable_path=path, args=ARGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser):
    """An empty page, 760 pixels wide; errors in its console fail the test at the end."""
    context = browser.new_context(viewport={"width": 760, "height": 900})
    page = context.new_page()
    page.set_default_timeout(30_000)
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
    yield page
    context.close()
    assert errors == []


@pytest.fixture
def screen():
    """Save a picture of a page under build/screens, to be looked at by a person."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    return lambda page, name: page.screenshot(path=SCREENS / f"{name}.png", full_page=True)


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    """Each test stands in an empty folder: predictions are kept where one stands."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def axe():
    """Fail where axe-core finds a serious accessibility violation in a part of a page."""
    Axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe

    def look(page, selector=None):
        found = Axe().run(page, selector).response["violations"]
        bad = [
            f"{one['id']} ({one['impact']}): {one['help']}: {node['html'][:200]}"
            for one in found
            if one["impact"] in ("serious", "critical")
            for node in one["nodes"]
        ]
        assert bad == []

    return look
