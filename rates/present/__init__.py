"""Outcomes in, text out: tables for people; json, jsonl and csv for programs. Nothing here fetches.

`show` gives everything that belongs on standard output. Failures do not: the caller prints those of
`rates.present.errors` on standard error. In json and jsonl they are also objects with an `error`, in their place. Rates
of many publishers are shown by `show_by_provider` and `consensus`. A terminal's width is handed in; without one nothing
is shortened or left out.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from rates.defaults import SYMBOLS
from rates.model import DerivedRate, Outcome, RateTable
from rates.present.errors import failures, passed_over, warnings
from rates.present.exports import export
from rates.present.tables import (
    View,
    by_provider,
    caption,
    matrix,
    network_note,
    offline_notes,
    pegged,
    rate_text,
    simulated_network,
    single,
    view,
)
from rates.present.tabular import notes, rows, stacked
from rates.present.transliteration import encodable
from rates.settings import LEDGER_FORMATS, MACHINE_FORMATS, Settings, load

__all__ = [
    "caption",
    "failures",
    "network_note",
    "offline_notes",
    "pegged",
    "present_result",
    "rate_text",
    "rows",
    "show",
    "show_by_provider",
    "simulated_network",
]


def present_result(base: str, rates: Mapping[str, Decimal | int | float]) -> None:
    """Prints one base's table and an empty line: `present_result(*fetch_rates(base))`.

    It shows the symbols of SYMBOLS, or all when the table has none of those. Only a RateTable has a source and a day
    to show; any other mapping is shown without.
    """
    table = rates if isinstance(rates, RateTable) else _bare(base, rates)
    symbols = [symbol for symbol in SYMBOLS if symbol in table] or list(table)
    today = load().day() if table.provider else date.min
    text = single(table, symbols, View("simple", Settings().digits, today))
    print(encodable(text, sys.stdout), end="\n\n")


def _bare(base: str, rates: Mapping[str, Decimal | int | float]) -> RateTable:
    """A table of rates without a source; they are shown as they are, and none counts as weak."""
    figures = {
        symbol: DerivedRate(rate if isinstance(rate, Decimal) else Decimal(str(rate)), date.min, "published", 28)
        for symbol, rate in rates.items()
    }
    return RateTable(base, "", figures)


def show(outcomes: Sequence[Outcome], settings: Settings, *, today: date, width: int | None = None) -> str:
    """The whole text for standard output in `settings.format`, without a final line end."""
    if settings.format in MACHINE_FORMATS:
        return export(outcomes, settings, today)
    if settings.format in LEDGER_FORMATS:
        from rates.present.ledgers import ledger_text, prices_of_tables  # which tables do not need

        sources = [outcome.table.source for outcome in outcomes if outcome.table is not None]
        prices = prices_of_tables(outcomes, settings.symbols)
        return ledger_text(prices, settings.format, [*offline_notes(sources, today), *network_note(settings)])
    how = view(settings, today, width)
    tables = [outcome.table for outcome in outcomes if outcome.table is not None]
    symbols = settings.symbols or tuple(sorted({symbol for table in tables for symbol in table}))
    # "auto" depends on how many bases were asked for, failed or not.
    if tables and (settings.layout == "matrix" or (settings.layout == "auto" and len(outcomes) > 1)):
        blocks = [matrix(tables, symbols, how)]
    else:
        blocks = [single(table, symbols, how) for table in tables]
    remarks = [
        notes([line], how.format, how.width)
        for line in (passed_over(outcomes), warnings(outcomes), *network_note(settings))
        if line
    ]
    return stacked([*blocks, *remarks])


def show_by_provider(outcomes: Sequence[Outcome], settings: Settings, *, today: date, width: int | None = None) -> str:
    """The same of outcomes that each have their own provider: for people a table a base, with a row a publisher."""
    if settings.format in MACHINE_FORMATS:
        return export(outcomes, settings, today, by_provider=True)
    how = view(settings, today, width)
    bases = dict.fromkeys(outcome.base for outcome in outcomes)
    tables = [by_provider([one for one in outcomes if one.base == base], settings.symbols, how) for base in bases]
    remarks = [line for line in (how.rule, *network_note(settings)) if line]
    return stacked([*tables, notes(remarks, how.format, how.width)])
