"""From samples to each variant's figures. Pure: no clock, no executor.

Failures are counted and never averaged in. A call that failed has no time, and the wall time of a round in which one
failed (sooner, or after retries) is not the time of the work: those figures come from the rounds without a failure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import ceil
from statistics import fmean, median
from typing import Any

from rates.compare.results import AGAIN, Figures, Outlier, Sample, Span, Variant
from rates.compare.significance import holm, logs, ratios, trimmed_p
from rates.compare.statistics import median_interval, outlying, quantiles, spread

# The figures that are percentiles over all calls, and those that are medians over the rounds.
PER_CALL = ("queue", "fetch", "wire", "parse", "turn")
PER_ROUND = ("cpu_parent_s", "cpu_children_s", "cpu_startup_s")
# A whole round was slow if the other variants in it took this many times as long as usual, in the median.
SLOW_ROUND = 1.1
# One call explains a slow wall time if it took longer than usual by at least this share of the excess.
EXPLAINS = 0.5


def figures(
    samples: Sequence[Sample], reference: Variant, n: int, *, latency_s: float | None = None, seed: int = 0
) -> tuple[Figures, ...]:
    """The figures of each variant, in the order of their first samples.

    n: calls in a round. latency_s: the time of one call that nothing delays; without it the ideal is unknown. seed: of
    the bootstrap.
    """
    variants = tuple(dict.fromkeys(sample.variant for sample in samples))
    rows = [_figures(samples, variant, reference, n, latency_s, seed) for variant in variants]
    # The twin is the yardstick and not one of the tests that p is corrected for.
    tested = {row.variant: row.p for row in rows if row.p is not None and row.variant.label != AGAIN}
    corrected = dict(zip(tested, holm(list(tested.values())), strict=True))
    return tuple(replace(row, p=corrected.get(row.variant, row.p)) for row in rows)


def sequential_latency(samples: Sequence[Sample], reference: Variant) -> float | None:
    """The median time of a call that runs alone; None if the reference has several workers."""
    if reference.workers != 1:
        return None
    times = [span.fetch_s for each in samples if each.variant == reference for span in each.spans if not span.failure]
    return median(times) if times else None


def visible(samples: Sequence[Sample], reference: Variant, seed: int = 0) -> float | None:
    """The smallest relative difference that these rounds can show, from the ratio of the reference to its twin (A/A).

    Half the 95 % interval of that ratio, or the distance of its median from 1 where that is more: the two are equal in
    truth. None for fewer than three rounds.
    """
    twin = replace(reference, label=AGAIN)
    paired = ratios(samples, reference, twin)
    interval = median_interval(paired, seed)
    return None if interval is None else max((interval[1] - interval[0]) / 2, abs(median(paired) - 1))


def _figures(
    samples: Sequence[Sample], variant: Variant, reference: Variant, n: int, latency_s: float | None, seed: int
) -> Figures:
    own = [sample for sample in samples if sample.variant == variant]
    good = [sample for sample in own if not sample.failures]
    spans = [span for sample in own for span in sample.spans if not span.failure]
    wall = spread([sample.wall_s for sample in good])
    timed = wall.median if wall is not None and wall.median > 0 else None
    paired = ratios(samples, reference, variant)
    ideal_s = None if latency_s is None else ceil(n / variant.workers) * latency_s
    other = variant != reference
    more: dict[str, Any] = {name: quantiles(_known(getattr(each, f"{name}_s") for each in spans)) for name in PER_CALL}
    more |= {name: _middle(getattr(sample, name) for sample in good) for name in PER_ROUND}
    more |= {name: _middle(_sum(sample.spans, name) for sample in own) for name in ("requests", "connections")}
    return Figures(
        variant=variant,
        rounds=len(good),
        calls=sum(len(sample.spans) for sample in own),
        failures=sum(len(sample.failures) for sample in own),
        startup=spread([sample.startup_s for sample in own if sample.startup_s > 0]) or spread([0.0] * len(own)),
        first=spread([sample.first_s for sample in good]),
        wall=wall,
        shutdown=spread(_known(sample.shutdown_s for sample in own)),
        waiting_share=_waiting(good),
        per_second=n / timed if timed else None,
        peak_rss_mb=max(_known(sample.peak_rss_mb for sample in own), default=None),
        busy=_middle((_sum(each.spans, "fetch_s") or 0.0) / each.wall_s for each in good if each.wall_s > 0),
        speedup=median(paired) if paired else None,
        speedup_ci95=median_interval(paired, seed) if other else None,
        p=trimmed_p(logs(paired)) if other and len(paired) > 1 else None,
        ideal_s=ideal_s,
        ideal_share=ideal_s / timed if timed and ideal_s is not None else None,
        outliers=outliers(samples, variant),
        **more,
    )


def _known(values: Iterable[float | None]) -> list[float]:
    return [value for value in values if value is not None]


def _middle(values: Iterable[float | None]) -> float | None:
    found = _known(values)
    return float(median(found)) if found else None


def _sum(spans: Sequence[Span], name: str) -> Any:
    """The sum of a field over the spans that have it; None if none has."""
    found = _known(getattr(span, name) for span in spans)
    return sum(found) if found else None


def _waiting(samples: Sequence[Sample]) -> float | None:
    """The share of the time in calls that is waiting: not parsing; for calls without phases, not processor time."""
    shares = []
    for sample in samples:
        parsing = _known(span.parse_s for span in sample.spans)
        spent = _known((sample.cpu_parent_s, sample.cpu_children_s))
        if not (inside := _sum(sample.spans, "fetch_s")):
            continue
        if len(parsing) == len(sample.spans):
            shares.append(1 - sum(parsing) / inside)
        elif spent:
            shares.append(max(0.0, 1 - sum(spent) / inside))
    return fmean(shares) if shares else None


def outliers(samples: Sequence[Sample], variant: Variant) -> tuple[Outlier, ...]:
    """The outliers among one variant's wall times. They are reported and stay in: they move a median little."""
    good = [sample for sample in samples if sample.variant == variant and not sample.failures]
    places = outlying([sample.wall_s for sample in good])
    return tuple(Outlier(good[at].number, good[at].wall_s, _cause(good[at], good, samples)) for at in places)


