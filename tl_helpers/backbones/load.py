"""Load a backbone by name."""

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import keras

from ..data.absent import Download, not_here
from ..session import smoke
from . import embedded, squeezenet
from .applications import APPLICATIONS
from .backbone import Backbone
from .preprocess import Preprocess
from .weights import packaged

SMALLEST = 32  # pictures below this leave nothing of the last stages


@dataclass(frozen=True)
class Network:
    """How to make one backbone.

    features: preprocessed (n, h, w, 3) -> feature map, and stage -> name of the layer that ends it;
        that of an embedded network also takes a width.
    fill: (model, weights) -> card; puts weights into the model.
    at_hand: whether the default weights need no download.
    download: what is downloaded where they are not; None for those in the package.
    card: name of the weights -> the facts about them, where they are known before loading.
    side: picture side it works at by default.
    scales: whether it can work at another one, and scales pictures to it.
    entry: settings of its `Preprocess` layer.
    """

    features: Callable
    fill: Callable
    at_hand: Callable[[], bool]
    download: Download | None
    card: Callable[[str], dict] | None
    side: int
    scales: bool
    entry: dict


NETWORKS = {
    name: Network(
        embedded.features(name),
        embedded.fill,
        lambda: True,
        None,
        partial(embedded.read_card, name),
        embedded.SIDE,
        scales=False,
        entry={},
    )
    for name in embedded.WIDTHS
}
NETWORKS["squeezenet"] = Network(
    squeezenet.squeezenet,
    squeezenet.fill,
    squeezenet.at_hand,
    squeezenet.DOWNLOAD,
    lambda called: squeezenet.CARD.copy(),
    96,
    scales=True,
    entry=squeezenet.ENTRY,
)
NETWORKS |= {
    name: Network(
        app.features,
        app.fill,
        app.at_hand,
        app.download(name),
        None,
        224,
        scales=True,
        entry=app.entry,
    )
    for name, app in APPLICATIONS.items()
}


def names() -> list[str]:
    """The backbones that `load` knows."""
    return list(NETWORKS)


def weights_names(name: str) -> list[str]:
    """The weights that `load` knows by name for a network, "default" first.

    An embedded network may have a zoo: the same network, pretrained from other sources. They are
    in the package.
    """
    _known(name)
    return packaged(name) if name in embedded.WIDTHS else ["default"]


def read_card(name: str, weights: str = "default") -> dict:
    """The facts about a network's weights, without loading them.

    Raises:
        ValueError: unknown name, or a network of `keras.applications`, which has no card before it
            is downloaded: `load(name).card`.
    """
    card = _known(name).card
    if card is None:
        raise ValueError(f"the card of {name} comes with its weights: tl.backbones.load(name).card")
    if weights not in weights_names(name):
        raise ValueError(f"{name} has no weights {weights!r}: there are {weights_names(name)}")
    return card(weights)


def available(name: str) -> bool:
    """Whether `load(name)` needs no download. A lesson asks before it uses a real network."""
    return _known(name).at_hand()


def download_of(name: str) -> Download | None:
    """What `load(name)` has to download where the weights are not here; None if nothing ever."""
    return _known(name).download


def load(
    name: str,
    weights: str | Path | None = "default",
    seed: int = 0,
    input_size: int | None = None,
    width: float = 1.0,
    *,
    download: bool = False,
) -> Backbone:
    """Load a backbone.

    Args:
        name: one of `names()`: the embedded "tiny-resnet", "squeezenet", or a network of
            `keras.applications`.
        weights: "default" (for an embedded network the weights that come with the package, else
            those of ImageNet), another of `weights_names(name)`, "imagenet", the
            path of a weights file (`.npz` of `tl-course pretrain`; `.h5` for the others), or None
            for a random initialisation: the from-scratch control. A smoke run takes random
            weights where these are not on this machine.
        seed: of the random initialisation.
        input_size: picture side the network works at; pictures of another size are scaled inside.
            Default: 32 for the embedded networks, which know no other; 96 for "squeezenet"; else
            224. A smaller side is faster and a little less accurate.
        width: times as many channels in every stage; of an embedded network without weights, as a
            student for distillation.
        download: whether weights that are not on this machine may be downloaded, once;
            `tl.prefetch` says beforehand what and how much.

    Raises:
        ValueError: unknown name, a size or width that does not fit, or "imagenet" for a network
            that has no such weights.
        NotHere: the weights are not on this machine; says what brings them.
        WeightsError: the file is missing, damaged, or belongs to another network.
        DataError: its kinds DownloadError, ChecksumError and DiskFull, where a download fails.
    """
    network = _known(name)
    side = _checked(name, network, input_size)
    _check_width(name, weights, width)
    if weights in ("default", "imagenet") and not download and not network.at_hand():
        if not smoke():
            raise not_here(network.download)
        weights = None
    keras.utils.set_random_seed(seed)
    model = build(name, pretrained=weights is not None, side=side, width=width)
    card = {"name": name, "source": "random initialisation", "seed": seed}
    if weights is not None:
        card = network.fill(model, weights)
    stages = dict(model.get_layer("preprocess").stages)
    return Backbone(name, model, stages, card, pretrained=weights is not None)


def build(name: str, pretrained: bool, side: int | None = None, width: float = 1.0) -> keras.Model:
    """The network alone, randomly initialised; `pretrained` is what its entry layer records."""
    network = NETWORKS[name]
    side = side or network.side
    x = keras.Input((None, None, 3) if network.scales else (side, side, 3), name="pictures")
    scaled = {"side": side} if network.scales else {}
    entry = Preprocess({}, pretrained, name="preprocess", **scaled, **network.entry)
    widened = {} if width == 1 else {"width": width}
    y, entry.stages = network.features(entry(x), **widened)
    return keras.Model(x, y, name=name)


def _known(name) -> Network:
    if name in NETWORKS:
        return NETWORKS[name]
    close = difflib.get_close_matches(str(name).lower(), names(), n=3)
    raise ValueError(
        f"unknown backbone {name!r}; "
        + (f"did you mean {' or '.join(close)}?" if close else f"there are {names()}")
    )


def _check_width(name, weights, width) -> None:
    if not width > 0:
        raise ValueError(f"width is above 0, got {width!r}")
    if width != 1 and (weights is not None or name not in embedded.WIDTHS):
        raise ValueError(
            f"width={width!r} is for {' and '.join(embedded.WIDTHS)} with weights=None: there are "
            "no weights of other widths"
        )


def _checked(name, network, input_size) -> int:
    if input_size is None:
        return network.side
    if not network.scales and input_size != network.side:
        raise ValueError(f"{name} works at {network.side}x{network.side} only, got {input_size}")
    if isinstance(input_size, bool) or not isinstance(input_size, int) or input_size < SMALLEST:
        raise ValueError(
            f"input_size is a whole number of pixels, the side of a square, from {SMALLEST} on; "
            f"got {input_size!r}"
        )
    return input_size
