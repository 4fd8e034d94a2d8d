"""Assignment 02: BatchNorm that moves a little, freezing, a head in one step, and its use."""

import numpy as np

from . import NOTHING


def mixed_batch_norm(answer, me) -> str | None:
    """02.1: the ends of the mixture, and its middle by another way."""
    rng = np.random.default_rng(0)
    x = rng.normal(2, 3, (6, 4, 4, 2))
    mean, variance = np.array([1.0, -2.0]), np.array([4.0, 9.0])
    gamma, beta = np.array([0.5, 2.0]), np.array([0.1, -0.3])
    given = x.copy()
    got = answer(given, mean, variance, gamma, beta, 0.0)
    if got is None:
        return NOTHING
    if not np.array_equal(given, x):
        return "the pictures that were passed in have changed: make a new array"
    if np.shape(got) != x.shape:
        return f"the shape should stay {x.shape}, it became {np.shape(got)}"
    stored = (x - mean) / np.sqrt(variance + 1e-3) * gamma + beta
    if not np.allclose(got, stored, atol=0.01):
        return (
            "with a share of 0 it is a frozen BatchNorm: the stored statistics, then gamma and beta"
        )
    got = np.asarray(answer(x, mean, variance, gamma, beta, 1.0))
    plain = (got - beta) / gamma
    if not np.allclose(plain.mean((0, 1, 2)), 0, atol=0.01):
        return "with a share of 1 each channel's mean over pictures and pixels should be beta"
    spread = plain.std((0, 1, 2))
    mixed = me.choose(
        "02.1", ["means and variances", "means and standard deviations", "means alone"]
    )
    if mixed == "means alone":
        if np.allclose(spread, 1, atol=0.02):
            return "yours mixes means alone: the variance is the stored one also with a share of 1"
    elif not np.allclose(spread, 1, atol=0.02):
        return "with a share of 1 each channel's standard deviation should be gamma"
    return None


def freeze_up_to(answer, me) -> str | None:
    """02.2: on a small model with a model in it."""
    import keras

    layers = keras.layers
    inner = keras.Sequential(
        [
            layers.Conv2D(2, 3, name="a"),
            layers.BatchNormalization(name="b"),
            layers.Conv2D(2, 3, name="c"),
        ]
    )
    model = keras.Sequential(
        [keras.Input((8, 8, 1)), inner, layers.Flatten(), layers.Dense(2, name="head")]
    )
    model.compile("sgd", "mse")
    got = answer(model, "b")
    if got is None:
        return NOTHING
    if got is not model:
        return "change the model that is passed in, and return that one"
    if not inner.trainable or not inner.get_layer("c").trainable:
        return (
            "a layer behind the one named is frozen, too: the inner model is to be frozen in part"
        )
    if not model.get_layer("head").trainable:
        return "the head should stay trainable"
    spared = me.choose(
        "02.2", ["the biases of convolutions", "gamma and beta of BatchNorm", "nothing"]
    )
    names = {f"{layer.name}.{v.name}" for layer in inner.layers for v in layer.trainable_variables}
    names -= {"c.kernel", "c.bias"}
    if spared == "nothing":
        return f"still trainable: {', '.join(sorted(names))}" if names else None
    if "a.kernel" in names:
        return "the first convolution's kernel is trainable: layers before the one named count, too"
    if not names:
        return f"all is frozen; yours leaves trainable: {spared}"
    return None


def ridge_head(answer, me) -> str | None:
    """02.3: shape, the limits of its strength, and that weights count."""
    rng = np.random.default_rng(1)
    y = np.repeat([0, 1, 2], [30, 10, 5])
    features = rng.normal(size=(45, 4)) + 3 * rng.normal(size=(3, 4))[y]
    got = answer(features, y, 3, 1.0)
    if got is None:
        return NOTHING
    if np.shape(got) != (5, 3):
        return f"four features, a bias, three classes: shape (5, 3) is due, it is {np.shape(got)}"
    if not np.abs(answer(features, y, 3, 1e9)).max() < 1e-4:
        return "with an enormous λ all weights should go to zero, those of the bias too"
    d = rng.permutation(45)
    x = np.hstack([features, np.ones((45, 1))])
    plain = np.linalg.solve(x.T @ x + np.eye(5), x.T @ (2.0 * np.eye(3)[y] - 1))
    if np.allclose(got, plain, rtol=1e-3):
        return "all pictures count alike so far: weigh them as your variant says"
    weighed = me.choose(
        "02.3",
        [
            "each class as much as any other",
            "by the inverse of the feature's length",
            "the later the more",
        ],
    )
    same = np.allclose(got, answer(features[d], y[d], 3, 1.0), rtol=1e-3)
    if weighed == "the later the more" and same:
        return "the order of the pictures should count in yours"
    if weighed != "the later the more" and not same:
        return "the order of the pictures should not count in yours"
    return None


def chosen(answer, me) -> str | None:
    """02.4: that it can be."""
    if not isinstance(answer, dict) or set(answer) != {"strength", "accuracy"}:
        return "`chosen` should be a dict with strength and accuracy"
    if answer["strength"] is None or answer["accuracy"] is None:
        return "put your two numbers in place of None"
    if answer["strength"] not in (0.01, 1.0, 100.0, 10000.0):
        return "the strength should be one of STRENGTHS"
    if not 0 <= answer["accuracy"] <= 1:
        return "the accuracy should be from 0 to 1"
    if abs(answer["accuracy"] * 300 - round(answer["accuracy"] * 300)) > 1e-6:
        return "that is no share of 300 pictures"
    return None


CHECKS = {"02.1": mixed_batch_norm, "02.2": freeze_up_to, "02.3": ridge_head, "02.4": chosen}
