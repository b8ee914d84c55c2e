from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time
from datetime import date
from pathlib import Path

import pytest

import rates
from rates import aio, transport
from rates.errors import (
    DeadlineExceeded,
    NotFound,
    NotRecorded,
    ParseError,
    RatesError,
    ServerFailed,
    TimedOut,
    Unsupported,
    UsageError,
)
from rates.model import Query
from rates.settings import Settings
from rates.transport import io_loop, rate_limit
from tests.fetch.publisher import TODAY, asking, facts, known_as
from tests.transport.server import Handler, Site

EUR = b"2026-10-30 EUR USD 1.10\n2026-10-30 EUR JPY 176\n"
ROOT = Path(__file__).resolve().parents[2]
OFFLINE = Settings(provider=("frankfurter",), offline=True, today=TODAY)


@pytest.mark.parametrize("provider", ["frankfurter", "ecb", "erapi", "vatcomply"])
@pytest.mark.parametrize("on", [None, date(2008, 9, 15)])
def test_same_as_from_a_thread(provider: str, on: date | None) -> None:
    """Table or error equal those of a thread, to the last digit and word."""
    settings = OFFLINE.with_values(provider=(provider,), on=on)

    async def all_of_them() -> list[rates.Outcome]:
        return [await aio.attempt(base, settings) for base in ("USD", "eur", "COP", "XXX", "")]

    for ours, theirs in zip(
        asyncio.run(all_of_them()), (rates.attempt(b, settings) for b in ("USD", "eur", "COP", "XXX", "")), strict=True
    ):
        assert (ours.base, ours.table) == (theirs.base, theirs.table)
        assert repr(ours.error) == repr(theirs.error)
        assert str(ours.error) == str(theirs.error)


def test_fetch_rates() -> None:
    """The pair of base and table; the error raises."""
    base, table = asyncio.run(aio.fetch_rates("usd", OFFLINE))
    assert (base, table.provider) == ("USD", "frankfurter")
    with pytest.raises(NotRecorded):
        asyncio.run(aio.fetch_rates("COP", OFFLINE))


def test_settings_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without settings those of the environment are used; a wrong one is an error of the outcome."""
    monkeypatch.setenv("RATES_OFFLINE", "yes")
    monkeypatch.setenv("RATES_PROVIDER", "ecb")
    assert asyncio.run(aio.fetch_rates("USD"))[1].provider == "ecb"
    monkeypatch.setenv("RATES_WORKERS", "many")
    assert isinstance(asyncio.run(aio.attempt("USD")).error, UsageError)


def test_range_and_quotes() -> None:
    """Ranges and single publishers may be asked too."""
    days = asyncio.run(aio.fetch_range("USD", date(2026, 10, 1), date(2026, 10, 9), OFFLINE, ("EUR",)))
    assert days == rates.fetch_range("USD", date(2026, 10, 1), date(2026, 10, 9), OFFLINE, ("EUR",))
    assert asyncio.run(aio.fetch_quotes("ecb", Query("EUR"), OFFLINE)) == rates.fetch_quotes(
        "ecb", Query("EUR"), OFFLINE
    )


def test_chain(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next provider is asked after one that failed, hung for its share of the time, or was not understood."""
    chain = (
        asking(facts("gone"), site.page("/1", b"", 404)),
        asking(facts("hangs"), site.put("/2", Handler.hang)),
        asking(facts("odd"), site.page("/3", b"what is this")),
        asking(facts("good"), site.page("/4", EUR)),
    )
    settings = known_as(monkeypatch, *chain).with_values(deadline=0.8)
    outcome = asyncio.run(aio.attempt("USD", settings))
    assert outcome.table is not None
    assert outcome.table.provider == "good"
    assert [type(error) for error in outcome.passed_over] == [NotFound, DeadlineExceeded, ParseError]
    assert outcome.timing is not None
    assert outcome.timing.requests == 4
    assert outcome.timing.wire_s > 0.2


