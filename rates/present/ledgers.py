"""Prices for ledgers: the price directives of Beancount, Ledger and hledger, and GnuCash's tables as SQL. Pure.

Each price has its origin in a comment: the publisher, and how it was had from which published figures. Figures are
exact: a derived one has 28 significant digits, in GnuCash it is a fraction.

    2026-10-30 price EUR 1.1172 USD ; ecb, published                                     Beancount
    P 2026-10-30 EUR 1.1172 USD ; ecb, published                                         Ledger and hledger

GnuCash: run the SQL on a book that is kept in SQLite or PostgreSQL while GnuCash is closed. Currencies that the
book has not are added; a price keeps its identifier, so that running the same again changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from hashlib import md5
from typing import NamedTuple

from rates.currencies import digits, name
from rates.model import Outcome, Quote, RateTable
from rates.present.rounding import plain
from rates.providers import load_each
from rates.store.periods import PeriodRate

_LARGEST = 2**63 - 1  # of GnuCash's numerators and denominators
_DENOMINATOR = 10**9  # of fractions whose own are larger: exact for a cross of two usual rates
_CURRENCY = "namespace = 'CURRENCY' AND mnemonic = '{}'"


_REMARKS = {  # hledger shows amounts with as many decimals as it has seen in prices, unless a directive sets them
    "hledger": ["decimals of amounts are set in the journal, as by: commodity 1000.00 USD"],
}


class Price(NamedTuple):
    """One unit of `base` costs `rate` units of `symbol` on `day`. origin: words about it, on one line."""

    day: date
    base: str
    symbol: str
    rate: Decimal
    provider: str
    origin: str


def ledger_text(prices: Iterable[Price], fmt: str, remarks: Sequence[str] = ()) -> str:
    """The prices by day in a ledger's format, below a comment with their publishers; without a final line end."""
    ordered = sorted(prices, key=lambda price: (price.day, price.base, price.symbol))
    head = [*_publishers(ordered), *remarks, *_REMARKS.get(fmt, ())]
    if fmt == "gnucash":
        return "\n".join([*(f"-- {line}" for line in head), *_gnucash(ordered)])
    return "\n".join([*(f"; {line}" for line in head), *map(_DIRECTIVES[fmt], ordered)])


def prices_of_tables(outcomes: Iterable[Outcome], symbols: Sequence[str]) -> list[Price]:
    """The prices in tables, of the given symbols or of all; a currency's price in itself is none."""
    tables = [outcome.table for outcome in outcomes if outcome.table is not None]
    return [
        Price(one.day, table.base, symbol, one.rate, table.provider, _origin(table, one.how, one.path))
        for table in tables
        for symbol in symbols or sorted(table)
        if (one := table.figures.get(symbol)) is not None and symbol != table.base
    ]


def prices_of_series(figures: Iterable[PeriodRate], stat: str = "") -> list[Price]:
    """The prices in a series, those of a period on the day of their rate; a mean on the last published day.

    stat: the name of the figure of each period; "" for a series by day.
    """
    found = []
    for figure in figures:
        rate = figure.of
        origin = _words(rate.provider, rate.how, rate.path, "; ".join(rate.ratios))
        if stat:
            days = "1 published day" if figure.number == 1 else f"{figure.number} published days"
            origin = f"{rate.provider or 'fixed'}, {stat} of {days} of {figure.period}"
        found.append(Price(figure.day or rate.day, rate.base, rate.symbol, figure.rate, rate.provider, origin))
    return found


def _origin(table: RateTable, how: str, path: Sequence[Quote]) -> str:
    simulated = "simulated from ECB reference rates" if table.simulated else ""
    return _words(table.provider, how, path, simulated)


def _words(provider: str, how: str, path: Sequence[Quote], more: str = "") -> str:
    """`ecb, cross of EUR/USD 1.1172 and EUR/GBP 0.8665`: the publisher, how the rate was had, and from what."""
    used = " and ".join(f"{quote.base}/{quote.symbol} {plain(quote.rate)}" for quote in path)
    derived = f"{how} of {used}" if used and how != "published" else how
    return ", ".join(part for part in (provider, derived, more) if part)


def _publishers(prices: Sequence[Price]) -> list[str]:
    """A line for each publisher: its key, name, kind of rates and source."""
    keys = sorted({price.provider for price in prices if price.provider})
    facts = {module.PROVIDER.key: module.PROVIDER for module in load_each(keys)[0]}
    return [
        f"{key}: " + ", ".join(part for part in (one.name, f"{one.rate_type} rates", one.source) if part)
        for key in keys
        if (one := facts.get(key)) is not None
    ]


def _beancount(price: Price) -> str:
    return f"{price.day} price {price.base} {plain(price.rate)} {price.symbol} ; {price.origin}"


def _ledger(price: Price) -> str:
    return f"P {price.day} {price.base} {plain(price.rate)} {price.symbol} ; {price.origin}"


_DIRECTIVES: dict[str, Callable[[Price], str]] = {"beancount": _beancount, "ledger": _ledger, "hledger": _ledger}


def _gnucash(prices: Sequence[Price]) -> list[str]:
    """The statements that add the currencies which a book has not, and replace these prices."""
    currencies = sorted({code for price in prices for code in (price.base, price.symbol)})
    lines = ["BEGIN;", *map(_commodity, currencies)]
    for price in prices:
        guid = md5(f"{price.provider} {price.base} {price.symbol} {price.day}".encode(), usedforsecurity=False)
        value = fraction(price.rate)
        lines += [
            f"-- {price.day} {price.base}/{price.symbol}: {price.origin}",
            f"DELETE FROM prices WHERE guid = '{guid.hexdigest()}';",
            "INSERT INTO prices (guid, commodity_guid, currency_guid, date, source, type, value_num, value_denom) "
            f"VALUES ('{guid.hexdigest()}', {_guid_of(price.base)}, {_guid_of(price.symbol)}, "
            # The time at which GnuCash keeps a day, so that it is the same day in every time zone.
            f"'{price.day} 10:59:00', 'user:price', 'last', {value.numerator}, {value.denominator});",
        ]
    return [*lines, "COMMIT;"]


def _guid_of(code: str) -> str:
    return f"(SELECT guid FROM commodities WHERE {_CURRENCY.format(code)})"


def _commodity(code: str) -> str:
    """The statement that adds a currency to a book without it."""
    guid = md5(f"currency {code}".encode(), usedforsecurity=False).hexdigest()
    title = (name(code) or code).replace("'", "''")
    return (
        "INSERT INTO commodities (guid, namespace, mnemonic, fullname, cusip, fraction, quote_flag, quote_source, "
        f"quote_tz) SELECT '{guid}', 'CURRENCY', '{code}', '{title}', '', {10 ** (digits(code) or 0)}, 0, '', '' "
        f"WHERE NOT EXISTS (SELECT 1 FROM commodities WHERE {_CURRENCY.format(code)});"
    )


def fraction(rate: Decimal) -> Fraction:
    """The rate as a fraction of 64-bit numbers: exact, or the nearest with a denominator of at most 10**9."""
    exact = Fraction(rate)
    if max(exact.numerator, exact.denominator) <= _LARGEST:
        return exact
    return exact.limit_denominator(_DENOMINATOR)
