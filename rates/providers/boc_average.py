"""Bank of Canada: monthly average exchange rates.

Publishes: 23 currencies for a calendar month, on its last working day by 16:30 Ottawa time, since 2017.
Quoted: indicative averages, Canadian dollars for one unit of the currency, with about four digits.
Answer: CSV in blocks; the last has a row a month, dated by its first day, and a column a currency.
Source: https://www.bankofcanada.ca/valet/docs

Rule: an average holds for the month that it is of, and is not there before the end of it.
"""

from rates.providers import _boc_average
from rates.providers.kit import Provider, Query, Steps, date

PROVIDER = Provider(
    name="Bank of Canada, monthly averages",
    country="CA",
    pivot="CAD",
    rate_type="monthly average",
    cadence="monthly",
    published="16:30 America/Toronto, on the last working day of the month",
    since=date(2017, 1, 1),
    gap_days=35,
    concurrency=2,
    periods=True,
    terms="https://www.bankofcanada.ca/terms/",
)

parse = _boc_average.parse


def steps(query: Query) -> Steps:
    """One request for all months that are touched."""
    return _boc_average.steps(query, PROVIDER, "FX_RATES_MONTHLY", 1)
