"""A meta-step of second-order MAML, against a plain loop over tasks in PyTorch.

The same network on both sides, the paper's for Omniglot, half as wide: four blocks of strided
convolution, BatchNorm by the pictures at hand and ReLU, and a linear head; the same pictures,
starting weights, inner rate and steps, and Adam outside. First the losses of one meta-step are
compared, then meta-steps are timed by turns, PyTorch's with the number of threads that suits it
best. Tracing is timed apart. All of it twice: with TensorFlow as it comes, and with one thread an
operation, so that the threads work on several tasks at once.

Needs `pip install torch`, which is not among this project's extras. python benchmarks/maml_speed.py
"""

import importlib.metadata
import importlib.util
import json
import os
import subprocess
import sys
import time

import keras
import numpy as np
from _report import report, spread
from keras import layers

import tl_helpers as tl

WIDTH, WAY, QUERIES, SIDE = 32, 5, 15, 32
TASKS, STEPS, RATE, META_RATE = 4, 5, 0.1, 1e-3
META_STEPS, ROUNDS = 10, 5
SETTINGS = {"as it comes": {}, "one thread an operation": {"TF_NUM_INTRAOP_THREADS": "1"}}


def network():
    """Pictures to logits."""
    keras.utils.set_random_seed(0)
    start = keras.Input((SIDE, SIDE, 3))
    x = layers.Rescaling(1 / 127.5, -1)(start)
    for _ in range(4):
        x = layers.Conv2D(WIDTH, 3, strides=2, padding="same")(x)
        x = layers.ReLU()(tl.fewshot.TransductiveBatchNorm()(x))
    return keras.Model(start, layers.Dense(WAY)(layers.Flatten()(x)))


class Peer:
    """The same in PyTorch, one task after the other."""

    def __init__(self, model):
        import torch

        self.torch = torch
        self.weights = []
        for layer in model.layers:
            for variable in layer.trainable_variables:
                value = np.array(variable)
                if value.ndim == 4:  # h, w, in, out to out, in, h, w
                    value = value.transpose(3, 2, 0, 1)
                self.weights.append(torch.tensor(np.ascontiguousarray(value), requires_grad=True))
        self.optimizer = torch.optim.Adam(self.weights, META_RATE, eps=1e-7)

    def threads(self, number):
        """Itself, from now on with so many."""
        self.torch.set_num_threads(number)
        return self

    def logits(self, w, x):
        """By these weights."""
        f = self.torch.nn.functional
        for k in range(0, 16, 4):
            x = f.pad(x, (0, 1, 0, 1))  # as "same" does on an even side
            x = f.conv2d(x, w[k], w[k + 1], stride=2)
            x = f.relu(f.batch_norm(x, None, None, w[k + 2], w[k + 3], training=True, eps=1e-5))
        return x.permute(0, 2, 3, 1).flatten(1) @ w[16] + w[17]

    def step(self, batch):
        """One meta-step; its loss."""
        torch, f = self.torch, self.torch.nn.functional
        x, y = batch
        labels = torch.arange(WAY)
        self.optimizer.zero_grad()
        total = 0.0
        for support, query, truth in zip(x["support"], x["query"], y, strict=True):
            near, far = (self.pictures(part) for part in (support, query))
            w = self.weights
            for _ in range(STEPS):
                loss = f.cross_entropy(self.logits(w, near), labels)
                back = torch.autograd.grad(loss, w, create_graph=True)
                w = [a - RATE * g for a, g in zip(w, back, strict=True)]
            asked = f.cross_entropy(self.logits(w, far), torch.from_numpy(truth).long())
            (asked / len(y)).backward()
            total += asked.item() / len(y)
        self.optimizer.step()
        return total

    def pictures(self, x):
        """(..., h, w, 3) uint8 to (n, 3, h, w), -1 to 1."""
        x = self.torch.from_numpy(x.reshape(-1, *x.shape[-3:])).permute(0, 3, 1, 2)
        return x.float() / 127.5 - 1


def main():
    """Measure in a process of its own for each setting, as TensorFlow reads it when it starts."""
    if importlib.util.find_spec("torch") is None:
        print("benchmarks/maml_speed.py compares with PyTorch: pip install torch")
        return
    found = {}
    for name, switches in SETTINGS.items():
        environment = {k: v for k, v in os.environ.items() if k != "TF_NUM_INTRAOP_THREADS"}
        command = [sys.executable, __file__, "--measure"]
        done = subprocess.run(
            command, env=environment | switches, check=True, text=True, stdout=subprocess.PIPE
        )
        found[name] = json.loads(done.stdout.splitlines()[-1])
    report(
        __file__,
        setting={"tasks": TASKS, "way": WAY, "shot": 1, "steps": STEPS, "width": WIDTH},
        **found,
        torch=importlib.metadata.version("torch"),
    )


def measure():
    """The losses of one step, then rounds of several, by turns."""
    tl.setup(quiet=True)
    drawn = tl.data.drawn_alphabets(4, seed=0)
    sampler = tl.fewshot.TaskSampler(drawn, WAY, 1, QUERIES, TASKS * META_STEPS, TASKS)
    batches = [sampler[i] for i in range(len(sampler))]
    model = network()
    peer, ours = Peer(model), tl.fewshot.MAML(model, RATE, STEPS)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    ours.compile(keras.optimizers.Adam(META_RATE), loss, jit_compile=False)
    start = time.perf_counter()
    first = float(ours.train_on_batch(*batches[0]))
    tracing = time.perf_counter() - start
    losses = {"ours": first, "PyTorch": peer.step(batches[0])}
    steps = {"ours": lambda batch: ours.train_on_batch(*batch)}
    for threads in range(1, (os.cpu_count() or 1) + 1):
        steps[f"PyTorch, {threads} threads"] = lambda batch, n=threads: peer.threads(n).step(batch)
    seconds = {name: [] for name in steps}
    for _ in range(ROUNDS):
        for name, step in steps.items():
            start = time.perf_counter()
            for batch in batches:
                step(batch)
            seconds[name].append((time.perf_counter() - start) / META_STEPS)
    best = min(list(seconds)[1:], key=lambda name: np.median(seconds[name]))
    found = {
        "loss_of_the_first_step": {name: round(float(v), 4) for name, v in losses.items()},
        "seconds_of_a_meta_step": {name: spread(s) for name, s in seconds.items()},
        "times_as_fast": spread(np.divide(seconds[best], seconds["ours"]).tolist()),
        "seconds_of_tracing": round(tracing, 1),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    measure() if "--measure" in sys.argv else main()
