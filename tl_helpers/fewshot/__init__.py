"""Few-shot learning: new classes from a handful of examples each."""

from ..session import ensure_backend

ensure_backend()

from .baselines import (  # noqa: E402
    head_accuracies,
    nearest_mean_accuracies,
    unit_features,
)
from .batch_norm import TransductiveBatchNorm  # noqa: E402
from .episodic import Episodic  # noqa: E402
from .maml import MAML  # noqa: E402
from .matching import MatchingNetwork  # noqa: E402
from .over_tasks import episodic_accuracies, interval  # noqa: E402
from .prototypical import PrototypicalNetwork, prototypes, squared_distances  # noqa: E402
from .relation import RelationNetwork, score_error  # noqa: E402
from .reptile import Reptile  # noqa: E402
from .sampler import TaskSampler  # noqa: E402

__all__ = [
    "MAML",
    "Episodic",
    "MatchingNetwork",
    "PrototypicalNetwork",
    "RelationNetwork",
    "Reptile",
    "TaskSampler",
    "TransductiveBatchNorm",
    "episodic_accuracies",
    "head_accuracies",
    "interval",
    "nearest_mean_accuracies",
    "prototypes",
    "score_error",
    "squared_distances",
    "unit_features",
]
