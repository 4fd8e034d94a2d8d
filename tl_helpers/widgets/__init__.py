"""Interactive pieces of a lesson.

`Predict` for a prediction, `Explorer` for recorded results, `TransferMap` for a grid of them,
`LiveRun` for one of them made again, `LayerExplorer` for the units of a network, `DomainExplorer`
for two domains before and after adaptation, `Canvas` for a drawing that is named, `Steps` for what
a learner says step after step.
`predictions` are what was locked in so far.

Each is one plain ES module, `render({ model, el })`, beside its Python class. anywidget only
connects it to the kernel; on a static page the same file runs with no kernel (`static_html`).
"""

from .canvas import Canvas
from .domains import DomainExplorer
from .explorer import Explorer
from .journal import predictions
from .layers import LayerExplorer
from .live_run import LiveRun
from .predict import Predict
from .static import static_html
from .steps import Steps
from .transfer_map import TransferMap

__all__ = [
    "Canvas",
    "DomainExplorer",
    "Explorer",
    "LayerExplorer",
    "LiveRun",
    "Predict",
    "Steps",
    "TransferMap",
    "predictions",
    "static_html",
]
