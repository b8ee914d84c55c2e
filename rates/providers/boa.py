"""Bank of Algeria: reference rates, from its workbook of all days.

Publishes: 16 currencies for every working day since 2000-01-03, once a month, up to three weeks late.
Quoted: reference rates, dinars for one unit of the currency, the yen per 100.
Answer: a page that links to a workbook (xlsx) with a sheet a currency, Excel's count of days beside the rate.
Source: https://www.bank-of-algeria.dz/donnees-historiques/

The address of the workbook changes each month. Its server leaves out the intermediate certificate, so that a client
without that of its own gets `BadCertificate`. Newer days appear as PDF alone, which is not read here. The old ouguiya
(MRO) has a sheet that ended with it.
"""

import re

from rates.providers.kit import Iterable, Provider, Query, Quote, Steps, date, workbook
from rates.readers import is_html, link, per_unit, serial_day, sheets

PROVIDER = Provider(
    name="Bank of Algeria",
    country="DZ",
    pivot="DZD",
    rate_type="reference",
    cadence="daily, published monthly",
    published="monthly Africa/Algiers, up to three weeks late",
    since=date(2000, 1, 3),
    gap_days=10,  # weekends of two days and feasts of up to three; the file seen holds one month alone
)

PAGE = "https://www.bank-of-algeria.dz/donnees-historiques/"
LINK = r"/Cotation-DZD-[^/]*\.xlsx$"

_SHEET = re.compile(r"([A-Z]{3}|EURO) - DZD")
_TITLE = re.compile(r"(?:(\d{1,6}) )?([A-Z]{3}|EURO) / DZD")
HEADING = 4  # rows above the first day


def steps(query: Query) -> Steps:
    """The page for the workbook's address, then the workbook."""
    return workbook(query, PROVIDER, PAGE, LINK, parse)


def parse(body: bytes, first: date = date.min, last: date = date.max) -> Iterable[Quote]:
    """The quotes of the workbook; the page that links to it has none."""
    if is_html(body):
        link(body, PAGE, LINK)
        return
    book = sheets(body)
    for name in book:
        rows = book.of_days(name, first, last)
        sheet, title = _SHEET.fullmatch(name.strip()), _TITLE.fullmatch("".join(rows[1]).strip())
        if not sheet or not title or sheet[1] != title[2]:
            raise ValueError(f"no sheet of a currency: {name!r} with {rows[1]}")
        code = sheet[1].replace("EURO", "EUR")
        for serial, rate, *_ in ([*row, "", ""] for row in rows[HEADING:] if any(row)):
            on = serial_day(serial)
            if rate and first <= on <= last:  # a day without a rate is not quoted
                yield Quote(code, "DZD", per_unit(rate, title[1] or 1), on)
