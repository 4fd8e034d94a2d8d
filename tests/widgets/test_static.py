import base64
import json
import re
import subprocess
import sys

import numpy as np
import pytest
from IPython.core.formatters import DisplayFormatter

from tl_helpers.evaluate import Answer
from tl_helpers.widgets import Explorer, Predict, static_html

VIEW = "application/vnd.jupyter.widget-view+json"


@pytest.fixture
def explorer():
    values = np.random.default_rng(0).random((2, 2, 5)).astype(np.float32)
    return Explorer(
        values,
        {"stage": [1, 2]},
        ["scratch", "</script><b>"],
        title="A < B",
        command="tl-course record x",
        weights_hash="9f2c41d7",
    )


def state_of(html):
    return json.loads(re.search(r'-state">\n(.*?)\n</script>', html, re.S)[1])


def test_bundle_has_the_live_view_the_page_and_the_text(explorer):
    data, metadata = explorer._repr_mimebundle_()
    assert data[VIEW]["model_id"] == explorer.model_id
    assert data["text/html"].startswith('<div class="tl-static">')
    assert data["text/plain"].startswith("A < B\nstage 1: ")
    assert "tl-course record x · weights 9f2c41d7" in data["text/plain"]
    assert metadata == {}
    formatted, _ = DisplayFormatter().format(explorer)
    assert set(formatted) == {VIEW, "text/html", "text/plain"}


def test_bundle_in_colab_leaves_the_page_out(explorer, monkeypatch):
    explorer._repr_mimebundle_()
    monkeypatch.setitem(sys.modules, "google.colab.output", None)
    monkeypatch.setattr("anywidget.widget.repr_mimebundle", lambda **_: ({}, {}), raising=False)
    assert "text/html" not in explorer._repr_mimebundle_()[0]


def test_static_page_carries_the_state_exactly(explorer):
    explorer.select(stage=2)
    state = state_of(static_html(explorer))
    data = np.frombuffer(base64.b64decode(state["data"]["base64"]), "<f4")
    assert data.reshape(explorer.values.shape).tolist() == explorer.values.tolist()
    assert state["position"] == [1]
    assert state["spec"] == explorer.spec


def test_static_page_escapes_what_it_is_given(explorer):
    html = static_html(explorer)
    assert html.count("</script>") == 2
    assert "<b>" not in html
    assert "A &lt; B" in html


def test_static_page_needs_nothing_else_and_has_ids_of_its_own(explorer):
    first, second = static_html(explorer), static_html(explorer)
    urls = set(re.findall(r"https?://[^\s\"')]+", first))
    assert urls == {"http://www.w3.org/2000/svg"}  # a name, not an address to load
    ids = [set(re.findall(r'id="(tl-[^"]+)"', html)) for html in (first, second)]
    assert not ids[0] & ids[1]


def test_text_version_is_a_table(explorer):
    html = static_html(explorer)
    table = re.search(r"<table.*?</table>", html, re.S)[0]
    assert table.count("<tr>") == 3
    assert "95 % interval" in table
    assert explorer.summary().split(": ")[0] in html


def test_prediction_as_text():
    predict = Predict("Which?", ["a", "b"], key="k")
    assert predict._repr_mimebundle_()[0]["text/plain"] == (
        "Which?\nOptions: a; b\nNo prediction is locked in yet."
    )
    predict.lock("a")
    assert "Locked in: “a”." in static_html(predict)
    predict.reveal(Answer(("b",)))
    assert state_of(static_html(predict))["answer"] == ["b"]
    number = Predict("How many?", (0, 10, 1), key="k")
    assert "A number from 0 to 10" in static_html(number)


def test_import_loads_no_training_or_plotting_library():
    code = (
        "import sys, tl_helpers.widgets;"
        "print([m for m in ('tensorflow', 'keras', 'jax', 'plotly') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
