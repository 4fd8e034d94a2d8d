"""CORAL, MMD and gradient reversal, against their formulas."""

import keras
import numpy as np
import pytest

from tl_helpers.adapt import DANN, MMD, Aligned, DeepCORAL, coral, mmd, reverse_gradient
from tl_helpers.adapt.coral import mean_gap
from tl_helpers.adapt.dann import ramp
from tl_helpers.adapt.mmd import WIDTHS
from tl_helpers.data import paired
from tl_helpers.evaluate import accuracy

A = np.random.default_rng(0).normal(0, 1, (7, 3)).astype("float32")
B = np.random.default_rng(1).normal(1, 2, (5, 3)).astype("float32")


def number(tensor):
    return float(keras.ops.convert_to_numpy(tensor))


def compiled(model, rate=0.05):
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(rate), loss, jit_compile=False)
    return model


@pytest.mark.core
def test_coral_by_the_formula():
    expected = ((np.cov(A.T) - np.cov(B.T)) ** 2).sum() / (4 * 3**2)
    assert number(coral(A, B)) == pytest.approx(expected, rel=1e-4)
    assert number(coral(A, A + 5)) == pytest.approx(0, abs=1e-6)  # means do not matter to it
    assert number(mean_gap(A, B)) == pytest.approx(((A.mean(0) - B.mean(0)) ** 2).mean(), rel=1e-4)


@pytest.mark.core
def test_mmd_by_the_formula():
    both = np.concatenate([A, B]).astype(float)
    d = ((both[:, None] - both[None]) ** 2).sum(-1)
    k = np.mean([np.exp(-d / (w * d.mean())) for w in WIDTHS], axis=0)
    expected = k[:7, :7].mean() + k[7:, 7:].mean() - 2 * k[:7, 7:].mean()
    assert number(mmd(A, B)) == pytest.approx(expected, rel=1e-4)
    assert number(mmd(A, A)) == pytest.approx(0, abs=1e-6)
    assert number(mmd(A, A + 5)) > 0.2  # means do


@pytest.mark.core
def test_a_reversed_gradient_climbs():
    class Climb(keras.Model):
        def __init__(self, turned):
            super().__init__()
            self.w = self.add_weight(shape=(1,), initializer="ones")
            self.turned = turned

        def call(self, x):
            y = self.w * x
            return reverse_gradient(y, 0.5) if self.turned else y

    ends = []
    for turned in (False, True):
        model = Climb(turned)
        model.compile(keras.optimizers.SGD(0.1), "mse", jit_compile=False)
        model.fit(np.ones((4, 1)), np.zeros((4, 1)), epochs=1, batch_size=4, verbose=0)
        assert model.predict(np.ones((1, 1)), verbose=0)[0, 0] != 1
        ends.append(keras.ops.convert_to_numpy(model.w)[0])
    # d(w^2)/dw = 2 at 1: one step goes down by 0.2, or up by half of that
    assert ends == pytest.approx([0.8, 1.1], rel=1e-5)


def test_the_schedule_of_the_paper():
    assert number(ramp(0.0)) == 0
    assert number(ramp(0.5)) == pytest.approx(0.98661, abs=1e-4)
    assert number(ramp(1.0)) == pytest.approx(0.99991, abs=1e-4)


# In training


class Nothing(Aligned):
    def alignment(self, source, target):
        return 0.0 * keras.ops.sum(target)


@pytest.mark.core
def test_without_alignment_and_apart_it_learns_what_the_source_alone_teaches(classifier, domains):
    source, target = domains
    batches = paired(source.train, target.train.x, batch_size=32, seed=3)
    alone = compiled(classifier())
    for layer in alone.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = False  # else the target would pass through its statistics
    together = Nothing(keras.models.clone_model(alone), apart=True)
    together.classifier.set_weights(alone.get_weights())
    compiled(alone).fit(Plain(batches), epochs=2, shuffle=False, verbose=0)
    batches.epoch = 0
    batches._shuffle()
    compiled(together).fit(batches, epochs=2, shuffle=False, verbose=0)
    for a, b in zip(alone.get_weights(), together.classifier.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-5)


class Plain(keras.utils.PyDataset):
    """The source half of paired batches."""

    def __init__(self, batches):
        super().__init__()
        self.batches = batches

    def __len__(self):
        return len(self.batches)

    def __getitem__(self, i):
        x, y = self.batches[i]
        return x["source"], y

    def on_epoch_end(self):
        self.batches.on_epoch_end()


@pytest.mark.core
@pytest.mark.parametrize("method", [DeepCORAL, MMD, DANN])
def test_it_trains_and_what_comes_out_is_a_plain_classifier(method, classifier, domains, tmp_path):
    source, target = domains
    model = compiled(method(classifier(), strength=0.5), rate=0.1)
    log = model.fit(paired(source.train, target.train.x), epochs=6, verbose=0).history
    assert log["loss"][-1] < log["loss"][0]
    assert number(model.progress) == 1
    adapted = model.classifier
    assert accuracy(adapted, source.test) > 0.9
    np.testing.assert_allclose(
        model.predict(target.test.x, verbose=0),
        adapted.predict(target.test.x, verbose=0),
        atol=1e-5,
    )
    adapted.save(tmp_path / "adapted.keras")
    again = keras.models.load_model(tmp_path / "adapted.keras")
    assert accuracy(again, target.test) == accuracy(adapted, target.test)


def moments(source, target):
    return coral(source, target) + mean_gap(source, target)


@pytest.mark.core
@pytest.mark.parametrize(
    ("method", "distance", "strong"), [(DeepCORAL, moments, 30.0), (MMD, mmd, 3.0)]
)
def test_alignment_brings_the_features_together(method, distance, strong, classifier, domains):
    source, target = domains
    ends = []
    for strength in (0.0, strong):
        model = compiled(method(classifier(), strength=strength), rate=0.1)
        model.fit(paired(source.train, target.train.x), epochs=8, verbose=0)
        fs, ft = (model.extract.predict(d.test.x, verbose=0) for d in domains)
        ends.append(number(distance(fs, ft)))
    assert ends[1] < 0.6 * ends[0], ends


@pytest.mark.core
def test_shrinking_features_does_not_fool_the_discriminator(classifier):
    rng = np.random.default_rng(0)
    model = DANN(classifier(), strength=0.5)
    width = model.extract.output_shape[-1]
    source, target = (rng.normal(m, 1, (16, width)).astype("float32") for m in (0, 1))
    whole = number(model.alignment(source, target))
    shrunk = number(model.alignment(source / 50, target / 50))
    assert shrunk == pytest.approx(whole, abs=1e-4)
    assert abs(whole - np.log(2)) > 1e-3  # what it would say of features shrunk to nothing


def test_a_model_without_a_dense_end():
    start = keras.Input((4,))
    model = keras.Model(start, keras.layers.ReLU()(start), name="mine")
    with pytest.raises(ValueError, match="mine ends in ReLU"):
        DeepCORAL(model)


def test_a_negative_strength(classifier):
    with pytest.raises(ValueError, match="strength is 0 or more"):
        DANN(classifier(), strength=-1)
