"""How every benchmark reports: printed, and as JSON beside its script."""

import contextlib
import json
import os
import platform
import statistics
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path


def report(script: str, **figures) -> None:
    """Print figures and write them beside the script, with the command and versions."""
    path = Path(script)
    facts = {
        "command": f"python benchmarks/{path.name}",
        **figures,
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        **_versions("keras", "tensorflow", "tensorflow-cpu", "numpy"),
    }
    path.with_suffix(".json").write_text(json.dumps(facts, indent=2) + "\n")
    print(path.stem, json.dumps(figures))


def _versions(*packages) -> dict:
    found = {}
    for package in packages:
        with contextlib.suppress(PackageNotFoundError):
            found[package] = version(package)
    return found


def spread(values) -> dict:
    """Minimum, median and maximum, rounded to three digits."""
    low, middle, high = min(values), statistics.median(values), max(values)
    return {k: float(f"{v:.3g}") for k, v in (("min", low), ("median", middle), ("max", high))}
