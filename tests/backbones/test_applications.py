"""Networks of keras.applications behind `Backbone`: stages, preprocessing, weights from a file."""

import keras
import numpy as np
import pytest

from tl_helpers.backbones import WeightsError, available, load, read_card
from tl_helpers.backbones.applications import APPLICATIONS
from tl_helpers.data import NotHere
from tl_helpers.finetune import attach_head, freeze_to, stages, trainable_stages

pytestmark = pytest.mark.filterwarnings("ignore:Skipping nested container")  # Keras, of a bad file
SIDE = 64
X = np.random.default_rng(0).integers(0, 256, (2, SIDE, SIDE, 3), dtype=np.uint8)
OFFICIAL = {  # what Keras itself says a picture of 0 to 255 must become
    "mobilenetv2": keras.applications.mobilenet_v2.preprocess_input,
    "resnet50v2": keras.applications.resnet_v2.preprocess_input,
    "efficientnetv2b0": keras.applications.efficientnet_v2.preprocess_input,
    "convnexttiny": keras.applications.convnext.preprocess_input,
}


def run(model, x):
    return keras.ops.convert_to_numpy(model(x, training=False))


@pytest.fixture(scope="module", params=list(APPLICATIONS))
def name(request):
    return request.param


@pytest.fixture(scope="module")
def backbone(name):
    return load(name, weights=None, seed=0, input_size=SIDE)


@pytest.fixture(scope="module")
def original(name):
    """Keras' own network with random weights that no initialisation gives."""
    keras.utils.set_random_seed(1)
    return APPLICATIONS[name].build(weights=None, include_top=False)


def test_its_stages_halve_the_picture_and_each_is_the_only_way_on(backbone):
    sides = [backbone.model.get_layer(end).output.shape[1] for end in backbone.stages.values()]
    assert sides == sorted(sides, reverse=True)
    assert sides[-1] == SIDE // 32
    assert len(backbone.stages) in (5, 6)
    for end in backbone.stages.values():
        cut = backbone.model.get_layer(end).output
        if cut is not backbone.model.output:
            keras.Model(cut, backbone.model.output)  # raises where there is another way


def test_the_last_stage_ends_the_network(backbone):
    end = backbone.model.get_layer(list(backbone.stages.values())[-1])
    assert end.output is backbone.model.output
    assert run(backbone.features(), X).shape == (2, backbone.model.output.shape[-1])


def test_weights_from_a_file_give_kerass_own_features(name, original, tmp_path):
    path = tmp_path / "mine.weights.h5"
    original.save_weights(path)
    loaded = load(name, weights=path, input_size=SIDE)
    assert loaded.pretrained
    assert loaded.card["source"] == str(path)
    expected = run(original, OFFICIAL[name](X.astype("float32")))
    np.testing.assert_allclose(run(loaded.model, X), expected, rtol=1e-3, atol=1e-4)


def test_it_freezes_by_stage(backbone):
    model = attach_head(backbone, 3)
    groups = stages(model)
    assert list(groups) == [*backbone.stages, "head"]
    assert sum(map(len, groups.values())) == len(model.layers)
    last = list(backbone.stages)[-1]
    freeze_to(model, last)
    assert trainable_stages(model) == [last, "head"]


def test_a_model_can_be_saved_and_loaded(backbone, tmp_path):
    model = attach_head(backbone, 3)
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras", compile=False)
    np.testing.assert_allclose(run(model, X), run(again, X), rtol=1e-4, atol=1e-5)
    assert list(stages(again)) == [*backbone.stages, "head"]


def test_there_is_no_card_before_the_weights():
    with pytest.raises(ValueError, match=r"the card of mobilenetv2 comes with its weights"):
        read_card("mobilenetv2")


def test_weights_of_another_network_are_an_error(tmp_path):
    name = "mobilenetv2"
    path = tmp_path / "other.weights.h5"
    keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)]).save_weights(path)
    with pytest.raises(WeightsError, match=rf"{name}: cannot load .*other\.weights\.h5"):
        load(name, weights=path)


def test_no_file_and_no_internet(tmp_path, monkeypatch):
    name = "mobilenetv2"
    with pytest.raises(WeightsError, match=r"no weights file at .*none\.h5"):
        load(name, weights=tmp_path / "none.h5")
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    assert not available(name)
    with pytest.raises(NotHere, match=r'tl\.prefetch\("mobilenetv2"\) downloads it once \(9 MB\)'):
        load(name)
    monkeypatch.setenv("TL_SMOKE", "1")
    assert not load(name).pretrained  # a smoke run downloads nothing
