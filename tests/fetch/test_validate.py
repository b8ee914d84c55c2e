"""Quotes against the lives of their currencies."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from rates.errors import WrongDay
from rates.fetch.validate import believed
from rates.model import Quote


def quote(base: str, symbol: str, day: date) -> Quote:
    """A quote of that day."""
    return Quote(base, symbol, Decimal(2), day)


def test_a_code_before_its_money_began_is_not_believed() -> None:
    """A new code in an archive of 2001 stands for old money: its quotes are left out, the others stay."""
    day = date(2001, 2, 16)
    good = quote("USD", "JPY", day)
    assert believed((good, quote("USD", "TRY", day), quote("USD", "RON", day), quote("VEF", "USD", day))) == (good,)


def test_a_code_whose_money_ended_is_not_believed() -> None:
    """Quotes under an old code from the first day of its successor on are left out, and those before are kept."""
    good = quote("EUR", "AOA", date(2026, 10, 30))
    assert believed((good, quote("ZMK", "AOA", date(2026, 10, 30)))) == (good,)
    old = quote("EUR", "HRK", date(2022, 12, 31))
    assert believed((old, quote("EUR", "HRK", date(2023, 1, 1)))) == (old,)


def test_quotes_of_living_currencies_are_untouched() -> None:
    """Nothing is copied if all currencies were in use."""
    quotes = (quote("EUR", "USD", date(1999, 1, 4)), quote("EUR", "DEM", date(1999, 1, 4)))
    assert believed(quotes) is quotes
    assert believed(()) == ()


def test_an_answer_in_money_that_did_not_exist() -> None:
    """An archive that quotes all of 1997 against the rouble of 1998 is refused by name."""
    quotes = (quote("USD", "RUB", date(1997, 6, 2)), quote("DEM", "RUB", date(1997, 6, 2)))
    with pytest.raises(WrongDay, match=r"of 1997-06-02.*RUB began on 1998-01-01, after RUR"):
        believed(quotes)
