"""Downloads that break off, are refused, are not what was published or do not fit on the disk."""

import contextlib
import errno
import hashlib
import io
import shutil
import socket
from collections import namedtuple
from pathlib import Path

import pytest
import requests

from tl_helpers.data import resume
from tl_helpers.data.errors import ChecksumError, DataError, DiskFull, DownloadError
from tl_helpers.data.fetch import cache_dir, fetch

PIECE = resume.CHUNK


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def visible(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir() if not p.name.startswith("."))


# Broken connections


def test_dropped_connection_is_resumed(publisher, cache):
    publisher.cut = [3 * PIECE, PIECE, None]
    path = publisher.fetch()
    assert path.read_bytes() == publisher.CONTENT
    assert publisher.asked == [None, f"bytes={3 * PIECE}-", f"bytes={4 * PIECE}-"]
    assert publisher.sent == len(publisher.CONTENT)  # no byte twice
    assert visible(cache) == ["photos.zip"]


def test_next_call_continues_a_broken_off_download(publisher, cache):
    publisher.cut = [PIECE] * 4
    with pytest.raises(
        DownloadError, match=rf"keeps breaking off.*{4 * PIECE:,} bytes are kept"
    ) as caught:
        publisher.fetch()
    assert publisher.url in str(caught.value)
    assert "TL_DATA_HOME" in str(caught.value)
    assert visible(cache) == ["photos.zip.part"]
    assert (cache / "photos.zip.part").read_bytes() == publisher.CONTENT[: 4 * PIECE]
    assert publisher.fetch().read_bytes() == publisher.CONTENT
    assert publisher.asked[-1] == f"bytes={4 * PIECE}-"
    assert visible(cache) == ["photos.zip"]


def test_server_without_range_starts_over(publisher, cache):
    publisher.ranges = False
    publisher.cut = [3 * PIECE, None]
    assert publisher.fetch().read_bytes() == publisher.CONTENT
    assert publisher.asked == [None, f"bytes={3 * PIECE}-"]
    assert publisher.sent == 3 * PIECE + len(publisher.CONTENT)


def test_server_without_content_length(publisher, cache):
    publisher.length = False
    assert publisher.fetch().read_bytes() == publisher.CONTENT


def test_end_that_is_missing_without_an_error(publisher, monkeypatch):
    """Versions of requests with urllib3 1 take a connection that breaks for the end of the file."""
    really = requests.Response.iter_content

    def forgiving(response, size):
        with contextlib.suppress(requests.exceptions.ChunkedEncodingError):
            yield from really(response, size)

    monkeypatch.setattr(requests.Response, "iter_content", forgiving)
    publisher.cut = [PIECE, None]
    assert publisher.fetch().read_bytes() == publisher.CONTENT
    assert publisher.asked == [None, f"bytes={PIECE}-"]


def test_finished_part_needs_no_server(publisher, cache):
    cache_dir()
    (cache / "photos.zip.part").write_bytes(publisher.CONTENT)
    assert publisher.fetch().read_bytes() == publisher.CONTENT
    assert publisher.asked == []
    assert visible(cache) == ["photos.zip"]


@pytest.mark.parametrize("length", [1_000, 300_000, 300_007])
def test_part_of_an_older_version_is_dropped(publisher, cache, length):
    cache_dir()
    (cache / "photos.zip.part").write_bytes((publisher.OLDER * 2)[:length])
    assert publisher.fetch().read_bytes() == publisher.CONTENT
    assert publisher.asked == [f"bytes={length}-", None]  # once resumed, once from zero
    assert visible(cache) == ["photos.zip"]


# Servers that do not deliver


def test_no_server_says_so_at_once(cache, monkeypatch):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/photos.zip"
    monkeypatch.setattr(resume.time, "sleep", lambda s: pytest.fail("waited, though offline"))
    with pytest.raises(DownloadError, match=r"there is no connection to 127\.0\.0\.1") as caught:
        fetch(url, "0" * 64, progress=False)
    assert url in str(caught.value)
    assert "put it into a folder and set TL_DATA_HOME" in str(caught.value)
    assert visible(cache) == []


def test_404(publisher, cache):
    publisher.status = [404]
    with pytest.raises(DownloadError, match="HTTP 404 Not Found"):
        publisher.fetch()
    assert len(publisher.asked) == 1
    assert visible(cache) == []


def test_busy_server_is_asked_again(publisher):
    publisher.status = [503, 429]
    assert publisher.fetch().read_bytes() == publisher.CONTENT
    assert len(publisher.asked) == 3


def test_always_busy_server(publisher):
    publisher.status = [503] * 10
    with pytest.raises(DownloadError, match="HTTP 503"):
        publisher.fetch()
    assert len(publisher.asked) == 4


