"""Training that is watched, and stopped."""

import keras
import numpy as np
import pytest

from tl_helpers import backbones, data, finetune
from tl_helpers.session import progress
from tl_helpers.session.progress import Progress, Stopped, watched


class Noted(Progress):
    """Keeps what it is told, and asks to stop after so many epochs."""

    made = []  # noqa: RUF012
    limit = 99

    def __init__(self, runs):
        super().__init__(runs)
        self.made.append(self)

    @property
    def stop(self):
        return sum(len(piece.values) for run in self.curves for piece in run) >= self.limit


@pytest.fixture
def noted(monkeypatch):
    monkeypatch.setattr(Noted, "made", [])
    monkeypatch.setattr(Noted, "limit", 99)
    monkeypatch.setattr(progress, "_new", lambda runs, elsewhere: Noted(runs))
    return Noted


@pytest.fixture(scope="module")
def pictures():
    return data.load("formula10", per_class=4, seed=0)


def classifier():
    return finetune.attach_head(backbones.load("tiny-resnet-s"), 10)


@pytest.mark.core
def test_fine_tune_tells_its_epochs_and_stops_where_it_is(noted, pictures):
    model = classifier()
    result = finetune.fine_tune(model, pictures, "full", epochs=3, base_lr=1e-3)
    (told,) = noted.made
    assert not result.stopped
    assert told.runs == ["fine-tuning, full"]
    np.testing.assert_allclose(told.curves[0][0].values, result.history["accuracy"], atol=1e-6)
    noted.limit = 2
    result = finetune.fine_tune(model, pictures, "full", epochs=4, base_lr=[1e-3, 1e-4])
    assert len(result.history) == 3  # the batch that was asked at is still trained
    assert list(result.tried) == [1e-3]
    assert result.stopped
    assert model.predict(pictures.val.x[:4], verbose=0).shape == (4, 10)
    assert progress.current() is None


def test_gradual_unfreezing_stops_in_an_early_phase(noted, pictures):
    noted.limit = 1
    model = classifier()
    result = finetune.fine_tune(model, pictures, "gradual", epochs=6, base_lr=1e-3)
    assert set(result.history["stage"]) == {"head"}
    finetune.fine_tune(model, pictures, "full", epochs=1, base_lr=1e-3)  # and can be trained on


def test_within_a_comparison_a_stop_ends_the_run(noted, pictures):
    noted.limit = 1
    with watched(["a"]) as told:
        told.begin()
        with pytest.raises(Stopped):
            finetune.fine_tune(classifier(), pictures, "full", epochs=3, base_lr=1e-3)
    assert progress.current() is None


@pytest.mark.core
def test_any_fit_can_be_watched(noted):
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    x = np.zeros((8, 3), "float32")
    watch = finetune.Live("a small one")
    model.fit(x, x[:, :1], epochs=2, batch_size=4, verbose=0, callbacks=[watch])
    (told,) = noted.made
    assert told.runs == ["a small one"]
    assert told.curves[0][0].metric == "loss"
    assert len(told.curves[0][0].values) == 2
    noted.limit = 1
    log = model.fit(x, x[:, :1], epochs=9, batch_size=4, verbose=0, callbacks=[finetune.Live()])
    assert len(log.history["loss"]) == 2


@pytest.mark.core
def test_a_fit_of_one_epoch_has_a_curve_along_its_steps(noted):
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    x = np.random.default_rng(0).normal(size=(400, 3)).astype("float32")
    model.fit(x, x[:, :1], batch_size=4, verbose=0, callbacks=[finetune.Live()])
    (told,) = noted.made
    assert told.along
    curve = told.curves[0][0].values
    assert len(curve) == 20  # at every fifth of a hundred steps, and the end
    assert curve[0] > curve[-1] > 0
