"""Choose the rates of the experiments on distillation, and the weights of hints.

    TL_DATA_HOME=... python benchmarks/distill_rates.py [distilled] [missing_class] [unlabelled]

Writes benchmarks/distill_rates.csv: mean accuracy on validation pictures, of seeds that are not
reported, by experiment, condition and what was tried; of experiments that are not named, what was
found before stays. The experiments take the best of each.
"""

import hashlib
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from tl_helpers import jobs

SEEDS = (100, 101)
TRIED = (1e-2, 3e-2, 1e-1)
WEIGHTS = {
    "hint": (3.0, 10.0, 30.0, 100.0),
    "attention": (8.0, 32.0, 128.0),
    "relations": (8.0, 25.0, 80.0),
}
AT = {"temperature": 4.0, "alpha": 0.9}


def grid():
    """Experiment, point, where in it a value stands (a name and its keys), and the value."""
    for width in (1.0, 0.5, 0.25):
        for way, group in (("labels", "labels"), ("distilled", "teacher")):
            point = {"width": width, "condition": way, **AT}
            yield from (("distilled", point, ("RATES", group, width), rate) for rate in TRIED)
    for way, weights in WEIGHTS.items():
        point = {"width": 1.0, "condition": way, **AT}
        yield from (("distilled", point, ("WEIGHTS", way), weight) for weight in weights)
    for data in ("digits", "mnist"):
        for way, group in (("labels", "labels"), ("teacher at 20", "teacher")):
            point = {"data": data, "condition": way}
            yield from (("missing_class", point, ("RATES", data, group), rate) for rate in TRIED)
    for data in ("formula10", "mnist", "photos10"):
        groups = {"labels": "few", "own labels": "names", "teacher at 4": "teacher"}
        for way, group in groups.items():
            point = {"data": data, "condition": way}
            yield from (("unlabelled", point, ("RATES", data, group), rate) for rate in TRIED)


def train(name, point, place, value, seed):
    """Validation accuracy of one run, as the experiment makes it, but with another value."""
    import tl_helpers as tl
    from tl_helpers.evaluate.recorded import read_experiment

    tl.setup(quiet=True)
    _, experiment = read_experiment(name)
    table, *keys, last = place
    inner = getattr(experiment, table)
    for key in keys:
        inner = inner[key]
    before, inner[last] = inner[last], value
    try:
        return experiment.run(seed, **point)["val"]
    finally:
        inner[last] = before  # the next job in this process gets the same module


def main():
    """Train every condition with every value."""
    from tl_helpers.backbones import read_card
    from tl_helpers.evaluate.recorded import read_experiment

    wanted = sys.argv[1:] or ("distilled", "missing_class", "unlabelled")
    tried = [
        {"name": name, "point": point, "place": list(place), "value": value}
        for name, point, place, value in grid()
        if name in wanted
    ]
    weights = [read_card(name)["weights"] for name in ("tiny-resnet", "tiny-resnet-s")]
    texts = {name: read_experiment(name)[0] / "experiment.py" for name in wanted}
    salts = {
        name: hashlib.sha256(path.read_bytes()).hexdigest() + "".join(weights)
        for name, path in texts.items()
    }
    work = [
        jobs.Job("distill_rates:train", {**one, "seed": seed}, salt=salts[one["name"]])
        for one in tried
        for seed in SEEDS
    ]
    report = jobs.run(work, "build/jobs/distill_rates.sqlite", workers=2).raise_if_failed()
    means = np.reshape(report.results, (len(tried), len(SEEDS))).mean(axis=1)
    rows = [
        {
            "experiment": one["name"],
            "of": one["point"].get("width", one["point"].get("data")),
            "condition": one["point"]["condition"],
            "tried": one["place"][0].lower(),
            "value": one["value"],
            "val_accuracy": mean,
        }
        for one, mean in zip(tried, means, strict=True)
    ]
    path = Path(__file__).with_suffix(".csv")
    table = pd.DataFrame(rows)
    if path.exists():
        before = pd.read_csv(path)
        table = pd.concat([before[~before["experiment"].isin(wanted)], table])
    table.to_csv(path, index=False, float_format="%.4g")
    print(table.to_string(index=False))


if __name__ == "__main__":
    main()
