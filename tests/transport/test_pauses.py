"""Retry-After: all workers heed what one received, over both clients and between processes."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from rates.errors import QuotaExceeded
from rates.transport import Guard, interprocess, io_loop, pauses, rate_limit
from rates.transport.interprocess import share_limits

from .server import Handler, Site
from .test_connections import Asks
from .test_connections import ask as ask

BUSY = {"Retry_After": "2"}


class Clock:
    """A clock that goes on only while something sleeps."""

    def __init__(self) -> None:
        self.time, self.slept = 1000.0, 0.0

    def sleep(self, guard: Guard, seconds: float) -> None:
        """In place of `Guard.sleep`."""
        self.time += seconds
        self.slept += seconds

    async def sleep_in_loop(self, io: object, seconds: float, guard: Guard) -> None:
        """In place of the sleep of an event loop."""
        self.sleep(guard, seconds)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock of the test's own, for pauses and sleeps."""
    made = Clock()
    monkeypatch.setattr(pauses, "monotonic", lambda: made.time)
    monkeypatch.setattr(Guard, "sleep", lambda guard, seconds: made.sleep(guard, seconds))
    monkeypatch.setattr(io_loop._LoopIo, "sleep", lambda io, seconds, guard: made.sleep_in_loop(io, seconds, guard))
    return made


def busy(status: int = 429, **headers: str) -> Callable[[Handler], None]:
    """An answer that asks to wait two seconds."""
    return lambda handler: handler.answer(b"", status, **{**BUSY, **headers})


def good(handler: Handler) -> None:
    """A right answer."""
    handler.answer(b"right")


@pytest.mark.parametrize("status", [429, 503])
def test_another_worker_waits_too(site: Site, ask: Asks, clock: Clock, status: int) -> None:
    """A request that is made after one was refused waits for the same moment, and a little more."""
    url = site.series("/", busy(status), good)
    with pytest.raises(Exception, match=r"status \d+"):
        ask(url, retries=0)
    assert clock.slept == 0.0
    assert ask(url, retries=0).body == b"right"
    assert 2.0 <= clock.slept <= 4.0
    clock.time += 4.0
    slept = clock.slept
    assert ask(url, retries=0).body == b"right"
    assert clock.slept == slept, "the pause is over"


def test_a_second_try_waits_once(site: Site, ask: Asks, clock: Clock) -> None:
    """The worker that was refused waits once, between its tries."""
    assert ask(site.series("/", busy(), good), retries=1).body == b"right"
    assert 2.0 <= clock.slept <= 4.0


def test_other_hosts_do_not_wait(site: Site, other: Site, ask: Asks, clock: Clock) -> None:
    """Each host speaks for itself, also where a redirect led to it."""
    site.page("/", b"", 302, Location=other.put("/", busy()))
    with pytest.raises(QuotaExceeded):
        ask(site.url("/"), retries=0)
    assert ask(site.page("/more", b"right")).body == b"right"
    assert clock.slept == 0.0
    assert ask(other.page("/more", b"right")).body == b"right"
    assert clock.slept >= 2.0


def test_no_turn_before_the_deadline(site: Site, ask: Asks, clock: Clock) -> None:
    """If the host asked for longer than there is time, the request fails at once, and is not sent."""
    url = site.put("/", busy())
    for _ in range(3):
        with pytest.raises(QuotaExceeded) as caught:
            ask(url, retries=2, deadline=1.5)
        assert caught.value.retry_after_s == pytest.approx(2.0)
    assert str(caught.value) == f"{site.host} asked to wait; try again in 2 s"
    assert len(site.seen) == 1
    assert clock.slept == 0.0


def test_a_wait_that_is_too_long_stops_no_other(site: Site, ask: Asks, clock: Clock) -> None:
    """A limit for a day is that of one key or one base: others are asked for, since nothing is tried again."""
    url = site.series("/", busy(Retry_After="86400"), good)
    with pytest.raises(QuotaExceeded, match="it asks to wait 86400 s"):
        ask(url, retries=2)
    assert ask(url).body == b"right"
    assert clock.slept == 0.0


