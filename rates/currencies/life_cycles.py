"""The state of a currency on a day: not begun, in use, or ended and worth a fixed amount of its successor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal

from rates.currencies.iso import Currency, all_currencies
from rates.errors import Unsupported

_EXACT = Context(prec=100)  # enough for the product of any ratios here


@dataclass(frozen=True, slots=True)
class FixedRatio:
    """A currency in terms of another: `ratio` units of `symbol` are one unit of `unit`.

    steps: the ended currencies between the two, oldest first; () if both are the same.
    """

    symbol: str
    unit: str
    ratio: Decimal
    steps: tuple[Currency, ...] = ()

    def sentences(self) -> list[str]:
        """The ratio of each step, as in: 1 EUR = 1.95583 DEM, irrevocably since 1999-01-01."""
        return [ratio_sentence(step) for step in self.steps]


def ratio_sentence(ended: Currency) -> str:
    """The ratio of an ended currency to its successor, and the day from which it holds."""
    since = "irrevocably since" if ended.successor == "EUR" else "since"
    return f"1 {ended.successor} = {ended.ratio:f} {ended.code}, {since} {ended.fixed}"


# The dollar of 2009 was withdrawn on 2015-09-30. The currency that took its code in 2019, and ended in ZWG, is another.
_REUSED_CODES = {"ZWL": "the ZWL of 2009 was withdrawn on 2015-09-30, and is not the ZWL of 2019"}


def _successors(symbol: str, on: date) -> Iterator[FixedRatio]:
    """The currency in terms of itself, then of each successor that has replaced it by that day."""
    currency, ratio = all_currencies()[symbol], Decimal(1)
    steps: tuple[Currency, ...] = ()
    yield FixedRatio(symbol, symbol, ratio)
    while currency.fixed is not None and on >= currency.fixed:
        if steps and currency.code in _REUSED_CODES:
            raise Unsupported(f"no ratio leads from {symbol} to {currency.successor}: {_REUSED_CODES[currency.code]}")
        if currency.ratio is None:
            detail = f"{currency.code} was replaced by {currency.successor} on {currency.ended}, at no fixed ratio"
            raise Unsupported(detail, hint=f"ask for {currency.successor}, or for a day before with --on")
        ratio, steps = _EXACT.multiply(ratio, currency.ratio), (*steps, currency)
        currency = all_currencies()[currency.successor]
        yield FixedRatio(symbol, currency.code, ratio, steps)


def current_unit(symbol: str, on: date) -> FixedRatio:
    """The currency in terms of the one in use on that day: itself, or its last successor by then.

    `Unsupported` if a step between them had no exact ratio.
    """
    *_, last = _successors(symbol, on)
    return last


def ratio_to(symbol: str, successor: str, on: date) -> FixedRatio | None:
    """The currency in terms of a direct or later successor; None if that has not replaced it by that day."""
    try:
        return next((step for step in _successors(symbol, on) if step.unit == successor), None)
    except Unsupported:
        return None


def ended(symbol: str, on: date) -> str:
    """A sentence if the currency had ended by that day, else ""."""
    currency = all_currencies().get(symbol)
    if currency is None or currency.ended is None or on < currency.ended:
        return ""
    return f"{symbol} was replaced by {currency.successor} on {currency.ended}"


def not_begun(symbol: str, on: date) -> str:
    """A sentence if the currency had not begun on that day, else ""."""
    currency = all_currencies().get(symbol)
    if currency is None or currency.began is None or on >= currency.began:
        return ""
    before = sorted(old.code for old in all_currencies().values() if old.successor == symbol and old.fixed)
    sentence = f"{symbol} began on {currency.began}"
    return f"{sentence}, after {before[0]}" if len(before) == 1 else sentence
