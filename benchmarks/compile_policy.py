"""XLA on a CPU under TensorFlow: why `setup()` turns it off there.

python benchmarks/compile_policy.py
"""

from _report import report, spread
from _training import classifier, pictures_per_second

from tl_helpers.session import setup


def main():
    """Train tiny-resnet with and without XLA in one run."""
    setup(quiet=True)
    from tl_helpers.backbones.tiny_resnet import tiny_resnet

    speeds = pictures_per_second(
        {"xla": classifier(tiny_resnet, True), "plain": classifier(tiny_resnet, False)}
    )
    ratios = [p / x for p, x in zip(speeds["plain"], speeds["xla"], strict=True)]
    report(
        __file__,
        pictures_per_second={name: spread(v) for name, v in speeds.items()},
        plain_over_xla=spread(ratios),
    )


if __name__ == "__main__":
    main()
