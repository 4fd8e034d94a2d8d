"""What each stage knows: an exact linear probe on each (Alain and Bengio 2017)."""

import pandas as pd

from ..backbones import Backbone
from ..data.dataset import Dataset
from ..finetune.freezing import stages
from ..finetune.probe import linear_probe


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
    names = list(network.stages if isinstance(network, Backbone) else stages(network))
    rows = []
    for target, each in targets.items():
        for depth, stage in enumerate((name for name in names if name != "head"), 1):
            probe = linear_probe(network, each, stage)
            rows.append(
                {
                    "target": target,
                    "stage": stage,
                    "depth": depth,
                    "accuracy": probe.accuracy(each.test),
                    "validation": probe.val_accuracy,
                }
            )
    return pd.DataFrame(rows)
