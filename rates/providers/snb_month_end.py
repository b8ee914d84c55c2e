"""Swiss National Bank: exchange rates of the ends of months.

Publishes: about 26 currencies for a calendar month, on the first working day of the next one, since 1914.
Quoted: rates of the last day of the month at 11:00, Swiss francs for the units in the key of a series.
Answer: JSON, a series a currency, a value a month.
Source: https://data.snb.ch/en/topics/ziredev/cube/devkum

Rule: a rate holds on the last day of its month alone.
"""

from rates.providers import _snb
from rates.providers.kit import Iterable, Provider, Query, Quote, Request, Steps, by_periods, date

PROVIDER = Provider(
    name="Swiss National Bank, ends of months",
    country="CH",
    pivot="CHF",
    rate_type="spot",
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
    return _snb.ask("devkum", "%Y-%m", first, last, "D0(M1)")


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all series, each of the last day of its month."""
    for code, rate, _, last in _snb.figures(body, "devkum", "M1"):
        yield Quote(code, "CHF", rate, last, last)
