"""1Forge: prices of currency pairs from brokers, with a key.

Publishes: some hundred pairs of currencies, metals and tokens, through the trading week; no past.
Quoted: the middle of bid and ask, the second currency of the pair for one of the first.
Answer: JSON, a list of s (pair), p (price), b (bid), a (ask), t (time); errors are an object with error and message.
Source: https://1forge.com/api

Pairs must be asked for by name, and one that it lacks is left out of the list without a word. So the pairs with the
dollar are asked for, in the direction in which brokers quote them, and all others are crossed by us.
"""

from rates.errors import ErrorAnswer, KeyRefused, QuotaExceeded
from rates.providers._services import STATUSES, service
from rates.providers.kit import Iterable, Provider, Query, Quote, Steps, date, get
from rates.readers import excerpt, json_value, mapping, number, per_unit, rows, unix_day

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
    wanted = {query.base, *(query.symbols or TRADED)} - {"USD"}
    pairs = [f"{code}/USD" if code in BEFORE_USD else f"USD/{code}" for code in sorted(wanted or TRADED)]
    params = {"pairs": ",".join(pairs), "api_key": query.secret(PROVIDER.key)}
    return service(
        query, PROVIDER, [get(URL, params, private=("api_key",), allow=STATUSES)], parse, own_errors=STATUSES
    )


def parse(body: bytes) -> Iterable[Quote]:
    """The price of each pair, for the UTC day of its time stamp; errors differ only in their message."""
    answer = json_value(body)
    if isinstance(answer, dict):
        words = excerpt(answer["message"])
        if "key not valid" in words.lower():
            raise KeyRefused(f"reports {words!r}", hint="the message is the same for a spent quota")
        raise (QuotaExceeded if "quota" in words.lower() else ErrorAnswer)(f"reports {words!r}")
    for row in map(mapping, rows(answer)):
        base, _, symbol = row["s"].partition("/")
        time = number(row["t"])
        seconds = time if time < MOST_SECONDS else per_unit(time, 1000)
        yield Quote(base, symbol, number(row["p"]), unix_day(seconds))
