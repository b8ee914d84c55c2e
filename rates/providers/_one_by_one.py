"""For publishers that give one currency a request: which to ask for, and what they say together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rates.errors import NoRates, Unsupported
from rates.model import Query, Quote


def wanted(query: Query, known: Iterable[str]) -> list[str]:
    """The currencies of `known` that the query needs, in their order; all of them when it names no symbols."""
    if not query.symbols:
        return list(known)
    found = [code for code in known if code in (query.base, *query.symbols)]
    if not found:
        raise Unsupported(f"publishes none of {', '.join(query.symbols)}")
    return found


def together(quotes: list[Quote], asked: Sequence[str], window: str) -> list[Quote]:
    """The quotes of the currencies asked for one by one; a bank that has none for any of them rested.

    One that has none for the US dollar alone did not: an answer was lost.
    """
    if not quotes:
        raise NoRates(f"has no rates {window}")
    if "USD" in asked and not any("USD" in (quote.base, quote.symbol) for quote in quotes):
        raise ValueError(f"the US dollar has no rates {window}, others have")
    return quotes
