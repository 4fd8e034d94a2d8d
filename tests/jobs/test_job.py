import hashlib
import json

import numpy as np
import pytest

from tl_helpers.jobs import Job


def test_key_is_the_hash_of_canonical_json():
    text = '{"args":{"a":[1,2.5],"b":"\\u00e9"},"function":"m:f","salt":"s"}'
    expected = hashlib.sha256(text.encode()).hexdigest()
    assert Job("m:f", {"b": "é", "a": (1, 2.5)}, "s").key == expected


def test_key_ignores_dict_order():
    a = Job("m:f", {"x": 1, "y": {"p": 1, "q": 2}})
    b = Job("m:f", {"y": {"q": 2, "p": 1}, "x": 1})
    assert a.key == b.key
    assert a == b
    assert len({a, b}) == 1


@pytest.mark.parametrize(
    "other",
    [
        Job("m:g", {"x": 1}, "s"),
        Job("m:f", {"x": 2}, "s"),
        Job("m:f", {"x": 1.0}, "s"),
        Job("m:f", {"y": 1}, "s"),
        Job("m:f", {"x": 1}, "t"),
    ],
)
def test_key_depends_on_every_part(other):
    assert other.key != Job("m:f", {"x": 1}, "s").key
    assert other != Job("m:f", {"x": 1}, "s")


@pytest.mark.parametrize(
    ("args", "named"),
    [
        ({"seed": np.int64(3)}, r"args\['seed'\] is of type numpy.int64"),
        ({"a": {"b": [0, {1, 2}]}}, r"args\['a'\]\['b'\]\[1\] is of type set"),
        ({"lr": float("nan")}, r"args\['lr'\] is nan"),
        ({"lr": float("inf")}, r"args\['lr'\] is inf"),
        ({"by": {1: "a"}}, r"args\['by'\] has the key 1"),
    ],
)
def test_arguments_that_json_lacks_are_named(args, named):
    with pytest.raises(TypeError, match=named):
        Job("m:f", args)


def test_argument_that_contains_itself():
    loop = []
    loop.append(loop)
    with pytest.raises(TypeError, match="args contains itself"):
        Job("m:f", {"loop": loop})


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ((print,), "expected its name as 'package.module:function'"),
        (("m:f", [1]), "expected a dict of keyword arguments"),
        (("m:f", {}, 7), "salt is 7"),
    ],
)
def test_wrong_types(wrong, named):
    with pytest.raises(TypeError, match=named):
        Job(*wrong)


def test_later_changes_of_the_arguments_do_not_reach_the_job():
    args = {"layers": [1, 2]}
    job = Job("m:f", args)
    args["layers"].append(3)
    assert job.args == {"layers": [1, 2]}
    assert json.loads(job.args_json) == {"layers": [1, 2]}
    assert job.key == Job("m:f", {"layers": [1, 2]}).key


def test_reads_as_a_call():
    assert str(Job("m:f", {"seed": 1, "name": "a"})) == "m:f(name='a', seed=1)"
