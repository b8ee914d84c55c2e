"""Reserve Bank of Malawi: reference rates.

Publishes: about 37 currencies each working day, since 2011-06-20.
Quoted: the bank's own middle rates, kwachas for one unit.
Answer: a piece of a page, a row a currency and day, posted for a window; commas between thousands, English dates.
Source: https://www.rbm.mw/Statistics/MajorRates

The euro, the pound, the franc and the rand stood 4 % above their crosses in January 2024, the others agreed.
"""

from rates.providers.kit import Iterable, Provider, Query, Quote, Request, Steps, by_window, date, post
from rates.readers import day, number, rows_below, tables, text

PROVIDER = Provider(
    name="Reserve Bank of Malawi",
    country="MW",
    pivot="MWK",
    rate_type="mid",
    published="by 16:00 UTC",
    since=date(2011, 6, 20),
    max_days=30,  # our own: a month of all currencies is some 300 KB
    gap_days=10,
    spacing_s=0.2,
)

URL = "https://www.rbm.mw/Statistics/ExchangeRatesFilter/"
HEAD = ("Currency", "Buying", "Middle", "Selling", "Date")
# CMD is not a currency's code: it repeats the dollar to the last digit (January 2024). Ireland's pound, gone since
# 1999, is inverted: 0.72 US dollars, not 1.39.
LEFT_OUT = ("CMD", "IEP")


def steps(query: Query) -> Steps:
    """A posted form for each month of the window."""
    return by_window(query, PROVIDER, ask, parse)


def ask(first: date, last: date) -> Request:
    """The form of a window, in the American order of dates."""
    return post(URL, {"RateTypes": "", "StartDate": f"{first:%m/%d/%Y}", "EndDate": f"{last:%m/%d/%Y}"}, html=True)


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of the table's rows; a table without rows means that the bank has none."""
    for code, _, middle, _, written in rows_below(tables(text(body)), HEAD):
        if code not in LEFT_OUT:
            yield Quote(code, "MWK", number(middle, thousands=","), day(written, "M D Y"))
