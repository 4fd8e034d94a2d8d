"""What each stage of tiny-resnet knows about real photographs, pretrained and random.

    TL_DATA_HOME=... python benchmarks/probe_by_stage.py

Exact linear probes on photos10, 100 a class, test accuracy, mean of three seeds.
"""

from _report import report

import tl_helpers as tl

SEEDS = range(3)


def main():
    """Probe every stage of both networks."""
    tl.setup(quiet=True)
    found = {"pretrained": {}, "random": {}}
    for seed in SEEDS:
        data = tl.data.load("photos10", per_class=100, seed=seed)
        for name, weights in (("pretrained", "default"), ("random", None)):
            backbone = tl.backbones.load("tiny-resnet", weights=weights, seed=seed)
            for stage in backbone.stages:
                accuracy = tl.finetune.linear_probe(backbone, data, stage).accuracy(data.test)
                found[name].setdefault(stage, []).append(accuracy)
    percent = {
        name: {stage: round(100 * sum(v) / len(v), 1) for stage, v in stages.items()}
        for name, stages in found.items()
    }
    report(__file__, weights=tl.backbones.read_card("tiny-resnet")["weights"], percent=percent)


if __name__ == "__main__":
    main()
