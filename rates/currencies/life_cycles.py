"""The state of a currency on a day: not begun, in use, or ended and worth a fixed amount of its successor.

A code means the money of the day that is asked for. VES is one bolivar in 2020 and another, worth a million of it, in
2022; an amount in a currency that ended in the first is divided by both ratios.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Context, Decimal
from functools import lru_cache
from typing import NamedTuple

from rates.currencies.iso import Currency, all_currencies
from rates.currencies.market_codes import FRACTIONS
from rates.errors import Unsupported

_EXACT = Context(prec=100)  # enough for the product of any ratios here
_ONE = Decimal(1)

# A code that ISO 4217 added for the new money of another code: amendment 170 keeps VES as the official one.
_SAME = {"VED": "VES"}


class Step(NamedTuple):
    """One exchange of money: `ratio` units of `old` are one unit of `new`, since a day (None: always).

    ratio: None if there is no exact one. The codes are the same for a redenomination that kept the code.
    """

    old: str
    new: str
    ratio: Decimal | None
    since: date | None

    def sentence(self) -> str:
        """The step as in: 1 EUR = 1.95583 DEM, irrevocably since 1999-01-01."""
        if self.old == self.new:
            return f"1 {self.new} = {self.ratio:f} {self.old} of before {self.since}"
        if self.since is None:
            return f"1 {self.new} = {self.ratio:f} {self.old}"
        return f"1 {self.new} = {self.ratio:f} {self.old}, {'irrevocably ' * (self.new == 'EUR')}since {self.since}"


class FixedRatio(NamedTuple):
    """A currency in terms of another: `ratio` units of `symbol` are one unit of `unit`.

    steps: the exchanges between the two, oldest first; () if both are the same.
    """

    symbol: str
    unit: str
    ratio: Decimal
    steps: tuple[Step, ...] = ()

    def sentences(self) -> list[str]:
        """The ratio of each step, as in: 1 EUR = 1.95583 DEM, irrevocably since 1999-01-01."""
        return [step.sentence() for step in self.steps]


def steps_of(currency: Currency) -> list[Step]:
    """The redenominations of a currency that kept its code, then its replacement by a successor, if it ended."""
    steps = [Step(currency.code, currency.code, ratio, day) for day, ratio in currency.cuts]
    if currency.fixed is not None:
        steps.append(Step(currency.code, currency.successor, currency.ratio, currency.fixed))
    return steps


# The dollar of 2009 was withdrawn on 2015-09-30. The currency that took its code in 2019, and ended in ZWG, is another.
_REUSED_CODES = {"ZWL": "the ZWL of 2009 was withdrawn on 2015-09-30, and is not the ZWL of 2019"}


def _successors(symbol: str, on: date) -> Iterator[FixedRatio]:
    """The currency in terms of itself, then of each successor that has replaced it by that day, in that day's money."""
    found = FixedRatio(symbol, symbol, _ONE)
    yield found
    unit, entered = symbol, on  # a code that is typed means the money of the day, so that its cuts lie behind it
    if symbol in FRACTIONS:
        unit = FRACTIONS[symbol].unit
        found = _after(found, Step(symbol, unit, FRACTIONS[symbol].ratio, None))
        yield found
    elif symbol in _SAME and not not_begun(symbol, on):
        unit = _SAME[symbol]
        found = _after(found, Step(symbol, unit, _ONE, all_currencies()[symbol].began))
        yield found
    while (currency := all_currencies().get(unit)) is not None and currency.fixed is not None and on >= currency.fixed:
        *_, replaced = steps_of(currency)
        found, entered, unit = _after(found, replaced), currency.fixed, currency.successor
        for cut in steps_of(all_currencies()[unit]):
            if cut.new == unit and cut.since is not None and entered < cut.since <= on:
                found = _after(found, cut)
        yield found


def _after(found: FixedRatio, step: Step) -> FixedRatio:
    """The ratio with one step more; `Unsupported` for a step without an exact ratio."""
    if step.ratio is not None:
        ratio = _EXACT.multiply(found.ratio, step.ratio)
        return FixedRatio(found.symbol, step.new, ratio, (*found.steps, step))
    if step.old == step.new:
        to = all_currencies()[step.new].successor or step.new
        raise Unsupported(f"no ratio leads from {found.symbol} to {to}: {_REUSED_CODES[step.old]}")
    detail = f"{step.old} was replaced by {step.new} on {all_currencies()[step.old].ended}, at no fixed ratio"
    raise Unsupported(detail, hint=f"ask for {step.new}, or for a day before with --on")


@lru_cache(maxsize=1024)
def current_unit(symbol: str, on: date) -> FixedRatio:
    """The currency in terms of the one in use on that day: itself, or its last successor by then.

    A minor unit or an island's pound is in terms of its currency. `Unsupported` if a step had no exact ratio.
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


def redenominated(symbol: str, on: date) -> str:
    """A sentence if the money of that day was replaced later under the same code, else ""."""
    currency = all_currencies().get(symbol)
    later = [cut for cut in currency.cuts if cut[0] > on] if currency is not None else []
    if not later:
        return ""
    first, ratio = later[0]
    worth = f"{ratio:f} of it are 1 {symbol} of then" if ratio is not None else "another currency has the code since"
    return f"{symbol} is the money of before {first}: {worth}"
