"""Currencyapi: market rates, with a key.

Publishes: about 160 currencies, metals, and tokens that are left out here, daily for free keys; days since 1999.
Quoted: mid rates, units of the symbol for one US dollar.
Answer: JSON, meta.last_updated_at and data, of code and value by code; a range is a list of datetime and currencies.
Source: https://currencyapi.com/docs/latest

The dollar is its base unless another is asked for, and its answers do not say which it is. So no base is asked for,
all others are crossed by us, and the dollar must be among the rates, at 1. Ranges are for paid plans, of at most 366
days. A failure has its HTTP status and a message.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from rates import readers
from rates.errors import ErrorAnswer
from rates.model import Provider, Query, Quote, Request
from rates.providers import Steps
from rates.providers._services import STATUSES, quotes_of, refusal, stamp_day
from rates.providers._shared import said, spans

PROVIDER = Provider(
    name="currencyapi",
    pivot="USD",
    rate_type="mid",
    cadence="daily",  # what a free key gets
    published="23:59 UTC",
    since=date(1999, 1, 1),
    max_days=366,
    gap_days=3,  # it answers for every day
    concurrency=1,  # a free key may ask ten times a minute
    spacing_s=6.0,
    key_url="https://app.currencyapi.com/",
    kind="service",
    official=False,
)

FOLDER = "https://api.currencyapi.com/v3/"


def steps(query: Query) -> Steps:
    """One document for all bases, of the latest or one day; a range in pieces of a year."""
    secret = query.secret(PROVIDER.key)
    asked: list[tuple[str, tuple[tuple[str, str], ...]]] = [("latest", ())]
    if query.start is not None and query.end is not None:
        asked = [("historical", (("date", str(query.end)),))]
        if query.kind == "range":
            asked = [("range", _range(*span)) for span in spans(query.start, query.end, PROVIDER.max_days or 366)]
    quotes: list[Quote] = []
    for name, params in asked:
        reply = yield Request(FOLDER + name, params, headers=(("apikey", secret),), private=("apikey",), allow=STATUSES)
        if reply.status >= 400:
            raise refusal(reply, secret)
        quotes += parse(reply.body)
    return quotes


def _range(first: date, last: date) -> tuple[tuple[str, str], ...]:
    return (
        ("datetime_start", f"{first}T00:00:00Z"),
        ("datetime_end", f"{last}T23:59:59Z"),
        ("accuracy", "day"),
    )


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of the dollar, of the UTC day of the last update or of each day of a range."""
    answer = readers.mapping(readers.json_value(body))
    if "message" in answer:
        raise ErrorAnswer(f"reports {said(answer['message'])!r}")
    data = answer["data"]
    if not isinstance(data, list):
        return _quotes(data, answer["meta"]["last_updated_at"])
    return [quote for entry in data for quote in _quotes(entry["currencies"], entry["datetime"])]


def _quotes(data: object, stamp: str) -> list[Quote]:
    table = readers.mapping(data, "an object of currencies")
    for code, entry in table.items():
        if entry["code"] != code:
            raise ValueError(f"{code!r} is said to be {entry['code']!r}")
    if "USD" not in table:
        raise ValueError("the dollar is not among the rates, so that their base is unknown")
    return quotes_of("USD", {code: entry["value"] for code, entry in table.items()}, stamp_day(stamp))
