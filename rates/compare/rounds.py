"""Rounds that interleave all variants, each in a new random order, until there are enough or the time is spent.

Blocks (all rounds of one variant, then all of the next) put a machine that becomes busy or hot on the account of one
variant: the same code measured twice differed by -12 % to +9 % in blocks, and by -6 % to +1 % interleaved and paired.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from random import Random
from typing import TypeVar

from rates.compare.figures import ratios
from rates.compare.measure import Open, Pool, kill, measure, open_pool, run_calls
from rates.compare.results import Sample, Variant
from rates.compare.statistics import half_width, median_interval
from rates.compare.work import Work
from rates.compare.worker_side import Clock
from rates.executors import open_executor

T = TypeVar("T")
R = TypeVar("R")
Pools = dict[tuple[str, int], Pool]

WITHIN = 0.03
# The interval of the median of five rounds reaches from the least to the greatest; fewer give no useful interval.
LEAST_ROUNDS = 5
MOST_ROUNDS = 1000


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
    return replace(sample, startup_s=pools[key].startup_s) if new or number == 1 else sample


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
            kill(pool.executor)
        raise
    finally:
        gc.unfreeze()


@dataclass
class Budget:
    """Decides before each round whether there is another.

    rounds: this many; None: until every speed-up is known to within ±3 %. budget_s: the time for all rounds, the
    warm-up included; a round that would not end within it is not begun, except for the first `least`. samples, warmup:
    what has been measured.
    """

    clock: Clock
    reference: Variant
    variants: Sequence[Variant]
    rounds: int | None
    budget_s: float | None
    seed: int
    least: int = 1
    samples: list[Sample] = field(default_factory=list)
    warmup: list[Sample] = field(default_factory=list)
    longest_s: float = 0.0

    def __post_init__(self) -> None:
        self.began = self.last = self.clock()

    def add(self, sample: Sample) -> None:
        """Takes a measurement into account."""
        (self.samples if sample.number > 0 else self.warmup).append(sample)

    def more(self, done: int) -> bool:
        """Whether there is another round after `done`."""
        if done > 0:
            self.longest_s = max(self.longest_s, self.clock() - self.last)
        self.last = self.clock()
        if done == 0:
            return not (self.warmup and self.all_failed())
        if done >= (self.rounds or MOST_ROUNDS) or self.all_failed():
            return False
        if self.budget_s is not None and done >= self.least and self.spent_s + self.longest_s > self.budget_s:
            return False
        return self.rounds is not None or done < LEAST_ROUNDS or not self.narrow()

    @property
    def spent_s(self) -> float:
        """The time since the beginning."""
        return self.clock() - self.began

    def all_failed(self) -> bool:
        """Whether no call has succeeded, the warm-up included: another round would only take as long."""
        return all(len(sample.failures) == len(sample.spans) for sample in (*self.warmup, *self.samples))

    def exhausted_in_vain(self) -> bool:
        """Whether the time is spent and every call has failed: then not even the round is finished."""
        return self.budget_s is not None and self.spent_s > self.budget_s and self.all_failed()

    def narrow(self) -> bool:
        """Whether every speed-up's interval lies within ±3 % of it."""
        paired = [ratios(self.samples, self.reference, each) for each in self.variants if each != self.reference]
        return all(
            half_width(median_interval(found, self.seed), sorted(found)[len(found) // 2]) <= WITHIN
            for found in paired
            if found
        )
