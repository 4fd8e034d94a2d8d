"""The environment variables that steer a lesson from outside."""

import os


def smoke() -> bool:
    """Whether `TL_SMOKE` asks for a step a fit and no claims."""
    return _on("TL_SMOKE")


def strict() -> bool:
    """Whether `TL_STRICT` asks that an unsupported claim fails the run."""
    return _on("TL_STRICT")


def base_seed() -> int:
    """What `TL_SEED` adds to every seed of a lesson; 0 where it is not set."""
    text = os.environ.get("TL_SEED") or "0"
    try:
        seed = int(text)
    except ValueError:
        seed = -1
    if not 0 <= seed < 2**31:
        raise ValueError(f"TL_SEED must be a whole number from 0 on, it is {text!r}: unset it")
    return seed


def _on(name: str) -> bool:
    return os.environ.get(name, "").lower() not in ("", "0", "false", "no")
