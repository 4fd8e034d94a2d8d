"""Distillation: a small network learns from a large one."""

from ..session import ensure_backend

ensure_backend()

from .attention import Attention, attention_map  # noqa: E402
from .distill import Distilled, distill  # noqa: E402
from .hint import Hint  # noqa: E402
from .int8 import from_int8, to_int8  # noqa: E402
from .match import Match  # noqa: E402
from .relations import Relations, angles, distances  # noqa: E402
from .soft import UNKNOWN, KnownLabels, SoftTargets  # noqa: E402

__all__ = [
    "UNKNOWN",
    "Attention",
    "Distilled",
    "Hint",
    "KnownLabels",
    "Match",
    "Relations",
    "SoftTargets",
    "angles",
    "attention_map",
    "distances",
    "distill",
    "from_int8",
    "to_int8",
]