def test_one_download_for_all(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """34 bases of one central bank are one download, whose result or failure all of them get."""

    def slowly(handler: Handler) -> None:
        time.sleep(0.1)
        handler.answer(EUR)

    async def gathered(settings: Settings) -> list[rates.Outcome]:
        return await asyncio.gather(*(aio.attempt("USD", settings) for _ in range(34)))

    settings = known_as(monkeypatch, asking(facts("bank"), site.put("/", slowly)))
    outcomes = asyncio.run(gathered(settings.with_values(run="a")))
    assert all(outcome.ok for outcome in outcomes)
    assert len(site.seen) == 1
    settings = known_as(monkeypatch, asking(facts("down"), site.page("/down", b"", 500)))
    outcomes = asyncio.run(gathered(settings.with_values(run="a")))
    assert {type(outcome.error) for outcome in outcomes} == {ServerFailed}
    assert len(site.seen) == 2


def test_cancelled_leader(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the task that downloads for others is cancelled, one of them downloads."""
    settings = known_as(
        monkeypatch, asking(facts(), site.series("/", Handler.hang, lambda handler: handler.answer(EUR)))
    )

    async def main() -> rates.Outcome:
        leader = asyncio.create_task(aio.attempt("USD", settings))
        while not site.seen:
            await asyncio.sleep(0.01)
        follower = asyncio.create_task(aio.attempt("JPY", settings))
        await asyncio.sleep(0.05)
        leader.cancel()
        return await follower

    assert asyncio.run(main()).ok
    assert len(site.seen) == 2


def test_threads_and_tasks_share(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A task waits for a thread's download without blocking the loop."""
    go = threading.Event()

    def page(handler: Handler) -> None:
        go.wait(5)
        handler.answer(EUR)

    settings = known_as(monkeypatch, asking(facts(), site.put("/", page)))

    async def main() -> rates.Outcome:
        task = asyncio.create_task(aio.attempt("JPY", settings))
        await asyncio.sleep(0.1)
        assert not task.done()
        go.set()
        return await task

    thread = threading.Thread(target=rates.attempt, args=("USD", settings))
    thread.start()
    while not site.seen:
        time.sleep(0.01)
    assert asyncio.run(main()).ok
    thread.join(5)
    assert len(site.seen) == 1


@pytest.mark.parametrize("concurrency", [1, 3])
def test_rate_limit(site: Site, monkeypatch: pytest.MonkeyPatch, concurrency: int) -> None:
    """No more requests than the publisher allows are at the server at once, from tasks and threads together."""
    lock, now, most = threading.Lock(), [0], [0]

    def page(handler: Handler) -> None:
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        time.sleep(0.02)
        with lock:
            now[0] -= 1
        handler.answer(EUR)

    provider = facts("bank", pivot="", concurrency=concurrency)
    settings = known_as(monkeypatch, asking(provider, site.put("/", page)))

    async def main() -> None:
        threads = [threading.Thread(target=rates.attempt, args=("EUR", settings)) for _ in range(4)]
        for thread in threads:
            thread.start()
        assert all(o.ok for o in await asyncio.gather(*(aio.attempt("EUR", settings) for _ in range(8))))
        await asyncio.to_thread(lambda: [thread.join() for thread in threads])

    asyncio.run(main())
    assert most[0] == concurrency
    assert rate_limit.use_slots(site.host, concurrency).free == concurrency


def test_slots_are_released(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A task that is cancelled at the server, or while it waits for its turn, releases its slot."""
    provider = facts("bank", pivot="", concurrency=1)
    settings = known_as(monkeypatch, asking(provider, site.put("/", Handler.hang)))

    async def main() -> None:
        tasks = [asyncio.create_task(aio.attempt("EUR", settings)) for _ in range(3)]
        while not site.seen:
            await asyncio.sleep(0.01)
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)

    asyncio.run(main())
    gate = rate_limit.use_slots(site.host, 1)
    assert (gate.free, len(gate.waiting)) == (1, 0)


def test_spacing(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Starts at one host are as far apart as the publisher wants; a turn that comes too late is not taken."""
    slept: list[float] = []

    async def sleep(self: object, seconds: float, guard: object) -> None:
        slept.append(seconds)

    monkeypatch.setattr(io_loop._LoopIo, "sleep", sleep)
    monkeypatch.setattr(rate_limit, "monotonic", lambda: 100.0)
    provider = facts("bank", pivot="", concurrency=8, spacing_s=60.0)
    settings = known_as(monkeypatch, asking(provider, site.page("/", EUR))).with_values(deadline=160.0)

    async def main() -> list[rates.Outcome]:
        return await asyncio.gather(*(aio.attempt("EUR", settings) for _ in range(6)))

    outcomes = asyncio.run(main())
    assert slept == [0.0, 60.0, 120.0]
    assert sum(outcome.ok for outcome in outcomes) == 3
    assert {type(outcome.error) for outcome in outcomes if not outcome.ok} == {DeadlineExceeded}


def test_latency_needs_no_thread() -> None:
    """The loop waits for the simulated network: 34 fetches at once take the time of one, without threads."""
    settings = OFFLINE.with_values(latency=0.3)
    most = [0]

    async def main() -> list[rates.Outcome]:
        fetches = asyncio.gather(*(aio.attempt("USD", settings) for _ in range(34)))
        while not fetches.done():
            most[0] = max(most[0], threading.active_count())
            await asyncio.sleep(0.01)
        return await fetches

    before, start = threading.active_count(), time.monotonic()
    assert all(outcome.ok for outcome in asyncio.run(main()))
    assert time.monotonic() - start < 8.0  # one after the other: more than 10
    assert most[0] <= before + 1


def test_simulated_failures_are_the_same() -> None:
    """One seed gives each base the same simulated failure from a task and from a thread."""
    settings = OFFLINE.with_values(fail=0.7, seed=7, retries=0, jitter=0.01)

    async def main() -> list[rates.Outcome]:
        return [await aio.attempt(base, settings) for base in ("USD", "EUR", "GBP", "JPY", "CHF", "SEK")]

    ours = asyncio.run(main())
    settings = settings.with_values(run="another")  # whose simulated network starts again
    theirs = [rates.attempt(base, settings) for base in ("USD", "EUR", "GBP", "JPY", "CHF", "SEK")]
    assert [str(outcome.error) for outcome in ours] == [str(outcome.error) for outcome in theirs]
    assert len({outcome.ok for outcome in ours}) == 2


def test_simulated_timeout() -> None:
    """An answer that would come later than the timeout is TimedOut, after that timeout."""
    outcome = asyncio.run(aio.attempt("USD", OFFLINE.with_values(latency=9.0, timeout=0.05, retries=0)))
    assert type(outcome.error) is TimedOut


def test_record_and_replay(site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A thread replays what a loop records, and a loop what a thread records."""
    settings = known_as(monkeypatch, asking(facts(), site.page("/", EUR)))
    for number, (record, replay) in enumerate(
        [(aio.attempt, rates.attempt), (rates.attempt, aio.attempt), (aio.attempt, aio.attempt)]
    ):
        folder = str(tmp_path / str(number))
        recorded, replayed = record("USD", settings.with_values(record=folder)), None
        first = asyncio.run(recorded) if not isinstance(recorded, rates.Outcome) else recorded
        replayed = replay("USD", settings.with_values(replay=folder))
        second = asyncio.run(replayed) if not isinstance(replayed, rates.Outcome) else replayed
        assert first.table == second.table is not None


def test_large_documents_are_read_beside_the_loop(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A document that takes long to read is read in another thread; a failure there has its name."""
    where: list[threading.Thread] = []
    module = asking(facts(), site.page("/", EUR * 1000))
    steps = module.steps

    def noted(query: Query) -> object:
        reply = yield from steps(query)
        where.append(threading.current_thread())
        return reply

    module.steps = noted  # type: ignore[method-assign, assignment]
    settings = known_as(monkeypatch, module)
    assert asyncio.run(aio.attempt("USD", settings)).ok
    assert where != [threading.current_thread()]
    settings = known_as(monkeypatch, asking(facts("odd"), site.page("/odd", b"odd " * 5000)))
    assert type(asyncio.run(aio.attempt("USD", settings)).error) is ParseError


def test_no_client(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra the error says how to get it; offline answers do without."""
    monkeypatch.delattr(transport, "client", raising=False)
    monkeypatch.setitem(sys.modules, "rates.transport.client", None)
    with pytest.raises(UsageError, match=r"needs aiohttp; pip install 'fetch-rates\[aio\]'"):
        asyncio.run(aio.fetch_rates("USD", known_as(monkeypatch, asking(facts(), site.page("/", EUR)))))
    monkeypatch.undo()


WITHOUT = """
import asyncio, sys
sys.modules["aiohttp"] = None
from rates import Settings, aio
settings = Settings(provider=("frankfurter",), offline=True)
print(asyncio.run(aio.fetch_rates("USD", settings))[0])
print(asyncio.run(aio.attempt("USD", settings.with_values(offline=False))).error)
"""


def test_without_aiohttp() -> None:
    """The same where aiohttp is truly not there."""
    done = subprocess.run([sys.executable, "-c", WITHOUT], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.stdout.splitlines() == [
        "USD",
        "frankfurter: the asynchronous client needs aiohttp; pip install 'fetch-rates[aio]'",
    ], done.stderr


def test_import_of_rates_alone() -> None:
    """`import rates` imports no asyncio; `rates.aio` is there when asked for."""
    code = "import rates, sys; print('asyncio' in sys.modules); print(rates.aio.fetch_rates.__name__)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.split() == ["False", "fetch_rates"]


def test_connections_are_kept(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Within a loop one connection serves fetch after fetch; `close` ends it, and a new loop has its own."""
    settings = known_as(monkeypatch, asking(facts("bank", pivot=""), site.page("/", EUR)))

    async def main() -> None:
        for _ in range(3):
            await aio.fetch_rates("EUR", settings)
        await aio.close()
        await aio.close()
        await aio.fetch_rates("EUR", settings)

    asyncio.run(main())
    asyncio.run(aio.fetch_rates("EUR", settings))
    connections = [id(seen.connection) for seen in site.seen]
    assert len(set(connections[:3])) == 1
    assert len(set(connections)) == 3


def test_cancellation_is_not_swallowed(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A caller's own `asyncio.timeout` ends a fetch as TimeoutError, a TaskGroup's failure as cancellation."""
    settings = known_as(monkeypatch, asking(facts(), site.put("/", Handler.hang)))

    async def timed() -> None:
        async with asyncio.timeout(0.1):
            await aio.attempt("USD", settings)

    async def fails() -> None:
        await asyncio.sleep(0.05)
        raise KeyError("mine")

    async def grouped() -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(aio.attempt("USD", settings))
            group.create_task(fails())

    with pytest.raises(TimeoutError):
        asyncio.run(timed())
    with pytest.raises(ExceptionGroup) as caught:
        asyncio.run(grouped())
    assert caught.group_contains(KeyError)


def test_unsupported_is_raised_before_asking(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A question that a provider cannot answer is not sent."""
    settings = known_as(monkeypatch, asking(facts(answers=("latest",)), site.page("/", EUR)))
    outcome = asyncio.run(aio.attempt("USD", settings.with_values(on=date(2020, 1, 2))))
    assert isinstance(outcome.error, Unsupported | RatesError)
    assert not site.seen
