"""Currencyapi: market rates, with a key.

Publishes: about 160 currencies, metals, and tokens that are left out here, daily for free keys; days since 1999.
Quoted: mid rates, units of the symbol for one US dollar.
Answer: JSON, meta.last_updated_at and data, of code and value by code; a range is a list of datetime and currencies.
Source: https://currencyapi.com/docs/latest

The dollar is its base unless another is asked for, and its answers do not say which it is. So no base is asked for,
all others are crossed by us, and the dollar must be among the rates, at 1. Ranges are for paid plans, of at most 366
days. A failure has its HTTP status and a message.
"""

from rates.providers._services import STATUSES, quotes_of, requests_of, service
from rates.providers.kit import Iterable, Provider, Query, Quote, Request, Steps, date, get
from rates.readers import json_object, mapping, reported, stamp_day

PROVIDER = Provider(
    name="currencyapi",
    pivot="USD",
    rate_type="mid",
    cadence="daily",  # what a free key gets
    published="23:59 UTC",
    since=date(1999, 1, 1),
    max_days=366,
    gap_days=3,  # it answers for every day
    spacing_s=6.0,  # a free key may ask ten times a minute
    key_url="https://app.currencyapi.com/",
    kind="service",
    official=False,
)

FOLDER = "https://api.currencyapi.com/v3/"


def steps(query: Query) -> Steps:
    """One document for all bases, of the latest or one day; a range in pieces of a year."""
    key = {"apikey": query.secret(PROVIDER.key)}

    def ask(name: str, **params: object) -> Request:
        return get(FOLDER + name, params, key=key, allow=STATUSES)

    def of_days(first: date, last: date) -> Request:
        days = {"datetime_start": f"{first}T00:00:00Z", "datetime_end": f"{last}T23:59:59Z"}
        return ask("range", **days, accuracy="day")

    requests = requests_of(query, PROVIDER, lambda: ask("latest"), lambda on: ask("historical", date=on), of_days)
    return service(query, PROVIDER, requests, parse)


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of the dollar, of the UTC day of the last update or of each day of a range."""
    answer = json_object(body)
    if "message" in answer:
        raise reported(answer["message"])
    data = answer["data"]
    if not isinstance(data, list):
        return _quotes(data, answer["meta"]["last_updated_at"])
    return [quote for entry in data for quote in _quotes(entry["currencies"], entry["datetime"])]


def _quotes(data: object, stamp: str) -> list[Quote]:
    table = mapping(data, "an object of currencies")
    for code, entry in table.items():
        if entry["code"] != code:
            raise ValueError(f"{code!r} has the code {entry['code']!r}")
    if "USD" not in table:
        raise ValueError("the dollar is not among the rates, so that their base is unknown")
    return quotes_of("USD", {code: entry["value"] for code, entry in table.items()}, stamp_day(stamp))
