"""Central Bank of Uzbekistan: official rates.

Publishes: 75 currencies each working day, since 1994-07-01.
Quoted: official rates, soums for one unit, or for the nominal of 10 of IDR, IRR and VND.
Answer: JSON, a list with a row a currency, rates as text; a day without rates of its own has those in force on it.
Source: https://cbu.uz/en/arkhiv-kursov-valyut/veb-masteram/

Two decimals are all that cheap currencies have: the Lebanese pound is 0.14, which may be 3 % off. The lev, which ended
with 2025, is quoted on at 1.665 to the dollar.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from rates import readers
from rates.errors import NoRates
from rates.model import Provider, Query, Quote, Request
from rates.providers import Steps

PROVIDER = Provider(
    name="Central Bank of Uzbekistan",
    country="UZ",
    pivot="UZS",
    rate_type="official",
    published="in the afternoon Asia/Tashkent",
    since=date(1994, 7, 1),
    max_days=1,
    gap_days=14,  # New Year and feasts with their weekends
    concurrency=2,
    spacing_s=0.1,
    terms="https://cbu.uz/en/",
)

FOLDER = "https://cbu.uz/en/arkhiv-kursov-valyut/json/all/"


def steps(query: Query) -> Steps:
    """The list in force on the day; of a range each list once, from its last day back to its first.

    A list bears the day from which it is in force, so that the days before it are asked for next, and closed days
    between two lists not at all.
    """
    last = min(query.end or query.today, query.today)
    first = query.start if query.kind == "range" and query.start else last
    quotes: list[Quote] = []
    day = last
    while day >= first:
        reply = yield Request(f"{FOLDER}{day}/")
        found = list(parse(reply.body))
        quotes += [quote for quote in found if query.kind != "range" or quote.day >= first]
        newest = max((quote.day for quote in found), default=day)
        if newest > day:
            raise ValueError(f"asked for {day}, it answers for {newest}")
        day = newest - timedelta(days=1)
    if not quotes:
        raise NoRates(f"has no rates from {first} to {last}")
    return quotes


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of a list."""
    return [
        Quote(
            row["Ccy"],
            "UZS",
            readers.per_unit(readers.number(row["Rate"]), readers.number(row["Nominal"])),
            readers.day(row["Date"], "D.M.Y"),
        )
        for row in readers.rows(readers.json_value(body))
    ]
