"""Choose the rates of photos10's experiment on validation pictures of a seed not reported.

    TL_DATA_HOME=... python benchmarks/photos10_rates.py

Writes benchmarks/photos10_rates.csv: validation accuracy by network, condition and rate; 100
photographs a class, with augmentation. The experiment takes the best rate of each.
"""

from pathlib import Path

import pandas as pd

from tl_helpers import jobs

SEED = 100
TRIED = {
    "tiny-resnet": {
        "fine-tuned": (3e-3, 6e-3, 1e-2),
        "scratch": (3e-3, 6e-3, 1e-2),
        "head only": (3e-3, 1e-2, 3e-2),
        "head first": (1e-3, 3e-3, 6e-3),
    },
    "squeezenet": {
        "fine-tuned": (3e-4, 1e-3, 3e-3),
        "scratch": (1e-4, 3e-4, 1e-3),
        "head only": (1e-3, 3e-3, 1e-2),
        "head first": (3e-4, 1e-3, 3e-3),
    },
}


def train(network, condition, base_lr):
    """Validation accuracy of one run, as the experiment makes it, but at another rate."""
    import tl_helpers as tl

    tl.setup(quiet=True)
    experiment = tl.evaluate.recorded("photos10", check=False).experiment
    experiment.RATES[network][condition] = base_lr
    return experiment.run(SEED, network, condition, per_class=100, augment=True)["validation"]


def main():
    """Train every condition at every rate."""
    from tl_helpers.backbones import read_card

    grid = [
        {"network": network, "condition": condition, "base_lr": rate}
        for network, conditions in TRIED.items()
        for condition, rates in conditions.items()
        for rate in rates
    ]
    work = [
        jobs.Job("photos10_rates:train", g, salt=read_card(g["network"])["weights"]) for g in grid
    ]
    report = jobs.run(work, "build/jobs/photos10_rates.sqlite", workers=2).raise_if_failed()
    rows = [{**g, "val_accuracy": v} for g, v in zip(grid, report.results, strict=True)]
    table = pd.DataFrame(rows)
    table.to_csv(Path(__file__).with_suffix(".csv"), index=False, float_format="%.4g")
    print(table.to_string(index=False))


if __name__ == "__main__":
    main()
