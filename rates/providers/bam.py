"""Bank Al-Maghrib: transfer rates of the Moroccan dirham.

Publishes: about 30 currencies each working day, as of 12:30 Casablanca time; the archive begins in 1999.
Quoted: rates for transfers, dirhams for 1, 10 or 100 units; the bank's middle, before 2016 that of buying and selling.
Answer: JSON, a list of one day, some of them with every currency twice; wants a key in a header; [] on closed days.
Source: https://apihelpdesk.centralbankofmorocco.ma/apis

Mauritania's ouguiya still goes by its code of before 2018, MRO, at 23.57 dirhams for 100 in March 2026: that is 39.6
to the US dollar, today's ouguiya, MRU (the old one was a tenth of it).

The Libyan dinar differs from the market: 4.92 to the US dollar in March 2026, when others had 6.35 to 6.41.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from rates import readers
from rates.model import Provider, Query, Quote, Reply, Request
from rates.providers import Steps
from rates.providers._by_day import WEEKEND, by_day

PROVIDER = Provider(
    name="Bank Al-Maghrib",
    country="MA",
    pivot="MAD",
    rate_type="mid",
    published="by 17:00 Africa/Casablanca",  # of 12:30; new ones are looked for from 14 to 16 UTC
    since=date(1999, 1, 4),
    max_days=1,
    spacing_s=1.0,
    key_url="https://apihelpdesk.centralbankofmorocco.ma/",
)

URL = "https://api.centralbankofmorocco.ma/cours/Version1/api/CoursVirement"
KEY_HEADER = "Ocp-Apim-Subscription-Key"

NEW_OUGUIYA = date(2018, 1, 1)


def steps(query: Query) -> Steps:
    """One request a working day; weekends are empty, so that they are not asked for."""
    key = ((KEY_HEADER, query.secret(PROVIDER.key)),)

    def one(day: date) -> Generator[Request, Reply, list[Quote]]:
        reply = yield Request(URL, params=(("date", f"{day}T12:30:00"),), headers=key, private=(KEY_HEADER,))
        return list(parse(reply.body))

    return (yield from by_day(query, PROVIDER, one, rests=WEEKEND))


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of a day; a currency that comes twice must come at the same rate."""
    found: dict[tuple[str, date], Quote] = {}
    for item in readers.rows(readers.json_value(body)):
        quote = _quote(readers.mapping(item))
        if found.setdefault((quote.base, quote.day), quote).rate != quote.rate:
            raise ValueError(f"two rates for {quote.base} on {quote.day}")
    return list(found.values())


def _quote(row: Mapping[str, Any]) -> Quote:
    day, code = readers.day(row["date"].partition("T")[0]), row["libDevise"]
    if code == "MRO" and day >= NEW_OUGUIYA:
        code = "MRU"
    return Quote(code, "MAD", readers.per_unit(_middle(row), readers.number(row["uniteDevise"])), day)


def _middle(row: Mapping[str, Any]) -> Decimal:
    """The bank's own middle where it gives one, else that of both sides."""
    if row.get("moyen") is not None:
        return readers.number(row["moyen"])
    return readers.midpoint(readers.number(row["achat"]), readers.number(row["vente"]))
