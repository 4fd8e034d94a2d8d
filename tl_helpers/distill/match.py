"""What a student may match of its teacher besides the answers: one stage with another.

A match says what of the teacher's stage is kept for each picture, what the student shows in its
place, and how far apart they are. `distill(..., matches=[...])` does the rest.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Match:
    """One stage of the student against one of the teacher.

    stage: of the student, a name as in `backbone.stages`.
    teacher_stage: default: of the same name.
    weight: of this loss.
    """

    stage: str
    teacher_stage: str | None = None
    weight: float = 1.0

    def of_teacher(self, x):
        """What is kept: from the teacher's feature maps (n, h, w, channels), Keras tensors."""
        raise NotImplementedError

    def of_student(self, x, kept):
        """What is compared with it: from the student's maps; `kept` is the teacher's tensor."""
        raise NotImplementedError

    def loss(self, kept, shown):
        """How far they are apart: (n,), or one number for the batch."""
        raise NotImplementedError

    def check_maps(self, x, kept):
        """The two must see as many places."""
        if tuple(x.shape[1:3]) != tuple(kept.shape[1:3]):
            raise ValueError(
                f"{type(self).__name__}: stage {self.stage!r} of the student has "
                f"{x.shape[1]}x{x.shape[2]} places, {self.teacher_stage or self.stage!r} of the "
                f"teacher {kept.shape[1]}x{kept.shape[2]}: choose stages of one size"
            )
