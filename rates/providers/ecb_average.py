"""European Central Bank: monthly averages of the euro reference rates.

Publishes: about 30 currencies for a calendar month, in the first days of the next one, since 1999.
Quoted: means of the daily reference rates, not rounded, units of the currency for one euro.
Answer: SDMX (generic XML), a series a currency, an observation a month; status 404 where there is none.
Source: https://data.ecb.europa.eu/help/api/data

Rule: an average holds for the month that it is of, and is there after its end.
"""

from rates.providers import _ecb_average
from rates.providers.kit import Provider, Query, Steps, date

PROVIDER = Provider(
    name="European Central Bank, monthly averages",
    country="EU",
    pivot="EUR",
    rate_type="monthly average",
    cadence="monthly",
    published="no stated time Europe/Berlin, in the first days of the next month",
    since=date(1999, 1, 1),
    gap_days=40,
    concurrency=2,
    periods=True,
    terms="https://www.ecb.europa.eu/services/using-our-site/disclaimer/html/index.en.html",
)

parse = _ecb_average.parse


def steps(query: Query) -> Steps:
    """One request for all months that are touched."""
    return _ecb_average.steps(query, PROVIDER, "M", 1)
