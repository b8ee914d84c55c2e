"""Leaves out quotes of money that was not in use on their day.

Archives carry a new code for old money and an old code for new: openexchangerates has TRY, RON and VEF in 2001, the
Banco Nacional de Angola the kwacha of 2026 under the code ZMK, which ended at 1000 to 1 in 2013. Where the publisher's
own figures prove that a new code stands for old money, the quote is kept under the old code (see `relabelled`).
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from operator import attrgetter

from rates.currencies.iso import all_currencies
from rates.currencies.life_cycles import ended, not_begun, redenominated
from rates.currencies.relabelled import with_old_codes
from rates.errors import WrongDay
from rates.model import ONE, Quote

TOLERANCE = Decimal("0.5")  # other units are off by ten or more, a figure of two digits by less

_BASE, _SYMBOL = attrgetter("base"), attrgetter("symbol")  # by name, so that a plain tuple of a plugin is refused


def believed(quotes: tuple[Quote, ...], on: date | None = None, provider: str = "") -> tuple[Quote, ...]:
    """The quotes whose two currencies existed on their day; `WrongDay` if there are none.

    on: the day for which they are to hold, without those of before a redenomination up to then; None: each for its own.
    provider: the key of their publisher, whose quotes of old money under a new code get the old code.
    How many were left out, and of which currencies, is logged.
    """
    quotes = _in_line_with_the_euro(with_old_codes(quotes, provider), provider)
    days = {quote.day for quote in quotes}
    oldest, newest = min(days, default=date.max), max(days, default=date.min)
    lives = {code: _life(code, on) for code in _limited() & {*map(_BASE, quotes), *map(_SYMBOL, quotes)}}
    gone = {code: life for code, life in lives.items() if oldest < life[0] or newest >= life[1]}
    if not gone:
        return quotes
    kept = tuple(quote for quote in quotes if _within(gone, quote.base, quote) and _within(gone, quote.symbol, quote))
    if len(kept) < len(quotes):
        _log_left_out(quotes, kept, f"not in use on their day: {', '.join(sorted(gone))}", provider)
    if not kept:
        day, code = newest, sorted(gone)[0]
        why = not_begun(code, day) or ended(code, day) or redenominated(code, day)
        raise WrongDay(f"its figures of {day} are of money that was not in use on {on or day}", hint=why)
    return kept


def _log_left_out(quotes: tuple[Quote, ...], kept: tuple[Quote, ...], why: str, provider: str) -> None:
    """Logs how many quotes were left out; `logging` is only there if something was imported that logs."""
    if "logging" in sys.modules:
        log = sys.modules["logging"].getLogger("rates.currencies")
        log.debug("%s: left out %d of %d quotes: %s", provider, len(quotes) - len(kept), len(quotes), why)


def _in_line_with_the_euro(quotes: tuple[Quote, ...], provider: str) -> tuple[Quote, ...]:
    """Leaves out quotes of a currency that was already a part of the euro, if the euro's of that day contradict them.

    The Bank of Israel's archive has units of the schilling, the peseta and the lira that are not those of its figures.
    """
    parts = _parts_of_the_euro()
    if parts.isdisjoint(map(_BASE, quotes)) and parts.isdisjoint(map(_SYMBOL, quotes)):
        return quotes
    euro = {(quote.symbol, quote.day): quote.rate for quote in quotes if quote.base == "EUR"}
    euro |= {(quote.base, quote.day): ONE / quote.rate for quote in quotes if quote.symbol == "EUR"}

    def agrees(code: str, other: str, rate: Decimal, day: date) -> bool:
        one = all_currencies()[code] if code in parts else None
        if one is None or one.fixed is None or one.ratio is None or day < one.fixed or (other, day) not in euro:
            return True
        return abs(rate * one.ratio / euro[other, day] - 1) <= TOLERANCE

    kept = tuple(
        quote
        for quote in quotes
        if agrees(quote.base, quote.symbol, quote.rate, quote.day)
        and agrees(quote.symbol, quote.base, ONE / quote.rate, quote.day)
    )
    if len(kept) == len(quotes):
        return quotes
    _log_left_out(quotes, kept, "contradicted by the euro of their day", provider)
    return kept


@cache
def _parts_of_the_euro() -> frozenset[str]:
    """The currencies that the euro replaced."""
    return frozenset(one.code for one in all_currencies().values() if one.successor == "EUR")


@cache
def _limited() -> frozenset[str]:
    """The currencies that began, ended or were redenominated."""
    return frozenset(one.code for one in all_currencies().values() if one.began or one.ended or one.cuts)


@lru_cache(maxsize=1024)
def _life(code: str, on: date | None) -> tuple[date, date]:
    """The first day of the money that a code means on a day, and the first after its last."""
    currency = all_currencies()[code]
    cuts = [day for day, _ in currency.cuts if on is not None and day <= on]
    return max([currency.began or date.min, *cuts]), currency.ended or date.max


def _within(lives: Mapping[str, tuple[date, date]], code: str, quote: Quote) -> bool:
    return code not in lives or lives[code][0] <= quote.day < lives[code][1]
