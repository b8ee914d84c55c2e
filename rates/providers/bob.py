"""Bank of Botswana: rates of the pula.

Publishes: 6 currencies and the SDR each working day about midday, Gaborone time; the whole history in one file.
Quoted: units of the foreign currency for one pula, with four decimals, so that some have three digits only.
Answer: CSV with a mark of its encoding, days as "30 Oct 2026", columns CHN and YEN for CNY and JPY, not in order.
Source: https://www.bankofbotswana.bw/exchange-rates

Figures that stand in columns of other currencies are left out: all of 2001-01-03, and the rand of 2003-08-15, which is
that of the dollar. Of a day that is listed twice the first row counts: the second row of 2019-08-13 has the rates of a
year before.
"""

import re

from rates.providers.kit import Iterable, Provider, Query, Quote, Steps, archive, date, get
from rates.readers import csv, day, number, whole_lines

PROVIDER = Provider(
    name="Bank of Botswana",
    country="BW",
    pivot="BWP",
    rate_type="official",
    published="12:00 Africa/Gaborone",
    since=date(2001, 1, 4),  # the first good day that is known
    gap_days=10,
    terms="https://www.bankofbotswana.bw/content/disclaimer",
)

URL = "https://www.bankofbotswana.bw/export/exchange-rates.csv"
COLUMNS = {"CHN": "CNY", "EUR": "EUR", "GBP": "GBP", "USD": "USD", "SDR": "XDR", "YEN": "JPY", "ZAR": "ZAR"}
SHIFTED = (date(2001, 1, 3),)
FALSE = {(date(2003, 8, 15), "ZAR")}
NONE, NONE_UNTIL = "0.0000", date(2016, 10, 31)  # the yuan stands at zero before its first rate, of October 2016

_WRITTEN = re.compile(r"\d\d [A-Z][a-z]{2} (\d{4})")


def steps(query: Query) -> Steps:
    """The whole file, of which the days of the window are read."""
    return archive(query, PROVIDER, get(URL, {"page": "", "_format": "csv"}), parse)


def parse(body: bytes, first: date = date.min, last: date = date.max) -> Iterable[Quote]:
    """The quotes of the window, the first row of each day."""
    seen = set(SHIFTED)
    for row in csv(whole_lines(body)):
        written = _WRITTEN.fullmatch(row["Date"])
        if written and not first.year <= int(written[1]) <= last.year:
            continue  # by far the most: a day is read in twenty times the time of a year
        on = day(row.pop("Date"), "D M Y")
        if on in seen or not first <= on <= last:
            continue
        seen.add(on)
        if row.keys() != COLUMNS.keys():
            raise ValueError(f"expected the columns {', '.join(COLUMNS)}, got {', '.join(row)}")
        for name, text in row.items():
            if (on, name) in FALSE:
                continue
            if text != NONE or name != "CHN" or on > NONE_UNTIL:
                yield Quote("BWP", COLUMNS[name], number(text), on)
