"""Attention transfer: where the teacher looks (Zagoruyko and Komodakis 2017)."""

from dataclasses import dataclass

from keras import ops

from .match import Match

SMALL = 1e-12


@dataclass(frozen=True)
class Attention(Match):
    """Where in the picture a stage is active; nothing is learned for it, and widths may differ.

    The map is the mean of the squared activations over channels, as a vector of length 1; the loss
    is the squared distance of the two. The paper weights it by 500 or so (1,000 / 2) on its mean
    over places; as a sum over places, as here, 1 to 10 is a beginning.
    """

    def of_teacher(self, x):
        return attention_map(x)

    def of_student(self, x, kept):
        if (places := x.shape[1] * x.shape[2]) != kept.shape[-1]:
            raise ValueError(
                f"Attention: stage {self.stage!r} of the student has {places} places, "
                f"{self.teacher_stage or self.stage!r} of the teacher {kept.shape[-1]}: choose "
                "stages of one size"
            )
        return attention_map(x)

    def loss(self, kept, shown):
        return ops.sum((kept - shown) ** 2, axis=-1)


def attention_map(x):
    """(n, h, w, channels) -> (n, h * w), each row of length 1."""
    places = ops.reshape(ops.mean(x**2, axis=-1), (-1, x.shape[1] * x.shape[2]))
    # A stage that is silent everywhere has a map of zeros, and no gradient.
    return places * ops.rsqrt(ops.maximum(ops.sum(places**2, axis=-1, keepdims=True), SMALL))
