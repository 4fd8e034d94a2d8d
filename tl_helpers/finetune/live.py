"""A Keras callback that lets training be watched, and stopped."""

import keras

from ..session import progress

POINTS = 20  # of the curve of a fit of one epoch


class Live(keras.callbacks.Callback):
    """Show in a notebook how far a `fit` is: time left, a growing learning curve, a stop button.

    Within `compare`, or another run that is shown already, its epochs go there. Stopped by itself,
    `fit` ends at the next batch and the model keeps what it has learned; within `compare` the run
    that is not complete counts for nothing.

    name: what is trained.
    """

    def __init__(self, name: str = "training"):
        super().__init__()
        self._name = name

    def on_train_begin(self, logs=None):
        """Begin a curve."""
        self._part = progress.current() is not None
        self._told = progress.current() or progress.alone(self._name)
        self._told.fit(self.params["epochs"])
        self._told.along = self.params["epochs"] == 1

    def on_train_batch_begin(self, batch, logs=None):
        """Stop here, if somebody asked for it. (What comes after a batch waits for its logs.)"""
        if self._told.stop:
            if not self._told.alone:
                raise progress.Stopped
            self.model.stop_training = True
        steps = self.params["steps"]
        if not steps:  # nobody knows how many
            return
        self._told.step(batch / steps)
        if self._told.along and batch and batch % max(1, steps // POINTS) == 0:
            self._told.point(keras.tree.map_structure(float, self.model.get_metrics_result()))

    def on_epoch_end(self, epoch, logs=None):
        """One more point."""
        self._told.fitted(logs or {})

    def on_train_end(self, logs=None):
        """The curve is complete."""
        if not self._part:
            self._told.end()
            self._told.close()
