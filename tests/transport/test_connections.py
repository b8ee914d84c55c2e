"""The right answer to the right request: what servers do to kept connections and to the framing of answers.

One table for the client of threads and for that of event loops; each keeps its connections between the requests.
"""

from __future__ import annotations

import asyncio
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any

import aiohttp
import pytest

from rates.errors import ConnectionFailed, DeadlineExceeded, HttpError, RatesError, Truncated
from rates.model import Reply, Request
from rates.transport import Limits
from rates.transport import send as send_over
from rates.transport.io_loop import LOOP

from . import server
from .raw_server import Peer, answer, raw_server, serve

Asks = Callable[..., Reply]
STALE = answer(b"stale")
AIOHTTP = tuple(map(int, aiohttp.__version__.split(".")[:2]))
HEAD = b"HTTP/1.1 200 OK\r\n"
INTERIM = [
    b"HTTP/1.1 100 Continue\r\n\r\n",
    b"HTTP/1.1 102 Processing\r\n\r\n",
    b"HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n",
]


async def asked(request: str | Request, *, deadline: float = 5.0, **limits: Any) -> Reply:
    """The reply, from within a loop; no second try unless the limits say so."""
    wanted = Request(request) if isinstance(request, str) else request
    async with LOOP.within(deadline, "") as guard:
        return await send_over(LOOP, wanted, Limits(**{"retries": 0, "backoff": 0.0, **limits}), guard)


@pytest.fixture(params=["thread", "loop"])
def ask(request: pytest.FixtureRequest) -> Iterator[Asks]:
    """Sends one request; all requests of a test have the same thread, or the same loop, and so its connections."""
    if request.param == "thread":
        yield server.ask
        return
    with asyncio.Runner() as runner:
        yield lambda request, **more: runner.run(asked(request, **more))


class Visit:
    """A talk that answers one request right, then waits for the test's word to do something else."""

    def __init__(self, then: Callable[[Peer], object]) -> None:
        self.then, self.go, self.done = then, threading.Event(), threading.Event()

    def __call__(self, peer: Peer) -> None:
        """Has the connection."""
        peer.request()
        peer.send(answer(b"right"))
        self.go.wait(5)
        self.then(peer)
        self.done.set()
        peer.request()
        peer.send(answer(b"wrong"))

    def act(self) -> None:
        """Has it done, and returns when it is done."""
        self.go.set()
        assert self.done.wait(5)


@pytest.mark.parametrize(
    "late", [STALE, STALE[:20], b"\r\n", b"HTTP/1.1 408 Request Timeout\r\n\r\n", answer(b"", "204 No Content")]
)
def test_late_bytes_end_a_kept_connection(ask: Asks, late: bytes) -> None:
    """A connection with a byte to read before it is asked is not used again."""
    visit = Visit(lambda peer: peer.send(late))
    with raw_server(visit, serve) as url:
        assert ask(url).body == b"right"
        visit.act()
        assert ask(url).body == b"right"


@pytest.mark.parametrize("late", [STALE, STALE[:20], b"garbage"])
def test_late_bytes_that_the_loop_has_read(late: bytes) -> None:
    """The same where the loop read the bytes while no request waited for them."""
    visit = Visit(lambda peer: peer.send(late))

    async def idle() -> None:
        for _ in range(5):
            await asyncio.sleep(0)

    with raw_server(visit, serve) as url, asyncio.Runner() as runner:
        assert runner.run(asked(url)).body == b"right"
        visit.act()
        runner.run(idle())
        assert runner.run(asked(url)).body == b"right"


@pytest.mark.parametrize("extra", [STALE, STALE + STALE[:20], answer(b"", "204 No Content"), INTERIM[0]])
def test_bytes_behind_an_answer_end_the_connection(ask: Asks, extra: bytes) -> None:
    """More than one answer to one request, also in one piece, ends the connection, and is answer to none."""

    def more(peer: Peer) -> None:
        peer.request()
        peer.send(answer(b"right") + extra)
        peer.request()
        peer.send(answer(b"wrong"))

    with raw_server(more, serve) as url:
        assert ask(url).body == b"right"
        assert ask(url).body == b"right"


@pytest.mark.parametrize("cut", [3, 20, len(STALE) - 2])
def test_part_of_an_answer_behind_another(ask: Asks, cut: int) -> None:
    """Where the rest of it comes only after the next request, it is not the answer to that."""

    def more(peer: Peer) -> None:
        peer.request()
        peer.send(answer(b"right") + STALE[:cut])
        peer.request()
        peer.send(STALE[cut:])

    with raw_server(more, serve) as url:
        assert ask(url).body == b"right"
        assert ask(url, retries=1).body == b"right"


