"""Abstract: its exchange rates API, with a key of its own.

Publishes: about 60 currencies, and tokens that are left out here, through the day; days of the past (beta).
Quoted: mid rates of its sources, units of the symbol for one of the base.
Answer: JSON with base, last_updated (seconds) or date, and exchange_rates; errors have an object error with a code.
Source: https://docs.abstractapi.com/exchange-rates

Free keys may ask for any base, once a second. Status 204 without a body is its word for having no data. In 2021 its
rates were the European Central Bank's of the day, re-quoted; whether the present ones are is not known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from rates import readers
from rates.errors import ErrorAnswer, KeyRefused, NoRates, QuotaExceeded, RatesError
from rates.model import Provider, Query, Quote, Reply, Request
from rates.providers import Steps
from rates.providers._services import NAMES, STATUSES, quotes_of, refusal
from rates.providers._shared import said

PROVIDER = Provider(
    name="Abstract Exchange Rates",
    rate_type="mid",
    cadence="daily",  # the least that it can be; its documentation says no more than "most recent"
    published="through the day",
    since=date(1999, 1, 4),  # undocumented, and not ours to cut short: the service says itself what it lacks
    answers=("latest", "day"),
    gap_days=7,  # undocumented: as long as the longest rest of those who rest on holidays
    spacing_s=1.0,  # a free key's limit
    key_url="https://www.abstractapi.com/api/exchange-rate-api",
    kind="service",
    official=False,
    terms="https://www.abstractapi.com/",
)

FOLDER = "https://exchange-rates.abstractapi.com/v1/"

ERRORS: Mapping[object, type[RatesError]] = {
    "unauthorized": KeyRefused,
    "too_many_requests": QuotaExceeded,
    "quota_reached": QuotaExceeded,
}


def steps(query: Query) -> Steps:
    """One request for the base, of the latest or one day."""
    secret = query.secret(PROVIDER.key)
    name, params = ("historical", (("date", str(query.end)),)) if query.end else ("live/", ())
    reply = yield Request(
        FOLDER + name,
        (("api_key", secret), ("base", query.base), *params),
        private=("api_key",),
        allow=(*STATUSES, 204),
    )
    if reply.status == 204 and not reply.body.strip():
        raise NoRates(f"has nothing for {query.base} on {query.end or query.today}")
    if reply.status >= 400:
        raise _failed(reply, secret)
    return parse(reply.body)


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of the answered base, of the day named or that of the time stamp."""
    answer = readers.mapping(readers.json_value(body))
    if "error" in answer:
        raise _error(answer)
    day = readers.day(answer["date"]) if "date" in answer else readers.unix_day(answer["last_updated"])
    return quotes_of(answer["base"], answer["exchange_rates"], day)


def _error(answer: Mapping[str, Any]) -> RatesError:
    """Its errors by their code."""
    error = readers.mapping(answer["error"], "an object error")
    code = error.get("code")
    return ERRORS.get(code, ErrorAnswer)(f"reports {said(code)}: {said(error.get('message'))}")


def _failed(reply: Reply, secret: str) -> RatesError:
    """The error of a failure status: by the code in its body, else by the status, of which 422 is a spent quota."""
    try:
        error = _error(readers.mapping(readers.json_value(reply.body)))
    except (ValueError, KeyError):
        return refusal(reply, secret, {**NAMES, 422: QuotaExceeded})
    return error
