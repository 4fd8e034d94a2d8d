"""Which adapted model to take, without one label of the target.

Choosing by the accuracy on labelled target pictures is choosing by what one does not have. Two
criteria that need none:

- **reverse validation** (Zhong et al. 2010; Ganin et al. 2016): let the model label the target,
  teach those labels to another learner, and ask that one about the labelled source. Mixed-up
  classes come back mixed up. The other learner here is a linear probe on features that had no
  part in the adaptation, each domain centred and scaled by itself, so that a shift of those
  features as a whole does not count.
- **source accuracy minus distance**: what the model still knows at home, less half of the proxy
  A-distance of its features (the bound of Ben-David et al. 2007 has both). It cannot see classes
  that are mixed up.
"""

from collections.abc import Mapping

import keras
import numpy as np
import pandas as pd
from sklearn.linear_model import RidgeClassifier
from sklearn.preprocessing import StandardScaler

from ..data.dataset import Split
from ..finetune import features
from .measure import a_distance, answers

CRITERIA = ("reverse", "distance")


def reverse_accuracy(
    labels: np.ndarray, target: np.ndarray, source: np.ndarray, source_y: np.ndarray
) -> float:
    """How well a linear probe that was taught a model's labels of the target does at home, 0 to 1.

    Args:
        labels: (m,) what the adapted model says of target pictures.
        target, source: (m, d) and (n, d) features of a network that was not adapted.
        source_y: (n,) true labels of the source pictures.
    """
    if len(np.unique(labels)) < 2:  # it calls everything one class: so would its pupil
        return float((source_y == labels[0]).mean())
    there, here = (StandardScaler().fit_transform(part) for part in (target, source))
    pupil = RidgeClassifier(alpha=10.0).fit(there, labels)
    return float((pupil.predict(here) == source_y).mean())


def criteria(
    models: Mapping[str, keras.Model | tuple[keras.Model, keras.Model]],
    source: Split,
    target_x: np.ndarray,
    reference: keras.Model,
) -> pd.DataFrame:
    """What can be said of adapted classifiers without labels of the target.

    Args:
        models: name -> classifier that ends in a dense layer, such as `.classifier` of a `DANN`;
            or a pair of them, for the source and for the target, such as one network with each
            domain's own BatchNorm statistics (`separate`).
        source: labelled pictures that no model has trained on: `data.val`.
        target_x: (m, h, w, 3) target pictures.
        reference: from pictures to one vector each; no model shares it, such as
            `tl.backbones.load("tiny-resnet").features()`.

    Returns:
        A row a model: source (accuracy there), reverse (`reverse_accuracy`), a_distance (of its
        features), and distance: source minus half of a_distance. Of reverse and distance more is
        better.
    """
    if not models:
        raise ValueError("criteria() needs at least one model: {'DANN': model.classifier}")
    there, here = features(reference, target_x), features(reference, source.x)
    rows = []
    for name, model in models.items():
        pair = model if isinstance(model, tuple) else (model, model)
        (fs, at_home), (ft, said) = (
            answers(one, x)[0] for one, x in zip(pair, (source.x, target_x), strict=True)
        )
        accuracy = float((at_home.argmax(1) == source.y).mean())
        apart = a_distance(fs, ft)
        rows.append(
            {
                "model": name,
                "source": accuracy,
                "reverse": reverse_accuracy(said.argmax(1), there, here, source.y),
                "a_distance": apart,
                "distance": accuracy - apart / 2,
            }
        )
    return pd.DataFrame(rows)


def select(table: pd.DataFrame, by: str = "reverse") -> str:
    """The name of the best model by a criterion.

    Args:
        table: from `criteria`.
        by: "reverse" or "distance".
    """
    if by not in CRITERIA:
        raise ValueError(f"criteria without target labels are {', '.join(CRITERIA)}; got {by!r}")
    return str(table.loc[table[by].idxmax(), "model"])
