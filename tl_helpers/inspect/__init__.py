"""Looking into a network: activations, filters, what units like, what stages know, CKA."""

from ..session import ensure_backend

ensure_backend()

from .activations import activations, tap  # noqa: E402
from .cka import cka, cka_table, hsic  # noqa: E402
from .exciting import Exciting, exciting  # noqa: E402
from .filters import filters  # noqa: E402
from .grad_cam import grad_cam  # noqa: E402
from .gratings import COLOURS, colour_preference, gratings, selectivity  # noqa: E402
from .maximise import maximise  # noqa: E402
from .probes import probe_by_stage  # noqa: E402

__all__ = [
    "COLOURS",
    "Exciting",
    "activations",
    "cka",
    "cka_table",
    "colour_preference",
    "exciting",
    "filters",
    "grad_cam",
    "gratings",
    "hsic",
    "maximise",
    "probe_by_stage",
    "selectivity",
    "tap",
]
