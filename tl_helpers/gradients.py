"""The gradient of a function, itself differentiable, on either backend."""

import keras


def gradients(loss, values: list) -> list:
    """The gradients of `loss(values)`, a scalar, with respect to each of a list of tensors."""
    if keras.backend.backend() == "jax":
        import jax

        return jax.grad(loss)(values)
    import tensorflow as tf

    with tf.GradientTape() as tape:
        tape.watch(values)
        found = loss(values)
    return tape.gradient(found, values, unconnected_gradients="zero")
