"""Whole times that stand apart from the variant's others, and what they are likely from."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from rates.compare.records import Outlier, Sample, Variant
from rates.compare.statistics import outlying

# A round is slow as a whole when the other variants in it took so much longer than usual, in the median.
SLOW_ROUND = 1.1
# One call explains a whole time that took longer by at least this share of the excess.
EXPLAINS = 0.5


def outliers(samples: Sequence[Sample], variant: Variant) -> tuple[Outlier, ...]:
    """The outliers among one variant's whole times. They are told and stay in: medians heed them little."""
    good = [sample for sample in samples if sample.variant == variant and not sample.failures]
    times = [sample.wall_s for sample in good]
    return tuple(
        Outlier(good[place].number, times[place], _cause(good[place], good, samples)) for place in outlying(times)
    )


def _cause(sample: Sample, own: Sequence[Sample], samples: Sequence[Sample]) -> str:
    """The first that fits, from what is most certain to what is left."""
    usual = median(each.wall_s for each in own)
    if sample.wall_s < usual:
        return "faster than the others: caches, or the processor's clock"
    longest = max(sample.spans, key=lambda span: span.fetch_s, default=None)
    calls = [span.fetch_s for each in own for span in each.spans]
    if longest is not None and longest.fetch_s - median(calls) > EXPLAINS * (sample.wall_s - usual):
        again = " with another try" if (longest.requests or 0) > 1 else ""
        if again or _others(sample, samples) < SLOW_ROUND:
            return f"one call took {longest.fetch_s * 1000:.0f} ms{again}"
    if sample.number == min(each.number for each in own):
        return "the first round: caches were cold"
    if _others(sample, samples) >= SLOW_ROUND:
        return "the machine was busy: the other variants of that round were slow too"
    return "something else ran at that moment"


def _others(sample: Sample, samples: Sequence[Sample]) -> float:
    """How much longer than usual the other variants took in the same round, in the median; 1 without others."""
    usual: dict[Variant, list[float]] = {}
    for each in samples:
        usual.setdefault(each.variant, []).append(each.wall_s)
    found = [
        each.wall_s / median(usual[each.variant])
        for each in samples
        if each.number == sample.number and each.variant != sample.variant and median(usual[each.variant]) > 0
    ]
    return median(found) if found else 1.0
