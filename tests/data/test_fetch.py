"""`fetch`: which file wins, several processes at once, and its manners."""

import pickle
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from tl_helpers.data import errors, resume
from tl_helpers.data.errors import DataError, DownloadError
from tl_helpers.data.fetch import cache_dir, data_home, fetch


def visible(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir() if not p.name.startswith("."))


# Where files come from


def test_downloads_once_then_takes_the_cache(publisher, cache):
    path = fetch(publisher.url, publisher.SHA.upper(), progress=False)
    assert path == cache / "photos.zip"
    assert path.read_bytes() == publisher.CONTENT
    assert visible(cache) == ["photos.zip"]
    assert publisher.fetch() == path
    assert publisher.asked == [None]


def test_filename_and_folder(publisher, tmp_path, cache):
    path = publisher.fetch("b.zip", folder=tmp_path / "a")
    assert path == tmp_path / "a" / "b.zip"
    assert path.read_bytes() == publisher.CONTENT
    assert not cache.exists()


def test_data_home_wins_over_cache_and_server(publisher, cache, tmp_path, monkeypatch):
    publisher.fetch()
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("TL_DATA_HOME", str(home))
    assert publisher.fetch() == cache / "photos.zip"
    (home / "photos.zip").write_bytes(b"the user's own")  # taken without a checksum
    assert publisher.fetch() == home / "photos.zip"
    assert (home / "photos.zip").read_bytes() == b"the user's own"
    assert len(publisher.asked) == 1


def test_data_home_unset_empty_or_wrong(cache, tmp_path, monkeypatch):
    assert data_home() is None
    monkeypatch.setenv("TL_DATA_HOME", "")
    assert data_home() is None
    monkeypatch.setenv("TL_DATA_HOME", str(tmp_path))
    assert data_home() == tmp_path
    monkeypatch.setenv("TL_DATA_HOME", str(tmp_path / "gone"))
    with pytest.raises(DataError, match=r"TL_DATA_HOME is set to .*gone.*not a folder.*unset"):
        data_home()


def test_data_home_file_that_cannot_be_read(publisher, tmp_path, monkeypatch):
    (tmp_path / "photos.zip").mkdir()
    monkeypatch.setenv("TL_DATA_HOME", str(tmp_path))
    with pytest.raises(DataError, match=r"photos\.zip .*cannot be read.*Expected a file"):
        publisher.fetch()


def test_cache_dir_is_made_and_has_a_default(cache, tmp_path, monkeypatch):
    assert cache_dir() == cache
    assert cache.is_dir()
    monkeypatch.delenv("TL_CACHE")
    monkeypatch.setattr("pooch.os_cache", lambda project: tmp_path / "system" / project)
    assert cache_dir() == tmp_path / "system" / "tl_helpers"
    assert cache_dir().is_dir()


