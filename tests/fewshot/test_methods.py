"""Few-shot methods, against numbers worked out by hand, and in training."""

import keras
import numpy as np
import pytest
from keras import ops

from tl_helpers.data import Split, episodes
from tl_helpers.fewshot import (
    MAML,
    MatchingNetwork,
    PrototypicalNetwork,
    RelationNetwork,
    TaskSampler,
    episodic_accuracies,
    nearest_mean_accuracies,
    prototypes,
    score_error,
    squared_distances,
)

WAY, SHOT, QUERY = 3, 2, 4


def pictures(classes=8, each=12, seed=0):
    """Each class has a mean colour of its own, under noise."""
    rng = np.random.default_rng(seed)
    y = np.repeat(np.arange(classes, dtype=np.int32), each)
    colour = rng.uniform(60, 195, (classes, 1, 1, 3))[y]
    x = colour + rng.normal(0, 40, (len(y), 4, 4, 3))
    return Split(np.clip(x, 0, 255).astype(np.uint8), y)


def embed(d=6, maps=False, seed=0):
    keras.utils.set_random_seed(seed)
    steps = [
        keras.Input((4, 4, 3)),
        keras.layers.Rescaling(1 / 127.5, -1),
        keras.layers.Conv2D(d, 3, 2, "same", activation="relu"),
    ]
    if not maps:
        steps += [keras.layers.Flatten(), keras.layers.Dense(d)]
    return keras.Sequential(steps)


def flat():
    """The picture itself as a vector, (n, 12): for numbers by hand."""
    return keras.Sequential([keras.Input((2, 2, 3)), keras.layers.Flatten()])


def task(*rows):
    """One task of pictures whose first two numbers are given, the others zero."""
    x = np.zeros((1, *np.shape(rows)[:-1], 12), np.float32)
    x[..., :2] = rows
    return x.reshape(*x.shape[:-1], 2, 2, 3)


@pytest.mark.core
def test_prototypes_are_means_and_logits_minus_squared_distances():
    support = task([[0, 0], [2, 0]], [[4, 4], [4, 4]])  # two classes, two examples: (1, 0), (4, 4)
    query = task([2, 2], [3, 2])
    model = PrototypicalNetwork(flat())
    known = model.process_support_set(support)
    np.testing.assert_allclose(ops.convert_to_numpy(known)[0, :, :2], [[1, 0], [4, 4]])
    logits = ops.convert_to_numpy(model.name_queries(known, query))
    np.testing.assert_allclose(logits, [[[-5, -8], [-8, -5]]], atol=1e-5)
    np.testing.assert_allclose(ops.convert_to_numpy(prototypes(np.ones((1, 2, 3, 4)))), 1)
    far = squared_distances(np.array([[[1.0, 2.0]]]), np.array([[[4.0, 6.0], [1.0, 2.0]]]))
    np.testing.assert_allclose(ops.convert_to_numpy(far), [[[25, 0]]], atol=1e-5)


@pytest.mark.core
@pytest.mark.parametrize("method", [PrototypicalNetwork, MatchingNetwork])
def test_a_scale_multiplies_what_is_compared(method):
    support, query = task([[1, 2]], [[3, -1]]), task([2, 2], [3, 2])
    one, five = (
        np.array(model.name_queries(model.process_support_set(support), query))
        for model in (method(flat()), method(flat(), scale=5))
    )
    # Matching gives log shares: of one example a class, their differences are what is scaled.
    np.testing.assert_allclose(5 * np.diff(one), np.diff(five), rtol=1e-4)


@pytest.mark.parametrize("method", [PrototypicalNetwork, MatchingNetwork])
def test_a_scale_of_zero_is_refused(method):
    with pytest.raises(ValueError, match="scale must be above 0, got 0"):
        method(flat(), scale=0)


@pytest.mark.core
def test_matching_adds_up_attention_by_cosine():
    """The query is along the first class's first example; length does not count."""
    support = task([[1, 0], [0, 5]], [[-3, 0], [0, -1]])
    model = MatchingNetwork(flat())
    logits = model.name_queries(model.process_support_set(support), task([7, 0]))
    e = np.exp([1, 0, -1, 0])
    expected = np.log([(e[0] + e[1]) / e.sum(), (e[2] + e[3]) / e.sum()])
    np.testing.assert_allclose(ops.convert_to_numpy(logits)[0, 0], expected, atol=1e-5)


