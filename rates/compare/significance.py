"""Whether a difference is beyond chance: paired rounds, t tests, and the correction for many tests. Pure.

Paired: a round runs every variant once within seconds, so the ratio of two wall times of one round is free of whatever
slowed the whole round. With a busy neighbour the same code measured twice differed by -12 % to +9 % in blocks, and by
-6 % to +1 % when paired. Two separate runs share no rounds; what slowed one whole run looks like a difference there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, floor, lgamma, log, sqrt
from statistics import fmean, median

from rates.compare.results import AGAIN, Figures, Sample, Variant
from rates.compare.statistics import median_interval

ALPHA = 0.05
# With fewer rounds a difference cannot be separated from noise.
LEAST_ROUNDS = 3
# From this many rounds on, a difference of the size of the noise is seldom missed.
ENOUGH_ROUNDS = 5
# Half as long again in each of four rounds: if one round in ten did so by chance, all four would once in 10,000. A t
# test of so few rounds, with one outlier among them, misses a difference that is plain to see.
PLAIN_ROUNDS, PLAIN = 4, 1.5
# Share trimmed at either end, and the number of values from which on anything is trimmed.
TRIMMED, LEAST_TRIMMED = 0.2, 10


def whole_times(samples: Sequence[Sample], variant: Variant) -> dict[int, float]:
    """The variant's wall time in each round in which no call failed, by the round's number."""
    return {each.number: each.wall_s for each in samples if each.variant == variant and not each.failures}


def ratios(samples: Sequence[Sample], over: Variant, under: Variant) -> list[float]:
    """The wall time of `over` divided by that of `under`, for each round in which neither had a failure."""
    above, below = whole_times(samples, over), whole_times(samples, under)
    return [above[number] / time for number, time in below.items() if number in above and time > 0]


def logs(values: Sequence[float]) -> list[float]:
    """Natural logarithms, in which twice as fast and half as fast are equally far from equal."""
    return [log(value) for value in values]


def trimmed_p(values: Sequence[float], others: Sequence[float] | None = None) -> float:
    """The two-sided p of a trimmed t test: of one sample against zero, or of two samples with unequal variances.

    From ten values on (in both samples), a fifth is trimmed at either end, so that an outlier neither makes a
    difference nor hides one (Yuen 1974). Below ten it is Student's, or Welch's, t test. 1 for fewer than two values.
    """
    groups = [values] if others is None else [values, others]
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


@dataclass(frozen=True, slots=True)
class Difference:
    """One variant against the fastest: the median ratio of its wall time to the fastest's, paired by round.

    interval: of 95 %. p: corrected (Holm) for all variants compared with the fastest. plain: whether it took half as
    long again in every round, of four at least.
    """

    row: Figures
    ratio: float
    interval: tuple[float, float] | None
    p: float
    plain: bool = False

    def differs(self, visible: float | None) -> bool:
        """Whether it is slower beyond the noise (by test and interval, or plainly) and by more than A/A shows."""
        clear = self.p < ALPHA and (self.interval is None or self.interval[0] > 1)
        return (clear or self.plain) and self.ratio - 1 > (visible or 0.0)


def ranked(rows: Sequence[Figures]) -> list[Figures]:
    """The variants that have a wall time, the fastest median first; without the reference's twin."""
    return sorted((row for row in rows if row.wall is not None and row.variant.label != AGAIN), key=median_s)


def median_s(row: Figures) -> float:
    """The median wall time of a variant that has one."""
    assert row.wall is not None
    return row.wall.median


def differences(order: Sequence[Figures], samples: Sequence[Sample], seed: int) -> list[Difference]:
    """All but the first against the first, in the order given."""
    found = [ratios(samples, row.variant, order[0].variant) for row in order[1:]]
    corrected = holm([trimmed_p(logs(each)) for each in found])
    return [
        Difference(
            row,
            ratio=median(each) if each else 1.0,
            interval=median_interval(each, seed),
            p=p,
            plain=len(each) >= PLAIN_ROUNDS and min(each) >= PLAIN,
        )
        for row, each, p in zip(order[1:], found, corrected, strict=True)
    ]
