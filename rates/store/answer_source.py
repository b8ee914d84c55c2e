"""A publisher's answer as a source of look-ups, for as long as this process may need it again."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime

from rates.model import Quote
from rates.store.records import Stored
from rates.store.spans import Span


class AnswerSource:
    """The quotes of one answer, which holds all that the provider has from `first` to `last`.

    base: the currency that was asked for; "" where a document has all. name: the source of its figures; "" for the
    network.
    """

    def __init__(
        self,
        provider: str,
        quotes: Collection[Quote],
        first: date,
        last: date,
        *,
        base: str = "",
        name: str = "",
        fetched: datetime | None = None,
        digest: str = "",
    ) -> None:
        self.provider, self.first, self.last, self.base, self.name = provider, first, last, base, name
        self._stored = [
            Stored(provider, quote, fetched, digest) for quote in sorted(quotes, key=lambda quote: quote.day)
        ]

    def providers(self) -> tuple[str, ...]:
        """The one provider."""
        return (self.provider,)

    def between(self, provider: str, codes: Collection[str], first: date, last: date) -> Iterator[Stored]:
        """The quotes whose day or period touches first…last, oldest first."""
        for stored in self._of(provider, codes):
            if stored.quote.day <= last and (stored.quote.valid_to or stored.quote.day) >= first:
                yield stored

    def nearest(self, provider: str, codes: Collection[str], day: date, *, later: bool) -> date | None:
        """The newest day on or before `day` with any such quote; with `later`, the oldest on or after it."""
        quotes = [stored.quote for stored in self._of(provider, codes)]
        if any(quote.holds_on(day) for quote in quotes):
            return day
        days = [quote.day for quote in quotes if quote.valid_to is None]
        if later:
            return min((one for one in days if one > day), default=None)
        return max((one for one in days if one < day), default=None)

    def known(self, provider: str, codes: Collection[str]) -> list[Span]:
        """The days of which it has all that was published."""
        asked = provider == self.provider and self.base in ("", *codes)
        return [(self.first, self.last)] if asked else []

    def _of(self, provider: str, codes: Collection[str]) -> list[Stored]:
        if provider != self.provider:
            return []
        return [one for one in self._stored if not codes or (one.quote.base in codes and one.quote.symbol in codes)]
