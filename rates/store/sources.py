"""What is known of sources: which have a provider's figures, and of which days they have all."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from rates.store.records import Source
from rates.store.spans import Span, united


def having(sources: Sequence[Source], provider: str) -> list[Source]:
    """The sources that have figures of a provider."""
    return [source for source in sources if _has(source, provider)]


def _has(source: Source, provider: str) -> bool:
    """True if a source has figures of a provider; the store knows it without a list of all."""
    has = getattr(source, "has", None)
    return provider in source.providers() if has is None else bool(has(provider))


def nearest(sources: Sequence[Source], provider: str, codes: Collection[str], day: date, later: bool) -> date | None:
    """The nearest day up to `day`, or from it on if `later`, on which the provider published all of these currencies.

    Without currencies, on which it published anything.
    """
    found = (source.nearest(provider, codes, day, later=later) for source in sources)
    known = [one for one in found if one is not None]
    return (min(known) if later else max(known)) if known else None


def known_days(sources: Sequence[Source], provider: str, codes: Collection[str]) -> list[Span]:
    """The days of which the sources have all that the provider has published of these currencies, oldest first.

    The store knows it by what was asked, for one base or for the whole document. A source without such knowledge
    counts for no day.
    """
    spans: list[Span] = []
    for source in sources:
        if (attempts := getattr(source, "attempts", None)) is not None:
            for base in ("", *codes):
                spans += attempts.known(provider, base)
        elif (days_of := getattr(source, "known", None)) is not None:
            spans += days_of(provider, codes)
    return united(spans)
