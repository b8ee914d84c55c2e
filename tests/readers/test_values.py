"""Readers that providers brought: days from seconds, whole lines, bounds of a number, the middle of two sides."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from rates import readers


@pytest.mark.parametrize(
    ("seconds", "day"),
    [(0, date(1970, 1, 1)), (86399, date(1970, 1, 1)), (1793318551, date(2026, 10, 30)), ("86400", date(1970, 1, 2))],
)
def test_unix_day_is_the_utc_day(seconds: object, day: date) -> None:
    """The day of a time stamp does not depend on where the reader is."""
    assert readers.unix_day(seconds) == day


@pytest.mark.parametrize("seconds", [None, True, "", "now", 10**30])
def test_unix_day_refuses_what_is_no_time(seconds: object) -> None:
    """What is no count of seconds of our era is an error that the driver names."""
    with pytest.raises((ValueError, OverflowError)):
        readers.unix_day(seconds)


def test_whole_lines() -> None:
    """A last line without its end may have lost digits, and one that ends otherwise than the rest have got one."""
    assert readers.whole_lines(b"a\r\nb\r\n") == b"a\r\nb\r\n"
    with pytest.raises(ValueError, match="end in another way"):
        readers.whole_lines(b"1.52\n2.5\r\n")
    for cut in (b"", b"a\nUSD|21.0"):
        with pytest.raises(ValueError, match="ends within a line"):
            readers.whole_lines(cut)


@pytest.mark.parametrize(
    "value", [Decimal("1e999999999"), Decimal("1e-200"), 10**200, Decimal("NaN"), Decimal("Infinity")]
)
def test_a_number_has_fewer_than_a_hundred_digits(value: object) -> None:
    """JSON can write a number that would fill the memory when printed."""
    with pytest.raises(ValueError, match="no number"):
        readers.number(value)


def test_the_middle_needs_two_sides() -> None:
    """A side that is zero would give half a rate, which no later check could see."""
    assert readers.midpoint(Decimal("236.10"), Decimal("236.10")) == Decimal("236.10")
    assert readers.midpoint(Decimal("1.0001"), Decimal("1.0002")) == Decimal("1.00015")
    for buy, sell in ((Decimal(0), Decimal(2)), (Decimal(2), Decimal(-1))):
        with pytest.raises(ValueError, match="buying and selling"):
            readers.midpoint(buy, sell)
