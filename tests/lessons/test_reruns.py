"""Recorded runs on real data, made again as lessons offer it.

CI executes the lessons themselves without data; there such a rerun only says what it lacks.
"""

import ast

import pytest

from tl_helpers.evaluate import recorded

from .test_reveals import LESSONS, calls, tree_of

# What lessons make again, a run of each experiment that needs real data.
RUNS = {
    "photos10": {
        "network": "tiny-resnet",
        "condition": "fine-tuned",
        "per_class": 10,
        "augment": True,
    },
    "depth": {"network": "squeezenet", "condition": "pretrained", "cut": 5, "per_class": 10},
    "strategies": {
        "network": "tiny-resnet",
        "condition": "head only",
        "base_lr": 0.006,
        "per_class": 10,
    },
    "regularisation": {"condition": "plain", "per_class": 5},
    "domains": {"pair": "mnist to digits", "condition": "source only"},
    "few_shot": {"condition": "plain", "metric": "drawn, 5 ways, 1 shot"},
    "distilled": {"width": 0.25, "condition": "labels", "temperature": 4.0, "alpha": 0.9},
}


@pytest.mark.real_data
@pytest.mark.parametrize("name", RUNS)
def test_a_recorded_run_is_made_again_on_real_data(name, monkeypatch):
    monkeypatch.setenv("TL_STRICT", "1")  # one that does not agree raises
    again = recorded(name).rerun(0, **RUNS[name])
    assert again.agrees


def test_no_experiment_that_lessons_make_again_is_left_out():
    offered = set()
    for path in LESSONS:
        tree = tree_of(path)
        experiments = {
            node.targets[0].id: node.value.args[0].value
            for node in assignments(tree)
            if node.value in calls(node.value, "recorded")
        }
        asked = [call.func.value.id for call in calls(tree, "rerun")]
        asked += [call.args[0].id for call in calls(tree, "LiveRun")]
        offered |= {experiments[name] for name in asked}
    real = {name for name in offered if recorded(name).needs} | {"domains"}  # some of its pairs
    assert real == RUNS.keys()


def assignments(tree):
    return [n for n in ast.walk(tree) if isinstance(n, ast.Assign)]
