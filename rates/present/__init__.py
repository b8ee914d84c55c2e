"""Outcomes in, text out: tables for people; json, jsonl and csv for programs. Nothing here fetches.

`show` gives all that belongs on standard output. In a format for people the bases that failed stand under the
table; in json and jsonl they are objects with an `error`, in their place; in csv they are left out, and who
prints it owes `failures` to standard error.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from rates.defaults import SYMBOLS
from rates.model import DerivedRate, Outcome, RateTable
from rates.present.by_provider import show_many
from rates.present.captions import caption
from rates.present.consensus import show_groups, show_summaries
from rates.present.errors import failures, passed_over, warnings
from rates.present.exports import export
from rates.present.pegs import pegged
from rates.present.tables import matrix, rate_text, single, stacked
from rates.present.tabular import notes, rows
from rates.settings import MACHINE_FORMATS, Settings, load

__all__ = [
    "caption",
    "failures",
    "pegged",
    "present_result",
    "rate_text",
    "rows",
    "show",
    "show_groups",
    "show_many",
    "show_summaries",
]


def present_result(base: str, rates: Mapping[str, Decimal | int | float]) -> None:
    """Prints one base's table and an empty line: `present_result(*fetch_rates(base))`.

    Of the symbols it shows the package's SYMBOLS, or all when none of those is there. A mapping that is no
    RateTable has no pedigree to show.
    """
    table = rates if isinstance(rates, RateTable) else _bare(base, rates)
    symbols = [symbol for symbol in SYMBOLS if symbol in table] or list(table)
    today = load().day() if table.provider else date.min
    print(single(table, symbols, Settings().digits, "simple", today), end="\n\n")


def _bare(base: str, rates: Mapping[str, Decimal | int | float]) -> RateTable:
    """A table of rates of which nothing else is known: shown as they are, none of them weak."""
    figures = {
        symbol: DerivedRate(rate if isinstance(rate, Decimal) else Decimal(str(rate)), date.min, "published", 28)
        for symbol, rate in rates.items()
    }
    return RateTable(base, "", figures)


def show(outcomes: Sequence[Outcome], settings: Settings, *, today: date) -> str:
    """The whole text for standard output in `settings.format`, without a final line end."""
    fmt = settings.format
    if fmt in MACHINE_FORMATS:
        return export(outcomes, settings.symbols, fmt, today)
    tables = [outcome.table for outcome in outcomes if outcome.table is not None]
    symbols = settings.symbols or tuple(sorted({symbol for table in tables for symbol in table}))
    if _as_matrix(settings.layout, len(outcomes)) and tables:
        blocks = [matrix(tables, symbols, settings.digits, fmt, today)]
    else:
        blocks = [single(table, symbols, settings.digits, fmt, today) for table in tables]
    remarks = [passed_over(outcomes), warnings(outcomes), failures(outcomes, settings)]
    return stacked([*blocks, *(notes([remark], fmt) if remark else "" for remark in remarks)])


def _as_matrix(layout: str, bases: int) -> bool:
    """Whether all bases share one table; "auto" goes by how many were asked, failed or not."""
    return layout == "matrix" or (layout == "auto" and bases > 1)
