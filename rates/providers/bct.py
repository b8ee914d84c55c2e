"""Central Bank of Tunisia: average rates of the interbank market.

Publishes: 20 currencies each working day, since 2004-12-23.
Quoted: averages of the interbank market, dinars for 1, 10, 100 or 1000 units.
Answer: a piece of a page in UTF-8 (its meta tag says otherwise), a day a request, posted; decimal comma.
Source: https://www.bct.gov.tn/bct/siteprod/cours_archive.jsp

A second table, of cash in banks, has rates of its own and is not read.
"""

import re

from rates.errors import NoRates
from rates.providers.kit import WEEKEND, Iterable, Provider, Query, Quote, Request, Steps, by_day, date, post
from rates.readers import day, number, per_unit, rows_below, searched, tables, text

PROVIDER = Provider(
    name="Central Bank of Tunisia",
    country="TN",
    pivot="TND",
    rate_type="market average",
    published="by 19:00 UTC",
    since=date(2004, 12, 23),
    max_days=1,
    spacing_s=0.2,
    official=False,  # what the market made
)

AGENT = {"User-Agent": "Mozilla/5.0 (compatible; fetch-rates)"}  # libraries' own are refused with status 500
FOLDER = "https://www.bct.gov.tn/bct/siteprod/"
HEAD = ("Monnaie", "Sigle", "Unité", "Valeur")
CASH = "Change Manuel"
NOTHING = "Exhausted Resultset"  # its database's own words for a day without rates

_DAY = re.compile(r"Journée du (\d{2}/\d{2}/\d{4})")


def steps(query: Query) -> Steps:
    """The page of the day; the server may answer with another day's, which is named on it."""
    return by_day(query, PROVIDER, ask, parse, rests=WEEKEND)


def ask(on: date) -> Request:
    """The page of a day; the server refuses one that is asked for without its Referer."""
    headers = {"Referer": FOLDER + "cours_archive.jsp", **AGENT}
    return post(FOLDER + "cours_archiv.jsp", {"input": on, "langue": "_AN"}, headers=headers, html=True)


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of the interbank market's table; below it stands one of the same columns for cash."""
    page = text(body).partition(CASH)[0]
    if NOTHING in page:
        raise NoRates("has no rates of that day")
    on = day(searched(_DAY, page, "day of the rates")[1], "D/M/Y")
    for _, code, units, rate in rows_below(tables(page), HEAD):
        yield Quote(code, "TND", per_unit(number(rate, comma=True), units), on)
