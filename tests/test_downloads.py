"""Nothing is downloaded by surprise: what is not here is named, with what brings it."""

import re

import pytest

import tl_helpers as tl
from tl_helpers.data import UnknownDataset


@pytest.fixture
def newcomer(tmp_path, monkeypatch):
    """A machine without data, caches or a folder of ready files."""
    monkeypatch.delenv("TL_DATA_HOME", raising=False)
    monkeypatch.setenv("TL_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))


def test_one_sentence_names_all_that_is_not_here(newcomer):
    assert tl.absent("photos10") == (
        'photos10 is not on this machine; tl.prefetch("photos10") downloads it once (170 MB).'
    )
    assert tl.absent("photos10", "digits", "squeezenet", "tiny-resnet", "photos10") == (
        "photos10 and squeezenet are not on this machine; "
        'tl.prefetch("photos10", "squeezenet") downloads them once (173 MB).'
    )
    assert tl.absent("digits", "tiny-resnet") == ""


def test_the_line_that_is_printed_runs_as_it_stands(newcomer, monkeypatch, capsys):
    asked = []
    monkeypatch.setattr(tl.data, "load", lambda name, download: asked.append((name, download)))
    monkeypatch.setattr("tl_helpers.downloads._loaded", lambda name: asked.append(name))
    line = re.search(r"tl\.prefetch\(.*?\)", tl.absent("photos10", "omniglot"))[0]
    exec(line, {"tl": tl})
    assert asked == ["photos10", "omniglot"]
    told = capsys.readouterr().out
    assert "photos10: downloading CIFAR-10 (Krizhevsky 2009" in told
    assert "170 MB; licence: free for research; cite the report" in told


def test_everything_that_needs_a_download_says_how_large_and_under_which_licence():
    for door, names in ((tl.data, tl.data.names()), (tl.backbones, tl.backbones.names())):
        for name in names:
            need = door.download_of(name)
            embedded = name in ("digits", "formula10", "source50", "tiny-resnet", "tiny-resnet-s")
            assert (need is None) == embedded, name
            if need:
                assert need.megabytes > 0
                assert need.licence


def test_unknown_names_are_named_before_anything_begins(newcomer, monkeypatch):
    monkeypatch.setattr("tl_helpers.downloads._loaded", lambda name: pytest.fail("it began"))
    with pytest.raises(UnknownDataset, match="called 'squeeznet'; did you mean 'squeezenet'"):
        tl.prefetch("photos10", "squeeznet")
    with pytest.raises(ValueError, match="name what is wanted"):
        tl.prefetch()
