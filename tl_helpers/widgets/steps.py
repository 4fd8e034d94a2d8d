"""Steps: a classifier that changes its mind, what it says of every picture, step after step."""

from collections.abc import Sequence
from html import escape

import numpy as np
import traitlets as t

from .dials import DialWidget
from .levels import describe_dial
from .static import HERE, script
from .summary import fixed

__all__ = ["Steps"]


class Steps(DialWidget):
    """A slider over the steps of a learner, and a button that plays them.

    shares: (steps, n, classes), 0 to 1, what is said of each picture; the first before any step.
    truth: (n,) the right class of each picture, as a place in `names`.
    names: of the classes.
    title: who learns what.

    A column a picture, those of a class side by side, and a row a class; frames mark what is right.
    """

    _esm = script("base.js", "steps.js")
    _css = HERE / "widget.css"
    _state_names = ("spec", "shares", "position")

    shares = t.Bytes().tag(sync=True)  # (steps, n, classes) uint8, pictures in the order of truth

    def __init__(self, shares, truth, names: Sequence[str], *, title: str):
        shares, truth = np.asarray(shares, float), np.asarray(truth)
        names = [str(name) for name in names]
        if shares.ndim != 3 or shares.shape[1:] != (len(truth), len(names)):
            raise ValueError(
                f"shares must be (steps, {len(truth)}, {len(names)}), for {len(truth)} pictures "
                f"and {len(names)} names; got {shares.shape}"
            )
        order = np.argsort(truth, kind="stable")
        shares, truth = shares[:, order], truth[order]
        right = shares.argmax(-1) == truth  # (steps, n)
        steps = list(range(len(shares)))
        spec = {
            "title": title,
            "dials": [describe_dial("step", steps)],
            "names": names,
            "truth": truth.tolist(),
            "said": [_said(k, right[k]) for k in steps],
            "right": [
                [f"{one[truth == c].sum()} of {(truth == c).sum()}" for c in range(len(names))]
                for one in right
            ],
        }
        data = np.rint(255 * np.clip(shares, 0, 1)).astype(np.uint8).tobytes()
        super().__init__({"step": steps}, spec=spec, shares=data)

    def summary(self) -> str:
        """The sentence about the step that is chosen."""
        return self.spec["said"][self.position[0]]

    def _plain(self) -> str:
        return f"{self.spec['title']}\n" + "\n".join(self.spec["said"])

    def _fallback(self) -> str:
        heads = "".join(f"<th>{escape(name)}</th>" for name in self.spec["names"])
        rows = "".join(
            f"<tr><td>{step}</td>{''.join(f'<td>{text}</td>' for text in right)}</tr>"
            for step, right in enumerate(self.spec["right"])
        )
        return (
            f'<p class="tl-title">{escape(self.spec["title"])}</p><p>{escape(self.summary())}</p>'
            f"<table><tr><th>right after step</th>{heads}</tr>{rows}</table>"
        )


def _said(step, right) -> str:
    return f"Step {step}: {fixed(100 * right.mean(), 0)} % of {len(right)} pictures right."
