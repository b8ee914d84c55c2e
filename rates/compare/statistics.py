"""Statistics of few and noisy times, in plain Python: spread, bootstrap intervals, t tests. Pure.

The tests check each against numpy or scipy.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, floor, inf, lgamma, log, sqrt
from random import Random
from statistics import fmean, median, stdev

from rates.compare.results import Quantiles, Spread

CONFIDENCE, RESAMPLES = 0.95, 2000
# In median absolute deviations scaled to a standard deviation: a normally distributed time is beyond it once in 2,000.
OUTLYING = 3.5
MAD_TO_SIGMA = 1.4826
LEAST_FOR_OUTLIERS = 5
NOTABLE = 0.1  # a time within a tenth of the median is no outlier, however regular the others are
# Share trimmed at either end, and the number of values from which on anything is trimmed.
TRIMMED, LEAST_TRIMMED = 0.2, 10


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
    ordered = sorted(times)
    return Quantiles(*(percentile(ordered, share) for share in (0.5, 0.95, 0.99))) if ordered else None


def median_interval(
    values: Sequence[float], seed: int, under: Sequence[float] | None = None
) -> tuple[float, float] | None:
    """The 95 % bootstrap interval of the median, or of the ratio of the medians of two unpaired samples.

    None if there are fewer than three values of either. The median, because a busy neighbour distorts single rounds:
    with a third of them hit, a true difference of 5 % is found in 20 rounds 4 times as often as by the mean, with no
    more false alarms (500 trials each).
    """
    groups = [values] if under is None else [values, under]
    if min(map(len, groups)) < 3:
        return None
    random, n = Random(f"bootstrap {seed}"), sum(map(len, groups))
    draws = max(200, min(RESAMPLES, 200_000 * len(groups) // n))
    drawn = [[median(random.choices(group, k=len(group))) for group in groups] for _ in range(draws)]
    ordered, tail = sorted(over / (rest[0] if rest else 1.0) for over, *rest in drawn), (1 - CONFIDENCE) / 2
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


def trimmed_p(times: Sequence[float], others: Sequence[float] | None = None) -> float:
    """The two-sided p of a trimmed t test of the logarithms of times or of their ratios.

    Of one sample against a ratio of 1, or of two samples with unequal variances. In logarithms twice as fast and half
    as fast are equally far from equal. From ten values on (in both samples), a fifth is trimmed at either end, so that
    an outlier neither makes a difference nor hides one (Yuen 1974). Below ten it is Student's, or Welch's, t test. 1
    for fewer than two values.
    """
    groups = [[log(time) for time in group] for group in (times, others) if group is not None]
    if min(map(len, groups)) < 2:
        return 1.0
    share = TRIMMED if min(map(len, groups)) >= LEAST_TRIMMED else 0.0
    means, errors, freedoms = zip(*(_trimmed_mean(group, share) for group in groups), strict=True)
    difference, error = means[0] - sum(means[1:]), sum(errors)
    if error == 0:
        return 1.0 if difference == 0 else 0.0
    freedom = error**2 / sum(each**2 / free for each, free in zip(errors, freedoms, strict=True))
    return two_sided(difference / sqrt(error), freedom)


def _trimmed_mean(values: Sequence[float], share: float) -> tuple[float, float, int]:
    """The trimmed mean, the square of its standard error, and its degrees of freedom."""
    ordered, n = sorted(values), len(values)
    cut = floor(share * n)
    left = n - 2 * cut
    winsorised = [min(max(value, ordered[cut]), ordered[n - cut - 1]) for value in ordered]
    centre = fmean(winsorised)
    squares = sum((value - centre) ** 2 for value in winsorised)
    return fmean(ordered[cut : n - cut]), squares / (left * (left - 1)), left - 1


def two_sided(t: float, freedom: float) -> float:
    """The probability that Student's t is at least this far from zero."""
    return beta_share(freedom / 2, 0.5, freedom / (freedom + t * t))


def beta_share(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function, by its continued fraction (Abramowitz and Stegun 26.5.8)."""
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - beta_share(b, a, 1 - x)
    value = 1.0
    for term in range(300, 0, -1):  # 300 terms are more than enough below the middle
        m = term // 2
        if term % 2:
            step = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        else:
            step = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        value = 1 + step / value
    return exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(1 - x)) / a / value


def holm(found: Sequence[float]) -> list[float]:
    """The p values corrected for the number of tests (Holm 1979), in the order given.

    The least is multiplied by their number, the next by one less, and so on; none becomes less than one before it.
    """
    corrected, worst = [0.0] * len(found), 0.0
    for rank, place in enumerate(sorted(range(len(found)), key=lambda place: found[place])):
        worst = max(worst, min(1.0, (len(found) - rank) * found[place]))
        corrected[place] = worst
    return corrected
