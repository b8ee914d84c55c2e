"""Central Bank of Trinidad and Tobago: rates of the authorised dealers.

Publishes: eight currencies each working day, since 1991.
Quoted: buying and selling rates of the day's deals on average, whose middle is taken; local dollars for one unit.
Answer: JSON, whole years a request, a row for every calendar day; null where nothing was dealt.
Source: https://www.central-bank.org.tt/latest-exchange-rates

A currency is left out on days on which one of its sides is lacking, or on which few deals put the average selling rate
below the buying one (the euro on 2026-01-05): the middle would say nothing.
"""

from rates.providers.kit import Iterable, Provider, Query, Quote, Request, Steps, by_window, date, get
from rates.readers import day, midpoint, number, records

PROVIDER = Provider(
    name="Central Bank of Trinidad and Tobago",
    country="TT",
    pivot="TTD",
    rate_type="mid of buying and selling",
    published="no stated time America/Port_of_Spain",
    since=date(1991, 1, 1),
    max_days=3660,  # our own; all years come in one answer too
    gap_days=10,  # Carnival, Easter and the New Year beside weekends
    spacing_s=0.5,
    official=False,  # what the dealers made
)

URL = "https://www.central-bank.org.tt/wp-json/rates/v1/forex-rate"
NAMES = {
    "USD": "USD",
    "CAD": "CAD",
    "GBP": "GBP",
    "Euro": "EUR",
    "CHF": "CHF",
    "BBD": "BBD",
    "GYD": "GYD",
    "JMD": "JMD",
}


def steps(query: Query) -> Steps:
    """The years of the window, cut to its days."""
    return by_window(query, PROVIDER, ask, parse, cut=True)


def ask(first: date, last: date) -> Request:
    """All days of the years that a window touches."""
    return get(f"{URL}/{first.year}-{last.year}")


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all days."""
    for row in records(body, "cbttdailyforexrates"):
        on = day(row["famedate"])
        for name, code in NAMES.items():
            sides = row[f"{name}_Buying"], row[f"{name}_Selling"]
            if None not in sides and number(sides[0]) <= number(sides[1]):
                yield Quote(code, "TTD", midpoint(*sides), on)