@pytest.mark.core
def test_full_context_lets_the_other_examples_matter():
    first, second = task([[1, 0]], [[0, 1]]), task([[1, 0]], [[5, 1]])
    keras.utils.set_random_seed(0)
    for full in (False, True):
        model = MatchingNetwork(flat(), full_context=full)
        a, b = (ops.convert_to_numpy(model.process_support_set(x))[0, 0] for x in (first, second))
        assert np.allclose(a, b) != full  # the first example, as the second changes
        assert ops.convert_to_numpy(
            model.name_queries(model.process_support_set(first), task([7, 0]))
        ).shape == (1, 1, 2)


@pytest.mark.core
def test_relation_sees_the_mean_of_the_examples_beside_the_query():
    model = RelationNetwork(flat(), units=4)
    seen = []
    model.compare = lambda pairs: seen.append(ops.convert_to_numpy(pairs)) or pairs[:, :1]
    support = task([[1, 0], [2, 0]], [[0, 4], [0, 5]])
    logits = model.name_queries(model.process_support_set(support), task([7, 8]))
    np.testing.assert_allclose(seen[0][:, [0, 1, 12, 13]], [[1.5, 0, 7, 8], [0, 4.5, 7, 8]])
    np.testing.assert_allclose(ops.convert_to_numpy(logits), [[[1.5, 0]]])


@pytest.mark.core
def test_score_error_by_hand():
    logits = np.log(np.array([[[0.8 / 0.2, 0.3 / 0.7]]], np.float32))  # scores 0.8 and 0.3
    right, wrong = (
        ops.convert_to_numpy(score_error(np.array([[k]]), logits)).item() for k in (0, 1)
    )
    assert right == pytest.approx((0.2**2 + 0.3**2) / 2, abs=1e-6)
    assert wrong == pytest.approx((0.8**2 + 0.7**2) / 2, abs=1e-6)


METHODS = {
    "prototypical": lambda: PrototypicalNetwork(embed()),
    "matching": lambda: MatchingNetwork(embed()),
    "matching in full context": lambda: MatchingNetwork(embed(), full_context=True),
    "relation": lambda: RelationNetwork(embed(), units=16),
    "relation of maps": lambda: RelationNetwork(embed(maps=True), units=16),
}


@pytest.fixture(params=METHODS)
def method(request):
    return METHODS[request.param]()


def compiled(model, rate=1e-2):
    relation = isinstance(model, RelationNetwork)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(
        keras.optimizers.Adam(rate), score_error if relation else loss, metrics=["accuracy"]
    )
    return model


@pytest.mark.core
def test_a_batch_of_tasks_is_the_tasks_one_by_one(method):
    """In whole and by reading first and naming then: the same logits."""
    x, _ = TaskSampler(pictures(), WAY, SHOT, QUERY, 3, batch_size=3)[0]
    whole = ops.convert_to_numpy(method(x))
    assert whole.shape == (3, WAY * QUERY, WAY)
    for k in range(3):
        known = method.process_support_set(x["support"][k : k + 1])
        one = ops.convert_to_numpy(method.name_queries(known, x["query"][k : k + 1]))
        np.testing.assert_allclose(one[0], whole[k], rtol=1e-4, atol=1e-4)


def test_meta_training_helps_on_classes_never_seen(method):
    train, new = pictures(12, 12, seed=1), pictures(8, 12, seed=2)
    asked = TaskSampler(new, WAY, SHOT, QUERY, 60, batch_size=20, seed=5)
    model = compiled(method)
    before = model.evaluate(asked, verbose=0, return_dict=True)["loss"]
    model.fit(TaskSampler(train, WAY, SHOT, QUERY, 80, batch_size=4), epochs=4, verbose=0)
    after = model.evaluate(asked, verbose=0, return_dict=True)
    assert after["loss"] < 0.9 * before
    assert after["accuracy"] > 0.6  # of three


