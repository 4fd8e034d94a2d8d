"""The linear probe is scikit-learn's logistic regression on standardised features."""

from dataclasses import replace

import keras
import numpy as np
import pytest
from scipy.special import softmax
from sklearn.linear_model import LogisticRegression

from tl_helpers.data.dataset import Split
from tl_helpers.finetune import attach_head, linear_probe
from tl_helpers.finetune.probe import INVERSE_L2, features


@pytest.fixture(scope="module")
def backbone(mini):
    return mini()


@pytest.fixture(scope="module")
def probe(backbone, hard):
    return linear_probe(backbone, hard)


def probabilities(probe, x):
    return softmax(features(probe.extract, x) @ probe.kernel + probe.bias, axis=1)


def solve(probe, data, c):
    """scikit-learn's solution: its accuracy on val, its probabilities on test."""
    train, val, test = (features(probe.extract, s.x) for s in (data.train, data.val, data.test))
    mean, scale = train.mean(0), train.std(0) + 1e-3
    solver = LogisticRegression(C=c, max_iter=5000, tol=1e-6)
    solver.fit((train - mean) / scale, data.train.y)
    score = solver.score((val - mean) / scale, data.val.y)
    return score, solver.predict_proba((test - mean) / scale)


def without(data, label, *splits):
    """The same data without a class in these splits."""
    kept = {s: getattr(data, s)[getattr(data, s).y != label] for s in splits}
    return replace(data, **kept)


@pytest.mark.core
def test_it_is_scikit_learns_solution(probe, hard):
    score, expected = solve(probe, hard, probe.c)
    got = probabilities(probe, hard.test.x)
    np.testing.assert_allclose(got, expected, atol=1e-3)
    np.testing.assert_array_equal(got.argmax(1), expected.argmax(1))
    assert probe.val_accuracy == score
    assert 0.4 < score < 1
    share = (expected.argmax(1) == hard.test.y).mean()
    assert probe.accuracy(hard.test) == pytest.approx(share)


def test_the_penalty_is_the_best_on_validation_data(probe, hard):
    scores = [solve(probe, hard, c)[0] for c in INVERSE_L2]
    assert len(set(scores)) > 1
    assert probe.c in {c for c, s in zip(INVERSE_L2, scores, strict=True) if s == max(scores)}


def test_of_equally_accurate_penalties_the_likeliest_wins(probe, backbone, hard):
    one = replace(hard, val=hard.val[1:2], test=hard.val[1:2])  # most get one picture right
    solved = {c: solve(probe, one, c) for c in INVERSE_L2}
    right = {c: p[0, one.val.y[0]] for c, (score, p) in solved.items() if score == 1.0}
    assert len(right) > 1
    assert linear_probe(backbone, one).c == max(right, key=right.get)


@pytest.mark.core
def test_two_classes(backbone, hard):
    data = replace(without(hard, 2, "train", "val", "test"), classes=("a", "b"))
    probe = linear_probe(backbone, data)
    assert probe.kernel.shape == (16, 2)
    expected = solve(probe, data, probe.c)[1]
    np.testing.assert_allclose(probabilities(probe, data.test.x), expected, atol=1e-3)


@pytest.mark.parametrize("label", [0, 1, 2])
def test_a_class_without_training_pictures_is_never_predicted(backbone, hard, label):
    data = without(hard, label, "train")
    probe = linear_probe(backbone, data)
    got = probabilities(probe, hard.test.x)
    np.testing.assert_allclose(got[:, label], 0, atol=1e-12)
    others = [c for c in range(3) if c != label]
    np.testing.assert_allclose(got[:, others], solve(probe, data, probe.c)[1], atol=1e-3)


def test_one_class_is_no_problem_to_solve(backbone, hard):
    one = hard.train[hard.train.y == 1]
    with pytest.raises(ValueError, match="at least two classes"):
        linear_probe(backbone, replace(hard, train=one))


# Where the features are cut


@pytest.mark.parametrize(("stage", "width"), [("stem", 8), ("stage1", 12), ("stage2", 16)])
def test_a_probe_of_each_stage(backbone, hard, stage, width):
    probe = linear_probe(backbone, hard, stage)
    assert probe.stage == stage
    assert probe.kernel.shape == (width, 3)
    by_hand = keras.Model(backbone.model.input, backbone.model.get_layer(stage).output)
    maps = keras.ops.convert_to_numpy(by_hand(hard.test.x))
    np.testing.assert_allclose(
        features(probe.extract, hard.test.x), maps.mean((1, 2)), rtol=1e-4, atol=1e-5
    )


def test_the_last_stage_is_the_default(probe, backbone, hard):
    assert probe.stage == "stage2"
    model = attach_head(backbone, 3)
    again = linear_probe(model, hard)  # and a model is probed as its backbone is
    assert again.stage == "stage2"
    np.testing.assert_allclose(again.kernel, probe.kernel, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(again.bias, probe.bias, rtol=1e-4, atol=1e-5)
    assert linear_probe(model, hard, "stem").kernel.shape == (8, 3)


@pytest.mark.parametrize("stage", ["stage9", "head"])
def test_unknown_stages(backbone, hard, stage):
    for network in (backbone, attach_head(backbone, 3)):
        with pytest.raises(ValueError, match=f"unknown stage '{stage}'.* has stem, stage1, stage2"):
            linear_probe(network, hard, stage)


# As the head of a model


@pytest.mark.core
def test_installed_it_predicts_as_before(probe, backbone, hard):
    model = attach_head(backbone, 3)
    x = hard.test.x
    expected = features(probe.extract, x) @ probe.kernel + probe.bias
    before = model.predict(x, verbose=0)
    probe.install(model)
    np.testing.assert_allclose(model.predict(x, verbose=0), expected, atol=1e-4)
    assert not np.allclose(before, expected, atol=0.1)


def test_only_a_probe_of_the_last_stage_and_the_same_classes_fits(backbone, probe, hard):
    early = linear_probe(backbone, hard, "stem")
    with pytest.raises(ValueError, match=r"at stem has shape \(8, 3\), the model's head \(16, 3\)"):
        early.install(attach_head(backbone, 3))
    with pytest.raises(ValueError, match=r"at stage2 has shape \(16, 3\).*head \(16, 4\)"):
        probe.install(attach_head(backbone, 4))


def test_a_smoke_run_solves_nothing_but_runs(backbone, hard, monkeypatch):
    steps = []
    fit = LogisticRegression.fit
    monkeypatch.setattr(
        LogisticRegression,
        "fit",
        lambda self, x, y: steps.append(fit(self, x, y).n_iter_.max()) or self,
    )
    monkeypatch.setenv("TL_SMOKE", "1")
    linear_probe(backbone, hard)
    assert max(steps) <= 1
    monkeypatch.delenv("TL_SMOKE")
    linear_probe(backbone, hard)
    assert max(steps) > 1


def test_accuracy_is_a_share(probe, hard):
    right = probabilities(probe, hard.test.x).argmax(1) == hard.test.y
    assert probe.accuracy(hard.test[right]) == 1
    assert probe.accuracy(hard.test[~right]) == 0
    assert probe.accuracy(Split(hard.test.x, (hard.test.y + 1) % 3)) < 0.5
