"""Every lesson's `gpu` path runs, a step a fit, so that it never rots on machines without a GPU."""

import pytest

from tl_helpers.course.execute import execute
from tl_helpers.course.sources import lesson_sources


@pytest.mark.parametrize("source", lesson_sources(), ids=lambda p: p.stem)
def test_the_gpu_profile_runs_in_smoke_mode(source, tmp_path, monkeypatch):
    monkeypatch.setenv("TL_PROFILE", "gpu")
    monkeypatch.setenv("TL_SMOKE", "1")
    run = execute(source, tmp_path / "claims.jsonl")
    assert run.error is None
    assert run.claims
    assert {c["supported"] for c in run.claims} == {None}
    text = "\n".join(str(o) for c in run.notebook.cells for o in c.get("outputs", ()))
    assert "profile 'gpu'" in text
