"""Every lesson's `gpu` path runs, a step a fit, so that it never rots on machines without a GPU."""

from pathlib import Path

import pytest

from tl_helpers.course.site.build import smoke_runs
from tl_helpers.course.sources import lesson_sources

BUILD = Path(__file__).parents[2] / "build"


@pytest.mark.parametrize("source", lesson_sources(), ids=lambda p: p.stem)
def test_the_gpu_profile_runs_in_smoke_mode(source):
    (run,) = smoke_runs(BUILD, [source])  # the site's short form shows the same runs
    assert run.claims
    assert {c["supported"] for c in run.claims} == {None}
    text = "\n".join(str(o) for c in run.notebook.cells for o in c.get("outputs", ()))
    assert "profile 'gpu'" in text
    code = "\n".join(c.source for c in run.notebook.cells if c.cell_type == "code")
    assert text.count("tl-revealed") == code.count(" = Predict(")  # every one has its answer
