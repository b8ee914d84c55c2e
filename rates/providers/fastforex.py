"""FastFOREX: market rates, with a key.

Publishes: about 160 currencies each minute, and days of the past.
Quoted: mid rates, units of the symbol for one of the base.
Answer: JSON with base, updated or date, and results (result when one currency was asked for); errors have error alone.
Source: https://www.fastforex.io/docs

Every plan, and the trial's, may ask for any base. Its ranges are of one pair a request and are not asked for here.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from rates import readers
from rates.errors import ErrorAnswer, RatesError, Unsupported
from rates.model import Provider, Query, Quote, Reply, Request
from rates.providers import Steps
from rates.providers._services import NAMES, STATUSES, quotes_of, refusal, stamp_day
from rates.providers._shared import said

PROVIDER = Provider(
    name="FastFOREX",
    rate_type="mid",
    cadence="every minute",
    published="every minute UTC",
    since=date(1970, 1, 1),  # "as far back as January 1970, depending on the pair", for some plans 150 days
    answers=("latest", "day"),
    gap_days=3,  # it answers for every day
    concurrency=2,
    key_url="https://console.fastforex.io/",
    kind="service",
    official=False,
    terms="https://www.fastforex.io/terms-of-sale",
)

FOLDER = "https://api.fastforex.io/"
NO_CURRENCY = "Invalid/unsupported"  # how its words begin for a base or target that it lacks


def steps(query: Query) -> Steps:
    """One request for the base, of the latest or one day; the key in the documented header."""
    secret = query.secret(PROVIDER.key)
    name, params = ("historical", (("date", str(query.end)),)) if query.end else ("fetch-all", ())
    reply = yield Request(
        FOLDER + name,
        (*params, ("from", query.base)),
        headers=(("X-API-Key", secret),),
        private=("X-API-Key",),
        allow=STATUSES,
    )
    if reply.status >= 400:
        raise _failed(reply, secret)
    return parse(reply.body)


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of the answered base, of the day asked for or that of the last update (UTC)."""
    answer = readers.mapping(readers.json_value(body))
    if "error" in answer:
        raise _error(said(answer["error"]))
    day = stamp_day(answer["date"] if "date" in answer else answer["updated"])
    return quotes_of(answer["base"], answer["results"] if "results" in answer else answer["result"], day)


def _error(words: str) -> RatesError:
    return (Unsupported if words.startswith(NO_CURRENCY) else ErrorAnswer)(f"reports {words!r}")


def _failed(reply: Reply, secret: str) -> RatesError:
    """The error of a failure status, which names it but for a currency that the service lacks."""
    if reply.status not in NAMES and NO_CURRENCY.encode() in reply.body:
        return Unsupported(refusal(reply, secret).detail)
    return refusal(reply, secret)
