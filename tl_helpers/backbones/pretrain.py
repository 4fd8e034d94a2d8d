"""Pretrain an embedded backbone from formula-drawn pictures alone.

Every picture is drawn once and seen once, from a stream that depends only on the recipe's seed and
the step, so a run that was cut off goes on exactly where it was.
"""

import json
import platform
import time
from dataclasses import asdict
from pathlib import Path

import keras
import numpy as np
from keras import layers

from ..data.formula import SOURCE
from . import weights
from .load import build
from .recipes import Recipe, batch

LEG = 20_000  # pictures between two checkpoints


class Stream(keras.utils.PyDataset):
    """Fresh pictures of random classes; batch i of the run is always the same."""

    def __init__(self, recipe: Recipe, first: int, steps: int):
        super().__init__(workers=1)
        self.recipe, self.first, self.steps = recipe, first, steps

    def __len__(self):
        return self.steps

    def __getitem__(self, i):
        rng = np.random.default_rng([self.recipe.seed, 1, self.first + i])
        return batch(self.recipe, rng, self.recipe.batch)


def pretrain(
    name: str, recipe: Recipe, work, out=None, progress=print, called: str = "default"
) -> dict:
    """Train a backbone on formula-drawn pictures and write its weights and card.

    Args:
        name: an embedded backbone, e.g. "tiny-resnet".
        recipe: the settings.
        work: folder for checkpoints; a run found there goes on.
        out: folder for the weights and the card; default: the package's own.
        progress: called with a line after each leg.
        called: what `load` knows the weights by, once they lie in the package.

    Returns:
        The card: recipe, held-out accuracy (0..1), seconds, versions and the weights' hash.
    """
    work, out = Path(work), Path(out or weights.FOLDER)
    work.mkdir(parents=True, exist_ok=True)
    checkpoint, state_file = work / "model.keras", work / "state.json"
    (work / "recipe.json").write_text(_same_recipe(work, recipe))
    steps = recipe.pictures // recipe.batch
    leg = LEG // recipe.batch

    # Built anew, not loaded: a loaded optimizer forgets what is excluded from weight decay.
    model = _classifier(name, recipe, steps)
    total = 0.0  # seconds
    if checkpoint.exists():
        model.optimizer.build(model.trainable_variables)
        model.load_weights(checkpoint)
        if state_file.exists():
            total = json.loads(state_file.read_text())["seconds"]
        progress(f"going on at step {int(model.optimizer.iterations)} of {steps}")
    while (step := int(model.optimizer.iterations)) < steps:
        count = min(leg, steps - step)
        start = time.perf_counter()
        log = model.fit(Stream(recipe, step, count), verbose=0, shuffle=False).history
        seconds = time.perf_counter() - start
        step, total = step + count, total + seconds
        part, state_part = work / "part.keras", work / "part.json"
        model.save(part)
        part.replace(checkpoint)
        state_part.write_text(json.dumps({"step": step, "seconds": total}))
        state_part.replace(state_file)
        left = total / step * (steps - step)
        progress(
            f"step {step}/{steps}  loss {log['loss'][0]:.3f}  "
            f"accuracy {log['accuracy'][0]:.3f}  {count * recipe.batch / seconds:.0f} pictures/s  "
            f"{left / 60:.0f} min left"
        )

    rng = np.random.default_rng([recipe.seed, 2])
    x, y = batch(recipe, rng, 5_000)
    accuracy = float(np.mean(model.predict(x, verbose=0).argmax(1) == y))
    stem = weights.stem(name, called)
    card = {
        "name": name,
        "weights": weights.save(model.get_layer(name), out / f"{stem}.npz"),
        "source": SOURCE,
        "licence": "Apache-2.0",
        "recipe": asdict(recipe),
        "held_out_accuracy": round(accuracy, 4),
        "seconds": round(total),
        "machine": f"{platform.machine()}, {keras.backend.backend()}, Keras {keras.__version__}",
        "command": f"tl-course pretrain {name}"
        + (f" --weights {called}" if called != "default" else ""),
    }
    (out / f"{stem}.json").write_text(json.dumps(card, indent=2) + "\n")
    return card


def _classifier(name, recipe, steps):
    keras.utils.set_random_seed(recipe.seed)
    backbone = build(name, pretrained=False)
    model = keras.Sequential(
        [backbone, layers.GlobalAveragePooling2D(), layers.Dense(recipe.labels)]
    )
    warmup = int(recipe.warmup * steps)
    rate = keras.optimizers.schedules.CosineDecay(
        0.0, steps - warmup, warmup_target=recipe.peak_rate, warmup_steps=warmup
    )
    optimizer = keras.optimizers.SGD(
        rate, momentum=recipe.momentum, nesterov=True, weight_decay=recipe.weight_decay
    )
    optimizer.exclude_from_weight_decay(var_names=["gamma", "beta", "bias"])
    model.compile(
        optimizer,
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
        # Slow to start and then faster, here: see benchmarks/compile_policy.py.
        jit_compile=True,
    )
    return model


def _same_recipe(work, recipe) -> str:
    text = json.dumps(asdict(recipe), indent=2)
    earlier = work / "recipe.json"
    if earlier.exists() and earlier.read_text() != text:
        raise ValueError(
            f"{work} holds an unfinished run with another recipe: give another folder, or delete it"
        )
    return text
