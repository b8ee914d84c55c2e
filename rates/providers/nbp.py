"""National Bank of Poland: average rates of tables A and B, and the price of gold.

Publishes: table A, 32 currencies each working day by 12:15 Warsaw time; table B, about 115 on Wednesdays; gold daily.
Quoted: middle rates, zlotys for one unit of the currency; gold in zlotys per gram, given here per troy ounce.
Answer: JSON, a list of tables or of gold prices; status 404 with "NotFound" when no working day is in the window.
Source: https://api.nbp.pl/en.html
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from rates import readers
from rates.errors import NoRates, NotFound
from rates.model import Provider, Query, Quote, Reply, Request
from rates.providers import Steps
from rates.providers._shared import said, spans

PROVIDER = Provider(
    name="National Bank of Poland",
    country="PL",
    pivot="PLN",
    rate_type="mid",
    cadence="daily, table B weekly",
    published="12:15 Europe/Warsaw",
    since=date(2002, 1, 2),
    max_days=93,
    gap_days=10,  # table B is of Wednesdays; a holiday then moves it by a day or two
    mixed_days=True,
    concurrency=2,
    terms="https://nbp.pl/en/statistic-and-financial-reporting/rates/",
)

TABLES = "https://api.nbp.pl/api/exchangerates/tables"
GOLD = "https://api.nbp.pl/api/cenyzlota"
GOLD_SINCE = date(2013, 1, 2)

# A window without data answers "404 NotFound - Not Found - Brak danych"; another 404 would be a moved address.
NOTHING = b"NotFound"


def steps(query: Query) -> Steps:
    """Table A, then B and gold; a window without table A holds no working day."""
    first, last = query.span(PROVIDER.gap_days)
    first = max(first, PROVIDER.since)
    last = min(last, query.today)  # a day ahead is refused with status 400
    quotes = yield from _window(f"{TABLES}/A", first, last)
    if not quotes:
        raise NoRates(f"has no table A from {first} to {last}")
    quotes += yield from _window(f"{TABLES}/B", first, last)
    if not query.symbols or "XAU" in (query.base, *query.symbols):
        quotes += yield from _window(GOLD, max(first, GOLD_SINCE), last)
    return quotes


def _window(url: str, first: date, last: date) -> Generator[Request, Reply, list[Quote]]:
    """The quotes of one table over the days, asked for in pieces of the length that the bank allows."""
    quotes: list[Quote] = []
    for start, end in spans(first, last, PROVIDER.max_days or 1):
        reply = yield Request(f"{url}/{start}/{end}/", params=(("format", "json"),), allow=(404,))
        if reply.status < 400:
            quotes += parse(reply.body)
        elif NOTHING not in reply.body:
            raise NotFound(f"answers {said(reply.body.decode('utf-8', 'replace'))!r}: the address has moved")
    return quotes


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of a list of tables, or of gold prices."""
    return [quote for item in readers.rows(readers.json_value(body)) for quote in _quotes(item)]


def _quotes(item: Mapping[str, Any]) -> Iterator[Quote]:
    if "cena" in item:
        yield Quote("XAU", "PLN", readers.per_ounce(readers.number(item["cena"])), readers.day(item["data"]))
        return
    day = readers.day(item["effectiveDate"])
    for row in readers.rows(item["rates"]):
        yield Quote(row["code"], "PLN", readers.number(row["mid"]), day)
