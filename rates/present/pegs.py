"""The pegs behind figures, in words: a pegged rate is nobody's quotation, and says so wherever it is shown."""

from __future__ import annotations

from collections.abc import Iterable

from rates.currencies import pegs
from rates.model import DerivedRate


def pegged(figures: Iterable[DerivedRate]) -> list[str]:
    """Each peg used, once: `1 USD = 3.6725 AED since 1997-11-02`."""
    told: dict[str, None] = {}
    for figure in figures:
        for quote in figure.path if figure.how == "pegged" else ():
            peg = pegs().get(quote.symbol)
            if peg is not None and (peg.anchor, peg.since) == (quote.base, quote.day):
                told[peg.sentence()] = None
    return list(told)
