"""Domain adaptation: the same task on pictures from elsewhere, without labels there."""

from ..session import ensure_backend

ensure_backend()

from .adabn import adabn, separate  # noqa: E402
from .aligned import Aligned  # noqa: E402
from .coral import DeepCORAL, coral  # noqa: E402
from .dann import DANN, reverse_gradient  # noqa: E402
from .label_shift import class_weights, shifted  # noqa: E402
from .measure import a_distance, answers, shift_by_stage  # noqa: E402
from .mmd import MMD, mmd  # noqa: E402
from .multi_task import MultiTask  # noqa: E402
from .select import criteria, reverse_accuracy, select  # noqa: E402
from .self_train import SelfTrained, self_train  # noqa: E402
from .tent import tent  # noqa: E402
from .view import View, view  # noqa: E402

__all__ = [
    "DANN",
    "MMD",
    "Aligned",
    "DeepCORAL",
    "MultiTask",
    "SelfTrained",
    "View",
    "a_distance",
    "adabn",
    "answers",
    "class_weights",
    "coral",
    "criteria",
    "mmd",
    "reverse_accuracy",
    "reverse_gradient",
    "select",
    "self_train",
    "separate",
    "shift_by_stage",
    "shifted",
    "tent",
    "view",
]
