"""Rounds interleave, repeat with their seed, and end when they should."""

from __future__ import annotations

import gc
from functools import partial

import pytest

from rates.compare.results import Sample, Variant
from rates.compare.rounds import run_rounds
from rates.executors import OpenExecutor
from rates.executors.sequential import SequentialExecutor
from tests.compare.clock import PROCESS, SEQUENTIAL, SUBMIT, THREAD, Clock, work_of

VARIANTS = (SEQUENTIAL, THREAD, PROCESS)


def _takes(clock: Clock, seconds: float) -> float:
    clock.spend(seconds)
    return seconds


def _one_by_one(mode: str, workers: int, **more: object) -> OpenExecutor:
    """An executor that runs all modes in the caller, so that a synthetic clock is exact."""
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
    """Every round has each variant once, the orders differ, and the warm-up's rounds come first and are numbered so."""
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
    """The work is made ready for each measurement with its mode and round, so that no round lives on the last one's."""
    begun = list[tuple[str, int]]()
    found = _rounds(2, 1, 3, begun)
    assert begun == [(each.variant.mode, each.number) for each in found]


def test_cold_pools_start_each_time() -> None:
    """Each measurement opens and warms a pool of its own."""
    assert [each.startup_s for each in _rounds(2, 0, 1)] == [3.0] * 6


def test_warm_pools_start_once() -> None:
    """A kept pool starts once, if in the warm-up; its start-up is told in the first round, by all that share it."""
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


def test_collector_is_given_back() -> None:
    """What was hidden from the garbage collector while it was measured is not hidden for ever."""
    gc.unfreeze()
    _rounds(1, 0, 1)
    assert gc.get_freeze_count() == 0
