"""Pretrained networks with named stages and their preprocessing inside."""

from ..session import ensure_backend

ensure_backend()

from .backbone import Backbone  # noqa: E402
from .cost import Cost, cost  # noqa: E402
from .load import available, download_of, load, names, read_card, weights_names  # noqa: E402
from .preprocess import Preprocess  # noqa: E402
from .weights import WeightsError  # noqa: E402

__all__ = [
    "Backbone",
    "Cost",
    "Preprocess",
    "WeightsError",
    "available",
    "cost",
    "download_of",
    "load",
    "names",
    "read_card",
    "weights_names",
]
