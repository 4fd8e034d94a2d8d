"""How far apart two domains are, and where in a network."""

import keras
import numpy as np
import pandas as pd

PREDICT = 100  # pictures a batch, as in tl.evaluate.accuracy


def a_distance(source: np.ndarray, target: np.ndarray, seed: int = 0) -> float:
    """The proxy A-distance: how well a linear classifier tells the domains apart, 0 to 2.

    2 (1 - 2 error), with the error on held-out rows, by five-fold cross-validation (Ben-David et
    al. 2007). 0: no better than chance; 2: without a mistake.

    Args:
        source, target: (n, d) and (m, d) features; of the larger set only as many rows count as
            the smaller has.
        seed: of the folds.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_score
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    n = min(len(source), len(target))
    if n < 5:
        raise ValueError(f"five folds need five rows of each domain, got {n}")
    rng = np.random.default_rng(seed)
    both = np.concatenate([part[rng.permutation(len(part))[:n]] for part in (source, target)])
    y = np.repeat([0, 1], n)
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=500))
    folds = StratifiedKFold(5, shuffle=True, random_state=seed)
    error = 1 - cross_val_score(model, both, y, cv=folds).mean()
    return float(max(0.0, 2 * (1 - 2 * error)))


def answers(classifier, *parts: np.ndarray) -> list:
    """Features (n, d) and logits (n, classes) of each array of pictures, both in one pass.

    Args:
        classifier: a model that ends in a dense layer; the features are what goes into that.
        parts: (n, h, w, 3) each.
    """
    both = keras.Model(classifier.input, [classifier.layers[-1].input, classifier.output])
    return [both.predict(x, batch_size=PREDICT, verbose=0) for x in parts]


def shift_by_stage(model, source: np.ndarray, target: np.ndarray) -> pd.DataFrame:
    """How far the statistics of each stage move from one domain to the other.

    Args:
        model: a `Backbone`, or a model from `attach_head`.
        source, target: pictures (n, h, w, 3) and (m, h, w, 3).

    Returns:
        A row a stage. mean: how far a channel's mean moves, in standard deviations of the source;
        spread: by what factor its standard deviation changes, the larger one over the smaller.
        Both are averages over channels, of the root mean square and the geometric kind.
    """
    from ..backbones import Backbone
    from ..finetune import stages
    from ..inspect import activations

    names = list(model.stages) if isinstance(model, Backbone) else list(stages(model))[:-1]
    found = [activations(model, x, names) for x in (source, target)]
    rows = []
    for name in names:
        a, b = (part[name].reshape(-1, part[name].shape[-1]) for part in found)
        sa, sb = a.std(0) + 1e-6, b.std(0) + 1e-6
        rows.append(
            {
                "stage": name,
                "mean": float(np.sqrt((((a.mean(0) - b.mean(0)) / sa) ** 2).mean())),
                "spread": float(np.exp(np.abs(np.log(sa / sb)).mean())),
            }
        )
    return pd.DataFrame(rows)
