"""Bank of Canada: yearly average exchange rates.

Publishes: 23 currencies for a calendar year, on its last working day by 16:30 Ottawa time, since 2017.
Quoted: indicative averages, Canadian dollars for one unit of the currency, with about four digits.
Answer: CSV in blocks; the last has a row a year, dated by its first day, and a column a currency.
Source: https://www.bankofcanada.ca/valet/docs

Rule: an average holds for the year that it is of, and is not there before the end of it. The Canada Revenue Agency
accepts it for income that is spread over the year. The monthly form is proven by a recorded answer; that of years is
the same by the documents, and the day of its publication is not certain.
"""

from rates.providers import _boc_average
from rates.providers.kit import Provider, Query, Steps, date

PROVIDER = Provider(
    name="Bank of Canada, yearly averages",
    country="CA",
    pivot="CAD",
    rate_type="yearly average",
    cadence="yearly",
    published="16:30 America/Toronto, on the last working day of the year",
    since=date(2017, 1, 1),
    gap_days=370,
    concurrency=2,
    periods=True,
    proven=False,
    terms="https://www.bankofcanada.ca/terms/",
)

parse = _boc_average.parse


def steps(query: Query) -> Steps:
    """One request for all years that are touched."""
    return _boc_average.steps(query, PROVIDER, "FX_RATES_ANNUAL", 12)
