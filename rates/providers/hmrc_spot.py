"""HM Revenue and Customs: spot rates of 31 March and 31 December.

Publishes: 11 currencies for 31 March and for 31 December, on those days, since December 2023.
Quoted: spot rates, units of the currency for one pound.
Answer: CSV, a file a day; the day is in the file's name alone.
Source: https://www.trade-tariff.service.gov.uk/exchange_rates/spot

Rule: a spot rate holds on its own day alone. No law prescribes it: for income tax HMRC accepts these and others that
are just and reasonable.
"""

from rates.providers._hmrc import by_year_end, rows
from rates.providers.kit import Iterable, Provider, Query, Quote, Steps, date
from rates.readers import number

PROVIDER = Provider(
    name="HM Revenue and Customs, spot rates",
    country="GB",
    pivot="GBP",
    rate_type="spot",
    cadence="yearly, on two days",
    published="no stated time Europe/London, on 31 March and 31 December",
    since=date(2023, 12, 31),
    gap_days=280,  # from 31 March to 31 December
    kind="tax authority",
    periods=True,
)

FIRST_FILE = date(2023, 12, 31)


def steps(query: Query) -> Steps:
    """A file for each of the two days of a year that is asked for."""
    return by_year_end(query, PROVIDER, "spot", lambda end: (end, end), parse)


def parse(body: bytes, end: date = FIRST_FILE) -> Iterable[Quote]:
    """The quotes of that day, which the answer does not name."""
    return [Quote("GBP", code, number(rate), end, end) for code, rate in rows(body).items()]
