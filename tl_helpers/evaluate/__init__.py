"""Fair comparisons: experiments over seeds, intervals, claims, recorded runs."""

from .claims import Claim, ClaimNotSupported, claim
from .compare import accuracy, compare
from .h_score import h_score
from .intervals import interval, paired, prediction_interval
from .leep import leep
from .logme import logme
from .nearest_mean import nearest_mean, nearest_mean_accuracy
from .recorded import Recorded, StaleRecord, recorded, recorded_names
from .similarity import domain_similarity

__all__ = [
    "Claim",
    "ClaimNotSupported",
    "Recorded",
    "StaleRecord",
    "accuracy",
    "claim",
    "compare",
    "domain_similarity",
    "h_score",
    "interval",
    "leep",
    "logme",
    "nearest_mean",
    "nearest_mean_accuracy",
    "paired",
    "prediction_interval",
    "recorded",
    "recorded_names",
]
