"""Measures one variant once: dispatches all calls in a pool, and times each part.

Between the first dispatch and the last result only two readings of the clock and a tuple are added to each call. Spans,
fingerprints and memory follow afterwards. The workers' clock is `time.perf_counter`, which on Linux, macOS and Windows
is the same for all processes of a machine.
"""

from __future__ import annotations

import inspect
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeVar

from rates.compare.machine import PoolProcesses, reset_peak
from rates.compare.results import Sample, Span, Variant
from rates.compare.work import Work, item_name
from rates.compare.worker_side import Clock, Timed, timed, timed_coroutine, worker_id
from rates.errors import RatesError
from rates.executors import Done, OpenExecutor, dispatch, open_executor
from rates.transport import resume, stop

T = TypeVar("T")
R = TypeVar("R")

Open = Callable[..., OpenExecutor]
# When a result came back, and the result.
Landed = tuple[float, Done[Any, Timed]]

# Workers that have not answered after this are not waited for: a cluster may give all calls to a few.
READY_S = 10.0
# A worker whose clock differs by more is on another machine.
CLOCKS_AGREE_S = 0.001
PHASES = ("turn_s", "connect_s", "wait_s", "read_s", "parse_s", "connections")


@dataclass(slots=True)
class Pool:
    """An open executor, its processes, and its start-up."""

    executor: OpenExecutor
    processes: PoolProcesses
    startup_s: float


def open_pool(variant: Variant, work: Work[T, R], clock: Clock, opener: Open) -> Pool:
    """The variant's pool, in which each worker has answered a first call."""
    processes, began = PoolProcesses(), clock()
    executor = opener(variant.mode, variant.workers, initializer=work.warm, **work.opening)
    with _killed_on_error(variant, executor):
        await_workers(executor)
        startup_s = clock() - began
        processes.find()
    return Pool(executor, processes, startup_s)


def measure(
    variant: Variant,
    work: Work[T, R],
    number: int = 1,
    *,
    clock: Clock = time.perf_counter,
    opener: Open = open_executor,
) -> Sample:
    """One measurement in a new pool. However it ends, no worker and nothing that it began is left."""
    if work.renew is not None:
        work.renew()
    pool = open_pool(variant, work, clock, opener)
    sample = run_calls(variant, work, number, pool, clock)
    began = clock()
    pool.executor.shutdown()
    return replace(sample, startup_s=pool.startup_s, shutdown_s=clock() - began)


def run_calls(variant: Variant, work: Work[T, R], number: int, pool: Pool, clock: Clock) -> Sample:
    """One measurement in a pool that is ready, without start-up and end; if it fails, the pool is ended."""
    with work.begin(variant.mode, number) as fn, _killed_on_error(variant, pool.executor):
        coroutine = inspect.iscoroutinefunction(getattr(fn, "func", fn))
        call: Any = partial(timed_coroutine if coroutine else timed, fn, clock)
        handed: list[float] = []
        landed: list[Landed] = []
        reset_peak()
        children_before, own_before = pool.processes.cpu_s(), time.process_time()
        began = clock()
        with closing(dispatch(pool.executor, call, _noted(work.items, clock, handed), via=variant.via)) as found:
            for done in found:
                landed.append((clock(), done))
            wall_s = clock() - began
        own_s = time.process_time() - own_before
        children_after, peak = pool.processes.cpu_s(), pool.processes.peak_mb()
    spans = spans_of(landed, handed, began, work)
    known = children_before is not None and children_after is not None
    return Sample(
        variant=variant,
        number=number,
        startup_s=0.0,
        wall_s=wall_s,
        shutdown_s=None,
        spans=spans,
        cpu_parent_s=own_s,
        cpu_children_s=(children_after or 0.0) - (children_before or 0.0) if known else None,
        peak_rss_mb=peak,
        failures=tuple(f"{item_name(work.items[span.index])}: {span.failure}" for span in spans if span.failure),
    )


def _noted(items: Sequence[T], clock: Clock, at: list[float]) -> Iterator[T]:
    """The items; the time at which each is taken to be dispatched goes to the end of `at`."""
    for item in items:
        at.append(clock())
        yield item


