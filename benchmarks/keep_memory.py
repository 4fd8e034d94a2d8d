"""Fine-tuning from a `PyDataset` with and without `keep_memory`: pictures/s and page faults.

python benchmarks/keep_memory.py
"""

import json
import resource
import sys
import time

from _apart import in_turn, small_training
from _report import report, spread

ROUNDS = 3


def measure(keep: bool) -> dict:
    """Train in this process; the setting cannot be taken back, so each run has its own."""
    from tl_helpers.session import thrift

    if keep:
        thrift.keep_memory()
    model, data, batches = small_training(64)
    model.fit(batches, verbose=0)
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_minflt, time.perf_counter()
    model.fit(batches, epochs=3, verbose=0)
    seconds = time.perf_counter() - start
    faults = resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
    return {"pictures_per_second": 3 * len(data.train) / seconds, "page_faults": faults}


def main():
    """Pairs of processes, in turn."""
    runs = in_turn(__file__, ("kept", "returned"), ROUNDS)
    speeds = {n: [v["pictures_per_second"] for v in values] for n, values in runs.items()}
    report(
        __file__,
        pictures_per_second={n: spread(v) for n, v in speeds.items()},
        page_faults={n: spread([v["page_faults"] for v in vs]) for n, vs in runs.items()},
        kept_over_returned=spread(
            [a / b for a, b in zip(speeds["kept"], speeds["returned"], strict=True)]
        ),
    )


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(measure(sys.argv[1] == "kept")))
    else:
        main()
