"""`view`: two domains in two dimensions."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tl_helpers.adapt import View, view
from tl_helpers.data.dataset import Split
from tl_helpers.finetune import fine_tune


@pytest.fixture
def three(domains):
    """The source with a third class: grey pictures."""
    source, _ = domains

    def grown(split):
        rng = np.random.default_rng(len(split))
        grey = np.clip(110 + rng.normal(0, 25, (len(split) // 2, 8, 8, 3)), 0, 255)
        x = np.concatenate([split.x, grey.astype(np.uint8)])
        return Split(x, np.concatenate([split.y, np.full(len(grey), 2, np.int32)]))

    parts = {part: grown(getattr(source, part)) for part in ("train", "val", "test")}
    return replace(source, **parts, classes=("l", "r", "none"))


def test_the_source_stands_in_classes_and_the_target_where_it_lies(classifier, three):
    model = classifier(classes=3)
    fine_tune(model, three, epochs=20, base_lr=1e-2, seed=0)
    dark = Split((three.test.x // 2).astype(np.uint8), three.test.y)
    same, moved = (view(model, three.val, part) for part in (three.test, dark))
    np.testing.assert_allclose(same.source.std(0), 1, rtol=1e-4)
    np.testing.assert_allclose(same.source, moved.source, atol=1e-4)  # the target has no part in it
    centres = np.stack([same.source[three.val.y == k].mean(0) for k in range(3)])
    near = ((same.target[:, None] - centres) ** 2).sum(2).argmin(1)
    assert (near == three.test.y).mean() > 0.8
    assert same.home > 0.8
    assert same.accuracy > 0.8
    assert moved.a_distance > same.a_distance


def test_two_classes_have_no_plane(classifier, domains):
    with pytest.raises(ValueError, match="at least three classes"):
        view(classifier(), domains[0].val, domains[1].val)


def test_a_row_of_a_table_keeps_it(tmp_path):
    rng = np.random.default_rng(0)
    kept = View(rng.normal(0, 1, (5, 2)), rng.normal(1, 2, (7, 2)), 0.9, 0.5, 1.25)
    pd.DataFrame([kept.row()]).to_csv(tmp_path / "views.csv", index=False)
    back = View.from_row(pd.read_csv(tmp_path / "views.csv").iloc[0])
    np.testing.assert_allclose(back.source, kept.source, rtol=1e-3)
    np.testing.assert_allclose(back.target, kept.target, rtol=1e-3)
    assert (back.home, back.accuracy, back.a_distance) == (0.9, 0.5, 1.25)
