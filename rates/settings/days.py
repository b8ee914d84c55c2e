"""Days as people write them: 2026-10-30, 2026-10, 2026-Q4, 2026-W44, 2026, today, yesterday, -3d.

Pure: a day that is counted from today stays a `FromToday` until `counted` gets that day. Where one day is wanted, a
month or a year is refused; a range begins with the first day of what is written and ends with the last.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from rates.errors import UsageError, quoted

EARLIEST, LATEST = date(1000, 1, 1), date(9998, 12, 31)  # later code adds and subtracts days, which must exist too
ONE_DAY = "a day like 2026-10-30"
RELATIVE = "today, yesterday, -3d"
MANY_DAYS = (
    "a day, week, month, quarter or year, like 2026-10-30, 2026-W44, 2026-10, 2026-Q4 or 2026, "
    "or today, yesterday, -3d, -2w, -6m, -1y"
)

_WORDS = {"today": 0, "yesterday": -1, "tomorrow": 1}
_MONTHS, _DAYS = {"m": 1, "y": 12}, {"d": 1, "w": 7}
_BACK = re.compile(r"-(\d{1,4})([dwmy])", re.ASCII)
_DAY = re.compile(r"(\d{4})([-/.]?)(\d{2})\2(\d{2})", re.ASCII)
_PART = re.compile(r"(\d{4})(?:-?(?:q([1-4])|w(\d{2}))|-(\d{2}))?", re.ASCII)
_YEAR_LAST = re.compile(r"\d{1,2}([-/.])\d{1,2}\1\d{2,4}", re.ASCII)
_UNITS = {"day": "one day", "week": "a week", "month": "a month", "quarter": "a quarter", "year": "a year"}


class Span(NamedTuple):
    """The first and the last day that a text names; both are the same for one day. unit: a key of `_UNITS`."""

    first: date
    last: date
    unit: str = "day"


class FromToday(NamedTuple):
    """A day by its distance from today; negative for days before it."""

    months: int = 0
    days: int = 0

    def counted(self, today: date) -> date:
        """The day; the last of its month where that has fewer days than today's: a month before 31 May is 30 April."""
        month = today.year * 12 + today.month - 1 + self.months
        year, month = month // 12, month % 12 + 1
        if year < EARLIEST.year:
            return EARLIEST
        day = date(year, month, min(today.day, monthrange(year, month)[1]))
        return max(EARLIEST, day + timedelta(days=self.days))


Parser = Callable[[object], date | FromToday | None]


def counted(day: date | FromToday | None, today: date) -> date | None:
    """The day itself, also of one that is counted from today."""
    return day.counted(today) if isinstance(day, FromToday) else day


def calendar_day(value: object) -> date | None:
    """A day of the calendar; None for "" and "latest". Raises ValueError for all else, also for a day like today."""
    found = _read(value, ONE_DAY)
    if found is not None and (isinstance(found, FromToday) or found.unit != "day"):
        raise ValueError(f"must be {ONE_DAY}")
    return found.first if found is not None else None


def day(value: object) -> date | FromToday | None:
    """One day, of the calendar or counted from today; None for "" and "latest". Raises ValueError for a longer time."""
    found = _read(value, f"{ONE_DAY}, or {RELATIVE}")
    if isinstance(found, Span) and found.unit != "day":
        raise ValueError(f"is {_UNITS[found.unit]}, and one day is wanted, like {found.first} or {found.last}")
    return found.first if isinstance(found, Span) else found


def first_day(value: object) -> date | FromToday | None:
    """The first day of the time that is written: 2026-10-01 for 2026-10 and for 2026-Q4; None for ""."""
    found = _read(value, MANY_DAYS)
    return found.first if isinstance(found, Span) else found


def last_day(value: object) -> date | FromToday | None:
    """The last day of the time that is written: 2026-10-31 for 2026-10; None for ""."""
    found = _read(value, MANY_DAYS)
    return found.last if isinstance(found, Span) else found


def span(text: str) -> Span:
    """The first and the last day of a time of the calendar, like 2026-Q4. Raises ValueError for all else."""
    found = _read(text, MANY_DAYS)
    if not isinstance(found, Span):
        raise ValueError(f"must be {MANY_DAYS}")
    return found


def argument(name: str, value: object, read: Parser, today: date) -> date:
    """A day as a program gives it: a date, a datetime (its date) or text; a `UsageError` names the argument."""
    try:
        found = counted(read(value.date() if isinstance(value, datetime) else value), today)
    except ValueError as error:
        raise UsageError(f"{name} = {quoted(value)}: {error}") from error
    if found is None:
        raise UsageError(f"{name} must be a day, not {quoted(value)}")
    return found


def _read(value: object, right: str) -> Span | FromToday | None:
    """The days that a value names; the ValueError for others gives the valid form (`right`)."""
    if value is None or isinstance(value, FromToday):
        return value
    if isinstance(value, date) and not isinstance(value, datetime):  # TOML has both
        return _within(Span(value, value))
    text = value.strip().lower() if isinstance(value, str) else None
    if text is None:
        raise ValueError(f"must be {right}")
    if text in ("", "latest"):
        return None
    if text in _WORDS:
        return FromToday(days=_WORDS[text])
    if back := _BACK.fullmatch(text):
        count, unit = -int(back[1]), back[2]
        return FromToday(count * _MONTHS.get(unit, 0), count * _DAYS.get(unit, 0))
    if _YEAR_LAST.fullmatch(text):
        raise ValueError(f"must be {right}; the year comes first")
    try:
        found = _named(text)
    except ValueError as error:
        raise ValueError(f"is not a day of the calendar ({error})") from error
    if found is None:
        raise ValueError(f"must be {right}")
    return _within(found)


def _named(text: str) -> Span | None:
    """The days that a text names; None for text of another form. Raises ValueError where the calendar has no such."""
    if found := _DAY.fullmatch(text):
        one = date(int(found[1]), int(found[3]), int(found[4]))
        return Span(one, one)
    if not (found := _PART.fullmatch(text)):
        return None
    year, quarter, week, month = found.groups()
    if week:
        monday = date.fromisocalendar(int(year), int(week), 1)
        return Span(monday, monday + timedelta(days=6), "week")
    if month:
        return Span(date(int(year), int(month), 1), _month_end(int(year), int(month)), "month")
    if quarter:
        last = 3 * int(quarter)
        return Span(date(int(year), last - 2, 1), _month_end(int(year), last), "quarter")
    return Span(date(int(year), 1, 1), date(int(year), 12, 31), "year")


def _month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _within(found: Span) -> Span:
    if found.first < EARLIEST or found.last > LATEST:
        raise ValueError(f"must be a day of the years {EARLIEST.year} to {LATEST.year}")
    return found
