"""Self-training: let a classifier label the target, keep what it is sure of, train on that, again.

Yarowsky 1995; Lee 2013 (pseudo-labels). Rare classes and confident mistakes are its ways to fail:
a class that is never called confidently vanishes, and the rest looks ever surer.
"""

from dataclasses import dataclass, replace

import keras
import numpy as np
import pandas as pd
from scipy.special import softmax

from ..data.dataset import Dataset, Split
from ..finetune import fine_tune
from .measure import PREDICT


@dataclass(frozen=True, eq=False)
class SelfTrained:
    """What happened, a row a round.

    rounds: round; kept, the share of target pictures with a confident label; confidence, its mean
        over all of them; largest, the share of the most common class among those kept (1: all
        pictures are called the same).
    """

    rounds: pd.DataFrame


def self_train(
    model: keras.Model,
    data: Dataset,
    target_x: np.ndarray,
    rounds: int = 3,
    threshold: float = 0.9,
    balanced: bool = False,
    seed: int = 0,
    **settings,
) -> SelfTrained:
    """Train on the source and on the target's confident pseudo-labels, round after round.

    Args:
        model: from `attach_head`, trained on the source already; trained on in place.
        data: the source; `data.val` is evaluated, the test is not touched.
        target_x: (m, h, w, 3) target pictures, without labels.
        rounds: of labelling and training.
        threshold: the confidence, 0 to 1, from which on a label is kept.
        balanced: keep as many of each class as of the least common one among those called
            confidently: no class can take over, and much is thrown away.
        seed: of the training.
        settings: of `tl.finetune.fine_tune`, such as epochs and base_lr.

    Raises:
        ValueError: nothing is confident in the first round: lower the threshold.
    """
    if not 0 <= threshold < 1 or rounds < 1:
        raise ValueError(f"threshold is 0 to 1, rounds at least 1; got {threshold} and {rounds}")
    log = []
    for number in range(1, rounds + 1):
        logits = model.predict(target_x, batch_size=PREDICT, verbose=0)
        odds = softmax(logits, axis=1)
        labels = odds.argmax(1).astype(np.int32)
        kept = np.flatnonzero(odds.max(1) >= threshold)
        if balanced:
            kept = _balance(kept, labels, odds.max(1))
        if not len(kept):
            if number == 1:
                raise ValueError(
                    f"the classifier is nowhere at least {threshold:.0%} sure of a target picture "
                    f"(at most {odds.max():.0%}): lower the threshold"
                )
            break
        counts = np.bincount(labels[kept])
        log.append(
            {
                "round": number,
                "kept": len(kept) / len(labels),
                "confidence": float(odds.max(1).mean()),
                "largest": counts.max() / len(kept),
            }
        )
        both = Split(
            np.concatenate([data.train.x, target_x[kept]]),
            np.concatenate([data.train.y, labels[kept]]),
        )
        fine_tune(model, replace(data, train=both), seed=seed + number, **settings)
    return SelfTrained(pd.DataFrame(log))


def _balance(kept, labels, confidence):
    """The surest of each class that occurs, as many as its rarest has."""
    called = np.unique(labels[kept])
    of = {k: kept[labels[kept] == k] for k in called}
    fewest = min(map(len, of.values()), default=0)
    surest = [rows[np.argsort(-confidence[rows])[:fewest]] for rows in of.values()]
    return np.sort(np.concatenate(surest)) if surest else kept
