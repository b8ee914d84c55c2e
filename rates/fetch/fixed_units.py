"""Currencies that are worth a fixed amount of another: asked for as that currency, and scaled by the exact ratio.

They are minor units (GBX), money at par with a currency (JEP), and those that ended by a fixed ratio (DEM). Where a
publisher still quotes an ended currency, the fixed ratio is the true rate.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from rates.conversion import MANY_DIGITS, Conversion
from rates.currencies import FixedRatio, current_unit
from rates.errors import Unsupported
from rates.model import ONE, DerivedRate, RateTable
from rates.settings import Settings


@dataclass(frozen=True, slots=True)
class FixedUnits:
    """A question about fixed currencies.

    settings: those of the question that publishers can answer, for `base.unit`.
    """

    base: FixedRatio
    symbols: tuple[FixedRatio, ...]
    strict: bool
    settings: Settings

    def applied(self, table: RateTable) -> RateTable:
        """A publisher's table as the answer to the question that was asked."""
        known = {symbol: FixedRatio(symbol, symbol, ONE) for symbol in table}
        asked = {fixed.symbol: fixed for fixed in self.symbols}
        figures = {self.base.symbol: DerivedRate(ONE, table.day, "identity", MANY_DIGITS)}
        for symbol, fixed in (asked if self.strict else known | asked).items():
            figure = figures[symbol] if symbol == self.base.symbol else self._figure(table, fixed)
            if figure is not None:
                figures[symbol] = figure
        if self.strict and self.base.symbol not in asked:
            del figures[self.base.symbol]
        return replace(table, base=self.base.symbol, figures=figures)

    def _figure(self, table: RateTable, symbol: FixedRatio) -> DerivedRate | None:
        """The rate of one symbol, None if the publisher has none of its unit."""
        if symbol.unit == self.base.unit:
            figure = DerivedRate(ONE, table.day, "fixed", MANY_DIGITS)
        elif symbol.unit in table.figures:
            figure = table.figures[symbol.unit]
        else:
            return None
        rate = Conversion(self.base, symbol, figure).result(ONE)
        if figure.how == "fixed" or rate == figure.rate:
            return figure._replace(rate=rate)
        return figure._replace(rate=rate, how="cross", instead_of=None)


def fixed_units(base: str, settings: Settings) -> FixedUnits | None:
    """The question with each fixed currency in terms of its unit; None if it has none.

    `Unsupported` if the base ended at no fixed ratio.
    """
    on = settings.on or settings.day()
    start = current_unit(base, on)
    symbols = []
    for symbol in settings.symbols:
        try:
            symbols.append(current_unit(symbol, on))
        except Unsupported:
            symbols.append(FixedRatio(symbol, symbol, ONE))  # publishers' errors say when it ended
    if not start.steps and not any(symbol.steps for symbol in symbols):
        return None
    units = tuple(dict.fromkeys(symbol.unit for symbol in symbols if symbol.unit != start.unit))
    strict = settings.strict and bool(settings.symbols)
    asked = settings.with_values(symbols=units, strict=strict and bool(units))
    return FixedUnits(start, tuple(symbols), strict, asked)
