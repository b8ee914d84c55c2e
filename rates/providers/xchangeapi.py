"""XchangeAPI: market rates, with a key.

Publishes: about 30 currencies, and tokens that are left out here, through the day; days of the past.
Quoted: mid rates, units of the symbol for one euro.
Answer: JSON with base, timestamp and rates; a failure has its HTTP status.
Source: https://xchangeapi.com/

The euro is the base of days of the past when none is asked for, so the latest are asked for in euros too, and all
other bases are crossed by us. A recorded day of the past, 2020-01-20, has the European Central Bank's rates to the last
digit. Its gold and silver are left out: it has printed 4.91187 ounces of gold and 3.72864 of silver for a dollar, ten
thousand and a hundred times too much.
"""

from rates.providers._services import STATUSES, quotes_of, service
from rates.providers.kit import Iterable, Provider, Query, Quote, Steps, date, get
from rates.readers import json_object, reported, unix_day

PROVIDER = Provider(
    name="XchangeAPI",
    pivot="EUR",
    rate_type="mid",
    cadence="daily",  # the least that it can be; its answers of the latest have seconds
    published="through the day",
    since=date(1999, 1, 4),  # the first day of the ECB's, whose rates its past is made of
    answers=("latest", "day"),
    gap_days=7,  # those of the past rest as the ECB does
    key_url="https://xchangeapi.com/",
    kind="service",
    official=False,
)

FOLDER = "https://api.xchangeapi.com/"
MISPRINTED = ("XAG", "XAU")


def steps(query: Query) -> Steps:
    """One document for all bases, of the latest or one day."""
    name, params = (f"historical/{query.end}", {}) if query.end else ("latest", {"base": "EUR"})
    params["api-key"] = query.secret(PROVIDER.key)
    return service(query, PROVIDER, [get(FOLDER + name, params, private=("api-key",), allow=STATUSES)], parse)


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of the answered base, of the UTC day of the time stamp."""
    answer = json_object(body)
    if "error" in answer or "message" in answer:
        raise reported(answer.get("error") or answer.get("message"))
    quotes = quotes_of(answer["base"], answer["rates"], unix_day(answer["timestamp"]))
    return [quote for quote in quotes if quote.symbol not in MISPRINTED]
