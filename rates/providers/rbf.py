"""Reserve Bank of Fiji: mid rates, from its workbook of all days.

Publishes: 7 currencies and the SDR each working day by about 14:30 Suva time, since 2001-01-02.
Quoted: mid rates, units of the currency for one Fiji dollar.
Answer: a page that links to a workbook (xlsx) with a column a currency, Excel's count of days before them.
Source: https://www.rbf.gov.fj/statistics/economic-and-financial-statistics/

The address of the workbook changes with every upload.
"""

from rates.providers.kit import Iterable, Provider, Query, Quote, Steps, date, workbook
from rates.readers import is_html, link, named, number, serial_day, sheets

PROVIDER = Provider(
    name="Reserve Bank of Fiji",
    country="FJ",
    pivot="FJD",
    rate_type="mid",
    published="14:30 Pacific/Fiji",  # when the workbook seen was last changed
    since=date(2001, 1, 2),
    gap_days=10,  # Christmas and New Year; the workbook seen holds one week alone
)

PAGE = "https://www.rbf.gov.fj/statistics/economic-and-financial-statistics/"
LINK = r"/8\.8-Exchange-Rates-Daily[^/]*\.xlsx$"

NAMES = {
    "SDR": "XDR",
    "STG": "GBP",
    "YEN": "JPY",
    "CHF": "CHF",
    "A$": "AUD",
    "NZ$": "NZD",
    "US$": "USD",
    "EURO": "EUR",
}


def steps(query: Query) -> Steps:
    """The page for the workbook's address, then the workbook."""
    return workbook(query, PROVIDER, PAGE, LINK, parse)


def parse(body: bytes, first: date = date.min, last: date = date.max) -> Iterable[Quote]:
    """The quotes of the workbook; the page that links to it has none."""
    if is_html(body):
        link(body, PAGE, LINK)
        return
    book = sheets(body)
    rows = iter(book.of_days(next(iter(book)), first, last))
    head = next((row for row in rows if row[:1] == ["Period"]), None)
    if head is None:
        raise ValueError("the first sheet has no row of names that begins with Period")
    codes = {place: named(NAMES, name.strip()) for place, name in enumerate(head) if place and name.strip()}
    for row in rows:
        if any(row) and first <= (on := serial_day(row[0])) <= last:
            for place, code in codes.items():
                if row[place : place + 1] not in ([], [""]):  # a currency without a rate that day
                    yield Quote("FJD", code, number(row[place]), on)
