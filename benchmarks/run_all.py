"""Run every benchmark; each prints its figures and writes them beside its script.

make bench
"""

import subprocess
import sys
from pathlib import Path

SCRIPTS = (
    "import_time",
    "formula_speed",
    "compile_policy",
    "patch_conv",
    "keep_memory",
    "autotune",
    "cached_head",
    "gradual",
    "logme_speed",
    "episodes_speed",
    "maml_speed",
    "distill_speed",
    "dann",
    "grading",
    "lesson_budget",
    "site",
)


def main():
    """One process a benchmark, so that none inherits another's state."""
    for name in SCRIPTS:
        subprocess.run([sys.executable, Path(__file__).with_name(f"{name}.py")], check=True)


if __name__ == "__main__":
    main()
