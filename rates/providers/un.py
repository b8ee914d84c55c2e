"""United Nations Treasury: operational rates of exchange.

Publishes: about 150 currencies at the end of each month for the next one, and changes within a month; read here.
Quoted: operational rates, units of the currency for one US dollar, with at most three decimals.
Answer: XML, a schema and a row a country, so that a currency may have several, each with its effective day.
Source: https://treasury.un.org/operationalrates/OperationalRates.php

Rule: a rate holds from its effective day until the next one of its currency. Only the list in force is read: days
before it have no rates here, and those of months to come are not there before the end of this one. The rates are made
for the accounts of the United Nations' bodies.
"""

from rates.errors import NoRates
from rates.providers.kit import Iterable, Provider, Query, Quote, Steps, date, distinct, get, periods, until_next
from rates.readers import child, day, number, xml

PROVIDER = Provider(
    name="United Nations Treasury",
    pivot="USD",
    rate_type="monthly",
    cadence="monthly",
    published="no stated time UTC, at the end of a month for the next",
    since=date(2026, 10, 1),  # the first list that was seen; no other can be asked for
    answers=("latest", "day"),
    kind="tax authority",
    periods=True,
    terms="https://treasury.un.org/operationalrates/OperationalRates.php",
)

URL = "https://treasury.un.org/operationalrates/xsql2XML.php"
ROOT, ROW = "UN_OPERATIONAL_RATES_DATASET", "UN_OPERATIONAL_RATES"
STRAY = rb"\r\n"  # four characters, not a line end, that stand between the schema and the first row


def steps(query: Query) -> Steps:
    """The list in force, if it has rates of the day asked for."""
    asked = query.end or query.today
    _, month_end = next(periods(query.today, query.today))
    if asked > month_end:
        due, _ = next(periods(asked, asked))
        raise NoRates(f"has no rates valid on {asked}", hint=f"they are due on {due}")
    reply = yield get(URL)
    found = until_next(parse(reply.body))
    if not any(quote.holds_on(asked) for quote in found):
        raise NoRates(f"has no rates valid on {asked}", hint=f"its list begins on {min(quote.day for quote in found)}")
    return found


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all rows, valid from their effective day until further notice; each currency and day once.

    Older answers have tabs behind the codes.
    """
    root = xml(body.replace(STRAY, b"", 1), ROOT)
    return distinct(
        Quote("USD", code, number(child(row, "rate")), day(child(row, "eff_date"), "D M Y"), date.max)
        for row in root.iterfind(ROW)
        if (code := child(row, "f_curr_code").strip()) != "USD"
    )
