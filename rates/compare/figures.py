"""From samples to figures. Pure: no clock, no executor.

Failures are counted and never averaged in: a call that failed has no time, and the whole time of a round in which one
failed (sooner, or after retries) is no time for the work. Those figures come from the rounds without a failure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from statistics import median

from rates.compare.rounds import Sample, Variant


@dataclass(frozen=True, slots=True)
class Spread:
    """The median, least and greatest of some times."""

    median: float
    low: float
    high: float

    @property
    def half(self) -> float:
        """What stands behind the ±: half the distance from the least to the greatest.

        Not the interquartile range: by it, one pair of equals in four would differ after five rounds; by this, one in
        a hundred (medians further apart than both spreads, normal noise, 20,000 trials).
        """
        return (self.high - self.low) / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """One variant's figures, in seconds; None where there is nothing to tell it from.

    rounds: those without a failure, which `wall`, `per_second`, `speedup` and `ideal_share` are from. calls, failures:
    of all rounds. speedup: the median of the reference's whole time over this one's, round by round.
    ideal_s: ceil(n / workers) x latency, the least that many calls can take; ideal_share: ideal_s over the median.
    """

    variant: Variant
    rounds: int
    calls: int
    failures: int
    startup_s: float | None = None
    wall: Spread | None = None
    fetch_s: float | None = None
    per_second: float | None = None
    speedup: float | None = None
    ideal_s: float | None = None
    ideal_share: float | None = None


def figures(samples: Sequence[Sample], n: int, latency_s: float | None = None) -> tuple[Figures, ...]:
    """The figures of each variant, in the order of their first samples.

    n: calls in a round. latency_s: the time of one call when nothing is in its way; None leaves the ideal unknown.
    """
    variants = tuple(dict.fromkeys(sample.variant for sample in samples))
    standard = _whole_times(samples, reference(variants)) if variants else {}
    return tuple(_figures(samples, variant, standard, n, latency_s) for variant in variants)


def reference(variants: Sequence[Variant]) -> Variant:
    """What the others are compared with: sequential by map, else sequential, else the first."""
    ranked = sorted(variants, key=lambda variant: (variant.mode != "sequential", variant.via != "map"))
    return ranked[0] if ranked[0].mode == "sequential" else variants[0]


def sequential_latency(samples: Sequence[Sample]) -> float | None:
    """The median time of one call with no other beside it; None when sequential was not measured."""
    times = [time for sample in samples if sample.variant.mode == "sequential" for time in sample.fetch_s]
    return median(times) if times else None


def _figures(
    samples: Sequence[Sample], variant: Variant, standard: dict[int, float], n: int, latency_s: float | None
) -> Figures:
    own = [sample for sample in samples if sample.variant == variant]
    whole = _whole_times(samples, variant)
    ratios = [standard[number] / time for number, time in whole.items() if number in standard and time > 0]
    wall = spread(list(whole.values()))
    fetch_s = [time for sample in own for time in sample.fetch_s]
    ideal_s = None if latency_s is None else ceil(n / variant.workers) * latency_s
    timed = wall if wall is not None and wall.median > 0 else None
    return Figures(
        variant=variant,
        rounds=len(whole),
        calls=sum(len(sample.fetch_s) + len(sample.failures) for sample in own),
        failures=sum(len(sample.failures) for sample in own),
        startup_s=median(sample.startup_s for sample in own),
        wall=wall,
        fetch_s=median(fetch_s) if fetch_s else None,
        per_second=n / timed.median if timed else None,
        speedup=median(ratios) if ratios else None,
        ideal_s=ideal_s,
        ideal_share=ideal_s / timed.median if timed and ideal_s is not None else None,
    )


def spread(times: Sequence[float]) -> Spread | None:
    """Median, least and greatest; None of nothing."""
    return Spread(median(times), min(times), max(times)) if times else None


def _whole_times(samples: Sequence[Sample], variant: Variant) -> dict[int, float]:
    """The variant's whole time of each round in which nothing failed."""
    return {s.number: s.wall_s for s in samples if s.variant == variant and not s.failures}
