"""A source of look-ups that is a list: as simple as can be, so that it can be trusted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from decimal import Decimal

from rates.model import Quote
from rates.store.records import Stored


def quote(pair: str, rate: str, day: str, valid_to: str = "") -> Quote:
    """A quote from text, like ("EUR/USD", "1.0977", "2020-02-28")."""
    base, symbol = pair.split("/")
    return Quote(
        base, symbol, Decimal(rate), date.fromisoformat(day), date.fromisoformat(valid_to) if valid_to else None
    )


class Listed:
    """The quotes of one provider. whole: whether nothing is missing between them."""

    def __init__(self, provider: str, quotes: Iterable[Quote], *, name: str = "store", whole: bool = True) -> None:
        self.provider, self.name, self.whole = provider, name, whole
        self.quotes = sorted(quotes, key=lambda quote: quote.day)

    def providers(self) -> tuple[str, ...]:
        """The one provider."""
        return (self.provider,)

    def _of(self, provider: str, codes: Collection[str]) -> list[Quote]:
        mine = self.quotes if provider == self.provider else []
        return [one for one in mine if not codes or (one.base in codes and one.symbol in codes)]

    def between(self, provider: str, codes: Collection[str], first: date, last: date) -> Iterator[Stored]:
        """The quotes that touch these days."""
        for one in self._of(provider, codes):
            if one.day <= last and (one.valid_to or one.day) >= first:
                yield Stored(provider, one, None, f"digest of {one.day}")

    def nearest(self, provider: str, codes: Collection[str], day: date, *, later: bool) -> date | None:
        """The nearest day with a quote."""
        quotes = self._of(provider, codes)
        if any(one.valid_to is not None and one.holds_on(day) for one in quotes):
            return day
        days = [one.day for one in quotes if one.valid_to is None]
        if later:
            return min((one for one in days if one >= day), default=None)
        return max((one for one in days if one <= day), default=None)

    def known(self, provider: str, codes: Collection[str]) -> list[tuple[date, date]]:
        """All days, if nothing is missing."""
        return [(date.min, date.max)] if self.whole else []
