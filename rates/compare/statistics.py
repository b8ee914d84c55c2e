"""The statistics of few and noisy times, in plain Python. Pure; each is checked against numpy or scipy in the tests.

Paired: a round runs every variant once, within seconds, so the ratio of two whole times of one round is rid of what
made the whole round slow. With a busy neighbour the same code twice reads 0.88 to 1.09 in blocks, 0.94 to 1.01 paired.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, floor, inf, lgamma, log, sqrt
from random import Random
from statistics import fmean, median, stdev

from rates.compare.records import Quantiles, Spread

CONFIDENCE = 0.95
RESAMPLES = 2000
TRIMMED = 0.2
# Of the median absolute deviation, scaled to a standard deviation: a normal time is beyond it once in 2,000.
OUTLYING = 3.5
MAD_TO_SIGMA = 1.4826
LEAST_FOR_OUTLIERS = 5
NOTABLE = 0.1  # nearer to the median than a tenth of it nothing is an outlier, however regular the others
LEAST_TRIMMED = 10


def spread(times: Sequence[float]) -> Spread | None:
    """Median, mean, standard deviation, least and greatest; None of nothing."""
    if not times:
        return None
    return Spread(median(times), fmean(times), stdev(times) if len(times) > 1 else 0.0, min(times), max(times))


def percentile(ordered: Sequence[float], share: float) -> float:
    """The value below which that share lies, between the two nearest in proportion (numpy's default).

    ordered: ascending, not empty.
    """
    place = share * (len(ordered) - 1)
    low = floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def quantiles(times: Sequence[float]) -> Quantiles | None:
    """The three percentiles that are shown; None of nothing."""
    if not times:
        return None
    ordered = sorted(times)
    return Quantiles(percentile(ordered, 0.5), percentile(ordered, 0.95), percentile(ordered, 0.99))


def median_interval(ratios: Sequence[float], seed: int, confidence: float = CONFIDENCE) -> tuple[float, float] | None:
    """The bootstrap interval of the median: whole rounds are drawn anew, with replacement, and the middle kept.

    The median, since a busy neighbour throws single rounds far off: with a third of them hit, a true 5 % is found in
    20 rounds 4 times as often as by the mean, at no more false alarms (500 trials each). None of fewer than three.
    """
    n = len(ratios)
    if n < 3:
        return None
    random = Random(f"bootstrap {seed}")
    times = max(200, min(RESAMPLES, 200_000 // n))
    middles = sorted(median(random.choices(ratios, k=n)) for _ in range(times))
    tail = (1 - confidence) / 2
    return percentile(middles, tail), percentile(middles, 1 - tail)


def trimmed_p(values: Sequence[float], trimmed: float = TRIMMED) -> float:
    """The probability of a trimmed mean this far from zero by chance alone: Yuen's test for one sample, two-sided.

    A fifth at either end is trimmed, so that a thrown-off round neither makes a difference nor hides one. Of fewer than
    ten too little would be left, so nothing is, which makes it Student's test. 1 for fewer than two values.
    """
    n = len(values)
    cut = floor(trimmed * n) if n >= LEAST_TRIMMED else 0
    left = n - 2 * cut
    if left < 2:
        return 1.0
    ordered = sorted(values)
    middle = fmean(ordered[cut : n - cut])
    pulled_in = [min(max(value, ordered[cut]), ordered[n - cut - 1]) for value in ordered]
    centre = fmean(pulled_in)
    error = sqrt(sum((value - centre) ** 2 for value in pulled_in) / (left * (left - 1)))
    if error == 0:
        return 1.0 if middle == 0 else 0.0
    return two_sided(middle / error, left - 1)


def two_sided(t: float, freedom: int) -> float:
    """How often Student's t is at least this far from zero."""
    return beta_share(freedom / 2, 0.5, freedom / (freedom + t * t))


def beta_share(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function, by its continued fraction (Abramowitz and Stegun 26.5.8)."""
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - beta_share(b, a, 1 - x)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(1 - x)) / a
    return front / _fraction(a, b, x)


def _fraction(a: float, b: float, x: float) -> float:
    """The continued fraction, from its first 300 terms backwards: more than enough this side of the middle."""
    value = 1.0
    for term in range(300, 0, -1):
        m = term // 2
        if term % 2:
            step = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        else:
            step = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        value = 1 + step / value
    return value


def holm(found: Sequence[float]) -> list[float]:
    """The probabilities corrected for how many were asked (Holm 1979), in their order.

    The least is multiplied by the number of them, the next by one less, and so on; none comes out below one before it.
    """
    corrected, worst = [0.0] * len(found), 0.0
    for rank, place in enumerate(sorted(range(len(found)), key=lambda place: found[place])):
        worst = max(worst, min(1.0, (len(found) - rank) * found[place]))
        corrected[place] = worst
    return corrected


def outlying(times: Sequence[float]) -> list[int]:
    """The places of the times that lie further from the median than 3.5 robust standard deviations.

    By the median absolute deviation (Iglewicz and Hoaglin 1993), which an outlier does not widen as it does a standard
    deviation. Differences below a tenth of the median are nothing. None are told of fewer than five times.
    """
    if len(times) < LEAST_FOR_OUTLIERS:
        return []
    middle = median(times)
    sigma = MAD_TO_SIGMA * median(abs(time - middle) for time in times)
    limit = max(OUTLYING * sigma, NOTABLE * abs(middle))
    return [place for place, time in enumerate(times) if abs(time - middle) > limit]


def half_width(interval: tuple[float, float] | None, middle: float | None) -> float:
    """Half the interval over its middle; infinite where there is none."""
    if interval is None or not middle:
        return inf
    return (interval[1] - interval[0]) / 2 / middle


def logs(ratios: Sequence[float]) -> list[float]:
    """The natural logarithms, in which twice as fast and half as fast are equally far from equal."""
    return [log(ratio) for ratio in ratios]
