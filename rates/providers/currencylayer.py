"""Currencylayer: market rates for 168 currencies, with a key.

Publishes: 168 currencies hourly (more often for paid plans), and the last rates of each day since 1999-01-01.
Quoted: mid rates of commercial sources and banks, units of the symbol for one US dollar.
Answer: JSON with success, source, timestamp and quotes named by pairs; errors have success false and a code.
Source: https://currencylayer.com/documentation

A free key may ask for the source dollar alone, which is what is asked here; all other bases are crossed by us. Ranges
are for paid plans. The key is a parameter, since the service takes it nowhere else, so plain HTTP is never used.
"""

from __future__ import annotations

from datetime import date

from rates.model import Provider, Query
from rates.providers import Steps
from rates.providers._apilayer import MAX_DAYS, Site, converse, parse

__all__ = ["PROVIDER", "parse", "steps"]

PROVIDER = Provider(
    name="Currencylayer",
    pivot="USD",
    rate_type="mid",
    cadence="hourly",
    published="every hour UTC",
    since=date(1999, 1, 1),
    max_days=MAX_DAYS,
    gap_days=3,  # it answers for every day, once with that of the day before (2015-05-05 for the 6th)
    concurrency=2,
    key_url="https://currencylayer.com/signup/free",
    kind="service",
    official=False,
    terms="https://currencylayer.com/terms",
)

SITE = Site("https://api.currencylayer.com/", latest="live", day="historical", series="timeframe")


def steps(query: Query) -> Steps:
    """One document for all bases, of the latest or one day; a range in pieces of a year."""
    return converse(SITE, PROVIDER.key, query)
