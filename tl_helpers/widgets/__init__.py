"""Interactive pieces of a lesson: `Explorer` for recorded results, `Predict` for a prediction.

Each is one plain ES module, `render({ model, el })`, beside its Python class. anywidget only
connects it to the kernel; on a static page the same file runs with no kernel (`static_html`).
"""

from .explorer import Explorer
from .predict import Predict
from .static import static_html

__all__ = ["Explorer", "Predict", "static_html"]
