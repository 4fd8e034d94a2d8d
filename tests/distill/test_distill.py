"""Distillation on pictures small enough to train on in a second."""

from dataclasses import replace

import keras
import numpy as np
import pytest

import tl_helpers as tl
from tl_helpers.backbones import Backbone, Preprocess
from tl_helpers.data import Dataset, Split
from tl_helpers.distill import Attention, Hint, Relations, distill

CLASSES = 3


def pictures(each, seed):
    """Each class has a mean colour of its own, under noise."""
    rng = np.random.default_rng(seed)
    y = np.repeat(np.arange(CLASSES, dtype=np.int32), each)
    colour = np.array([[200, 60, 60], [60, 200, 60], [60, 60, 200]])[y][:, None, None]
    x = colour + rng.normal(0, 60, (len(y), 8, 8, 3))
    order = rng.permutation(len(y))
    return Split(np.clip(x, 0, 255).astype(np.uint8)[order], y[order])


@pytest.fixture(scope="module")
def data():
    parts = [pictures(each, seed) for seed, each in enumerate((20, 10, 40))]
    return Dataset("colours", *parts, ("red", "green", "blue"), {})


def network(width, seed=0, size=2):
    """Two stages, of 4x4 and `size` x `size` places."""
    keras.utils.set_random_seed(seed)
    x = keras.Input((8, 8, 3))
    entry = Preprocess({"low": "low", "high": "high"}, False, name="preprocess")
    y = keras.layers.Conv2D(width, 3, 2, "same", activation="relu", name="low")(entry(x))
    y = keras.layers.Conv2D(width, 3, 4 // size, "same", activation="relu", name="high")(y)
    stages = {"low": "low", "high": "high"}
    backbone = Backbone("small", keras.Model(x, y), stages, {}, False)
    return tl.finetune.attach_head(backbone, CLASSES, dropout=0.0, seed=seed)


@pytest.fixture(scope="module")
def teacher(data):
    model = network(16)
    distill(model, None, data, alpha=0.0, epochs=20)
    assert tl.evaluate.accuracy(model, data.test) > 0.9
    return model


def weights(model):
    return [np.array(w) for w in model.get_weights()]


@pytest.mark.core
def test_labels_alone_or_the_teacher_alone_teach(data, teacher):
    for alpha in (0.0, 1.0):
        student = network(4, seed=3)
        done = distill(student, teacher, data, alpha=alpha, epochs=20)
        assert tl.evaluate.accuracy(student, data.test) > 0.8
        assert done.val_accuracy == pytest.approx(tl.evaluate.accuracy(student, data.val))
        _, right = student.evaluate(data.val.x, data.val.y, verbose=0)  # it is compiled
        assert right == pytest.approx(done.val_accuracy)
        parts = done.history[["labels_loss", "teacher_loss"]].to_numpy() @ [1 - alpha, alpha]
        np.testing.assert_allclose(done.history["loss"], parts, rtol=1e-3)


def test_the_teacher_is_left_as_it_was_and_asked_once(data, teacher, monkeypatch):
    tl.finetune.clear_features()
    asked, predict = [], keras.Model.predict
    monkeypatch.setattr(
        keras.Model,
        "predict",
        lambda self, x, **rest: asked.append(len(x)) or predict(self, x, **rest),
    )
    before = weights(teacher)
    distill(network(4), teacher, data, epochs=5)
    assert sum(asked) <= 64 + len(data.val)  # one batch of the teacher's, and the validation
    for a, b in zip(before, weights(teacher), strict=True):
        np.testing.assert_array_equal(a, b)


def test_logits_stand_for_the_teacher(data, teacher):
    said = teacher.predict(data.train.x, verbose=0)
    students = network(4, seed=5), network(4, seed=5)
    for student, source in zip(students, (teacher, said), strict=True):
        distill(student, source, data, epochs=3)
    for a, b in zip(*map(weights, students), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-4)


def test_a_teacher_that_knows_nothing_is_label_smoothing(data):
    # (1 - a) * cross-entropy + a * KL(uniform): that with smoothed labels, less a constant.
    student = network(4, seed=7)
    nothing = np.zeros((len(data.train), CLASSES), np.float32)
    logits = student.predict(data.train.x, verbose=0)
    settings = {"temperature": 1.0, "alpha": 0.3, "epochs": 1, "base_lr": 1e-9}
    done = distill(student, nothing, data, batch_size=len(data.train), **settings)
    smooth = keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.3)
    expected = float(smooth(np.eye(CLASSES)[data.train.y], logits)) - 0.3 * np.log(CLASSES)
    assert done.history["loss"][0] == pytest.approx(expected, rel=1e-3)


