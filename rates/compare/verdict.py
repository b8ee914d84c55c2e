"""The figures in one plain line, which claims no difference that the rounds do not show."""

from __future__ import annotations

from collections.abc import Sequence

from rates.compare.figures import Figures, Spread
from rates.compare.rounds import Variant

# With fewer, the least and the greatest say too little of the noise between them.
LEAST_ROUNDS = 3


def verdict(rows: Sequence[Figures], reference: Variant) -> str:
    """Which variant was fastest, or between which there is no measurable difference.

    Two differ measurably when their medians are further apart than their two spreads (half the range each) together.
    """
    timed = sorted((row.wall.median, place) for place, row in enumerate(rows) if row.wall is not None)
    ranked = [rows[place] for _, place in timed]
    if not ranked:
        return "nothing to compare: no round without a failure"
    if len(ranked) == 1:
        return f"only {ranked[0].variant} has been measured: nothing to compare it with"
    if min(row.rounds for row in ranked) < LEAST_ROUNDS:
        return f"too few rounds to tell a difference from noise: at least {LEAST_ROUNDS} of each variant are needed"
    leaders = [row for row in ranked if not differ(ranked[0], row)]
    return _ranking(leaders, ranked, reference) + _with_startup(leaders, ranked)


def differ(one: Figures, other: Figures) -> bool:
    """Whether the two whole times are further apart than the noise of both."""
    a, b = _wall(one), _wall(other)
    return abs(a.median - b.median) > a.half + b.half


def _ranking(leaders: Sequence[Figures], ranked: Sequence[Figures], reference: Variant) -> str:
    factors = [row.speedup for row in leaders if row.speedup is not None]
    beaten = all(row.variant != reference for row in leaders) and len(factors) == len(leaders)
    times = f": {_range(factors)} {_short(reference)}" if beaten else ""
    if len(leaders) == 1:
        return f"{leaders[0].variant} was fastest{times}"
    among = f"no measurable difference between {_listed([str(row.variant) for row in leaders])}"
    return f"{among}, the fastest{times}" if len(leaders) < len(ranked) else among


def _with_startup(leaders: Sequence[Figures], ranked: Sequence[Figures]) -> str:
    """The whole times with start-up of the leading modes, where start-up could turn the choice."""
    best: dict[str, float] = {}
    for row in ranked:
        total = _wall(row).median + (row.startup_s or 0.0)
        best[row.variant.mode] = min(total, best.get(row.variant.mode, total))
    first = min(best, key=lambda mode: best[mode])
    modes = list(dict.fromkeys([first, *(row.variant.mode for row in leaders)]))
    if len(modes) == 1:
        return ""
    return "; with start-up " + _listed([f"{mode} takes {best[mode] * 1000:.0f} ms" for mode in modes])


def _wall(row: Figures) -> Spread:
    assert row.wall is not None  # only rows with a whole time are ranked
    return row.wall


def _range(factors: Sequence[float]) -> str:
    low, high = f"{min(factors):.1f}", f"{max(factors):.1f}"
    return f"{high}x" if low == high else f"{low}x to {high}x"


def _short(reference: Variant) -> str:
    return "sequential" if reference.mode == "sequential" else str(reference)


def _listed(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
