"""What real ImageNet features are worth on real photographs: squeezenet on photos10.

    TL_DATA_HOME=... python benchmarks/squeezenet_photos.py

100 photographs a class, pictures scaled to 96x96, test accuracy in percent, mean of five draws:
exact probes at four stages, the best of them with the preprocessing of other networks, and the
probe as the head with everything fine-tuned from there (LP-FT), without augmentation, for the
whole network and for the network cut at that stage.
"""

from _report import report

import tl_helpers as tl

STAGES = ("fire3", "fire5", "fire7", "fire9")
BEST = "fire7"
SEEDS = range(5)


def main():
    """Probe and fine-tune on five draws."""
    tl.setup(quiet=True)
    found = {}

    def note(name, accuracy):
        found.setdefault(name, []).append(round(100 * accuracy, 1))

    for seed in SEEDS:
        data = tl.data.load("photos10", per_class=100, seed=seed)
        backbone = tl.backbones.load("squeezenet", input_size=96)
        for stage in STAGES:
            note(stage, tl.finetune.linear_probe(backbone, data, stage).accuracy(data.test))
        entry = backbone.model.get_layer("preprocess")
        entry.mean, entry.scale, entry.bgr = 127.5, 127.5, False
        wrong = tl.finetune.linear_probe(backbone, data, BEST).accuracy(data.test)
        note(f"{BEST}, wrong preprocessing", wrong)
        for stage in (STAGES[-1], BEST):
            backbone = tl.backbones.load("squeezenet", input_size=96)
            model = tl.finetune.attach_head(backbone, data.num_classes, seed=seed, stage=stage)
            tl.finetune.fine_tune(model, data, "lp-ft", epochs=8, base_lr=1e-4, seed=seed)
            note(f"LP-FT, cut at {stage}", tl.evaluate.accuracy(model, data.test))
    means = {name: round(sum(v) / len(v), 1) for name, v in found.items()}
    report(__file__, percent=means, each=found)


if __name__ == "__main__":
    main()
