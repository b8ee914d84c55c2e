"""Outcomes for programs: json, jsonl, csv. Decimals as published or derived, never rounded.

json is a list with one object a base, in the order asked; jsonl is the same objects, one a line:

    {"base": "USD",
     "provider": "ecb", "rate_type": "reference",
     "day": "2026-10-30",            the newest effective day among the rates
     "asked": null,                  the day asked for; null for the latest
     "age_days": 24,                 days from `day` to today, or from the end of the period of such rates, 0 while it
                                     lasts; negative for tomorrow's rates, null for a day asked for
     "offline": true,                whether the answer is not the network's
     "source": "ecb-history",        where it is from: the "ecb-history", a "recording", the "store", your "own" rates;
                                     null for the network
     "fetched": null,                when the publisher's answer came; null if that is not known
     "simulated": null,              the simulated network in words, as "latency 120 ms, 5 % of requests fail"
     "rates": {"JPY": 157.25},       one unit of base costs so many units; a symbol without a rate is absent
     "figures": {"JPY": {"day": "2026-10-30", "how": "cross", "digits": 5}},
     "passed_over": [{"name": "TimedOut", "message": "..."}]}

how: published, inverse, cross, median, identity, fixed, own (from the user's own rates), or pegged (then `pegged` names
the peg and its first day).
valid_to: the last day of a rate that is valid for a period, of which `day` is the first; 9999-12-31 until further
notice. Absent for the rate of one day; in csv its cell is empty.
digits: significant digits of the weakest published figure behind it; null for identity, fixed and own, which are
exact. The rate itself is not rounded to them, so that programs may round once, at the end of what they compute.
instead_of: the published figure that this one replaces, because it has too few digits. passed_over: the errors of the
providers asked before. warning: an error in spite of which there is a table (`Stale`, `Implausible`). The last three
are absent when empty.
A service that is simulated from the ECB's history has the ECB's figures and its rate_type. A base that failed has an
error in place of a table:

    {"base": "USD", "offline": false, "simulated": null, "error": {"name": "TimedOut", "message": "..."}}

csv has one line a rate under the header
base,symbol,rate,day,provider,rate_type,how,digits,offline,source,fetched,simulated,valid_to; `day` is that of the
figure. A base that failed has no line there: its error belongs on stderr (see `errors.failures`).

Of many publishers there is one object a base and publisher, each with its `provider` (a failed one too), the
publisher's `country`, and the `restriction` of its terms: consent, non-commercial, or null. csv has the columns country
and restriction in addition.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from rates.errors import RatesError
from rates.model import DerivedRate, Outcome, RateTable
from rates.present.tables import country_and_restriction, pegged, simulated_network
from rates.present.tabular import Cell, objects_text, rows
from rates.settings import Settings

CSV_HEADERS = (
    "base", "symbol", "rate", "day", "provider", "rate_type", "how", "digits", "offline", "source", "fetched",
    "simulated", "valid_to",
)  # fmt: skip


def export(outcomes: Sequence[Outcome], settings: Settings, today: date, *, by_provider: bool = False) -> str:
    """All outcomes in the machine format of the settings, without a final line end."""
    network, fmt = simulated_network(settings) or None, settings.format
    if fmt == "csv":
        return rows(*flat(outcomes, settings, by_provider=by_provider), fmt)
    run = {"offline": settings.mocked, "simulated": network}
    return objects_text([_object(one, settings.symbols, today, run, by_provider) for one in outcomes], fmt, expand=3)


def flat(
    outcomes: Sequence[Outcome], settings: Settings, *, by_provider: bool = False
) -> tuple[tuple[str, ...], list[tuple[Cell, ...]]]:
    """The headings of csv, and its line for each rate."""
    network = simulated_network(settings) or None
    headers = (*CSV_HEADERS, "country", "restriction") if by_provider else CSV_HEADERS
    tables = [outcome.table for outcome in outcomes if outcome.table is not None]
    return headers, [line for table in tables for line in _lines(table, settings.symbols, network, by_provider)]


def _object(
    outcome: Outcome, symbols: Sequence[str], today: date, run: Mapping[str, object], by_provider: bool
) -> dict[str, object]:
    """One base, or one base and publisher, as the module's docstring describes it; numbers are Decimals."""
    entry: dict[str, object] = {"base": outcome.base}
    if by_provider:
        country, restriction = country_and_restriction(outcome.provider)
        entry |= {"provider": outcome.provider, "country": country or None, "restriction": restriction or None}
    table = outcome.table
    if table is not None:
        entry |= {
            "provider": table.provider,
            "rate_type": table.rate_type,
            "day": table.day,
            "asked": table.asked,
            "age_days": None if table.asked else table.age_days(today),
            "offline": table.offline,
            "source": table.source or None,
            "fetched": _moment(table),
            "simulated": run["simulated"],
            "rates": {symbol: figure.rate for symbol, figure in _wanted(table, symbols)},
            "figures": {symbol: _pedigree(figure) for symbol, figure in _wanted(table, symbols)},
        }
    if outcome.error is not None:
        entry |= {**run, "error": _error(outcome.error)}
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
    if figure.valid_to is not None:
        entry["valid_to"] = figure.valid_to
    if figure.how == "pegged":
        entry["pegged"] = "; ".join(pegged([figure]))
    if figure.instead_of is not None:
        entry["instead_of"] = figure.instead_of
    return entry


def _digits(figure: DerivedRate) -> int | None:
    return None if figure.how in ("identity", "fixed", "own") else figure.digits


def _moment(table: RateTable) -> str | None:
    """When the answer came, to the second."""
    return None if table.fetched is None else table.fetched.isoformat(timespec="seconds")


def _error(error: RatesError) -> dict[str, str]:
    return {"name": error.name, "message": str(error)}


def _lines(table: RateTable, symbols: Sequence[str], network: str | None, by_provider: bool) -> list[tuple[Cell, ...]]:
    """One line of csv for each rate of a table."""
    source = (table.offline, table.source or None, _moment(table), network)
    terms = country_and_restriction(table.provider) if by_provider else ()
    return [
        (
            table.base,
            symbol,
            one.rate,
            one.day,
            table.provider,
            table.rate_type,
            one.how,
            _digits(one),
            *source,
            one.valid_to,
            *terms,
        )
        for symbol, one in _wanted(table, symbols)
    ]
