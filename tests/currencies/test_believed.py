"""Quotes against the lives of their currencies."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from rates.currencies.believed import believed
from rates.errors import WrongDay
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


def test_money_of_before_a_redenomination() -> None:
    """Figures of the last day before a redenomination hold for that day, and not for a day after it."""
    day, first = date(2025, 12, 31), date(2026, 1, 1)
    old, other = quote("USD", "SYP", day), quote("USD", "EUR", day)
    assert believed((old, other), day) == (old, other)
    assert believed((old, other)) == (old, other)
    assert believed((old, other), first) == (other,)
    assert believed((quote("USD", "SYP", first),), first) == (quote("USD", "SYP", first),)
    with pytest.raises(WrongDay, match=r"not in use on 2026-01-02; SYP is the money of before 2026-01-01: 100 of it"):
        believed((old,), date(2026, 1, 2))


def test_an_answer_in_money_that_did_not_exist() -> None:
    """An archive that quotes all of 1997 against the rouble of 1998 is refused by name."""
    quotes = (quote("USD", "RUB", date(1997, 6, 2)), quote("DEM", "RUB", date(1997, 6, 2)))
    with pytest.raises(WrongDay, match=r"of 1997-06-02.*RUB began on 1998-01-01, after RUR"):
        believed(quotes)


def test_a_part_of_the_euro_in_other_units() -> None:
    """A figure of the lira or the schilling that the euro's of the same day contradicts is left out."""
    day = date(2001, 6, 1)
    euro = Quote("EUR", "ILS", Decimal("3.52"), day)
    lira = Quote("ITL", "ILS", Decimal("0.00182"), day)  # 3.52 / 1936.27
    schilling = Quote("ILS", "ATS", Decimal("3.909"), day)  # 13.7603 / 3.52
    quotes = (euro, lira, schilling)
    assert believed(quotes) is quotes
    assert believed((euro, lira._replace(rate=Decimal("1.82")), schilling._replace(rate=Decimal("39.1")))) == (euro,)
    alone = (lira._replace(rate=Decimal("1.82")),)
    assert believed(alone) is alone  # without the euro's nothing contradicts it
    before = (euro._replace(base="XEU", day=date(1998, 6, 1)), lira._replace(day=date(1998, 6, 1), rate=Decimal("1.9")))
    assert believed(before) is before


# Archives are known to carry these codes after their end, or before a birth that their figures do not prove.
CARRIED = [
    *(("nbu", code, day) for code, day in [("BGL", "1999-07-05"), ("TRL", "2005-01-01"), ("ROL", "2005-07-01"),
                                           ("AZM", "2006-01-01"), ("TMM", "2009-01-01")]),
    ("bota", "ZMK", "2013-01-01"), ("bna", "MZM", "2006-07-01"), ("cbu", "TRL", "2005-01-01"),
    *(("nbp", code, day) for code, day in [("AFA", "2003-01-03"), ("AON", "1995-07-01"), ("BYB", "2000-01-01"),
                                           ("ZWR", "2009-02-02")]),
    ("lb", "BYR", "1999-12-31"), ("cba", "BYR", "1999-12-31"), ("bdi", "AFN", "2002-10-06"),
]  # fmt: skip


@pytest.mark.parametrize(("provider", "code", "day"), CARRIED)
def test_codes_that_archives_carry_out_of_their_time(provider: str, code: str, day: str) -> None:
    """Such a quote is left out, and the others of its list are kept."""
    good = quote("USD", "XDR", date.fromisoformat(day))
    assert believed((good, quote(code, "XDR", good.day)), provider=provider) == (good,)
