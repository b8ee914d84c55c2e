"""Conversions as they stand on a day: what is fixed by law, and what must be asked of a publisher.

100 DEM in USD are 100 / 1.95583 EUR, at the day's rate of the euro; 100 DEM in FRF need no publisher at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal

from rates.currencies import Fixed, between, in_force
from rates.model import ONE, DerivedRate
from rates.readers import EXACT, MOST_DIGITS

_WHOLE = Context(prec=4 * MOST_DIGITS)  # holds the product of an amount, a rate and a ratio whole


@dataclass(frozen=True, slots=True)
class Way:
    """From one currency to another: an amount is divided by one ratio, changed from head to head, multiplied by one.

    base, symbol: both ends, each as parts of its head. figure: the published rate between the heads, None where both
    are one.
    """

    base: Fixed
    symbol: Fixed
    figure: DerivedRate | None = None

    @property
    def asks(self) -> bool:
        """True when a publisher must be asked."""
        return self.base.head != self.symbol.head

    @property
    def fixed(self) -> list[str]:
        """The fixed ratios used, as sentences."""
        return [*self.base.sentences(), *self.symbol.sentences()]

    @property
    def how(self) -> str:
        """As the figure was had; "fixed" where the law alone says it."""
        if self.figure is not None:
            return self.figure.how
        return "fixed" if self.fixed else "identity"

    def of(self, amount: Decimal) -> Decimal:
        """That amount in the other currency: one division at the end, by ratios that nobody rounded."""
        rate = self.figure.rate if self.figure else ONE
        product = _WHOLE.multiply(_WHOLE.multiply(amount, rate), self.symbol.ratio)
        return EXACT.divide(product, self.base.ratio) if self.base.ratio != ONE else EXACT.plus(product)


def way(base: str, symbol: str, on: date) -> Way:
    """The way from base to symbol, straight along the line of successors where one is the other's."""
    if (down := between(base, symbol, on)) is not None:
        return Way(down, Fixed(symbol, symbol, ONE))
    if (up := between(symbol, base, on)) is not None:
        return Way(Fixed(base, base, ONE), up)
    return Way(in_force(base, on), in_force(symbol, on))
