"""MAML: learn weights from which a few steps of gradient descent go far (Finn et al. 2017).

The steps on a task's examples are part of the model's call. So `fit` trains through them, and
differentiates their gradients: second order, unless told otherwise.
"""

import keras
from keras import ops

from ..gradients import gradients
from .traced_once import TracedOnce

ADAPT = ("all", "head")


class MAML(TracedOnce):
    """A classifier that takes a few gradient steps on a task's examples before it answers.

    Compile it with a loss on logits; `fit` and `evaluate` on a `TaskSampler`. In all steps
    BatchNorm normalises by the pictures at hand, in evaluation, too, as in the paper. Of second
    order on TensorFlow, let it be `TransductiveBatchNorm`.

    A task's operations are small. With TF_NUM_INTRAOP_THREADS=1 in the environment, TensorFlow on a
    CPU works on several tasks at once: on two cores nearly twice as fast (see
    benchmarks/maml_speed.py).

    Args:
        classifier: a model from pictures to logits (n, way), ending in a dense layer. Trained in
            place: its weights are where adaptation starts.
        rate: of the inner steps.
        steps: inner steps on the examples.
        second_order: False takes the inner gradients as constants: first-order MAML.
        adapt: "all" weights, or the "head" alone: ANIL (Raghu et al. 2020).
    """

    def __init__(
        self,
        classifier: keras.Model,
        rate: float = 0.1,
        steps: int = 5,
        second_order: bool = True,
        adapt: str = "all",
        **kwargs,
    ):
        super().__init__(**kwargs)
        if steps < 1 or rate <= 0:
            raise ValueError(f"steps is at least 1 and rate above 0, got {steps} and {rate}")
        if adapt not in ADAPT:
            raise ValueError(f"what adapts is one of {ADAPT}, got {adapt!r}")
        if second_order and adapt == "all" and keras.backend.backend() == "tensorflow":
            _check_derivatives(classifier)
        self.classifier, self.rate, self.steps = classifier, rate, steps
        self.second_order = second_order
        head = {id(v) for v in classifier.layers[-1].trainable_variables}
        trainable = classifier.trainable_variables
        self.fast = [k for k, v in enumerate(trainable) if adapt == "all" or id(v) in head]

    def process_support_set(self, support):
        """The adapted weights of each task, by examples (tasks, way, shot, h, w, 3).

        Returns:
            A list of (tasks, ...) tensors, those of the classifier's weights that adapt.
        """
        return ops.map(lambda one: self.path(one)[-1], ops.convert_to_tensor(support))

    def name_queries(self, known, query):
        """Logits (tasks, m, way) of pictures (tasks, m, h, w, 3) by the adapted weights."""
        pairs = (known, ops.convert_to_tensor(query))
        return ops.map(lambda pair: self.logits(*pair), pairs)

    def call(self, x, training=None):
        def answer(task):
            return self.logits(self.path(task["support"])[-1], task["query"])

        return ops.map(answer, x)

    def path(self, support) -> list:
        """The weights that adapt, at the start and after each step on one task's examples.

        Args:
            support: (way, shot, h, w, 3).
        """
        way, shot = ops.shape(support)[:2]
        x = ops.reshape(support, (-1, *support.shape[2:]))
        y = ops.repeat(ops.arange(way), shot)

        def loss(weights):
            return ops.mean(
                ops.sparse_categorical_crossentropy(y, self.logits(weights, x), from_logits=True)
            )

        trainable = self.classifier.trainable_variables
        weights = [ops.copy(trainable[k]) for k in self.fast]
        found = [weights]
        for _ in range(self.steps):
            back = gradients(loss, weights)
            if not self.second_order:
                back = [ops.stop_gradient(g) for g in back]
            weights = [w - self.rate * g for w, g in zip(weights, back, strict=True)]
            found.append(weights)
        return found

    def logits(self, weights, x):
        """The classifier's answers (n, way) with other values for the weights that adapt."""
        values = [v.value for v in self.classifier.trainable_variables]
        for k, w in zip(self.fast, weights, strict=True):
            values[k] = w
        still = [v.value for v in self.classifier.non_trainable_variables]
        return self.classifier.stateless_call(values, still, x, training=True)[0]


def _check_derivatives(classifier) -> None:
    layers = classifier._flatten_layers()
    found = [x.name for x in layers if isinstance(x, keras.layers.BatchNormalization)]
    if found:
        raise ValueError(
            f"TensorFlow's second derivative of keras.layers.BatchNormalization ({found[0]}) is "
            "wrong (see tl.fewshot.TransductiveBatchNorm, which is right): use that layer, or "
            'second_order=False, adapt="head" or the JAX backend'
        )