def test_a_wait_that_comes_meanwhile(site: Site, ask: Asks, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """A request that waited for its slot while the host asked to wait gives the slot back, and waits."""
    take = rate_limit.Turn._take

    async def take_late(turn: rate_limit.Turn) -> None:
        await take(turn)
        if clock.slept == 0.0:
            pauses.remember(site.host, 2.0, 0.0)

    monkeypatch.setattr(rate_limit.Turn, "_take", take_late)
    assert ask(site.put("/", good), concurrency=1).body == b"right"
    assert clock.slept == pytest.approx(2.0)


def test_processes_share_a_wait(site: Site, ask: Asks, clock: Clock, tmp_path: Path) -> None:
    """A process that was not refused waits too, where it shares a folder with the one that was."""
    share_limits(2, str(tmp_path))
    try:
        url = site.series("/", busy(), good)
        with pytest.raises(QuotaExceeded):
            ask(url)
        pauses.forget()  # as another process, which has only the folder
        assert ask(url).body == b"right"
        assert clock.slept >= 2.0
        pauses.remember(site.host, 5.0, 0.0)
        pauses.forget()
        pauses.remember(site.host, 1.0, 0.0)
        assert pauses.pause(site.host).until == pytest.approx(clock.time + 5.0), "a shorter wait ends no longer one"
    finally:
        share_limits(1, "")


@pytest.mark.parametrize("content", ["", "x y", "1"])
def test_a_damaged_note_is_none(tmp_path: Path, content: str) -> None:
    """A file that cannot be read stops no request."""
    interprocess.write_pause(str(tmp_path), "bank.example", 5.0, 1.0)
    assert interprocess.read_pause(str(tmp_path), "bank.example") == (5.0, 1.0)
    next(tmp_path.iterdir()).write_text(content)
    assert interprocess.read_pause(str(tmp_path), "bank.example") == (0.0, 0.0)
    interprocess.write_pause(str(tmp_path / "gone"), "bank.example", 5.0, 1.0)


def test_workers_do_not_come_back_together(clock: Clock) -> None:
    """Of a hundred that wait for two seconds, at most a tenth come in any 50 ms, and none too early."""
    random.seed(1)
    pause = pauses.Pause(clock.time + 2.0, pauses.spread(2.0, 0.3))
    starts = sorted(pause.wait_s(60.0)[1] for _ in range(100))
    assert 2.0 <= starts[0] < starts[-1] <= 4.0
    assert max(sum(start <= other < start + 0.05 for other in starts) for start in starts) <= 10


def test_later_requests_are_spread_too(clock: Clock) -> None:
    """A request that is made just after the pause has its place in the rest of the spread, not before all others."""
    pause = pauses.Pause(clock.time - 0.5, 2.0)
    waits = [pause.wait_s(60.0) for _ in range(100)]
    assert {least for least, _ in waits} == {0.0}
    assert 1.3 < max(wait for _, wait in waits) <= 1.5
    clock.time += 1.5
    assert pause.over


def test_a_short_time_is_not_spent_on_the_spread(clock: Clock) -> None:
    """Half of the time after the wait is left for the request."""
    pause = pauses.Pause(clock.time + 2.0, 2.0)
    assert max(pause.wait_s(3.0)[1] for _ in range(100)) <= 2.5
    assert pause.wait_s(1.0) == (2.0, 2.0)


def test_what_is_kept_of_hosts_is_bounded(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Redirects may lead to any number of hosts; what is over is forgotten, what still holds is not."""
    monkeypatch.setattr(rate_limit, "monotonic", lambda: clock.time)
    used = rate_limit.use_slots("used.example", 1)
    spaced = rate_limit.use_slots("spaced.example", 1)
    spaced.next_start = clock.time + 1e6
    rate_limit.leave_slots(spaced)
    for number in range(3000):
        host = f"host{number}.example"
        rate_limit.leave_slots(rate_limit.use_slots(host, 1))
        pauses.remember(host, 1.0, 1.0)
        clock.time += 0.1
    assert len(rate_limit._slots) <= rate_limit.MOST_HOSTS
    assert len(pauses._pauses) <= 21
    assert rate_limit.use_slots("used.example", 1) is used
    assert rate_limit.use_slots("spaced.example", 1) is spaced
    rate_limit._slots.clear()
