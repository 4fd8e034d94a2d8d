# %% [markdown]
# # 05 · Domain shift: measured and repaired
#
# **Question.** The classes are the same, the pictures come from elsewhere: another pen, another camera, at night. At home you
# have labels, there you have none. How far does a classifier fall, could you have known, and what brings it back?
#
# **You will**
#
# - **measure** how far two domains are apart, with and without labels, and where in the network
# - **repair** a classifier without one label: by statistics, by alignment, by its own answers
# - **reverse** a gradient in two lines, and train a network to fool its critic
# - **choose** among repaired classifiers without labels, and see what a peek at them would have been worth
# - **break** it: align too hard, and align what must not be aligned
#
# **You need** lessons 00 and 02. No GPU, no internet; the real data sets are recorded, and where they are on this machine
# you can make runs again.
#
# **Time** about two and a half minutes of computing, about an hour of reading and trying.

# %% tags=["setup"]
try:
    import tl_helpers as tl
except ModuleNotFoundError:  # on Colab: install the course, and leave everything else as it is
    import subprocess
    import sys

    package = "tl-helpers @ git+{{REPOSITORY}}"
    subprocess.run([sys.executable, "-m", "pip", "install", "-q", package], check=True)
    import tl_helpers as tl

SEED = tl.setup(seed=0, lesson="05").seed  # first: it also silences the backend's start-up

from functools import cache

import keras
import pandas as pd

from tl_helpers.widgets import Predict

# %% tags=["config"]
PER_CLASS = tl.pick(cpu=10, gpu=10)  # labelled drawings of each kind
THERE = tl.pick(cpu=20, gpu=30)  # pictures of each kind in the other domain, without labels
STEPS = tl.pick(cpu=300, gpu=600, smoke=4)  # of adaptation
SEEDS = tl.pick(cpu=3, gpu=5, smoke=2)  # runs of each condition

# %% [markdown]
# ## 1 · How far does it fall?
#
# **At home** are fifty kinds of drawn pictures, ten labelled ones of each, and a `tiny-resnet-s` that has learned them. **There**
# are other pictures of the same kinds: as sketches, at night, with noise. A dial says how far away: 0 is home.
#
# This is **transductive** transfer: the task stays, the domain changes.

# %% tags=["predict"]
KINDS = list(tl.data.SHIFTS)
predict_worst = Predict(
    "Which shift, at a strength of 0.7, costs the most accuracy?", KINDS, key="05.worst"
)
predict_worst

# %% tags=["predict"]
predict_known = Predict(
    "The A-distance says how well a linear classifier tells the domains apart, 0 to 2. It needs no labels. Will it order "
    "the shifts by how much they cost?",
    ["yes, nearly perfectly", "roughly", "no"],
    key="05.known",
)
predict_known

# %% tags=["run"]


@cache
def home(seed):
    return tl.data.load("source50", per_class=PER_CLASS, seed=seed)


@cache
def there(seed, kind, strength):
    """Another draw of the same kinds: no picture is one of home's seen otherwise."""
    drawn = tl.data.load("source50", per_class=THERE, seed=seed + 50)
    return drawn.map(lambda x: tl.data.shift(x, kind, strength, seed=seed))


def fresh(seed):
    """A network whose head is solved at home, all of it to train."""
    backbone = tl.backbones.load("tiny-resnet-s")
    model = tl.finetune.attach_head(backbone, home(seed).num_classes, seed=seed)
    tl.finetune.linear_probe(model, home(seed)).install(model)
    tl.finetune.unfreeze(model, batch_norm=True)
    return model


model = fresh(SEED)
settings = {"epochs": 10, "base_lr": 2e-3, "batch_norm": True, "seed": SEED}
tl.finetune.fine_tune(model, home(SEED), "lp-ft", **settings)
features = keras.Model(model.input, model.layers[-1].input)
at_home = features.predict(home(SEED).val.x, batch_size=100, verbose=0)

rows = []
for kind in KINDS:
    for strength in (0.0, 0.35, 0.7, 1.0):
        far = there(SEED, kind, strength)
        row = {"condition": kind, "seed": SEED, "strength": strength}
        row["accuracy"] = tl.evaluate.accuracy(model, far.test)
        if strength:
            away = features.predict(far.train.x[: len(at_home)], batch_size=100, verbose=0)
            row["A-distance"] = tl.adapt.a_distance(at_home, away)
        rows.append(row)
fall = pd.DataFrame(rows)

# %% tags=["look"]
tl.plots.along(fall, "strength", title="The same kinds, seen otherwise", chance=1 / 50)
