"""Every lesson has the same grammar; DESIGN names it, and this is what holds it up."""

import ast
import re

import pytest

from tl_helpers.course.check import check, exercises_of
from tl_helpers.course.sources import BEGIN, blank, lesson_sources, lessons_folder, read_source

LESSONS = lesson_sources()
VERBS = re.compile(r"^# - \*\*[a-z ]+\*\*", re.M)


def cells(path):
    return read_source(path).cells


def tagged(path, tag):
    return [c for c in cells(path) if tag in c.metadata.get("tags", [])]


def exercises(path):
    return [
        (next(t for t in c.metadata.tags if t != "exercise"), c.source)
        for c in tagged(path, "exercise")
    ]


@pytest.fixture(params=LESSONS, ids=lambda p: p.stem)
def lesson(request):
    return request.param


def test_there_are_lessons():
    assert LESSONS


def test_opening_states_question_objectives_needs_and_time(lesson):
    opening = cells(lesson)[0].source
    assert re.match(rf"# {lesson.name[:2]} · .+", opening)
    for part in ("**Question.**", "**You will**", "**You need**", "**Time**"):
        assert part in opening
    assert len(VERBS.findall("\n".join("# " + x for x in opening.splitlines()))) >= 3


def test_set_up_imports_or_installs_and_seeds(lesson):
    (setup,) = tagged(lesson, "setup")
    assert "except ModuleNotFoundError" in setup.source
    assert "{{" not in setup.source
    assert f'lesson="{lesson.name[:2]}"' in setup.source


def test_every_pick_stands_in_the_one_configuration_cell(lesson):
    (config,) = tagged(lesson, "config")
    assert "tl.pick(" in config.source
    assert sum("tl.pick(" in c.source for c in cells(lesson) if c.cell_type == "code") == 1


def sections(path):
    """Heading -> the grammar tags of its cells in order, for the numbered sections."""
    found, current = {}, None
    for cell in cells(path):
        heading = (
            re.search(r"^## (.+)$", cell.source, re.M) if cell.cell_type == "markdown" else None
        )
        if heading:
            current = heading[1] if re.match(r"\d+ · ", heading[1]) else None
            if current:
                found[current] = []
        elif current:
            found[current] += [
                t
                for t in cell.metadata.get("tags", [])
                if t in ("predict", "run", "look", "conclude")
            ]
    return found


def test_sections_predict_run_look_conclude(lesson):
    assert sections(lesson)
    for heading, tags in sections(lesson).items():
        order = list(dict.fromkeys(tags))
        assert order == ["predict", "run", "look", "conclude"], heading
        assert tags.index("predict") < tags.index("run"), heading


def test_each_conclusion_is_a_claim(lesson):
    conclusions = tagged(lesson, "conclude")
    assert conclusions
    for cell in conclusions:
        assert cell.source.startswith("tl.claim(")


def test_each_prediction_is_revealed(lesson):
    code = "\n".join(c.source for c in cells(lesson) if c.cell_type == "code")
    names = re.findall(r"^(\w+) = Predict\(", code, re.M)
    assert names
    for name in names:
        assert f"{name}.reveal(" in code


def test_its_notebook_is_small(lesson):
    notebook = lessons_folder() / f"{lesson.stem}.ipynb"
    assert notebook.stat().st_size < 200_000


def test_there_is_an_explorer(lesson):
    assert any("Explorer" in c.source for c in cells(lesson) if c.cell_type == "code")


def test_scratch_stands_beside_what_transfer_claims(lesson):
    claims = [c.source for c in tagged(lesson, "conclude") if 'better="fine-tuned' in c.source]
    # Two ways to use the same pretrained network may be compared: that says nothing of transfer.
    of_transfer = [s for s in claims if not re.search(r'than="(head only|head first|centred)"', s)]
    assert of_transfer
    for source in of_transfer:
        assert re.search(r"than=.*scratch", source)


def test_it_ends_with_key_points_and_reading(lesson):
    text = "\n".join(c.source for c in cells(lesson) if c.cell_type == "markdown")
    assert (
        text.index("## Practice") < text.index("## Key points") < text.index("## Further reading")
    )
    assert len(re.findall(r"\b(19|20)\d\d\b", text.split("## Further reading")[1])) >= 3


def test_two_or_three_exercises_each_with_its_check(lesson):
    numbers = [number for number, _ in exercises(lesson)]
    assert 2 <= len(numbers) <= 3
    assert set(numbers) == set(exercises_of(lesson.name[:2]))
    for number, source in exercises(lesson):
        assert BEGIN in source
        assert f'tl.check("{number}"' in source


def function_of(source):
    """The one function of an exercise's cell, run in isolation."""
    tree = ast.parse(source)
    definitions = [n for n in tree.body if isinstance(n, ast.FunctionDef)]
    assert len(definitions) == 1
    space = {}
    exec(compile(ast.Module(definitions, []), "exercise", "exec"), space)
    return space[definitions[0].name]


def test_solutions_pass_in_isolation_and_the_blank_fails(lesson):
    for number, source in exercises(lesson):
        assert check(number, function_of(source)).passed, number
        empty = check(number, function_of(blank(source)))
        assert not empty.passed, number
        assert "replace the dots" in empty.message


def test_prose_does_not_belittle(lesson):
    text = " ".join(c.source for c in cells(lesson) if c.cell_type == "markdown").lower()
    for word in ("simply", "obviously", "trivial", "of course"):
        assert word not in text
