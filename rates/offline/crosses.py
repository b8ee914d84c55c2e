"""Rates of any base on any day, from the ECB's of one euro."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal
from functools import lru_cache

from rates.model import ONE
from rates.offline import history

# Twelve digits are more than any service writes, and twice what the ECB publishes; rounded once, not twice.
TWELVE = Context(prec=12, rounding=ROUND_HALF_EVEN)


class LackingError(Exception):
    """The history has nothing for that currency, that day, or both; the message says so."""


def known(code: str) -> bool:
    """True for a currency that the history has on some day."""
    return code == "EUR" or code in history.symbols()


def on(base: str, day: date) -> tuple[date, Mapping[str, str]]:
    """The newest published day on or before `day`, and the rates of one unit of base; else `LackingError`."""
    found = history.row(day)
    if found is None:
        raise LackingError(f"the embedded ECB history begins on {history.FIRST_DAY}")
    return found[0], _crossed(base, *found)


def between(base: str, first: date, last: date) -> Iterator[tuple[date, Mapping[str, str]]]:
    """The same for each published day from first to last on which the base has a rate, oldest first."""
    for day, rates in history.span(first, last):
        if base == "EUR" or base in rates:
            yield day, crossed(base, rates)


@lru_cache(maxsize=128)
def _cached(base: str, day: date) -> Mapping[str, str]:
    found = history.row(day)
    assert found is not None
    return crossed(base, found[1])


def _crossed(base: str, day: date, rates: Mapping[str, str]) -> Mapping[str, str]:
    if base != "EUR" and base not in rates:
        raise LackingError(f"the embedded ECB history has no {base} on {day}")
    return _cached(base, day)


def crossed(base: str, rates: Mapping[str, str]) -> Mapping[str, str]:
    """One unit of base in all currencies, its identity first: published text for the euro, else divided."""
    if base == "EUR":
        return {"EUR": "1", **rates}
    leg = Decimal(rates[base])
    figures = {base: "1", "EUR": _divided(ONE, leg)}
    figures.update((code, _divided(Decimal(rate), leg)) for code, rate in rates.items() if code != base)
    return figures


def _divided(rate: Decimal, leg: Decimal) -> str:
    return format(TWELVE.divide(rate, leg), "f")
