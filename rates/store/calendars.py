"""When a publisher can have something new, from what is known of it: its cadence, its hour and zone, its days of rest.

`Provider.published` is text for people: "16:00 Europe/Berlin", "by 14:00 Europe/Skopje, for the next day", "monthly
Asia/Taipei". An hour counts as the earliest; without one the whole day does. The days of rest are those weekdays on
which nothing was published for eight weeks, as the store has it.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING

from rates.model import Provider
from rates.store.spans import Span

if TYPE_CHECKING:
    from rates.store.attempts import Attempts

# When an ended publisher has something new.
NEVER = datetime(9998, 1, 1, tzinfo=UTC)
# Late rates come within hours, so a publisher is asked again each hour, cron's usual step; after a few minutes less,
# since cron does not start at the same second of each hour.
AGAIN = timedelta(minutes=55)
A_DAY = timedelta(hours=23)
A_MONTH = 31
# So many weeks of figures show on which weekdays a publisher rests; so many days at least must have some.
WEEKS, FEWEST = 8, 20

_HOUR = re.compile(r"\b([01]\d|2[0-3]):([0-5]\d)\b")
_ZONE = re.compile(r"\b[A-Z]\w+(?:/[A-Z]\w+)+")
_END = re.compile(r"ended on (\d{4}-\d\d-\d\d)")
_AHEAD = ("for the next", "a month ahead")


def newest_day(facts: Provider, today: date) -> date:
    """The newest day of which a publisher may have rates on a day; rates for a month come out in the month before."""
    if facts.ended and (end := _END.search(facts.published)):
        return date.fromisoformat(end[1])
    return today + timedelta(days=A_MONTH if facts.periods else ahead(facts))


def ahead(facts: Provider) -> bool:
    """True for a publisher that sets the rates of the next day."""
    return any(words in facts.published for words in _AHEAD)


def rests(days: Collection[date]) -> frozenset[int]:
    """The weekdays on which nothing was published in the eight weeks up to the newest of these days."""
    newest = max(days, default=date.min)
    recent = {day for day in days if (newest - day).days < 7 * WEEKS}
    if len(recent) < FEWEST or (newest - min(recent)).days < 7 * (WEEKS - 1):
        return frozenset()
    return frozenset(range(7)) - {day.weekday() for day in recent}


def due(facts: Provider, newest: date | None, asked: datetime, resting: Collection[int] = ()) -> datetime:
    """When to ask again, after a publisher was asked and its newest rates were of that day.

    At the publication of the next day on which it does not rest. After that hour, again every hour until midnight
    there, since rates can be late; after midnight the day counts as closed, and the next one is waited for.
    """
    if facts.ended:
        return NEVER
    if facts.cadence in ("hourly", "every minute", "continuous") or newest is None:
        return asked + AGAIN
    rare = any(word in f"{facts.cadence} {facts.published}" for word in ("weekly", "month", "quarter", "year"))
    again = A_DAY if rare else AGAIN
    day = max(newest, asked.date() - timedelta(days=7))  # what was closed before that is closed now
    while True:
        day += timedelta(days=1)
        if day.weekday() in resting:
            continue
        opens, closes = publication(facts, day)
        if asked < opens:
            return max(opens, asked + again)
        if asked + again < closes:
            return asked + again


def publication(facts: Provider, day: date) -> tuple[datetime, datetime]:
    """When the rates of a day can come: from the publisher's hour to the end of that day there.

    Not before that day has begun in UTC: providers are asked for days up to the current one there.
    """
    zone, issued = _zone(facts.published), day - timedelta(days=ahead(facts))
    hour = _HOUR.search(facts.published)
    start = time(int(hour[1]), int(hour[2])) if hour else time()
    opens = datetime.combine(issued, start, zone).astimezone(UTC)
    closes = datetime.combine(issued + timedelta(days=1), time(), zone).astimezone(UTC)
    return max(opens, datetime.combine(issued, time(), UTC)), closes


def settled_until(facts: Provider, newest: date | None, today: date) -> date:
    """The last day on which nothing can be published any more: the newest with figures; any, of an ended publisher.

    newest: of rates valid for periods, the end of the last period.
    """
    return today if facts.ended else newest or date.min


def settle(attempts: Attempts, facts: Provider, base: str, span: Span, today: date) -> None:
    """Settles the days that were answered, up to the last on which nothing can be published any more."""
    first, last = span
    attempts.answered(facts.key, base, first, last)
    last = min(last, settled_until(facts, attempts.covered(facts.key, base), today))
    if last >= first:
        attempts.settle(facts.key, base, first, last)


def next_due(attempts: Attempts, facts: Provider, base: str, asked: datetime) -> datetime:
    """When to ask again a publisher that was asked for its newest figures, which the store has."""
    newest = attempts.newest(facts.key, base)
    first = date.min if newest is None else newest - timedelta(weeks=WEEKS)
    return due(facts, newest, asked, rests(attempts.days(facts.key, base, first)))


def _zone(published: str) -> tzinfo:
    """The time zone that the text names; UTC if it names none, or where the system has no zones."""
    found = _ZONE.search(published)
    if not found:
        return UTC
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(found[0])
    except ZoneInfoNotFoundError:
        return UTC
