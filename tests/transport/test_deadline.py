from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from rates.errors import DeadlineExceeded, Interrupted, TimedOut
from rates.transport import Guard, connection, resume, session, stop, watchdog

from .server import Handler, Site, ask

NEAR = 1.5  # seconds that a loaded machine may add; without the deadline these would take 5 to 30


@contextmanager
def soon() -> Iterator[None]:
    """What is done within ends near its deadline."""
    start = time.monotonic()
    yield
    assert time.monotonic() - start < NEAR


@contextmanager
def listening(talk: Callable[[socket.socket], None]) -> Iterator[str]:
    """A bare server: its address; `talk` has the first connection, in a thread."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def accept() -> None:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                talk(connection)

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        try:
            yield f"localhost:{listener.getsockname()[1]}"
        finally:
            listener.close()
            thread.join(5)


def head_drip(handler: Handler) -> None:
    """Headers without end."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
    handler.drip(b"x")


def body_drip(handler: Handler) -> None:
    """A body that would take hours."""
    handler.start(Content_Length="1000000")
    handler.drip(b"x")


def endless(handler: Handler) -> None:
    """A body without a length, which seems complete when the socket is shut down."""
    handler.start(Connection="close")
    handler.drip(b"x")


def body_hang(handler: Handler) -> None:
    """Half a body."""
    handler.start(Content_Length="10")
    handler.hang()


def test_timeout_has_its_name(site: Site) -> None:
    """A server that says nothing for the timeout is TimedOut, though the deadline is far."""
    with soon(), pytest.raises(TimedOut, match=r"no answer from 127.0.0.1:\d+ within 0.05 s; give more time"):
        ask(site.put("/", Handler.hang), timeout=0.05)


@pytest.mark.parametrize("page", [Handler.hang, head_drip, body_drip, body_hang, endless])
@pytest.mark.parametrize("timeout", [10.0, 0.2])
def test_deadline_ends(site: Site, page: Callable[[Handler], None], timeout: float) -> None:
    """Whatever the server does, the deadline ends the request, with its own error."""
    url = site.put("/", page)
    with soon(), pytest.raises(DeadlineExceeded, match=r"took longer than its 0.1 s; give more time with --deadline"):
        ask(url, deadline=0.1, timeout=timeout, retries=3)
    assert len(site.seen) == 1


def test_deadline_over_tls(secure: Site, trusted: None) -> None:
    """The deadline holds over TLS, on a new and on a kept connection, and the next request succeeds."""
    url, good = secure.put("/", body_drip), secure.page("/good", b"x")
    for _ in range(2):
        with soon(), pytest.raises(DeadlineExceeded):
            ask(url, deadline=0.15)
        assert ask(good).body == b"x"


def test_deadline_ends_a_handshake(trusted: None) -> None:
    """A server that accepts the connection without a handshake is left at the deadline, not later."""
    over = threading.Event()
    with listening(lambda connection: over.wait(5) and None) as host:
        with soon(), pytest.raises(DeadlineExceeded):
            ask(f"https://{host}/", deadline=0.15, timeout=30.0)
        over.set()


def test_deadline_ends_a_proxy_that_drips(monkeypatch: pytest.MonkeyPatch, trusted: None) -> None:
    """A proxy that answers CONNECT byte by byte without end is left at the deadline."""
    over = threading.Event()

    def drip(connection: socket.socket) -> None:
        try:
            connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
            while not over.wait(0.01):
                connection.sendall(b"x")
        except OSError:
            pass

    with listening(drip) as host:
        monkeypatch.setenv("HTTPS_PROXY", f"http://{host}")
        session.forget()
        with soon(), pytest.raises(DeadlineExceeded):
            ask("https://rates.example/", deadline=0.15)
        over.set()


def test_deadline_ends_a_resolver(monkeypatch: pytest.MonkeyPatch) -> None:
    """The resolver knows no timeout; the deadline ends the wait for it."""
    over = threading.Event()

    def hang(*args: object, **kwargs: object) -> list[object]:
        over.wait(10)
        raise socket.gaierror(socket.EAI_AGAIN, "too late")

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    with soon(), pytest.raises(DeadlineExceeded):
        ask("http://rates.example/", deadline=0.1)
    over.set()


def test_connection_that_comes_too_late_is_closed() -> None:
    """A connection that is made after the deadline is closed, whenever it comes."""
    closed, go = threading.Event(), threading.Event()

    class Late:
        def close(self) -> None:
            closed.set()

    def connect() -> Late:
        go.wait(5)
        return Late()

    with Guard(0.02) as guard, pytest.raises(DeadlineExceeded):
        connection._in_a_thread(connect, guard)
    go.set()
    assert closed.wait(5)


def test_deadline_before_a_retry_is_not_waited_for(site: Site) -> None:
    """If the pause before the next try would pass the deadline, the error is raised at once."""
    from rates.errors import ServerFailed

    with soon(), pytest.raises(ServerFailed):
        ask(site.page("/", b"", 500), deadline=4.0, retries=1, backoff=60.0)


@pytest.mark.parametrize("page", [Handler.hang, body_drip])
def test_stop_ends_what_waits(site: Site, page: Callable[[Handler], None]) -> None:
    """`stop` ends fetches at once and keeps new ones from beginning; `resume` lets them begin again."""
    begun = threading.Event()

    def begin(handler: Handler) -> None:
        begun.set()
        page(handler)

    url, good = site.put("/", begin), site.page("/good", b"x")
    found: list[BaseException] = []

    def fetch() -> None:
        try:
            ask(url, deadline=30.0)
        except Interrupted as error:
            found.append(error)

    thread = threading.Thread(target=fetch)
    thread.start()
    try:
        assert begun.wait(5)
        with soon():
            stop()
            thread.join(5)
        assert [str(error) for error in found] == ["stopped"]
        with pytest.raises(Interrupted):
            ask(good)
    finally:
        resume()
    assert ask(good).body == b"x"


def test_stop_ends_a_pause() -> None:
    """A wait between tries or for a turn ends with `stop`, even if `resume` follows at once."""
    found = []

    def pause() -> None:
        with Guard(30) as guard:
            waiting.set()
            try:
                guard.sleep(30)
            except Interrupted as error:
                found.append(error)

    waiting = threading.Event()
    thread = threading.Thread(target=pause)
    thread.start()
    assert waiting.wait(5)
    stop()
    resume()
    thread.join(5)
    assert len(found) == 1


def test_watchdog_outlives_a_bad_socket() -> None:
    """A socket that cannot be shut down does not end the watchdog for other fetches."""

    class Bad:
        def shutdown(self, how: int) -> None:
            raise AttributeError("no shutdown")

    ended = threading.Event()
    with Guard(0.01) as bad:
        bad.sock = Bad()  # type: ignore[assignment]
        with Guard(0.05) as good:
            good.wake = ended.set
            assert ended.wait(5)
    assert watchdog._watchdog.thread is not None
    assert watchdog._watchdog.thread.is_alive()


def test_guard_that_ended_well_is_forgotten(site: Site) -> None:
    """The watchdog keeps nothing of a fetch that is over."""
    ask(site.page("/"), deadline=60.0)
    assert not watchdog._watchdog.guards
