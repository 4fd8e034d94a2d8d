"""Fine-tuning from a `PyDataset` with and without `keep_memory`: pictures/s and page faults.

python benchmarks/keep_memory.py
"""

import json
import resource
import subprocess
import sys
import time

from _report import report, spread

ROUNDS = 3


def measure(keep: bool) -> dict:
    """Train in this process; the setting cannot be taken back, so each run has its own."""
    from tl_helpers.session import thrift

    if keep:
        thrift.keep_memory()
    import tl_helpers as tl
    from tl_helpers.finetune.batches import Batches
    from tl_helpers.finetune.recipe import adamw, compile_for, warm_cosine

    data = tl.data.load("formula10", per_class=64)
    model = tl.finetune.attach_head(tl.backbones.load("tiny-resnet"), data.num_classes)
    compile_for(model, adamw(model, warm_cosine(1000, 1e-4), 0, decay=1.0))
    batches = Batches(data.train, 32, augment=True)
    model.fit(batches, verbose=0)
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_minflt, time.perf_counter()
    model.fit(batches, epochs=3, verbose=0)
    seconds = time.perf_counter() - start
    faults = resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
    return {"pictures_per_second": 3 * len(data.train) / seconds, "page_faults": faults}


def main():
    """Pairs of processes, in turn."""
    runs = {"kept": [], "returned": []}
    for _ in range(ROUNDS):
        for name, values in runs.items():
            command = [sys.executable, __file__, name]
            out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            values.append(json.loads(out.splitlines()[-1]))
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
