from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from rates.errors import DeadlineExceeded, HostNotFound
from rates.transport import THREAD, Guard, rate_limit, run_coroutine
from rates.transport.rate_limit import Turn

from .server import Handler, Site, ask


class Counter:
    """How many are within at once, and the most that were."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.now = self.most = 0

    def __enter__(self) -> None:
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)

    def __exit__(self, *_: object) -> None:
        with self.lock:
            self.now -= 1


def wait_for_turn(host: str, concurrency: int, spacing_s: float, guard: Guard) -> None:
    """Has a turn at the host, and leaves it at once."""

    async def turn() -> None:
        async with Turn(THREAD, host, concurrency, spacing_s, guard):
            pass

    run_coroutine(turn())


@pytest.mark.parametrize("concurrency", [1, 2, 4])
def test_so_many_at_once(site: Site, concurrency: int) -> None:
    """Of eight threads, exactly as many as the publisher allows are at the server at once."""
    counter, meet = Counter(), threading.Barrier(concurrency)

    def page(handler: Handler) -> None:
        with counter:
            meet.wait(5)  # fewer would wait here in vain
        handler.answer(b"x")

    url = site.put("/", page)
    with ThreadPoolExecutor(8) as pool:
        replies = pool.map(lambda _: ask(url, concurrency=concurrency).body, range(8))
        assert list(replies) == [b"x"] * 8
    assert counter.most <= concurrency


def test_hosts_do_not_wait_for_each_other(site: Site, other: Site) -> None:
    """A host that hangs does not delay requests to another."""
    begun = threading.Event()

    def page(handler: Handler) -> None:
        begun.set()
        handler.hang()

    with ThreadPoolExecutor(1) as pool:
        stuck = pool.submit(ask, site.put("/", page), deadline=0.3, concurrency=1)
        assert begun.wait(5)
        assert ask(other.page("/", b"x"), concurrency=1).body == b"x"
        assert isinstance(stuck.exception(5), DeadlineExceeded)


def test_deadline_in_the_queue(site: Site) -> None:
    """A request whose turn does not come in time is DeadlineExceeded, and is not sent."""
    begun = threading.Event()

    def page(handler: Handler) -> None:
        begun.set()
        handler.hang()

    url = site.put("/", page)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(ask, url, deadline=0.4, concurrency=1)
        assert begun.wait(5)
        with pytest.raises(DeadlineExceeded):
            ask(url, deadline=0.05, concurrency=1)
        assert isinstance(first.exception(5), DeadlineExceeded)
    assert len(site.seen) == 1


def test_slot_is_released(site: Site) -> None:
    """A request that fails releases its slot."""
    url = site.page("/", b"", 404)
    for _ in range(3):
        with pytest.raises(Exception, match="has nothing"):
            ask(url, concurrency=1, deadline=1.0)


def test_spacing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Starts at one host are as far apart as the publisher wants; each host has its own spacing."""
    slept: list[float] = []
    monkeypatch.setattr(Guard, "sleep", lambda self, seconds: slept.append(seconds))
    monkeypatch.setattr(rate_limit, "monotonic", lambda: 100.0)
    for host in ("a", "a", "a", "b"):
        with Guard(60) as guard:
            wait_for_turn(f"{host}.spacing.example", 2, 1.5, guard)
    assert slept == [0.0, 1.5, 3.0, 0.0]


def test_turn_that_comes_too_late_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """A start after the deadline is refused at once, and left to others."""
    slept: list[float] = []
    monkeypatch.setattr(Guard, "sleep", lambda self, seconds: slept.append(seconds))
    monkeypatch.setattr(rate_limit, "monotonic", lambda: 100.0)
    host = "late.example"
    with Guard(60) as guard:
        wait_for_turn(host, 1, 30.0, guard)
    start = time.monotonic()
    late = pytest.raises(DeadlineExceeded, match=r"its turn at late\.example comes too late")
    with Guard(10) as guard, late:
        wait_for_turn(host, 1, 30.0, guard)
    assert time.monotonic() - start < 5
    with Guard(60) as guard:
        wait_for_turn(host, 1, 30.0, guard)
    assert slept == [0.0, 30.0]


def test_a_host_that_is_not_found_needs_no_spacing() -> None:
    """Its requests reach no server: without a network, many would wait for each other's spacing."""

    async def turn() -> None:
        async with Turn(THREAD, "nowhere.example", 1, 60.0, Guard(30.0)):
            raise HostNotFound("the name nowhere.example does not resolve")

    for _ in range(3):
        with pytest.raises(HostNotFound):
            run_coroutine(turn())
