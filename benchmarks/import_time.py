"""How long `import tl_helpers` takes, beyond starting Python.

python benchmarks/import_time.py
"""

import subprocess
import sys
import time

from _report import report, spread


def seconds(code: str) -> float:
    """The wall time of a fresh interpreter that runs the code."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.perf_counter() - start


def main():
    """Ten pairs, so that the machine's drift cancels."""
    report(
        __file__,
        seconds=spread([seconds("import tl_helpers") - seconds("pass") for _ in range(10)]),
    )


if __name__ == "__main__":
    main()
