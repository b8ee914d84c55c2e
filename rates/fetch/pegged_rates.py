"""Rates derived from pegs, on demand, where the publisher has none: marked as pegged, with the peg in the path.

A publisher's own rate always has priority, and a peg is not used for a day before it began.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from rates.conversion import MANY_DIGITS, WIDE, Publisher, rebase
from rates.currencies import Peg, peg, pegs
from rates.errors import Unsupported
from rates.model import ONE, DerivedRate, Quote, RateTable
from rates.readers import EXACT


def rebase_with_pegs(
    quotes: Iterable[Quote], base: str, provider: Publisher, *, asked: date | None = None
) -> RateTable:
    """The quotes as rates of `base`, as `rebase` gives them, with those of pegged currencies added.

    If the publisher lacks the base, its rates are those of its anchor, divided by the peg.
    """
    known = tuple(quotes)
    try:
        figures = dict((table := rebase(known, base, provider, asked=asked)).figures)
    except Unsupported:
        newest = max((quote.day for quote in known), default=date.min)
        if (held := peg(base, newest)) is None:
            raise
        table = rebase(known, held.anchor, provider, asked=asked)
        figures = _scaled(table, held)
    for code in pegs():
        if code not in figures and (held := peg(code, table.day)) is not None and held.anchor in figures:
            figure = figures[held.anchor]
            rate = EXACT.multiply(figure.rate, held.rate)
            figures[code] = DerivedRate(rate, figure.day, "pegged", figure.digits, (*figure.path, quote_of(held)))
    return replace(table, base=base, figures=figures)


def quote_of(held: Peg) -> Quote:
    """The peg as a quote of the day on which it began, for the path of a rate."""
    return Quote(held.anchor, held.code, held.rate, held.since)


def _scaled(table: RateTable, held: Peg) -> dict[str, DerivedRate]:
    """The rates of the anchor's table for one unit of the pegged currency; an inverse one as a single division."""
    figures = {held.code: DerivedRate(ONE, table.day, "identity", MANY_DIGITS)}
    for symbol, figure in table.figures.items():
        if figure.how == "inverse":  # one division, so that the rate is rounded once
            rate = EXACT.divide(ONE, WIDE.multiply(figure.path[0].rate, held.rate))
        else:
            rate = EXACT.divide(figure.rate, held.rate)
        figures[symbol] = DerivedRate(rate, figure.day, "pegged", figure.digits, (quote_of(held), *figure.path))
    return figures
