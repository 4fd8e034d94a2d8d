"""Preprocessing inside the network, so that nobody can feed it the wrong numbers."""

import keras
from keras import layers, ops


@keras.saving.register_keras_serializable("tl_helpers")
class Preprocess(layers.Layer):
    """Take images as they are (uint8 or float, 0 to 255) and scale them as in pretraining.

    The layer also remembers which layers end the network's stages and whether its weights are
    pretrained, so that a model saved and loaded again can still be frozen by stage.

    Args:
        stages: stage name -> name of the layer whose output ends it, from the input up.
        pretrained: whether the network behind this layer starts from pretrained weights.
        mean: what is subtracted, one number or one a channel, on the 0 to 255 scale.
        scale: what the rest is divided by.
    """

    def __init__(self, stages, pretrained, mean=127.5, scale=127.5, **kwargs):
        super().__init__(**kwargs)
        self.stages = dict(stages)
        self.pretrained = bool(pretrained)
        self.mean = mean
        self.scale = scale

    def call(self, x):
        x = ops.cast(x, self.compute_dtype)
        return (x - ops.convert_to_tensor(self.mean, x.dtype)) / self.scale

    def compute_output_spec(self, x):
        return keras.KerasTensor(x.shape, dtype=self.compute_dtype)

    def get_config(self):
        return {
            **super().get_config(),
            "stages": dict(self.stages),
            "pretrained": self.pretrained,
            "mean": self.mean,
            "scale": self.scale,
        }
