"""Swiss National Bank: monthly means of exchange rates.

Publishes: about 26 currencies for a calendar month, on the first working day of the next one, since 1914.
Quoted: means of rates at 11:00, Swiss francs for the units in the key of a series.
Answer: JSON, a series a currency, a value a month.
Source: https://data.snb.ch/en/topics/ziredev/cube/devkum

Rule: a mean holds for the month that it is of, and is there after its end.
"""

from rates.providers import _snb
from rates.providers.kit import Iterable, Provider, Query, Quote, Request, Steps, by_periods, date

PROVIDER = Provider(
    name="Swiss National Bank",
    country="CH",
    pivot="CHF",
    rate_type="monthly average",
    cadence="monthly",
    published="no stated time Europe/Zurich, on the first working day of the next month",
    since=date(1914, 1, 1),
    gap_days=35,
    periods=True,
    terms="https://www.snb.ch/en/services-events/digital-services/disclaimer",
)


def steps(query: Query) -> Steps:
    """One request for all months that are touched."""
    return by_periods(query, PROVIDER, ask, parse, due=_snb.due, ended=True)


def ask(first: date, last: date) -> Request:
    """The figures of the months from first to last."""
    return _snb.ask("devkum", "%Y-%m", first, last, "D0(M0)")


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all series, each with its month."""
    for code, rate, first, last in _snb.figures(body, "devkum", "M0"):
        yield Quote(code, "CHF", rate, first, last)
