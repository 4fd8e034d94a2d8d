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
        bgr: whether the network was trained on blue, green, red; `mean` is in that order then.
        side: the network's own picture side; pictures of another one are scaled to it, bicubic.
            None: pictures stay as large as they are.
        reset: the stage from which on the weights are random again (`tl.finetune.reset`).
    """

    def __init__(
        self,
        stages,
        pretrained,
        mean=127.5,
        scale=127.5,
        bgr=False,
        side=None,
        reset=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.stages = dict(stages)
        self.pretrained = bool(pretrained)
        self.reset = reset
        self.mean = mean
        self.scale = scale
        self.bgr = bool(bgr)
        self.side = side
        # XLA has no kernel for TensorFlow's antialiased scaling: Keras' "auto" then leaves it off.
        self.supports_jit = side is None or keras.backend.backend() != "tensorflow"

    def call(self, x):
        x = ops.cast(x, self.compute_dtype)
        if self.side and x.shape[1:3] != (self.side, self.side):
            x = ops.image.resize(x, (self.side, self.side), interpolation="bicubic", antialias=True)
            x = ops.clip(x, 0, 255)  # bicubic weights overshoot at edges
        if self.bgr:
            x = x[..., ::-1]
        return (x - ops.convert_to_tensor(self.mean, x.dtype)) / self.scale

    def compute_output_spec(self, x):
        height, width = (self.side, self.side) if self.side else x.shape[1:3]
        return keras.KerasTensor((x.shape[0], height, width, x.shape[3]), dtype=self.compute_dtype)

    def get_config(self):
        return {
            **super().get_config(),
            "stages": dict(self.stages),
            "pretrained": self.pretrained,
            "reset": self.reset,
            "mean": self.mean,
            "scale": self.scale,
            "bgr": self.bgr,
            "side": self.side,
        }
