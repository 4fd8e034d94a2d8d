"""Fine-tuning: heads, the exact linear probe, freezing by stage, recipes."""

from ..session import ensure_backend

ensure_backend()

from .classifier import Classifier, attach_head  # noqa: E402
from .features import clear_features, features  # noqa: E402
from .freezing import freeze, freeze_to, stages, trainable_stages, unfreeze  # noqa: E402
from .l2_sp import l2_sp  # noqa: E402
from .layerwise import layerwise  # noqa: E402
from .live import Live  # noqa: E402
from .lr_find import LRFind, lr_find  # noqa: E402
from .probe import Probe, linear_probe  # noqa: E402
from .recipe import STRATEGIES, Result, fine_tune  # noqa: E402
from .reset import reset  # noqa: E402

__all__ = [
    "STRATEGIES",
    "Classifier",
    "LRFind",
    "Live",
    "Probe",
    "Result",
    "attach_head",
    "clear_features",
    "features",
    "fine_tune",
    "freeze",
    "freeze_to",
    "l2_sp",
    "layerwise",
    "linear_probe",
    "lr_find",
    "reset",
    "stages",
    "trainable_stages",
    "unfreeze",
]
