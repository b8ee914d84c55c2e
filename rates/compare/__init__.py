"""A fair measurement: the same calls in several modes, by map and by submit, in rounds that interleave them.

    from rates.compare import compare

    result = compare(fetch, urls, modes=("sequential", "thread"), workers=(1, 2, 4, 8))
    for row in result.figures:
        print(row.variant, row.wall.median, row.speedup, row.speedup_ci95)
    print(result.verdict)

`fn` may be any function that can be pickled; `fetches` makes work of bases and settings, for `compare_work`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rates.compare.comparison import Ask, compare, compare_work
    from rates.compare.records import (
        Comparison,
        Figures,
        Machine,
        Outlier,
        Plan,
        Quantiles,
        Sample,
        Span,
        Spread,
        Variant,
    )
    from rates.compare.work import Work, fetches

# Each name and the module that has it, imported when it is first asked for: a worker needs none of them.
_HOMES = {
    **dict.fromkeys(("Ask", "compare", "compare_work"), "comparison"),
    **dict.fromkeys(
        ("Comparison", "Figures", "Machine", "Outlier", "Plan", "Quantiles", "Sample", "Span", "Spread", "Variant"),
        "records",
    ),
    **dict.fromkeys(("Work", "fetches"), "work"),
}

__all__ = [
    "Ask",
    "Comparison",
    "Figures",
    "Machine",
    "Outlier",
    "Plan",
    "Quantiles",
    "Sample",
    "Span",
    "Spread",
    "Variant",
    "Work",
    "compare",
    "compare_work",
    "fetches",
]


def __getattr__(name: str) -> object:
    """The public name, from its module."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value: object = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """The public names too."""
    return sorted({*globals(), *__all__})
