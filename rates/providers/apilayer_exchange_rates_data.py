"""Exchange Rates Data API, through the gateway of apilayer.com, with that gateway's key.

Publishes: about 170 currencies hourly (more often for some plans), and the last rates of each day since 1999-01-01.
Quoted: mid rates of commercial sources, units of the symbol for one euro.
Answer: JSON with success, base, date and rates; errors have a code and words.
Source: https://apilayer.com/marketplace/exchangerates_data-api

The same rates as exchangeratesapi, whose own keys the gateway does not take. One key of the gateway is for all its
products that its holder has subscribed to, and goes into a header. No base is asked for, so that every plan will do:
it is then the euro, and all other bases are crossed by us. The gateway's own refusals are a status and a message.
"""

from __future__ import annotations

from datetime import date

from rates.model import Provider, Query
from rates.providers import Steps
from rates.providers._apilayer import MAX_DAYS, Site, converse, parse

__all__ = ["PROVIDER", "parse", "steps"]

PROVIDER = Provider(
    name="Exchange Rates Data API (apilayer.com)",
    pivot="EUR",
    rate_type="mid",
    cadence="hourly",
    published="every hour UTC",
    since=date(1999, 1, 1),
    max_days=MAX_DAYS,
    gap_days=3,  # it answers for every day; one day off has been seen in a sister service
    concurrency=2,
    key_env="APILAYER_API_KEY",
    key_url="https://apilayer.com/marketplace/exchangerates_data-api",
    kind="service",
    official=False,
    reprints="exchangeratesapi",
)

SITE = Site(
    "https://api.apilayer.com/exchangerates_data/", latest="latest", day="{day}", series="timeseries", header="apikey"
)


def steps(query: Query) -> Steps:
    """One document for all bases, of the latest or one day; a range in pieces of a year."""
    return converse(SITE, PROVIDER.key, query)
