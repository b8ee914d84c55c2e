"""ExchangeRate-API, open access: mid-market rates without a key.

Publishes: about 165 currencies once a day just after midnight UTC.
Quoted: mid rates of several central banks, units of the symbol for one of the base.
Answer: JSON with result, the time of the last update and rates; errors say result "error" and an error-type.
Source: https://www.exchangerate-api.com/docs/free
"""

from rates.providers._exchangerate_api import parse as parse
from rates.providers.kit import Provider, Query, Steps, date, get

PROVIDER = Provider(
    name="ExchangeRate-API (open access)",
    rate_type="mid",
    published="00:00 UTC",
    since=date(2010, 1, 1),  # when the service began; it answers the latest only
    answers=("latest",),
    gap_days=2,
    # Too many requests get 429 for twenty minutes; the documentation names no figure but one request an hour.
    concurrency=2,
    spacing_s=0.5,
    kind="service",
    official=False,
    terms="https://www.exchangerate-api.com/terms (attribution: Rates By Exchange Rate API)",
)

URL = "https://open.er-api.com/v6/latest/"


def steps(query: Query) -> Steps:
    """One request for the base; the error of an unknown base comes with status 404."""
    reply = yield get(URL + query.base, allow=(404,))
    return parse(reply.body)
