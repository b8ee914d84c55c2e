"""A publisher's answer as a source of look-ups, for as long as this process may need it again."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
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
        ordered = sorted(quotes, key=lambda quote: quote.day)
        self._stored = [Stored(provider, quote, fetched, digest) for quote in ordered]
        self._days = [quote.day for quote in ordered]
        self._periods = any(quote.valid_to is not None for quote in ordered)

    def providers(self) -> tuple[str, ...]:
        """The one provider."""
        return (self.provider,)

    def between(self, provider: str, codes: Collection[str], first: date, last: date) -> Iterator[Stored]:
        """The quotes whose day or period touches first…last, oldest first."""
        begin = 0 if self._periods else bisect_left(self._days, first)
        for stored in self._stored[begin : bisect_right(self._days, last)]:
            if (stored.quote.valid_to or stored.quote.day) >= first and self._is_of(stored.quote, provider, codes):
                yield stored

    def nearest(self, provider: str, codes: Collection[str], day: date, *, later: bool) -> date | None:
        """The newest day on or before `day` with any such quote; with `later`, the oldest on or after it.

        A period counts on each of its days, so for `day` itself or not at all.
        """
        if self._periods and any(self.between(provider, codes, day, day)):
            return day
        step = 1 if later else -1
        place = bisect_left(self._days, day) if later else bisect_right(self._days, day) - 1
        while 0 <= place < len(self._stored):
            quote = self._stored[place].quote
            if quote.valid_to is None and self._is_of(quote, provider, codes):
                return quote.day
            place += step
        return None

    def known(self, provider: str, codes: Collection[str]) -> list[Span]:
        """The days of which it has all that was published."""
        asked = provider == self.provider and self.base in ("", *codes)
        return [(self.first, self.last)] if asked else []

    def _is_of(self, quote: Quote, provider: str, codes: Collection[str]) -> bool:
        return provider == self.provider and (not codes or (quote.base in codes and quote.symbol in codes))
