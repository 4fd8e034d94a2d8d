"""Ten epochs of distillation against `keras.distillation.Distiller`, on the same pair.

Two fine-tuned teachers, tiny-resnet for drawings and squeezenet for photographs; the student is
tiny-resnet-s, from random weights. Pictures, batch size, optimizer, temperature and the weight of
the teacher are the same, and nothing is augmented. Ours asks the teacher once, Keras' in every
epoch. Timed is all of it: building, tracing, the teacher's answers, training. Beside it the limit
that multiplications set, where a step of training counts as three passes of the student.

Keras' loss is given as an object: by its default name "kl_divergence", Keras 3.15.1 compares logits
and not probabilities, and the student learns next to nothing (`accuracy_by_default`, one run).

python benchmarks/distill_speed.py
"""

import gc
import time

import keras
import numpy as np
from _report import report, spread

import tl_helpers as tl
from tl_helpers.finetune.compiled import warm_cosine

SEEDS, EPOCHS, BATCH, RATE, DECAY = range(3), 10, 32, 1e-2, 1e-3
TEMPERATURE, ALPHA, LABELLED = 4.0, 0.9, 50
TEACHERS = {  # name -> data, pictures of each class, the teacher's rate
    "tiny-resnet": ("formula10", 100, 2e-3),
    "squeezenet": ("photos10", 400, 3e-4),
}


def ours(student, teacher, data, seed):
    """tl.distill.distill: the teacher's answers are computed once."""
    tl.finetune.clear_features()
    settings = {"base_lr": RATE, "weight_decay": DECAY, "batch_size": BATCH, "seed": seed}
    tl.distill.distill(student, teacher, data, TEMPERATURE, ALPHA, epochs=EPOCHS, **settings)


def theirs(student, teacher, data, seed, loss=None):
    """keras.distillation.Distiller: the teacher runs beside the student."""
    keras.utils.set_random_seed(seed)
    distiller = keras.distillation.Distiller(
        teacher=teacher,
        student=student,
        distillation_losses=keras.distillation.LogitsDistillation(
            TEMPERATURE, loss or keras.losses.KLDivergence()
        ),
        student_loss_weight=1 - ALPHA,
    )
    steps = EPOCHS * (len(data.train) // BATCH)
    optimizer = keras.optimizers.AdamW(warm_cosine(steps, RATE), weight_decay=DECAY)
    optimizer.exclude_from_weight_decay(var_names=["gamma", "beta", "bias"])
    labels = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    distiller.compile(optimizer, labels, jit_compile=tl.session.jit_compile())  # as ours
    whole = len(data.train) // BATCH * BATCH  # ours leaves a smaller last batch out
    x, y = data.train.x[:whole], data.train.y[:whole]
    distiller.fit(x, y, batch_size=BATCH, epochs=EPOCHS, verbose=0)


def multiplications(model) -> int:
    """In one pass over one picture, of its convolutions and dense layers."""
    count = 0
    for layer in model.layers:
        kernel = getattr(layer, "kernel", None)
        if kernel is not None:
            places = np.prod(layer.output.shape[1:-1], dtype=int)  # 1 for a dense layer
            count += int(np.prod(kernel.shape)) * int(places)
    return count


def network(name, weights, classes, seed):
    """A classifier."""
    backbone = tl.backbones.load(name, weights=weights, seed=seed)
    return tl.finetune.attach_head(backbone, classes, seed=seed)


def main():
    """Train by turns; report seconds, their ratio in each round, and accuracy."""
    tl.setup(quiet=True)
    found = {}
    for name, (data_name, per_class, rate) in TEACHERS.items():
        if absent := tl.absent(name, data_name):
            print(absent)
        else:
            found[name] = compared(name, data_name, per_class, rate)
    report(__file__, epochs=EPOCHS, teachers=found)


def compared(name, data_name, per_class, rate):
    """The figures of one teacher."""
    ways = {"ours": ours, "keras": theirs}
    seconds, accuracy = ({way: [] for way in ways} for _ in range(2))
    for seed in SEEDS:
        data = tl.data.load(data_name, per_class=per_class, seed=seed)
        teacher = network(name, "default", data.num_classes, seed)
        few, _ = data.divide(LABELLED, seed)
        tl.finetune.fine_tune(teacher, few, "lp-ft", 4, rate, seed=seed)
        for way, train in ways.items():
            gc.collect()
            student = network("tiny-resnet-s", None, data.num_classes, seed)
            start = time.perf_counter()
            train(student, teacher, data, seed)
            seconds[way].append(time.perf_counter() - start)
            accuracy[way].append(tl.evaluate.accuracy(student, data.test))
    by_default = network("tiny-resnet-s", None, data.num_classes, seed)
    theirs(by_default, teacher, data, seed, "kl_divergence")
    big, small = (multiplications(model) for model in (teacher, student))
    apart = tl.evaluate.interval(np.subtract(accuracy["ours"], accuracy["keras"]))
    return {
        "data": data_name,
        "pictures": len(data.train),
        "seconds": {way: spread(s) for way, s in seconds.items()},
        "times_faster": spread(
            [b / a for a, b in zip(seconds["ours"], seconds["keras"], strict=True)]
        ),
        "limit": round((big + 3 * small) / (big / EPOCHS + 3 * small), 2),
        "million_multiplications": {
            "teacher": round(big / 1e6, 1),
            "student": round(small / 1e6, 1),
        },
        "accuracy": {way: round(float(np.mean(a)), 3) for way, a in accuracy.items()},
        "ours_minus_keras": dict(
            zip(("mean", "low", "high"), (round(float(v), 3) for v in apart), strict=True)
        ),
        "accuracy_by_default": round(tl.evaluate.accuracy(by_default, data.test), 3),
    }


if __name__ == "__main__":
    main()
