"""What a network computes inside, at any stage or layer, also of a model within a model.

`keras.Model(outer.input, outer.get_layer("backbone").get_layer("conv").output)` fails ("Graph
disconnected"): the inner layer's output belongs to the inner model's own graph. `tap` calls the
inner model, cut at that layer, on what the outer graph feeds it.
"""

import keras
import numpy as np

from ..backbones import Backbone
from ..finetune.freezing import stages

BATCH = 100  # pictures a step


def activations(network, x: np.ndarray, where: str | list[str]):
    """The output of one stage or layer, or of several in one pass.

    Args:
        network: a `Backbone`, a model from `attach_head`, or any functional Keras model.
        x: (n, h, w, 3).
        where: a stage's name, a layer's, or "inner_model/layer"; or a list of them.

    Returns:
        (n, ...) float32, for a feature map (n, h, w, channels); for a list a dict of such arrays.

    Raises:
        ValueError: no such stage or layer, or several of that name.
    """
    names = [where] if isinstance(where, str) else list(where)
    model = getattr(network, "model", network)
    cut = keras.Model(model.inputs, [tap(network, name) for name in names])
    out = cut.predict(x, batch_size=BATCH, verbose=0)
    out = out if isinstance(out, list) else [out]
    out = [np.asarray(array, np.float32) for array in out]
    return out[0] if isinstance(where, str) else dict(zip(names, out, strict=True))


def chosen_units(units, where: str, channels: int) -> np.ndarray:
    """Units as an array of channel numbers; None: all. An error where there are none such."""
    units = np.arange(channels) if units is None else np.atleast_1d(np.asarray(units, int))
    if units.min() < 0 or units.max() >= channels:
        raise ValueError(f"{where} has units 0 to {channels - 1}, got {units.tolist()}")
    return units


def tap(network, where: str):
    """The symbolic output of a stage or layer, in the graph of the network's own input."""
    if isinstance(network, Backbone):
        model, ends = network.model, dict(network.stages)
    else:
        model, ends = network, _stage_ends(network)
    return _output(model, _find(model, ends.get(where, where)))


def _stage_ends(model) -> dict[str, str]:
    try:
        return {stage: layers[-1].name for stage, layers in stages(model).items()}
    except ValueError:  # not from attach_head
        return {}


def _find(model, where: str) -> list:
    """The layer, after the models that it lies in."""
    found = [path for path in _paths(model) if _matches(path, where)]
    if len(found) == 1:
        return found[0]
    some = ["/".join(layer.name for layer in path) for path in found or _paths(model)]
    if found:
        raise ValueError(f"several layers are called {where!r}: give one of {', '.join(some)}")
    raise ValueError(f"no stage or layer {where!r}; there are {', '.join(some)}")


def _matches(path, where) -> bool:
    names = where.split("/")
    return [layer.name for layer in path][-len(names) :] == names


def _paths(model) -> list[list]:
    paths = []
    for layer in getattr(model, "layers", ()):
        paths.append([layer])
        if isinstance(layer, keras.Model):
            paths += [[layer, *inner] for inner in _paths(layer)]
    return paths


def _output(model, path):
    first, *rest = path
    graph = getattr(model, "_functional", None) or model  # a Sequential keeps its graph inside
    nodes = [n for level in graph._nodes_by_depth.values() for n in level if n.operation is first]
    if len(nodes) != 1:
        raise ValueError(f"{first.name!r} is used {len(nodes)} times here: give the layer after it")
    if not rest:
        return nodes[0].output_tensors[0]
    inner = keras.Model(first.inputs, _output(first, rest))
    return inner(nodes[0].input_tensors)
