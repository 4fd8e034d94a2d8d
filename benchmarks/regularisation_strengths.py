"""Choose the strengths of regularisation's experiment on validation pictures of seeds not reported.

    TL_DATA_HOME=... python benchmarks/regularisation_strengths.py

Writes benchmarks/regularisation_strengths.csv: validation accuracy by setting and value, ten
photographs a class, the mean of three seeds. The experiment takes the best value of each.
"""

from pathlib import Path

import pandas as pd

from tl_helpers import jobs

SEEDS = (100, 101, 102)
PER_CLASS = 10
TRIED = {
    "patience": (3, 5, 10),
    "dropout": (0.2, 0.5, 0.8),
    "weight_decay": (0.01, 0.1, 0.5),
    "l2_sp": (0.01, 0.1, 1.0),
}


def train(seed, setting, value):
    """Validation accuracy of one run, as the experiment makes it, but at another strength."""
    import tl_helpers as tl

    tl.setup(quiet=True)
    experiment = tl.evaluate.recorded("regularisation", check=False).experiment
    return experiment.train(seed, PER_CLASS, **{setting: value})["validation"]


def main():
    """Train at every strength."""
    from tl_helpers.backbones import read_card

    grid = [
        {"seed": seed, "setting": setting, "value": value}
        for setting, values in TRIED.items()
        for value in values
        for seed in SEEDS
    ]
    weights = read_card("tiny-resnet")["weights"]
    work = [jobs.Job("regularisation_strengths:train", g, salt=weights) for g in grid]
    db = "build/jobs/regularisation_strengths.sqlite"
    report = jobs.run(work, db, workers=1).raise_if_failed()
    rows = [{**g, "val_accuracy": v} for g, v in zip(grid, report.results, strict=True)]
    table = pd.DataFrame(rows).groupby(["setting", "value"], sort=False)["val_accuracy"].mean()
    table.to_csv(Path(__file__).with_suffix(".csv"), float_format="%.4g")
    print(table.to_string())


if __name__ == "__main__":
    main()
