"""Does pretraining with the recorded settings give the recorded network again?

    TL_DATA_HOME=... python benchmarks/pretrain_again.py tiny-resnet

Trains an embedded network anew, beside the shipped one (an hour for tiny-resnet; a run that was
cut off goes on). If the weights are the same, bit for bit, so is every figure of its card. If not,
as on another kind of machine, every figure that depends on them is measured again.
"""

import json
import sys
from functools import partial
from pathlib import Path
from unittest import mock

import numpy as np
import omniglot
from _report import report

import tl_helpers as tl
from tl_helpers.backbones.pretrain import pretrain
from tl_helpers.backbones.recipes import RECIPES

# Which points of the recorded experiments stand on the card and depend on the weights.
ON_CARD = (
    ("photos10", {"condition": ("fine-tuned",)}),
    ("photos10", {"condition": ("head only", "head first"), "per_class": (100,)}),
    ("depth", {"condition": ("pretrained",), "per_class": (100,)}),
)


def main(name):
    """Train, measure, and compare with the card, in points."""
    tl.setup(quiet=True)
    folder = Path("build/pretrain_again") / name
    again = pretrain(name, RECIPES[name]["default"], folder, folder)
    card = tl.backbones.read_card(name)
    same = again["weights"] == card["weights"]
    figures = {} if same else measured(name, folder, card, again)
    largest = max((abs(f["points"]) for f in figures.values()), default=0.0)
    path = Path(__file__).with_suffix(".json")
    others = json.loads(path.read_text())["networks"] if path.exists() else {}
    facts = {"weights": again["weights"], "same_weights": same, "seconds": again["seconds"]}
    facts |= {"largest_points": largest, "figures": figures}
    report(__file__, networks={**others, name: facts})


def measured(name, folder, card, again) -> dict:
    """Each figure of the card, again, and the difference in points."""
    pairs = {"held out": (100 * card["held_out_accuracy"], 100 * again["held_out_accuracy"])}
    load = partial(tl.backbones.load, weights=folder / f"{name}.npz")
    pairs |= characters(name, load)
    if name in tl.evaluate.recorded("photos10").experiment.BACKBONES:
        for experiment, wanted in ON_CARD:
            pairs |= dict(photographs(experiment, name, load, wanted))
    return {
        what: {"card": round(a, 1), "again": round(b, 1), "points": round(b - a, 1)}
        for what, (a, b) in pairs.items()
    }


def characters(name, load) -> dict:
    """Omniglot, as in omniglot.py."""
    recorded = json.loads(Path(omniglot.__file__).with_suffix(".json").read_text())
    known = recorded["percent"][name]["pretrained"]
    return {kind: (known[kind], again) for kind, again in omniglot.accuracies(load(name)).items()}


def photographs(experiment, name, load, wanted):
    """A recorded experiment's points of this network, with the new weights; all recorded seeds."""
    recorded = tl.evaluate.recorded(experiment, network=name)
    run, seeds = recorded.experiment.run, recorded.experiment.SEEDS
    for point in recorded.experiment.points():
        if point.pop("network") != name or any(point[k] not in v for k, v in wanted.items()):
            continue
        with mock.patch.object(tl.backbones, "load", lambda n, seed=0, **_: load(n, seed=seed)):
            made = [run(seed, network=name, **point)["accuracy"] for seed in seeds]
        what = ", ".join(f"{k} {v}" for k, v in point.items())
        known = recorded.select(**point)["accuracy"]
        pair = 100 * known.mean(), 100 * float(np.mean(made))
        print(f"{experiment}, {what}: {pair[0]:.1f} on the card, {pair[1]:.1f} again", flush=True)
        yield f"{experiment}, {what}", pair


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "tiny-resnet")
