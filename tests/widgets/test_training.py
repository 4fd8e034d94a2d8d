"""What a notebook shows of training."""

from types import SimpleNamespace

import pytest
from IPython.core.events import EventManager, available_events

from tl_helpers.session import progress
from tl_helpers.session.progress import watched
from tl_helpers.widgets import training
from tl_helpers.widgets.training import Training, WidgetProgress


@pytest.fixture
def clock(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(training.time, "perf_counter", lambda: now[0])

    def go_on(seconds):
        now[0] += seconds

    return go_on


kept = []  # what a page without a kernel says in the end


@pytest.fixture
def displayed(monkeypatch):
    """The widgets that were put on the page."""
    seen = []

    class Place:
        def update(self, widget):
            assert widget is seen[-1]
            kept.append(widget._plain())

    def display(widget, display_id):
        seen.append(widget)
        return Place()

    kept.clear()
    monkeypatch.setattr(training, "display", display)
    return seen


def test_what_is_over_at_once_is_not_shown(clock, displayed):
    told = WidgetProgress(["a"])
    told.begin()
    told.fit(3)
    clock(0.9)
    told.fitted({"accuracy": 0.5})
    told.end()
    told.close()
    assert displayed == []


def test_it_shows_runs_epochs_time_and_curves(clock, displayed):
    told = WidgetProgress(["fine-tuned", "scratch"])
    told.begin()
    told.fit(4)
    clock(2)
    told.fitted({"accuracy": 0.25})
    (widget,) = displayed
    assert isinstance(widget, Training)
    assert widget._plain() == "Run 1 of 2: fine-tuned, epoch 2 of 4. About 14 s left."
    assert widget.told["share"] == 0.125
    clock(0.1)
    told.fitted({"accuracy": 0.5})
    assert "epoch 2 of 4" in widget._plain()  # too soon for another picture
    clock(5.9)
    told.end()
    assert widget._plain() == "Run 2 of 2: scratch. About 8 s left."
    told.begin()
    told.fit(8)
    told.fitted({"accuracy": 0.1})
    clock(4)
    told.fitted({"accuracy": float("inf")})
    first, second = widget.told["curves"]
    assert first["pieces"] == [[0.25, 0.5]]
    assert second["pieces"] == [[0.1, None]]  # JSON has no infinity
    assert first["colour"] == "#0072B2"
    assert widget.told["epochs"] == 8
    clock(4)
    told.end()  # the last one: nothing comes after it
    told.close()
    assert widget._plain() == "2 runs: 16 s."
    assert widget.told["over"]
    assert kept == ["2 runs: 16 s."]


def test_accuracies_are_not_drawn_on_an_axis_of_losses(clock, displayed):
    told = WidgetProgress(["a"])
    told.begin()
    for logs in ({"accuracy": 0.5}, {"loss": 3.0}):
        told.fit(1)
        clock(2)
        told.fitted(logs)
    assert displayed[0].told["metric"] == "loss"
    assert displayed[0].told["curves"][0]["pieces"] == [[3.0]]


def test_a_press_is_seen_in_a_row_of_runs(clock, displayed):
    with watched(by=WidgetProgress(["a", "b"])) as told:
        told.begin()
        clock(2)
        told.end()
        told.begin()
        told.fit(9)
        clock(2)
        told.fitted({"accuracy": 0.5})
        assert not told.stop
        displayed[0].stop = True
        assert told.stop
    assert kept == ["Stopped after 1 of 2 runs, 4 s."]


def test_a_training_alone_says_after_which_epoch_it_was_stopped(clock, displayed, monkeypatch):
    monkeypatch.setattr(progress, "_new", lambda runs, elsewhere: WidgetProgress(runs))
    with progress.part("fine-tuning", 9) as told:
        told.fit(9)
        clock(4)
        told.fitted({"accuracy": 0.5})
        displayed[0].stop = True
    assert kept == ["Stopped after 1 of 9 epochs, 4 s."]


def test_a_training_that_failed_does_not_look_as_if_it_ran(clock, displayed, monkeypatch):
    events = EventManager(None, available_events)
    monkeypatch.setattr(training, "get_ipython", lambda: SimpleNamespace(events=events))
    told = WidgetProgress(["fine-tuning"])  # as `Live` has it, whose `fit` raises
    told.begin()
    told.fit(9)
    told.expect(9)
    clock(4)
    told.fitted({"accuracy": 0.5})
    assert not displayed[0].told["over"]
    for _ in range(2):
        events.trigger("post_run_cell", None)
    assert displayed[0].told["over"]
    assert len(kept) == 1
    assert kept[0].startswith("Stopped after 1 of ")
