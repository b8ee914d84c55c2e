"""Fixer: market rates for 170 currencies, with a key.

Publishes: about 170 currencies hourly (more often for paid plans), and the last rates of each day since 1999-01-01.
Quoted: mid rates of commercial sources, units of the symbol for one euro.
Answer: JSON with success, base, date and rates; errors have success false and a code, a type and mostly an info.
Source: https://docs.apilayer.com/fixer/docs/getting-started

A free key may ask for the base euro alone, which is what is asked here; all other bases are crossed by us. Ranges
are for paid plans. The key is a parameter, since the service takes it nowhere else, so plain HTTP is never used.
"""

from __future__ import annotations

from datetime import date

from rates.model import Provider, Query
from rates.providers import Steps
from rates.providers._apilayer import MAX_DAYS, Site, converse, parse

__all__ = ["PROVIDER", "parse", "steps"]

PROVIDER = Provider(
    name="Fixer",
    pivot="EUR",
    rate_type="mid",
    cadence="hourly",
    published="every hour UTC",
    since=date(1999, 1, 1),
    max_days=MAX_DAYS,
    gap_days=3,  # it answers for every day; one day off has been seen in a sister service
    concurrency=2,
    key_url="https://fixer.io/signup/free",
    kind="service",
    official=False,
    terms="https://fixer.io/terms",
)

SITE = Site("https://data.fixer.io/api/", latest="latest", day="{day}", series="timeseries")


def steps(query: Query) -> Steps:
    """One document for all bases, of the latest or one day; a range in pieces of a year."""
    return converse(SITE, PROVIDER.key, query)
