"""AdamW with a factor on its rate, so that one traced training step serves several rates."""

import keras
import numpy as np

from .layerwise import layerwise_class


@keras.saving.register_keras_serializable("tl_helpers")
class ScaledAdamW(keras.optimizers.AdamW):
    """AdamW whose rate, a number or a schedule, is multiplied by the variable `scale`."""

    def build(self, variables):
        if not self.built:
            self.scale = self.add_variable((), "ones", name="scale")
        super().build(variables)

    def begin(self, scale: float) -> None:
        """Forget all moments and the number of steps, and set the factor; call `build` before."""
        for variable in self.variables:
            if variable is self._learning_rate:
                continue
            variable.assign(np.zeros(variable.shape, variable.dtype))
        self.scale.assign(scale)

    def _get_current_learning_rate(self):
        rate = super()._get_current_learning_rate()
        return self.scale * rate if self.built else rate


layerwise_class(ScaledAdamW)  # so that a saved model finds its class
