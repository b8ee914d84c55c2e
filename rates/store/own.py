"""The user's own rates as a source of look-ups."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from rates.defaults import OWN
from rates.own_rates import OwnRates, read_own
from rates.store.by_pair import ByPair
from rates.store.records import Stored
from rates.store.spans import Span


class OwnSource:
    """The file of own rates that the settings name, as the provider `own`.

    The first look-up reads the file; `SettingsError` if it is missing or has a wrong line.
    """

    name = OWN

    def __init__(self, path: str) -> None:
        self._path = path
        self._known: tuple[OwnRates | None, ByPair] = (None, ByPair())

    def providers(self) -> tuple[str, ...]:
        """The provider own."""
        return (OWN,)

    def between(self, provider: str, codes: Collection[str], first: date, last: date) -> Iterator[Stored]:
        """The quotes whose day or period touches first…last; by day, oldest first."""
        return self._figures(provider).between(codes, first, last)

    def nearest(self, provider: str, codes: Collection[str], day: date, *, later: bool) -> date | None:
        """The newest day on or before `day` with any such quote; with `later`, the oldest on or after it."""
        return self._figures(provider).nearest(codes, day, later=later)

    def known(self, provider: str, codes: Collection[str]) -> list[Span]:
        """All days: nothing of the user's own rates is elsewhere."""
        return [(date.min, date.max)] if provider == OWN else []

    def _figures(self, provider: str) -> ByPair:
        """The quotes of the file as it is now; none of another provider."""
        if provider != OWN:
            return ByPair()
        own = read_own(self._path)
        if own is not self._known[0]:
            self._known = own, ByPair(Stored(OWN, quote, None, own.digest) for quote in own.quotes)
        return self._known[1]
