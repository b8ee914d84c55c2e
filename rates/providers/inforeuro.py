"""European Commission, InforEuro: monthly accounting rates of the euro.

Publishes: about 150 currencies for a calendar month, in the last days of the month before, since March 1994.
Quoted: market rates of the last working day but one of the month before, units for one euro (one ecu before 1999).
Answer: JSON, a list of countries, so that a currency may have several rows; numbers; 404 for a month not published.
Source: https://commission.europa.eu/funding-tenders/procedures-guidelines-tenders/information-contractors-and-beneficiaries/exchange-rate-inforeuro_en

Rule: a rate holds for its whole calendar month: Article 19 of the EU's Financial Regulation, for the accounts of its
budget. The answer does not name its month: it is the one that was asked for.
Currencies that the euro replaced stay listed at their fixed ratios; they are passed over once they have ended.
"""

import re

from rates.providers.kit import (
    Iterable,
    Provider,
    Query,
    Quote,
    Reply,
    Request,
    Steps,
    by_period,
    date,
    distinct,
    get,
    periods,
    weekday_before,
)
from rates.readers import has_rows, number, records

PROVIDER = Provider(
    name="European Commission",
    country="EU",
    pivot="EUR",
    rate_type="monthly",
    cadence="monthly",
    published="no stated time Europe/Brussels, in the last days of a month for the next",
    since=date(1994, 3, 1),
    kind="tax authority",
    periods=True,
    terms="https://european-union.europa.eu/legal-notice_en",
)

URL = "https://ec.europa.eu/budg/inforeuro/api/public/monthly-rates"
UNPUBLISHED = re.compile(rb"no rates published", re.IGNORECASE)  # {"code":5,"message":"No rates published for period"}
EURO, NEW_KWANZA = date(1999, 1, 1), date(2000, 1, 1)
# Codes of before ISO 4217 had them; and AOK, which in January and February 2000 stood for the new kwanza.
CODES = {"FRC": "CDF", "ZIG": "ZWG", "VED": "VES"}


def steps(query: Query) -> Steps:
    """A request for each month; one that is not published yet is answered with status 404 and a message."""
    return by_period(query, PROVIDER, ask, parse, due=due, check=is_there, undated=True)


def ask(first: date) -> Request:
    """The rates of the month that begins on a day."""
    return get(URL, {"lang": "en", "year": first.year, "month": first.month}, allow=(404,))


def is_there(reply: Reply) -> bool:
    """False for a month without rates; `NotFound` for another failure."""
    return has_rows(reply, UNPUBLISHED)


def due(first: date) -> date:
    """When the rates of a month can be there: their day is the last working day but one of the month before."""
    return weekday_before(first, 2)


def parse(body: bytes, first: date = EURO) -> Iterable[Quote]:
    """The quotes of the month that was asked for, each currency once: the rows of one currency are equal."""
    (_, last), base = next(periods(first, first)), "EUR" if first >= EURO else "XEU"
    return distinct(
        Quote(base, code, number(row["value"]), first, last)
        for row in records(body)
        if (code := _code(row["isoA3Code"], first)) not in ("EUR", base)
    )


def _code(written: str, first: date) -> str:
    return "AOA" if written == "AOK" and first >= NEW_KWANZA else CODES.get(written, written)
