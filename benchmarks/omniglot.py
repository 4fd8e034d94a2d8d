"""Handwritten characters that no network here was trained on, told apart from a few examples.

    TL_DATA_HOME=... python benchmarks/omniglot.py

Nearest class mean of the last stage's features, accuracy in percent over 1,000 tasks with five
queries a class. The characters are those at hand: the whole set, or its published small part.
"""

import numpy as np
from _report import report

import tl_helpers as tl

TASKS = {"5-way 1-shot": (5, 1), "5-way 5-shot": (5, 5), "20-way 1-shot": (20, 1)}
NETWORKS = ("tiny-resnet", "tiny-resnet-s")


def main():
    """Every network, pretrained and random, on every kind of task."""
    tl.setup(quiet=True)
    percent = {}
    for name in NETWORKS:
        for start, weights in (("pretrained", "default"), ("random", None)):
            measured = accuracies(tl.backbones.load(name, weights=weights))
            percent.setdefault(name, {})[start] = {k: round(v, 1) for k, v in measured.items()}
    weights = {name: tl.backbones.read_card(name)["weights"] for name in NETWORKS}
    characters = tl.data.load("omniglot").num_classes
    report(__file__, characters=characters, weights=weights, percent=percent)


def accuracies(backbone) -> dict[str, float]:
    """Percent on every kind of task, on the characters of all splits together."""
    data = tl.data.load("omniglot")
    parts = data.train, data.val, data.test
    x, y = (np.concatenate([getattr(part, a) for part in parts]) for a in "xy")
    features = tl.finetune.features(backbone.features(), x)
    return {
        kind: 100 * tl.fewshot.nearest_mean_accuracies(features, y, *task, n_query=5).mean()
        for kind, task in TASKS.items()
    }


if __name__ == "__main__":
    main()
