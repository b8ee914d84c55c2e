from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Set
from contextlib import aclosing
from pathlib import Path

import pytest

from rates import aio
from rates.aio import executor_backend
from rates.errors import DeadlineExceeded, UsageError, WorkerLost
from rates.model import Fetched, Outcome, RateTable
from rates.settings import Settings
from tests import leftovers
from tests.fetch.publisher import TODAY, asking, facts, known_as
from tests.transport.server import Handler, Site

OFFLINE = Settings(provider=("frankfurter",), offline=True, today=TODAY, retries=0)
BASES = ("USD", "EUR", "GBP", "JPY", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK")
EUR = b"2026-10-30 EUR USD 1.10\n2026-10-30 EUR JPY 176\n"
SHARED = ("async", "thread", "sequential", "dummy", "asyncio")
MODES = (*SHARED, "process", "pool", "dask")
EARLIER: set[int] = set()  # what a test before has left; dask does, at times
WAYS_OUT = ("break", "aclose", "cancel", "timeout", "group")


async def collected(bases: object, settings: Settings = OFFLINE, **more: object) -> list[Outcome]:
    """All outcomes."""
    return [outcome async for outcome in aio.fetch_all(bases, settings, **more)]  # type: ignore[arg-type]


def children() -> set[int]:
    """The processes below this one that this test started."""
    return leftovers.children() - EARLIER


def ours() -> set[str]:
    """The threads of executors and runs."""
    kept = {"rates-watchdog", "rates-connect"}
    return {thread.name for thread in threading.enumerate() if thread.name.startswith("rates")} - kept


def until_all_have_ended(but: Set[str] = frozenset()) -> None:
    """Waits until the threads of executors and runs have ended, so that nothing can begin."""
    until = time.monotonic() + 20
    while ours() - but and time.monotonic() < until:
        time.sleep(0.01)
    assert ours() - but == set()


@pytest.fixture(autouse=True)
def nothing_left() -> Iterator[None]:
    """After each test there are no more threads than before it, and no more sockets, as soon as the ended have gone."""
    before = ours()
    EARLIER.update(leftovers.children())
    yield
    until_all_have_ended(before)
    gc.collect()


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("via", ["map", pytest.param("submit", marks=pytest.mark.slow)])
def test_every_base_has_its_outcome(mode: str, via: str) -> None:
    """One outcome for each base in every mode, failures included; by map in the order of the bases."""
    outcomes = asyncio.run(collected((*BASES, "COP", "XXX"), mode=mode, via=via, workers=2))
    assert sorted(outcome.base for outcome in outcomes) == sorted((*BASES, "COP", "XXX"))
    assert {outcome.base for outcome in outcomes if not outcome.ok} == {"COP", "XXX"}
    if via == "map":
        assert [outcome.base for outcome in outcomes] == [*BASES, "COP", "XXX"]
    assert not children() or mode == "dask"


@pytest.mark.parametrize("mode", ["async", "thread"])
def test_order(site: Site, monkeypatch: pytest.MonkeyPatch, mode: str) -> None:
    """By submit the first to finish comes first; by map the first of the bases, however slow."""
    others = threading.Semaphore(0)

    def page(handler: Handler) -> None:
        if "base=EUR" in handler.path:
            for _ in range(3):
                others.acquire(timeout=30)
            time.sleep(0.3)  # for what is left to do with them when they are answered
        handler.answer(b"2026-10-30 %s XAU 1.10\n" % handler.path[-3:].encode())
        if "base=EUR" not in handler.path:
            others.release()

    settings = known_as(monkeypatch, asking(facts("bank", pivot="", concurrency=8), site.put("/", page)))
    for via, place in (("submit", 3), ("map", 0)):
        outcomes = asyncio.run(collected(("EUR", "USD", "JPY", "GBP"), settings, mode=mode, via=via))
        assert [outcome.base for outcome in outcomes].index("EUR") == place
        assert all(outcome.ok for outcome in outcomes)


@pytest.mark.parametrize("mode", ["async", "thread", "sequential", "process"])
@pytest.mark.parametrize("via", ["map", "submit"])
@pytest.mark.parametrize("kind", ["iterator", "async iterator"])
def test_endless(mode: str, via: str, kind: str) -> None:
    """Of endless bases never more than a window is taken and not given out, although the consumer is slow."""
    taken = 0

    def numbers() -> Iterator[str]:
        nonlocal taken
        while True:
            taken += 1
            yield BASES[taken % len(BASES)]

    async def later() -> AsyncIterator[str]:
        for base in numbers():
            await asyncio.sleep(0)
            yield base

    async def main() -> None:
        got = 0
        bases = numbers() if kind == "iterator" else later()
        async with aclosing(aio.fetch_all(bases, OFFLINE, mode=mode, via=via, workers=2, window=3)) as outcomes:
            async for outcome in outcomes:
                got += 1
                assert outcome.ok
                if got in (2, 10):
                    await asyncio.sleep(0.05)
                assert taken - got <= 3
                if got == 20:
                    break

    asyncio.run(main())
    assert 20 <= taken <= 23


@pytest.mark.parametrize("mode", ["async", "thread", "process"])
@pytest.mark.parametrize("via", ["map", "submit"])
def test_bases_that_wait_for_outcomes(mode: str, via: str) -> None:
    """An asynchronous iterator may wait for the outcome of the last base before it gives the next."""

    async def main() -> int:
        come = asyncio.Event()
        come.set()

        async def bases() -> AsyncIterator[str]:
            for base in BASES[:4]:
                await come.wait()
                come.clear()
                yield base

        got = 0
        async with asyncio.timeout(30):
            async for _ in aio.fetch_all(bases(), OFFLINE, mode=mode, via=via, workers=2):
                got += 1
                come.set()
        return got

    assert asyncio.run(main()) == 4


@pytest.mark.parametrize("mode", ["async", "thread"])
@pytest.mark.parametrize("empty", [(), [], iter(())])
def test_nothing(mode: str, empty: object) -> None:
    """No bases, no outcomes."""
    assert asyncio.run(collected(empty, mode=mode)) == []


@pytest.mark.parametrize("mode", ["async", "thread", "process"])
def test_bases_that_raise(mode: str) -> None:
    """What the bases raise ends the iteration with that error, and nothing is left."""

    def bases() -> Iterator[str]:
        yield "USD"
        raise LookupError("no more")

    with pytest.raises(LookupError, match="no more"):
        asyncio.run(collected(bases(), mode=mode))
    assert not children()


async def in_a_group(iterate: Coroutine[None, None, None], ready: Coroutine[None, None, None]) -> None:
    """Iterates in a TaskGroup that fails."""
    async with asyncio.TaskGroup() as group:
        group.create_task(iterate)
        await ready
        raise ValueError("mine")


async def in_time(iterate: Coroutine[None, None, None], ready: Coroutine[None, None, None]) -> None:
    """Iterates within a timeout that comes."""
    async with asyncio.timeout(None) as limit:
        task = asyncio.create_task(ready)
        task.add_done_callback(lambda _: limit.reschedule(asyncio.get_running_loop().time()))
        await iterate


async def leave(way: str, settings: Settings, mode: str, ready: Callable[[], bool]) -> None:
    """Begins to iterate over fetches that hang, and leaves in that way when `ready` is true."""

    async def iterate() -> None:
        async for _ in aio.fetch_all(BASES, settings, mode=mode, workers=2):
            pass

    async def when_ready() -> None:
        while not ready():
            await asyncio.sleep(0.01)

    if way == "group":
        with pytest.raises(ExceptionGroup):
            await in_a_group(iterate(), when_ready())
    elif way == "timeout":
        with pytest.raises(TimeoutError):
            await in_time(iterate(), when_ready())
    elif way == "cancel":
        task = asyncio.create_task(iterate())
        await when_ready()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    else:
        outcomes = aio.fetch_all(("EUR", *BASES), settings.with_values(), mode=mode, workers=2)
        async for _ in outcomes:  # the first, for which the page does not hang
            await when_ready()
            break
        if way == "aclose":
            await outcomes.aclose()


@pytest.mark.parametrize("mode", ["async", "thread", "sequential", "dummy", "asyncio"])
@pytest.mark.parametrize("way", WAYS_OUT)
def test_leaving(site: Site, monkeypatch: pytest.MonkeyPatch, mode: str, way: str) -> None:
    """However the iteration is left, what has not begun never begins, what has begun ends at once, no thread stays."""
    first = way in ("break", "aclose")

    def page(handler: Handler) -> None:
        if first and "EUR" in handler.path and len(site.seen) < 3:
            handler.answer(EUR)
        else:
            handler.hang()

    wanted = 1 + first - (first and mode == "sequential")
    # Two at once: a hanging base must not hold the slot that the first outcome needs.
    bank = asking(facts("bank", pivot="", concurrency=2), site.put("/", page))
    settings = known_as(monkeypatch, bank).with_values(deadline=30.0)
    start = time.monotonic()
    asyncio.run(leave(way, settings, mode, lambda: len(site.seen) >= wanted))
    assert time.monotonic() - start < 20.0  # the fetches' own deadline is 30
    until_all_have_ended()
    assert len(site.seen) <= 4  # what was under way; of eleven


@pytest.mark.parametrize("mode", ["process", "pool"])
@pytest.mark.parametrize("way", WAYS_OUT)
def test_leaving_processes(mode: str, way: str) -> None:
    """The same with processes, which are ended and gone when the iteration is."""
    slow = OFFLINE.with_values(latency=30.0, deadline=60.0, timeout=60.0)
    settings = slow if way not in ("break", "aclose") else OFFLINE.with_values(latency=0.05)
    start = time.monotonic()
    asyncio.run(leave(way, settings, mode, lambda: len(children()) >= 1))
    assert time.monotonic() - start < 25.0
    until = time.monotonic() + 20
    while children() and time.monotonic() < until:
        time.sleep(0.02)
    assert not children()


@pytest.mark.parametrize("mode", ["async", "thread", "process"])
@pytest.mark.parametrize("via", ["map", "submit"])
def test_deadline(mode: str, via: str) -> None:
    """At the deadline each base that is not finished, or never began, gets a named error, and everything ends."""
    settings = OFFLINE.with_values(latency=30.0, deadline=60.0, timeout=60.0)
    start = time.monotonic()
    outcomes = asyncio.run(collected(BASES, settings, mode=mode, via=via, workers=2, deadline_s=0.3))
    assert time.monotonic() - start < 25.0  # a fetch takes 30
    assert [outcome.base for outcome in outcomes] == list(BASES)
    assert {type(outcome.error) for outcome in outcomes} == {DeadlineExceeded}
    assert "deadline of 0.3 s" in str(outcomes[0].error)
    assert not children()


def test_deadline_keeps_what_has_come(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is finished at the deadline is given out, in its place."""

    def page(handler: Handler) -> None:
        if "EUR" in handler.path:
            handler.hang()
        handler.answer(b"2026-10-30 %s XAU 1.10\n" % handler.path[-3:].encode())

    settings = known_as(monkeypatch, asking(facts("bank", pivot="", concurrency=8), site.put("/", page)))
    for via in ("map", "submit"):
        outcomes = asyncio.run(collected(("EUR", "USD", "JPY"), settings, mode="async", via=via, deadline_s=0.3))
        assert {outcome.base: outcome.ok for outcome in outcomes} == {"EUR": False, "USD": True, "JPY": True}


@pytest.mark.parametrize("way", ["once", "always"])
def test_worker_that_dies(monkeypatch: pytest.MonkeyPatch, way: str, tmp_path: Path) -> None:
    """A worker that is killed is replaced and its base fetched again; a base that kills twice is WorkerLost."""
    monkeypatch.setattr(executor_backend, "attempt", dying)
    settings = OFFLINE.with_values(record=str(tmp_path), replay=way)
    outcomes = asyncio.run(collected(BASES, settings, mode="process", workers=2))
    assert sorted(outcome.base for outcome in outcomes) == sorted(BASES)
    lost = {outcome.base for outcome in outcomes if isinstance(outcome.error, WorkerLost)}
    assert lost == ({"GBP"} if way == "always" else set())


def dying(base: str, settings: Settings) -> Outcome:
    """An attempt at GBP that ends its process, once or always."""
    mark = Path(settings.record, "mark")
    if base == "GBP" and (settings.replay == "always" or not mark.exists()):
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return Fetched(base, RateTable(base, "", {}))


@pytest.mark.parametrize(
    "wrong",
    [{"mode": "threads"}, {"via": "order"}, {"workers": 0}, {"window": 0}, {"deadline_s": 0.0}, {"deadline_s": -1.0}],
)
def test_wrong_arguments_are_refused_at_once(wrong: dict[str, object]) -> None:
    """Arguments that cannot be are refused by the call, not at the first step."""
    with pytest.raises(UsageError):
        aio.fetch_all(BASES, OFFLINE, **wrong)  # type: ignore[arg-type]


@pytest.mark.skipif(sys.version_info >= (3, 14), reason="Python 3.14 has the mode")
def test_mode_that_cannot_be_had() -> None:
    """An executor that cannot be opened ends the iteration with a UsageError, whose cause is the executor's error."""
    with pytest.raises(UsageError, match=r"needs Python 3\.14") as caught:
        asyncio.run(collected(BASES, mode="interpreter"))
    assert isinstance(caught.value.__cause__, NotImplementedError)


def test_several_at_once() -> None:
    """Any number of them run beside each other in one loop."""

    async def main() -> list[list[Outcome]]:
        modes = ("async", "thread", "async", "sequential", "thread")
        return await asyncio.gather(*(collected(BASES, mode=mode, via="map") for mode in modes))

    for outcomes in asyncio.run(main()):
        assert [outcome.base for outcome in outcomes] == list(BASES)
        assert all(outcome.ok for outcome in outcomes)


def test_one_bank_is_one_download(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """All bases of one document are one download, and each run has its own."""
    settings = known_as(monkeypatch, asking(facts(), site.page("/", EUR)))
    for runs in (1, 2):
        for mode in ("async", "thread"):
            assert len(asyncio.run(collected(["USD", "JPY"] * 17, settings, mode=mode))) == 34
        assert len(site.seen) == 2 * runs


def test_never_iterated() -> None:
    """A generator that is never iterated starts nothing."""
    aio.fetch_all(BASES, OFFLINE, mode="process")
    assert not children()


def test_settings_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without settings those of the environment hold; an error in them ends the iteration."""
    monkeypatch.setenv("RATES_OFFLINE", "yes")

    async def all_of_them(mode: str) -> list[bool]:
        return [outcome.ok async for outcome in aio.fetch_all(BASES, mode=mode)]

    for mode in ("async", "thread"):
        assert asyncio.run(all_of_them(mode)) == [True] * len(BASES)
    monkeypatch.setenv("RATES_WORKERS", "many")
    for mode in ("async", "thread"):
        with pytest.raises(UsageError):
            asyncio.run(all_of_them(mode))
