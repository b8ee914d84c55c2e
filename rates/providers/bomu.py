"""Bank of Mauritius: consolidated indicative rates, means of what the banks ask of their customers.

Publishes: 12 currencies from Monday to Friday, since 2001-07-03.
Quoted: middle of the banks' mean rates for transfers, bought and sold, rupees for 1 or 100 units.
Answer: a web page for a window of days, a row a currency and day; "AUD 1", days as 25-09-2026.
Source: https://www.bom.mu/markets/foreign-exchange/consolidated-indicative-exchange-rates

Retail rates lie 3 to 8 % apart, so that their middle is rough. A rate of .0000 means that none was quoted. Both ends of
the window must be sent: without the last day the whole archive comes.
"""

from rates.errors import NoRates
from rates.providers.kit import Iterable, Provider, Query, Quote, Request, Steps, by_window, date, get
from rates.readers import day, midpoint, per_unit, rows_below, tables, whole_page

PROVIDER = Provider(
    name="Bank of Mauritius",
    country="MU",
    pivot="MUR",
    rate_type="mid of buying and selling",
    published="no stated time Indian/Mauritius",
    since=date(2001, 7, 3),
    max_days=31,  # our own: each day of rates has 5 kB
    spacing_s=0.5,
    official=False,  # means of the banks' own rates
    restriction="consent",
    terms="https://www.bom.mu/ (copying and passing on need written consent)",
)

URL = "https://www.bom.mu/markets/foreign-exchange/consolidated-indicative-exchange-rates"
FIRST, LAST = "field_transaction_date_value[value][date]", "field_transaction_date_value_1[value][date]"
HEAD = ("Country", "Code", "T.T", "D.D", "Notes", "T.T/D.D", "Notes", "Date")
FILTERS = "views-exposed-form"  # on every page of rates, with rows or without
NOT_QUOTED = ".0000"


def steps(query: Query) -> Steps:
    """The window in pieces."""
    return by_window(query, PROVIDER, ask, parse)


def ask(first: date, last: date) -> Request:
    """The rows of a window."""
    return get(URL, {FIRST: f"{first:%d-%m-%Y}", LAST: f"{last:%d-%m-%Y}"}, html=True)


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of the first table; a second one repeats some rows, and one at the side has today's notes."""
    page = whole_page(body)
    if FILTERS in page and "Curr Code" not in page and "T.T/D.D" not in page:
        raise NoRates("has no rates of those days")
    for _, unit, buy, _, _, sell, _, written in rows_below(tables(page), HEAD):
        if NOT_QUOTED not in (buy, sell):
            code, units = unit.split()
            yield Quote(code, "MUR", per_unit(midpoint(_whole(buy), _whole(sell)), units), day(written, "D-M-Y"))


def _whole(figure: str) -> str:
    """The figure with the zero before its point, which the page leaves out."""
    return f"0{figure}" if figure.startswith(".") else figure
