"""How this library compiles a classifier for training: the optimizer, its rate, the loss."""

import keras
import numpy as np

from ..session import jit_compile
from .layerwise import layerwise
from .scaled import ScaledAdamW

WARMUP = 0.1  # share of the steps


def warm_cosine(steps: int, peak: float) -> keras.optimizers.schedules.LearningRateSchedule:
    """The rate of this library's recipes: a linear warm-up, and a cosine to zero."""
    warmup = min(max(1, round(WARMUP * steps)), steps - 1)
    return keras.optimizers.schedules.CosineDecay(
        peak / 100, max(1, steps - warmup), warmup_target=peak, warmup_steps=warmup
    )


def adamw(model, rate, weight_decay: float, **rates):
    """This library's optimizer: AdamW, with rates for each stage as `layerwise` takes them.

    Once built, its rate is multiplied by `optimizer.scale`.
    """
    optimizer = ScaledAdamW(rate, weight_decay=weight_decay)
    optimizer.exclude_from_weight_decay(var_names=["gamma", "beta", "bias"])
    return layerwise(optimizer, model, **rates)


def compile_for(model, optimizer) -> None:
    """Compile a classifier, or a part of it that ends in its logits, by this library's policy."""
    model.compile(
        optimizer,
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
        jit_compile=jit_compile(),
    )
    # Keras makes what is missing inside the first traced step, and TensorFlow then traces it again.
    optimizer.build(model.trainable_variables)
    classes = model.output_shape[-1]
    model.compute_metrics(None, np.zeros(1, "int32"), np.zeros((1, classes), "float32"))
    model.reset_metrics()
