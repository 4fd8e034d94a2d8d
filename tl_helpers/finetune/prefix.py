"""A frozen prefix, computed once, and the suffix above it, trained as a model of its own.

What lies below the lowest stage that trains gives the same output for the same picture in every
epoch. So it runs once, and training runs on its output: on a model from there to the logits, whose
layers are those of the whole network.
"""

import keras

from ..data.augment import flip_shift
from ..data.dataset import Split
from .classifier import Classifier
from .features import Views, draws, features
from .freezing import stages


def cut_below(model, stage: str) -> tuple[keras.Model, Classifier] | None:
    """The network up to a stage, and the rest of it; None where nothing lies below.

    Args:
        model: from `attach_head`; training the rest trains it.
        stage: the lowest one of the rest. Below "head" are pooled features, (n, channels); below
            any other stage the feature map of the one before, (n, h, w, channels).
    """
    groups = stages(model)
    names = list(groups)
    at = names.index(stage)
    if at == 0:
        return None
    last = groups["head"][0] if stage == "head" else groups[names[at - 1]][-1]  # the head's pooling
    prefix = keras.Model(model.input, last.output)
    return prefix, Classifier(last.output, model.output, name=f"{model.name}_from_{stage}")


def cached(prefix: keras.Model, split: Split, augment=False, views: int = 1, seed: int = 0):
    """A frozen prefix's output for a split, and the augment that `Batches` shall take with it.

    Args:
        prefix: from pictures (n, h, w, 3) to features.
        split: pictures and labels.
        augment: False, True, or a function `(x, rng) -> x` on pictures.
        views: with augmentation, draws of each picture.
        seed: of the draws.

    Returns:
        A `Split` of features, and False or a function.
    """
    if not augment:
        return Split(features(prefix, split.x), split.y), False
    augment = flip_shift if augment is True else augment
    return Split(draws(prefix, split.x, augment, views, seed), split.y), Views.pick
