"""Central Bank of Chile: the observed dollar, and seven more currencies, from its statistical database.

Publishes: eight currencies each working day, since 1990 (not all of them as early).
Quoted: the observed dollar is the average of the market on the working day before; pesos for one unit.
Answer: JSON, a series a request, a row a calendar day, "NaN" and the status ND on closed ones.
Source: https://si3.bcentral.cl/Siete/es/Siete/API

It wants a user and a password, and only as parameters: the key BCCH_API_KEY holds both, written USER:PASSWORD (all
after the first colon is the password).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from rates import readers
from rates.errors import ErrorAnswer, KeyNeeded, KeyRefused
from rates.model import Provider, Query, Quote, Request
from rates.providers import Steps
from rates.providers._one_by_one import together, wanted
from rates.providers._shared import said

PROVIDER = Provider(
    name="Central Bank of Chile",
    country="CL",
    pivot="CLP",
    rate_type="market average",
    published="about 13:00 America/Santiago",
    since=date(1990, 1, 2),
    concurrency=2,
    spacing_s=0.25,  # five requests a second are allowed
    key_url="https://si3.bcentral.cl/Siete/es/Siete/API",
    terms="https://si3.bcentral.cl/Siete/es/Siete/API",  # its terms are not known
)

URL = "https://si3.bcentral.cl/SieteRestWS/SieteRestWS.ashx"
SERIES = {
    "USD": "F073.TCO.PRE.Z.D",
    **{code: f"F072.CLP.{code}.N.O.D" for code in ("EUR", "GBP", "JPY", "CAD", "AUD", "CNY", "BRL")},
}
CODES = {series: code for code, series in SERIES.items()}
CLOSED = ("ND", "NaN")


def steps(query: Query) -> Steps:
    """One request a currency for the whole window."""
    user, colon, password = query.secret(PROVIDER.key).partition(":")
    if not (user and colon and password):
        raise KeyNeeded("wants a user and a password, and its key is not written USER:PASSWORD")
    first, last = query.span(PROVIDER.gap_days)
    last = min(last, query.today)
    account = (("user", user), ("pass", password), ("function", "GetSeries"))
    asked = wanted(query, SERIES)
    quotes: list[Quote] = []
    for code in asked:
        window = (("timeseries", SERIES[code]), ("firstdate", str(first)), ("lastdate", str(last)))
        reply = yield Request(URL, params=(*account, *window), private=("user", "pass"))
        found, series = _series(reply.body)
        if series != SERIES[code]:
            raise ValueError(f"the series {SERIES[code]} was due, got {series!r}")
        quotes += found
    return together(quotes, asked, f"from {first} to {last}")


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of one series."""
    return _series(body)[0]


def _series(body: bytes) -> tuple[list[Quote], str]:
    """The quotes of one series, and which it is."""
    answer = readers.mapping(readers.json_value(body))
    if answer["Codigo"] != 0:
        words = said(answer["Descripcion"])
        refused = KeyRefused if "password" in words.lower() else ErrorAnswer
        raise refused(f"reports {words!r}")
    series = readers.mapping(answer["Series"])
    return list(_quotes(series)), series["seriesId"]


def _quotes(series: Mapping[str, Any]) -> Iterator[Quote]:
    code = CODES[series["seriesId"]]
    for item in readers.rows(series["Obs"]):
        row = readers.mapping(item)
        if (row["statusCode"], row["value"]) != CLOSED:
            rate = readers.number(row["value"], thousands=",")
            yield Quote(code, "CLP", rate, readers.day(row["indexDateString"], "D-M-Y"))
