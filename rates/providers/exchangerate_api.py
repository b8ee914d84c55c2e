"""ExchangeRate-API, version 6: mid-market rates with a key.

Publishes: about 165 currencies once a day just after midnight UTC (hourly and faster for paid plans), days of the past.
Quoted: mid rates of several central banks, units of the symbol for one of the base.
Answer: JSON with result, base_code, conversion_rates, and the time of the last update or year, month and day.
Source: https://www.exchangerate-api.com/docs/standard-requests

Free keys may ask for any base; days of the past are for paid plans. The key goes into the documented header
Authorization, so that it stands in no address. Errors say result "error" and an error-type. The open access of the
same service, which wants no key, is another provider here (erapi).
"""

from rates.providers._exchangerate_api import parse as parse
from rates.providers._services import STATUSES, service
from rates.providers.kit import Provider, Query, Steps, date, get

PROVIDER = Provider(
    name="ExchangeRate-API",
    rate_type="mid",
    cadence="daily",  # what a free key gets
    published="00:00 UTC",
    since=date(1990, 1, 1),  # for the main currencies; all of them since 2021
    answers=("latest", "day"),
    gap_days=3,  # it answers for every day
    concurrency=2,
    key_env="EXCHANGERATE_API_KEY",
    key_url="https://app.exchangerate-api.com/sign-up",
    kind="service",
    official=False,
    terms="https://www.exchangerate-api.com/terms",
)

FOLDER = "https://v6.exchangerate-api.com/v6/"


def steps(query: Query) -> Steps:
    """One request for the base; a day's month and day have no leading zeros, as documented."""
    name = f"latest/{query.base}"
    if query.end:
        name = f"history/{query.base}/{query.end.year}/{query.end.month}/{query.end.day}"
    key = {"Authorization": f"Bearer {query.secret(PROVIDER.key)}"}
    return service(query, PROVIDER, [get(FOLDER + name, key=key, allow=STATUSES)], parse, own_errors=STATUSES)