def test_what_is_no_web_address(cache):
    with pytest.raises(DownloadError, match=r"photos\.zip from ftp://host/photos\.zip"):
        fetch("ftp://host/photos.zip", "0" * 64, progress=False)


# Wrong content


def test_wrong_content(publisher, cache):
    publisher.content = publisher.OLDER
    with pytest.raises(ChecksumError) as caught:
        publisher.fetch()
    assert publisher.SHA in str(caught.value)
    assert sha(publisher.OLDER) in str(caught.value)
    assert publisher.url in str(caught.value)
    assert publisher.asked == [None]
    assert visible(cache) == []


def test_wrong_content_is_tried_at_most_twice(publisher, cache):
    cache_dir()
    (cache / "photos.zip.part").write_bytes(publisher.CONTENT[:1_000])
    publisher.content = publisher.OLDER
    with pytest.raises(ChecksumError):
        publisher.fetch()
    assert publisher.asked == ["bytes=1000-", None]
    assert visible(cache) == []


def test_wrong_content_over_a_bad_line_is_tried_at_most_twice(publisher, cache):
    publisher.content = publisher.OLDER
    publisher.cut = [PIECE, None] * 9
    with pytest.raises(ChecksumError):
        publisher.fetch()
    assert publisher.asked == [None, f"bytes={PIECE}-"] * 2
    assert visible(cache) == []


def test_cached_file_survives_a_failing_download(publisher, cache):
    path = publisher.fetch()
    for misbehave, kind in [
        ({"content": publisher.OLDER}, ChecksumError),
        ({"status": [404]}, DownloadError),
        ({"cut": [5] * 4}, DownloadError),
    ]:
        vars(publisher).update(misbehave)
        with (
            pytest.warns(UserWarning, match="does not have the expected checksum"),
            pytest.raises(kind),
        ):
            fetch(publisher.url, sha(b"a newer version"), progress=False)
        assert path.read_bytes() == publisher.CONTENT


def test_damaged_cached_file_is_replaced(publisher, cache):
    path = publisher.fetch()
    path.write_bytes(publisher.CONTENT[:-1])
    with pytest.warns(UserWarning, match=r"photos\.zip does not have the expected checksum"):
        publisher.fetch()
    assert path.read_bytes() == publisher.CONTENT


# Full disks

Usage = namedtuple("Usage", "total used free")


@pytest.mark.parametrize("free", [1_000, 300_000])  # the second lacks only the 1 % of margin
def test_disk_without_room(publisher, cache, monkeypatch, free):
    publisher.go_on.clear()
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(10**9, 10**9 - free, free))
    with pytest.raises(DiskFull) as caught:
        publisher.fetch()
    assert f"{free:,} bytes are free, 303,000 bytes needed" in str(caught.value)
    assert "photos.zip" in str(caught.value)
    assert visible(cache) == []


def test_disk_with_just_enough_room_for_the_rest(publisher, cache, monkeypatch):
    cache_dir()
    (cache / "photos.zip.part").write_bytes(publisher.CONTENT[:200_000])
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(10**9, 0, 101_000))
    assert publisher.fetch().read_bytes() == publisher.CONTENT


def test_room_that_is_made_by_starting_over(publisher, cache, monkeypatch):
    publisher.ranges = False
    cache_dir()
    (cache / "photos.zip.part").write_bytes(publisher.CONTENT[:200_000])
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(10**9, 0, 103_000))
    assert publisher.fetch().read_bytes() == publisher.CONTENT


class FillingFile(io.FileIO):
    """A file on a disk with room for 100,000 bytes."""

    def write(self, piece):
        if self.tell() + len(piece) > 100_000:
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().write(piece)


def test_disk_that_fills_up_while_writing(publisher, cache, monkeypatch):
    really = Path.open
    opened = []

    def opening(path, mode="r", *args, **kwargs):
        if path.name == "photos.zip.part" and mode in ("wb", "ab"):
            opened.append(FillingFile(path, mode))
            return opened[-1]
        return really(path, mode, *args, **kwargs)

    monkeypatch.setattr(Path, "open", opening)
    with pytest.raises(DiskFull, match=r"bytes are free, 303,000 bytes needed"):
        publisher.fetch()
    assert len(opened) == 1
    assert visible(cache) == []  # nothing of it keeps the disk full


def test_other_write_errors_are_no_full_disk(publisher, cache):
    cache_dir()
    (cache / "photos.zip.part").symlink_to(cache / "gone" / "part")
    with pytest.raises(DataError, match=r"cannot read or write .*photos\.zip\.part") as caught:
        publisher.fetch()
    assert type(caught.value) is DataError
    assert not (cache / "photos.zip").exists()
