"""Pretraining goes on where it was cut off, and ends as if it had not been."""

import importlib
import json
import shutil
from dataclasses import asdict, replace

import keras
import numpy as np
import pytest

from tl_helpers.backbones import load, pretrain, recipes, weights
from tl_helpers.data.formula import SCENES

RECIPE = pretrain.Recipe(
    shapes=4, scenes=2, pictures=64, batch=16, peak_rate=0.05, warmup=0.25, weight_decay=2.0
)
STEPS = 4


def network(x):
    """A convolution and a BatchNorm: little to train."""
    x = keras.layers.Conv2D(8, 4, strides=4, use_bias=False, name="stem_conv")(x)
    x = keras.layers.ReLU(name="stem")(keras.layers.BatchNormalization(name="stem_bn")(x))
    return x, {"stem": "stem"}


def plain(ids, rng, palettes):
    """Pictures of one grey a class, with noise."""
    y = np.where(ids < SCENES, ids, ids - SCENES + RECIPE.shapes)
    noise = rng.integers(0, 40, (len(y), 32, 32, 3))
    return (noise + 40 * y[:, None, None, None]).astype(np.uint8)


@pytest.fixture(scope="module", autouse=True)
def small():
    """A small network, plain pictures, and a checkpoint every two steps."""
    with pytest.MonkeyPatch.context() as patch:
        module = importlib.import_module("tl_helpers.backbones.load")
        mini = replace(module.NETWORKS["tiny-resnet"], features=network)
        patch.setitem(module.NETWORKS, "mini", mini)
        patch.setattr(recipes, "draw", plain)
        patch.setattr(pretrain, "LEG", 2 * RECIPE.batch)
        yield


def run(folder, recipe=RECIPE, progress=lambda line: None):
    return pretrain.pretrain("mini", recipe, folder / "work", folder / "out", progress)


def arrays(folder):
    return weights.read(folder / "out" / "mini.npz")


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """A folder with a finished run, its card, and what it reported."""
    folder, lines = tmp_path_factory.mktemp("undisturbed"), []
    card = run(folder, progress=lines.append)
    return folder, card, lines


@pytest.fixture(scope="module")
def killed(tmp_path_factory):
    """A folder with a run that was killed after its first checkpoint."""
    folder = tmp_path_factory.mktemp("killed")

    def kill(line):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(folder, progress=kill)
    return folder


def test_a_line_after_each_leg(undisturbed):
    lines = undisturbed[2]
    assert [line.split()[1] for line in lines] == ["2/4", "4/4"]
    assert "pictures/s" in lines[0]


def test_the_card_says_how_the_weights_were_made(undisturbed):
    folder, card, _ = undisturbed
    assert json.loads((folder / "out" / "mini.json").read_text()) == card
    assert card["weights"] == weights.digest(arrays(folder))
    assert card["recipe"] == asdict(RECIPE)
    assert card["command"] == "tl-course pretrain mini"
    assert 0 <= card["held_out_accuracy"] <= 1


def test_the_weights_load(undisturbed):
    folder, card, _ = undisturbed
    bb = load("mini", weights=folder / "out" / "mini.npz")
    assert bb.weights_hash == card["weights"]


@pytest.mark.core
def test_a_killed_run_goes_on_and_ends_as_an_undisturbed_one(killed, undisturbed, tmp_path):
    assert not (killed / "out").exists()
    folder, lines = tmp_path / "run", []
    shutil.copytree(killed, folder)
    shutil.copy(folder / "work" / "model.keras", tmp_path / "halfway.keras")
    run(folder, progress=lines.append)
    assert [line.split("  ")[0] for line in lines] == ["going on at step 2 of 4", "step 4/4"]
    ours, theirs = arrays(folder), arrays(undisturbed[0])
    assert ours.keys() == theirs.keys()
    for name in ours:
        np.testing.assert_allclose(ours[name], theirs[name], atol=2e-3, err_msg=name)
    halfway = keras.models.load_model(tmp_path / "halfway.keras").get_layer("mini")
    for v in halfway.trainable_variables:
        assert np.abs(v.numpy() - theirs[v.path]).max() > 0.01  # the second half mattered


@pytest.mark.parametrize("state", ["none", "of the leg before"])
def test_a_run_killed_between_checkpoint_and_note_repeats_no_step(killed, tmp_path, state):
    folder, lines = tmp_path / "run", []
    shutil.copytree(killed, folder)
    if state == "none":
        (folder / "work" / "state.json").unlink()
    else:
        (folder / "work" / "state.json").write_text('{"step": 0, "seconds": 1.0}')
    run(folder, progress=lines.append)
    assert lines[0] == "going on at step 2 of 4"
    trained = keras.models.load_model(folder / "work" / "model.keras")
    assert int(trained.optimizer.iterations) == STEPS


def test_a_finished_run_is_not_trained_again(undisturbed, tmp_path):
    folder, lines = tmp_path / "run", []
    shutil.copytree(undisturbed[0], folder)
    again = run(folder, progress=lines.append)
    assert lines == ["going on at step 4 of 4"]
    assert again["weights"] == undisturbed[1]["weights"]


def test_another_recipe_in_the_same_folder(killed):
    before = (killed / "work" / "recipe.json").read_text()
    with pytest.raises(ValueError, match=r"another recipe: give another folder, or delete it"):
        run(killed, replace(RECIPE, seed=1))
    assert (killed / "work" / "recipe.json").read_text() == before


@pytest.mark.core
def test_batches_depend_on_the_recipe_and_the_step_alone():
    whole, later = pretrain.Stream(RECIPE, 0, 4), pretrain.Stream(RECIPE, 2, 2)
    assert (len(whole), len(later)) == (4, 2)
    for a, b in zip(whole[3], later[1], strict=True):
        np.testing.assert_array_equal(a, b)
    x, y = whole[0]
    assert x.shape == (16, 32, 32, 3)
    assert set(y) <= set(range(6))
    other_seed = pretrain.Stream(replace(RECIPE, seed=1), 0, 4)[0]
    for other in (whole[1], other_seed):
        assert not np.array_equal(other[0], x)
