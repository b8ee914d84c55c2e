"""Swiss National Bank: yearly means of exchange rates.

Publishes: about 26 currencies for a calendar year, on the first working day of the next one, since 1914.
Quoted: means of rates at 11:00, Swiss francs for the units in the key of a series.
Answer: JSON, a series a currency, a value a year.
Source: https://data.snb.ch/en/topics/ziredev/cube/devkua

Rule: a mean holds for the year that it is of, and is there after its end.
"""

from rates.providers import _snb
from rates.providers.kit import Iterable, Provider, Query, Quote, Request, Steps, by_periods, date

PROVIDER = Provider(
    name="Swiss National Bank, yearly means",
    country="CH",
    pivot="CHF",
    rate_type="yearly average",
    cadence="yearly",
    published="no stated time Europe/Zurich, on the first working day of the next year",
    since=date(1914, 1, 1),
    gap_days=370,
    periods=True,
    terms="https://www.snb.ch/en/services-events/digital-services/disclaimer",
)


def steps(query: Query) -> Steps:
    """One request for all years that are touched."""
    return by_periods(query, PROVIDER, ask, parse, due=due, ended=True, months=12)


def due(first: date) -> date:
    """The first working day of the year after the one that begins on a day."""
    return _snb.due(first, 12)


def ask(first: date, last: date) -> Request:
    """The figures of the years from first to last."""
    return _snb.ask("devkua", "%Y", first, last)


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all series, each with its year."""
    for code, rate, first, last in _snb.figures(body, "devkua", None):
        yield Quote(code, "CHF", rate, first, last)
