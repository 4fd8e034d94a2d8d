"""Layer-wise learning rates on any Keras optimizer (Howard and Ruder 2018: discriminative rates).

Low stages know what every picture needs, and change little; high ones are shaped to the source, and
change much. So each stage has a multiplier on the learning rate.

Scaling gradients would not do: Adam divides a gradient by its own size, and the factor cancels. The
rate itself is scaled, inside `update_step`, and with it the rate of decoupled weight decay.
"""

import keras
from keras import optimizers

from .freezing import stages

# Optimizers that hold others, and update no weight themselves; not every Keras has the second.
CARRIERS = tuple(
    getattr(optimizers, name)
    for name in ("LossScaleOptimizer", "MultiOptimizer")
    if hasattr(optimizers, name)
)


def layerwise(
    optimizer: optimizers.Optimizer,
    model,
    decay: float | None = None,
    lr: slice | None = None,
) -> optimizers.Optimizer:
    """The same optimizer, with a learning rate for each stage of a model.

    Args:
        optimizer: not built yet. Its rate, a number or a schedule, is that of the head; a
            `LearningRateScheduler` moves all rates together.
        model: from `attach_head`.
        decay: each stage has `decay` times the rate of the one above it. ULMFiT takes 1 / 2.6.
        lr: instead of `decay`, `slice(lowest, highest)`: the head has the highest rate, the lowest
            stage the lowest, and each stage between the same factor on the one below. `slice(rate)`
            gives a tenth of the rate to all but the head. An optimizer with a number for a rate
            gets the highest; of a schedule the shape stays, and its height is not touched.

    Returns:
        An optimizer of a subclass of `optimizer`'s class; it saves and loads its multipliers, and
        what is excluded from weight decay.

    Raises:
        ValueError: neither or both of `decay` and `lr`; rates that are not positive; a built
            optimizer.
        TypeError: an optimizer that only carries others, or none at all.
    """
    _check(optimizer, decay, lr)
    groups = stages(model)
    factors = multipliers(list(groups), decay, lr)
    config = optimizer.get_config()
    if lr is not None and not isinstance(config["learning_rate"], dict):  # a schedule's config
        config["learning_rate"] = lr.stop
    variables = {
        stage: [v for layer in layers for v in layer.weights] for stage, layers in groups.items()
    }
    config["multipliers"] = {v.path: factors[s] for s, group in variables.items() for v in group}
    config["undecayed"] = [
        v.path for group in variables.values() for v in group if not optimizer._use_weight_decay(v)
    ]
    return layerwise_class(type(optimizer)).from_config(config)


def multipliers(names: list[str], decay: float | None, lr: slice | None) -> dict[str, float]:
    """The factor of each stage on the head's rate; `names` from the input up, the head last."""
    last = len(names) - 1
    if lr is None:
        return {name: decay ** (last - i) for i, name in enumerate(names)}
    if lr.start is None:
        return {name: 1.0 if i == last else 0.1 for i, name in enumerate(names)}
    lowest = lr.start / lr.stop
    return {name: lowest ** (1 - i / max(last, 1)) for i, name in enumerate(names)}


class Layerwise:
    """What `layerwise` adds to an optimizer's class.

    Args:
        multipliers: variable path -> factor on its rate.
        undecayed: paths of variables without weight decay.
        ages: variable path -> steps it was trained for before this optimizer's first one. Adam's
            correction for its first steps counts them, and Keras counts all variables together.
    """

    _rate = None  # that of one variable, while its weight decay is applied
    _age = 0  # of one variable, while it is updated

    def __init__(self, *args, multipliers, undecayed=(), ages=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.multipliers, self.undecayed = dict(multipliers), list(undecayed)
        self.ages = dict(ages or {})

    def build(self, variables):
        unknown = [v.path for v in variables if v.path not in self.multipliers]
        if unknown:
            raise ValueError(
                f"this optimizer was made by layerwise() for another model: it has no rate for "
                f"{', '.join(unknown[:3])}. Call layerwise() with the model that is compiled"
            )
        super().build(variables)

    def take_over(self, earlier: "Layerwise") -> None:
        """Go on with the moments of variables that an earlier optimizer trained; both are built."""
        moments = {v.name: v for v in earlier.variables}
        for variable in self.variables:
            if variable.name in moments and variable.name not in ("iteration", "learning_rate"):
                variable.assign(moments[variable.name])
        steps = int(earlier.iterations)
        for variable in earlier._trainable_variables:
            self.ages[variable.path] = steps + earlier.ages.get(variable.path, 0)

    def update_step(self, gradient, variable, learning_rate):
        path = self._path(variable)
        self._age = self.ages.get(path, 0)
        try:
            super().update_step(gradient, variable, learning_rate * self.multipliers[path])
        finally:
            self._age = 0

    @property
    def iterations(self):
        return super().iterations + self._age if self._age else super().iterations

    def _apply_weight_decay(self, variables):
        rate = super()._get_current_learning_rate()  # once: a schedule is many operations
        for variable in variables:
            self._rate = rate * self.multipliers[self._path(variable)]
            try:
                super()._apply_weight_decay([variable])
            finally:
                self._rate = None

    def _get_current_learning_rate(self):
        return super()._get_current_learning_rate() if self._rate is None else self._rate

    def _use_weight_decay(self, variable):
        return self._path(variable) not in self.undecayed

    def _path(self, variable) -> str:
        # On TensorFlow it may be the backend's variable, which has no path.
        return self._trainable_variables[self._get_variable_index(variable)].path

    def get_config(self):
        own = {k: getattr(self, k) for k in ("multipliers", "undecayed", "ages")}
        return {**super().get_config(), **own}


def layerwise_class(base: type) -> type:
    """The subclass of an optimizer's class that has a rate for each variable."""
    if issubclass(base, Layerwise):
        return base
    name = f"Layerwise{base.__name__}"
    known = keras.saving.get_registered_object(f"tl_helpers>{name}")
    if known is not None and known.__bases__[1] is base:
        return known
    made = type(name, (Layerwise, base), {"__module__": __name__, "__doc__": Layerwise.__doc__})
    return keras.saving.register_keras_serializable("tl_helpers")(made)


def _check(optimizer, decay, lr) -> None:
    if not isinstance(optimizer, optimizers.Optimizer) or isinstance(optimizer, CARRIERS):
        raise TypeError(
            "layerwise() takes a Keras optimizer that updates weights itself, such as "
            f"keras.optimizers.Adam(1e-3), not {optimizer!r}; wrap the result in others afterwards"
        )
    if optimizer.built:
        raise ValueError(
            "the optimizer has been used already, and its moments would be lost: make a new one"
        )
    if (decay is None) == (lr is None):
        raise ValueError("give one of decay and lr, such as decay=0.5 or lr=slice(1e-5, 1e-3)")
    if lr is None:
        if not decay > 0:
            raise ValueError(f"decay must be positive, got {decay!r}")
        return
    if not isinstance(lr, slice) or lr.step is not None or lr.stop is None:
        raise ValueError(f"lr is slice(lowest, highest) or slice(rate), got {lr!r}")
    if not lr.stop > 0 or (lr.start is not None and not 0 < lr.start <= lr.stop):
        raise ValueError(f"rates must be positive, the lowest first, got {lr!r}")


for _base in list(vars(optimizers).values()):  # so that a saved model finds its class
    if (
        isinstance(_base, type)
        and issubclass(_base, optimizers.Optimizer)
        and not issubclass(_base, CARRIERS)
        and _base is not optimizers.Optimizer
    ):
        layerwise_class(_base)
