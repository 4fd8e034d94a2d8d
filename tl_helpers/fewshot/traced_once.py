"""A model whose training step is traced once."""

import keras


class TracedOnce(keras.Model):
    """Makes its optimizer's variables when it is compiled; all of its own are there by then.

    Otherwise Keras makes them inside the first traced step, and TensorFlow then traces it again.
    """

    def compile(self, optimizer="rmsprop", loss=None, **kwargs):
        super().compile(optimizer, loss, **kwargs)
        self.optimizer.build(self.trainable_variables)
