"""National Bank of Georgia: official rates of the lari.

Publishes: 42 currencies each working day by 17:01 Tbilisi time for the next calendar day, Saturdays among them.
Quoted: official rates, laris for 1 to 10,000 units, as each row's quantity says.
Answer: JSON, one day a request, answered with the list in force, under its own earlier date; numbers bare.
Source: https://nbg.gov.ge/en/monetary-policy/currency
"""

from rates.providers.kit import Iterable, Provider, Query, Quote, Request, Steps, by_day, date, get
from rates.readers import day, per_unit, records, rows

PROVIDER = Provider(
    name="National Bank of Georgia",
    country="GE",
    pivot="GEL",
    rate_type="official",
    published="17:01 Asia/Tbilisi, for the next day",  # the time stamped on each row
    since=date(1995, 10, 14),
    max_days=1,
    gap_days=10,  # the New Year's holidays and the weekends around them
    spacing_s=0.2,
    terms="https://nbg.gov.ge/en",  # the bank states no terms
)

URL = "https://nbg.gov.ge/gw/api/ct/monetarypolicy/currencies/"


def steps(query: Query) -> Steps:
    """One request a day; a closed one is answered with the list before it, so that none is walked back over."""
    return by_day(query, PROVIDER, ask, parse, in_force=True)


def ask(on: date) -> Request:
    """The list in force on a day."""
    return get(URL, {"date": on})


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of the list in force; an empty answer is for a day before the first."""
    for item in records(body):
        on, listed = day(item["date"]), rows(item["currencies"])
        if not listed:
            raise ValueError(f"the list of {on} has no currencies")
        for row in listed:
            yield Quote(row["code"], "GEL", per_unit(row["rate"], row["quantity"]), on)
