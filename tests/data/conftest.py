"""A publisher of files on this machine, that can be made to misbehave."""

import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tl_helpers.data import resume
from tl_helpers.data.fetch import fetch


class Publisher:
    """What the server sends, and what it was asked for."""

    CONTENT = bytes(i * i % 251 for i in range(300_000))
    OLDER = bytes(i * i % 241 for i in range(300_000))
    SHA = hashlib.sha256(CONTENT).hexdigest()

    def __init__(self):
        self.content = self.CONTENT
        self.ranges = True  # whether it understands Range
        self.length = True  # whether it sends Content-Length
        self.status = []  # answers to the next requests, before it sends content
        self.cut = []  # for each next request: bytes after which the connection breaks, or None
        self.half = threading.Event()  # half of an answer is sent
        self.go_on = threading.Event()  # a test clears it, to hold the server there
        self.go_on.set()
        self.asked = []  # the Range header of each request
        self.sent = 0  # bytes
        self.url = ""

    def fetch(self, *args, **kwargs):
        return fetch(self.url, self.SHA, *args, progress=False, **kwargs)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        it = self.server.publisher
        asked = self.headers.get("Range")
        it.asked.append(asked)
        self.close_connection = True
        if it.status:
            return self.answer(it.status.pop(0), b"")
        start = 0
        if asked and it.ranges:
            start = int(asked.removeprefix("bytes=").removesuffix("-"))
            if start >= len(it.content):
                return self.answer(416, b"")
        self.answer(206 if asked and it.ranges else 200, it.content[start:], start)
        return None

    def answer(self, status: int, body: bytes, start: int = 0):
        it = self.server.publisher
        self.send_response(status)
        if it.length:
            self.send_header("Content-Length", str(len(body)))
        if status == 206:
            last, total = start + len(body) - 1, len(it.content)
            self.send_header("Content-Range", f"bytes {start}-{last}/{total}")
        self.send_header("Connection", "close")
        self.end_headers()
        if status >= 400:
            return
        cut = it.cut.pop(0) if it.cut else None
        body = body[:cut]
        middle = len(body) // 2
        try:
            for piece in (body[:middle], body[middle:]):
                self.wfile.write(piece)
                self.wfile.flush()
                it.sent += len(piece)
                it.half.set()
                it.go_on.wait(30)
        except OSError:  # the client was killed
            pass


@pytest.fixture
def publisher(cache):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.publisher = Publisher()
    server.publisher.url = f"http://127.0.0.1:{server.server_port}/files/photos.zip"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server.publisher
    server.publisher.go_on.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """An empty cache folder (not made yet), no TL_DATA_HOME, and no waiting between attempts."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.delenv("TL_DATA_HOME", raising=False)
    monkeypatch.setenv("TL_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(resume, "BACKOFF", (0, 0, 0))
    return tmp_path / "cache"
