"""Rounds that interleave all variants, each round in a new random order.

Blocks (all rounds of one variant, then all of the next) put a machine that becomes busy or hot on the account of one
variant: the same code measured twice differed by -12 % to +9 % in blocks, and by -6 % to +1 % interleaved and paired.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from random import Random
from typing import TypeVar

from rates.compare.measure import Open, Pool, end, measure, open_pool, run_calls, with_startup
from rates.compare.results import Sample, Variant
from rates.compare.work import Work
from rates.compare.worker_side import Clock
from rates.executors import open_executor

T = TypeVar("T")
R = TypeVar("R")
Pools = dict[tuple[str, int], Pool]


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
    """The samples as they are measured, until `more(n)` with n rounds measured is false.

    Those of the warm-up have a number below 1 and do not belong in the figures. warm: pools are opened once and kept,
    one for each mode and number of workers.
    """
    random = Random(seed)
    with _pools() as pools:
        number = 1 - warmup
        while number < 1 or more(number - 1):
            order = list(variants)
            random.shuffle(order)
            for variant in order:
                gc.collect()
                gc.freeze()  # the collector does not search what earlier samples left while one is measured
                if warm:
                    yield _kept(variant, work, number, pools, clock, opener)
                else:
                    yield measure(variant, work, number, clock=clock, opener=opener)
            number += 1


def _kept(variant: Variant, work: Work[T, R], number: int, pools: Pools, clock: Clock, opener: Open) -> Sample:
    """One measurement in the pool that is kept for its mode and number of workers.

    The measurement that opened the pool has its start-up, and so has each variant's first round, since the warm-up that
    may have opened it is dropped. How long the pool takes to end is unknown.
    """
    key = (variant.mode, variant.workers)
    new = key not in pools
    if new:
        pools[key] = open_pool(variant, work, clock, opener)
    sample = run_calls(variant, work, number, pools[key], clock)
    return with_startup(sample, pools[key], None) if new or number == 1 else replace(sample, shutdown_s=None)


@contextmanager
def _pools() -> Iterator[Pools]:
    """The pools that are kept, shut down at the end or killed after an error; the collector is restored as well."""
    pools: Pools = {}
    try:
        yield pools
        for pool in pools.values():
            pool.executor.shutdown()
    except BaseException:
        for pool in pools.values():
            end(pool.executor)
        raise
    finally:
        gc.unfreeze()
