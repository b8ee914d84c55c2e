"""Central Bank of West African States: reference rates of the CFA franc.

Publishes: 27 currencies each working day, the Gulf's on Sundays too, since 2014.
Quoted: reference rates, francs for one unit; the euro is fixed at 655.957.
Answer: a piece of a page, a day a request; French names, decimal comma, a dot between thousands.
Source: https://www.bceao.int/fr/cours/cours-de-reference-des-principales-devises-contre-Franc-CFA

The won and the forint have few digits, so that a cross over them may be off by one per cent.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable
from datetime import date

from rates import readers
from rates.errors import NoRates
from rates.model import Provider, Query, Quote, Reply, Request
from rates.providers import Steps
from rates.providers._by_day import SATURDAY, by_day
from rates.providers._html import below

PROVIDER = Provider(
    name="Central Bank of West African States",
    country="",  # of eight countries
    pivot="XOF",
    rate_type="reference",
    published="by 12:00 UTC",
    since=date(2014, 1, 2),
    max_days=1,
    mixed_days=True,  # of a Sunday there are only the Gulf's currencies
    concurrency=1,  # no limit is known
    spacing_s=0.2,
    terms="https://www.bceao.int/fr/mentions-legales",
)

URL = "https://www.bceao.int/fr/cours/get_all_reference_by_date"
HEAD = ("Devise", "CFA")

# As the bank spells them, in lower case.
NAMES = {
    "baht thailandais": "THB",
    "couronne danoise": "DKK",
    "couronne norvégienne": "NOK",
    "couronne suédoise": "SEK",
    "couronne thèque": "CZK",
    "dinar koweitien": "KWD",
    "dirham emirats arabes unis": "AED",
    "dollar australien": "AUD",
    "dollar canadien": "CAD",
    "dollar hong kong": "HKD",
    "dollar néo-zélandais": "NZD",
    "dollar singapourien": "SGD",
    "dollar us": "USD",
    "euro": "EUR",
    "forint hongrois": "HUF",
    "franc suisse": "CHF",
    "livre sterling": "GBP",
    "nouveau shekel": "ILS",
    "nouvelle livre turque": "TRY",
    "rand sud-africain": "ZAR",
    "real brésilien": "BRL",
    "roupie indienne": "INR",
    "ryal saudien": "SAR",
    "won coréen": "KRW",
    "yen japonais": "JPY",
    "yuan chinois": "CNY",
    "zloty polonais": "PLN",
}
MONTHS = {
    name: number
    for number, name in enumerate(
        (
            "janvier",
            "février",
            "mars",
            "avril",
            "mai",
            "juin",
            "juillet",
            "août",
            "septembre",
            "octobre",
            "novembre",
            "décembre",
        ),
        start=1,
    )
}

_HEADING = re.compile(r"<h2>\s*Cours des devises du \w+ (\d{1,2})(?:er)? (\w+ \d{4})\s*</h2>(.*)", re.DOTALL)


def steps(query: Query) -> Steps:
    """The day's page; back to the last one with the euro, since a Sunday's has the Gulf's currencies alone."""
    return by_day(
        query, PROVIDER, _one, rests=(SATURDAY,), enough=lambda found: any(quote.base == "EUR" for quote in found)
    )


def _one(day: date) -> Generator[Request, Reply, Iterable[Quote]]:
    reply = yield Request(URL, params=(("dateJour", str(day)),), html=True)
    return parse(reply.body)


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of one day; a heading with nothing after it is how the bank says that it rested."""
    heading = _HEADING.search(readers.text(body))
    if not heading:
        raise ValueError("no heading with a day")
    day = readers.day(f"{heading[1]} {heading[2]}", "D M Y", MONTHS)
    if not heading[3].strip():
        raise NoRates(f"has no rates of {day}")
    rows = below(readers.tables(heading[3]), HEAD)
    return [Quote(_code(name), "XOF", readers.number(rate, comma=True, thousands="."), day) for name, rate in rows]


def _code(name: str) -> str:
    try:
        return NAMES[name.lower()]
    except KeyError:
        raise ValueError(f"no known currency: {name!r}") from None
