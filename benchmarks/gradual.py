"""Gradual unfreezing on cached prefixes, against the loop of Keras' guide.

Both unfreeze the head, then stage after stage from the top, with as many epochs a phase, the same
optimizer, rates and batches of pictures. The loop does what the guide (keras.io, Transfer learning
& fine-tuning) does for two phases: set `trainable`, compile again, fit the whole network, look at
validation pictures after each epoch. It runs with XLA, and as Keras compiles by default on a
machine that has only a CPU: without. Compilation included.

The limit is what counting multiplications gives: forward 1, backward 1 for the weights and 1 for
the input of what trains; the frozen part runs in every step, or once a phase.

tiny-resnet learns real photographs where they are at hand. mobilenetv2, the guide's network, learns
noise.

python benchmarks/gradual.py [CASE, like 2; default all]
"""

import gc
import json
import sys
import time
from pathlib import Path

import keras
import numpy as np
from _report import report, spread
from _training import noise

import tl_helpers as tl
from tl_helpers.backbones.patch_conv import PatchConv2D
from tl_helpers.finetune import stages
from tl_helpers.finetune.compiled import warm_cosine

# network, its weights, side of the pictures, pictures a class, lowest stage that trains
CASES = (
    ("tiny-resnet", "default", 32, 100, "stage1"),
    ("tiny-resnet", "default", 32, 100, "stage2"),
    ("mobilenetv2", None, 96, 50, "stage2"),
)
SHARE, RATE, BATCH, ROUNDS = 4, 2e-3, 32, 3  # SHARE: epochs a phase


def phases(model, down_to):
    """Stage names, the head first."""
    names = list(stages(model))
    return names[names.index(down_to) :][::-1]


def loop(jit_compile):
    """The guide's loop, with a phase a stage."""

    def run(model, data, down_to):
        # It has pictures of its own size here, and scales none: XLA can run all of it.
        model.get_layer("preprocess").supports_jit = True
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        steps = SHARE * (len(data.train) // BATCH)
        for stage in phases(model, down_to):
            tl.finetune.freeze_to(model, stage, batch_norm=False)
            optimizer = keras.optimizers.AdamW(warm_cosine(steps, RATE), weight_decay=1e-3)
            model.compile(optimizer, loss, metrics=["accuracy"], jit_compile=jit_compile)
            model.fit(
                data.train.x,
                data.train.y,
                batch_size=BATCH,
                epochs=SHARE,
                validation_data=(data.val.x, data.val.y),
                verbose=0,
            )

    return run


def cached(model, data, down_to):
    """The same by this library."""
    epochs = SHARE * len(phases(model, down_to))
    options = {"batch_size": BATCH, "batch_norm": False, "down_to": down_to}
    tl.finetune.fine_tune(model, data, "gradual", epochs, RATE, **options)


WAYS = {"default": loop("auto"), "xla": loop(True), "cached": cached}


def limit(model, down_to) -> float:
    """How many times fewer multiplications the cached way needs."""
    cost = {stage: sum(map(multiplications, layers)) for stage, layers in stages(model).items()}
    names = list(cost)
    whole = own = 0.0
    for lowest in phases(model, down_to):
        free = sum(cost[s] for s in names[names.index(lowest) :])
        frozen = sum(cost.values()) - free
        train = 3 * free - cost[lowest]  # the slope of the lowest one's input is not needed
        whole += SHARE * (frozen + train)
        own += frozen + SHARE * train
    return whole / own


CONVOLUTIONS = (
    keras.layers.Conv2D,
    keras.layers.DepthwiseConv2D,
    PatchConv2D,
    keras.layers.Dense,
)


def multiplications(layer) -> int:
    """Of a forward pass, for one picture."""
    if isinstance(layer, CONVOLUTIONS):
        places = int(np.prod(layer.output.shape[1:-1]))  # 1 for a dense layer
        return places * int(np.prod(layer.kernel.shape))
    return 0


def pictures(side, per_class):
    """Real photographs where they are at hand and the size is theirs; else noise."""
    if side == 32 and tl.data.available("photos10"):
        return tl.data.load("photos10", per_class=per_class)
    return noise(10 * per_class, side)


def main(*chosen):
    """Time the three by turns, nothing kept from one run to the next."""
    tl.setup(quiet=True)
    path = Path(__file__).with_suffix(".json")
    found = json.loads(path.read_text())["cases"] if path.exists() else {}
    for network, weights, side, per_class, down_to in (
        CASES[i] for i in chosen or range(len(CASES))
    ):
        data = pictures(side, per_class)
        seconds, accuracy = {w: [] for w in WAYS}, {w: [] for w in WAYS}
        for seed in range(ROUNDS):
            for way, train in WAYS.items():
                backbone = tl.backbones.load(network, weights=weights, input_size=side)
                model = tl.finetune.attach_head(backbone, data.num_classes, seed=seed)
                tl.finetune.clear_features()
                gc.collect()
                keras.utils.set_random_seed(seed)
                start = time.perf_counter()
                train(model, data, down_to)
                seconds[way].append(time.perf_counter() - start)
                accuracy[way].append(tl.evaluate.accuracy(model, data.test))
        case = f"{network} at {side}, {10 * per_class} pictures ({data.name}), to {down_to}"
        found[case] = {
            "seconds": {way: spread(s) for way, s in seconds.items()},
            "accuracy": {way: round(float(np.mean(a)), 3) for way, a in accuracy.items()},
            "times_faster": {
                way: spread([s / c for s, c in zip(seconds[way], seconds["cached"], strict=True)])
                for way in ("default", "xla")
            },
            "limit_by_multiplications": round(most := limit(model, down_to), 2),
        }
        faster = found[case]["times_faster"]["default"]["median"]
        found[case]["share_of_limit"] = round(faster / most, 2)
    report(__file__, epochs_a_phase=SHARE, batch=BATCH, cases=found)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
