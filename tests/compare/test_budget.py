"""Rounds end when they should."""

from __future__ import annotations

import pytest

from rates.compare.budget import Budget
from tests.compare.clock import SEQUENTIAL, THREAD, Clock, sample


def _budget(clock: Clock, rounds: int | None, budget_s: float | None, least: int = 1) -> Budget:
    return Budget(clock, SEQUENTIAL, (SEQUENTIAL, THREAD), rounds, budget_s, 1, least)


def _count(budget: Budget, clock: Clock, seconds: float, ratios: tuple[float, ...] = (8.0,)) -> int:
    """How many rounds of so many seconds there are; the pairs have these ratios, over and over."""
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
    """Rounds end at their number, at the interval of ±3 %, or before the one that the budget does not hold."""
    clock = Clock()
    assert _count(_budget(clock, rounds, budget_s, least), clock, 10.0, ratios) == expected


def test_budget_counts_the_warm_up() -> None:
    """The time of the warm-up is spent too, and its rounds do not tell how long one takes."""
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


def test_hopeless_warm_up() -> None:
    """After a warm-up in which every call failed no round is begun; after one in which some did not, one is."""
    budget = _budget(Clock(), 9, None)
    budget.warmup += [sample(SEQUENTIAL, 0, 1.0, (), ("USD: x",))]
    assert not budget.more(0)
    budget.warmup += [sample(THREAD, 0, 1.0, (1.0,), ("USD: x",))]
    assert budget.more(0)


def test_exhausted_in_vain() -> None:
    """When the time is spent and every call so far has failed, not even the round is ended."""
    clock = Clock()
    budget = _budget(clock, None, 35.0, 4)
    budget.warmup += [sample(SEQUENTIAL, 0, 40.0, (), ("USD: x",))]
    assert not budget.exhausted_in_vain()
    clock.spend(40.0)
    assert budget.exhausted_in_vain()
    budget.warmup += [sample(THREAD, 0, 1.0, (1.0,))]
    assert not budget.exhausted_in_vain()
