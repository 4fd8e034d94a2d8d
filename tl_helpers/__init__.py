"""Transfer learning in Keras 3: the library behind the course.

Importing this package is instant: every submodule loads on first use, and TensorFlow, plotly and
ipywidgets load only when something needs them.
"""

import importlib

__version__ = "0.1.0"
__all__ = [
    "absent",
    "adapt",
    "backbones",
    "check",
    "claim",
    "course",
    "data",
    "distill",
    "evaluate",
    "fewshot",
    "finetune",
    "inspect",
    "jobs",
    "pick",
    "plots",
    "prefetch",
    "session",
    "setup",
    "widgets",
]

# The names used in every lesson stand at the top: name -> the module that has it.
_NAMES = {
    "setup": "session",
    "pick": "session",
    "claim": "evaluate",
    "check": "course",
    "prefetch": "downloads",
    "absent": "downloads",
}


def __getattr__(name: str):
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}; it has {__all__}")
    module = importlib.import_module(f"{__name__}.{_NAMES.get(name, name)}")
    return getattr(module, name) if name in _NAMES else module


def __dir__():
    return sorted({*globals(), *__all__})
