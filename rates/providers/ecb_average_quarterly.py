"""European Central Bank: quarterly averages of the euro reference rates.

Publishes: about 30 currencies for a calendar quarter, in the first days of the next one, since 1999.
Quoted: means of the daily reference rates, not rounded, units of the currency for one euro.
Answer: SDMX (generic XML), a series a currency, an observation a quarter; status 404 where there is none.
Source: https://data.ecb.europa.eu/help/api/data

Rule: an average holds for the quarter that it is of, and is there after its end.

The monthly series is proven by a recorded answer, this one is read by the documents: it is the same form.
"""

from rates.providers import _ecb_average
from rates.providers.kit import Provider, Query, Steps, date

PROVIDER = Provider(
    name="European Central Bank, quarterly averages",
    country="EU",
    pivot="EUR",
    rate_type="quarterly average",
    cadence="quarterly",
    published="no stated time Europe/Berlin, in the first days of the next quarter",
    since=date(1999, 1, 1),
    gap_days=100,
    concurrency=2,
    periods=True,
    proven=False,
    terms="https://www.ecb.europa.eu/services/using-our-site/disclaimer/html/index.en.html",
)

parse = _ecb_average.parse


def steps(query: Query) -> Steps:
    """One request for all quarters that are touched."""
    return _ecb_average.steps(query, PROVIDER, "Q", 3)
