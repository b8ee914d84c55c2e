"""What the figures of HM Revenue and Customs have in common: where the files are, their codes, the ends of years."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta

from rates.errors import NoRates
from rates.model import Provider, Query, Quote
from rates.providers import Steps
from rates.providers.kit import get, is_published
from rates.readers import csv, number, whole_lines

FILES = "https://www.trade-tariff.service.gov.uk/uk/api/exchange_rates/files/"
CODES = {"VED": "VES", "ZIG": "ZWG"}  # codes of before ISO 4217 had them, for the same money

Span = tuple[date, date]


def year_ends(first: date, last: date) -> Iterator[date]:
    """The days from first to last that are a 31 March or a 31 December."""
    for year in range(first.year, last.year + 1):
        for end in (date(year, 3, 31), date(year, 12, 31)):
            if first <= end <= last:
                yield end


def by_year_end(
    query: Query,
    facts: Provider,
    kind: str,
    span: Callable[[date], Span],
    parse: Callable[[bytes, date], Iterable[Quote]],
) -> Steps:
    """The rates of the years whose days `span(end)` the days asked for touch, by a request for each file of a kind.

    Of a day the file of the year that ends first, of the latest the newest that is there. A file is published on the
    day on which its year ends; before it there is none.
    """
    first, last = query.start or query.today - timedelta(days=2 * 366), query.end or query.today
    ends = [end for end in year_ends(first, last + timedelta(days=366)) if facts.since <= span(end)[0] <= last]
    asked = [end for end in (ends[:1] if query.kind == "day" else ends) if end <= query.today]
    quotes: list[Quote] = []
    for end in asked[::-1] if query.kind == "latest" else asked:
        reply = yield get(f"{FILES}{kind}_csv_{end.year}-{end.month}.csv", allow=(404,))
        if is_published(reply):
            quotes += parse(reply.body, end)
        if query.kind == "latest" and quotes:
            break
    if not quotes:
        due = next(iter(ends), last)
        raise NoRates(
            f"has no rates valid on {last}",
            hint=f"they are due on {due}" if due > query.today else "its years end on 31 March and 31 December",
        )
    return quotes


def rows(body: bytes) -> dict[str, str]:
    """The units of each currency for one pound; the rows of one currency must be equal.

    The other column, the value of the unit in pounds, is rounded to four decimals and is not read.
    """
    found: dict[str, str] = {}
    for row in csv(whole_lines(body)):
        code, rate = row["Currency Code"].strip(), row["Currency Units per £1"]
        if number(found.setdefault(CODES.get(code, code), rate)) != number(rate):
            raise ValueError(f"two rates for {code}")
    return found
