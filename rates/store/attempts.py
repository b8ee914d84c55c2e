"""What was asked of each provider, and what came of it: days that are settled, days that failed, and the last visit.

A day without figures is one on which nothing was published if it is settled; one that failed is asked for again. The
two are never confused: only a publisher's own answer settles a day.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Literal, NamedTuple

from rates.store.connections import Connections
from rates.store.database import Database, Row, moment_of, moment_text
from rates.store.spans import Span, missing, united

State = Literal["published", "nothing published", "failed", "not asked"]


class Failure(NamedTuple):
    """Days that could not be fetched: when they were last asked for, and why it failed."""

    provider: str
    base: str
    first: date
    last: date
    asked: datetime
    reason: str


NO_HISTORY = date.max  # the first day of a provider that has only its latest rates
OFFLINE = "offline "  # before the base of a visit that asked no publisher: another may be due
LOOKED = "looked up "  # before the base of a visit by a look-up: a sync has more to ask


class Visit(NamedTuple):
    """The last time that a provider was asked. since: the first day that is wanted. due: when to ask again.

    A provider that has no history, and is passed over unless it is named, has a visit since NO_HISTORY.
    """

    provider: str
    base: str
    since: date
    asked: datetime
    due: datetime


class Attempts:
    """The attempts in one store. base: the currency asked for; "" where a document has all of a provider's."""

    def __init__(self, connections: Connections) -> None:
        self._read, self._writing = connections.rows, connections.writing

    def settled(self, provider: str, base: str = "") -> list[Span]:
        """The spans of days of which the store has all that was published, oldest first."""
        sql = "SELECT first, last FROM settled WHERE provider = ? AND base = ? ORDER BY first"
        return [_span(row) for row in self._read(sql, (provider, base))]

    def known(self, provider: str, base: str = "", now: datetime | None = None) -> list[Span]:
        """The settled spans, and the days since up to the present until the publisher can have something new.

        A sync has asked for all days since the last settled ones, a look-up for those since its visit's first day.
        now: by default the time of the clock.
        """
        spans, now = self.settled(provider, base), now or datetime.now(UTC)
        visits = self._visits(provider)
        if spans and _rests(visits.get(base), now):
            first, last = spans[-1]
            spans[-1] = first, max(last, now.date())
        look = visits.get(LOOKED + base)
        if look is not None and _rests(look, now):
            spans = united([*spans, (look.since, now.date())])
        return spans

    def rests(self, provider: str, base: str, now: datetime) -> bool:
        """True if the publisher was asked for its newest figures and can have nothing newer yet."""
        visits = self._visits(provider)
        return _rests(visits.get(base), now) or _rests(visits.get(LOOKED + base), now)

    def settle(self, provider: str, base: str, first: date, last: date) -> None:
        """Records that the publisher has answered for these days."""
        key = provider, base
        with self._writing() as database:
            rows = database.rows("SELECT first, last FROM settled WHERE provider = ? AND base = ?", key)
            before = {_span(row) for row in rows}
            after = set(united([*before, (first, last)]))
            for begin, _ in before - after:
                database.rows("DELETE FROM settled WHERE provider = ? AND base = ? AND first = ?", (*key, str(begin)))
            for begin, end in after - before:
                database.rows("INSERT INTO settled VALUES (?, ?, ?, ?)", (*key, str(begin), str(end)))
            self._end_failures(database, provider, base, first, last)

    def answered(self, provider: str, base: str, first: date, last: date) -> None:
        """Records that the publisher has answered for days that had failed, whether they are settled or not yet."""
        if any(one.base == base and one.first <= last and first <= one.last for one in self.failures(provider)):
            with self._writing() as database:
                self._end_failures(database, provider, base, first, last)

    def _end_failures(self, database: Database, provider: str, base: str, first: date, last: date) -> None:
        """Deletes the failures of these days; of one that reaches further, what is outside remains."""
        touching = "FROM failed WHERE provider = ? AND base = ? AND first <= ? AND last >= ?"
        days = (provider, base, str(last), str(first))
        failed = database.rows(f"SELECT first, last, asked, reason {touching}", days)
        database.rows(f"DELETE {touching}", days)
        for row in failed:
            for begin, end in missing(*_span(row), [(first, last)]):
                rest = (provider, base, str(begin), str(end), *row[2:])
                database.rows("INSERT INTO failed VALUES (?, ?, ?, ?, ?, ?)", rest)

    def failures(self, provider: str = "") -> list[Failure]:
        """The days that failed and were not fetched since, of one provider or of all."""
        sql = "SELECT provider, base, first, last, asked, reason FROM failed ORDER BY provider, base, first"
        rows = self._read(sql)
        return [
            Failure(key, base, *_span((first, last)), moment_of(asked), reason)
            for key, base, first, last, asked, reason in rows
            if provider in ("", key)
        ]

    def fail(self, failure: Failure) -> None:
        """Records that these days could not be fetched."""
        provider, base, first, last, asked, reason = failure
        with self._writing() as database:
            within = "DELETE FROM failed WHERE provider = ? AND base = ? AND first >= ? AND last <= ?"
            database.rows(within, (provider, base, str(first), str(last)))
            row = (provider, base, str(first), str(last), moment_text(asked), reason)
            database.rows("INSERT INTO failed VALUES (?, ?, ?, ?, ?, ?)", row)

    def visits(self, provider: str, *, offline: bool = False) -> dict[str, Visit]:
        """The last visit to a provider for each base; offline: that of a sync without a network."""
        return {
            (of := base.removeprefix(OFFLINE)): visit._replace(base=of)
            for base, visit in self._visits(provider).items()
            if base.startswith(OFFLINE) == offline and not base.startswith(LOOKED)
        }

    def _visits(self, provider: str) -> dict[str, Visit]:
        """The last visits of each kind, by their base as it is stored."""
        sql = "SELECT provider, base, since, asked, due FROM visit WHERE provider = ? AND since <> ?"
        return {
            base: Visit(key, base, date.fromisoformat(since), moment_of(asked), moment_of(due))
            for key, base, since, asked, due in self._read(sql, (provider, str(NO_HISTORY)))
        }

    def resting(
        self,
        keys: Sequence[str],
        bases: Sequence[str],
        since: date | None,
        now: datetime,
        *,
        named: bool = True,
        offline: bool = False,
    ) -> list[Visit] | None:
        """The last visits to these providers, if none can have something new and all wanted days were asked for.

        bases: those to ask a provider for that has no document for all; since: the first day that is wanted. named:
        False if those without history are to be passed over. offline: as in `visits`.
        """
        found: list[Visit] = []
        for key in keys:
            visits = self.visits(key, offline=offline)
            if not visits and not named and self._without_history(key):
                continue
            whole = "" in visits or (visits and visits.keys() >= set(bases))
            if not whole or any(now >= one.due or (since and one.since > since) for one in visits.values()):
                return None
            found += visits.values()
        return found

    def _without_history(self, key: str) -> bool:
        return bool(self._read("SELECT 1 FROM visit WHERE provider = ? AND since = ?", (key, str(NO_HISTORY))))

    def visit(self, visit: Visit, *, offline: bool = False) -> None:
        """Records a sync's visit in place of the one before; offline: as in `visits`."""
        self._enter_visit(visit._replace(base=OFFLINE + visit.base) if offline else visit)

    def look(self, visit: Visit) -> None:
        """Records that a look-up has asked for all days since the visit's first, in place of the one before."""
        self._enter_visit(visit._replace(base=LOOKED + visit.base))

    def _enter_visit(self, visit: Visit) -> None:
        sql = """INSERT INTO visit VALUES (?, ?, ?, ?, ?) ON CONFLICT (provider, base)
                 DO UPDATE SET since = excluded.since, asked = excluded.asked, due = excluded.due"""
        row = (visit.provider, visit.base, str(visit.since), moment_text(visit.asked), moment_text(visit.due))
        with self._writing() as database:
            database.rows(sql, row)

    def days(self, provider: str, base: str, first: date) -> list[date]:
        """The days from `first` on with figures, oldest first."""
        sql = f"""SELECT DISTINCT q.day {_QUOTES} AND q.day >= ? ORDER BY q.day"""
        return [date.fromisoformat(day) for (day,) in self._read(sql, (provider, base, base, str(first)))]

    def newest(self, provider: str, base: str = "") -> date | None:
        """The newest day with figures."""
        sql = """SELECT max(near) FROM (SELECT (
                   SELECT max(q.day) FROM quote q WHERE q.provider = p.provider AND q.base = p.base
                   AND q.symbol = p.symbol) AS near
                 FROM pair p WHERE p.provider = ? AND (? = '' OR p.base = ?)) days"""
        [(day,)] = self._read(sql, (provider, base, base))
        return None if day is None else date.fromisoformat(day)

    def covered(self, provider: str, base: str = "") -> date | None:
        """The last day with a figure: the newest, or the end of the last period; one without end counts as a day."""
        sql = f"""SELECT max(q.valid_to) {_QUOTES} AND p.periods = 1 AND q.valid_to < ?"""
        [(end,)] = self._read(sql, (provider, base, base, str(date.max)))
        newest = self.newest(provider, base)
        return newest if end is None or newest is None else max(newest, date.fromisoformat(end))

    def state(self, provider: str, day: date, base: str = "") -> State:
        """What is known of a provider's day."""
        there = f"SELECT 1 {_QUOTES} AND (q.day = ? OR (q.day <= ? AND q.valid_to >= ?)) LIMIT 1"
        if self._read(there, (provider, base, base, str(day), str(day), str(day))):
            return "published"
        if any(one.base == base and one.first <= day <= one.last for one in self.failures(provider)):
            return "failed"
        settled = any(first <= day <= last for first, last in self.settled(provider, base))
        return "nothing published" if settled else "not asked"


_QUOTES = """FROM pair p CROSS JOIN quote q WHERE p.provider = ? AND (? = '' OR p.base = ?)
             AND q.provider = p.provider AND q.base = p.base AND q.symbol = p.symbol"""


def _rests(visit: Visit | None, now: datetime) -> bool:
    """True if nothing can be new since a visit."""
    return visit is not None and visit.asked <= now < visit.due


def _span(row: Row) -> Span:
    return date.fromisoformat(row[0]), date.fromisoformat(row[1])
