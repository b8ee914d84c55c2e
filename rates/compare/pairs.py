"""Which variants differ from the fastest, beyond the noise. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from rates.compare.figures import ratios
from rates.compare.records import AGAIN, Figures, Sample, Spread
from rates.compare.statistics import holm, logs, median_interval, trimmed_p

ALPHA = 0.05
# With fewer rounds there is no telling a difference from noise.
LEAST_ROUNDS = 3
# From so many on a difference of some noise is seldom missed.
ENOUGH_ROUNDS = 5
# Half as long again in every one of four rounds: were it chance that a round does so, of one in ten, all four were one
# in 10,000. A test of few rounds, one of which was thrown off, does not see what anybody sees.
PLAIN_ROUNDS, PLAIN = 4, 1.5


@dataclass(frozen=True, slots=True)
class Against:
    """One variant against the fastest: its whole time over the fastest's, round by round.

    ratio: the median. interval: of 95 %. p: corrected after Holm for all that were compared with the fastest. plain:
    whether it took half as long again in every round, of four at least.
    """

    row: Figures
    ratio: float
    interval: tuple[float, float] | None
    p: float
    plain: bool = False

    def differs(self, visible: float | None) -> bool:
        """Whether it is slower by more than A/A shows, and beyond the noise: by test and interval, or plainly."""
        clear = self.p < ALPHA and (self.interval is None or self.interval[0] > 1)
        return (clear or self.plain) and self.ratio - 1 > (visible or 0.0)


def ranked(rows: Sequence[Figures]) -> list[Figures]:
    """The variants that have a whole time, the fastest median first; without the twin."""
    timed = [row for row in rows if row.wall is not None and row.variant.label != AGAIN]
    return sorted(timed, key=lambda row: wall(row).median)


def wall(row: Figures) -> Spread:
    """The whole time of a row that is known to have one."""
    assert row.wall is not None
    return row.wall


def against_fastest(order: Sequence[Figures], samples: Sequence[Sample], seed: int) -> list[Against]:
    """The others against the first, in their order."""
    first, others = order[0], order[1:]
    found = [ratios(samples, row.variant, first.variant) for row in others]
    corrected = holm([trimmed_p(logs(each)) for each in found])
    return [
        Against(row, median(each) if each else 1.0, median_interval(each, seed), p, _plain(each))
        for row, each, p in zip(others, found, corrected, strict=True)
    ]


def _plain(found: Sequence[float]) -> bool:
    return len(found) >= PLAIN_ROUNDS and min(found) >= PLAIN
