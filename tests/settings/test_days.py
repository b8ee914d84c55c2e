from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rates.errors import UsageError
from rates.settings.days import FromToday, argument, calendar_day, counted, day, first_day, last_day

TODAY = date(2026, 5, 31)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024-12-31", date(2024, 12, 31), date(2024, 12, 31)),
        ("2024/12/31", date(2024, 12, 31), date(2024, 12, 31)),
        ("20241231", date(2024, 12, 31), date(2024, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024-Q4", date(2024, 10, 1), date(2024, 12, 31)),
        ("2024q1", date(2024, 1, 1), date(2024, 3, 31)),
        ("2020-W53", date(2020, 12, 28), date(2021, 1, 3)),
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        (" Yesterday ", date(2026, 5, 30), date(2026, 5, 30)),
        ("today", TODAY, TODAY),
        ("tomorrow", date(2026, 6, 1), date(2026, 6, 1)),
        ("-3d", date(2026, 5, 28), date(2026, 5, 28)),
        ("-2w", date(2026, 5, 17), date(2026, 5, 17)),
        ("-1m", date(2026, 4, 30), date(2026, 4, 30)),
        ("-6m", date(2025, 11, 30), date(2025, 11, 30)),
        ("-1y", date(2025, 5, 31), date(2025, 5, 31)),
        ("-9999y", date(1000, 1, 1), date(1000, 1, 1)),
        ("", None, None),
    ],
)
def test_a_range_begins_with_the_first_day_and_ends_with_the_last(
    text: str, first: date | None, last: date | None
) -> None:
    """A month or a year is its first day where a range begins, and its last where one ends."""
    assert counted(first_day(text), TODAY) == first
    assert counted(last_day(text), TODAY) == last


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2024-12", "is a month, and one day is wanted, like 2024-12-01 or 2024-12-31"),
        ("2024-Q4", "is a quarter, and one day is wanted, like 2024-10-01 or 2024-12-31"),
        ("2024-W05", "is a week, and one day is wanted, like 2024-01-29 or 2024-02-04"),
        ("2024", "is a year, and one day is wanted, like 2024-01-01 or 2024-12-31"),
        ("soon", "must be a day like 2026-10-30, or today, yesterday, -3d"),
        ("3d", "must be a day like 2026-10-30, or today, yesterday, -3d"),
        ("30.10.2026", "yesterday, -3d; the year comes first"),
        ("3/4/26", "the year comes first"),
        ("2026-02-30", "is not a day of the calendar"),
        ("2026-W54", "is not a day of the calendar"),
        ("9999-12-31", "must be a day of the years 1000 to 9998"),
    ],
)
def test_one_day_is_not_a_month(text: str, message: str) -> None:
    """Where one day is wanted, a longer time is refused with its first and last day; other text with the right form."""
    with pytest.raises(ValueError, match=message):
        day(text)


@pytest.mark.parametrize("read", [first_day, last_day])
@pytest.mark.parametrize("text", ["soon", "2024-13", "2024-Q5", "2021-W53", "999", "24-12-31", "0999", "-1q", "٢٠٢٤"])
def test_what_is_no_time(read: Callable[[object], date | FromToday | None], text: str) -> None:
    """Text of another form, and times that the calendar does not have, are refused."""
    with pytest.raises(ValueError, match=r"must be a day, week, month, quarter or year|is not a day|of the years"):
        read(text)


@pytest.mark.parametrize("text", ["today", "-3d", "2026-10", "2026"])
def test_the_day_that_counts_as_today_is_of_the_calendar(text: str) -> None:
    """Today cannot be counted from today."""
    with pytest.raises(ValueError, match=r"^must be a day like 2026-10-30$"):
        calendar_day(text)
    assert calendar_day("2026-10-30") == date(2026, 10, 30)


def test_a_day_of_a_program() -> None:
    """A date, the date of a datetime, and text are days; the error for all else names the argument."""
    for given_day in (date(2024, 12, 31), datetime(2024, 12, 31, 23, 59), "2024-12-31", "2024"):
        assert argument("end", given_day, last_day, TODAY) == date(2024, 12, 31)
    assert argument("on", "yesterday", day, TODAY) == date(2026, 5, 30)
    for wrong in (20241231, None, 1.5, "soon", ""):
        with pytest.raises(UsageError, match=r"^end "):
            argument("end", wrong, last_day, TODAY)


@given(st.dates(date(1000, 1, 1), date(9998, 12, 31)))
def test_every_day_is_read_as_it_is_printed(one: date) -> None:
    """A day, its week, its month and its year, as Python prints them, are read as times that hold the day."""
    assert day(str(one)) == one
    for text in (str(one), f"{one:%G-W%V}", f"{one:%Y-%m}", f"{one.year:04}-Q{(one.month + 2) // 3}", f"{one.year:04}"):
        if one.year not in (1000, 9998):  # their first and last week reach into the next years
            first, last = first_day(text), last_day(text)
            assert isinstance(first, date)
            assert isinstance(last, date)
            assert first <= one <= last


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)), st.integers(-2000, 0), st.integers(-2000, 0))
def test_months_and_days_back(today: date, months: int, days: int) -> None:
    """Months back keep the day of the month, or take the last of a shorter month; days come after."""
    before = FromToday(months, days).counted(today) - timedelta(days=days)
    assert (today.year - before.year) * 12 + today.month - before.month == -months
    assert before.day == today.day or (before.day < today.day and (before + timedelta(days=1)).day == 1)
