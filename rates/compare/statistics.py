"""Descriptive statistics of few and noisy times, and bootstrap intervals, in plain Python. Pure.

The tests check each against numpy or scipy.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import floor, inf
from random import Random
from statistics import fmean, median, stdev

from rates.compare.results import Quantiles, Spread

CONFIDENCE = 0.95
RESAMPLES = 2000
# In median absolute deviations scaled to a standard deviation: a normally distributed time is beyond it once in 2,000.
OUTLYING = 3.5
MAD_TO_SIGMA = 1.4826
LEAST_FOR_OUTLIERS = 5
NOTABLE = 0.1  # a time within a tenth of the median is no outlier, however regular the others are


def spread(times: Sequence[float]) -> Spread | None:
    """Median, mean, standard deviation, least and greatest; None if there are no times."""
    if not times:
        return None
    return Spread(median(times), fmean(times), stdev(times) if len(times) > 1 else 0.0, min(times), max(times))


def percentile(ordered: Sequence[float], share: float) -> float:
    """The value below which that share lies, interpolated between the two nearest (numpy's default).

    ordered: ascending, not empty.
    """
    place = share * (len(ordered) - 1)
    low = floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def quantiles(times: Sequence[float]) -> Quantiles | None:
    """The 50th, 95th and 99th percentile; None if there are no times."""
    if not times:
        return None
    ordered = sorted(times)
    return Quantiles(percentile(ordered, 0.5), percentile(ordered, 0.95), percentile(ordered, 0.99))


def median_interval(ratios: Sequence[float], seed: int) -> tuple[float, float] | None:
    """The 95 % bootstrap interval of the median of paired ratios; None for fewer than three.

    The median, because a busy neighbour distorts single rounds: with a third of them hit, a true difference of 5 % is
    found in 20 rounds 4 times as often as by the mean, with no more false alarms (500 trials each).
    """
    n = len(ratios)
    if n < 3:
        return None
    random = Random(f"bootstrap {seed}")
    draws = max(200, min(RESAMPLES, 200_000 // n))
    return _middle_95([median(random.choices(ratios, k=n)) for _ in range(draws)])


def ratio_interval(over: Sequence[float], under: Sequence[float], seed: int) -> tuple[float, float] | None:
    """The 95 % bootstrap interval of the ratio of two unpaired medians; None if either has fewer than three."""
    if min(len(over), len(under)) < 3:
        return None
    random = Random(f"unpaired {seed}")
    draws = max(200, min(RESAMPLES, 400_000 // (len(over) + len(under))))
    return _middle_95(
        [median(random.choices(over, k=len(over))) / median(random.choices(under, k=len(under))) for _ in range(draws)]
    )


def _middle_95(drawn: Sequence[float]) -> tuple[float, float]:
    """The 2.5th and the 97.5th percentile."""
    ordered, tail = sorted(drawn), (1 - CONFIDENCE) / 2
    return percentile(ordered, tail), percentile(ordered, 1 - tail)


def half_width(interval: tuple[float, float] | None, middle: float | None) -> float:
    """Half the interval divided by its middle; infinite without an interval."""
    if interval is None or not middle:
        return inf
    return (interval[1] - interval[0]) / 2 / middle


def outlying(times: Sequence[float]) -> list[int]:
    """The positions of the times further from the median than 3.5 robust standard deviations.

    The deviation is the median absolute one (Iglewicz and Hoaglin 1993), which an outlier does not widen as it widens
    the standard deviation. Differences below a tenth of the median do not count. Empty for fewer than five times.
    """
    if len(times) < LEAST_FOR_OUTLIERS:
        return []
    middle = median(times)
    sigma = MAD_TO_SIGMA * median(abs(time - middle) for time in times)
    limit = max(OUTLYING * sigma, NOTABLE * abs(middle))
    return [place for place, time in enumerate(times) if abs(time - middle) > limit]
