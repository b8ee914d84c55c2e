"""Comparisons with known times, for the tests of pictures and exports."""

from __future__ import annotations

from typing import Any

from rates.compare.comparison import conclude
from rates.compare.results import Comparison, Span, Variant
from tests.compare.clock import AGAIN_SEQUENTIAL, SEQUENTIAL, THREAD, plan, sample, span

TWO_THREADS = Variant("thread", "map", 2)


def phased(index: int, began_s: float, worker: str = "1", handed_s: float = 0.0, **more: Any) -> Span:
    """A fetch of 0.1 s: 0.01 connecting, 0.06 waiting, 0.01 receiving, 0.02 parsing."""
    phases = {"turn_s": 0.0, "connect_s": 0.01, "wait_s": 0.06, "read_s": 0.01, "parse_s": 0.02}
    known = {"worker": worker, "handed_s": handed_s, "connections": 1, **phases, **more}
    return span(index, began_s, began_s + 0.1, **known)


def in_turn(number: int, variant: Variant = SEQUENTIAL, **more: Any) -> Any:
    """Four fetches, one after the other."""
    spans = tuple(phased(place, place * 0.1, handed_s=place * 0.1) for place in range(4))
    return sample(variant, number, 0.4 + number / 1000, spans=spans, **more)


def by_two(number: int, **more: Any) -> Any:
    """The same four by two workers, all dispatched at once."""
    spans = tuple(phased(place, place // 2 * 0.1, str(place % 2 + 1)) for place in range(4))
    return sample(TWO_THREADS, number, 0.2 + number / 1000, spans=spans, cpu_parent_s=0.05, peak_rss_mb=40.0, **more)


def comparison(rounds: int = 3, **more: Any) -> Comparison:
    """Sequential, two threads, and sequential again; the ideal of 0.1 s a fetch."""
    variants = (SEQUENTIAL, TWO_THREADS, AGAIN_SEQUENTIAL)
    samples = [
        each
        for number in range(1, rounds + 1)
        for each in (in_turn(number), by_two(number), in_turn(number, AGAIN_SEQUENTIAL))
    ]
    return concluded(variants, samples, n=4, **more)


def failing() -> Comparison:
    """The same two, with a fetch of the second round failing in the threads."""
    broken = (phased(0, 0.0), span(1, 0.0, 0.05, worker="2", failure="refused <&>"))
    samples = [in_turn(1), by_two(1), in_turn(2), sample(TWO_THREADS, 2, 0.05, failures=("x",), spans=broken)]
    return concluded((SEQUENTIAL, TWO_THREADS), samples, n=4)


def plain() -> Comparison:
    """Calls without known phases."""
    return concluded((THREAD,), [sample(THREAD, 1, 1.0, (0.5, 0.7))], n=2)


def concluded(variants: tuple[Variant, ...], samples: list[Any], n: int, **more: Any) -> Comparison:
    """The comparison that follows from these samples."""
    latency = {"latency_s": 0.1, "source": "offline", **more}
    return conclude(plan(n, **latency), 3, variants, variants[0], tuple(samples))
