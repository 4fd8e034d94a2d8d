"""`attach_head`, and the warning about a forgotten compile."""

import contextlib
import warnings

import keras
import numpy as np
import pytest

from tl_helpers.finetune import Classifier, attach_head, freeze, freeze_to, stages, unfreeze


def compiled(model):
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("adam", loss, jit_compile=False)
    return model


@contextlib.contextmanager
def warns(match):
    """Our warning comes; after it JAX, where optimizers count variables, may refuse to train."""
    with pytest.warns(UserWarning, match=match), contextlib.suppress(ValueError):
        yield


@pytest.fixture(scope="module")
def model(mini):
    return attach_head(mini(), 5)


def test_pictures_in_logits_out(model):
    x = np.random.default_rng(0).integers(0, 256, (3, 8, 8, 3), dtype=np.uint8)
    logits = keras.ops.convert_to_numpy(model(x))
    assert logits.shape == (3, 5)
    assert (logits < 0).any()
    assert not np.allclose(logits.sum(1), 1)
    pooled = model.get_layer("pool").output
    assert pooled.shape == (None, 16)
    features = keras.ops.convert_to_numpy(keras.Model(model.input, pooled)(x))
    kernel, bias = model.get_layer("head").get_weights()
    np.testing.assert_allclose(logits, features @ kernel + bias, atol=1e-5)


def test_layers_are_flat_and_shared_with_the_backbone(mini):
    bb = mini()
    made = attach_head(bb, 2)
    assert isinstance(made, Classifier)
    assert not any(isinstance(layer, keras.Model) for layer in made.layers)
    assert made.get_layer("stage1_conv") is bb.model.get_layer("stage1_conv")


def test_a_head_on_an_earlier_stage_leaves_out_what_lies_above(mini):
    model = attach_head(mini(), 5, stage="stage1")
    assert list(stages(model)) == ["stem", "stage1", "head"]
    assert model.get_layer("head").kernel.shape == (12, 5)
    assert not any(layer.name.startswith("stage2") for layer in model.layers)
    freeze_to(model, "stage1")
    assert {w.path.split("/")[0] for w in model.trainable_weights} == {"stage1_conv", "head"}
    with pytest.raises(ValueError, match="unknown stage 'stage7'"):
        attach_head(mini(), 5, stage="stage7")


def test_dropout_is_on_the_pooled_features(mini):
    assert attach_head(mini(), 2, dropout=0.35).get_layer("dropout").rate == 0.35


@pytest.mark.core
def test_the_head_follows_its_seed(mini):
    bb = mini()
    a, b, c = (attach_head(bb, 4, seed=s).get_layer("head").get_weights()[0] for s in (3, 3, 4))
    np.testing.assert_array_equal(a, b)
    assert not np.array_equal(a, c)


@pytest.mark.parametrize("wrong", ["abc", None, 1, 0, -2, 2.5, True])
def test_number_of_classes_that_is_none(mini, wrong):
    with pytest.raises(ValueError, match=f"num_classes must be .* got {wrong!r}"):
        attach_head(mini(), wrong)


def test_a_name_is_no_backbone():
    with pytest.raises(TypeError, match=r"a backbone from tl.backbones.load, not 'tiny-resnet'"):
        attach_head("tiny-resnet", 10)


def test_whole_numbers_of_any_type(mini):
    bb = mini()
    assert attach_head(bb, np.int64(3)).output.shape == attach_head(bb, 3.0).output.shape


# The forgotten compile


@pytest.mark.core
def test_freezing_after_compile_warns_until_compiled_again(mini, easy):
    model, few = compiled(attach_head(mini(), 2)), easy.train[:16]
    freeze(model)
    # three convolutions and three times BatchNorm's scale and shift; the head's two stay
    with pytest.warns(UserWarning, match=r"\(9 variables frozen, 0 unfrozen.*compile\(\) again"):
        model.fit(few.x, few.y, verbose=0)
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        compiled(model).fit(few.x, few.y, verbose=0)
        model.fit(few.x, few.y, verbose=0)
    unfreeze(model)
    with warns(r"\(0 variables frozen, 3 unfrozen"):
        model.fit(few.x, few.y, verbose=0)


# Saved and loaded


def test_a_loaded_classifier_goes_on(mini, easy, tmp_path):
    model = attach_head(mini(), 2)
    freeze_to(model, "stage2")
    x, y = easy.val.x, easy.val.y
    compiled(model).fit(x, y, verbose=0)
    model.save(tmp_path / "model.keras")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        loaded = keras.models.load_model(tmp_path / "model.keras")
    assert isinstance(loaded, Classifier)
    np.testing.assert_allclose(loaded(x), model(x), atol=1e-5)
    names = {s: [layer.name for layer in found] for s, found in stages(loaded).items()}
    assert names == {s: [layer.name for layer in found] for s, found in stages(model).items()}
    frozen = [v.path for v in loaded.trainable_variables]
    assert frozen == ["stage2_conv/kernel", "head/kernel", "head/bias"]
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        loaded.fit(x, y, verbose=0)  # is compiled
    unfreeze(loaded)
    assert not loaded.get_layer("stem_bn").trainable  # knows that it is pretrained
    with warns("2 unfrozen"):
        loaded.fit(x, y, verbose=0)
