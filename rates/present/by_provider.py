"""One base as many publishers have it: a row a publisher, and under the table those without a rate, with the reason.

For programs see `exports`: one object a base and publisher.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from rates.model import DerivedRate, Outcome, RateTable
from rates.present.errors import provider_failures
from rates.present.exports import country, export
from rates.present.layout import Column
from rates.present.rounding import weak
from rates.present.tables import (
    ABSENT,
    DERIVED,
    OLD,
    WEAK,
    WEAK_MEANS,
    View,
    age,
    cell,
    figures,
    old,
    single,
    view,
)
from rates.present.tabular import notes, rows, stacked
from rates.settings import MACHINE_FORMATS, Settings

DERIVED_MEANS = "derived: inverse, cross or median of published figures"
# With more symbols a row would be wider than any screen: each publisher then has a separate table.
MOST_COLUMNS = 12
KEY_CUT = 12  # characters of a publisher's key that a narrow terminal shows at least


def show_by_provider(outcomes: Sequence[Outcome], settings: Settings, *, today: date, width: int | None = None) -> str:
    """The whole text for standard output, without a final line end: a table a base."""
    if settings.format in MACHINE_FORMATS:
        return export(outcomes, settings.symbols, settings.format, today, by_provider=True)
    how = view(settings, today, width)
    bases = dict.fromkeys(outcome.base for outcome in outcomes)
    return stacked([_base([one for one in outcomes if one.base == base], settings.symbols, how) for base in bases])


def _base(outcomes: Sequence[Outcome], asked: Sequence[str], how: View) -> str:
    """One base's table with its caption, its legend, and the publishers that are not in it."""
    base = outcomes[0].base
    tables = [outcome.table for outcome in outcomes if outcome.table is not None]
    head = notes([f"1 {base} · {len(tables)} of {len(outcomes)} publishers"], how.format, how.width)
    symbols = shown_symbols(tables, base, asked)
    if len(symbols) > MOST_COLUMNS:
        blocks = [single(table, tuple(sorted(table)), how) for table in tables]
    else:
        legend = notes(_legend(tables, symbols), how.format, how.width)
        blocks = [_rows(tables, symbols, how), legend] if tables else []
    return stacked([head, *blocks, notes([provider_failures(outcomes, how.width)], how.format)])


def shown_symbols(tables: Sequence[RateTable], base: str, asked: Sequence[str]) -> tuple[str, ...]:
    """The symbols to show: those asked for, or all that any table has; never the base against itself."""
    known = asked or sorted({symbol for table in tables for symbol in table})
    return tuple(symbol for symbol in known if symbol != base)


def _rows(tables: Sequence[RateTable], symbols: Sequence[str], how: View) -> str:
    columns = [
        Column("publisher", cut=KEY_CUT),
        Column("country", drop=1),
        *(Column(symbol, "decimal") for symbol in symbols),
        Column("day"),
        Column("age", drop=2),
    ]
    lines = [
        [
            table.provider,
            country(table.provider) or ABSENT,
            *(_cell(table, symbol, how.digits) for symbol in symbols),
            str(_day(table, symbols)),
            age(_day(table, symbols), how.today),
        ]
        for table in tables
    ]
    return rows(columns, lines, how.format, how.width)


def _day(table: RateTable, symbols: Sequence[str]) -> date:
    """The newest day among the rates shown: a publisher's metals may be newer than its currencies."""
    return max((figure.day for figure in figures(table, symbols)), default=table.day)


def _cell(table: RateTable, symbol: str, digits: int) -> str:
    figure = table.figures.get(symbol)
    if figure is None or figure.instead_of is not None:  # which is marked already
        return cell(figure, digits)
    return cell(figure, digits) + (DERIVED if _derived(figure) else "") + (OLD if old(table, figure) else "")


def _derived(figure: DerivedRate) -> bool:
    return figure.how in ("inverse", "cross", "median")


def _legend(tables: Sequence[RateTable], symbols: Sequence[str]) -> list[str]:
    """What the marks mean, of those that are used."""
    shown = [(table, figure) for table in tables for figure in figures(table, symbols)]
    marks = (
        (f"{DERIVED} {DERIVED_MEANS}", any(_derived(figure) for _, figure in shown)),
        (f"{WEAK} {WEAK_MEANS}", any(weak(figure) for _, figure in shown)),
        (f"{OLD} of an earlier day than others of that publisher", any(old(*one) for one in shown)),
    )
    return [text for text, used in marks if used]
