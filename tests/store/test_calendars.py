"""When a publisher can have something new."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from rates import providers
from rates.model import Provider
from rates.store.calendars import AGAIN, NEVER, due, newest_day, publication, rests, settled_until

WEEKEND = frozenset((5, 6))
FRIDAY = date(2026, 10, 30)
BERLIN = "16:00 Europe/Berlin"  # 15:00 UTC in winter


def facts(published: str = BERLIN, cadence: str = "daily", **more: Any) -> Provider:
    """A publisher."""
    return Provider(
        key="bank", name="Bank", pivot="EUR", rate_type="mid", source="https://bank.example/", since=date(2000, 1, 3),
        published=published, cadence=cadence, **more,
    )  # fmt: skip


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026, whose first day is a Sunday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("asked", "newest", "expected"),
    [
        (at(2, 9), FRIDAY, at(2, 15)),  # Monday morning: at the hour of publication
        (at(1, 12), FRIDAY, at(2, 15)),  # Sunday: on Monday
        (at(2, 15, 30), date(2026, 11, 2), at(3, 15)),  # Monday's rates are there: on Tuesday
        (at(2, 15, 30), FRIDAY, at(2, 15, 30) + AGAIN),  # they are late: again in an hour
        (at(2, 22, 30), FRIDAY, at(3, 15)),  # at midnight there, Monday was a closed day
        (at(6, 15, 1), date(2026, 11, 6), at(9, 15)),  # Friday's rates are there: on Monday
    ],
)
def test_a_daily_publisher(asked: datetime, newest: date, expected: datetime) -> None:
    """It is asked at its hour on its days, every hour until the rates are there, and not on closed days."""
    assert due(facts(), newest, asked, WEEKEND) == expected


def test_cron_asks_a_few_times_a_day() -> None:
    """Cron that runs each hour for a week asks once on each day, and on a day without rates until it is over."""
    closed, newest, asked_on, when = date(2026, 11, 4), FRIDAY, [], at(1, 0)
    hour = at(1, 0, 17)
    while hour < at(9, 0):
        if hour >= when:
            asked_on.append(hour)
            if hour.weekday() < 5 and hour.hour >= 15 and hour.date() != closed:
                newest = hour.date()
            when = due(facts(), newest, hour, WEEKEND)
        hour += timedelta(hours=1)
    per_day = {day: sum(one.day == day for one in asked_on) for day in range(1, 9)}
    assert per_day == {1: 1, 2: 1, 3: 1, 4: 8, 5: 1, 6: 1, 7: 0, 8: 0}


def test_rates_of_the_next_day_come_the_day_before() -> None:
    """A publisher that sets the next day's rates is asked on the day before."""
    bank = facts("by 14:00 Europe/Skopje, for the next day")
    assert due(bank, date(2026, 11, 3), at(3, 1)) == at(3, 13)
    assert newest_day(bank, FRIDAY) == date(2026, 10, 31)
    assert newest_day(facts(), FRIDAY) == FRIDAY


def test_an_ended_publisher_has_a_last_day() -> None:
    """Days after its end are not asked for: it refuses them. All that have ended name the day."""
    assert newest_day(facts("ended on 2025-12-31", "daily, ended"), FRIDAY) == date(2025, 12, 31)
    ended = [one for key in providers.own_keys() if (one := providers.load(key).PROVIDER).ended]
    assert ended
    assert all(newest_day(one, FRIDAY) < FRIDAY for one in ended)


def test_without_an_hour_the_whole_day_counts() -> None:
    """A publisher that names no hour can have the day's rates from midnight there on."""
    opens, closes = publication(facts("no stated time America/Guatemala"), FRIDAY)
    assert (opens, closes) == (datetime(2026, 10, 30, 6, tzinfo=UTC), datetime(2026, 10, 31, 6, tzinfo=UTC))


def test_a_day_that_has_not_begun_in_utc_is_not_asked_for() -> None:
    """East of Greenwich the day's rates can be there before the day has begun in UTC, by which providers are asked."""
    assert publication(facts("00:00 Asia/Kathmandu"), FRIDAY)[0] == datetime(2026, 10, 30, tzinfo=UTC)
    assert publication(facts("12:30 Pacific/Tongatapu"), FRIDAY) == (
        datetime(2026, 10, 30, tzinfo=UTC), datetime(2026, 10, 30, 11, tzinfo=UTC),
    )  # fmt: skip


def test_rare_and_frequent_publishers() -> None:
    """Monthly and weekly ones are asked once a day at most, hourly ones each hour, ended ones never."""
    monthly = facts("monthly Asia/Taipei", "daily, published monthly")
    assert due(monthly, date(2026, 9, 30), at(2, 9)) > at(3, 7)
    assert due(facts("16:15 UTC, Mondays", "weekly"), FRIDAY, at(3, 17), WEEKEND) > at(4, 15)
    assert due(facts("every hour UTC", "hourly"), FRIDAY, at(2, 9)) == at(2, 9) + AGAIN
    assert due(facts("ended on 2020-12-31", "daily, ended"), date(2020, 12, 31), at(2, 9)) == NEVER
    assert due(facts(), None, at(2, 9)) == at(2, 9) + AGAIN


def test_days_of_rest_are_seen_in_eight_weeks_of_figures() -> None:
    """Weekdays without a figure in eight weeks; too few figures show nothing, older ones do not count."""
    working = [FRIDAY - timedelta(days=count) for count in range(70) if (FRIDAY - timedelta(days=count)).weekday() < 5]
    assert rests(working) == WEEKEND
    assert rests([*working, FRIDAY - timedelta(days=69)]) == WEEKEND
    assert rests(working[:15]) == frozenset()
    assert rests([FRIDAY - timedelta(days=count) for count in range(60)]) == frozenset()
    assert rests([]) == frozenset()


def test_nothing_is_settled_after_the_newest_figures() -> None:
    """A day after the newest figures can still get some, unless the publisher has ended."""
    assert settled_until(facts(), FRIDAY, date(2026, 12, 31)) == FRIDAY
    assert settled_until(facts(), None, FRIDAY) == date.min
    assert settled_until(facts(cadence="daily, ended"), None, FRIDAY) == FRIDAY


@pytest.mark.parametrize("key", providers.own_keys())
def test_every_publisher_has_a_next_time(key: str) -> None:
    """The facts of each provider give a time after the last visit, within a week where it has not ended."""
    bank = providers.load(key).PROVIDER
    when = due(bank, FRIDAY, at(2, 9), WEEKEND)
    assert at(2, 9) < when
    assert bank.ended == (when == NEVER)
    assert bank.ended or when < at(9, 9)
