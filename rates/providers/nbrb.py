"""National Bank of the Republic of Belarus: official rates of the Belarusian rouble.

Publishes: 30 currencies for every calendar day, weekends repeated, the SDR among them; monthly ones are not read.
Quoted: official rates, roubles for 1 to 100,000 units, which the day's list names and a currency's series does not.
Answer: JSON, bare numbers; one list a day, or one series a currency and year.
Source: https://www.nbrb.by/apihelp/exrates
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from rates import readers
from rates.errors import NoRates, Unsupported
from rates.model import Provider, Query, Quote, Reply, Request
from rates.providers import Steps
from rates.providers._by_day import by_day, lists
from rates.providers._shared import spans

PROVIDER = Provider(
    name="National Bank of the Republic of Belarus",
    country="BY",
    pivot="BYN",
    rate_type="official",
    published="by 14:00 Europe/Minsk",  # the bank names no time; seen from 12:00 on
    since=date(2016, 7, 1),  # the rouble before was of ten thousand to one
    max_days=365,
    gap_days=4,  # every calendar day has a list
    concurrency=2,
    spacing_s=0.1,
    terms="https://www.nbrb.by/engl/",  # the bank states no terms
)

LIST = "https://api.nbrb.by/exrates/rates"
SERIES = "https://api.nbrb.by/exrates/rates/dynamics"
DAILY = ("periodicity", "0")

# A list a day costs a request a day, series cost one for each of thirty currencies and year.
LISTED_DAYS = 14

Units = dict[int, tuple[str, Decimal]]


def steps(query: Query) -> Steps:
    """The list in force, of a day, or of each of a few days; a longer range by currency."""
    if query.start is None or query.end is None:
        reply = yield Request(LIST, params=(DAILY,))
        return parse(reply.body)
    first, last = max(query.start, PROVIDER.since), min(query.end, query.today)
    if (last - first).days < LISTED_DAYS:
        return (yield from by_day(query, PROVIDER, lists(_listed, parse), in_force=True))
    return (yield from _range(query, first, last))


def _listed(day: date) -> Request:
    return Request(LIST, params=(("ondate", str(day)), DAILY))


def _range(query: Query, first: date, last: date) -> Steps:
    """One series a currency that is asked for (all, when none is named), in pieces of a year."""
    known = yield from _units(first, last)
    wanted = {query.base, *query.symbols} if query.symbols else {code for code, _ in known.values()}
    if not wanted & {code for code, _ in known.values()}:
        raise Unsupported(f"publishes none of {', '.join(query.symbols)}")
    quotes: list[Quote] = []
    for number, (code, units) in known.items():
        for start, end in spans(first, last, PROVIDER.max_days or 1) if code in wanted else ():
            window = (("startDate", str(start)), ("endDate", str(end)))
            reply = yield Request(f"{SERIES}/{number}", params=window)
            quotes += _series(readers.rows(readers.json_value(reply.body)), number, code, units)
    if not quotes:
        raise NoRates(f"has no rates from {first} to {last}")
    return quotes


def _units(first: date, last: date) -> Generator[Request, Reply, Units]:
    """The bank's number of each currency, its code and its units: of the first day's, each New Year's and the last's.

    A number ends when its units change, so that one list would lack what began or ended since.
    """
    known: Units = {}
    years = (date(year, 1, 1) for year in range(first.year + 1, last.year + 1))
    for day in dict.fromkeys((first, *years, last)):
        reply = yield _listed(day)
        for row in readers.rows(readers.json_value(reply.body)):
            known[row["Cur_ID"]] = (row["Cur_Abbreviation"], readers.number(row["Cur_Scale"]))
    return known


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of a list; a currency's series names neither code nor units, so `steps` reads that."""
    return [
        Quote(row["Cur_Abbreviation"], "BYN", _rate(row, readers.number(row["Cur_Scale"])), _day(row))
        for row in readers.rows(readers.json_value(body))
    ]


def _series(rows: Iterable[dict[str, Any]], number: int, code: str, units: Decimal) -> Iterator[Quote]:
    for row in rows:
        if row["Cur_ID"] != number:
            raise ValueError(f"the series of {code}, {number}, has a row of {row['Cur_ID']}")
        yield Quote(code, "BYN", _rate(row, units), _day(row))


def _rate(row: dict[str, Any], units: Decimal) -> Decimal:
    return readers.per_unit(readers.number(row["Cur_OfficialRate"]), units)


def _day(row: dict[str, Any]) -> date:
    return readers.day(row["Date"].removesuffix("T00:00:00"))
