"""Freezing by stage, with the rule for BatchNorm built in.

A frozen BatchNorm layer runs on the statistics of pretraining: Keras does that for
`trainable = False`, and every function here relies on it. An unfrozen one replaces those
statistics by those of the target's batches: `unfreeze` says when it may.
"""

from keras import layers

from ..backbones import Preprocess


def stages(model) -> dict[str, list]:
    """Stage name -> its layers, from the input up; the last entry is "head".

    Raises:
        ValueError: the model has no stage table, since `attach_head` did not make it.
    """
    layers_ = getattr(model, "layers", ())
    entry = [layer for layer in layers_ if isinstance(layer, Preprocess)]
    if not entry:
        raise ValueError(
            f"{type(model).__name__} {getattr(model, 'name', '')!r} has no stages: make it with "
            "tl.finetune.attach_head(tl.backbones.load(name), num_classes)"
        )
    ends = {layer: stage for stage, layer in entry[0].stages.items()}
    groups: dict[str, list] = {}
    waiting = []
    # Keras lists the layers by depth. A stage's last layer is the only way on, so all that is
    # listed up to it belongs to this stage or an earlier one.
    for layer in model.layers:
        waiting.append(layer)
        if layer.name in ends:
            groups[ends[layer.name]] = waiting
            waiting = []
    groups["head"] = waiting
    return groups


def freeze(model) -> None:
    """Freeze all but the head. Compile again afterwards."""
    freeze_to(model, "head")


def freeze_to(model, stage: str, batch_norm: bool | None = None) -> None:
    """Freeze everything below `stage`; it and all above can be trained. Compile again afterwards.

    Args:
        model: from `attach_head`.
        stage: the first stage to train, e.g. "stage4"; "head" freezes the whole backbone.
        batch_norm: whether BatchNorm layers from `stage` on are trained too; default: only where
            the weights are not pretrained, see `unfreeze`.
    """
    groups = stages_with(model, stage)
    entry = entry_of(groups)
    train, random = False, not entry.pretrained
    for name, members in groups.items():
        train, random = train or name == stage, random or name == entry.reset
        with_bn = random if batch_norm is None else batch_norm
        for layer in members:
            is_bn = isinstance(layer, layers.BatchNormalization)
            if not isinstance(layer, Preprocess):
                layer.trainable = train and (with_bn or not is_bn)


def unfreeze(model, batch_norm: bool | None = None) -> None:
    """Make every stage trainable. Compile again afterwards.

    Args:
        model: from `attach_head`.
        batch_norm: whether BatchNorm layers train too, scale, shift and statistics. Default: yes
            for random weights, which have no statistics worth keeping, and no for pretrained ones,
            whose statistics a small target set would ruin.
    """
    freeze_to(model, next(iter(stages(model))), batch_norm)


def trainable_stages(model) -> list[str]:
    """The stages in which something can be trained."""
    return [s for s, members in stages(model).items() if any(m.trainable_weights for m in members)]


def stages_with(model, stage: str) -> dict[str, list]:
    """As `stages`; an error where there is no such stage."""
    groups = stages(model)
    if stage not in groups:
        raise ValueError(f"unknown stage {stage!r}; this model has {', '.join(groups)}")
    return groups


def entry_of(groups) -> Preprocess:
    """The layer that remembers the stages."""
    return next(m for members in groups.values() for m in members if isinstance(m, Preprocess))
