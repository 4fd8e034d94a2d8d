"""Grad-CAM: where in a picture a class is seen (Selvaraju et al. 2017)."""

import keras
import numpy as np

from ..finetune.freezing import stages
from .activations import BATCH, activations
from .gradient import gradient


def grad_cam(model, x: np.ndarray, classes=None, stage: str | None = None) -> np.ndarray:
    """Heat maps: the channels of a stage, weighted by how much each raises the logit of a class.

    Args:
        model: from `attach_head`.
        x: (n, h, w, 3).
        classes: (n,) or one number; default the class that the model gives.
        stage: whose feature map; default the last, the coarsest and most telling one.

    Returns:
        (n, h', w') float32, 0 to 1: the size of the stage's feature map. A picture in which nothing
        speaks for the class is 0 all over.
    """
    groups = stages(model)
    *names, _ = groups  # without the head
    stage = stage or names[-1]
    if stage not in names:
        raise ValueError(f"unknown stage {stage!r}; this model has {', '.join(names)}")
    suffix = keras.Model(groups[stage][-1].output, model.output, name=f"above_{stage}")
    maps = activations(model, x, stage)  # (n, h, w, c)
    logits = suffix.predict(maps, batch_size=BATCH, verbose=0)  # (n, classes)
    chosen = logits.argmax(1) if classes is None else np.broadcast_to(classes, len(x))
    if chosen.min() < 0 or chosen.max() >= logits.shape[1]:
        raise ValueError(
            f"classes are 0 to {logits.shape[1] - 1}, got {np.unique(chosen).tolist()}"
        )
    mask = np.eye(logits.shape[1], dtype=np.float32)[chosen]

    def evidence(part):
        return lambda m: keras.ops.sum(suffix(m, training=False) * mask[part])

    slices = [slice(i, i + BATCH) for i in range(0, len(x), BATCH)]
    slope = np.concatenate([gradient(evidence(part), maps[part]) for part in slices])
    weights = slope.mean((1, 2), keepdims=True)  # (n, 1, 1, c)
    heat = np.maximum((weights * maps).sum(-1), 0)  # (n, h, w)
    return heat / np.maximum(heat.max((1, 2), keepdims=True), 1e-12)
