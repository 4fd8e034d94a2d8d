"""A claim that nothing could break says nothing: without pretraining, the first ones fail."""

import pytest

import tl_helpers as tl
from tl_helpers.course.sources import lesson_sources, read_source
from tl_helpers.evaluate import ClaimNotSupported

# What is better than what, says a lesson's first claim.
FIRST = {
    "00": ("fine-tuned", "scratch"),
    "01": ("pretrained", "random"),
    "03": ("at once, fast", "scratch"),
    "04": ("fine-tuned", "scratch"),
    "06": ("pretrained features", "random features"),
}


@pytest.mark.slow
@pytest.mark.parametrize("lesson", FIRST)
def test_with_random_weights_the_first_claim_fails(lesson, monkeypatch):
    load = tl.backbones.load
    monkeypatch.setattr(
        tl.backbones, "load", lambda name, weights="default", seed=0: load(name, None, seed)
    )
    monkeypatch.setenv("TL_STRICT", "1")
    judged, claim = [], tl.claim

    def watched(text, results, better, than, **rest):
        judged.append((better, than))
        return claim(text, results, better, than, **rest)

    monkeypatch.setattr(tl, "claim", watched)
    space = {}

    def run():
        for cell in read_source(lesson_sources([lesson])[0]).cells:
            if cell.cell_type == "code":
                exec(cell.source, space)

    with pytest.raises(ClaimNotSupported):
        run()
    assert judged == [FIRST[lesson]]