def test_labels_alone_are_the_same_with_and_without_a_teacher(data, teacher):
    students = network(4, seed=5), network(4, seed=5)
    for student, source in zip(students, (teacher, None), strict=True):
        done = distill(student, source, data, alpha=0.0, epochs=3)
    assert "teacher_loss" not in done.history
    for a, b in zip(*map(weights, students), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-4)


def test_logits_hold_for_every_draw_of_a_picture(data):
    from tl_helpers.distill.taught import Taught

    said = np.arange(60 * CLASSES, dtype=np.float32).reshape(60, CLASSES)
    batches = Taught(data.train.x, data.train.y, {"teacher": said}, 8, lambda x, rng: x, views=3)
    for _ in range(3):
        for i in range(len(batches)):
            x, targets = batches[i]
            rows = (targets["teacher"][:, 0] / CLASSES).astype(int)
            np.testing.assert_array_equal(x, data.train.x[rows])
            np.testing.assert_array_equal(targets["labels"], data.train.y[rows])
        batches.on_epoch_end()


def test_without_a_network_to_ask_every_epoch_draws_anew(data):
    from tl_helpers.distill.taught import Taught

    drawn = []
    batches = Taught(data.train.x, data.train.y, {}, 60, lambda x, rng: drawn.append(rng.random()))
    for _ in range(5):
        batches[0]
        batches[0]  # asked again, the same
        batches.on_epoch_end()
    assert len(drawn) == 10
    assert len(set(drawn)) == 5


def test_pictures_without_labels_are_learned_from(data, teacher):
    few = replace(data, train=data.train[np.arange(2)])
    more = pictures(60, seed=9).x
    with_, without = network(4, seed=1), network(4, seed=1)
    distill(without, teacher, few, epochs=30)
    distill(with_, teacher, few, unlabelled=more, epochs=30)
    better = tl.evaluate.accuracy(with_, data.test)
    assert better > 0.85
    assert better > tl.evaluate.accuracy(without, data.test) + 0.1


@pytest.mark.core
@pytest.mark.parametrize(
    "match", [Hint("low"), Attention("high", weight=5.0), Relations("high", weight=25.0)]
)
def test_a_match_brings_the_student_nearer(data, teacher, match):
    student = network(4, seed=2)
    names = [w.path for w in student.weights]
    done = distill(student, teacher, data, alpha=0.5, matches=[match], epochs=10)
    column = next(c for c in done.history if c.startswith(type(match).__name__.lower()))
    other = network(4, seed=2)
    ignored = distill(
        other, teacher, data, alpha=0.5, matches=[replace(match, weight=0.0)], epochs=10
    )
    assert done.history[column].iloc[-1] < 0.9 * ignored.history[column].iloc[-1]
    assert [w.path for w in student.weights] == names  # projections are not part of it


def test_stages_of_other_names_and_two_matches(data, teacher):
    student = network(4, seed=2, size=4)  # both of its stages see 4x4 places
    matches = [Hint("high", "low"), Attention("low")]
    done = distill(student, teacher, data, matches=matches, epochs=1)
    assert {"hint_high_low_loss", "attention_low_low_loss"} <= set(done.history)


