"""`load`: names, weights, preprocessing, features by stage."""

import re

import keras
import numpy as np
import pytest

from tl_helpers.backbones import (
    Preprocess,
    WeightsError,
    load,
    names,
    read_card,
    weights,
    weights_names,
)
from tl_helpers.backbones.recipes import RECIPES, Recipe

STAGES = ("stem", "stage1", "stage2", "stage3", "stage4")


@pytest.fixture(scope="module")
def fresh():
    return load("tiny-resnet", weights=None, seed=0)


@pytest.fixture(scope="module")
def shuffled(tmp_path_factory):
    """A path of weights that no initialisation gives, BatchNorm statistics included."""
    model = load("tiny-resnet", weights=None, seed=0).model
    rng = np.random.default_rng(0)
    for v in model.variables:
        v.assign(np.asarray(v) * 0.5 + rng.uniform(0, 0.1, v.shape))
    path = tmp_path_factory.mktemp("weights") / "mine.npz"
    return path, weights.save(model, path), model


@pytest.fixture(scope="module")
def x():
    return np.random.default_rng(0).integers(0, 256, (4, 32, 32, 3), dtype=np.uint8)


def numbers(model) -> np.ndarray:
    return np.concatenate([np.ravel(w) for w in model.get_weights()])


def run(model, x):
    return keras.ops.convert_to_numpy(model(x, training=False))


# Names


def test_unknown_name_with_the_close_one():
    with pytest.raises(ValueError, match="'tiny-resnt'; did you mean tiny-resnet"):
        load("tiny-resnt")


def test_unknown_name_with_all_names():
    with pytest.raises(ValueError, match=re.escape(f"unknown backbone 'xyz'; there are {names()}")):
        load("xyz")


def test_no_imagenet_weights():
    with pytest.raises(ValueError, match=r"tiny-resnet has no ImageNet weights.*default"):
        load("tiny-resnet", weights="imagenet")


# Weights


@pytest.mark.core
def test_random_weights_follow_the_seed(fresh):
    again, other = (load("tiny-resnet", weights=None, seed=s).model for s in (0, 1))
    np.testing.assert_array_equal(numbers(fresh.model), numbers(again))
    assert not np.array_equal(numbers(again), numbers(other))


def test_a_random_backbone_says_so(fresh):
    assert not fresh.pretrained
    assert fresh.weights_hash == "random"
    assert fresh.card["source"] == "random initialisation"


def test_weights_from_a_path(shuffled):
    path, digest, model = shuffled
    for given in (path, str(path)):
        bb = load("tiny-resnet", weights=given)
        assert bb.pretrained
        assert bb.weights_hash == digest
        assert bb.card["source"] == str(path)
    np.testing.assert_array_equal(numbers(bb.model), numbers(model).astype("float16"))


def test_a_missing_path(tmp_path):
    with pytest.raises(WeightsError, match=re.escape(str(tmp_path / "none.npz"))):
        load("tiny-resnet", weights=tmp_path / "none.npz")


PACKAGED = [(name, called) for name in RECIPES for called in weights_names(name)]


@pytest.fixture(params=PACKAGED, ids=lambda pair: weights.stem(*pair))
def packaged(request):
    """A network and the name of weights that come with the package, and their file."""
    return *request.param, weights.FOLDER / f"{weights.stem(*request.param)}.npz"


def test_every_recipe_has_its_weights():
    assert set(PACKAGED) == {(name, called) for name in RECIPES for called in RECIPES[name]}


def test_weights_of_the_package_and_their_card(packaged):
    name, called, path = packaged
    bb = load(name, weights=called)
    assert bb.pretrained
    assert bb.card == read_card(name, called)
    assert bb.card["name"] == name
    assert bb.card["weights"] == bb.weights_hash == weights.digest(weights.read(path))
    how = "" if called == "default" else f" --weights {called}"
    assert bb.card["command"] == f"tl-course pretrain {name}{how}"
    recipe = Recipe(**bb.card["recipe"])
    assert recipe == RECIPES[name][called]  # what that command runs
    least = 0.4 if recipe.task == "rotation" else 0.6  # guessing a turn gives 0.25
    assert min(20 / recipe.labels, least) < bb.card["held_out_accuracy"] <= 1


def test_all_weights_together_take_12_mb_at_most():
    files = weights.FOLDER.glob("*.npz")
    assert sum(file.stat().st_size for file in files) <= 12e6


def test_packaged_weights_are_sound(packaged):
    arrays = weights.read(packaged[2])
    assert all(np.isfinite(a).all() for a in arrays.values())
    assert all((a > 0).all() for name, a in arrays.items() if name.endswith("moving_variance"))


def test_weights_that_are_not_there():
    for ask in (lambda: load("tiny-resnet", weights="x"), lambda: read_card("tiny-resnet", "x")):
        with pytest.raises(
            ValueError, match=r"tiny-resnet has no weights 'x': there are \['default"
        ):
            ask()
    assert weights_names("squeezenet") == ["default"]
    with pytest.raises(ValueError, match="unknown backbone"):
        weights_names("tiny")


# Features


@pytest.mark.core
def test_features_are_the_mean_over_space_where_the_stage_ends(fresh, x):
    ends = [fresh.model.get_layer(fresh.stages[s]).output for s in STAGES]
    maps = [keras.ops.convert_to_numpy(m) for m in keras.Model(fresh.model.input, ends)(x)]
    for stage, by_hand, width in zip(STAGES, maps, (32, 32, 64, 128, 256), strict=True):
        features = run(fresh.features(stage), x)
        assert features.shape == (4, width)
        np.testing.assert_allclose(features, by_hand.mean((1, 2)), rtol=1e-4, atol=1e-5)
    np.testing.assert_array_equal(run(fresh.features(), x), features)  # default: the last


def test_features_share_the_backbones_weights(fresh):
    assert fresh.features("stem").get_layer("stem_a_conv") is fresh.model.get_layer("stem_a_conv")


def test_unknown_stage_lists_the_stages(fresh):
    with pytest.raises(ValueError, match=f"'stage9'; this backbone has {', '.join(STAGES)}"):
        fresh.features("stage9")


# Preprocessing


@pytest.mark.core
def test_pixels_become_minus_one_to_one():
    pixels = np.array([0, 51, 255], np.uint8).reshape(1, 1, 1, 3)
    layer = Preprocess({}, False)
    np.testing.assert_allclose(run(layer, pixels).ravel(), [-1, -0.6, 1], atol=1e-6)
    np.testing.assert_allclose(run(layer, pixels.astype("float32")).ravel(), [-1, -0.6, 1], 1e-6)


def test_a_mean_for_each_channel():
    layer = Preprocess({}, True, mean=[10, 20, 30], scale=2)
    np.testing.assert_allclose(run(layer, np.full((1, 1, 1, 3), 30.0)).ravel(), [10, 5, 0])


def test_the_network_takes_uint8_and_floats_alike(fresh, x):
    a, b = run(fresh.model, x), run(fresh.model, x.astype("float32"))
    np.testing.assert_array_equal(a, b)
    assert a.std() > 0


def test_a_saved_network_keeps_its_stages_and_where_its_weights_are_from(shuffled, x, tmp_path):
    bb = load("tiny-resnet", weights=shuffled[0])
    bb.model.save(tmp_path / "net.keras")
    loaded = keras.models.load_model(tmp_path / "net.keras")
    entry = loaded.get_layer("preprocess")
    assert list(entry.stages.items()) == list(bb.stages.items())
    assert entry.pretrained is True
    np.testing.assert_allclose(run(loaded, x), run(bb.model, x), rtol=1e-5)
