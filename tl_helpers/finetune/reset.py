"""Transfer the lower part of a network only: random weights above.

Where the upper stages know too much of the source, this is the way between fine-tuning and
training from scratch (Yosinski et al. 2014; Raghu et al. 2019 call it weight transfusion).
"""

import keras

from .freezing import entry_of, stages_with


def reset(model, stage: str, seed: int = 0) -> None:
    """Give a stage, all above it and the head new random weights.

    Their BatchNorm layers train from then on wherever their stage does, as in a network from
    scratch; those below keep to the rule for pretrained ones (see `unfreeze`).

    Args:
        model: from `attach_head`; changed in place.
        stage: the lowest stage to lose its weights. The first of all: a network from scratch.
        seed: of the new weights.

    Raises:
        ValueError: there is no such stage.
    """
    groups = stages_with(model, stage)
    names = list(groups)
    keras.utils.set_random_seed(seed)
    fresh = keras.models.clone_model(model)
    for name in names[names.index(stage) :]:
        for layer in groups[name]:
            layer.set_weights(fresh.get_layer(layer.name).get_weights())
    entry = entry_of(groups)
    reached = names.index(entry.reset) if entry.reset else len(names)
    entry.reset = names[min(reached, names.index(stage))]
