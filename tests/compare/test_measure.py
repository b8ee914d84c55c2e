"""One measurement: every part is timed separately, and nothing is left behind however it ends."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import pairwise

import pytest

from rates.compare import machine
from rates.compare.measure import measure
from rates.compare.results import Variant
from rates.compare.work import Work, calls
from rates.compare.worker_side import timed
from rates.errors import RatesError
from rates.executors import OpenExecutor, open_executor
from rates.executors.sequential import SequentialExecutor
from rates.executors.thread import ThreadExecutor
from rates.model import Timing
from rates.transport import watchdog
from tests.compare.clock import SEQUENTIAL, Clock, work_of


def _takes(clock: Clock, seconds: float) -> float:
    """A call that takes as long as its item says."""
    clock.spend(seconds)
    return seconds


def test_parts_are_timed() -> None:
    """Preparation is not counted; the warm-up is start-up; the first result and each call have their times."""
    clock = Clock()
    found = measure(SEQUENTIAL, work_of(clock, partial(_takes, clock), (1.0, 2.0, 4.0)), 7, clock=clock)
    assert (found.variant, found.number, found.failures) == (SEQUENTIAL, 7, ())
    assert (found.startup_s, found.wall_s, found.shutdown_s) == (3.0, 7.0, 0.0)
    assert [(span.index, span.worker, span.handed_s, span.began_s, span.ended_s) for span in found.spans] == [
        (0, "1", 0.0, 0.0, 1.0), (1, "1", 1.0, 1.0, 3.0), (2, "1", 3.0, 3.0, 7.0)
    ]  # fmt: skip
    assert [(span.queue_s, span.fetch_s) for span in found.spans] == [(0.0, 1.0), (0.0, 2.0), (0.0, 4.0)]
    assert all(span.fingerprint for span in found.spans)


def test_shutdown_has_its_time() -> None:
    """The end of the pool is timed separately from the calls."""
    clock = Clock()

    class Slow(SequentialExecutor):
        def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
            clock.spend(5)
            super().shutdown()

    found = measure(
        SEQUENTIAL, work_of(clock, partial(_takes, clock), (1.0,)), clock=clock, opener=lambda *_, **__: Slow()
    )
    assert (found.wall_s, found.shutdown_s) == (1.0, 5.0)


@pytest.mark.parametrize("via", ["map", "submit"])
def test_failures_have_no_time(via: str) -> None:
    """A call that raises, or returns a failure, is reported with item and reason, and has no fingerprint."""
    clock = Clock()

    def call(seconds: float) -> float:
        clock.spend(abs(seconds))
        if seconds == 2.0:
            raise ValueError("no two")
        return seconds

    found = measure(Variant("sequential", via, 1), work_of(clock, call, (1.0, 2.0, -4.0)), clock=clock)
    assert [span.failure for span in found.spans] == ["", "no two", "negative"]
    assert found.failures == ("2.0: no two", "-4.0: negative")
    assert found.wall_s == 7.0
    assert [bool(span.fingerprint) for span in found.spans] == [True, False, False]


def test_phases_add_up() -> None:
    """A fetch's phases come from its own timing; the rest of the call is parsing."""
    clock = Clock()
    timing = Timing(0.0, 9.0, 7.0, 2, turn_s=1.0, connect_s=0.5, wait_s=4.0, read_s=1.5, connections=1)
    work = replace(work_of(clock, partial(_takes, clock), (10.0,)), timing=lambda value: timing)
    (span,) = measure(SEQUENTIAL, work, clock=clock).spans
    assert (span.turn_s, span.connect_s, span.wait_s, span.read_s, span.parse_s) == (1.0, 0.5, 4.0, 1.5, 3.0)
    assert (span.wire_s, span.connections) == (6.0, 1)


def test_every_thread_is_started_before_the_calls() -> None:
    """Start-up waits for all workers: each has warmed up before the first call."""
    events: list[str] = []
    work = replace(calls(events.append, ("call",) * 9), warm=partial(events.append, "warm"))
    measure(Variant("thread", "map", 5), work)
    assert events == ["warm"] * 5 + ["call"] * 9


def test_threads_have_lanes() -> None:
    """Two threads are two workers whose calls do not overlap, and every call is queued before it begins."""
    both = threading.Barrier(2)  # so that no thread gets all of them on a busy machine
    found = measure(Variant("thread", "submit", 2), calls(lambda item: both.wait(60) < 0, tuple(range(6))))
    assert {span.worker for span in found.spans} == {"1", "2"}
    for worker in ("1", "2"):
        mine = sorted((span.began_s, span.ended_s) for span in found.spans if span.worker == worker)
        assert all(one[1] <= other[0] for one, other in pairwise(mine))
    assert all(span.handed_s <= span.began_s <= span.ended_s <= found.wall_s for span in found.spans)


