"""Central Bank of Tunisia: average rates of the interbank market.

Publishes: 20 currencies each working day, since 2004-12-23.
Quoted: averages of the interbank market, dinars for 1, 10, 100 or 1000 units.
Answer: a piece of a page in UTF-8 (its meta tag says otherwise), a day a request, posted; decimal comma.
Source: https://www.bct.gov.tn/bct/siteprod/cours_archive.jsp

A second table, of cash in banks, has rates of its own and is not read.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable
from datetime import date

from rates import readers
from rates.errors import NoRates
from rates.model import Provider, Query, Quote, Reply, Request
from rates.providers import Steps
from rates.providers._by_day import WEEKEND, by_day
from rates.providers._html import below

PROVIDER = Provider(
    name="Central Bank of Tunisia",
    country="TN",
    pivot="TND",
    rate_type="market average",
    published="by 19:00 UTC",
    since=date(2004, 12, 23),
    max_days=1,
    concurrency=1,  # no limit is known
    spacing_s=0.2,
    official=False,  # what the market made
)

FOLDER = "https://www.bct.gov.tn/bct/siteprod/"
HEAD = ("Monnaie", "Sigle", "Unité", "Valeur")
CASH = "Change Manuel"
NOTHING = "Exhausted Resultset"  # its database's own words for a day without rates

_DAY = re.compile(r"Journée du (\d{2}/\d{2}/\d{4})")


def steps(query: Query) -> Steps:
    """The page of the day; one that is of another day says so itself."""
    return by_day(query, PROVIDER, _one, rests=WEEKEND)


def _one(day: date) -> Generator[Request, Reply, Iterable[Quote]]:
    reply = yield Request(
        FOLDER + "cours_archiv.jsp",
        form=(("input", str(day)), ("langue", "_AN")),
        headers=(("Referer", FOLDER + "cours_archive.jsp"),),  # it refuses others
        html=True,
    )
    return parse(reply.body)


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of the interbank market's table; below it stands one of the same columns for cash."""
    page = readers.text(body).partition(CASH)[0]
    if NOTHING in page:
        raise NoRates("has no rates of that day")
    found = _DAY.search(page)
    if not found:
        raise ValueError("no day of the rates")
    day = readers.day(found[1], "D/M/Y")
    rows = below(readers.tables(page), HEAD)
    return [
        Quote(code, "TND", readers.per_unit(readers.number(rate, comma=True), readers.number(units)), day)
        for _, code, units, rate in rows
    ]
