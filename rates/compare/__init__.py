"""A fair measurement: the same calls in several modes, by map and by submit, in rounds that interleave them all.

    import json
    from rates.compare import compare

    TEXT = json.dumps(list(range(2_000)))

    def parse(text: str) -> int:
        return len(json.loads(text))

    if __name__ == "__main__":
        result = compare(parse, [TEXT] * 8, modes=("sequential", "thread"), via="map", workers=2, rounds=5)
        for row in result.figures:
            print(row.variant, row.wall.median if row.wall else "failed", row.speedup, row.speedup_ci95)
        print(result.verdict)

The function may be any that pickles; `fetches` makes work of bases and settings, for `compare_work`. An executor of
another package takes part by a function that opens it: `compare(…, modes={"thread": None, "loky": open_loky})`.
`to_json(result)`, `to_hyperfine(result)`, `svg(result)`, `html(result)`, `png(result)` and `timeline(result, width)`
give the result as text (a PNG as bytes). `rates.compare.json_format.load` reads the JSON again, and
`rates.compare.regression` finds what changed between two.

The reference runs twice in each round: their difference is the smallest that the run can see. Nothing is sent unless
the work itself sends it; `rates compare` answers offline without `--live`, and its `--help` defines each figure. How
often the verdict is right is measured by `tests/benchmarks/bench_verdict.py`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rates.compare.comparison import Ask, compare, compare_work
    from rates.compare.json_format import to_hyperfine, to_json
    from rates.compare.plots.charts import html, png, svg
    from rates.compare.plots.timeline import timeline
    from rates.compare.results import Comparison, Figures, Machine, Plan, Quantiles, Sample, Span, Spread, Variant
    from rates.compare.work import Work, fetches

# Imported when first used: a worker, which imports `rates.compare.worker_side`, needs none of them.
_HOMES = {
    "comparison": ("Ask", "compare", "compare_work"),
    "json_format": ("to_hyperfine", "to_json"),
    "plots.charts": ("html", "png", "svg"),
    "plots.timeline": ("timeline",),
    "results": ("Comparison", "Figures", "Machine", "Plan", "Quantiles", "Sample", "Span", "Spread", "Variant"),
    "work": ("Work", "fetches"),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Ask", "Comparison", "Figures", "Machine", "Plan", "Quantiles", "Sample", "Span", "Spread", "Variant", "Work",
    "compare", "compare_work", "fetches", "html", "png", "svg", "timeline", "to_hyperfine", "to_json",
]  # fmt: skip


def __getattr__(name: str) -> object:
    """The public name, from its module."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value
