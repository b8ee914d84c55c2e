"""ExchangeRate-API, open access: mid-market rates without a key.

Publishes: about 165 currencies once a day just after midnight UTC.
Quoted: mid rates of several central banks, units of the symbol for one of the base.
Answer: JSON with result, the time of the last update and rates; errors say result "error" and an error-type.
Source: https://www.exchangerate-api.com/docs/free
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from rates import readers
from rates.errors import ErrorAnswer, KeyRefused, PlanRefused, QuotaExceeded, RatesError, Unsupported
from rates.model import Provider, Query, Quote, Request
from rates.providers import Steps
from rates.providers._shared import said

PROVIDER = Provider(
    name="ExchangeRate-API (open access)",
    rate_type="mid",
    published="00:00 UTC",
    since=date(2010, 1, 1),  # when the service began; it answers the latest only
    answers=("latest",),
    gap_days=2,
    # Who asks too often gets 429 for twenty minutes; its documentation names no figure but one request an hour.
    concurrency=2,
    spacing_s=0.5,
    kind="service",
    official=False,
    terms="https://www.exchangerate-api.com/terms (attribution: Rates By Exchange Rate API)",
)

URL = "https://open.er-api.com/v6/latest/"

ERRORS: Mapping[str, type[RatesError]] = {
    "unsupported-code": Unsupported,
    "quota-reached": QuotaExceeded,
    "plan-upgrade-required": PlanRefused,
    "invalid-key": KeyRefused,
    "inactive-account": KeyRefused,
}


def steps(query: Query) -> Steps:
    """One request for the base; the error of an unknown base comes with status 404."""
    reply = yield Request(URL + query.base, allow=(404,))
    return parse(reply.body)


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of the answered base, of the UTC day of the last update."""
    answer = readers.mapping(readers.json_value(body))
    if answer["result"] != "success":
        raise _error(answer)
    base, day = answer["base_code"], readers.unix_day(answer["time_last_update_unix"])
    rates = readers.mapping(answer["rates"], "an object of rates")
    return [Quote(base, symbol, readers.number(rate), day) for symbol, rate in rates.items()]


def _error(answer: Mapping[str, Any]) -> RatesError:
    kind = said(answer["error-type"])
    return ERRORS.get(kind, ErrorAnswer)(f"reports {kind!r}")
