"""Federal Reserve, release H.10, from the data service FRED of the Federal Reserve Bank of St. Louis, with a key.

Publishes: 22 currencies each Monday for the working days of the week before, since 1971.
Quoted: noon buying rates in New York, units of the currency for a dollar; AUD, EUR, GBP and NZD dollars for one unit.
Answer: JSON, one series an answer, which does not name it; values as text, "." on holidays.
Source: https://fred.stlouisfed.org/docs/api/fred/series_observations.html
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from rates import readers
from rates.errors import ErrorAnswer, KeyRefused, NoRates, Unsupported
from rates.model import Provider, Query, Quote, Request
from rates.providers import Steps
from rates.providers._shared import said

PROVIDER = Provider(
    name="Federal Reserve Bank of St. Louis",
    country="US",
    pivot="USD",
    rate_type="market buying",
    cadence="weekly",
    published="16:15 America/New_York, Mondays for the week before",
    since=date(1971, 1, 4),
    spacing_s=0.5,  # it allows 120 requests a minute
    key_url="https://fredaccount.stlouisfed.org/apikeys",
    terms="https://fred.stlouisfed.org/legal/",
)

URL = "https://api.stlouisfed.org/fred/series/observations"
HOLIDAY = "."
LATEST_DAYS = 21  # a week comes on the Monday after it, on Tuesday after a feast; the rest is for a late one

# The middle of a series' name, DEXJPUS, and its currency; DEXUSEU and its kin are the other way round.
PER_DOLLAR = {
    "BZ": "BRL", "CA": "CAD", "CH": "CNY", "DN": "DKK", "HK": "HKD", "IN": "INR", "JP": "JPY", "KO": "KRW", "MA": "MYR",
    "MX": "MXN", "NO": "NOK", "SD": "SEK", "SF": "ZAR", "SI": "SGD", "SL": "LKR", "SZ": "CHF", "TA": "TWD", "TH": "THB",
}  # fmt: skip
IN_DOLLARS = {"AL": "AUD", "EU": "EUR", "NZ": "NZD", "UK": "GBP"}
SERIES = {
    **{f"DEX{place}US": ("USD", code) for place, code in PER_DOLLAR.items()},
    **{f"DEXUS{place}": (code, "USD") for place, code in IN_DOLLARS.items()},
}
NAMELESS = ("USD", "XXX")  # ISO's code of no currency


def steps(query: Query) -> Steps:
    """One request for each currency that is asked for, or for each there is when none is named."""
    first, last = query.span(LATEST_DAYS if query.kind == "latest" else PROVIDER.gap_days)
    last = min(last, query.today)
    key = query.secret(PROVIDER.key)
    quotes: list[Quote] = []
    for name in _wanted(query):
        window = (("observation_start", str(first)), ("observation_end", str(last)))
        params = (("series_id", name), ("file_type", "json"), *window, ("api_key", key))
        reply = yield Request(URL, params=params, private=("api_key",), allow=(400,))
        quotes += parse(reply.body, SERIES[name])
    if not quotes:
        raise NoRates(f"has no rates from {first} to {last}")
    return quotes


def _wanted(query: Query) -> list[str]:
    if not query.symbols:
        return list(SERIES)
    asked = {query.base, *query.symbols} - {"USD"}
    found = [name for name, pair in SERIES.items() if asked & set(pair)]
    if not found:
        raise Unsupported(f"publishes none of {', '.join(query.symbols)}")
    return found


def parse(body: bytes, pair: tuple[str, str] = NAMELESS) -> Iterable[Quote]:
    """The quotes of one series, of `pair`, which `steps` knows and the answer does not say."""
    answer = readers.mapping(readers.json_value(body))
    if "error_message" in answer:
        words = said(answer["error_message"])
        if "api_key" in words:
            raise KeyRefused(f"does not accept the key: {words}", hint=f"see {PROVIDER.key_url}")
        raise ErrorAnswer(f"reports {words!r}")
    rows = readers.rows(answer["observations"])
    if len(rows) != answer["count"]:
        raise ValueError(f"{answer['count']} observations were due, got {len(rows)}")
    return [
        Quote(*pair, readers.number(row["value"]), readers.day(row["date"])) for row in rows if row["value"] != HOLIDAY
    ]
