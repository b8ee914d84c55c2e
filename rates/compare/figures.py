"""From samples to figures. Pure: no clock, no executor.

Failures are counted and never averaged in: a call that failed has no time, and the whole time of a round in which one
failed (sooner, or after retries) is no time for the work. Those figures come from the rounds without a failure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import ceil
from statistics import fmean, median
from typing import Any

from rates.compare.outliers import outliers
from rates.compare.records import AGAIN, Figures, Sample, Span, Variant
from rates.compare.statistics import holm, logs, median_interval, quantiles, spread, trimmed_p


def figures(
    samples: Sequence[Sample], reference: Variant, n: int, *, latency_s: float | None = None, seed: int = 0
) -> tuple[Figures, ...]:
    """The figures of each variant, in the order of their first samples.

    n: calls in a round. latency_s: the time of one call when nothing is in its way; None leaves the ideal unknown.
    seed: of the bootstrap.
    """
    variants = tuple(dict.fromkeys(sample.variant for sample in samples))
    rows = [_figures(samples, variant, reference, n, latency_s, seed) for variant in variants]
    return tuple(_corrected(rows, reference))


def sequential_latency(samples: Sequence[Sample], reference: Variant) -> float | None:
    """The median time of one call with no other beside it; None when sequential was not measured."""
    if reference.workers != 1:
        return None
    times = [s.fetch_s for each in samples if each.variant == reference for s in _well(each.spans)]
    return median(times) if times else None


def ratios(samples: Sequence[Sample], over: Variant, under: Variant) -> list[float]:
    """The whole time of `over` by that of `under`, for each round in which both went well."""
    above, below = whole_times(samples, over), whole_times(samples, under)
    return [above[number] / time for number, time in below.items() if number in above and time > 0]


def whole_times(samples: Sequence[Sample], variant: Variant) -> dict[int, float]:
    """The variant's whole time of each round in which nothing failed."""
    return {s.number: s.wall_s for s in samples if s.variant == variant and not s.failures}


def visible(samples: Sequence[Sample], reference: Variant, seed: int = 0) -> float | None:
    """The smallest relative difference that these rounds can see, by the ratio of the reference over its twin.

    Half its 95 % interval: what is nearer to 1 than that, the interval would cover. More where the median itself is
    further from 1, though there is in truth no difference. None of fewer than three rounds.
    """
    twin = Variant(reference.mode, reference.via, reference.workers, AGAIN)
    paired = ratios(samples, reference, twin)
    interval = median_interval(paired, seed)
    if interval is None:
        return None
    return max((interval[1] - interval[0]) / 2, abs(median(paired) - 1))


def _figures(
    samples: Sequence[Sample], variant: Variant, reference: Variant, n: int, latency_s: float | None, seed: int
) -> Figures:
    own = [sample for sample in samples if sample.variant == variant]
    good = [sample for sample in own if not sample.failures]
    wall = spread([sample.wall_s for sample in good])
    paired = ratios(samples, reference, variant)
    ideal_s = None if latency_s is None else ceil(n / variant.workers) * latency_s
    timed = wall.median if wall is not None and wall.median > 0 else None
    other = variant != reference
    return Figures(
        variant=variant,
        rounds=len(good),
        calls=sum(len(sample.spans) for sample in own),
        failures=sum(len(sample.failures) for sample in own),
        startup=spread([sample.startup_s for sample in own if sample.startup_s > 0]) or spread([0.0] * len(own)),
        first=spread([sample.first_s for sample in good]),
        wall=wall,
        shutdown=spread(_known(sample.shutdown_s for sample in own)),
        per_second=n / timed if timed else None,
        speedup=median(paired) if paired else None,
        speedup_ci95=median_interval(paired, seed) if other else None,
        p=trimmed_p(logs(paired)) if other and len(paired) > 1 else None,
        ideal_s=ideal_s,
        ideal_share=ideal_s / timed if timed and ideal_s is not None else None,
        outliers=outliers(samples, variant),
        **_of_calls(own),
        **_costs(own, good),
    )


def _of_calls(own: Sequence[Sample]) -> dict[str, Any]:
    """The percentiles over all calls that went well."""
    spans = [span for sample in own for span in _well(sample.spans)]
    return {
        "queue": quantiles([span.queue_s for span in spans]),
        "fetch": quantiles([span.fetch_s for span in spans]),
        "wire": quantiles(_known(span.wire_s for span in spans)),
        "parse": quantiles(_known(span.parse_s for span in spans)),
        "turn": quantiles(_known(span.turn_s for span in spans)),
    }


def _costs(own: Sequence[Sample], good: Sequence[Sample]) -> dict[str, Any]:
    """What a round takes of the machine and of the server, and how busy its workers are."""
    return {
        "waiting_share": _waiting(good),
        "cpu_parent_s": _middle(good, lambda sample: sample.cpu_parent_s),
        "cpu_children_s": _middle(good, lambda sample: sample.cpu_children_s),
        "cpu_startup_s": _middle(good, lambda sample: sample.cpu_startup_s),
        "peak_rss_mb": max(_known(sample.peak_rss_mb for sample in own), default=None),
        "requests": _middle(own, lambda sample: _sum(span.requests for span in sample.spans)),
        "connections": _middle(own, lambda sample: _sum(span.connections for span in sample.spans)),
        "busy": _middle(good, _busy),
    }


def _corrected(rows: Sequence[Figures], reference: Variant) -> Iterable[Figures]:
    """The rows with each p corrected for the number of comparisons; the twin is none, it is the yardstick."""
    from dataclasses import replace

    asked = [row for row in rows if row.p is not None and row.variant.label != AGAIN]
    better = dict(zip((row.variant for row in asked), holm([row.p for row in asked if row.p is not None]), strict=True))
    for row in rows:
        yield replace(row, p=better.get(row.variant, row.p))


def _well(spans: Iterable[Span]) -> Iterable[Span]:
    return (span for span in spans if not span.failure)


def _known(values: Iterable[float | None]) -> list[float]:
    return [value for value in values if value is not None]


def _middle(samples: Sequence[Sample], value: Callable[[Sample], float | None]) -> float | None:
    """The median over the samples that know it."""
    found = _known(map(value, samples))
    return median(found) if found else None


def _sum(values: Iterable[int | None]) -> float | None:
    found = [value for value in values if value is not None]
    return float(sum(found)) if found else None


def _busy(sample: Sample) -> float | None:
    """Mean number of workers at work: their time in calls, over the whole time."""
    return sum(span.fetch_s for span in sample.spans) / sample.wall_s if sample.wall_s > 0 else None


def _waiting(samples: Sequence[Sample]) -> float | None:
    """Of the time in calls, the share that is waiting: what is no parsing, or, of other calls, no processor time."""
    shares = []
    for sample in samples:
        inside = sum(span.fetch_s for span in sample.spans)
        if inside <= 0:
            continue
        parsing = _known(span.parse_s for span in sample.spans)
        spent = _known((sample.cpu_parent_s, sample.cpu_children_s))
        if len(parsing) == len(sample.spans):
            shares.append(1 - sum(parsing) / inside)
        elif spent:
            shares.append(max(0.0, 1 - sum(spent) / inside))
    return fmean(shares) if shares else None
