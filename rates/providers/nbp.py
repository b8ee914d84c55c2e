"""National Bank of Poland: average rates of tables A and B, and the price of gold.

Publishes: table A, 32 currencies each working day by 12:15 Warsaw time; table B, about 115 on Wednesdays; gold daily.
Quoted: middle rates, zlotys for one unit of the currency; gold in zlotys per gram, given here per troy ounce.
Answer: JSON, a list of tables or of gold prices; status 404 with "NotFound" when no working day is in the window.
Source: https://api.nbp.pl/en.html
"""

import re
from functools import partial

from rates.providers.kit import Iterable, Provider, Query, Quote, Request, Steps, by_window, date, get, or_none
from rates.readers import day, has_rows, number, per_ounce, records, rows

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

FOLDER = "https://api.nbp.pl/api/"
TABLE_A, TABLE_B, GOLD = "exchangerates/tables/A", "exchangerates/tables/B", "cenyzlota"
GOLD_SINCE = date(2013, 1, 2)

# A window without data answers "404 NotFound - Not Found - Brak danych"; another 404 would be a moved address.
_has_rows = partial(has_rows, no_data=re.compile(rb"NotFound"))


def steps(query: Query) -> Steps:
    """Table A, then B and gold; a window without table A holds no working day."""
    quotes = list((yield from by_window(query, PROVIDER, partial(ask, TABLE_A), parse, check=_has_rows)))
    quotes += yield from or_none(by_window(query, PROVIDER, partial(ask, TABLE_B), parse, check=_has_rows))
    if not query.symbols or "XAU" in (query.base, *query.symbols):
        gold = by_window(query, PROVIDER, partial(ask, GOLD), parse, check=_has_rows, since=GOLD_SINCE)
        quotes += yield from or_none(gold)
    return quotes


def ask(table: str, first: date, last: date) -> Request:
    """The rows of one table."""
    return get(f"{FOLDER}{table}/{first}/{last}/", {"format": "json"}, allow=(404,))


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of a list of tables, or of gold prices."""
    for item in records(body):
        if "cena" in item:
            yield Quote("XAU", "PLN", per_ounce(item["cena"]), day(item["data"]))
        else:
            on = day(item["effectiveDate"])
            yield from (Quote(row["code"], "PLN", number(row["mid"]), on) for row in rows(item["rates"]))