def test_the_order_of_the_ways_does_not_matter(method):
    if getattr(method, "full_context", False):
        pytest.skip("an LSTM reads the examples in an order")
    x, _ = TaskSampler(pictures(), WAY, SHOT, QUERY, 1)[0]
    turned = {**x, "support": x["support"][:, ::-1]}
    a, b = (ops.convert_to_numpy(method(each)) for each in (x, turned))
    np.testing.assert_allclose(a, b[..., ::-1], rtol=1e-4, atol=1e-4)


def test_the_sampler_gives_the_pictures_of_its_tasks():
    data = pictures()
    sampler = TaskSampler(data, WAY, SHOT, QUERY, n_tasks=5, batch_size=2, seed=3)
    assert len(sampler) == 3
    sizes = []
    for i in range(3):
        x, labels = sampler[i]
        sizes.append(len(labels))
        for k in range(len(labels)):
            rows = sampler.tasks.support[2 * i + k], sampler.tasks.query[2 * i + k]
            np.testing.assert_array_equal(x["support"][k], data.x[rows[0]])
            np.testing.assert_array_equal(x["query"][k], data.x[rows[1].ravel()])
            classes = sampler.tasks.classes[2 * i + k]
            np.testing.assert_array_equal(classes[labels[k]], data.y[rows[1].ravel()])
    assert sizes == [2, 2, 1]
    before = sampler.tasks.query.copy()
    sampler.on_epoch_end()
    assert (sampler.tasks.query != before).any()
    same = TaskSampler(data, WAY, SHOT, QUERY, n_tasks=5, batch_size=2, seed=3)
    np.testing.assert_array_equal(same.tasks.query, before)


def test_a_whole_data_set_or_no_task_is_refused():
    with pytest.raises(TypeError, match="one split"):
        TaskSampler(np.zeros((4, 2, 2, 3)))
    with pytest.raises(ValueError, match="batch_size"):
        TaskSampler(pictures(), batch_size=0)
    with pytest.raises(ValueError, match="9-way"):
        TaskSampler(pictures(), n_way=9)


@pytest.mark.core
@pytest.mark.parametrize("method", [PrototypicalNetwork, MatchingNetwork, RelationNetwork])
def test_on_embeddings_a_method_answers_as_on_pictures(method):
    data, model = pictures(), method(embed())
    embedded = model.embed.predict(data.x, verbose=0)
    found = episodic_accuracies(model, embedded, data.y, WAY, SHOT, QUERY, 25, seed=3)
    tasks = episodes(data.y, WAY, SHOT, QUERY, 25, np.random.default_rng([3, 12]))
    known = model.process_support_set(data.x[tasks.support])
    logits = np.array(model.name_queries(known, data.x[tasks.query.reshape(25, -1)]))
    right = logits.argmax(-1) == np.repeat(np.arange(WAY), QUERY)
    np.testing.assert_allclose(found, right.mean(-1))


def test_a_prototypical_network_on_embeddings_is_the_nearest_mean():
    x, y = np.random.default_rng(0).normal(size=(96, 6)).astype(np.float32), pictures().y
    found = episodic_accuracies(PrototypicalNetwork(flat()), x, y, n_query=4, n_tasks=200)
    nearest = nearest_mean_accuracies(x, y, n_query=4, n_tasks=200)
    np.testing.assert_allclose(found, nearest)


def classifier():
    body = embed()
    body(np.zeros((1, 4, 4, 3)))
    return keras.Model(body.inputs[0], keras.layers.Dense(WAY)(body.outputs[0]))


@pytest.mark.core
@pytest.mark.parametrize(
    "model",
    [
        lambda: PrototypicalNetwork(embed()),
        lambda: MatchingNetwork(embed(), full_context=True),
        lambda: RelationNetwork(embed()),
        lambda: MAML(classifier(), steps=1),
    ],
)
def test_one_model_meets_tasks_of_all_sizes(model):
    data, model = pictures(), model()
    model.compile(loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    for shot, query, tasks in ((1, 4, 6), (3, 2, 5), (2, 3, 4)):
        x, _ = TaskSampler(data, WAY, shot, query, tasks, tasks)[0]
        logits = model.predict(x, batch_size=2, verbose=0)
        assert logits.shape == (tasks, WAY * query, WAY)
        alone = model.name_queries(model.process_support_set(x["support"]), x["query"])
        np.testing.assert_allclose(logits, np.array(alone), atol=1e-4)
