"""A series of rates by week, month, quarter or year: the last, first, lowest or highest rate of each, or the mean.

Pure. Weeks are those of ISO 8601, Monday to Sunday. Every published rate counts once, also one that is valid for a
period. A mean is computed from the exact rates, before their rounding, and divided once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import groupby
from typing import NamedTuple

from rates.readers.values import EXACT
from rates.settings.days import Span, span
from rates.store.records import Rate


class Every(StrEnum):
    """The length of the periods of a series; a day means each published rate."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"

    def label(self, day: date) -> str:
        """The period that has the day, as `settings.days` reads it: 2026-W44, 2026-10, 2026-Q4, 2026."""
        match self:
            case Every.WEEK:
                year, week, _ = day.isocalendar()
                return f"{year}-W{week:02}"
            case Every.MONTH:
                return f"{day:%Y-%m}"
            case Every.QUARTER:
                return f"{day.year}-Q{(day.month + 2) // 3}"
            case Every.YEAR:
                return str(day.year)
        return str(day)


class Stat(StrEnum):
    """The figure of a period: the rate of its last or first published day, the mean, the lowest or the highest rate."""

    LAST = "last"
    FIRST = "first"
    MEAN = "mean"
    MIN = "min"
    MAX = "max"


class PeriodRate(NamedTuple):
    """The figure of one period of one pair.

    period: its label; of a series by day, the day. rate: of a mean, rounded to 28 significant digits. of: the rate that
    this is; for a mean the last one of the period, for its pair, publisher and source. day: of that rate; None for a
    mean. number: of the published rates of the period among those given. digits: the
    significant digits behind it; of a mean those of the longest of its rates.
    """

    period: str
    span: Span
    rate: Decimal
    day: date | None
    number: int
    digits: int
    of: Rate

    @property
    def pair(self) -> str:
        """The pair, as EUR/USD."""
        return f"{self.of.base}/{self.of.symbol}"


def by_period(rates: Iterable[Rate], every: Every, stat: Stat = Stat.LAST) -> list[PeriodRate]:
    """The figures of one pair's rates, which are in the order of their days."""
    grouped = groupby(rates, key=lambda rate: every.label(rate.day))
    return [_figure(label, list(group), stat) for label, group in grouped]


def _figure(label: str, rates: Sequence[Rate], stat: Stat) -> PeriodRate:
    """The figure of one period. Of equal rates, the earliest is the lowest or highest."""
    when = span(label)
    if stat is Stat.MEAN:
        digits = max(rate.digits for rate in rates)  # some publishers leave out final zeros: 1.12 among 1.1172
        return PeriodRate(label, when, mean(rates), None, len(rates), digits, rates[-1])
    match stat:
        case Stat.FIRST:
            chosen = rates[0]
        case Stat.MIN:
            chosen = min(rates, key=exact)
        case Stat.MAX:
            chosen = max(rates, key=exact)
        case _:
            chosen = rates[-1]
    return PeriodRate(label, when, chosen.rate, chosen.day, len(rates), chosen.digits, chosen)


def exact(rate: Rate) -> Fraction:
    """The rate before rounding."""
    numerator, denominator = rate.exact
    return Fraction(numerator) / Fraction(denominator)


def mean(rates: Sequence[Rate]) -> Decimal:
    """The arithmetic mean of the exact rates, rounded half-even to 28 significant digits."""
    total = sum(map(exact, rates), Fraction()) / len(rates)
    return EXACT.divide(Decimal(total.numerator), Decimal(total.denominator))
