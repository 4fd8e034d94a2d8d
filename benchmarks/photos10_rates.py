"""Choose the learning rates of both conditions on validation pictures, on a seed not reported.

    TL_DATA_HOME=... python benchmarks/photos10_rates.py

Writes benchmarks/photos10_rates.csv: validation accuracy by condition and rate; 100 photographs a
class, 15 epochs, with augmentation.
"""

from pathlib import Path

import pandas as pd

from tl_helpers import jobs

SEED = 100
RATES = (1e-3, 3e-3, 6e-3)


def train(condition, base_lr):
    """Validation accuracy of one run."""
    import tl_helpers as tl

    tl.setup(quiet=True)
    data = tl.data.load("photos10", per_class=100, seed=SEED)
    weights = "default" if condition == "fine-tuned" else None
    backbone = tl.backbones.load("tiny-resnet", weights=weights, seed=SEED)
    model = tl.finetune.attach_head(backbone, data.num_classes, seed=SEED)
    result = tl.finetune.fine_tune(model, data, epochs=15, base_lr=base_lr, augment=True, seed=SEED)
    return result.val_accuracy


def main():
    """Train every condition at every rate, two at a time."""
    grid = [{"condition": c, "base_lr": r} for r in RATES for c in ("scratch", "fine-tuned")]
    from tl_helpers.backbones import read_card

    salt = read_card("tiny-resnet")["weights"]
    work = [jobs.Job("photos10_rates:train", g, salt=salt) for g in grid]
    report = jobs.run(work, "build/jobs/photos10_rates.sqlite", workers=2).raise_if_failed()
    rows = [{**g, "val_accuracy": v} for g, v in zip(grid, report.results, strict=True)]
    table = pd.DataFrame(rows)
    table.to_csv(Path(__file__).with_suffix(".csv"), index=False, float_format="%.4f")
    print(table.to_string(index=False))


if __name__ == "__main__":
    main()
