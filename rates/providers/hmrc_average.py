"""HM Revenue and Customs: yearly averages to 31 March and to 31 December.

Publishes: about 140 currencies for the years to 31 March and to 31 December, on those days, since March 2020.
Quoted: means of the twelve monthly rates, units of the currency for one pound.
Answer: CSV, a file a year; a row a country, so that a currency may have several; the year is in the file's name alone.
Source: https://www.trade-tariff.service.gov.uk/exchange_rates/average

Rule: an average holds for the twelve months that it is of. A day lies in two such years: it gets the average of the one
that ends first, so that the last day of a year means that year. Left out are averages of figures that are not of one
money: of the leones, whose codes were exchanged for some months, and of Liberia while it stood at the dollar's parity.

No law prescribes an average: for income tax HMRC accepts these and others that are just and reasonable.
"""

from rates.providers._hmrc import by_year_end, rows
from rates.providers.kit import Iterable, Provider, Query, Quote, Steps, date, timedelta
from rates.readers import number

PROVIDER = Provider(
    name="HM Revenue and Customs, averages",
    country="GB",
    pivot="GBP",
    rate_type="yearly average",
    cadence="yearly",
    published="no stated time Europe/London, on the last day of the year",
    since=date(2019, 4, 1),
    gap_days=280,  # from 31 March to 31 December
    kind="tax authority",
    periods=True,
)

FIRST_FILE = date(2020, 3, 31)
EXCHANGED = (date(2022, 11, 1), date(2023, 2, 28))
LIBERIA = date(2023, 11, 1)


def steps(query: Query) -> Steps:
    """A file for each year that ends on or after the days asked for."""
    return by_year_end(query, PROVIDER, "average", year, parse)


def year(end: date) -> tuple[date, date]:
    """The first and last day of the year to a day."""
    following = end + timedelta(days=1)
    return following.replace(year=following.year - 1), end


def parse(body: bytes, end: date = FIRST_FILE) -> Iterable[Quote]:
    """The quotes of the year to that day, which the answer does not name."""
    first, last = year(end)
    exchanged = first <= EXCHANGED[1] and last >= EXCHANGED[0]
    for code, rate in rows(body).items():
        if not (code in ("SLE", "SLL") and exchanged) and not (code == "LRD" and first < LIBERIA):
            yield Quote("GBP", code, number(rate), first, last)
