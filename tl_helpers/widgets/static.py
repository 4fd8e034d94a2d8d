"""Widgets that stay alive on a page without a kernel.

A notebook that is exported to HTML, or a page of the site, holds a widget as one HTML fragment:
its ES module, its state as JSON, and a text version that shows until the module has run.
"""

import base64
import json
import sys
import uuid
from functools import cache
from html import escape
from pathlib import Path

import anywidget

__all__ = ["HERE", "MAX_BYTES", "BaseWidget", "script", "static_html"]

HERE = Path(__file__).parent
MAX_BYTES = 1 << 20  # of a widget's data: it travels with the page
_VIEW = "application/vnd.jupyter.widget-view+json"


class BaseWidget(anywidget.AnyWidget):
    """An anywidget that also displays as static HTML and as text.

    A subclass has its ES module in `_esm` (a `script`), names the traits the module reads in
    `_state_names`, and has a text version: `_plain()` and, as HTML, `_fallback()`.
    """

    _state_names: tuple[str, ...] = ()

    def __init__(self, **state):
        super().__init__(**state)
        size = sum(len(v) for v in state.values() if isinstance(v, bytes))
        if size > MAX_BYTES:
            raise ValueError(
                f"this {type(self).__name__} would put {size / 2**20:.1f} MB of data on the page, "
                f"more than {MAX_BYTES >> 20} MB: show fewer conditions, levels or pictures"
            )

    # ipywidgets 7 displays through this method, and would hide the static version.
    _ipython_display_ = None

    def _plain(self) -> str:
        raise NotImplementedError

    def _fallback(self) -> str:
        return f"<p>{escape(self._plain())}</p>"

    def _repr_mimebundle_(self, **kwargs):
        """Return the live view, the static HTML and the text; a front end takes its best."""
        parent = getattr(super(), "_repr_mimebundle_", None)  # ipywidgets 7 has none
        bundle = parent(**kwargs) if parent else None
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle or {}, {})
        if _VIEW not in data and self._view_name is not None:
            data[_VIEW] = {"version_major": 2, "version_minor": 0, "model_id": self.model_id}
        data["text/plain"] = self._plain()
        # Colab may take HTML before the view, and a prediction made there would miss the kernel.
        if "google.colab.output" not in sys.modules:
            data["text/html"] = static_html(self)
        return data, metadata


def script(*names: str) -> str:
    """One ES module of several files of this folder, each of which sees what is before it."""
    return "\n".join(map(_source, names))


@cache
def _source(name: str) -> str:
    text = (HERE / name).read_text(encoding="utf-8")
    if "</script" in text.lower() or "<!--" in text:
        raise ValueError(f"{name} must not contain '</script' or '<!--': it is put inline in HTML")
    return text


def _jsonable(value: object) -> dict:
    if isinstance(value, (bytes, bytearray, memoryview)):
        return {"base64": base64.b64encode(value).decode()}
    raise TypeError(f"cannot put a {type(value).__name__} into a static page")


def static_html(widget: BaseWidget) -> str:
    """Return a widget in its present state as one self-contained HTML fragment.

    The fragment needs no kernel, no network and nothing else on the page. It has an id of its
    own, so that a page can hold many. Readers without JavaScript see the text version.
    """
    name = f"tl-{uuid.uuid4().hex[:10]}"
    state = {key: getattr(widget, key) for key in widget._state_names}
    text = json.dumps(state, default=_jsonable, allow_nan=False, ensure_ascii=False)
    return "\n".join(
        [
            f'<div class="tl-static"><style>{_source("widget.css")}</style>',
            f'<div id="{name}"><div class="tl-widget">{widget._fallback()}</div></div>',
            # "<" would let a text of the state end the script.
            f'<script type="application/json" id="{name}-state">',
            text.replace("<", "\\u003c"),
            "</script>",
            '<script type="module" async>',  # it need not wait for the rest of the page
            widget._esm,
            _source("static.js"),
            f'mount(render, "{name}");',
            "</script></div>",
        ]
    )
