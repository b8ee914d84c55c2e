"""Federal Reserve, release H.10, from the data service FRED of the Federal Reserve Bank of St. Louis, with a key.

Publishes: 22 currencies each Monday for the working days of the week before, since 1971.
Quoted: noon buying rates in New York, units of the currency for a dollar; AUD, EUR, GBP and NZD dollars for one unit.
Answer: JSON, one series an answer, which does not name it; values as text, "." on holidays.
Source: https://fred.stlouisfed.org/docs/api/fred/series_observations.html
"""

from rates.errors import KeyRefused
from rates.providers._fred import LATEST_DAYS, SERIES, pair
from rates.providers.kit import Iterable, Provider, Query, Quote, Request, Steps, date, get, per_currency
from rates.readers import counted, day, excerpt, json_object, number, reported, rows

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
NO_CURRENCY = "XXX"  # in ISO 4217


def steps(query: Query) -> Steps:
    """One request for each currency that is asked for, or for each there is when none is named."""
    key = query.secret(PROVIDER.key)

    def ask(code: str, first: date, last: date) -> Request:
        days = {"observation_start": first, "observation_end": last}
        params = {"series_id": SERIES[code], "file_type": "json", **days, "api_key": key}
        return get(URL, params, private=("api_key",), allow=(400,))

    return per_currency(query, PROVIDER, SERIES, ask, parse, latest_days=LATEST_DAYS)


def parse(body: bytes, code: str = NO_CURRENCY) -> Iterable[Quote]:
    """The quotes of one series, of the currency that was asked for: the answer does not name it."""
    answer = json_object(body)
    if "error_message" in answer:
        if "api_key" in answer["error_message"]:
            words = excerpt(answer["error_message"])
            raise KeyRefused(f"does not accept the key: {words}", hint=f"see {PROVIDER.key_url}")
        raise reported(answer["error_message"])
    for row in counted(rows(answer["observations"]), answer["count"], "observations"):
        if row["value"] != HOLIDAY:
            yield Quote(*pair(code), number(row["value"]), day(row["date"]))
