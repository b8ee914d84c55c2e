"""A loopback HTTP server whose pages are functions, and a way to ask it as a fetch does."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from rates.model import Reply, Request
from rates.transport import THREAD, Guard, Limits, Observe, run_coroutine
from rates.transport import send as send_over

Page = Callable[["Handler"], None]


@dataclass
class Seen:
    """One request as the server saw it; `connection` is the same for those that came over one connection."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    connection: object


class Handler(BaseHTTPRequestHandler):
    """Answers by the site's page for the path; keeps connections open, as the real ones do."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else each answer on a kept connection waits 44 ms
    wbufsize = 65536
    site: Site

    def do_GET(self) -> None:
        """Notes the request and lets the page answer."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.site.seen.append(Seen(self.command, self.path, headers, body, self.connection))
        page = self.site.pages.get(self.path.partition("?")[0])
        if page is None:
            self.answer(b"nothing here", 404)
        else:
            page(self)

    do_POST = do_GET  # noqa: N815

    def answer(self, body: bytes = b"", status: int = 200, **headers: str) -> None:
        """A whole answer; header names with _ for -."""
        self.start(status, Content_Length=str(len(body)), **headers)
        self.wfile.write(body)
        self.wfile.flush()

    def start(self, status: int = 200, **headers: str) -> None:
        """The head of an answer, sent at once."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.flush()

    def hang(self) -> None:
        """Sends nothing more until the test is over."""
        self.site.over.wait(30)
        self.close_connection = True

    def drip(self, piece: bytes) -> None:
        """Sends the piece again and again until the other end is gone or the test is over."""
        self.close_connection = True
        try:
            while not self.site.over.wait(0.01):
                self.wfile.write(piece)
                self.wfile.flush()
        except OSError:
            pass

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing."""


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Logs nothing: tests here close connections early."""


class Site:
    """Pages by path, and what was asked for."""

    def __init__(self, host: str, scheme: str) -> None:
        self.pages: dict[str, Page] = {}
        self.seen: list[Seen] = []
        self.over = threading.Event()
        self.host, self.scheme = host, scheme

    def url(self, path: str = "/") -> str:
        """The full URL of a path."""
        return f"{self.scheme}://{self.host}{path}"

    def page(self, path: str, body: bytes = b"", status: int = 200, **headers: str) -> str:
        """Puts a fixed answer at the path, and gives its URL."""
        return self.put(path, lambda handler: handler.answer(body, status, **headers))

    def put(self, path: str, page: Page) -> str:
        """Puts a page at the path, and gives its URL."""
        self.pages[path] = page
        return self.url(path)

    def series(self, path: str, *pages: Page) -> str:
        """Pages for the first request, the second…; the last one stays."""
        left = list(pages)
        return self.put(path, lambda handler: (left.pop(0) if len(left) > 1 else left[0])(handler))


@contextmanager
def serving(tls: ssl.SSLContext | None = None) -> Iterator[Site]:
    """A running site, over TLS when given a context."""
    handler = type("SiteHandler", (Handler,), {})
    with _Quiet(("127.0.0.1", 0), handler) as httpd:
        if tls is not None:
            httpd.socket = tls.wrap_socket(httpd.socket, server_side=True, do_handshake_on_connect=False)
        name = "localhost" if tls is not None else "127.0.0.1"
        site = Site(f"{name}:{httpd.server_port}", "http" if tls is None else "https")
        handler.site = site
        thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield site
        finally:
            site.over.set()
            httpd.shutdown()
            thread.join()


def send(request: Request, limits: Limits, guard: Guard, observe: Observe | None = None) -> Reply:
    """The reply, as a thread gets it."""
    return run_coroutine(send_over(THREAD, request, limits, guard, observe))


def ask(asked: str | Request, *, deadline: float = 5.0, **limits: Any) -> Reply:
    """The reply, with no second try and no waiting between tries unless the limits say so."""
    request = Request(asked) if isinstance(asked, str) else asked
    with Guard(deadline) as guard:
        return send(request, Limits(**{"retries": 0, "backoff": 0.0, **limits}), guard)