def _cause(sample: Sample, own: Sequence[Sample], samples: Sequence[Sample]) -> str:
    """The likely cause: the first that fits, from the most certain to what is left."""
    usual = median(each.wall_s for each in own)
    if sample.wall_s < usual:
        return "faster than the others: caches, or the processor's clock"
    others = _slowness_of_others(sample, samples)
    longest = max(sample.spans, key=lambda span: span.fetch_s, default=None)
    calls = [span.fetch_s for each in own for span in each.spans]
    if longest is not None and longest.fetch_s - median(calls) > EXPLAINS * (sample.wall_s - usual):
        retried = " with another try" if (longest.requests or 0) > 1 else ""
        if retried or others < SLOW_ROUND:
            return f"one call took {longest.fetch_s * 1000:.0f} ms{retried}"
    if sample.number == min(each.number for each in own):
        return "the first round: caches were cold"
    if others >= SLOW_ROUND:
        return "the machine was busy: the other variants of that round were slow too"
    return "something else ran at that moment"


def _slowness_of_others(sample: Sample, samples: Sequence[Sample]) -> float:
    """How many times as long as usual the other variants took in that round, in the median; 1 without others."""
    usual: dict[Variant, list[float]] = {}
    for each in samples:
        usual.setdefault(each.variant, []).append(each.wall_s)
    found = [
        each.wall_s / median(usual[each.variant])
        for each in samples
        if each.number == sample.number and each.variant != sample.variant and median(usual[each.variant]) > 0
    ]
    return median(found) if found else 1.0
