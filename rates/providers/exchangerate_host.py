"""Exchangerate.host: market rates for 168 currencies, with a key.

Publishes: 168 currencies, for free keys once a day, and the last rates of each day (at 00:05 GMT) since 1999-01-01.
Quoted: mid rates of commercial sources and banks, units of the symbol for one US dollar.
Answer: JSON with success, source, timestamp and quotes named by pairs; errors have success false and a code.
Source: https://exchangerate.host/documentation

Asked without a source it answers in dollars, which every plan may; all other bases are crossed by us. Until 2023 it
wanted no key, and answered with base, date and rates: that form is still read. Ranges may be for paid plans alone.
"""

from __future__ import annotations

from datetime import date

from rates.model import Provider, Query
from rates.providers import Steps
from rates.providers._apilayer import MAX_DAYS, Site, converse, parse

__all__ = ["PROVIDER", "parse", "steps"]

PROVIDER = Provider(
    name="Exchangerate.host",
    pivot="USD",
    rate_type="mid",
    cadence="daily",  # what a free key gets; paid plans have hourly rates and faster ones
    published="00:05 UTC",
    since=date(1999, 1, 1),
    max_days=MAX_DAYS,
    gap_days=3,  # it answers for every day; one day off has been seen in a sister service
    concurrency=2,
    key_url="https://exchangerate.host/signup/free",
    kind="service",
    official=False,
    terms="https://exchangerate.host/terms",
)

SITE = Site("https://api.exchangerate.host/", latest="live", day="historical", series="timeframe")


def steps(query: Query) -> Steps:
    """One document for all bases, of the latest or one day; a range in pieces of a year."""
    return converse(SITE, PROVIDER.key, query)
