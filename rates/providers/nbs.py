"""National Bank of Serbia: middle rates of the dinar.

Publishes: a list of middle rates each working day, of which the page gives the newest alone.
Quoted: middle rates, dinars for 1 or 100 units by each row.
Answer: a page, its Cyrillic written as entities, with the day on which the list was made and a table.
Source: https://webappcenter.nbs.rs/ExchangeRateWebApp/ExchangeRate/CurrentMiddleRate

Past lists are on the page IndexByDate and as XML behind it, and for registered users of a SOAP service. None of them is
read, since no such answer is recorded here.
"""

import re

from rates.providers.kit import Iterable, Provider, Query, Quote, Steps, date, get
from rates.readers import day, matched, number, per_unit, plain, searched, tables, whole_page

PROVIDER = Provider(
    name="National Bank of Serbia",
    country="RS",
    pivot="RSD",
    rate_type="mid",
    published="no stated time Europe/Belgrade",
    since=date(2026, 8, 14),  # the oldest list that is recorded
    answers=("latest",),
    gap_days=10,  # the New Year and Orthodox Easter beside weekends
)

URL = "https://webappcenter.nbs.rs/ExchangeRateWebApp/ExchangeRate/CurrentMiddleRate"

_MADE = re.compile(r"ФОРМИРАНА НА ДАН (\d{1,2}\.\d{1,2}\.\d{4})\. ГОДИНЕ")
_CODE = re.compile(r"[A-Z]{3}")


def steps(query: Query) -> Steps:
    """The page with the newest list."""
    reply = yield get(URL, html=True)
    return parse(reply.body)


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of the list, of the day on which it was made."""
    page = whole_page(body)
    on = day(searched(_MADE, plain(page), "day of the list")[1], "D.M.Y")
    (listed,) = tables(page)
    rows = [row for row in listed if any(map(str.isdigit, "".join(row)))]  # without a head
    for code, _, _, units, rate in rows:
        yield Quote(matched(_CODE, code, "currency")[0], "RSD", per_unit(number(rate, comma=True), units), on)