def test_bytes_behind_an_answer_in_chunks(ask: Asks) -> None:
    """The same with an answer in chunks."""

    def more(peer: Peer) -> None:
        peer.request()
        peer.send(HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nright\r\n0\r\n\r\n" + STALE)
        peer.request()
        peer.send(answer(b"wrong"))

    with raw_server(more, serve) as url:
        assert ask(url).body == b"right"
        assert ask(url).body == b"right"


FORM = Request("", form=(("a", "1"),))


@pytest.mark.parametrize("close", [Peer.close, Peer.reset])
@pytest.mark.parametrize("request_", [Request(""), FORM], ids=["get", "post"])
def test_a_dropped_kept_connection_costs_no_try(ask: Asks, close: Callable[[Peer], None], request_: Request) -> None:
    """A request on a kept connection that ends before a byte of the answer is sent once more, on a new one."""
    requests: list[bytes] = []

    def drop(peer: Peer) -> None:
        requests.append(peer.request())
        peer.send(answer(b"right"))
        requests.append(peer.request())
        close(peer)

    def whole(peer: Peer) -> None:
        requests.append(peer.request())
        peer.send(answer(b"again"))

    with raw_server(drop, whole) as url:
        asking = Request(url, form=request_.form)
        assert ask(asking).body == b"right"
        assert ask(asking, retries=0).body == b"again"
    assert len(set(requests)) == 1
    assert len(requests) == 3


@pytest.mark.parametrize("close", [Peer.close, Peer.reset])
def test_a_connection_that_was_closed_meanwhile_costs_no_try(ask: Asks, close: Callable[[Peer], None]) -> None:
    """A kept connection that the server closed while nothing was asked is not used."""
    visit = Visit(close)
    with raw_server(visit, serve) as url:
        assert ask(url).body == b"right"
        visit.act()
        assert ask(url, retries=0).body == b"right"


@pytest.mark.parametrize("close", [Peer.close, Peer.reset])
def test_a_dropped_connection_is_replaced_once(ask: Asks, close: Callable[[Peer], None]) -> None:
    """A new connection that ends without an answer is a failure, on which only the limits allow another try."""
    connections: list[int] = []

    def first(peer: Peer) -> None:
        connections.append(1)
        peer.request()
        peer.send(answer(b"right"))
        peer.request()
        close(peer)

    def none(peer: Peer) -> None:
        connections.append(2)
        peer.request()
        close(peer)

    with raw_server(first, none) as url:
        assert ask(url).body == b"right"
        with pytest.raises(ConnectionFailed):
            ask(url, retries=0)
        assert connections == [1, 2]
        with pytest.raises(ConnectionFailed):
            ask(url, retries=1)
        assert connections == [1, 2, 2, 2]


@pytest.mark.parametrize("begun", [b"H", b"HTTP/1.1 200 OK\r\nContent-Le", answer(b"right")[:-2]])
def test_an_answer_that_began_is_not_asked_for_again(ask: Asks, begun: bytes) -> None:
    """Once a byte of the answer came, a connection that ends is a failure."""
    connections: list[Peer] = []

    def cut(peer: Peer) -> None:
        connections.append(peer)
        peer.request()
        peer.send(answer(b"right"))
        peer.request()
        peer.send(begun)

    with raw_server(cut) as url:
        assert ask(url).body == b"right"
        with pytest.raises(Truncated):
            ask(url, retries=0)
    assert len(connections) == 1


def test_many_dropped_connections_cost_no_try() -> None:
    """Where a loop keeps several connections that the server drops, the second request goes over a new one."""
    meet = threading.Barrier(4)
    new = threading.Event()

    def drop(peer: Peer) -> None:
        if new.is_set():
            return serve(peer, b"new")
        peer.request()
        meet.wait(5)
        peer.send(answer(b"right"))
        peer.request()
        new.set()
        return peer.close()

    async def all_at_once(url: str) -> set[bytes]:
        replies = await asyncio.gather(*(asked(url) for _ in range(4)))
        return {reply.body for reply in replies}

    with raw_server(drop) as url, asyncio.Runner() as runner:
        assert runner.run(all_at_once(url)) == {b"right"}
        assert runner.run(asked(url, retries=0)).body == b"new"


@pytest.mark.parametrize("interim", [*INTERIM, b"".join(INTERIM)], ids=["100", "102", "103", "all"])
@pytest.mark.parametrize("framing", ["before", "in pieces"])
def test_interim_answers_are_skipped(ask: Asks, interim: bytes, framing: str) -> None:
    """The final answer follows them, and the connection is used again."""

    def talk(peer: Peer) -> None:
        for body in (b"first", b"second"):
            peer.request()
            whole = interim + answer(body)
            peer.send(*([whole] if framing == "before" else (whole[at : at + 7] for at in range(0, len(whole), 7))))

    with raw_server(talk, lambda peer: serve(peer, b"another")) as url:
        assert ask(url).body == b"first"
        assert ask(url).body == b"second"


def test_an_interim_answer_between_two_answers_ends_the_connection(ask: Asks) -> None:
    """An interim answer that comes before its request is asked is a byte too early."""
    visit = Visit(lambda peer: peer.send(INTERIM[2]))
    with raw_server(visit, serve) as url:
        assert ask(url).body == b"right"
        visit.act()
        assert ask(url).body == b"right"


def test_an_interim_answer_instead_of_one(ask: Asks) -> None:
    """After an interim answer the connection ends: there is no answer."""

    def talk(peer: Peer) -> None:
        peer.request()
        peer.send(INTERIM[2])

    with raw_server(talk) as url, pytest.raises(Truncated):
        ask(url)


def test_interim_answers_without_end(ask: Asks) -> None:
    """A server that sends nothing else is given up soon, not at the deadline."""

    def talk(peer: Peer) -> None:
        peer.request()
        peer.flood(INTERIM[0] * 1000)

    with raw_server(talk) as url, pytest.raises((Truncated, DeadlineExceeded)) as caught:
        ask(url, deadline=0.5 if AIOHTTP < (3, 13) else 30.0)
    assert type(caught.value) is Truncated or AIOHTTP < (3, 13)


def test_switching_protocols_is_refused(ask: Asks) -> None:
    """A change of protocol is not asked for: what follows is not an answer, and the connection is not used again."""

    def talk(peer: Peer) -> None:
        peer.request()
        peer.send(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n", STALE)
        peer.request()
        peer.send(answer(b"wrong"))

    with raw_server(talk, serve) as url:
        with pytest.raises(HttpError, match="answers status 101"):
            ask(url)
        assert ask(url).body == b"right"


DAMAGED = {
    "negative chunk": HEAD + b"Transfer-Encoding: chunked\r\n\r\n-1\r\n",
    "more negative chunk": HEAD + b"Transfer-Encoding: chunked\r\n\r\n-5\r\n",
    "signed chunk": HEAD + b"Transfer-Encoding: chunked\r\n\r\n+5\r\n",
    "chunk with prefix": HEAD + b"Transfer-Encoding: chunked\r\n\r\n0x5\r\n",
    "chunk with underscore": HEAD + b"Transfer-Encoding: chunked\r\n\r\n1_0\r\n",
    "chunk of no number": HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    "chunk of nothing": HEAD + b"Transfer-Encoding: chunked\r\n\r\n\r\n",
    "chunk beyond any size": HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"F" * 40 + b"\r\n",
    "chunk in a later place": HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nright\r\n-5\r\n",
    "negative length": HEAD + b"Content-Length: -5\r\n\r\n",
    "signed length": HEAD + b"Content-Length: +5\r\n\r\n",
    "length of no number": HEAD + b"Content-Length: abc\r\n\r\n",
    "length with underscore": HEAD + b"Content-Length: 1_0\r\n\r\n",
    "length in other digits": HEAD + "Content-Length: \u00b2\r\n\r\n".encode("latin-1"),
    "empty length": HEAD + b"Content-Length:\r\n\r\n",
    "two lengths": HEAD + b"Content-Length: 5\r\nContent-Length: 7\r\n\r\n",
    "two lengths in one": HEAD + b"Content-Length: 5, 7\r\n\r\n",
    "no status": b"HTTP/1.1 abc OK\r\n\r\n",
    "negative status": b"HTTP/1.1 -200 OK\r\nContent-Length: 5\r\n\r\n",
    "no HTTP": b"garbage\r\n\r\n",
}  # fmt: skip


@pytest.mark.parametrize("name", DAMAGED)
def test_damaged_framing(ask: Asks, name: str) -> None:
    """Negative, signed or unreadable sizes and damaged heads are Truncated at once, and take no memory."""

    def talk(peer: Peer) -> None:
        peer.request()
        peer.send(DAMAGED[name])
        peer.flood(b"x" * 2**16)

    with raw_server(serve, talk) as warm, raw_server(talk) as url:
        ask(warm)
        tracemalloc.start()
        try:
            with pytest.raises(RatesError) as caught:
                ask(url, deadline=30.0, max_bytes=2**30)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert type(caught.value) is Truncated, caught.value
    assert peak < 2**21


@pytest.mark.parametrize(
    "framing",
    [
        b"5;a=b\r\nright\r\n0\r\n\r\n",
        b"0005\r\nright\r\n0;x\r\nX-Trailer: 1\r\n\r\n",
        b"2\r\nri\r\n3\r\nght\r\n00\r\n\r\n",
    ],
)
def test_right_chunks(ask: Asks, framing: bytes) -> None:
    """Extensions, leading zeros and trailers are allowed, and the connection is used again."""

    def talk(peer: Peer) -> None:
        for _ in range(2):
            peer.request()
            peer.send(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + framing)

    with raw_server(talk, lambda peer: serve(peer, b"another")) as url:
        assert ask(url).body == b"right"
        assert ask(url).body == b"right"


def test_trailers_without_end(ask: Asks) -> None:
    """Lines behind the last chunk are given up soon; by aiohttp before 3.13 at the deadline."""

    def talk(peer: Peer) -> None:
        peer.request()
        peer.send(HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nright\r\n0\r\n")
        peer.flood(b"X: y\r\n" * 1000)

    with raw_server(talk) as url, pytest.raises(Truncated):
        ask(url, deadline=30.0)
