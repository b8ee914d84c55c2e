"""Checks that every publisher's answer must pass: an empty or impossible one becomes a named error."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from operator import attrgetter

from rates.conversion import effective
from rates.currencies import codes
from rates.currencies.iso import all_currencies
from rates.errors import BadRate, EmptyAnswer, FutureDay, ParseError, Unsupported, WrongBase, WrongDay, WrongIdentity
from rates.model import ONE, Provider, Query, Quote

_CODE = re.compile(r"[A-Z]{3}", re.ASCII)
_BASE, _SYMBOL = attrgetter("base"), attrgetter("symbol")  # by name, so that a plain tuple of a plugin is refused
_ZERO = Decimal(0)


def check_query(provider: Provider, query: Query) -> None:
    """Raises `Unsupported` for a question that this provider cannot answer, before a request is sent."""
    if query.kind not in provider.answers:
        kinds = {"latest": "the latest rates", "day": "one day", "range": "a range"}
        known = " and ".join(kinds[kind] for kind in provider.answers)
        asked = {"latest": "the latest rates", "day": "a day of the past", "range": "a range of days"}[query.kind]
        raise Unsupported(f"cannot answer for {asked}", provider=provider.key, hint=f"it answers for {known}")
    if query.end is not None and query.end < provider.since:
        raise Unsupported(
            f"has no rates of {query.end}", provider=provider.key, hint=f"its first are of {provider.since}"
        )


def check_quotes(quotes: Sequence[Quote], provider: Provider, query: Query) -> None:
    """Raises the named error of the first impossible quote; see `rates.errors`."""
    if not quotes:
        raise EmptyAnswer("the answer holds no rates")
    tomorrow = query.today + timedelta(days=1)
    for base, symbol, rate, day, valid_to in quotes:
        if not rate.is_finite() or rate <= _ZERO:
            raise BadRate(f"{base} to {symbol} is {rate} on {day}")
        if day > tomorrow and valid_to is None:
            raise FutureDay(f"{base} to {symbol} is dated {day}, after tomorrow")
        if base == symbol and rate != ONE:
            raise WrongIdentity(f"1 {base} costs {rate} {symbol}")
    _check_codes(quotes)
    _check_base(quotes, provider, query)
    _check_days(quotes, provider, query)


def _check_codes(quotes: Sequence[Quote]) -> None:
    """Codes are three capital letters; anything else means that a wrong column was read."""
    for code in {*map(_BASE, quotes), *map(_SYMBOL, quotes)} - codes():
        if not _CODE.fullmatch(code):
            raise ParseError(f"{code!r} is not a currency code")


def _check_base(quotes: Sequence[Quote], provider: Provider, query: Query) -> None:
    """A per-base answer is for the base asked; every other quote has the publisher's pivot on one side."""
    pivot, asked = provider.pivot, query.base
    for base, symbol, *_ in quotes:
        if not pivot and base != asked:
            raise WrongBase(f"asked for {asked}, it answers for {base}")
        if pivot and base != pivot and symbol != pivot and not {base, symbol} & _renamed_to(pivot):
            raise WrongBase(f"quotes {base} to {symbol}, without its own {pivot}")


def _renamed_to(pivot: str) -> set[str]:
    """The units that became the pivot one for one, as the ecu the euro, or by a new point, as 1000 old kwacha one."""
    former = [one for one in all_currencies().values() if one.successor == pivot]
    return {one.code for one in former if one.ratio and one.ratio.normalize().as_tuple().digits == (1,)}


def _check_days(quotes: Sequence[Quote], provider: Provider, query: Query) -> None:
    """At least one quote is of the day or range that was asked for."""
    if query.start is None or query.end is None:
        return
    if query.kind == "range":
        if not any(query.start <= (quote.valid_to or quote.day) and quote.day <= query.end for quote in quotes):
            raise WrongDay(f"has nothing from {query.start} to {query.end}", hint=_nearest(quotes, query.start))
    elif not effective(quotes, provider, query):
        raise WrongDay(f"has nothing for {query.end}", hint=_nearest(quotes, query.end))


def _nearest(quotes: Sequence[Quote], day: date) -> str:
    """The day nearest to that asked for, of those that came."""
    nearest = min((quote.day for quote in quotes), key=lambda other: abs((other - day).days))
    return f"the nearest it has is {nearest}"
