"""Outcomes for programs: json, jsonl, csv. Decimals as published or derived, never rounded.

json is a list with one object a base, in the order asked; jsonl is the same objects, one a line:

    {"base": "USD",
     "provider": "ecb", "rate_type": "reference",
     "day": "2026-10-30",            the newest effective day among the rates
     "asked": null,                  the day asked for; null for the latest
     "age_days": 24,                 days from `day` to today; negative for tomorrow's rates
     "rates": {"JPY": 157.25},       one unit of base costs so many units; a symbol without a rate is absent
     "figures": {"JPY": {"day": "2026-10-30", "how": "cross", "digits": 5}},
     "passed_over": [{"name": "TimedOut", "message": "..."}]}

how: published, inverse, cross, median, identity or pegged (then `pegged` names the peg and its first day). digits:
significant digits of the weakest published figure behind it; null for an identity, which is exact. instead_of: the
published figure that this one replaces, because it has too few digits. passed_over: the errors of the providers
asked before. warning: an error in spite of which there is a table (`Stale`). The last three are absent when empty.
A base that failed has an error in place of a table:

    {"base": "USD", "error": {"name": "TimedOut", "message": "..."}}

csv has one line a rate under the header base,symbol,rate,day,provider,rate_type,how,digits; `day` is that of the
figure. A base that failed has no line there: its error belongs on stderr (see `errors.failures`).

Of many publishers there is one object a base and publisher, each with its `provider` (a failed one too) and the
publisher's `country`; csv has the column country in addition.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from rates.errors import RatesError
from rates.model import DerivedRate, Outcome, RateTable
from rates.present.tables import country, pegged
from rates.present.tabular import Cell, objects_text, rows

CSV_HEADERS = ("base", "symbol", "rate", "day", "provider", "rate_type", "how", "digits")


def export(
    outcomes: Sequence[Outcome], symbols: Sequence[str], fmt: str, today: date, *, by_provider: bool = False
) -> str:
    """All outcomes in a machine format, without a final line end. symbols: those wanted, () for all."""
    if fmt == "csv":
        headers = (*CSV_HEADERS, "country") if by_provider else CSV_HEADERS
        tables = [outcome.table for outcome in outcomes if outcome.table is not None]
        return rows(headers, [line for table in tables for line in _lines(table, symbols, by_provider)], fmt)
    return objects_text([_object(outcome, symbols, today, by_provider) for outcome in outcomes], fmt, expand=3)


def _object(outcome: Outcome, symbols: Sequence[str], today: date, by_provider: bool) -> dict[str, object]:
    """One base, or one base and publisher, as the module's docstring describes it; numbers are Decimals."""
    entry: dict[str, object] = {"base": outcome.base}
    if by_provider:
        entry |= {"provider": outcome.provider, "country": country(outcome.provider) or None}
    table = outcome.table
    if table is not None:
        entry |= {
            "provider": table.provider,
            "rate_type": table.rate_type,
            "day": table.day,
            "asked": table.asked,
            "age_days": table.age_days(today),
            "rates": {symbol: figure.rate for symbol, figure in _wanted(table, symbols)},
            "figures": {symbol: _pedigree(figure) for symbol, figure in _wanted(table, symbols)},
        }
    if outcome.error is not None:
        entry["error"] = _error(outcome.error)
    if outcome.passed_over:
        entry["passed_over"] = [_error(error) for error in outcome.passed_over]
    if outcome.warning is not None:
        entry["warning"] = _error(outcome.warning)
    return entry


def _wanted(table: RateTable, symbols: Sequence[str]) -> list[tuple[str, DerivedRate]]:
    """The figures of those symbols that the table has, in their order; all, by code, for ()."""
    return [(symbol, table.figures[symbol]) for symbol in symbols or sorted(table) if symbol in table]


def _pedigree(figure: DerivedRate) -> dict[str, object]:
    entry: dict[str, object] = {"day": figure.day, "how": figure.how, "digits": _digits(figure)}
    if figure.how == "pegged":
        entry["pegged"] = "; ".join(pegged([figure]))
    if figure.instead_of is not None:
        entry["instead_of"] = figure.instead_of
    return entry


def _digits(figure: DerivedRate) -> int | None:
    return None if figure.how == "identity" else figure.digits


def _error(error: RatesError) -> dict[str, str]:
    return {"name": error.name, "message": str(error)}


def _lines(table: RateTable, symbols: Sequence[str], by_provider: bool) -> list[tuple[Cell, ...]]:
    """One line of csv for each rate of a table."""
    more = (country(table.provider),) if by_provider else ()
    return [
        (table.base, symbol, one.rate, one.day, table.provider, table.rate_type, one.how, _digits(one), *more)
        for symbol, one in _wanted(table, symbols)
    ]
