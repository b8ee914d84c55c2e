"""Central Bank of West African States: reference rates of the CFA franc.

Publishes: 27 currencies each working day, the Gulf's on Sundays too, since 2014.
Quoted: reference rates, francs for one unit; the euro is fixed at 655.957.
Answer: a piece of a page, a day a request; French names, decimal comma, a dot between thousands.
Source: https://www.bceao.int/fr/cours/cours-de-reference-des-principales-devises-contre-Franc-CFA

The won and the forint have few digits, so that a cross over them may be off by one per cent.
"""

import re

from rates.errors import NoRates
from rates.providers.kit import SATURDAY, Iterable, Provider, Query, Quote, Request, Steps, by_day, date, get
from rates.readers import day, months, named, number, rows_below, searched, tables, text

PROVIDER = Provider(
    name="Central Bank of West African States",
    country="",  # of eight countries
    pivot="XOF",
    rate_type="reference",
    published="by 12:00 UTC",
    since=date(2014, 1, 2),
    max_days=1,
    mixed_days=True,  # of a Sunday there are only the Gulf's currencies
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
MONTHS = months("janvier février mars avril mai juin juillet août septembre octobre novembre décembre")

_HEADING = re.compile(r"<h2>\s*Cours des devises du \w+ (\d{1,2})(?:er)? (\w+ \d{4})\s*</h2>(.*)", re.DOTALL)


def steps(query: Query) -> Steps:
    """The page of the day, back to the last one with the euro: a Sunday's has the Gulf's currencies alone."""
    return by_day(query, PROVIDER, ask, parse, rests=(SATURDAY,), enough=_has_euro)


def _has_euro(found: list[Quote]) -> bool:
    return any(quote.base == "EUR" for quote in found)


def ask(on: date) -> Request:
    """The page of a day."""
    return get(URL, {"dateJour": on}, html=True)


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of one day; a heading with nothing after it stands for a day without rates."""
    heading = searched(_HEADING, text(body), "heading with a day")
    on = day(f"{heading[1]} {heading[2]}", "D M Y", MONTHS)
    if not heading[3].strip():
        raise NoRates(f"has no rates of {on}")
    for name, rate in rows_below(tables(heading[3]), HEAD):
        yield Quote(named(NAMES, name.lower(), name), "XOF", number(rate, comma=True, thousands="."), on)
