"""A fair measurement: the same calls in several modes, by map and by submit, in rounds that interleave them.

    from rates.compare import compare

    result = compare(fetch, urls, modes=("sequential", "thread"), workers=8)
    for row in result.figures:
        print(row.variant, row.wall.median, row.speedup)
    print(result.verdict)

`fn` may be any function that can be pickled; `fetches` makes work of bases and settings, for `compare_work`.
"""

from __future__ import annotations

from rates.compare.comparison import Comparison, compare, compare_work, variants
from rates.compare.figures import Figures, Spread
from rates.compare.rounds import Sample, Variant
from rates.compare.work import Work, fetches

__all__ = [
    "Comparison",
    "Figures",
    "Sample",
    "Spread",
    "Variant",
    "Work",
    "compare",
    "compare_work",
    "fetches",
    "variants",
]
