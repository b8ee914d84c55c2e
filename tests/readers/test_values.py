"""Numbers and days: bounds of a number, units, the middle of two sides, names of currencies and months."""

from __future__ import annotations

import re
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


@pytest.mark.parametrize("units", [100, "100", "1e2", Decimal(100), Decimal("1.00E+2")])
def test_units_are_read_as_numbers_are(units: object) -> None:
    """A power of ten only moves the point, however the publisher writes it."""
    assert str(readers.per_unit("234.50", units)) == "2.3450"
    assert str(readers.per_unit(Decimal("2.50"), 1)) == str(readers.per_unit("2.50", "1")) == "2.50"


@pytest.mark.parametrize("units", [True, None, "", "1_0", 0, "-1", "NaN", [1]])
def test_no_amount_of_units(units: object) -> None:
    """What is no positive number is refused, since it would change every digit of the rate."""
    with pytest.raises(ValueError, match=r"no (number|amount)"):
        readers.per_unit(Decimal(2), units)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("2026-10-30T00:00:00", "Y-M-D"),
        ("2026-10-30T00:00:00.000Z", "Y-M-D"),
        ("2026-10-30T00:00:00+04:00", "Y-M-D"),
        ("2026-10-30 00:00:00", "Y-M-D"),
        ("10/30/2026 12:00:00 AM", "M/D/Y"),
    ],
)
def test_a_midnight_is_the_day_before_it(text: str, form: str) -> None:
    """Publishers write a day as its midnight; another time is no day."""
    assert readers.day(text, form) == date(2026, 10, 30)
    with pytest.raises(ValueError, match="no day like"):
        readers.day(text.replace("00:00:00", "00:00:01").replace("12:00:00 AM", "12:00:01 AM"), form)


def test_the_day_of_a_time_stamp() -> None:
    """The day as written, whatever the time after it; other texts are refused."""
    assert readers.stamp_day("2026-10-30T23:59:59Z") == readers.stamp_day("2026-10-30") == date(2026, 10, 30)
    for wrong in ("2026-10-301", "26-10-30", None, 20261030):
        with pytest.raises(ValueError, match=r"no (time stamp|day)"):
            readers.stamp_day(wrong)


def test_months_of_a_language() -> None:
    """Twelve names in order, in any case, for days that are written in words."""
    spanish = readers.months("enero febrero marzo abril mayo junio julio agosto septiembre octubre Noviembre diciembre")
    assert readers.day("3 de Noviembre de 2026", "D de M de Y", spanish) == date(2026, 11, 3)
    with pytest.raises(ValueError, match="no month"):
        readers.day("3 de Nov de 2026", "D de M de Y", spanish)
    with pytest.raises(ValueError, match="twelve names"):
        readers.months("enero febrero")


def test_a_name_that_is_not_known_is_refused() -> None:
    """The error has the name, so that it can be added."""
    assert readers.named({"US Dollar": "USD"}, "US Dollar") == "USD"
    with pytest.raises(ValueError, match="no known currency: 'US dollar'"):
        readers.named({"US Dollar": "USD"}, "US dollar")
    with pytest.raises(ValueError, match="no known currency: 'US Dollar'"):
        readers.named({"euro": "EUR"}, "us dollar", "US Dollar")


def test_a_text_of_a_known_form() -> None:
    """The whole text must have it; another is named with what was due."""
    pair = re.compile(r"([A-Z]{3})/([A-Z]{3})")
    assert readers.matched(pair, "USD/EUR", "pair of currencies").groups() == ("USD", "EUR")
    with pytest.raises(ValueError, match="no pair of currencies: 'USD/EUR '"):
        readers.matched(pair, "USD/EUR ", "pair of currencies")


def test_the_first_of_a_known_form_in_a_page() -> None:
    """It may stand anywhere in the page; a page without one is refused with what was due."""
    dated = re.compile(r"of (\d\d/\d\d)")
    assert readers.searched(dated, "rates of 30/10, of 29/10", "day of the rates")[1] == "30/10"
    with pytest.raises(ValueError, match="no day of the rates"):
        readers.searched(dated, "rates", "day of the rates")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (Decimal("7.8245000000000005"), "7.8245"),
        (Decimal("10.000000000000002"), "10"),
        ("100.00000000000001", "100"),
        (Decimal("0.000045700000000000003"), "0.0000457"),
        (Decimal("7.80150"), "7.80150"),
        (4, "4"),
    ],
)
def test_the_noise_of_a_double_is_rounded_away(written: object, meant: str) -> None:
    """Of a longer number fifteen digits count, without an exponent; a shorter one stays as it is written."""
    assert str(readers.fifteen_digits(written)) == meant
