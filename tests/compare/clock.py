"""A clock that moves only when a test moves it, and calls that move it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rates.compare.results import AGAIN, Machine, Plan, Sample, Span, Variant
from rates.compare.work import Work

SEQUENTIAL = Variant("sequential", "map", 1)
AGAIN_SEQUENTIAL = Variant("sequential", "map", 1, AGAIN)
THREAD = Variant("thread", "map", 8)
SUBMIT = Variant("thread", "submit", 8)
PROCESS = Variant("process", "map", 8)
MACHINE = Machine(
    cores=2, cpu="none", system="Test", implementation="CPython", python="3.11", gil=True, compiled=True
)  # fmt: skip


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
    """Work whose workers take 3 s to warm up, and whose preparation takes 100 s that must not be counted."""

    @contextmanager
    def begin(mode: str, number: int) -> Iterator[Callable[[float], float]]:
        clock.spend(100)
        if begun is not None:
            begun.append((mode, number))
        yield call

    return Work(items, begin, warm=lambda: clock.spend(3), failed=lambda value: "negative" if value < 0 else "")


def span(index: int, began_s: float, ended_s: float, **more: object) -> Span:
    """A span of worker 1, dispatched when it began unless given otherwise."""
    return Span(**{"index": index, "worker": "1", "handed_s": began_s, "began_s": began_s, "ended_s": ended_s, **more})  # type: ignore[arg-type]


def sample(
    variant: Variant,
    number: int,
    wall_s: float,
    fetch_s: tuple[float, ...] = (),
    failures: tuple[str, ...] = (),
    **more: object,
) -> Sample:
    """A sample with a start-up of a hundredth of its wall time, and calls of these durations."""
    spans = [span(place, 0.0, time) for place, time in enumerate(fetch_s)]
    spans += [span(len(spans) + place, 0.0, 0.0, failure=why) for place, why in enumerate(failures)]
    known = {"startup_s": wall_s / 100, "spans": tuple(spans), **more}
    return Sample(variant=variant, number=number, wall_s=wall_s, failures=failures, **known)  # type: ignore[arg-type]


def plan(n: int = 16, **more: object) -> Plan:
    """A plan for n items."""
    known = {"source": "function", "rounds": 5, "warmup": 1, **more}
    return Plan(items=tuple(map(str, range(n))), **known)  # type: ignore[arg-type]
