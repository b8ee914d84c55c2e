"""Life cycles of currencies: first day, end, and the ratio to the successor."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from rates.currencies import all_currencies, current_unit, not_begun, ratio_to, redenominated
from rates.errors import Unsupported

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("symbol", "on", "head", "ratio"),
    [
        ("DEM", TODAY, "EUR", "1.95583"),
        ("DEM", date(1999, 1, 1), "EUR", "1.95583"),
        ("DEM", date(1998, 12, 31), "DEM", "1"),
        ("GRD", date(2000, 12, 31), "GRD", "1"),
        ("GRD", date(2001, 1, 1), "EUR", "340.750"),
        ("BGL", TODAY, "EUR", "1955.83"),
        ("BGL", date(2025, 12, 31), "BGN", "1000"),
        ("HRD", TODAY, "EUR", "7534.50"),
        ("TRL", TODAY, "TRY", "1000000"),
        ("BYB", TODAY, "BYN", "10000000"),
        ("YUM", TODAY, "RSD", "1"),
        ("VEB", TODAY, "VES", "100000000000000"),
        ("VEF", TODAY, "VES", "100000000000"),
        ("VEF", date(2021, 9, 30), "VES", "100000"),
        ("VED", TODAY, "VES", "1"),
        ("VES", TODAY, "VES", "1"),
        ("SYP", TODAY, "SYP", "1"),
        ("BRB", TODAY, "BRL", "2750000000000"),
        ("YUD", date(1993, 12, 1), "YUN", "100000000000"),
        ("ADP", TODAY, "EUR", "166.386"),
        ("GBX", TODAY, "GBP", "100"),
        ("KWF", TODAY, "KWD", "1000"),
        ("JEP", TODAY, "GBP", "1"),
        ("CNH", TODAY, "CNH", "1"),
        ("ZWD", date(2010, 1, 4), "ZWL", "10000000000000000000000000"),
        ("ZWL", TODAY, "ZWG", "2498.7242"),
        ("XEU", TODAY, "EUR", "1"),
        ("USD", TODAY, "USD", "1"),
    ],
)
def test_in_force(symbol: str, on: date, head: str, ratio: str) -> None:
    """The current unit of a currency on a day, and the exact ratio over all steps."""
    fixed = current_unit(symbol, on)
    assert (fixed.unit, fixed.ratio) == (head, Decimal(ratio))


def test_sentences() -> None:
    """Each step is a sentence with the published ratio and the day from which it holds."""
    assert current_unit("BGL", TODAY).sentences() == [
        "1 BGN = 1000 BGL, since 1999-07-05",
        "1 EUR = 1.95583 BGN, irrevocably since 2026-01-01",
    ]


@pytest.mark.parametrize(
    ("symbol", "message"),
    [
        ("CUC", "at no fixed ratio"),
        ("YUD", "YUN was replaced by YUM on 1994-01-24, at no fixed ratio"),
        ("ZWN", "from ZWN to ZWG: the ZWL of 2009 was withdrawn on 2015-09-30"),
    ],
)
def test_no_ratio(symbol: str, message: str) -> None:
    """An exchange without an exact ratio, or a reused code, is an error that names the reason."""
    with pytest.raises(Unsupported, match=message):
        current_unit(symbol, TODAY)


def test_between() -> None:
    """The ratio to a successor is known even if a later step has no ratio."""
    found = ratio_to("ZWN", "ZWR", TODAY)
    assert found is not None
    assert found.ratio == Decimal(10) ** 10
    assert ratio_to("DEM", "EUR", date(1998, 12, 31)) is None
    assert ratio_to("EUR", "DEM", TODAY) is None
    assert ratio_to("CUC", "USD", TODAY) is None
    assert ratio_to("USD", "USD", TODAY) is not None
    assert ratio_to("ZWR", "ZWL", TODAY) is None, "the ZWL of today is another currency"
    assert ratio_to("VED", "VES", date(2021, 9, 30)) is None


def test_a_redenomination_that_kept_the_code() -> None:
    """The step within one code is a sentence, and the money of before has a note with the ratio."""
    assert current_unit("VEF", TODAY).sentences() == [
        "1 VES = 100000 VEF, since 2018-08-20",
        "1 VES = 1000000 VES of before 2021-10-01",
    ]
    assert redenominated("SYP", date(2025, 12, 31)) == (
        "SYP is the money of before 2026-01-01: 100 of it are 1 SYP of then"
    )
    assert redenominated("SYP", date(2026, 1, 1)) == ""
    assert redenominated("USD", TODAY) == redenominated("GBX", TODAY) == ""


def test_unborn() -> None:
    """A currency has not begun before its first day; some first days are not known."""
    first = date(1999, 1, 1)
    assert not_begun("EUR", first - timedelta(days=1)) == "EUR began on 1999-01-01"
    assert not_begun("EUR", first) == ""
    assert not_begun("RON", date(2005, 6, 30)) == "RON began on 2005-07-01, after ROL"
    assert not_begun("XCG", date(2025, 3, 30)) == "XCG began on 2025-03-31, after ANG"
    assert not_begun("ZWG", date(2024, 4, 4)) == "ZWG began on 2024-04-05, after ZWL"
    assert not_begun("USD", date(1800, 1, 1)) == ""
    assert not_begun("QQQ", first) == ""


@pytest.mark.parametrize("symbol", sorted(all_currencies()))
def test_lives_are_whole(symbol: str) -> None:
    """First day, ratio and end are in order, and the successor begins before the ratio holds."""
    currency = all_currencies()[symbol]
    if currency.ended is None:
        assert (currency.fixed, currency.ratio) == (None, None)
        return
    assert currency.fixed is not None
    assert currency.fixed <= currency.ended
    successor = all_currencies()[currency.successor]
    assert successor.began is None or successor.began <= currency.fixed
    assert currency.began is None or currency.began < currency.fixed
