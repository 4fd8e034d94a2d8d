"""Self-training: what is kept, and what it learns from it."""

import numpy as np
import pytest

from tl_helpers.adapt import self_train
from tl_helpers.adapt.self_train import _balance
from tl_helpers.evaluate import accuracy
from tl_helpers.finetune import fine_tune


@pytest.mark.core
def test_it_learns_a_domain_without_its_labels(classifier, domains):
    source, far = domains
    target = far.map(lambda x: np.clip(x.astype(int) - 45, 0, 255).astype(np.uint8))  # nearer
    model = classifier()
    fine_tune(model, source, epochs=12, base_lr=1e-2, seed=0)
    before = accuracy(model, target.test)
    log = self_train(model, source, target.train.x, threshold=0.6, epochs=4, base_lr=1e-2).rounds
    assert log["round"].tolist() == [1, 2, 3]
    assert log["kept"].between(0, 1).all()
    assert log["largest"].between(0.5, 1).all()
    assert accuracy(model, target.test) >= before
    assert accuracy(model, target.test) > 0.9


def test_a_domain_too_far_away_collapses_into_one_class_and_the_log_shows_it(classifier, domains):
    source, target = domains
    model = classifier()
    fine_tune(model, source, epochs=12, base_lr=1e-2, seed=0)
    log = self_train(model, source, target.train.x, threshold=0.6, epochs=4, base_lr=1e-2).rounds
    assert log["largest"].iloc[-1] > 0.9
    assert log["confidence"].iloc[-1] > 0.9  # and it has never been surer
    assert accuracy(model, target.test) < 0.7


def test_nothing_confident_says_what_to_do(classifier, domains):
    source, target = domains
    with pytest.raises(ValueError, match=r"nowhere at least 100% sure.*lower the threshold"):
        self_train(classifier(), source, target.train.x, threshold=0.9999, epochs=1)


def test_balance_keeps_the_surest_of_each():
    labels = np.array([0, 0, 0, 1, 1, 2])
    confidence = np.array([0.7, 0.9, 0.8, 0.95, 0.6, 0.5])
    kept = np.array([0, 1, 2, 3, 4])  # class 2 was never called confidently
    assert _balance(kept, labels, confidence).tolist() == [1, 2, 3, 4]
