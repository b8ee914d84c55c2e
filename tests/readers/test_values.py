"""Numbers and days: bounds of a number, units, the middle of two sides, names of currencies and months."""

from __future__ import annotations

import re
from datetime import date
from decimal import Context, Decimal, localcontext

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rates import readers

laws = settings(deadline=None, derandomize=True, database=None, max_examples=200)

# A caller's context that would spoil any sum done in it: five digits, a narrow range of exponents.
NARROW = Context(prec=5, Emax=6, Emin=-6)


@pytest.mark.parametrize(
    ("value", "comma", "meant"),
    [
        ("1.10", False, "1.10"),
        (" 1.10\n", False, "1.10"),
        ("1,10", True, "1.10"),
        ("1.10", True, "1.10"),
        ("100", False, "100"),
        ("+1.5", False, "1.5"),
        ("-1.5", False, "-1.5"),
        ("5.5e-05", False, "0.000055"),
        (7, False, "7"),
        (Decimal("0.0050"), False, "0.0050"),
    ],
)
def test_number_keeps_every_digit(value: object, comma: bool, meant: str) -> None:
    """A number is read digit by digit, its last zeros too."""
    assert format(readers.number(value, comma=comma), "f") == meant


@pytest.mark.parametrize(
    "value",
    ["", "-", "N/A", "NaN", "Infinity", "1_000", "1 234", "1,10", "1.", ".5", "0x10", "١٢", "1e999", True, None, 1.5],
)
def test_number_refuses_what_is_none(value: object) -> None:
    """What is no plain number is refused with the text, and a binary float, which has lost its digits, too."""
    with pytest.raises(ValueError, match="not a number"):
        readers.number(value)


@pytest.mark.parametrize("value", ["1.234,56", "1,234,567", "1,234.5"])
def test_number_refuses_groups_beside_a_decimal_comma(value: str) -> None:
    """Where the comma is decimal, a text with both marks is not guessed at."""
    with pytest.raises(ValueError, match="not a number"):
        readers.number(value, comma=True)


@pytest.mark.parametrize("value", ["9" * 200, "0." + "1" * 200, "1e-99999", Decimal("0." + "1" * 200)])
def test_text_has_fewer_than_a_hundred_digits_too(value: object) -> None:
    """A number as text is bounded as one in JSON is."""
    with pytest.raises(ValueError, match="not a number"):
        readers.number(value)


@pytest.mark.parametrize(
    ("rate", "units", "one"),
    [
        ("23.4030", 100, "0.234030"),
        ("1.10", 1, "1.10"),
        ("15.5", 1000000, "0.0000155"),
        ("15.5", Decimal("1E+2"), "0.155"),
        ("15.5", Decimal("100.00"), "0.155"),
        ("15.5", Decimal("0.1"), "155"),
        ("1.2345678901234567890123456789012345", 10, "0.12345678901234567890123456789012345"),
        ("10", 3, "3.333333333333333333333333333"),
    ],
)
def test_per_unit(rate: str, units: Decimal | int, one: str) -> None:
    """A power of ten only moves the point; anything else is divided to 28 digits."""
    assert format(readers.per_unit(Decimal(rate), units), "f") == one


@pytest.mark.parametrize(
    ("units", "message"),
    [
        (0, "not a number of units"),
        (-100, "not a number of units"),
        (Decimal("NaN"), "not a number"),
        (Decimal("Infinity"), "not a number"),
        (Decimal("-Infinity"), "not a number"),
    ],
)
def test_per_unit_needs_a_positive_amount(units: Decimal | int, message: str) -> None:
    """Units that are zero, negative or not finite are refused."""
    with pytest.raises(ValueError, match=message):
        readers.per_unit(Decimal("1.5"), units)


@laws
@given(st.integers(1, 10**27), st.integers(-20, 0), st.integers(0, 8))
def test_per_unit_of_ten_keeps_the_digits(whole: int, exponent: int, power: int) -> None:
    """Whatever the power of ten, the digits are those published."""
    rate = Decimal(whole).scaleb(exponent, readers.EXACT)
    one = readers.per_unit(rate, 10**power)
    assert one.as_tuple().digits == rate.as_tuple().digits
    assert one * 10**power == rate


def test_a_callers_decimal_context_changes_nothing() -> None:
    """A caller who works with five digits is given the same rates as another."""

    def all_of_them() -> list[Decimal]:
        return [
            readers.number("1234567.891"),
            readers.per_unit(Decimal("1234567.891"), 100_000_000),
            readers.per_unit(Decimal("1234567.891"), 3),
            readers.midpoint(Decimal("1234567.891"), Decimal("1234567.893")),
            readers.per_ounce(Decimal("1234567.891")),
            *readers.json_value(b"[1234567.891, 12345678910]"),
        ]

    usual = all_of_them()
    with localcontext(NARROW):
        assert list(map(str, all_of_them())) == list(map(str, usual))


def test_the_exact_context_owes_nothing_to_the_default() -> None:
    """A program that traps inexact results by default does not make a cross fail."""
    assert readers.EXACT.prec == 28
    assert {signal.__name__ for signal, on in readers.EXACT.traps.items() if on} == {
        "DivisionByZero",
        "InvalidOperation",
        "Overflow",
    }
    assert (readers.EXACT.Emax, readers.EXACT.Emin, readers.EXACT.clamp) == (999999, -999999, 0)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("2026-10-30", "Y-M-D"),
        ("30.10.2026", "D.M.Y"),
        ("30/10/2026", "D/M/Y"),
        ("20261030", "YMD"),
        ("30 Oct 2026", "D M Y"),
        ("30 October 2026", "D M Y"),
        (" 2026-10-30\n", "Y-M-D"),
    ],
)
def test_day(text: str, form: str) -> None:
    """Each publisher's way of writing one day gives that day."""
    assert readers.day(text, form) == date(2026, 10, 30)


