"""Fair comparisons: experiments over seeds, intervals, claims, recorded runs."""

from .claims import Claim, ClaimNotSupported, claim
from .compare import accuracy, compare
from .intervals import interval, paired, prediction_interval
from .nearest_mean import nearest_mean, nearest_mean_accuracy
from .recorded import Recorded, StaleRecord, recorded, recorded_names

__all__ = [
    "Claim",
    "ClaimNotSupported",
    "Recorded",
    "StaleRecord",
    "accuracy",
    "claim",
    "compare",
    "interval",
    "nearest_mean",
    "nearest_mean_accuracy",
    "paired",
    "prediction_interval",
    "recorded",
    "recorded_names",
]
