"""What the checks of practice exercises share: the kind of an answer, and usual mistakes."""

import numpy as np

# For an answer that is right on the first input and wrong on the second.
FIXED = (
    "right for one input, wrong for the next: is a number written into your function that should "
    "come from its arguments?"
)


def numbers(got) -> np.ndarray | None:
    """An answer as an array of numbers; None where it is none, such as text or ragged lists."""
    try:
        got = np.asarray(got)
    except (TypeError, ValueError):
        return None
    return got if got.dtype.kind in "biuf" else None


def misfit(got, shape, axes="") -> str | None:
    """What is wrong with the kind of an answer, before its values: no numbers, the shape, nan."""
    wanted = "one number" if shape == () else f"an array of shape {shape}{axes and ', '}{axes}"
    array = numbers(got)
    if array is None:
        return f"it should be {wanted}; it is of type {type(got).__name__}"
    if array.shape != shape:
        return f"it should be {wanted}; it has shape {array.shape}"
    if np.isnan(array).any():
        return (
            "there is nan in it, which is not a number: look for 0 / 0, the root or the logarithm "
            "of a negative number, or the mean of nothing"
        )
    return None


def usual(got, mistakes, rtol=1e-4, atol=1e-5) -> str | None:
    """The hint of the first usual mistake that gives just this answer.

    The tolerance lets float32 through, and tells apart what the examples are chosen to tell apart.
    """
    array = numbers(got)
    if array is None:
        return None
    for hint, value in mistakes:
        if np.shape(value) == array.shape and np.allclose(array, value, rtol, atol):
            return hint
    return None
