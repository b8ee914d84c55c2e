"""CurrencyBeacon: market rates, with a key.

Publishes: 168 currencies, metals, and tokens that are left out here, hourly for free keys; each day since 1996-01-01.
Quoted: mid rates of commercial sources and central banks, units of the symbol for one US dollar.
Answer: JSON, meta with a code, and response (or the document itself) with date, base and rates.
Source: https://currencybeacon.com/api-documentation

One document for all bases is asked for, to spare a free key's quota; other bases are crossed by us. Ranges are for
paid plans, and their answers do not say the base, so they are not asked for. A failure has its number in meta.code.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from rates import readers
from rates.errors import ErrorAnswer, RatesError
from rates.model import Provider, Query, Quote, Request
from rates.providers import Steps
from rates.providers._services import NAMES, STATUSES, quotes_of, refusal, stamp_day
from rates.providers._shared import said

PROVIDER = Provider(
    name="CurrencyBeacon",
    pivot="USD",
    rate_type="mid",
    cadence="hourly",
    published="every hour UTC",
    since=date(1996, 1, 1),
    answers=("latest", "day"),
    gap_days=3,  # it answers for every day
    concurrency=2,
    key_url="https://currencybeacon.com/register",
    kind="service",
    official=False,
    terms="https://currencybeacon.com/terms",
)

FOLDER = "https://api.currencybeacon.com/v1/"


def steps(query: Query) -> Steps:
    """One request, of the latest or one day; the key in the documented header."""
    secret = query.secret(PROVIDER.key)
    name, params = ("historical", (("date", str(query.end)),)) if query.end else ("latest", ())
    reply = yield Request(
        FOLDER + name,
        (("base", PROVIDER.pivot), *params),
        headers=(("Authorization", f"Bearer {secret}"),),
        private=("Authorization",),
        allow=STATUSES,
    )
    if reply.status >= 400:
        raise refusal(reply, secret)
    return parse(reply.body)


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of the answered base, of the day or time stamp that the answer has."""
    answer = readers.mapping(readers.json_value(body))
    meta = readers.mapping(answer["meta"], "an object meta")
    if meta["code"] != 200:
        raise _error(meta)
    found = readers.mapping(answer.get("response", answer), "an object response")
    return quotes_of(found["base"], found["rates"], stamp_day(found["date"]))


def _error(meta: Mapping[str, Any]) -> RatesError:
    """Its errors by their number, which is that of the HTTP status."""
    words = said(meta.get("error_detail") or meta.get("message") or "without a reason")
    return NAMES.get(meta["code"], ErrorAnswer)(f"reports {said(meta['code'])}: {words}")
