"""A thousand few-shot tasks on embeddings that are there already, against `easyfsl`.

Both draw their tasks and name the queries by the nearest class mean; `easyfsl` as its documentation
evaluates on cached embeddings: `FeaturesDataset`, `TaskSampler`, `PrototypicalNetworks` and
`evaluate`, without its progress bar. Embeddings are those of tiny-resnet, of drawn characters.

Needs `pip install torch easyfsl`, which are not among this project's extras.
python benchmarks/episodes_speed.py
"""

import importlib.metadata
import importlib.util
import random
import time

import numpy as np
from _report import report, spread

import tl_helpers as tl

ROUNDS, TASKS, QUERIES = 7, 1000, 15
KINDS = {"5-way 1-shot": (5, 1), "5-way 5-shot": (5, 5), "20-way 1-shot": (20, 1)}


def ours(features, y, n_way, n_shot, seed):
    """Mean accuracy, 0 to 1."""
    nearest = tl.fewshot.nearest_mean_accuracies
    return nearest(features, y, n_way, n_shot, QUERIES, TASKS, seed).mean()


def theirs(features, y, n_way, n_shot, seed):
    """The same by easyfsl."""
    import torch
    from easyfsl.datasets import FeaturesDataset
    from easyfsl.methods import PrototypicalNetworks
    from easyfsl.samplers import TaskSampler
    from easyfsl.utils import evaluate
    from torch.utils.data import DataLoader, Sampler

    # easyfsl 1.5.0 passes an argument that PyTorch's samplers no longer take.
    Sampler.__init__ = lambda self, data_source=None: None
    random.seed(seed)
    names = [str(k) for k in np.unique(y)]
    data = FeaturesDataset(y.tolist(), torch.from_numpy(features), names)
    sampler = TaskSampler(data, n_way, n_shot, QUERIES, TASKS)
    loader = DataLoader(data, batch_sampler=sampler, collate_fn=sampler.episodic_collate_fn)
    model = PrototypicalNetworks(torch.nn.Identity())
    return evaluate(model, loader, device="cpu", use_tqdm=False)


def main():
    """One after the other, so that both meet the machine as it is at that time."""
    if importlib.util.find_spec("easyfsl") is None:
        print("benchmarks/episodes_speed.py compares with easyfsl: pip install torch easyfsl")
        return
    tl.setup(quiet=True)
    drawn = tl.data.drawn_alphabets(10, seed=0)
    features = np.array(tl.finetune.features(tl.backbones.load("tiny-resnet").features(), drawn.x))
    found = {}
    for kind, (n_way, n_shot) in KINDS.items():
        seconds, accuracies = {"ours": [], "easyfsl": []}, {"ours": [], "easyfsl": []}
        for seed in range(ROUNDS):
            for name, way in (("ours", ours), ("easyfsl", theirs)):
                time.sleep(0.5)  # until the other's threads no longer spin
                start = time.perf_counter()
                right = way(features, drawn.y, n_way, n_shot, seed)
                seconds[name].append(time.perf_counter() - start)
                accuracies[name].append(100 * right)
        ratio = np.divide(seconds["easyfsl"], seconds["ours"])
        found[kind] = {
            "times_as_fast": spread(ratio.tolist()),
            "seconds": {name: spread(values) for name, values in seconds.items()},
            "percent": {name: round(np.mean(a), 1) for name, a in accuracies.items()},
        }
    versions = {name: importlib.metadata.version(name) for name in ("easyfsl", "torch")}
    report(__file__, tasks=TASKS, **found, **versions)


if __name__ == "__main__":
    main()
