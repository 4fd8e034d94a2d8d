"""Batch normalisation by the pictures at hand, with right derivatives of any order.

MAML normalises by the task's own pictures, in evaluation, too (transductive batch normalisation,
the name of Bronskill et al. 2020), so there are no statistics to keep. Keras' own layer will not do
on TensorFlow: `tf.nn.moments` holds the mean constant inside the variance, which is right for the
gradient and wrong for the gradient of the gradient.
"""

import keras
from keras import ops


@keras.saving.register_keras_serializable("tl_helpers")
class TransductiveBatchNorm(keras.layers.Layer):
    """Set each channel to mean 0 and variance 1 over the batch, then scale and shift it.

    Args:
        epsilon: added to the variance.
    """

    def __init__(self, epsilon: float = 1e-5, **kwargs):
        super().__init__(**kwargs)
        self.epsilon = epsilon

    def build(self, input_shape):
        self.gamma = self.add_weight(name="gamma", shape=input_shape[-1:], initializer="ones")
        self.beta = self.add_weight(name="beta", shape=input_shape[-1:], initializer="zeros")

    def call(self, x):
        """(n, ..., channels), the same shape back."""
        axes = tuple(range(len(x.shape) - 1))
        x = x - ops.mean(x, axes, keepdims=True)
        variance = ops.mean(ops.square(x), axes, keepdims=True)
        return x * (ops.rsqrt(variance + self.epsilon) * self.gamma) + self.beta

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {**super().get_config(), "epsilon": self.epsilon}
