"""Seeds, device, profile, compile policy, and where we run.

`setup()` is the first line of every lesson; `pick()` is the one way a lesson scales with the
machine. The environment steers both: `TL_PROFILE` (cpu or gpu), `TL_SEED` (added to every seed of
a lesson), `TL_SMOKE=1` (a step a fit, claims off) and `TL_STRICT=1` (an unsupported claim fails).
"""

from .device import ensure_backend, has_gpu, jit_compile
from .setup import Session, lesson, pick, setup
from .switches import base_seed, smoke, strict
from .thrift import one_replica, tidy

__all__ = [
    "Session",
    "base_seed",
    "ensure_backend",
    "has_gpu",
    "jit_compile",
    "lesson",
    "one_replica",
    "pick",
    "setup",
    "smoke",
    "strict",
    "tidy",
]
