"""The head of a frozen backbone: features computed once, against the loop of Keras' guide.

The guide (keras.io, Transfer learning & fine-tuning) freezes the base, calls it with
`training=False` inside the new model and fits that with Keras' defaults, so that the base runs on
every picture in every epoch. As there: pictures of the network's size, batches of 64, and a quarter
as many validation pictures, evaluated after each epoch. 1,000 pictures, ten epochs, compilation
included. The guide's own size of picture is 150; 160 is the next that MobileNetV2 was made for.

python benchmarks/cached_head.py
"""

import gc
import time

from _report import report, spread
from _training import noise

import tl_helpers as tl

CASES = (("tiny-resnet", 32), ("squeezenet", 96), ("mobilenetv2", 96), ("mobilenetv2", 160))
PICTURES, CLASSES, EPOCHS, BATCH, ROUNDS = 1000, 10, 10, 64, 3


def guide(backbone, data):
    """The guide's loop, with its defaults."""
    import keras

    backbone.model.trainable = False
    # It has pictures of its own size here, and scales none: so Keras may use XLA where it likes to.
    backbone.model.get_layer("preprocess").supports_jit = True
    pictures = keras.Input(data.train.x.shape[1:])
    x = backbone.model(pictures, training=False)
    x = keras.layers.GlobalAveragePooling2D()(x)
    x = keras.layers.Dropout(0.2)(x)
    model = keras.Model(pictures, keras.layers.Dense(CLASSES)(x))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(), loss, metrics=["accuracy"])
    val = data.val.x, data.val.y
    model.fit(
        data.train.x,
        data.train.y,
        batch_size=BATCH,
        epochs=EPOCHS,
        validation_data=val,
        verbose=0,
    )


def cached(backbone, data):
    """The same training by this library."""
    model = tl.finetune.attach_head(backbone, CLASSES)
    tl.finetune.fine_tune(model, data, "head", EPOCHS, 1e-3, batch_size=BATCH)


def main():
    """Time both for each network, by turns, nothing kept from one run to the next."""
    tl.setup(quiet=True)
    found = {}
    for name, size in CASES:
        data = noise(PICTURES, size)
        seconds = {guide: [], cached: []}
        for _ in range(ROUNDS):
            for way, taken in seconds.items():
                backbone = tl.backbones.load(name, weights=None, input_size=size)
                tl.finetune.clear_features()
                gc.collect()
                start = time.perf_counter()
                way(backbone, data)
                taken.append(time.perf_counter() - start)
        ratios = [g / c for g, c in zip(seconds[guide], seconds[cached], strict=True)]
        found[f"{name} at {size}"] = {
            "guide_seconds": spread(seconds[guide]),
            "cached_seconds": spread(seconds[cached]),
            "times_faster": spread(ratios),
        }
    report(__file__, **found)


if __name__ == "__main__":
    main()
