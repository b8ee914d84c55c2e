"""The ECB's history in the package as a source of look-ups: the provider `ecb`, there without any fetch."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from decimal import Decimal

from rates import history
from rates.defaults import HISTORY
from rates.model import Quote
from rates.store.records import Stored
from rates.store.spans import Span

ECB, EURO = "ecb", "EUR"
DAY = timedelta(days=1)


class HistorySource:
    """The ECB's reference rates from 1999 to the last day of the package's copy."""

    name = HISTORY

    def providers(self) -> tuple[str, ...]:
        """The provider ecb."""
        return (ECB,)

    def between(self, provider: str, codes: Collection[str], first: date, last: date) -> Iterator[Stored]:
        """The quotes of the days from first to last, oldest first."""
        if provider != ECB or (codes and EURO not in codes):
            return
        for day, rates in history.span(first, last):
            for symbol in codes or rates:
                if symbol in rates:
                    yield Stored(ECB, Quote(EURO, symbol, Decimal(rates[symbol]), day), None, history.DIGEST)

    def nearest(self, provider: str, codes: Collection[str], day: date, *, later: bool) -> date | None:
        """The newest day on or before `day` with any such quote; with `later`, the oldest on or after it."""
        if provider != ECB or (codes and EURO not in codes):
            return None
        return history.nearest(day, codes, later=later)

    def known(self, provider: str, codes: Collection[str]) -> list[Span]:
        """The days of which it has all that was published: the euro had no rates before its first."""
        if provider != ECB:
            return []
        last = history.last_day()
        while not history.end(last + DAY):  # a weekend follows
            last += DAY
        return [(date.min, last)]

    def ends(self, day: date) -> str:
        """A sentence if the ECB has published, or will, between the history's end and that day; else ""."""
        return history.end(day)

    def last_day(self) -> date:
        """The last day that it has."""
        return history.last_day()
