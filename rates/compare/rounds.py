"""Rounds that interleave all variants, each round in a fresh random order.

Blocks (all rounds of one variant, then all of the next) put a machine that gets busy, or hot, on one variant's
account: the same code twice read 0.88 to 1.09 so, and 0.94 to 1.01 interleaved and paired.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from random import Random
from typing import TypeVar

from rates.compare.measure import Open, Pool, end, finished, measure, open_pool, run_calls
from rates.compare.records import Sample, Variant
from rates.compare.work import Work
from rates.compare.worker_side import Clock
from rates.executors import open_executor

T = TypeVar("T")
R = TypeVar("R")


def run_rounds(
    variants: Sequence[Variant],
    work: Work[T, R],
    *,
    more: Callable[[int], bool],
    warmup: int,
    seed: int,
    warm: bool = False,
    clock: Clock = time.perf_counter,
    opener: Open = open_executor,
) -> Generator[Sample, None, None]:
    """The samples as they are measured; after `more(n)` says no, with n rounds measured, there are none.

    Those of the warm-up come too, with a number below 1, for whoever counts; they are not for the figures. warm: the
    pools are opened once and kept, one for each mode and number of workers.
    """
    random = Random(seed)
    with _pools(warm) as pools, _settled():
        number = 1 - warmup
        while number < 1 or more(number - 1):
            order = list(variants)
            random.shuffle(order)
            for variant in order:
                gc.collect()
                gc.freeze()  # what earlier samples left is not looked through again while one is measured
                if warm:
                    yield _kept(variant, work, number, pools, clock, opener)
                else:
                    yield measure(variant, work, number, clock=clock, opener=opener)
            number += 1


Pools = dict[tuple[str, int], Pool]


def _kept(variant: Variant, work: Work[T, R], number: int, pools: Pools, clock: Clock, opener: Open) -> Sample:
    """One measurement in the pool that is kept for its mode and workers.

    The start-up is told by the measurement that had it, and by each variant's first round, since the warm-up that may
    have had it is dropped. How long the end of the pool takes is not known.
    """
    key = (variant.mode, variant.workers)
    new = key not in pools
    if new:
        pools[key] = open_pool(variant, work, clock, opener)
    sample = run_calls(variant, work, number, pools[key], clock)
    return finished(sample, pools[key], None) if new or number == 1 else replace(sample, shutdown_s=None)


@contextmanager
def _pools(warm: bool) -> Iterator[Pools]:
    """The pools that are kept; at the end they are shut down, or killed when it is a bad one."""
    pools: Pools = {}
    try:
        yield pools
    except BaseException:
        for pool in pools.values():
            end(pool.executor)
        raise
    for pool in pools.values():
        pool.executor.shutdown()


@contextmanager
def _settled() -> Iterator[None]:
    """Gives the collector back at the end what was hidden from it."""
    try:
        yield
    finally:
        gc.unfreeze()
