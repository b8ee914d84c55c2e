"""XchangeAPI: market rates, with a key.

Publishes: about 30 currencies, and tokens that are left out here, through the day; days of the past.
Quoted: mid rates, units of the symbol for one euro.
Answer: JSON with base, timestamp and rates; a failure has its HTTP status.
Source: https://xchangeapi.com/

The euro is the base that it takes for days of the past without being told, so it is asked for here, and all other
bases are crossed by us. A recorded day of the past, 2020-01-20, has the European Central Bank's rates to the last
digit. Its gold and silver are left out: it has printed 4.91187 ounces of gold and 3.72864 of silver for a dollar, ten
thousand and a hundred times too much.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from rates import readers
from rates.errors import ErrorAnswer
from rates.model import Provider, Query, Quote, Request
from rates.providers import Steps
from rates.providers._services import STATUSES, quotes_of, refusal
from rates.providers._shared import said

PROVIDER = Provider(
    name="XchangeAPI",
    pivot="EUR",
    rate_type="mid",
    cadence="daily",  # the least that it can be; its answers of the latest have seconds
    published="through the day",
    since=date(1999, 1, 4),  # the first day of the ECB's, whose rates its past is made of
    answers=("latest", "day"),
    gap_days=7,  # those of the past rest as the ECB does
    concurrency=1,  # no limit is known
    key_url="https://xchangeapi.com/",
    kind="service",
    official=False,
)

FOLDER = "https://api.xchangeapi.com/"
MISPRINTED = ("XAG", "XAU")


def steps(query: Query) -> Steps:
    """One document for all bases, of the latest or one day."""
    secret = query.secret(PROVIDER.key)
    name, params = (f"historical/{query.end}", ()) if query.end else ("latest", (("base", "EUR"),))
    reply = yield Request(FOLDER + name, (*params, ("api-key", secret)), private=("api-key",), allow=STATUSES)
    if reply.status >= 400:
        raise refusal(reply, secret)
    return parse(reply.body)


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of the answered base, of the UTC day of the time stamp."""
    answer = readers.mapping(readers.json_value(body))
    if "error" in answer or "message" in answer:
        raise ErrorAnswer(f"reports {said(answer.get('error') or answer.get('message'))!r}")
    quotes = quotes_of(answer["base"], answer["rates"], readers.unix_day(answer["timestamp"]))
    return [quote for quote in quotes if quote.symbol not in MISPRINTED]
