"""A Keras callback that lets training be watched, and stopped."""

import keras

from ..session import progress

POINTS = 20  # of the curve of a fit of one epoch


class Live(keras.callbacks.Callback):
    """Show in a notebook how far a `fit` is: time left, a growing learning curve, a stop button.

    Within `compare`, or another run that is shown already, its epochs go there. Stopped by itself,
    `fit` ends after its next batch and the model keeps what it has learned; within `compare` the
    run that is not complete counts for nothing.

    name: what is trained.
    """

    def __init__(self, name: str = "training"):
        super().__init__()
        self._name = name

    def on_train_begin(self, logs=None):
        """Begin a curve."""
        self._part = progress.current() is not None
        self._told = progress.current() or progress.begin_alone(self._name)
        # A fit of one epoch that is all of it would have a curve of one point.
        self._told.along = not self._part and self.params["epochs"] == 1
        self._told.fit(self.params["epochs"])

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
            self._told.point(self.model.get_metrics_result())

    def on_epoch_end(self, epoch, logs=None):
        """One more point."""
        self._told.fitted(logs or {})

    def on_train_end(self, logs=None):
        """The curve is complete."""
        if not self._part:
            if not self._told.stop:
                self._told.end()
            self._told.close()