def _pid_of(item: int) -> int:
    sum(range(200_000))
    return os.getpid()


def test_processes_are_seen() -> None:
    """Calls in processes have times on our clock, and the processes' processor time and memory are counted."""
    found = measure(
        Variant("process", "map", 2), replace(calls(_pid_of, tuple(range(8))), fingerprint=lambda value: "same")
    )
    assert all(0 <= span.handed_s <= span.began_s < span.ended_s <= found.wall_s for span in found.spans)
    assert found.shutdown_s > 0
    if machine.LIVE:
        assert found.cpu_children_s is not None
        assert found.cpu_parent_s is not None
        assert 0.001 < found.cpu_children_s < 10
        assert found.peak_rss_mb is not None
        assert found.peak_rss_mb > 20


class _Loop(OpenExecutor):
    """Runs coroutine functions on an event loop, four at once."""

    mode, workers, shares_memory = "loop", 4, True

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever)
        self.thread.start()

    def submit(self, fn, /, *args, **kwargs):  # type: ignore[no-untyped-def]
        if asyncio.iscoroutinefunction(getattr(fn, "func", fn)):
            return asyncio.run_coroutine_threadsafe(fn(*args, **kwargs), self.loop)
        from concurrent.futures import Future

        future: Future[object] = Future()
        threading.Thread(target=lambda: future.set_result(fn(*args, **kwargs))).start()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()


def test_coroutines_have_lanes() -> None:
    """Coroutine functions are timed as such; calls side by side in one thread count as several workers."""
    all_four = asyncio.Barrier(4)  # none ends before all have begun, however late the last is handed out

    async def meet(item: int) -> int:
        await all_four.wait()
        return item

    found = measure(Variant("loop", "map", 4), calls(meet, (1, 2, 3, 4)), opener=lambda *_, **__: _Loop())
    assert {span.worker for span in found.spans} == {"1", "2", "3", "4"}
    assert found.failures == ()


def test_clock_of_another_machine() -> None:
    """Times on a foreign clock are moved so that the earliest call begins when it was dispatched."""
    clock, strange = Clock(), Clock()
    strange.now = 5000.0

    class Elsewhere(SequentialExecutor):
        def submit(self, fn, /, *args, **kwargs):  # type: ignore[no-untyped-def]
            if getattr(fn, "func", None) is timed:
                fn = partial(timed, fn.args[0], strange)
            return super().submit(fn, *args, **kwargs)

    def call(seconds: float) -> float:
        clock.spend(seconds)
        strange.spend(seconds)
        return seconds

    found = measure(SEQUENTIAL, work_of(clock, call, (1.0, 2.0)), clock=clock, opener=lambda *_, **__: Elsewhere())
    assert [(span.began_s, span.ended_s) for span in found.spans] == [(0.0, 1.0), (1.0, 3.0)]


def test_interrupted_measurement_leaves_nothing() -> None:
    """Ctrl-C in a call is raised, kills the executor, and leaves the transport open for the next fetch."""
    opened: list[OpenExecutor] = []

    def opener(mode: str, workers: int, **more: object) -> OpenExecutor:
        opened.append(open_executor(mode, workers))
        return opened[0]

    def call(item: int) -> int:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        measure(SEQUENTIAL, calls(call, (1, 2)), opener=opener)
    with pytest.raises(RuntimeError):
        opened[0].submit(int)
    assert not watchdog._watchdog.stopped.is_set()


def test_broken_start_up_frees_the_threads() -> None:
    """A worker that cannot warm up ends the measurement with the variant's name, and no thread waits for ever."""

    def broken() -> None:
        raise OSError("no disk")

    def opener(mode: str, workers: int, **more: object) -> OpenExecutor:
        return ThreadExecutor(workers, broken)

    before = set(threading.enumerate())
    work: Work[int, str] = replace(calls(str, (1, 2)), warm=broken)
    with pytest.raises(RatesError, match="thread×3 by map cannot be measured"):
        measure(Variant("thread", "map", 3), work, opener=opener)
    for thread in set(threading.enumerate()) - before:
        thread.join(60)
        assert not thread.is_alive()


def test_renewed_before_a_cold_pool() -> None:
    """What earlier measurements left in this process is dropped before the pool is opened."""
    events: list[str] = []

    def opener(mode: str, workers: int, **more: Callable[[], object]) -> OpenExecutor:
        events.append("open")
        return SequentialExecutor()

    measure(SEQUENTIAL, replace(calls(str, (1,)), renew=lambda: events.append("renew")), opener=opener)
    assert events == ["renew", "open"]
