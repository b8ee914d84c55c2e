"""Central Bank of Nigeria: official rates.

Publishes: 12 currencies each working day, since 2001-12-10.
Quoted: central rates, the middle of buying and selling, nairas for one unit of the currency.
Answer: JSON, a list with a row a currency and day, newest first; the currency is an English name, numbers are text.
Source: https://www.cbn.gov.ng/rates/exchratebycurrency.asp

The answer is the whole archive of some 60,000 rows. Names have stray blanks, and some have two spellings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from rates import readers
from rates.errors import NoRates
from rates.model import Provider, Query, Quote, Request
from rates.providers import Steps
from rates.providers._archive import within

PROVIDER = Provider(
    name="Central Bank of Nigeria",
    country="NG",
    pivot="NGN",
    rate_type="official",
    published="about 17:00 Africa/Lagos",
    since=date(2001, 12, 10),
    gap_days=10,  # feasts with their weekends
    concurrency=1,  # some 9 MB an answer
    terms="https://www.cbn.gov.ng/Legal.html",
)

URL = "https://www.cbn.gov.ng/api/GetAllExchangeRates"
CODES = {
    "CFA": "XOF",
    "DANISH KRONA": "DKK",
    "DANISH KRONER": "DKK",
    "EURO": "EUR",
    "JAPANESE YEN": "JPY",
    "POUND STERLING": "GBP",
    "POUNDS STERLING": "GBP",
    "RIYAL": "SAR",
    "SDR": "XDR",
    "SOUTH AFRICAN RAND": "ZAR",
    "SWISS FRANC": "CHF",
    "UAE DIRHAM": "AED",
    "US DOLLAR": "USD",
    "YEN": "JPY",
    "YUAN/RENMINBI": "CNY",
}
NO_CURRENCIES = {"NAIRA", "POESO", "WAUA"}  # the own currency, a misprint, and a unit of account without a code

_NOTHING = (None, "")


def steps(query: Query) -> Steps:
    """The archive; only the days of the window are read further."""
    first, last = query.span(PROVIDER.gap_days)
    reply = yield Request(URL)
    quotes = list(_quotes(reply.body, first, last))
    if not quotes:
        raise NoRates(f"has no rates from {first} to {last}")
    return quotes


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of the whole archive."""
    return list(_quotes(body, date.min, date.max))


def _quotes(body: bytes, first: date, last: date) -> Iterator[Quote]:
    """The rows of the window; one without any rate says that the currency was not quoted."""
    for day, row in within(readers.rows(readers.json_value(body)), "ratedate", first, last):
        name = " ".join(row["currency"].split()).upper()
        if name in NO_CURRENCIES:
            continue
        if name not in CODES:
            raise ValueError(f"no known currency: {name!r}")
        if not all(row[side] in _NOTHING for side in ("buyingrate", "centralrate", "sellingrate")):
            yield Quote(CODES[name], "NGN", readers.number(row["centralrate"]), day)
