"""Every answer to a prediction comes with its interval, so that noise calls nobody wrong."""

import ast

import pytest

from tl_helpers.course.sources import lesson_sources, read_source
from tl_helpers.evaluate import EQUAL

MEASURED = {"interval", "Interval", "leading", "placed", "earliest", "Answer"}
# Which of two explanations: where the runs cannot tell, no third one is true.
EITHER_OR = {"03.why"}
LESSONS = lesson_sources()


def tree_of(path):
    return ast.parse("\n".join(c.source for c in read_source(path).cells if c.cell_type == "code"))


def calls(node, name):
    """All calls of a function or method of this name below a node."""
    return [
        n
        for n in ast.walk(node)
        if isinstance(n, ast.Call) and getattr(n.func, "attr", getattr(n.func, "id", "")) == name
    ]


def measures(node) -> bool:
    return any(calls(node, name) for name in MEASURED)


def makers(tree) -> set[str]:
    """Names in a lesson that stand for what was measured: variables, and functions that make it."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and any(
            measures(n) for n in ast.walk(node) if isinstance(n, ast.Return)
        ):
            found.add(node.name)
        if isinstance(node, ast.Assign) and measures(node.value):
            found |= {n.id for t in node.targets for n in ast.walk(t) if isinstance(n, ast.Name)}
    return found


def reveals(path):
    """Predict's call, and reveal's, by the name of the prediction."""
    tree = tree_of(path)
    asked = {
        node.targets[0].id: node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and calls(node.value, "Predict")
    }
    shown = {call.func.value.id: call for call in calls(tree, "reveal")}
    assert asked.keys() == shown.keys()
    return tree, asked, shown


@pytest.mark.parametrize("path", LESSONS, ids=lambda p: p.stem)
def test_every_answer_carries_its_interval(path):
    tree, asked, shown = reveals(path)
    assert asked
    known = makers(tree)
    for name, call in shown.items():
        answer = call.args[0]
        names = {n.id for n in ast.walk(answer) if isinstance(n, ast.Name)}
        assert measures(answer) or names & known, f"{name}: {ast.unparse(answer)}"


@pytest.mark.parametrize("path", LESSONS, ids=lambda p: p.stem)
def test_a_question_which_of_several_offers_that_they_are_about_equal(path):
    _, asked, shown = reveals(path)
    for name, question in asked.items():
        (key,) = (k.value.value for k in question.keywords if k.arg == "key")
        answer = shown[name].args[0]
        two_sides = any(len(call.args[1].elts) == 1 for call in sided(answer))
        if (calls(answer, "leading") or two_sides) and key not in EITHER_OR:
            assert EQUAL in ast.unparse(question.args[1]), key


def sided(answer):
    """Calls of `placed` whose edges are written out."""
    return [call for call in calls(answer, "placed") if isinstance(call.args[1], ast.List)]
