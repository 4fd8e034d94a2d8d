"""The one place that differentiates by hand, since Keras has no call for it on every backend."""

import keras


def gradient(function, x):
    """The gradient of a scalar function with respect to an array.

    Args:
        function: from a tensor like `x` to a scalar tensor, in `keras.ops`.
        x: an array.

    Returns:
        An array of x's shape.
    """
    backend = keras.backend.backend()
    x = keras.ops.convert_to_tensor(x)
    if backend == "tensorflow":
        import tensorflow as tf

        with tf.GradientTape() as tape:
            tape.watch(x)
            value = function(x)
        out = tape.gradient(value, x)
    elif backend == "jax":
        import jax

        out = jax.grad(function)(x)
    else:
        raise RuntimeError(f"gradients by hand need TensorFlow or JAX, not {backend}")
    return keras.ops.convert_to_numpy(out)
