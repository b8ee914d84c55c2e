"""The user's own rates as a source of look-ups."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from rates.defaults import OWN
from rates.model import Quote
from rates.own_rates import read_own
from rates.store.records import Stored


class OwnSource:
    """The file of own rates that the settings name, as the provider `own`.

    The first look-up reads the file; `SettingsError` if it is missing or has a wrong line.
    """

    name = OWN

    def __init__(self, path: str) -> None:
        self._path = path

    def providers(self) -> tuple[str, ...]:
        """The provider own."""
        return (OWN,)

    def between(self, provider: str, codes: Collection[str], first: date, last: date) -> Iterator[Stored]:
        """The quotes whose day or period touches first…last; by day, oldest first."""
        own = read_own(self._path)
        quotes = self._of(provider, codes)
        found = [quote for quote in quotes if quote.day <= last and first <= (quote.valid_to or quote.day)]
        return (Stored(OWN, quote, None, own.digest) for quote in sorted(found, key=lambda quote: quote.day))

    def nearest(self, provider: str, codes: Collection[str], day: date, *, later: bool) -> date | None:
        """The newest day on or before `day` with any such quote; with `later`, the oldest on or after it.

        The day itself if a period has it. Other periods do not count: a rate is not carried past its end.
        """
        quotes = self._of(provider, codes)
        if any(quote.holds_on(day) for quote in quotes):
            return day
        days = [quote.day for quote in quotes if quote.valid_to is None]
        if later:
            return min((one for one in days if one > day), default=None)
        return max((one for one in days if one < day), default=None)

    def known(self, provider: str, codes: Collection[str]) -> list[tuple[date, date]]:
        """All days: nothing of the user's own rates is elsewhere."""
        return [(date.min, date.max)] if provider == OWN else []

    def _of(self, provider: str, codes: Collection[str]) -> list[Quote]:
        """The quotes of those currencies, by pair and day; none of another provider."""
        if provider != OWN:
            return []
        quotes = read_own(self._path).quotes
        return [quote for quote in quotes if not codes or (quote.base in codes and quote.symbol in codes)]
