from __future__ import annotations

import multiprocessing
import threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import requests
import responses

from rates import offline
from rates.errors import ConnectionRefused, NotRecorded, TimedOut
from rates.model import Reply, Request
from rates.transport import Guard, Limits
from tests.offline.asking import OFFLINE, TODAY, ask, fixed
from tests.transport.server import send

USD = "https://api.frankfurter.dev/v2/rates?base=USD"


# Newer Pythons warn about a fork beside threads, which is the case tested here.
FORKS = pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")


class _Hello(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"hello")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Keeps the test's output clean."""


@pytest.fixture
def server() -> Any:
    """A loopback server's address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Hello) as httpd:
        thread = threading.Thread(target=httpd.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{httpd.server_port}/"
        httpd.shutdown()
        thread.join()


def test_mock_gets_the_whole_request() -> None:
    """The mock gets method, URL with its query, form body and read timeout."""
    seen: list[object] = []

    def mock(method: str, url: str, form: bytes, timeout_s: float) -> Reply:
        seen.append((method, url, form, timeout_s))
        return Reply(200, b"")

    ask("", mock, request=Request("https://a.example/x", (("q", "1 2"),)), timeout=7.0)
    ask("", mock, request=Request("https://a.example/x", form=(("f", "ü"),)), timeout=7.0)
    assert seen == [
        ("GET", "https://a.example/x?q=1+2", b"", 7.0),
        ("POST", "https://a.example/x", b"f=%C3%BC", 7.0),
    ]


@pytest.mark.parametrize("status", [200, 302, 404, 429, 503])
def test_answer_comes_back_exactly(status: int) -> None:
    """Status, headers and every byte of the body arrive as the mock gave them."""
    body = bytes(range(256)) * 300
    reply = ask("https://a.example/", fixed(body, status, etag="x", **{"set-cookie": "a=b"}))
    assert (reply.status, reply.body) == (status, body)
    assert reply.headers == {"etag": "x", "set-cookie": "a=b"}


def test_errors_leave_as_they_are() -> None:
    """`send` raises the same error object that a mock raises, and does not try again."""
    calls = []
    error = NotRecorded("nothing")

    def mock(*args: object) -> Reply:
        calls.append(args)
        raise error

    offline.install()
    with Guard(5) as guard, pytest.raises(NotRecorded) as caught:
        send(Request("https://a.example/"), Limits(retries=3, mock=mock), guard)
    assert caught.value is error
    assert len(calls) == 1


def test_exceptions_of_requests_are_named() -> None:
    """An exception of the HTTP library becomes an error of ours."""

    def mock(*args: object) -> Reply:
        raise requests.exceptions.ReadTimeout("slow")

    with pytest.raises(TimedOut):
        ask("https://a.example/", mock)


def test_others_requests_pass(server: str) -> None:
    """A user's own requests reach the server, with and without a body, while ours are mocked."""
    offline.install()
    assert requests.get(server, timeout=5).content == b"hello"
    assert requests.post(server, data=b"\x00\xff", timeout=5).content == b"\x00\xff"
    assert ask(USD).status == 200


def test_own_requests_without_a_mock_pass(server: str) -> None:
    """A live fetch in a process that has fetched offline before reaches the network."""
    offline.install()
    with Guard(5) as guard:
        assert send(Request(server), Limits(), guard).body == b"hello"
        with pytest.raises(ConnectionRefused):
            send(Request("http://127.0.0.1:9/"), Limits(retries=0), guard)


def test_others_mocks_do_not_meet_ours() -> None:
    """A user's own `responses` mock neither answers our requests nor removes our patch when it stops."""
    offline.install()
    with responses.RequestsMock() as theirs:
        theirs.add(responses.GET, "https://theirs.example/", body=b"theirs")
        assert requests.get("https://theirs.example/", timeout=5).content == b"theirs"
        assert ask("https://theirs.example/", fixed(b"ours")).body == b"ours"
    assert ask("https://theirs.example/", fixed(b"ours")).body == b"ours"


def test_installing_again_changes_nothing() -> None:
    """Eight threads that install at once leave one patch, the one from before."""
    from rates.transport.session import Adapter

    offline.install()
    before = Adapter.send
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: offline.install(), range(64)))
    assert Adapter.send is before


def test_threads_get_their_own_answers() -> None:
    """Eight threads at once: each request is answered by its own mock."""

    def one(number: int) -> bool:
        return ask(f"https://a.example/{number}", fixed(str(number).encode())).body == str(number).encode()

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(one, range(200)))


def test_no_calls_are_kept() -> None:
    """After 2000 calls, some of them failed, neither the mock nor its response keeps any."""
    import gc

    def refuse(*args: object) -> Reply:
        raise NotRecorded("nothing")

    for _ in range(10):
        ask("https://a.example/", fixed())
    gc.collect()
    before = sum(isinstance(thing, responses.Call | requests.PreparedRequest) for thing in gc.get_objects())
    for number in range(2000):
        if number % 10:
            ask("https://a.example/", fixed())
        else:
            with pytest.raises(NotRecorded):
                ask("https://a.example/", refuse)
    gc.collect()
    after = sum(isinstance(thing, responses.Call | requests.PreparedRequest) for thing in gc.get_objects())
    assert after <= before


def _in_child(day: object) -> tuple[int, bytes]:
    """The task of a worker process: install, then request."""
    reply = ask(USD)
    return reply.status, reply.body


@FORKS
@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_child_processes_are_answered(method: str) -> None:
    """A forked child inherits the mock, a spawned one installs its own; both get what the parent gets."""
    expected = ask(USD)
    assert expected.body
    context = multiprocessing.get_context(method)
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        assert pool.submit(_in_child, TODAY).result(60) == (expected.status, expected.body)


@FORKS
def test_fork_while_locks_are_held() -> None:
    """A child that is forked while other threads hold our locks and fetch still gets its answer."""
    offline.install()
    stop = threading.Event()

    def busy() -> None:
        slow = offline.mock_for(OFFLINE.with_values(fail=0.000001, seed=1))
        while not stop.is_set():
            ask(USD, slow)
            with offline._lock:
                pass

    threads = [threading.Thread(target=busy) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        context = multiprocessing.get_context("fork")
        for _ in range(10):
            child = context.Process(target=_in_child, args=(TODAY,))
            child.start()
            child.join(30)
            alive = child.is_alive()
            if alive:
                child.kill()
            assert not alive
            assert child.exitcode == 0
    finally:
        stop.set()
        for thread in threads:
            thread.join()


@pytest.mark.parametrize("status", [204, 304])
def test_answers_without_a_body(status: int) -> None:
    """Statuses that have no body arrive without one."""
    assert ask("https://a.example/", fixed(b"", status)) == Reply(status, b"", {})
