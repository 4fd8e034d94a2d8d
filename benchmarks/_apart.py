"""What a process cannot take back: each run has a process of its own, and they take turns."""

import json
import subprocess
import sys


def in_turn(script: str, names, rounds: int) -> dict[str, list]:
    """Name -> what `script NAME` prints as its last line, JSON, in each round."""
    runs = {name: [] for name in names}
    for _ in range(rounds):
        for name, values in runs.items():
            command = [sys.executable, script, name]
            out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            values.append(json.loads(out.splitlines()[-1]))
    return runs


def small_training(per_class: int):
    """A small network, compiled to be fine-tuned, its data, and augmented batches of it."""
    import tl_helpers as tl
    from tl_helpers.finetune.batches import Batches
    from tl_helpers.finetune.compiled import adamw, compile_for, warm_cosine

    data = tl.data.load("formula10", per_class=per_class)
    model = tl.finetune.attach_head(tl.backbones.load("tiny-resnet"), data.num_classes)
    compile_for(model, adamw(model, warm_cosine(1000, 1e-4), 0, decay=1.0))
    return model, data, Batches(data.train, 32, augment=True)
