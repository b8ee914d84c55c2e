"""1Forge: prices of currency pairs from brokers, with a key.

Publishes: some hundred pairs of currencies, metals and tokens, through the trading week; no past.
Quoted: the middle of bid and ask, the second currency of the pair for one of the first.
Answer: JSON, a list of s (pair), p (price), b (bid), a (ask), t (time); errors are an object with error and message.
Source: https://1forge.com/api

Pairs must be asked for by name, and one that it lacks is left out of the list without a word. So the pairs with the
dollar are asked for, in the direction in which brokers quote them, and all others are crossed by us.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from rates import readers
from rates.errors import ErrorAnswer, KeyRefused, QuotaExceeded, RatesError
from rates.model import Provider, Query, Quote, Reply, Request
from rates.providers import Steps
from rates.providers._services import STATUSES, refusal
from rates.providers._shared import said

PROVIDER = Provider(
    name="1Forge",
    pivot="USD",
    rate_type="mid",
    cadence="continuous",
    published="through the day",
    since=date(2017, 12, 21),  # of the oldest answer known; it answers the latest only
    answers=("latest",),
    gap_days=5,  # the trading week rests from Friday to Sunday, longer at Christmas
    mixed_days=True,  # every pair has its own time
    key_url="https://1forge.com/forex-data-api",
    kind="service",
    official=False,
    terms="https://1forge.com/terms",
)

URL = "https://api.1forge.com/quotes"

# Asked for when nothing is named: what brokers trade against the dollar.
TRADED = (
    "AUD", "CAD", "CHF", "CNH", "CZK", "DKK", "EUR", "GBP", "HKD", "HUF", "ILS", "JPY",
    "MXN", "NOK", "NZD", "PLN", "RUB", "SEK", "SGD", "THB", "TRY", "XAG", "XAU", "ZAR",
)  # fmt: skip
BEFORE_USD = ("AUD", "EUR", "GBP", "NZD", "XAG", "XAU")  # in these markets the dollar is the second of the pair

MOST_SECONDS = 10**11  # of the year 5138: `t` was in seconds in 2017 and may be in thousandths, which are more


def steps(query: Query) -> Steps:
    """One request for all pairs that are wanted."""
    secret = query.secret(PROVIDER.key)
    wanted = {query.base, *query.symbols} - {"USD"} if query.symbols else {query.base, *TRADED} - {"USD"}
    pairs = [f"{code}/USD" if code in BEFORE_USD else f"USD/{code}" for code in sorted(wanted or TRADED)]
    reply = yield Request(URL, (("pairs", ",".join(pairs)), ("api_key", secret)), private=("api_key",), allow=STATUSES)
    if reply.status >= 400:
        raise _failed(reply, secret)
    return parse(reply.body)


def parse(body: bytes) -> Iterable[Quote]:
    """The price of each pair, of the UTC day of its own time."""
    answer = readers.json_value(body)
    if isinstance(answer, dict):
        raise _error(answer)
    return [_quote(readers.mapping(row)) for row in readers.rows(answer)]


def _quote(row: Mapping[str, Any]) -> Quote:
    base, _, symbol = row["s"].partition("/")
    time = readers.number(row["t"])
    seconds = time if time < MOST_SECONDS else readers.per_unit(time, 1000)
    return Quote(base, symbol, readers.number(row["p"]), readers.unix_day(seconds))


def _error(answer: Mapping[str, Any]) -> RatesError:
    """Its errors by their words, the only thing that tells them apart."""
    words = said(answer["message"])
    if "key not valid" in words.lower():
        return KeyRefused(f"reports {words!r}", hint="it says so for a spent quota too")
    return (QuotaExceeded if "quota" in words.lower() else ErrorAnswer)(f"reports {words!r}")


def _failed(reply: Reply, secret: str) -> RatesError:
    """The error of a failure status: by the words of its body, else by the status."""
    try:
        return _error(readers.mapping(readers.json_value(reply.body)))
    except (ValueError, KeyError):
        return refusal(reply, secret)
