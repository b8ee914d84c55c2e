"""From samples to each variant's figures. Pure: no clock, no executor.

Failures are counted and never averaged in. A call that failed has no time, and the wall time of a round in which one
failed (sooner, or after retries) is not the time of the work: those figures come from the rounds without a failure.

Differences are paired: a round runs every variant once within seconds, so the ratio of two wall times of one round is
free of whatever slowed the whole round. With a busy neighbour the same code measured twice differed by -12 % to +9 % in
blocks, and by -6 % to +1 % when paired.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import ceil
from statistics import fmean, median
from typing import Any

from rates.compare.results import AGAIN, Behind, Figures, Sample, Span, Variant, names
from rates.compare.statistics import holm, median_interval, outlying, quantiles, spread, trimmed_p

ALPHA = 0.05
# With fewer rounds a difference cannot be separated from noise.
LEAST_ROUNDS = 3
# Half as long again in each of four rounds: if one round in ten did so by chance, all four would once in 10,000. A t
# test of so few rounds, with one outlier among them, misses a difference that is plain to see.
PLAIN_ROUNDS, PLAIN = 4, 1.5
# The figures that are percentiles over all calls, and those that are medians over the rounds.
PER_CALL = ("queue", "fetch", "wire", "parse", "turn")
PER_ROUND = ("cpu_parent_s", "cpu_children_s")


def whole_times(samples: Sequence[Sample], variant: Variant) -> dict[int, float]:
    """The variant's wall time in each round in which no call failed, by the round's number."""
    return {each.number: each.wall_s for each in samples if each.variant == variant and not each.failures}


def ratios(samples: Sequence[Sample], over: Variant, under: Variant) -> list[float]:
    """The wall time of `over` divided by that of `under`, for each round in which neither had a failure."""
    above, below = whole_times(samples, over), whole_times(samples, under)
    return [above[number] / time for number, time in below.items() if number in above and time > 0]


def figures(
    samples: Sequence[Sample],
    reference: Variant,
    n: int,
    *,
    latency_s: float | None = None,
    least: float | None = None,
    seed: int = 0,
) -> tuple[Figures, ...]:
    """The figures of each variant, in the order of their first samples.

    n: calls in a round. latency_s: the time of one call that nothing delays; without it the ideal is unknown. least:
    the smallest difference that these rounds can show. seed: of the bootstrap.
    """
    named = names(sample.variant for sample in samples)
    rows = [_figures(samples, variant, name, reference, n, latency_s, seed) for variant, name in named.items()]
    # The twin is the yardstick and not one of the tests that p is corrected for.
    tested = {row.variant: row.p for row in rows if row.p is not None and row.variant.label != AGAIN}
    corrected = dict(zip(tested, holm(list(tested.values())), strict=True))
    behind = _behind(samples, rows, least or 0.0, seed)
    return tuple(replace(row, p=corrected.get(row.variant, row.p), behind=behind.get(row.variant)) for row in rows)


def _behind(samples: Sequence[Sample], rows: Sequence[Figures], least: float, seed: int) -> dict[Variant, Behind]:
    """How far each variant with a wall time is behind the fastest."""
    timed = [row for row in rows if row.wall is not None and row.variant.label != AGAIN]
    if not timed:
        return {}
    fastest = min(timed, key=Figures.median_s).variant
    paired = {row.variant: ratios(samples, row.variant, fastest) for row in timed if row.variant != fastest}
    found = {}
    for (variant, each), p in zip(paired.items(), holm(list(map(trimmed_p, paired.values()))), strict=True):
        ratio, interval = median(each) if each else 1.0, median_interval(each, seed)
        plain = len(each) >= PLAIN_ROUNDS and min(each) >= PLAIN
        clear = p < ALPHA and (interval is None or interval[0] > 1)
        found[variant] = Behind(ratio, interval, p, plain, (clear or plain) and ratio - 1 > least)
    return found


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
    paired = ratios(samples, reference, replace(reference, label=AGAIN))
    interval = median_interval(paired, seed)
    return None if interval is None else max((interval[1] - interval[0]) / 2, abs(median(paired) - 1))


def _figures(
    samples: Sequence[Sample],
    variant: Variant,
    name: str,
    reference: Variant,
    n: int,
    latency_s: float | None,
    seed: int,
) -> Figures:
    """All figures of one variant but `behind`, its p not yet corrected."""
    own = [sample for sample in samples if sample.variant == variant]
    good = [sample for sample in own if not sample.failures]
    walls = [sample.wall_s for sample in good]
    spans = [span for sample in own for span in sample.spans if not span.failure]
    wall = spread(walls)
    timed = wall.median if wall is not None and wall.median > 0 else None
    paired = ratios(samples, reference, variant)
    ideal_s = None if latency_s is None else ceil(n / variant.workers) * latency_s
    other = variant != reference
    more: dict[str, Any] = {one: quantiles(_known(getattr(each, f"{one}_s") for each in spans)) for one in PER_CALL}
    more |= {one: _middle(getattr(sample, one) for sample in good) for one in PER_ROUND}
    return Figures(
        variant=variant,
        name=name,
        rounds=len(good),
        calls=sum(len(sample.spans) for sample in own),
        failures=sum(len(sample.failures) for sample in own),
        startup=spread([sample.startup_s for sample in own if sample.startup_s > 0]) or spread([0.0] * len(own)),
        wall=wall,
        shutdown=spread(_known(sample.shutdown_s for sample in own)),
        waiting_share=_waiting(good),
        per_second=n / timed if timed else None,
        connections=_middle(_sum(sample.spans, "connections") for sample in own),
        peak_rss_mb=max(_known(sample.peak_rss_mb for sample in own), default=None),
        busy=_middle((_sum(each.spans, "fetch_s") or 0.0) / each.wall_s for each in good if each.wall_s > 0),
        speedup=median(paired) if paired else None,
        speedup_ci95=median_interval(paired, seed) if other else None,
        p=trimmed_p(paired) if other and len(paired) > 1 else None,
        ideal_s=ideal_s,
        ideal_share=ideal_s / timed if timed and ideal_s is not None else None,
        outliers=tuple(good[place].number for place in outlying(walls)),
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
