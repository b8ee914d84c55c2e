"""Measures: one variant once, and all variants in rounds that interleave them.

Blocks (all rounds of one variant, then all of the next) put a machine that gets busy, or hot, on one variant's
account: the same code twice read 0.88 to 1.09 so, and 0.94 to 1.01 interleaved and paired.
"""

from __future__ import annotations

import gc
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Any, TypeVar

from rates.compare.work import Work
from rates.errors import RatesError
from rates.executors import Done, OpenExecutor, dispatch, open_executor
from rates.transport import resume, stop

T = TypeVar("T")
R = TypeVar("R")

Clock = Callable[[], float]
Open = Callable[..., OpenExecutor]

# A worker process that has answered is held this long, so that the next call goes to one that has not.
HOLD_S = 0.001


@dataclass(frozen=True, slots=True)
class Variant:
    """One way of running the calls."""

    mode: str
    via: str
    workers: int

    def __str__(self) -> str:
        return f"{self.mode} by {self.via}"


@dataclass(frozen=True, slots=True)
class Sample:
    """One measurement of one variant, in seconds; `number` is its round, from 1, and below 1 in the warm-up.

    startup_s: from opening the executor until every worker has answered a first call. wall_s: from handing out the
    first call to the last result. fetch_s: of each call that went well, in its worker. failures: one line for each
    of the others.
    """

    variant: Variant
    number: int
    startup_s: float
    wall_s: float
    fetch_s: tuple[float, ...]
    failures: tuple[str, ...] = ()


def run_rounds(
    variants: Sequence[Variant],
    work: Work[T, R],
    *,
    rounds: int,
    warmup: int,
    seed: int,
    clock: Clock = time.perf_counter,
    opener: Open = open_executor,
) -> Iterator[Sample]:
    """The samples as they are measured, each round with all variants in a fresh order drawn from the seed.

    Those of the warm-up come too, with a number below 1, for whoever counts; they are not for the figures.
    """
    random = Random(seed)
    for number in range(1 - warmup, rounds + 1):
        order = list(variants)
        random.shuffle(order)
        for variant in order:
            gc.collect()
            yield measure(variant, work, number, clock=clock, opener=opener)


def measure(
    variant: Variant,
    work: Work[T, R],
    number: int = 1,
    *,
    clock: Clock = time.perf_counter,
    opener: Open = open_executor,
) -> Sample:
    """One measurement. However it ends, no worker is left, and nothing that it began goes on."""
    with work.begin(variant.mode, number) as fn:
        began = clock()
        executor = _opened(variant, work, opener)
        try:
            _await_workers(executor)
            startup_s = clock() - began
            began = clock()
            done, wall_s = _all_of(executor, partial(_timed, fn, clock), work.items, variant.via, clock, began)
        except BrokenExecutor as error:
            _end(executor)
            raise RatesError(f"{variant} cannot be measured: {error}") from error
        except BaseException:
            _end(executor)
            raise
        executor.shutdown()
    return _sample(variant, number, startup_s, wall_s, done, work.failed)


def _opened(variant: Variant, work: Work[T, R], opener: Open) -> OpenExecutor:
    return opener(
        variant.mode,
        variant.workers,
        initializer=work.warm,
        start_method=work.start_method,
        preload=work.preload,
    )


def _all_of(
    executor: OpenExecutor, fn: Callable[[T], Any], items: Sequence[T], via: str, clock: Clock, began: float
) -> tuple[list[Done[T, Any]], float]:
    """All results, and the seconds from `began` to the last of them."""
    with closing(dispatch(executor, fn, items, via=via)) as found:
        done = list(found)
        return done, clock() - began


def _timed(fn: Callable[[T], R], clock: Clock, item: T) -> tuple[float, R]:
    """In the worker: how long the call took, and what it gave, which must travel as it would without us."""
    began = clock()
    value = fn(item)
    return clock() - began, value


def _sample(
    variant: Variant,
    number: int,
    startup_s: float,
    wall_s: float,
    done: Sequence[Done[T, tuple[float, R]]],
    failed: Callable[[R], str],
) -> Sample:
    """The sample, with the calls that failed told apart."""
    fetch_s, failures = [], []
    for each in done:
        if each.value is None or each.error is not None:
            failures.append(f"{each.item}: {each.error}")
        elif why := failed(each.value[1]):
            failures.append(f"{each.item}: {why}")
        else:
            fetch_s.append(each.value[0])
    return Sample(variant, number, startup_s, wall_s, tuple(fetch_s), tuple(failures))


def _end(executor: OpenExecutor) -> None:
    """Ends an executor with all that it runs, fetches in this process's threads too."""
    stop()
    try:
        executor.kill()
        executor.shutdown(wait=True)
    finally:
        resume()


def _await_workers(executor: OpenExecutor) -> None:
    """Waits until every worker has answered a call."""
    if executor.mode in ("sequential", "thread"):
        _meet(executor)
        return
    seen: set[int] = set()
    while len(seen) < executor.workers:
        seen |= {future.result() for future in [executor.submit(_who) for _ in range(executor.workers)]}


def _meet(executor: OpenExecutor) -> None:
    """The same where workers share our memory: each waits until all are there, so each must have been started."""
    barrier = threading.Barrier(executor.workers)
    try:
        for future in [executor.submit(barrier.wait) for _ in range(executor.workers)]:
            future.result()
    finally:
        barrier.abort()


def _who() -> int:
    """In a worker process: which one this is."""
    time.sleep(HOLD_S)
    return os.getpid()
