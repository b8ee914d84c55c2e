"""Consensus: for each currency the median of what the official publishers say.

Publishes: nothing of its own; each figure is the median of the official rates of one day (see `rates.consensus`).
Quoted: any base, one unit; the members' rates seen from that base, crossed where they must be.
Answer: the answers of its members, each read by its own provider.
Source: https://en.wikipedia.org/wiki/Median

A provider's conversation is one publisher's, one request after another, under one publisher's politeness and key. Asked
in that way forty members would take minutes and each have the wrong spacing; so this one is known here by its facts
alone, and `rates.fetch.consensus_fetch` asks its members at once, each under its own limits, each document once a
run.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from rates.consensus import KEY
from rates.errors import Unsupported
from rates.model import Provider, Query, Quote
from rates.providers import Steps

PROVIDER = Provider(
    key=KEY,
    name="Consensus of the official publishers",
    country="",
    pivot="",
    rate_type="median of official rates",
    cadence="daily",
    published="as each of its members publishes",
    since=date(1999, 1, 4),  # the euro's first day; before it too few members speak of the same currencies
    answers=("latest", "day"),
    gap_days=14,  # as long as its most leisurely members rest
    mixed_days=True,
    kind="service",
    official=False,
    source="https://en.wikipedia.org/wiki/Median",
    terms="those of each member",
)


def steps(query: Query) -> Steps:
    """Refuses: what is asked of many is no conversation with one."""
    raise Unsupported("has tables and no quotes of its own", hint="ask with fetch_rates, or --provider consensus")
    yield  # a generator, as every provider's


def parse(body: bytes) -> Iterable[Quote]:
    """Refuses: there is no answer of its own."""
    raise Unsupported("has no answer of its own to read", provider=KEY)
