"""Checks that every publisher's answer must pass: an empty or impossible one becomes a named error."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from rates.conversion import effective
from rates.errors import BadRate, EmptyAnswer, FutureDay, ParseError, Unsupported, WrongBase, WrongDay, WrongIdentity
from rates.model import ONE, Provider, Query, Quote

_CODE = re.compile(r"[A-Z]{3}", re.ASCII)


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
    for quote in quotes:
        if not quote.rate.is_finite() or quote.rate <= 0:
            raise BadRate(f"{quote.base} to {quote.symbol} is {quote.rate} on {quote.day}")
        if quote.day > tomorrow:
            raise FutureDay(f"{quote.base} to {quote.symbol} is dated {quote.day}, after tomorrow")
        if quote.base == quote.symbol and quote.rate != ONE:
            raise WrongIdentity(f"1 {quote.base} costs {quote.rate} {quote.symbol}")
    _check_codes(quotes)
    _check_base(quotes, provider, query)
    _check_days(quotes, provider, query)


def _check_codes(quotes: Sequence[Quote]) -> None:
    """Codes are three capital letters; anything else means that a wrong column was read."""
    for code in {code for quote in quotes for code in (quote.base, quote.symbol)}:
        if not _CODE.fullmatch(code):
            raise ParseError(f"{code!r} is not a currency code")


def _check_base(quotes: Sequence[Quote], provider: Provider, query: Query) -> None:
    """A per-base answer is for the base asked; every other quote has the publisher's pivot on one side."""
    pivot, asked = provider.pivot, query.base
    for quote in quotes:
        if not pivot and quote.base != asked:
            raise WrongBase(f"asked for {asked}, it answers for {quote.base}")
        if pivot and quote.base != pivot and quote.symbol != pivot:
            raise WrongBase(f"quotes {quote.base} to {quote.symbol}, without its own {pivot}")


def _check_days(quotes: Sequence[Quote], provider: Provider, query: Query) -> None:
    """At least one quote is of the day or range that was asked for."""
    if query.start is None or query.end is None:
        return
    if query.kind == "range":
        if not any(query.start <= quote.day <= query.end for quote in quotes):
            raise WrongDay(f"has nothing from {query.start} to {query.end}", hint=_nearest(quotes, query.start))
    elif not effective(quotes, provider, query):
        raise WrongDay(f"has nothing for {query.end}", hint=_nearest(quotes, query.end))


def _nearest(quotes: Sequence[Quote], day: date) -> str:
    """The day nearest to that asked for, of those that came."""
    nearest = min((quote.day for quote in quotes), key=lambda other: abs((other - day).days))
    return f"the nearest it has is {nearest}"
