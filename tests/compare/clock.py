"""A clock that goes only when it is told to, and calls that tell it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rates.compare.rounds import Sample, Variant
from rates.compare.work import Work

SEQUENTIAL = Variant("sequential", "map", 1)
THREAD = Variant("thread", "map", 8)
PROCESS = Variant("process", "map", 8)


class Clock:
    """Seconds since it was made."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """The time."""
        return self.now

    def spend(self, seconds: float) -> None:
        """Lets that much time pass."""
        self.now += seconds


def work_of(
    clock: Clock, call: Callable[[float], float], items: tuple[float, ...], begun: list[tuple[str, int]] | None = None
) -> Work[float, float]:
    """Work whose workers take 3 s to warm up, and whose getting ready takes 100 s that nobody may count."""

    @contextmanager
    def begin(mode: str, number: int) -> Iterator[Callable[[float], float]]:
        clock.spend(100)
        if begun is not None:
            begun.append((mode, number))
        yield call

    return Work(items, begin, warm=lambda: clock.spend(3), failed=lambda value: "negative" if value < 0 else "")


def sample(
    variant: Variant, number: int, wall_s: float, fetch_s: tuple[float, ...] = (), failures: tuple[str, ...] = ()
) -> Sample:
    """A sample with a start-up of a hundredth of its whole time."""
    return Sample(variant, number, wall_s / 100, wall_s, fetch_s, failures)
