"""Two domains in the features of a classifier, flattened to two dimensions to look at.

The plane is that in which the source's classes stand apart most (linear discriminant analysis,
Fisher 1936), found on the source alone. The target's pictures are put into the same plane: where
the classifier fails, they lie away from their classes.
"""

import base64
from dataclasses import dataclass

import keras
import numpy as np
from sklearn.covariance import OAS
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

from ..data.dataset import Split
from .aligned import trunk_and_head
from .measure import a_distance, answers

FACTS = ("home", "accuracy", "a_distance")


@dataclass(frozen=True, eq=False)
class View:
    """Where pictures of two domains lie, and how well they are classified.

    source, target: (n, 2) and (m, 2), scaled so that the source has variance 1 in each direction.
    home, accuracy: share of the source's and of the target's pictures classified correctly.
    a_distance: between the domains, by all features.
    """

    source: np.ndarray
    target: np.ndarray
    home: float
    accuracy: float
    a_distance: float

    def row(self) -> dict:
        """As one row of a table, for a recorded experiment; `from_row` undoes it."""
        points = np.concatenate([self.source, self.target]).astype("<f2")
        facts = {name: getattr(self, name) for name in FACTS}
        packed = base64.b64encode(points.tobytes()).decode()
        return {**facts, "sources": len(self.source), "points": packed}

    @classmethod
    def from_row(cls, row) -> "View":
        """From a row of a table that `row` made; coordinates to three digits."""
        flat = np.frombuffer(base64.b64decode(row["points"]), "<f2").reshape(-1, 2).astype(float)
        n = int(row["sources"])
        return cls(flat[:n], flat[n:], **{name: float(row[name]) for name in FACTS})


def view(classifier: keras.Model, source: Split, target: Split) -> View:
    """Look at two domains through a classifier. For looking only: it uses the target's labels.

    Args:
        classifier: a model that ends in a dense layer; at least three classes.
        source, target: labelled pictures that it was not trained on.
    """
    if len(np.unique(source.y)) < 3:
        raise ValueError("a plane in which classes stand apart needs at least three classes")
    trunk_and_head(classifier, "view")  # says so where there is no dense end
    (fs, said), (ft, there) = answers(classifier, source.x, target.x)
    plane = LinearDiscriminantAnalysis("eigen", covariance_estimator=OAS(), n_components=2).fit(
        fs, source.y
    )
    flat, moved = plane.transform(fs), plane.transform(ft)
    middle, spread = flat.mean(0), flat.std(0)
    return View(
        (flat - middle) / spread,
        (moved - middle) / spread,
        float((said.argmax(1) == source.y).mean()),
        float((there.argmax(1) == target.y).mean()),
        a_distance(fs, ft),
    )