def test_augmented_pictures_go_with_their_own_answers(data, teacher):
    from tl_helpers.distill.taught import Taught

    def negative(x, rng):
        return 255 - x if rng.random() < 0.5 else x

    batches = Taught(data.train.x, data.train.y, {"teacher": teacher}, 8, negative, views=6, seed=0)
    assert len({drawn.tobytes() for drawn in batches.drawn}) == 2  # both kinds were drawn
    for _ in range(6):
        for i in range(len(batches)):
            x, targets = batches[i]
            said = teacher.predict(x, verbose=0)
            np.testing.assert_allclose(targets["teacher"], said, atol=1e-3)
        batches.on_epoch_end()


def test_an_epoch_is_a_shuffle_of_all(data, teacher):
    from tl_helpers.distill.taught import Taught

    def rows():
        return [tuple(x.ravel()[:9]) for i in range(len(batches)) for x in batches[i][0]]

    batches = Taught(data.train.x, data.train.y, {"teacher": teacher}, 20)
    first = rows()
    batches.on_epoch_end()
    assert rows() != first
    assert sorted(rows()) == sorted(first)
    assert len(set(first)) == len(data.train)


def test_the_same_seed_gives_the_same_student(data, teacher):
    students = [network(4, seed=5) for _ in range(3)]
    for student, seed in zip(students, (1, 1, 2), strict=True):
        distill(student, teacher, data, matches=[Hint("low")], epochs=2, seed=seed)
    first, again, other = map(weights, students)
    for a, b in zip(first, again, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-5)
    assert any(np.abs(a - b).max() > 1e-3 for a, b in zip(first, other, strict=True))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"alpha": 1.5}, "alpha"),
        ({"temperature": 0}, "above 0"),
        ({"epochs": 0}, "epochs"),
        ({"views": 0}, "views"),
        ({"augment": "yes"}, "augment"),
        ({"unlabelled": np.zeros((2, 9, 9, 3))}, r"\(8, 8, 3\), got \(2, 9, 9, 3\)"),
        ({"teacher": np.zeros((3, CLASSES))}, r"\(60, 3\)"),
        ({"teacher": np.zeros((60, CLASSES)), "matches": [Hint("low")]}, "give the model"),
        ({"teacher": None}, "alpha=0"),
        (
            {"teacher": None, "alpha": 0, "unlabelled": np.zeros((2, 8, 8, 3), "uint8")},
            "no unlabelled",
        ),
        ({"matches": [Hint("top")]}, "unknown stage 'top': the teacher has low, high"),
        ({"matches": [Hint("low", "high")]}, "4x4 places, 'high' of the teacher 2x2"),
        ({"matches": [Attention("low", "high")]}, "16 places"),
    ],
)
def test_bad_input_is_named(data, teacher, change, message):
    settings = {"teacher": teacher, "data": data, **change}
    with pytest.raises(ValueError, match=message):
        distill(network(4), **settings)


def test_a_teacher_that_would_learn_too_is_refused(data, teacher):
    with pytest.raises(ValueError, match="share layers"):
        distill(teacher, teacher, data)


def test_both_must_know_the_data_s_classes(data, teacher):
    other = keras.Sequential(
        [keras.Input((8, 8, 3)), keras.layers.Flatten(), keras.layers.Dense(5)]
    )
    with pytest.raises(ValueError, match="the student has 5 classes, colours has 3"):
        distill(other, teacher, data)
    with pytest.raises(ValueError, match="the teacher has 5 classes"):
        distill(network(4), other, data)
    sure = keras.Sequential(
        [keras.Input((8, 8, 3)), *other.layers, keras.layers.Dense(CLASSES, "softmax")]
    )
    with pytest.raises(ValueError, match="teacher ends in a softmax"):
        distill(network(4), sure, data)
    with pytest.raises(TypeError, match="must be uint8 like those of colours"):
        distill(network(4), network(8), data, unlabelled=np.zeros((2, 8, 8, 3)))
    with pytest.raises(TypeError, match="whole data set"):
        distill(network(4), teacher, data.train)
