"""What is timed and what is not, the order of the rounds, and how a measurement ends."""

from __future__ import annotations

from functools import partial

import pytest

from rates.compare.rounds import Sample, Variant, measure, run_rounds
from rates.compare.work import calls
from rates.executors import OpenExecutor, open_executor
from rates.executors.sequential import SequentialExecutor
from rates.executors.thread import ThreadExecutor
from rates.transport import watchdog
from tests.compare.clock import SEQUENTIAL, Clock, work_of

VARIANTS = [Variant(mode, via, 1) for mode in ("sequential", "thread") for via in ("map", "submit")]


def _takes(clock: Clock, seconds: float) -> float:
    """A call that takes as long as its item says."""
    clock.spend(seconds)
    return seconds


def _one_by_one(mode: str, workers: int, **more: object) -> OpenExecutor:
    """An executor that runs all modes in the caller, so that a synthetic clock is exact."""
    return SequentialExecutor(more.get("initializer"))  # type: ignore[arg-type]


def test_times_are_told_apart() -> None:
    """Getting ready is nobody's time, warming up is start-up, and each call has its own."""
    clock = Clock()
    found = measure(SEQUENTIAL, work_of(clock, partial(_takes, clock), (1.0, 2.0, 4.0)), 7, clock=clock)
    assert found == Sample(SEQUENTIAL, 7, 3.0, 7.0, (1.0, 2.0, 4.0), ())


@pytest.mark.parametrize("via", ["map", "submit"])
def test_failures_have_no_time(via: str) -> None:
    """A call that raises, and one whose value is a failure, are told by item and reason and have no time."""
    clock = Clock()

    def call(seconds: float) -> float:
        clock.spend(abs(seconds))
        if seconds == 2.0:
            raise ValueError("no two")
        return seconds

    found = measure(Variant("sequential", via, 1), work_of(clock, call, (1.0, 2.0, -4.0)), clock=clock)
    assert found.fetch_s == (1.0,)
    assert found.failures == ("2.0: no two", "-4.0: negative")
    assert found.wall_s == 7.0


def test_rounds_interleave() -> None:
    """Every round has each variant once, the orders differ, and the warm-up's rounds come first and are numbered so."""
    clock = Clock()
    work = work_of(clock, partial(_takes, clock), (1.0,))
    found = list(run_rounds(VARIANTS, work, rounds=6, warmup=2, seed=1, clock=clock, opener=_one_by_one))
    assert [each.number for each in found] == [number for number in range(-1, 7) for _ in VARIANTS]
    orders = [tuple(each.variant for each in found if each.number == number) for number in range(-1, 7)]
    assert all(set(order) == set(VARIANTS) for order in orders)
    assert len(set(orders)) > 3


def test_seed_repeats_the_order() -> None:
    """One seed gives one order, another gives another."""

    def order(seed: int) -> list[Variant]:
        clock = Clock()
        work = work_of(clock, partial(_takes, clock), (1.0,))
        rounds = run_rounds(VARIANTS, work, rounds=5, warmup=0, seed=seed, clock=clock, opener=_one_by_one)
        return [each.variant for each in rounds]

    assert order(7) == order(7)
    assert order(7) != order(8)


def test_each_measurement_begins_anew() -> None:
    """The work is made ready for each measurement with its mode and round, so that no round lives on the last one's."""
    clock, begun = Clock(), list[tuple[str, int]]()
    work = work_of(clock, partial(_takes, clock), (1.0,), begun)
    found = list(run_rounds(VARIANTS, work, rounds=2, warmup=1, seed=3, clock=clock, opener=_one_by_one))
    assert begun == [(each.variant.mode, each.number) for each in found]


def test_every_thread_is_started_before_the_calls() -> None:
    """Start-up waits for all workers: each has warmed up before the first call."""
    events: list[str] = []
    work = calls(events.append, ("call",) * 9)
    measure(Variant("thread", "map", 5), _warmed(work, events))
    assert events == ["warm"] * 5 + ["call"] * 9


def _warmed(work, events):  # type: ignore[no-untyped-def]
    from dataclasses import replace

    return replace(work, warm=partial(events.append, "warm"))


def test_interrupted_measurement_leaves_nothing() -> None:
    """Ctrl-C in a call goes through, kills the executor, and leaves the transport open for the next fetch."""
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
    assert not watchdog._watch.stopped.is_set()


def test_broken_start_up_frees_the_threads() -> None:
    """A worker that cannot warm up ends the measurement with the variant's name, and no thread waits for ever."""
    from dataclasses import replace

    from rates.errors import RatesError

    def broken() -> None:
        raise OSError("no disk")

    opened: list[ThreadExecutor] = []

    def opener(mode: str, workers: int, **more: object) -> OpenExecutor:
        opened.append(ThreadExecutor(workers, broken))
        return opened[0]

    with pytest.raises(RatesError, match="thread by map cannot be measured"):
        measure(Variant("thread", "map", 3), replace(calls(str, (1, 2)), warm=broken), opener=opener)
    assert not any(thread.is_alive() for thread in opened[0]._threads)
