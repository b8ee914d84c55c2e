"""Abstract: its exchange rates API, with a key that no other API of Abstract takes.

Publishes: about 60 currencies, and tokens that are left out here, through the day; days of the past (beta).
Quoted: mid rates of its sources, units of the symbol for one of the base.
Answer: JSON with base, last_updated (seconds) or date, and exchange_rates; errors have an object error with a code.
Source: https://docs.abstractapi.com/exchange-rates

Free keys may ask for any base, once a second. Status 204 without a body says that it has no data. In 2021 its
rates were the European Central Bank's of the day, re-quoted; whether the present ones are is not known.
"""

from rates.errors import ErrorAnswer, KeyRefused, QuotaExceeded, RatesError
from rates.providers._services import NAMES, STATUSES, quotes_of, service
from rates.providers.kit import Iterable, Mapping, Provider, Query, Quote, Steps, date, get
from rates.readers import day, excerpt, json_object, mapping, unix_day

PROVIDER = Provider(
    name="Abstract Exchange Rates",
    rate_type="mid",
    cadence="daily",  # the least that it can be; its documentation says no more than "most recent"
    published="through the day",
    since=date(1999, 1, 4),  # undocumented, so no day is cut off here: the service reports what it lacks
    answers=("latest", "day"),
    gap_days=7,  # undocumented: the longest pause of publishers that rest on holidays
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


STATUS_NAMES = {**NAMES, 422: QuotaExceeded}


def steps(query: Query) -> Steps:
    """One request for the base, of the latest or one day."""
    name, params = ("historical", {"date": query.end}) if query.end else ("live/", {})
    account = {"api_key": query.secret(PROVIDER.key), "base": query.base}
    request = get(FOLDER + name, {**account, **params}, private=("api_key",), allow=(*STATUSES, 204))
    return service(query, PROVIDER, [request], parse, own_errors=STATUSES, names=STATUS_NAMES)


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of the answered base, of the day named or that of the time stamp."""
    answer = json_object(body)
    if "error" in answer:
        error = mapping(answer["error"], "an object error")
        code = error.get("code")
        raise ERRORS.get(code, ErrorAnswer)(f"reports {excerpt(code)}: {excerpt(error.get('message'))}")
    on = day(answer["date"]) if "date" in answer else unix_day(answer["last_updated"])
    return quotes_of(answer["base"], answer["exchange_rates"], on)
