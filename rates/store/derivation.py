"""The rate that quotes of one day make, and the answer that it becomes, with its pedigree."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import NamedTuple

from rates.conversion import MANY_DIGITS, Conversion, figure_of
from rates.currencies import Peg
from rates.currencies.believed import believed
from rates.errors import WrongDay
from rates.model import ONE, DerivedRate, Quote
from rates.readers.values import EXACT
from rates.store.records import WIDEST, Rate, Stored

Pair = tuple[str, str]
_NEVER = datetime.max.replace(tzinfo=UTC)  # later than any fetch


class Origin(NamedTuple):
    """Where a quote was found."""

    stored: Stored
    source: str


def figure_between(quotes: Collection[Quote], pair: Pair, pivot: str, on: date) -> DerivedRate | None:
    """The rate that quotes of one day make; None if they make none, or are of money that was replaced by `on`."""
    if not quotes:
        return None
    try:
        return figure_of(believed(tuple(quotes), on), *pair, pivot)
    except WrongDay:
        return None


def marked_own(figure: DerivedRate) -> DerivedRate:
    """The figure marked as the user's own, which is exact."""
    return figure._replace(how="own", digits=MANY_DIGITS)


def as_quote(held: Peg) -> Quote:
    """The peg as a quote of its first day."""
    return Quote(held.anchor, held.code, held.rate, held.since)


def rate_of(planned: Conversion, figure: DerivedRate, on: date, provider: str, origins: Mapping[Quote, Origin]) -> Rate:
    """The answer: the rate of the units, scaled by the ratios fixed by law.

    No chain of quotes leads to a median, so its own value is used.
    """
    chained = figure.how != "median"
    numerator, denominator = fraction(planned.base.unit, figure.path) if chained else (figure.rate, ONE)
    numerator = WIDEST.multiply(numerator, planned.symbol.ratio)
    denominator = WIDEST.multiply(denominator, planned.base.ratio)
    ratios = tuple(planned.ratios)
    used = [origins[quote] for quote in figure.path if quote in origins]
    periods = [origin.stored.quote for origin in used if origin.stored.quote.valid_to is not None]
    oldest = min(used, key=lambda origin: origin.stored.fetched or _NEVER, default=None)
    return Rate(
        base=planned.base.symbol,
        symbol=planned.symbol.symbol,
        rate=quotient((numerator, denominator)) if ratios else figure.rate,
        asked=on,
        day=max((origin.stored.quote.day for origin in used), default=figure.day),
        valid_to=min((quote.valid_to for quote in periods if quote.valid_to), default=None),
        how="cross" if ratios and figure.how in ("published", "inverse") else figure.how,
        provider=provider,
        digits=figure.digits,
        path=figure.path,
        fetched=oldest.stored.fetched if oldest else None,
        digest=oldest.stored.digest if oldest else "",
        source=oldest.source if oldest else "",
        exact=(numerator, denominator),
        ratios=ratios,
        instead_of=None if ratios else figure.instead_of,
    )


def fraction(base: str, path: Sequence[Quote]) -> tuple[Decimal, Decimal]:
    """The rate of a chain of quotes from the base on, as numerator and denominator, unrounded."""
    numerator = denominator = ONE
    at = base
    for quote in path:
        if quote.base == at:
            numerator, at = WIDEST.multiply(numerator, quote.rate), quote.symbol
        else:
            denominator, at = WIDEST.multiply(denominator, quote.rate), quote.base
    return numerator, denominator


def quotient(parts: tuple[Decimal, Decimal]) -> Decimal:
    """The rate to 28 significant digits."""
    return EXACT.divide(*parts)
