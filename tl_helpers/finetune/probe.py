"""The exact linear probe: logistic regression on frozen features, solved to the end.

How well a linear classifier does on frozen features says what they know (Alain and Bengio 2017).
The problem is convex, so it is solved rather than trained: no learning rate, no epochs, no seed.
"""

from dataclasses import dataclass, field

import keras
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss

from ..data.dataset import Dataset, Split
from ..session import smoke
from .features import extractor, features

INVERSE_L2 = (1e-4, 1e-3, 1e-2, 1e-1, 1.0)  # candidates for C, chosen on validation data


@dataclass(frozen=True, eq=False)
class Probe:
    """A solved probe.

    kernel: (features, classes); bias: (classes,). They take the features as the network gives
        them: their standardisation is folded in.
    stage: where the features were cut.
    c: the chosen inverse strength of the L2 penalty.
    val_accuracy: 0 to 1, on the data that `c` was chosen on.
    """

    kernel: np.ndarray
    bias: np.ndarray
    stage: str
    c: float
    val_accuracy: float
    extract: keras.Model = field(repr=False)

    def accuracy(self, split: Split) -> float:
        """Share of a split's pictures that the probe gets right, 0 to 1."""
        logits = features(self.extract, split.x) @ self.kernel + self.bias
        return float((logits.argmax(1) == split.y).mean())

    def install(self, model) -> None:
        """Make the probe the head of a model from `attach_head`, which then predicts as it does."""
        head = model.get_layer("head")
        if tuple(head.kernel.shape) != self.kernel.shape:
            raise ValueError(
                f"the probe at {self.stage} has shape {self.kernel.shape}, the model's head "
                f"{tuple(head.kernel.shape)}: only a probe of the last stage, with the same "
                "classes, can be installed"
            )
        head.set_weights([self.kernel, self.bias])


def linear_probe(network, data: Dataset, stage: str | None = None) -> Probe:
    """Solve a linear probe on frozen features.

    Args:
        network: a `Backbone`, or a model from `attach_head`.
        data: trains on `data.train`, chooses the penalty on `data.val`.
        stage: where to cut; default the last stage.
    """
    extract, stage = extractor(network, stage)
    train, val = (features(extract, split.x) for split in (data.train, data.val))
    solved = solve(train, data.train.y, val, data.val.y, data.num_classes)
    return Probe(*solved[:2], stage, *solved[2:], extract)


def solve(x, y, val_x, val_y, num_classes: int) -> tuple[np.ndarray, np.ndarray, float, float]:
    """The probe of given features, with the penalty that does best on the validation features.

    Args:
        x, val_x: (n, features).
        y, val_y: (n,) class numbers.
        num_classes: of which `y` may lack some.

    Returns:
        Kernel (features, classes) and bias (classes,) float32, C, and the accuracy on validation.
    """
    if len(np.unique(y)) < 2:
        raise ValueError("a probe needs at least two classes in the training pictures")
    mean, scale = x.mean(0), x.std(0) + 1e-3
    best = None
    for c in INVERSE_L2:
        solver = LogisticRegression(C=c, max_iter=5 if smoke() else 2000, tol=1e-5)
        if smoke():
            solver.set_params(tol=1e6)  # one step is enough to see that the code runs
        solver.fit((x - mean) / scale, y)
        score = _score(solver, (val_x - mean) / scale, val_y)
        if best is None or score > best[0]:
            best = score, c, solver
    (accuracy, _), c, solver = best
    kernel, bias = _full(solver, num_classes)
    kernel = kernel / scale[:, None]
    return kernel.astype(np.float32), (bias - mean @ kernel).astype(np.float32), c, accuracy


def _score(solver, x, y) -> tuple[float, float]:
    """Accuracy, and the likelihood for where a small validation set cannot tell penalties apart."""
    accuracy = float((solver.predict(x) == y).mean())
    known = np.isin(y, solver.classes_)
    if not known.any():
        return accuracy, -np.inf
    loss = log_loss(y[known], solver.predict_proba(x[known]), labels=solver.classes_)
    return accuracy, -loss


def _full(solver, num_classes):
    """(features, classes) kernel and bias; a class that has no training picture never wins."""
    coefficients, intercept = solver.coef_, solver.intercept_
    if len(coefficients) == 1:  # scikit-learn keeps one row for two classes
        coefficients = np.concatenate([-coefficients, coefficients]) / 2
        intercept = np.concatenate([-intercept, intercept]) / 2
    kernel = np.zeros((coefficients.shape[1], num_classes))
    bias = np.full(num_classes, -1e4)
    kernel[:, solver.classes_] = coefficients.T
    bias[solver.classes_] = intercept
    return kernel, bias
