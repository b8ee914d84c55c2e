"""Rounds interleave, repeat with their seed, and end when they should."""

from __future__ import annotations

import gc
from functools import partial

import pytest

from rates.compare.results import Sample, Variant
from rates.compare.rounds import Budget, run_rounds
from rates.executors import OpenExecutor
from rates.executors.sequential import SequentialExecutor
from tests.compare.clock import PROCESS, SEQUENTIAL, SUBMIT, THREAD, Clock, sample, work_of

VARIANTS = (SEQUENTIAL, THREAD, PROCESS)


def _takes(clock: Clock, seconds: float) -> float:
    clock.spend(seconds)
    return seconds


def _one_by_one(mode: str, workers: int, **more: object) -> OpenExecutor:
    """An executor that runs all modes in the caller, so that a fake clock is exact."""
    return SequentialExecutor(more.get("initializer"))  # type: ignore[arg-type]


def _rounds(
    rounds: int,
    warmup: int,
    seed: int,
    begun: list[tuple[str, int]] | None = None,
    variants: tuple[Variant, ...] = VARIANTS,
    **more: bool,
) -> list[Sample]:
    clock = Clock()
    work = work_of(clock, partial(_takes, clock), (1.0,), begun)
    return list(
        run_rounds(
            variants, work, more=lambda done: done < rounds, warmup=warmup, seed=seed, clock=clock,
            opener=_one_by_one, **more,
        )
    )  # fmt: skip


def test_rounds_interleave() -> None:
    """Every round has each variant once, the orders differ, and the warm-up's rounds come first."""
    found = _rounds(6, 2, 1)
    assert [each.number for each in found] == [number for number in range(-1, 7) for _ in VARIANTS]
    orders = [tuple(each.variant for each in found if each.number == number) for number in range(-1, 7)]
    assert all(set(order) == set(VARIANTS) for order in orders)
    assert len(set(orders)) > 3


def test_seed_repeats_the_order() -> None:
    """One seed gives one order, another gives another."""

    def order(seed: int) -> list[Variant]:
        return [each.variant for each in _rounds(5, 0, seed)]

    assert order(7) == order(7)
    assert order(7) != order(8)


def test_each_measurement_begins_anew() -> None:
    """The work is prepared for each measurement with its mode and round, so that none profits from the last."""
    begun = list[tuple[str, int]]()
    found = _rounds(2, 1, 3, begun)
    assert begun == [(each.variant.mode, each.number) for each in found]


def test_cold_pools_start_each_time() -> None:
    """Each measurement opens and warms its own pool."""
    assert [each.startup_s for each in _rounds(2, 0, 1)] == [3.0] * 6


def test_warm_pools_start_once() -> None:
    """A kept pool starts once, if in the warm-up; all that share it have its start-up in the first round."""
    for warmup in (0, 1):
        found = [each for each in _rounds(2, warmup, 1, warm=True) if each.number > 0]
        assert [each.startup_s for each in found] == [3.0] * 3 + [0.0] * 3
        assert {each.shutdown_s for each in found} == {None}
    shared = (THREAD, SUBMIT)
    found = _rounds(2, 1, 1, variants=shared, warm=True)
    assert [each.startup_s for each in found if each.number == 1] == [3.0] * 2


def test_warm_pools_are_ended() -> None:
    """At the end, and after Ctrl-C, every kept pool is shut down."""
    opened: list[SequentialExecutor] = []

    def opener(mode: str, workers: int, **more: object) -> OpenExecutor:
        opened.append(SequentialExecutor())
        return opened[-1]

    def call(item: float) -> float:
        if len(opened) == 2:
            raise KeyboardInterrupt
        return item

    with pytest.raises(KeyboardInterrupt):
        list(
            run_rounds(VARIANTS, work_of(Clock(), call, (1.0,)), more=bool, warmup=1, seed=1, warm=True, opener=opener)
        )
    assert len(opened) == 2
    assert all(executor._closed for executor in opened)


def test_collector_is_restored() -> None:
    """The garbage collector searches everything again after the rounds."""
    gc.unfreeze()
    _rounds(1, 0, 1)
    assert gc.get_freeze_count() == 0


def _budget(clock: Clock, rounds: int | None, budget_s: float | None, least: int = 1) -> Budget:
    return Budget(clock, SEQUENTIAL, (SEQUENTIAL, THREAD), rounds, budget_s, 1, least)


def _count(budget: Budget, clock: Clock, seconds: float, ratios: tuple[float, ...] = (8.0,)) -> int:
    """How many rounds of so many seconds there are; the pairs have these ratios, repeated."""
    done = 0
    while budget.more(done):
        done += 1
        clock.spend(seconds)
        budget.samples += [
            sample(SEQUENTIAL, done, ratios[done % len(ratios)], (1.0,)), sample(THREAD, done, 1.0, (1.0,))
        ]  # fmt: skip
    return done


@pytest.mark.parametrize(
    ("rounds", "budget_s", "least", "ratios", "expected"),
    [
        (7, None, 1, (8.0,), 7),  # a number is a number
        (7, 35.0, 1, (8.0,), 3),  # three of 10 s fit in 35 s
        (None, 35.0, 1, (8.0, 4.0), 3),
        (None, 5.0, 1, (8.0,), 1),  # the first is always run
        (None, 5.0, 3, (8.0,), 3),
        (None, 1e6, 1, (8.0,), 5),  # five at least, then narrow enough
        (None, 1e6, 1, (8.0, 8.1), 5),
        (None, 505.0, 1, (8.0, 4.0), 50),  # never narrow
    ],
)
def test_rounds_end(
    rounds: int | None, budget_s: float | None, least: int, ratios: tuple[float, ...], expected: int
) -> None:
    """Rounds end at their number, at the interval of ±3 %, or before the one that the budget does not allow."""
    clock = Clock()
    assert _count(_budget(clock, rounds, budget_s, least), clock, 10.0, ratios) == expected


def test_budget_counts_the_warm_up() -> None:
    """The time of the warm-up is spent too, and does not count as the duration of a round."""
    clock = Clock()
    budget = _budget(clock, None, 35.0)
    clock.spend(20.0)
    assert _count(budget, clock, 10.0) == 1


def test_all_failed() -> None:
    """After a round in which every call failed there is no other."""
    budget = _budget(Clock(), 9, None)
    budget.samples += [sample(SEQUENTIAL, 1, 1.0, (), ("USD: x",)), sample(THREAD, 1, 1.0, (), ("USD: x",))]
    assert budget.more(0)
    assert not budget.more(1)


def test_all_failed_in_the_warm_up() -> None:
    """After a warm-up in which every call failed no round begins; after a partial failure one does."""
    budget = _budget(Clock(), 9, None)
    budget.warmup += [sample(SEQUENTIAL, 0, 1.0, (), ("USD: x",))]
    assert not budget.more(0)
    budget.warmup += [sample(THREAD, 0, 1.0, (1.0,), ("USD: x",))]
    assert budget.more(0)


def test_exhausted_in_vain() -> None:
    """When the time is spent and every call so far has failed, not even the round is finished."""
    clock = Clock()
    budget = _budget(clock, None, 35.0, 4)
    budget.warmup += [sample(SEQUENTIAL, 0, 40.0, (), ("USD: x",))]
    assert not budget.exhausted_in_vain()
    clock.spend(40.0)
    assert budget.exhausted_in_vain()
    budget.warmup += [sample(THREAD, 0, 1.0, (1.0,))]
    assert not budget.exhausted_in_vain()
