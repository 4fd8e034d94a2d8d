"""Get data sets and networks before they are needed, or say that they are not here."""

import difflib

from .data.absent import Download, sentence


def absent(*names: str) -> str:
    """One sentence on what of these is not on this machine, and the line that brings it.

    Args:
        names: of data sets and backbones.

    Returns:
        The sentence; empty where all of them are here.

    Raises:
        UnknownDataset: a name that is neither; lists close matches.
    """
    needed = [need for name in dict.fromkeys(names) if (need := _needed(name))]
    return sentence(needed) if needed else ""


def prefetch(*names: str) -> None:
    """Download data sets and networks that are not on this machine; they are kept.

    Says of each what it is, how large and under which licence, before it begins. What has arrived
    when a download breaks off is kept where the server allows it: call again to go on.

    Args:
        names: of data sets and backbones, such as "photos10", "squeezenet".

    Raises:
        UnknownDataset: a name that is neither; lists close matches.
        DataError: its kinds DownloadError, ChecksumError and DiskFull, where a download fails.
    """
    if not names:
        raise ValueError('name what is wanted: tl.prefetch("photos10", "squeezenet")')
    needed = {name: _needed(name) for name in names}  # all are known, or nothing begins
    for name, need in needed.items():
        if need:
            print(f"{name}: downloading {need}", flush=True)
        print(f"{name}: {_loaded(name)}", flush=True)


def _needed(name: str) -> Download | None:
    """What has to be downloaded for a name, if anything."""
    door = _door(name)
    return None if door.available(name) else door.download_of(name)


def _loaded(name: str) -> str:
    """Load it, downloading what is not here, and say what came."""
    from . import data

    found = _door(name).load(name, download=True)
    if name in data.names():
        return f"{len(found.train)} training pictures are ready"
    return f"weights {found.card['weights']} are ready"


def _door(name: str):
    """The module that loads what has this name."""
    from . import data

    if name in data.names():
        return data
    from . import backbones  # needs Keras, which data sets do not

    if name in backbones.names():
        return backbones
    known = [*data.names(), *backbones.names()]
    close = difflib.get_close_matches(str(name), known, n=3, cutoff=0.5)
    hint = f"did you mean {' or '.join(map(repr, close))}? " if close else ""
    raise data.UnknownDataset(
        f"no data set or network is called {name!r}; {hint}There are {', '.join(known)}"
    )
