"""For all tests: real data and a sandbox, or an honest skip; and a quiet backend."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")


def pytest_collection_modifyitems(items):
    """Skip what needs something that is not here; in CI, where it should be, fail instead."""
    _skip_without_sandbox([item for item in items if item.get_closest_marker("sandbox")])
    if os.environ.get("TL_DATA_HOME"):
        return
    if os.environ.get("TL_REQUIRE_REAL_DATA"):
        raise pytest.UsageError("TL_REQUIRE_REAL_DATA is set, and TL_DATA_HOME is not")
    skip = pytest.mark.skip(reason="TL_DATA_HOME is not set: no real data on this machine")
    for item in items:
        if item.get_closest_marker("real_data"):
            item.add_marker(skip)


def _skip_without_sandbox(items):
    if not items:
        return
    from tl_helpers.course.grading.sandbox import problem

    if (ill := problem()) is None:
        return
    if os.environ.get("TL_REQUIRE_SANDBOX"):
        raise pytest.UsageError(f"TL_REQUIRE_SANDBOX is set, and there is {ill}")
    for item in items:
        item.add_marker(pytest.mark.skip(reason=ill))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    """Where real data is promised, a real-data test that skips has failed."""
    report = yield
    if (
        report.skipped
        and item.get_closest_marker("real_data")
        and os.environ.get("TL_REQUIRE_REAL_DATA")
    ):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} needs real data and skipped: {report.longrepr}"
    return report


@pytest.fixture(autouse=True)
def no_steering(monkeypatch):
    """Tests start from an environment that steers nothing."""
    for name in ("TL_SMOKE", "TL_STRICT", "TL_CLAIMS", "TL_SEED", "TL_PROFILE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def smoke_site():
    """The folder of the site's short form, made now or, where nothing has changed, a moment ago."""
    from tl_helpers.course.site import build_site
    from tl_helpers.course.site.build import smoke_runs
    from tl_helpers.course.sources import lesson_sources

    # The other way round than tests/lessons/test_smoke.py: where both run at once, they share the
    # work, because a lesson that one has executed the other takes as it is.
    smoke_runs(ROOT / "build", lesson_sources()[::-1])
    return build_site(smoke=True, build=ROOT / "build")
