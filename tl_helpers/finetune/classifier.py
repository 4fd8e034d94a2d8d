"""A backbone with a new head: a plain Keras model that notices a forgotten compile."""

import warnings
from numbers import Real

import keras
from keras import layers

from ..backbones import Backbone


@keras.saving.register_keras_serializable("tl_helpers")
class Classifier(keras.Model):
    """A functional `keras.Model` that warns when `trainable` changed after `compile`.

    Keras trains what was trainable when its training step was made, and says nothing when a layer
    was frozen or unfrozen since. `fit` here compares and warns.
    """

    def compile(self, *args, **kwargs):
        super().compile(*args, **kwargs)
        self._compiled_trainable = [v.path for v in self.trainable_variables]

    def compile_from_config(self, config):
        # Keras asks for this beside an overridden compile(): else a loaded model is not compiled.
        self.compile(**keras.saving.deserialize_keras_object(config))
        self.optimizer.build(self.trainable_variables)

    def fit(self, *args, **kwargs):
        now = [v.path for v in self.trainable_variables]
        before = getattr(self, "_compiled_trainable", now)
        if now != before:
            frozen, freed = set(before) - set(now), set(now) - set(before)
            warnings.warn(
                f"layers were frozen or unfrozen after compile() ({len(frozen)} variables frozen, "
                f"{len(freed)} unfrozen since); Keras may train the old set. "
                "Call compile() again before fit()",
                UserWarning,
                stacklevel=2,
            )
        return super().fit(*args, **kwargs)


def attach_head(
    backbone: Backbone,
    num_classes: int,
    dropout: float = 0.2,
    seed: int = 0,
    stage: str | None = None,
) -> Classifier:
    """Put a new classification head on a backbone: average pooling, dropout, one dense layer.

    The model shares the backbone's layers: training it trains the backbone. Load the backbone
    anew for an independent run.

    Args:
        backbone: from `tl.backbones.load`.
        num_classes: outputs of the head; they are logits, not probabilities.
        dropout: share of the pooled features dropped in training.
        seed: of the head's initialisation and dropout.
        stage: where to cut; default the last. What lies above is left out of the model.

    Returns:
        A model from pictures (n, h, w, 3) to logits (n, num_classes). Its layers are flat, not
        nested, so that any of them can be cut at.
    """
    if not isinstance(backbone, Backbone):
        raise TypeError(f"attach_head() takes a backbone from tl.backbones.load, not {backbone!r}")
    number = isinstance(num_classes, Real) and not isinstance(num_classes, bool)
    if not number or int(num_classes) != num_classes or num_classes < 2:
        raise ValueError(f"num_classes must be a whole number from 2 on, got {num_classes!r}")
    end = backbone.model.get_layer(backbone.stages[backbone.check_stage(stage)])
    x = layers.GlobalAveragePooling2D(name="pool")(end.output)  # (n, channels)
    x = layers.Dropout(dropout, seed=seed, name="dropout")(x)
    glorot = keras.initializers.GlorotUniform(seed=seed)
    x = layers.Dense(int(num_classes), kernel_initializer=glorot, name="head")(x)
    return Classifier(backbone.model.input, x, name=f"{backbone.name}-classifier")
