"""The statistics of two runs that share no rounds, so that nothing can be paired. Pure; checked against scipy.

What made one whole run slow (a busy hour, a hot machine) is in its times and cannot be told from a true change: rounds
within a run are alike for reasons that two runs need not share.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import floor, sqrt
from random import Random
from statistics import fmean, median

from rates.compare.statistics import CONFIDENCE, LEAST_TRIMMED, RESAMPLES, TRIMMED, percentile, two_sided


def ratio_interval(
    over: Sequence[float], under: Sequence[float], seed: int, confidence: float = CONFIDENCE
) -> tuple[float, float] | None:
    """The bootstrap interval of the ratio of two medians: each side is drawn anew for itself. None of fewer than 3."""
    if min(len(over), len(under)) < 3:
        return None
    random = Random(f"unpaired {seed}")
    found = sorted(
        median(random.choices(over, k=len(over))) / median(random.choices(under, k=len(under)))
        for _ in range(max(200, min(RESAMPLES, 400_000 // (len(over) + len(under)))))
    )
    tail = (1 - confidence) / 2
    return percentile(found, tail), percentile(found, 1 - tail)


def welch_p(first: Sequence[float], second: Sequence[float]) -> float:
    """The probability that the means differ so much by chance alone: Welch's t test, two-sided, for unequal spreads.

    Of ten values on a fifth is trimmed at either end, on both sides (Yuen 1974). 1 for fewer than two values.
    """
    cut = TRIMMED if min(len(first), len(second)) >= LEAST_TRIMMED else 0.0
    if min(len(first), len(second)) < 2:
        return 1.0
    middle_1, error_1, left_1 = _trimmed(first, cut)
    middle_2, error_2, left_2 = _trimmed(second, cut)
    error = error_1 + error_2
    if error == 0:
        return 1.0 if middle_1 == middle_2 else 0.0
    freedom = error**2 / (error_1**2 / (left_1 - 1) + error_2**2 / (left_2 - 1))
    return two_sided((middle_1 - middle_2) / sqrt(error), freedom)


def _trimmed(values: Sequence[float], share: float) -> tuple[float, float, int]:
    """The trimmed mean, the square of its error, and how many values are left."""
    ordered, n = sorted(values), len(values)
    cut = floor(share * n)
    left = n - 2 * cut
    pulled_in = [min(max(value, ordered[cut]), ordered[n - cut - 1]) for value in ordered]
    centre = fmean(pulled_in)
    squares = sum((value - centre) ** 2 for value in pulled_in)
    return fmean(ordered[cut : n - cut]), squares / (left * (left - 1)), left
