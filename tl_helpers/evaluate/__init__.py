"""Fair comparisons: experiments over seeds, intervals, claims, recorded runs."""

from .answers import EQUAL, Answer, earliest, leading, placed
from .calibration import Calibration, calibration, temperature
from .claims import Claim, ClaimNotSupported, claim
from .compare import accuracy, compare
from .decide import Decision, decide
from .efficiency import data_efficiency
from .h_score import h_score
from .intervals import Interval, interval, paired, prediction_interval
from .leep import leep
from .logme import logme
from .recorded import Recorded, StaleRecord, recorded, recorded_names
from .report import Report, report
from .similarity import domain_similarity

__all__ = [
    "EQUAL",
    "Answer",
    "Calibration",
    "Claim",
    "ClaimNotSupported",
    "Decision",
    "Interval",
    "Recorded",
    "Report",
    "StaleRecord",
    "accuracy",
    "calibration",
    "claim",
    "compare",
    "data_efficiency",
    "decide",
    "domain_similarity",
    "earliest",
    "h_score",
    "interval",
    "leading",
    "leep",
    "logme",
    "paired",
    "placed",
    "prediction_interval",
    "recorded",
    "recorded_names",
    "report",
    "temperature",
]
