"""Monetary Authority of Macao (AMCM): interbank middle rates.

Publishes: about 17 currencies each working day around noon in Macao; the archive begins in 1986.
Quoted: middle rates of the interbank market, patacas for 1 or 100 units of the currency.
Answer: JSON, a row a day and currency, the newest first; the field with patacas is called usdMeanValue all the same.
Source: https://www.amcm.gov.mo/en/financial-information/interbank-midpoint

That the figures are patacas, and the yen and the won per 100, shows in the crosses: 8.07 to the US dollar, which is
the Hong Kong dollar's peg of 7.8 times the fixed 1.03. `bid` is the market's rate against the US dollar.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from rates import readers
from rates.errors import ErrorAnswer, NoRates
from rates.model import Provider, Query, Quote, Request
from rates.providers import Steps
from rates.providers._shared import said, spans

PROVIDER = Provider(
    name="Monetary Authority of Macao",
    country="MO",
    pivot="MOP",
    rate_type="market mid",
    published="about 12:00 Asia/Macau",
    since=date(1986, 1, 2),
    max_days=90,  # longer windows are cut after about four months, without a word
    gap_days=10,  # the lunar New Year and the weekends around it
    concurrency=2,
    spacing_s=0.5,
    official=False,  # what the interbank market makes
    terms="https://www.amcm.gov.mo/en",  # its terms are not known
)

URL = "https://www.amcm.gov.mo/api/v1.0/cms/financial_info"

OLD_CODES = {"ECU": "XEU"}
NO_CURRENCY = ("LIQ",)  # a liquidity figure, of 0 units


def steps(query: Query) -> Steps:
    """The window in pieces that the server does not cut."""
    first, last = query.span(PROVIDER.gap_days)
    last = min(last, query.today)
    quotes: list[Quote] = []
    for start, end in spans(first, last, PROVIDER.max_days or 1):
        window = (("Begin", f"{start:%Y%m%d}"), ("End", f"{end:%Y%m%d}"))
        reply = yield Request(URL, params=(("QueryType", "1"), *window))
        quotes += parse(reply.body)
    if not quotes:
        raise NoRates(f"has no rates from {first} to {last}")
    return quotes


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all rows."""
    answer = readers.mapping(readers.json_value(body))
    if answer["message"] != "OK":
        raise ErrorAnswer(f"reports {said(answer['message'])!r}")
    return list(_quotes(readers.rows(answer["data"])))


def _quotes(rows: Iterable[object]) -> Iterator[Quote]:
    for item in rows:
        row = readers.mapping(item)
        code, rate = row["currency"], readers.number(row["usdMeanValue"])
        if code in NO_CURRENCY:
            continue
        day, _, midnight = row["date"].partition(" ")
        if midnight != "00:00:00":
            raise ValueError(f"no day: {row['date']!r}")
        rate = readers.per_unit(rate, readers.number(row["unit"]))
        yield Quote(OLD_CODES.get(code, code), "MOP", rate, readers.day(day))
