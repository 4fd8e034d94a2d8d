"""Many predictions and epochs with and without `no_autotune`: seconds, and how many stalled.

A call has stalled if it took half as long again as the quickest of its kind.

python benchmarks/autotune.py
"""

import json
import subprocess
import sys
import time

from _report import report, spread

ROUNDS, CALLS = 3, 12


def measure(off: bool) -> dict:
    """Predict and train in this process; the setting cannot be taken back, so each has its own."""
    from tl_helpers.session import thrift

    if off:
        thrift.no_autotune()
    import tl_helpers as tl
    from tl_helpers.finetune.batches import Batches
    from tl_helpers.finetune.recipe import adamw, compile_for, warm_cosine

    data = tl.data.load("formula10", per_class=100)
    model = tl.finetune.attach_head(tl.backbones.load("tiny-resnet"), data.num_classes)
    compile_for(model, adamw(model, warm_cosine(10_000, 1e-4), 0, decay=1.0))
    batches = Batches(data.train, 32, augment=True)
    kinds = {
        "predict": lambda: model.predict(data.train.x, batch_size=100, verbose=0),
        "fit": lambda: model.fit(batches, verbose=0),
    }
    found = {}
    for kind, call in kinds.items():
        call()
        found[kind] = []
        for _ in range(CALLS):
            start = time.perf_counter()
            call()
            found[kind].append(time.perf_counter() - start)
    return found


def main():
    """Pairs of processes, in turn."""
    runs = {"on": [], "off": []}
    for _ in range(ROUNDS):
        for name, values in runs.items():
            command = [sys.executable, __file__, name]
            out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            values.append(json.loads(out.splitlines()[-1]))
    found = {}
    for kind in ("predict", "fit"):
        totals = {name: [sum(run[kind]) for run in values] for name, values in runs.items()}
        quickest = min(second for values in runs.values() for run in values for second in run[kind])
        found[kind] = {
            "seconds": {name: spread(t) for name, t in totals.items()},
            "stalled": {
                name: sum(s > 1.5 * quickest for run in values for s in run[kind])
                for name, values in runs.items()
            },
            "times_faster": spread(
                [a / b for a, b in zip(totals["on"], totals["off"], strict=True)]
            ),
        }
    report(__file__, calls=ROUNDS * CALLS, **found)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(measure(sys.argv[1] == "off")))
    else:
        main()
