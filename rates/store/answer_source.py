"""A publisher's answers as a source of look-ups, for as long as this process may need them again."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime

from rates.model import Quote
from rates.store.by_pair import ByPair
from rates.store.records import Stored
from rates.store.spans import Span


class AnswerSource:
    """The quotes of a provider's answers; each holds all that the provider has from its first to its last day.

    base: the currency that was asked for; "" where a document has all. name: the source of the figures; "" for the
    network.
    """

    def __init__(self, provider: str, *, base: str = "", name: str = "") -> None:
        self.provider, self.base, self.name = provider, base, name
        self._figures, self._spans = ByPair(), list[Span]()

    def add(
        self, quotes: Collection[Quote], first: date, last: date, fetched: datetime | None = None, digest: str = ""
    ) -> None:
        """Adds an answer."""
        self._figures.add(Stored(self.provider, quote, fetched, digest) for quote in quotes)
        self._spans.append((first, last))

    def providers(self) -> tuple[str, ...]:
        """The one provider."""
        return (self.provider,)

    def between(self, provider: str, codes: Collection[str], first: date, last: date) -> Iterator[Stored]:
        """The quotes whose day or period touches first…last, oldest first."""
        return self._figures.between(codes, first, last) if provider == self.provider else iter(())

    def nearest(self, provider: str, codes: Collection[str], day: date, *, later: bool) -> date | None:
        """The newest day on or before `day` with any such quote; with `later`, the oldest on or after it.

        A period counts on each of its days, so for `day` itself or not at all.
        """
        return self._figures.nearest(codes, day, later=later) if provider == self.provider else None

    def known(self, provider: str, codes: Collection[str]) -> list[Span]:
        """The days of which it has all that was published."""
        asked = provider == self.provider and self.base in ("", *codes)
        return list(self._spans) if asked else []
