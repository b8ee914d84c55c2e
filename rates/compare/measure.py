"""Measures one variant once: opens its pool, hands out all calls, and tells every time apart.

What is done between the first call handed out and the last result is kept to the least: two readings of the clock and
a tuple for each call. All else (spans, digests, memory) is made of it afterwards. The workers' clock is
`time.perf_counter`, which on Linux, macOS and Windows is one for all processes of a machine.
"""

from __future__ import annotations

import inspect
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

from rates.compare.fingerprint import together
from rates.compare.processes import LIVE, Family, ended_children_s, forget_peak
from rates.compare.records import Sample, Variant
from rates.compare.spans import spans_of
from rates.compare.work import Work, named
from rates.compare.worker_side import Clock, Timed, timed, timed_coroutine, who
from rates.errors import RatesError
from rates.executors import Done, OpenExecutor, dispatch, open_executor
from rates.transport import resume, stop

T = TypeVar("T")
R = TypeVar("R")

Open = Callable[..., OpenExecutor]

# Workers that have not answered by then are not waited for: a cluster may give all calls to a few.
MEETING_S = 10.0


@dataclass(slots=True)
class Pool:
    """An opened executor, the processes that came with it, and what its start-up took; `ended_s` when it began."""

    executor: OpenExecutor
    family: Family
    startup_s: float
    cpu_startup_s: float | None
    ended_s: float | None


class Handed(Generic[T]):
    """The items, each taken when its call is handed to the pool: `at` says when."""

    def __init__(self, items: Sequence[T], clock: Clock) -> None:
        self.items, self.clock = items, clock
        self.at: list[float] = []

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[T]:
        clock, note = self.clock, self.at.append
        for item in self.items:
            note(clock())
            yield item


def measure(
    variant: Variant,
    work: Work[T, R],
    number: int = 1,
    *,
    clock: Clock = time.perf_counter,
    opener: Open = open_executor,
) -> Sample:
    """One measurement in a pool of its own. However it ends, no worker is left, and nothing that it began goes on."""
    if work.renew is not None:
        work.renew()
    pool = open_pool(variant, work, clock, opener)
    sample = run_calls(variant, work, number, pool, clock)
    began = clock()
    pool.executor.shutdown()
    return finished(sample, pool, clock() - began)


def finished(sample: Sample, pool: Pool, shutdown_s: float | None) -> Sample:
    """The sample with its start-up and its end; children's processor time too where it is known only now."""
    from dataclasses import replace

    more: dict[str, Any] = {}
    if not LIVE and pool.ended_s is not None and (now := ended_children_s()) is not None:
        more["cpu_children_s"] = now - pool.ended_s
    return replace(sample, startup_s=pool.startup_s, cpu_startup_s=pool.cpu_startup_s, shutdown_s=shutdown_s, **more)


def open_pool(variant: Variant, work: Work[T, R], clock: Clock, opener: Open) -> Pool:
    """The variant's pool when each of its workers has answered a call."""
    family, ended_s = Family(), None if LIVE else ended_children_s()
    began = clock()
    executor = opener(variant.mode, variant.workers, initializer=work.warm, **work.opening)
    with _ending_badly(variant, executor):
        await_workers(executor)
        startup_s = clock() - began
        family.meet()
    return Pool(executor, family, startup_s, family.startup_s(), ended_s)


def run_calls(variant: Variant, work: Work[T, R], number: int, pool: Pool, clock: Clock) -> Sample:
    """One measurement in a pool that is ready, which is ended if it does not end well."""
    with work.begin(variant.mode, number) as fn, _ending_badly(variant, pool.executor):
        call: Any = partial(timed_coroutine if _is_coroutine(fn) else timed, fn, clock)
        handed = Handed(work.items, clock)
        landed: list[tuple[float, Done[T, Timed]]] = []
        forget_peak()
        before, own = pool.family.cpu_s(), time.process_time()
        began = clock()
        with closing(dispatch(pool.executor, call, handed, via=variant.via)) as found:
            for done in found:
                landed.append((clock(), done))
            wall_s = clock() - began
        own = time.process_time() - own
        after, peak = pool.family.cpu_s(), pool.family.peak_mb()
    spans = spans_of(landed, handed.at, began, work)
    failures = tuple(f"{named(work.items[span.index])}: {span.failure}" for span in spans if span.failure)
    return Sample(
        variant=variant,
        number=number,
        startup_s=0.0,
        first_s=landed[0][0] - began,
        wall_s=wall_s,
        spans=spans,
        cpu_parent_s=own,
        cpu_children_s=None if before is None or after is None else after - before,
        peak_rss_mb=peak,
        digest=together(span.digest for span in spans),
        failures=failures,
    )


def _is_coroutine(fn: object) -> bool:
    return inspect.iscoroutinefunction(getattr(fn, "func", fn))


class _ending_badly:  # noqa: N801  # reads as the function that it stands for
    """Ends the executor with all that it runs when the block does not end well; a broken pool is told as such."""

    def __init__(self, variant: Variant, executor: OpenExecutor) -> None:
        self.variant, self.executor = variant, executor

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if error is None:
            return
        end(self.executor)
        if isinstance(error, BrokenExecutor):
            raise RatesError(f"{self.variant} cannot be measured: {error}") from error


def end(executor: OpenExecutor) -> None:
    """Ends an executor with all that it runs, fetches in this process's threads too."""
    stop()
    try:
        executor.kill()
        executor.shutdown(wait=True)
    finally:
        resume()


def await_workers(executor: OpenExecutor) -> None:
    """Waits until every worker has answered a call."""
    if getattr(executor, "shares_memory", executor.mode in ("sequential", "thread")):
        _meet(executor)
        return
    seen: set[tuple[int, int]] = set()
    until = time.monotonic() + MEETING_S
    while len(seen) < executor.workers and time.monotonic() < until:
        seen |= {future.result() for future in [executor.submit(who) for _ in range(executor.workers)]}


def _meet(executor: OpenExecutor) -> None:
    """The same where workers share our memory: each waits until all are there, so each must have been started."""
    barrier = threading.Barrier(executor.workers)
    wait = partial(_wait, barrier)
    try:
        for future in [executor.submit(wait) for _ in range(executor.workers)]:
            future.result()
    finally:
        barrier.abort()


def _wait(barrier: threading.Barrier) -> None:
    try:
        barrier.wait(MEETING_S)
    except threading.BrokenBarrierError:
        pass