def spans_of(landed: Sequence[Landed], handed: Sequence[float], began: float, work: Work[Any, Any]) -> tuple[Span, ...]:
    """The spans by index, in seconds from `began`. handed: when the call of each index was dispatched.

    A call that raised, or whose worker died, has no times: it lasts until that was known.
    """
    ordered = sorted(landed, key=lambda each: each[1].index)
    shifts = _shifts(ordered, handed)
    workers = _workers(ordered, shifts)
    spans = []
    for at, done in ordered:
        index, handed_s = done.index, handed[done.index] - began
        if done.value is None or done.error is not None:
            why = str(done.error) or type(done.error).__name__
            spans.append(Span(index, "", handed_s, handed_s, at - began, failure=why))
            continue
        start, end, pid, _, value = done.value
        shift, why, timing = shifts.get(pid, 0.0) - began, work.failed(value), work.timing(value)
        # The time of the whole call counts, so that parsing includes all that is left.
        known = None if timing is None else replace(timing, took_s=end - start)
        phases: dict[str, Any] = {name: getattr(known, name, None) for name in PHASES}
        times = (handed_s, start + shift, end + shift)
        result = "" if why else work.fingerprint(value)
        spans.append(Span(index, workers[index], *times, **phases, failure=why, fingerprint=result))
    return tuple(spans)


def _shifts(landed: Sequence[Landed], handed: Sequence[float]) -> dict[int, float]:
    """What to add to the clock of each process on another machine: no call begins before it was dispatched."""
    earliest: dict[int, float] = {}
    foreign: set[int] = set()
    for at, done in landed:
        if done.value is None:
            continue
        start, end, pid = done.value[:3]
        early = start - handed[done.index]
        earliest[pid] = min(early, earliest.get(pid, early))
        if early < -CLOCKS_AGREE_S or end > at + CLOCKS_AGREE_S:
            foreign.add(pid)
    return {pid: -earliest[pid] for pid in foreign}


def _workers(landed: Sequence[Landed], shifts: dict[int, float]) -> dict[int, str]:
    """The worker of each index, numbered as they began. A thread with overlapping calls counts as several workers."""
    calls = []
    for _, done in landed:
        if done.value is not None:
            start, end, pid, thread, _ = done.value
            shift = shifts.get(pid, 0.0)
            calls.append((start + shift, end + shift, (pid, thread), done.index))
    busy_until: dict[tuple[int, int], dict[str, float]] = {}
    workers: dict[int, str] = {}
    for start, end, thread_of, index in sorted(calls, key=lambda call: call[:2]):
        mine = busy_until.setdefault(thread_of, {})
        free = next((name for name, until in mine.items() if until <= start), "")
        workers[index] = free or str(sum(map(len, busy_until.values())) + 1)
        mine[workers[index]] = end
    return workers


@contextmanager
def _killed_on_error(variant: Variant, executor: OpenExecutor) -> Iterator[None]:
    """Kills the executor when the block raises; a broken pool becomes an error that names the variant."""
    try:
        yield
    except BaseException as error:
        kill(executor)
        if isinstance(error, BrokenExecutor):
            raise RatesError(f"{variant} cannot be measured: {error}") from error
        raise


def kill(executor: OpenExecutor) -> None:
    """Kills an executor with all that it runs, including fetches in this process's threads."""
    stop()
    try:
        executor.kill()
        executor.shutdown(wait=True)
    finally:
        resume()


def await_workers(executor: OpenExecutor) -> None:
    """Waits until every worker has answered a call.

    Workers that share our memory wait at a barrier for each other, so each must have been started.
    """
    if executor.shares_memory:
        barrier = threading.Barrier(executor.workers)
        try:
            for future in [executor.submit(_wait, barrier) for _ in range(executor.workers)]:
                future.result()
        finally:
            barrier.abort()
        return
    seen: set[tuple[int, int]] = set()
    until = time.monotonic() + READY_S
    while len(seen) < executor.workers and time.monotonic() < until:
        seen |= {future.result() for future in [executor.submit(worker_id) for _ in range(executor.workers)]}


def _wait(barrier: threading.Barrier) -> None:
    try:
        barrier.wait(READY_S)
    except threading.BrokenBarrierError:
        pass
