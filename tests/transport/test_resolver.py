"""Look-ups of names: as many threads as names, never as many as requests."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from rates.errors import DeadlineExceeded, HostNotFound, RatesError
from rates.transport import resolver

from . import server
from .raw_server import Peer, raw_server, serve
from .test_connections import asked

AsksAll = Callable[..., list[bytes | RatesError]]


class Hanging:
    """A resolver that hangs until `go` is set; then each name is this machine, or unknown."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.go, self.begun = threading.Event(), threading.Semaphore(0)
        self._resolve = socket.getaddrinfo

    def __call__(self, host: str, port: int, *args: int, **kwargs: int) -> object:
        """As `socket.getaddrinfo`."""
        self.names.append(host)
        self.begun.release()
        assert self.go.wait(10)
        if host.startswith("unknown"):
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return self._resolve("127.0.0.1", port, *args, **kwargs)


@pytest.fixture
def hanging(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hanging]:
    """The system's resolver hangs."""
    made = Hanging()
    monkeypatch.setattr(socket, "getaddrinfo", made)
    yield made
    made.go.set()
    for thread in resolving():
        thread.join(5)


def resolving() -> list[threading.Thread]:
    """The threads that look up names, or wait for a look-up."""
    return [thread for thread in threading.enumerate() if thread.name.startswith(("rates-", "urllib3"))
            and thread.name != "rates-watchdog"]  # fmt: skip


def _in_threads(urls: list[str], deadline: float) -> list[bytes | RatesError]:
    def one(url: str) -> bytes | RatesError:
        try:
            return server.ask(url, deadline=deadline).body
        except RatesError as error:
            return error

    with ThreadPoolExecutor(len(urls)) as pool:
        return list(pool.map(one, urls))


def _in_a_loop(urls: list[str], deadline: float) -> list[bytes | RatesError]:
    async def one(url: str) -> bytes | RatesError:
        try:
            return (await asked(url, deadline=deadline)).body
        except RatesError as error:
            return error

    async def together() -> list[bytes | RatesError]:
        return list(await asyncio.gather(*map(one, urls)))

    return asyncio.run(together())


@pytest.fixture(params=[_in_threads, _in_a_loop], ids=["threads", "loop"])
def ask_all(request: pytest.FixtureRequest) -> AsksAll:
    """Asks all addresses at once, and gives the bodies or errors."""
    ask: AsksAll = request.param
    return ask


def test_a_hung_resolver_keeps_one_thread_for_a_name(ask_all: AsksAll, hanging: Hanging) -> None:
    """However many requests wait for the name, all end at their deadline, and leave the one look-up to itself."""
    ends = ask_all(["http://hung.example/"] * 20, deadline=0.15)
    assert [type(end) for end in ends] == [DeadlineExceeded] * 20
    assert hanging.names == ["hung.example"]
    assert [thread.name for thread in resolving()] == ["rates-resolve"]


@pytest.mark.parametrize("name", ["bank.example", "unknown.example"])
def test_all_have_what_one_look_up_finds(ask_all: AsksAll, hanging: Hanging, name: str) -> None:
    """Requests that wait for one name share its addresses, or each have the error."""
    release = threading.Thread(target=lambda: hanging.begun.acquire() and hanging.go.set())
    with raw_server(serve) as url:
        release.start()
        ends = ask_all([url.replace("127.0.0.1", name)] * 8, deadline=5.0)
        release.join(5)
    if name == "bank.example":
        assert ends == [b"right"] * 8
    else:
        assert [type(end) for end in ends] == [HostNotFound] * 8
        assert len(set(map(id, ends))) == 8


def test_many_names_share_a_few_threads(ask_all: AsksAll, hanging: Hanging, monkeypatch: pytest.MonkeyPatch) -> None:
    """The number of threads has a limit; the names beyond it have their turn when the resolver returns."""
    monkeypatch.setattr(resolver, "MOST_THREADS", 2)
    urls = [f"http://hung{number}.example/" for number in range(6)]
    ends = ask_all(urls, deadline=0.15)
    assert [type(end) for end in ends] == [DeadlineExceeded] * 6
    assert len(hanging.names) == len(resolving()) == 2
    hanging.go.set()
    with raw_server(serve) as url:
        assert ask_all([url.replace("127.0.0.1", f"bank{number}.example") for number in range(6)], deadline=5.0) == (
            [b"right"] * 6
        )


def test_a_thread_that_cannot_start(ask_all: AsksAll, hanging: Hanging, monkeypatch: pytest.MonkeyPatch) -> None:
    """The look-up fails, and the next one may succeed."""

    class Broken(threading.Thread):
        def start(self) -> None:
            raise RuntimeError("can't start new thread")

    hanging.go.set()
    with raw_server(serve) as url:
        bank = url.replace("127.0.0.1", "bank.example")
        with monkeypatch.context() as patch:
            patch.setattr(resolver.threading, "Thread", Broken)
            with pytest.raises(RuntimeError):
                resolver.found(resolver.look_up(("bank.example", 80, 0, 0)))
        assert ask_all([bank], deadline=5.0) == [b"right"]


def test_the_next_address_is_tried(hanging: Hanging, monkeypatch: pytest.MonkeyPatch) -> None:
    """A host whose first address refuses is reached at its second, by the client of threads."""

    def two(host: str, port: int, *args: int) -> list[tuple[object, ...]]:
        closed = (socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.0.1", 9))
        return [closed, (socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", two)
    with raw_server(serve) as url:
        assert server.ask(url.replace("127.0.0.1", "bank.example")).body == b"right"


def test_no_thread_is_needed_to_connect(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection is opened by the thread that needs it; only names are looked up beside it."""
    names: list[str] = []

    def note(peer: Peer) -> None:
        names.extend(thread.name for thread in threading.enumerate())
        serve(peer)

    with raw_server(note) as url:
        assert server.ask(url).body == b"right"
    assert "rates-connect" not in names
