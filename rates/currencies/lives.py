"""What became of a currency by a day: not yet born, alive, or ended and worth so much of what followed it.

Exact: an amount of an ended currency is divided by the product of the published ratios, never multiplied by a rounded
inverse, as Council Regulation (EC) 1103/97 demands of the euro's irrevocable rates.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal

from rates.currencies.iso import Currency, all_currencies
from rates.errors import Unsupported

_WHOLE = Context(prec=100)  # the product of any ratios here, without rounding


@dataclass(frozen=True, slots=True)
class Fixed:
    """A currency and the one in whose units it counts on a day: `ratio` units of `symbol` are one of `head`.

    steps: the currencies left behind on the way, oldest first; () when it counts by itself.
    """

    symbol: str
    head: str
    ratio: Decimal
    steps: tuple[Currency, ...] = ()

    def sentences(self) -> list[str]:
        """Each step as published: 1 EUR = 1.95583 DEM, irrevocably since 1999-01-01."""
        return [fixed_sentence(step) for step in self.steps]


def fixed_sentence(step: Currency) -> str:
    """The ratio of an ended currency to its successor, and since when it holds."""
    how = "irrevocably since" if step.successor == "EUR" else "since"
    return f"1 {step.successor} = {step.ratio:f} {step.code}, {how} {step.fixed}"


# The dollar of 2009 was withdrawn on 2015-09-30; what took its code in 2019 and ended in ZWG was another money.
_ANOTHER = {"ZWL": "the ZWL of 2009 was withdrawn on 2015-09-30, and is not the ZWL of 2019"}


def _chain(symbol: str, on: date) -> Iterator[Fixed]:
    """A currency as parts of itself, then of each of its successors that there are by that day."""
    currency, ratio = all_currencies()[symbol], Decimal(1)
    steps: tuple[Currency, ...] = ()
    yield Fixed(symbol, symbol, ratio)
    while currency.fixed is not None and on >= currency.fixed:
        if steps and currency.code in _ANOTHER:
            raise Unsupported(f"no ratio leads from {symbol} to {currency.successor}: {_ANOTHER[currency.code]}")
        if currency.ratio is None:
            told = f"{currency.code} was replaced by {currency.successor} on {currency.ended}, at no fixed ratio"
            raise Unsupported(told, hint=f"ask for {currency.successor}, or for a day before with --on")
        ratio, steps = _WHOLE.multiply(ratio, currency.ratio), (*steps, currency)
        currency = all_currencies()[currency.successor]
        yield Fixed(symbol, currency.code, ratio, steps)


def in_force(symbol: str, on: date) -> Fixed:
    """Of which currency a code's units are parts on a day: itself, or its successors as far as there are by then.

    `Unsupported` where the way leads over a currency that was exchanged at no exact ratio.
    """
    *_, last = _chain(symbol, on)
    return last


def between(symbol: str, successor: str, on: date) -> Fixed | None:
    """How many units of a currency are one of a successor of its, near or far; None when that is none by that day."""
    try:
        return next((step for step in _chain(symbol, on) if step.head == successor), None)
    except Unsupported:
        return None


def ended(symbol: str, on: date) -> str:
    """A sentence when that currency had ended by that day, else ""."""
    currency = all_currencies().get(symbol)
    if currency is None or currency.ended is None or on < currency.ended:
        return ""
    return f"{symbol} was replaced by {currency.successor} on {currency.ended}"


def unborn(symbol: str, on: date) -> str:
    """A sentence when that currency had not begun on that day, else ""."""
    currency = all_currencies().get(symbol)
    if currency is None or currency.born is None or on >= currency.born:
        return ""
    before = sorted(old.code for old in all_currencies().values() if old.successor == symbol and old.fixed)
    told = f"{symbol} began on {currency.born}"
    return f"{told}, after {before[0]}" if len(before) == 1 else told
