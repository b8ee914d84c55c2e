"""National Bank of Denmark: indicative rates, as handed out by Statistics Denmark.

Publishes: 29 currencies each working day about 16:00 Copenhagen time, since 1977-01-03.
Quoted: indicative rates, kroner for 100 units of every currency.
Answer: CSV with semicolons, a row a currency and day as 2026M10D30, ".." for none, not in the order of days.
Source: https://www.statbank.dk/DNVALD

Currencies that have ended (those before the euro, the lev, the old lira) are asked for too and have their rates.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date

from rates import readers
from rates.errors import ErrorAnswer
from rates.model import Provider, Query, Quote, Request
from rates.providers import Steps
from rates.providers._shared import said

PROVIDER = Provider(
    name="National Bank of Denmark",
    country="DK",
    pivot="DKK",
    rate_type="indicative",
    published="16:00 Europe/Copenhagen",
    since=date(1977, 1, 3),
    gap_days=10,
    terms="https://www.dst.dk/en/Statistik/hjaelp-til-statistikbanken/api",
)

URL = "https://api.statbank.dk/v1/data"
SYMBOLS = (
    "EUR", "USD", "GBP", "SEK", "NOK", "CHF", "CAD", "JPY", "AUD", "NZD", "PLN", "CZK", "HUF", "HKD", "SGD",
    "ZAR", "BGN", "RON", "TRY", "KRW", "THB", "MYR", "PHP", "IDR", "CNY", "BRL", "MXN", "INR", "ILS", "ISK",
    "ATS", "BEF", "DEM", "ESP", "FIM", "FRF", "GRD", "IEP", "ITL", "NLG", "PTE", "SIT", "ROL", "TRL",
)  # fmt: skip
HEADER = ["VALUTA", "KURTYP", "TID", "INDHOLD"]
UNITS = 100
NONE = ".."


def steps(query: Query) -> Steps:
    """The rows of the window. Whether it may be of closed days alone is not known: no rows are an empty answer."""
    first, last = query.span(PROVIDER.gap_days)
    first, last = max(first, PROVIDER.since), min(last, query.today)
    headers = (("Content-Type", "application/json"),)
    reply = yield Request(URL, content=_question(first, last), headers=headers, allow=(400,))
    if reply.status == 400:
        raise _error(reply.body, first, last)
    return parse(reply.body)


def _question(first: date, last: date) -> bytes:
    chosen = {
        "VALUTA": list(SYMBOLS),
        "KURTYP": ["KBH"],  # the rates of Copenhagen; the table has others
        "Tid": [f">={first:%YM%mD%d}<={last:%YM%mD%d}"],
    }
    variables = [{"code": code, "values": values} for code, values in chosen.items()]
    shape = {"table": "DNVALD", "format": "BULK", "lang": "en", "valuePresentation": "Code"}
    return json.dumps({**shape, "variables": variables}).encode()


def _error(body: bytes, first: date, last: date) -> ErrorAnswer:
    """What the service says of a question that it refuses."""
    answer = readers.mapping(readers.json_value(body))
    return ErrorAnswer(f"reports {said(answer['errorTypeCode'])} for {first} to {last}: {said(answer['message'])}")


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all rows."""
    return list(_quotes(body))


def _quotes(body: bytes) -> Iterator[Quote]:
    names = readers.text(readers.whole_lines(body)).split("\n", 1)[0].strip().split(";")
    if names != HEADER:
        raise ValueError(f"the columns {', '.join(HEADER)} were due, got {', '.join(names)[:100]!r}")
    for row in readers.csv(body, delimiter=";"):
        if row["KURTYP"] != "KBH":
            raise ValueError(f"the rates of Copenhagen were due, got {row['KURTYP']!r}")
        if row["INDHOLD"] != NONE:
            rate = readers.per_unit(readers.number(row["INDHOLD"]), UNITS)
            yield Quote(row["VALUTA"], "DKK", rate, _day(row["TID"]))


def _day(text: str) -> date:
    """The day of 2026M10D30."""
    return readers.day(text.replace("M", "-").replace("D", "-"))