def test_cache_that_cannot_be_written(publisher, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("TL_CACHE", str(tmp_path / "file"))
    with pytest.raises(DataError, match=r"cannot read or write .*file.*TL_CACHE"):
        publisher.fetch()
    assert publisher.asked == []


@pytest.mark.parametrize("name", ["", "..", "../up.zip", "/etc/up.zip", "a\\b.zip", "C:up.zip"])
def test_only_plain_file_names(publisher, name):
    with pytest.raises(DataError, match="not a plain file name"):
        publisher.fetch(name)
    assert publisher.asked == []


def test_address_without_a_file_name():
    with pytest.raises(DataError, match="pass filename="):
        fetch("https://example.org/", "0" * 64, progress=False)


# Several at once

FETCH = """
import sys
from tl_helpers.data.fetch import fetch
print("started", flush=True)
print(fetch(sys.argv[1], sys.argv[2], progress=False))
"""


@contextmanager
def started(publisher):
    """A process that fetches, as far as the moment before it begins."""
    command = [sys.executable, "-c", FETCH, publisher.url, publisher.SHA]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout.readline() == "started\n"
            yield process
        finally:
            process.kill()


def wait_for(condition):
    until = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < until, "never happened"
        time.sleep(0.01)


def test_processes_at_once_download_once(publisher, cache):
    pytest.importorskip("fcntl", reason="this system has no file locks")
    publisher.go_on.clear()
    with started(publisher) as one, started(publisher) as two, started(publisher) as three:
        assert publisher.half.wait(60)
        time.sleep(0.5)  # time for the others to ask the server too, were there no lock
        publisher.go_on.set()
        for process in (one, two, three):
            assert process.communicate(timeout=60)[0].strip() == str(cache / "photos.zip")
            assert process.returncode == 0
    assert publisher.asked == [None]
    assert (cache / "photos.zip").read_bytes() == publisher.CONTENT
    assert visible(cache) == ["photos.zip"]


def test_without_locks_each_works_on_its_own_part(publisher, cache, monkeypatch):
    @contextmanager
    def no_lock(target):
        yield False

    # The module by its full name: `tl_helpers.data.fetch` may also be the function.
    monkeypatch.setattr(sys.modules["tl_helpers.data.fetch"], "locked", no_lock)
    publisher.go_on.clear()
    paths = []

    def work():
        paths.append(publisher.fetch())

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    wait_for(lambda: len(publisher.asked) == 3)
    publisher.go_on.set()
    for thread in threads:
        thread.join(60)
    assert paths == [cache / "photos.zip"] * 3
    assert (cache / "photos.zip").read_bytes() == publisher.CONTENT
    assert visible(cache) == ["photos.zip"]


def test_without_locks_a_broken_off_download_is_still_continued(publisher, cache, monkeypatch):
    monkeypatch.setitem(sys.modules, "fcntl", None)  # as on Windows: its import fails
    publisher.cut = [resume.CHUNK] * 4
    with pytest.raises(DownloadError):
        publisher.fetch()
    assert visible(cache) == ["photos.zip.part"]
    assert publisher.fetch().read_bytes() == publisher.CONTENT
    assert publisher.asked[-1] == f"bytes={4 * resume.CHUNK}-"
    assert visible(cache) == ["photos.zip"]


def test_killed_download_is_continued(publisher, cache):
    publisher.go_on.clear()
    with started(publisher) as process:
        assert publisher.half.wait(60)
        wait_for(lambda: (cache / "photos.zip.part").exists())
        wait_for(lambda: (cache / "photos.zip.part").stat().st_size > 0)
        process.kill()
        process.wait()
    publisher.go_on.set()
    kept = (cache / "photos.zip.part").stat().st_size
    assert not (cache / "photos.zip").exists()
    # The lock has gone with the process, or this would wait forever.
    assert publisher.fetch().read_bytes() == publisher.CONTENT
    assert publisher.asked == [None, f"bytes={kept}-"]


# Manners


def test_silent_without_progress_and_a_bar_with_it(publisher, cache, capfd):
    path = publisher.fetch()
    assert capfd.readouterr() == ("", "")
    path.unlink()
    fetch(publisher.url, publisher.SHA)
    shown = capfd.readouterr().err
    assert "photos.zip" in shown
    assert "100%" in shown


def test_importing_is_light():
    code = (
        "import sys; import tl_helpers.data.fetch, tl_helpers.data.folders;"
        "print({'keras', 'tensorflow', 'jax', 'plotly', 'requests', 'pooch'} & set(sys.modules))"
    )
    command = [sys.executable, "-c", code]
    shown = subprocess.run(command, capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "set()"


@pytest.mark.parametrize("kind", [DataError, *DataError.__subclasses__()])
def test_errors_travel_between_processes(kind):
    assert kind.__module__ == errors.__name__
    again = pickle.loads(pickle.dumps(kind("what was wrong")))
    assert type(again) is kind
    assert str(again) == "what was wrong"
