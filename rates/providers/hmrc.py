"""HM Revenue and Customs: monthly rates for customs and VAT.

Publishes: about 140 currencies for a calendar month, on the penultimate Thursday of the month before, since 2015.
Quoted: middle rates of the Wednesday before, units of the currency for one pound.
Answer: CSV, a row a country with its first and last day, so that a currency may have several; XML before 2021.
Source: https://www.trade-tariff.service.gov.uk/exchange_rates

Rule: a rate holds for its whole calendar month, and for no day outside it. VAT Notice 700 (section 7.7) lets traders
use these rates. If the market moves by 5 %, HMRC amends a rate within the month: a second row has the day from which
the new rate holds. This is read since 2021. The weekly amendments of 2015 and 2016 are not read: no answer with them is
known. A published month may be corrected. The tariff service has the months since 2021, the former site those before.
"""

from rates.providers._hmrc import CODES, FILES
from rates.providers.kit import (
    Iterable,
    Iterator,
    Provider,
    Query,
    Quote,
    Request,
    Steps,
    by_period,
    date,
    distinct,
    get,
    is_published,
    penultimate,
    renewed,
    timedelta,
    until_next,
)
from rates.readers import child, csv, day, number, per_unit, whole_lines, xml

PROVIDER = Provider(
    name="HM Revenue and Customs",
    country="GB",
    pivot="GBP",
    rate_type="monthly",
    cadence="monthly",
    published="no stated time Europe/London, on the penultimate Thursday, a month ahead",
    since=date(2015, 1, 1),
    kind="tax authority",
    periods=True,
)

FORMER = "http://www.hmrc.gov.uk/softwaredevelopers/rates/"
MOVED = date(2021, 1, 1)
THURSDAY = 3
# Since when the figures come from XE: before, Liberia stands at the parity of the US dollar. Up to January 2025 the new
# bolivar then has the code of the one that ended in 2018, and a hundred thousand to one.
XE = date(2023, 11, 1)
OLD_BOLIVARS = 100_000
# Old and new money, and the most of the new to a pound. Figures of old money went on for years, and from November 2022
# to February 2023 the codes of the leones were exchanged: the value decides.
REPLACED = (("SLL", "SLE", 1000), ("STD", "STN", 1000), ("MRO", "MRU", 150))


def steps(query: Query) -> Steps:
    """A file for each month; one to come may not be published yet."""

    def asked(first: date) -> Request:
        return ask(first, ahead=first > query.today)

    return by_period(query, PROVIDER, asked, parse, due=due, check=is_published)


def ask(first: date, *, ahead: bool = False) -> Request:
    """The file of the month that begins on a day. ahead: it may not be there; else status 404 means that it moved."""
    allow = (404,) if ahead else ()
    if first < MOVED:
        return get(f"{FORMER}exrates-monthly-{first:%m%y}.xml", allow=allow)
    return get(f"{FILES}monthly_csv_{first.year}-{first.month}.csv", allow=allow)


def due(first: date) -> date:
    """When the rates of a month are published."""
    return penultimate(THURSDAY, first - timedelta(days=1))


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all currencies. One with several first days has a quote from each to the day before the next."""
    return _from_xml(body) if body.lstrip().startswith(b"<") else until_next(distinct(_from_csv(body)))


def _from_csv(body: bytes) -> Iterator[Quote]:
    """The rows, of which those of one currency and first day must be equal."""
    table = list(csv(whole_lines(body)))
    if not table:
        raise ValueError("the table has no rows")
    for row in table:
        first, last = day(row["Start date"], "D/M/Y"), day(row["End date"], "D/M/Y")
        yield from _quote(row["Currency Code"], row["Currency Units per £1"], first, last)


def _from_xml(body: bytes) -> Iterator[Quote]:
    """The first row of each currency: the others are equal, but for XCD in April 2015."""
    root, seen = xml(body, "exchangeRateMonthList"), set()
    first, last = (day(text, "D/M/Y") for text in root.get("Period", "").split(" to ", 1))
    for row in root:
        for quote in _quote(child(row, "currencyCode"), child(row, "rateNew"), first, last):
            if quote.symbol not in seen:
                seen.add(quote.symbol)
                yield quote


def _quote(written: str, units: str, first: date, last: date) -> Iterator[Quote]:
    """A row's quote, under the code of the money in use; none of Liberia while it stood at the dollar's parity."""
    code, rate = CODES.get(written.strip(), written.strip()), number(units)
    for old, new, most in REPLACED:
        if code in (old, new):
            code, rate = renewed(old if rate > most else new, rate, first)
    if code == "VEF" and first >= XE:
        code, rate = "VES", per_unit(rate, OLD_BOLIVARS)
    if code != "LRD" or first >= XE:
        yield Quote("GBP", code, rate, first, last)