def test_day_may_have_one_digit() -> None:
    """Where marks part them, day and month need no leading zero."""
    assert readers.day("1.2.2026", "D.M.Y") == date(2026, 2, 1)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("2026103", "YMD"),
        ("202613", "YMD"),
        ("2026-13-01", "Y-M-D"),
        ("2026-02-30", "Y-M-D"),
        ("26-10-30", "Y-M-D"),
        ("2026-10-30T12:00", "Y-M-D"),
        ("30x10x2026", "D.M.Y"),
        ("30 Ocz 2026", "D M Y"),
        ("", "Y-M-D"),
        (20261030, "YMD"),
        (None, "Y-M-D"),
    ],
)
def test_day_refuses_what_is_none(text: object, form: str) -> None:
    """A day that is cut short, in another form or not in the calendar is not guessed at."""
    with pytest.raises(ValueError, match=r"day|month"):
        readers.day(text, form)


@pytest.mark.parametrize("seconds", [1793318551000, "1e99", -(10**15)])
def test_unix_day_of_another_age_is_a_value_error(seconds: object) -> None:
    """Milliseconds taken for seconds lie beyond the calendar, and are refused like any unreadable text."""
    with pytest.raises(ValueError, match="not a time"):
        readers.unix_day(seconds)


@pytest.mark.parametrize(
    ("seconds", "day"),
    [(0, date(1970, 1, 1)), (86399, date(1970, 1, 1)), (1793318551, date(2026, 10, 30)), ("86400", date(1970, 1, 2))],
)
def test_unix_day_is_the_utc_day(seconds: object, day: date) -> None:
    """The day of a time stamp does not depend on where the reader is."""
    assert readers.unix_day(seconds) == day


@pytest.mark.parametrize(("seconds", "day"), [(0, 29), (3, 29), (599, 29), (600, 30), (86399, 30), (86401, 30)])
def test_the_day_that_a_time_closes(seconds: int, day: int) -> None:
    """A file stamped shortly after midnight has the rates of the day that has ended."""
    assert readers.unix_close_day(1793318400 + seconds) == date(2026, 10, day)


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
    with pytest.raises(ValueError, match="not a number"):
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
    with pytest.raises(ValueError, match=r"not a (number|number of units)"):
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
    with pytest.raises(ValueError, match="not a day like"):
        readers.day(text.replace("00:00:00", "00:00:01").replace("12:00:00 AM", "12:00:01 AM"), form)


def test_the_day_of_a_time_stamp() -> None:
    """The day as written, whatever the time after it; other texts are refused."""
    assert readers.stamp_day("2026-10-30T23:59:59Z") == readers.stamp_day("2026-10-30") == date(2026, 10, 30)
    for wrong in ("2026-10-301", "26-10-30", None, 20261030):
        with pytest.raises(ValueError, match=r"not a (time stamp|day)"):
            readers.stamp_day(wrong)


def test_months_of_a_language() -> None:
    """Twelve names in order, in any case, for days that are written in words."""
    spanish = readers.months("enero febrero marzo abril mayo junio julio agosto septiembre octubre Noviembre diciembre")
    assert readers.day("3 de Noviembre de 2026", "D de M de Y", spanish) == date(2026, 11, 3)
    with pytest.raises(ValueError, match="not a month"):
        readers.day("3 de Nov de 2026", "D de M de Y", spanish)
    with pytest.raises(ValueError, match="twelve names"):
        readers.months("enero febrero")


def test_a_name_that_is_not_known_is_refused() -> None:
    """The error has the name, so that it can be added."""
    assert readers.named({"US Dollar": "USD"}, "US Dollar") == "USD"
    with pytest.raises(ValueError, match="unknown currency: 'US dollar'"):
        readers.named({"US Dollar": "USD"}, "US dollar")
    with pytest.raises(ValueError, match="unknown currency: 'US Dollar'"):
        readers.named({"euro": "EUR"}, "us dollar", "US Dollar")


def test_a_text_of_a_known_form() -> None:
    """The whole text must have it; another is named with what was expected."""
    pair = re.compile(r"([A-Z]{3})/([A-Z]{3})")
    assert readers.matched(pair, "USD/EUR", "pair of currencies").groups() == ("USD", "EUR")
    with pytest.raises(ValueError, match="expected pair of currencies, got 'USD/EUR '"):
        readers.matched(pair, "USD/EUR ", "pair of currencies")


def test_the_first_of_a_known_form_in_a_page() -> None:
    """It may stand anywhere in the page; a page without one is refused with what was expected."""
    dated = re.compile(r"of (\d\d/\d\d)")
    assert readers.searched(dated, "rates of 30/10, of 29/10", "day of the rates")[1] == "30/10"
    with pytest.raises(ValueError, match="found no day of the rates"):
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
    """Of a longer number fifteen digits count, without an exponent; a shorter one stays as written."""
    assert str(readers.fifteen_digits(written)) == meant


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-S1", date(2026, 1, 1), date(2026, 6, 30)),
        ("2026-H2", date(2026, 7, 1), date(2026, 12, 31)),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
    ],
)
def test_a_period(text: str, first: date, last: date) -> None:
    """A year, half-year, quarter or month of SDMX has its first and last day."""
    assert readers.period(text) == (first, last)


@pytest.mark.parametrize("text", ["", "2026-13", "2026-Q5", "2026-S3", "2026-1", "2026-10-01", "26", None])
def test_no_period(text: object) -> None:
    """Anything else is refused, a day among it."""
    with pytest.raises(ValueError, match="not a period"):
        readers.period(text)
