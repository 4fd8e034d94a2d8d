"""What each stage knows: an exact linear probe on each (Alain and Bengio 2017)."""

import keras
import numpy as np
import pandas as pd

from ..backbones import Backbone
from ..data.dataset import Dataset
from ..finetune.features import extractor, features
from ..finetune.freezing import stages
from ..finetune.probe import solve


def probe_by_stage(network, data: Dataset | dict[str, Dataset]) -> pd.DataFrame:
    """Accuracy of a linear probe on the features of every stage, averaged over space.

    Args:
        network: a `Backbone`, or a model from `attach_head`.
        data: one data set, or several by name.

    Returns:
        A row a target and stage: target, stage, depth (from 1), accuracy on the test pictures,
        validation (0 to 1; choose by this one).
    """
    targets = {data.name: data} if isinstance(data, Dataset) else data
    groups = network.stages if isinstance(network, Backbone) else stages(network)
    names = [name for name in groups if name != "head"]
    cuts = [extractor(network, name)[0] for name in names]
    # One model for all stages: the pictures pass once, and Keras traces once.
    together = keras.Model(cuts[0].input, keras.ops.concatenate([cut.output for cut in cuts], -1))
    ends = np.cumsum([cut.output_shape[-1] for cut in cuts])[:-1]
    rows = []
    for target, each in targets.items():
        splits = each.train, each.val, each.test
        parts = [np.split(features(together, split.x), ends, axis=1) for split in splits]
        for depth, stage in enumerate(names, 1):
            x, val, test = (part[depth - 1] for part in parts)
            kernel, bias, _, accuracy = solve(x, each.train.y, val, each.val.y, each.num_classes)
            right = (test @ kernel + bias).argmax(1) == each.test.y
            rows.append(
                {
                    "target": target,
                    "stage": stage,
                    "depth": depth,
                    "accuracy": float(right.mean()),
                    "validation": accuracy,
                }
            )
    return pd.DataFrame(rows)
