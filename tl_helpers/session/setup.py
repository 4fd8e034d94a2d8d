"""The one line that starts a lesson, and the one way it scales with the machine."""

import importlib.util
import os
import sys
from dataclasses import dataclass

from .device import ensure_backend, has_gpu, jit_compile, warm_up
from .switches import base_seed, smoke
from .thrift import keep_memory, no_autotune, one_replica

PROFILES = ("cpu", "gpu")


@dataclass(frozen=True)
class Session:
    """Where and how a lesson runs."""

    profile: str
    backend: str
    device: str
    seed: int
    smoke: bool
    place: str
    jit_compile: bool | str
    lesson: str | None

    def __str__(self):
        note = ", smoke run: one step a fit, claims off" if self.smoke else ""
        return (
            f"Ready: profile {self.profile!r} on {self.device} with {self.backend}, "
            f"in {self.place}, seed {self.seed}{note}."
        )


_current: Session | None = None


def setup(
    seed: int = 0, profile: str | None = None, lesson: str | None = None, quiet: bool = False
) -> Session:
    """Start a lesson: seed every generator, choose the profile, silence the backend's start-up.

    Args:
        seed: the lesson's own seed; `TL_SEED` is added to it.
        profile: "cpu" or "gpu"; default `TL_PROFILE`, else "gpu" where the backend sees one.
        lesson: the lesson's number, "00"; claims carry it.
        quiet: do not print the one line that says what was chosen.

    Returns:
        The session. Its `.seed` is what a lesson passes on, so that `TL_SEED` moves everything.
    """
    global _current
    backend = ensure_backend()
    keep_memory()
    warm_up()
    no_autotune()
    one_replica()
    import keras

    gpu = has_gpu()
    profile = _known(profile or os.environ.get("TL_PROFILE") or ("gpu" if gpu else "cpu"))
    seed = base_seed() + seed
    keras.utils.set_random_seed(seed)
    _current = Session(
        profile, backend, "GPU" if gpu else "CPU", seed, smoke(), _place(), jit_compile(), lesson
    )
    if _current.place == "Colab":
        from google.colab import output  # only there

        output.enable_custom_widget_manager()
    if not quiet:
        print(_current)
    return _current


def lesson() -> str | None:
    """The number of the lesson that runs, as given to `setup`."""
    return _current.lesson if _current else None


def pick(**values):
    """The value for this machine's profile: `pick(cpu=8, gpu=30)`.

    A third value, `smoke=2`, is for smoke runs (`TL_SMOKE=1`), which only see that the code runs.
    Before `setup()` the profile is `TL_PROFILE`, else "cpu".
    """
    if set(values) - {"smoke"} != set(PROFILES):
        raise ValueError(f"pick() needs a value for each of {PROFILES}, got {sorted(values)}")
    if smoke() and "smoke" in values:
        return values["smoke"]
    return values[_current.profile if _current else _known(os.environ.get("TL_PROFILE") or "cpu")]


def _known(profile: str) -> str:
    if profile not in PROFILES:
        raise ValueError(f"unknown profile {profile!r}; profiles are {', '.join(PROFILES)}")
    return profile


def _place() -> str:
    if "google.colab" in sys.modules or os.environ.get("COLAB_RELEASE_TAG"):
        return "Colab"
    if os.environ.get("BINDER_SERVICE_HOST") or os.environ.get("BINDER_REPO_URL"):
        return "Binder"
    if os.environ.get("CI"):
        return "CI"
    if importlib.util.find_spec("IPython") and "ipykernel" in sys.modules:
        return "Jupyter"
    return "a script"
