"""Many predictions and epochs with and without `no_autotune`: seconds, and how many stalled.

A call has stalled if it took half as long again as the quickest of its kind.

python benchmarks/autotune.py
"""

import json
import sys
import time

from _apart import in_turn, small_training
from _report import report, spread

ROUNDS, CALLS = 3, 12


def measure(off: bool) -> dict:
    """Predict and train in this process; the setting cannot be taken back, so each has its own."""
    from tl_helpers.session import thrift

    if off:
        thrift.no_autotune()
    model, data, batches = small_training(100)
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
    runs = in_turn(__file__, ("on", "off"), ROUNDS)
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
