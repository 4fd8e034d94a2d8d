"""A decision from measured numbers: probe, fine-tune, train from scratch, or adapt; and how sure.

The rule is the cheapest option that is about as good as the best one. How sure it is comes from
the number of validation pictures: each accuracy has its posterior (Beta, from a flat prior), and
what is counted is how often the choice holds in draws from them. The options have seen the same
pictures, and often fail on the same ones; the draws are independent, which errs on the unsure side.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

OPTIONS = ("probe", "fine-tune", "train from scratch")  # from cheap to dear
DRAWS = 20_000
ROUNDING = 1e-9  # 0.8 - 0.1 is a little more than 0.7 in floating point


@dataclass(frozen=True)
class Decision:
    """What to do.

    choice: one of `OPTIONS`, or "adapt".
    sure: 0 to 1, how likely the choice is about as good as the best option.
    reasons: why, a sentence each.
    """

    choice: str
    sure: float
    reasons: tuple[str, ...]

    def __str__(self):
        return "\n".join([f"{self.choice} ({self.sure:.0%} sure)", *self.reasons])


def decide(
    accuracy: Mapping[str, float],
    pictures: int,
    *,
    near: float = 0.02,
    at_home: float | None = None,
    unlabelled: int = 0,
) -> Decision:
    """Choose a way to use a pretrained network, or none, from accuracies on validation pictures.

    Args:
        accuracy: option -> accuracy, 0 to 1, each at its best rate on the same validation pictures.
            At least two of `OPTIONS`. Without "train from scratch" the answer cannot say whether
            to transfer at all, and says so.
        pictures: how many validation pictures.
        near: "about as good": as much accuracy as you would give for the cheaper way.
        at_home: what a network that knows the same classes from another domain gets there, if you
            have one.
        unlabelled: pictures of the target without labels. With many of them, and an accuracy far
            below `at_home`, domain adaptation is what is left to gain from.

    Raises:
        ValueError: unknown options, too few, or numbers out of range.
    """
    names = _checked(accuracy, pictures, near, at_home)
    best = max(names, key=lambda name: accuracy[name])
    choice = next(name for name in names if accuracy[name] >= accuracy[best] - near - ROUNDING)

    right = np.array([accuracy[name] * pictures for name in names])
    rng = np.random.default_rng(0)
    drawn = rng.beta(right + 1, pictures - right + 1, (DRAWS, len(names)))
    lost = drawn.max(1) - drawn[:, names.index(choice)]
    sure = float((lost <= near).mean())

    reasons = [
        f"{name}: {accuracy[name]:.1%} of {pictures} validation pictures"
        + (", the best" if name == best else "")
        for name in names
    ]
    if choice != best:
        reasons.append(f"{choice} is cheaper than {best} and at most {100 * near:.0f} points below")
    if "train from scratch" not in names:
        reasons.append("not compared with training from scratch: transfer may be hurting")
    if sure < 0.8:
        reasons.append("close: more validation pictures, or another draw, may turn it")
    if at_home is not None and unlabelled and accuracy[best] < at_home - 0.05:
        reasons.append(
            f"the same classes are told apart at {at_home:.1%} at home: adapt to the domain with "
            f"the {unlabelled} unlabelled pictures, starting from the choice above ({choice})"
        )
        choice = "adapt"
    return Decision(choice, sure, tuple(reasons))


def _checked(accuracy, pictures, near, at_home) -> list[str]:
    """The options that were measured, from cheap to dear."""
    unknown = set(accuracy) - set(OPTIONS)
    if unknown or len(accuracy) < 2:
        raise ValueError(f"decide() takes at least two of {OPTIONS}, got {sorted(accuracy)}")
    numbers = {**accuracy, "near": near, "at_home": 0.0 if at_home is None else at_home}
    wrong = {name: value for name, value in numbers.items() if not 0 <= value <= 1}
    if wrong:
        raise ValueError(f"accuracies are fractions from 0 to 1, got {wrong}")
    if pictures < 1:
        raise ValueError(f"decide() needs the number of validation pictures, got {pictures}")
    return [name for name in OPTIONS if name in accuracy]
