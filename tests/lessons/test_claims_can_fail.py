"""A claim that nothing could break says nothing: without pretraining, lesson 00's first fails."""

import pytest

import tl_helpers as tl
from tl_helpers.course.sources import lesson_sources, read_source
from tl_helpers.evaluate import ClaimNotSupported


@pytest.mark.slow
def test_with_random_weights_the_first_claim_fails(monkeypatch):
    load = tl.backbones.load
    monkeypatch.setattr(
        tl.backbones, "load", lambda name, weights="default", seed=0: load(name, None, seed)
    )
    monkeypatch.setenv("TL_STRICT", "1")
    space = {}

    def run():
        for cell in read_source(lesson_sources(["00"])[0]).cells:
            if cell.cell_type == "code":
                exec(cell.source, space)

    with pytest.raises(ClaimNotSupported):
        run()
    assert set(space["shapes"]["condition"]) == {"fine-tuned", "scratch"}
