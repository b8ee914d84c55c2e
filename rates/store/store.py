"""The store: every figure that was fetched, exactly as published, and every later correction beside it.

Reading never waits for a writer. Only the process that opened the store writes to it.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from types import TracebackType
from typing import NamedTuple

from rates.errors import BadRate, StoreError
from rates.model import Quote
from rates.store.database import URL, Database, Row, in_clause, location, shown
from rates.store.records import Stored

Key = tuple[str, str, str]  # base, symbol, day


class Change(NamedTuple):
    """What `put` changed: how many figures are new, how many were there, and each corrected one with the one before."""

    new: int = 0
    same: int = 0
    corrected: tuple[tuple[Quote, Quote], ...] = ()

    def __add__(self, other: object) -> Change:
        if not isinstance(other, Change):
            return NotImplemented
        return Change(self.new + other.new, self.same + other.same, self.corrected + other.corrected)


class Revision(NamedTuple):
    """One value of a figure that was corrected. number: 0 for the first."""

    number: int
    stored: Stored


class Holding(NamedTuple):
    """What the store has of one provider; `corrected` counts the revisions after the first."""

    provider: str
    pairs: int
    quotes: int
    corrected: int
    first: date
    last: date
    fetched: datetime | None


class Store:
    """The quotes of many providers in one database; a `Source` of look-ups.

    Nothing is made before something is written: a file that does not exist reads as an empty store. Safe for threads;
    in a forked child it opens its own connection, and does not write.
    """

    def __init__(self, place: str) -> None:
        self._place = place
        self._owner = self._opened_by = os.getpid()
        self._lock = threading.RLock()
        self._database: Database | None = None
        self._blank = False
        self._answers: dict[int, tuple[datetime | None, str]] = {}

    @classmethod
    def open(cls, place: str | os.PathLike[str] = "") -> Store:
        """The store at a path or a PostgreSQL URL; without one the file in the user's data folder."""
        return cls(location(place))

    @property
    def place(self) -> str:
        """Where it is: a path, or a URL without the password."""
        return shown(self._place)

    @property
    def remote(self) -> bool:
        """True for a database on a server."""
        return bool(URL.match(self._place))

    def close(self) -> None:
        """Closes the database; it is opened again when it is needed."""
        with self._lock:
            if self._database is not None and self._opened_by == os.getpid():
                self._database.close()
            self._database = None

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # --- the database ------------------------------------------------------------------------------------------------

    def _open(self, *, writing: bool = False) -> Database:
        """The open database; within the lock."""
        if self._opened_by != os.getpid():  # in a forked child, which must not touch its parent's connection
            self._database, self._opened_by = None, os.getpid()
        if self._database is None or (writing and self._blank):
            self._blank = not (self.remote or writing or os.path.exists(self._place))
            self._database = self._connected(new=writing)
        return self._database

    def _connected(self, *, new: bool) -> Database:
        if self.remote:
            from rates.store.postgres import Postgres

            return Postgres(self._place)
        from rates.store.sqlite import Sqlite, make_folder

        if new:
            make_folder(self._place)
        return Sqlite(self._place, blank=self._blank)

    def _rows(self, sql: str, params: Iterable[object] = ()) -> list[Row]:
        with self._lock:
            return self._open().rows(sql, tuple(params))

    def _writable(self) -> Database:
        """The open database for writing; refuses in a worker process."""
        processes = sys.modules.get("multiprocessing.process")
        if os.getpid() != self._owner or (processes is not None and processes.parent_process() is not None):
            raise StoreError(
                "a worker process does not write to the store",
                hint="return the quotes to the process that began the run, and store them there",
            )
        return self._open(writing=True)

    # --- writing -----------------------------------------------------------------------------------------------------

    def put(self, provider: str, quotes: Iterable[Quote], fetched: datetime | None, digest: str) -> Change:
        """Keeps the quotes of one answer, all or none.

        A figure with another value than the newest revision is a correction: it becomes the next revision. 1.10 is the
        same value as 1.1, and the first text stays. Of two figures of one pair and day in an answer the later counts.

        fetched: when the answer came, aware; None for a recording. digest: the SHA-256 of its body, in hex.
        """
        given = _by_key(provider, quotes)
        if not given:
            return Change()
        with self._lock:
            database = self._writable()
            with database.writing():
                known = self._newest_of(database, provider, given)
                rows, change = _compared(provider, given, known)
                if rows:
                    answer = _add_answer(database, provider, fetched, digest)
                    _add_pairs(database, provider, given)
                    database.add_quotes((*row, answer) for row in rows)
        return change

    def _newest_of(self, database: Database, provider: str, given: dict[Key, Quote]) -> dict[Key, Row]:
        """The newest revision of all figures of the pairs and days that were given."""
        pairs = {(base, symbol) for base, symbol, _ in given}
        there = set(database.rows("SELECT base, symbol FROM pair WHERE provider = ?", (provider,)))
        if not pairs & there:
            return {}
        days = {day for _, _, day in given}
        codes = {code for pair in pairs for code in pair}
        found = database.rows(*_between(provider, codes, min(days), max(days)))
        return {row[:3]: row for row in found}  # of the same figure the last revision remains

    # --- reading -----------------------------------------------------------------------------------------------------

    def providers(self) -> tuple[str, ...]:
        """The keys of the providers that it has any figures of, sorted."""
        return tuple(key for (key,) in self._rows("SELECT DISTINCT provider FROM pair ORDER BY provider"))

    def between(self, provider: str, codes: Collection[str], first: date, last: date) -> Iterator[Stored]:
        """The newest revision of every quote whose day or period touches first…last; by day, oldest first.

        codes: those that base and symbol must be among; () for all.
        """
        started, ended = first.isoformat(), last.isoformat()
        yield from self._stored(provider, self._rows(*_begun_before(provider, codes, started)))
        rows = self._rows(*_between(provider, codes, started, ended))
        newest = {row[:3]: row for row in rows}.values()  # of the same figure the last revision remains
        yield from self._stored(provider, newest)

    def nearest(self, provider: str, codes: Collection[str], day: date, *, later: bool) -> date | None:
        """The newest day on or before `day` with any such quote; with `later`, the oldest on or after it.

        A rate that is valid for a period counts on each day of its period, so for `day` itself or not at all.
        """
        asked = day.isoformat()
        if self._rows(*_holding_on(provider, codes, asked)):
            return day
        [(found,)] = self._rows(*_nearest(provider, codes, asked, later=later))
        return None if found is None else date.fromisoformat(found)

    def revisions(self, provider: str, codes: Collection[str] = ()) -> Iterator[Revision]:
        """All values of the figures that were corrected, by pair, day and revision."""
        pairs, params = _pairs(provider, codes)
        sql = f"""SELECT {_COLUMNS} FROM {pairs} AND EXISTS (
                    SELECT 1 FROM quote n WHERE {_SAME_FIGURE} AND n.revision > 0)
                  ORDER BY q.base, q.symbol, q.day, q.revision"""
        rows = self._rows(sql, params)
        return map(Revision, (row[6] for row in rows), self._stored(provider, rows))

    def _stored(self, provider: str, rows: Iterable[Row]) -> Iterator[Stored]:
        """The rows of quotes as records."""
        answers = self._answers
        for base, symbol, day, rate, valid_to, answer, _ in rows:
            if answer not in answers:
                answers.update(self._all_answers())
            end = None if valid_to is None else date.fromisoformat(valid_to)
            yield Stored(provider, Quote(base, symbol, Decimal(rate), date.fromisoformat(day), end), *answers[answer])

    def _all_answers(self) -> dict[int, tuple[datetime | None, str]]:
        newest = max(self._answers, default=0)
        rows = self._rows("SELECT id, fetched, digest FROM answer WHERE id > ?", (newest,))
        return {number: (_moment(fetched), digest) for number, fetched, digest in rows}

    # --- care --------------------------------------------------------------------------------------------------------

    def info(self) -> tuple[Holding, ...]:
        """What it has of each provider."""
        sql = """SELECT provider, count(*), sum(CASE WHEN revision > 0 THEN 1 ELSE 0 END), min(day), max(day)
                 FROM quote GROUP BY provider ORDER BY provider"""
        pairs: dict[str, int] = dict(self._rows("SELECT provider, count(*) FROM pair GROUP BY provider"))
        fetched: dict[str, str | None] = dict(self._rows("SELECT provider, max(fetched) FROM answer GROUP BY provider"))
        return tuple(
            Holding(key, pairs[key], quotes - corrected, corrected, date.fromisoformat(first), date.fromisoformat(last),
                    _moment(fetched[key]))
            for key, quotes, corrected, first, last in self._rows(sql)
        )  # fmt: skip

    def size(self) -> int:
        """The bytes that it takes on the disk."""
        with self._lock:
            return self._open().size()


# --- the queries -----------------------------------------------------------------------------------------------------

_COLUMNS = "q.base, q.symbol, q.day, q.rate, q.valid_to, q.answer, q.revision"
_SAME_FIGURE = "n.provider = q.provider AND n.base = q.base AND n.symbol = q.symbol AND n.day = q.day"
Query = tuple[str, tuple[object, ...]]


def _pairs(provider: str, codes: Collection[str]) -> Query:
    """The quotes of the pairs whose codes are among these, pair by pair: one descent of the index for each."""
    bases, listed = in_clause(codes, "p.base")
    symbols, _ = in_clause(codes, "p.symbol")
    sql = f"""pair p CROSS JOIN quote q WHERE p.provider = ?{bases}{symbols}
              AND q.provider = p.provider AND q.base = p.base AND q.symbol = p.symbol"""
    return sql, (provider, *listed, *listed)


def _between(provider: str, codes: Collection[str], first: str, last: str) -> Query:
    """All revisions of the quotes that begin on these days."""
    pairs, params = _pairs(provider, codes)
    sql = f"""SELECT {_COLUMNS} FROM {pairs} AND q.day BETWEEN ? AND ?
              ORDER BY q.day, q.base, q.symbol, q.revision"""
    return sql, (*params, first, last)


def _begun_before(provider: str, codes: Collection[str], first: str) -> Query:
    """The newest revisions of the periods that begin before a day and hold on it."""
    pairs, params = _pairs(provider, codes)
    sql = f"""SELECT {_COLUMNS} FROM {pairs} AND p.periods = 1 AND q.valid_to >= ? AND q.day < ?
              AND NOT EXISTS (SELECT 1 FROM quote n WHERE {_SAME_FIGURE} AND n.revision > q.revision)
              ORDER BY q.day, q.base, q.symbol"""
    return sql, (*params, first, first)


def _holding_on(provider: str, codes: Collection[str], day: str) -> Query:
    """A row if the newest revision of a period holds on a day."""
    pairs, params = _pairs(provider, codes)
    sql = f"""SELECT 1 FROM {pairs} AND p.periods = 1 AND q.valid_to >= ? AND q.day <= ?
              AND NOT EXISTS (SELECT 1 FROM quote n WHERE {_SAME_FIGURE} AND n.revision > q.revision) LIMIT 1"""
    return sql, (*params, day, day)


def _nearest(provider: str, codes: Collection[str], day: str, *, later: bool) -> Query:
    """The nearest day of a quote of one day: the best of the nearest of each pair."""
    bases, listed = in_clause(codes, "p.base")
    symbols, _ = in_clause(codes, "p.symbol")
    best, side = ("min", ">=") if later else ("max", "<=")
    sql = f"""SELECT {best}(near) FROM (SELECT (
                SELECT {best}(q.day) FROM quote q WHERE q.provider = p.provider AND q.base = p.base
                AND q.symbol = p.symbol AND q.day {side} ? AND q.valid_to IS NULL) AS near
              FROM pair p WHERE p.provider = ?{bases}{symbols}) days"""
    return sql, (day, provider, *listed, *listed)


# --- what is written -------------------------------------------------------------------------------------------------


def _by_key(provider: str, quotes: Iterable[Quote]) -> dict[Key, Quote]:
    """The quotes by pair and day, in the order of the table."""
    texts: dict[date, str] = {}
    found: dict[Key, Quote] = {}
    for quote in quotes:
        base, symbol, rate, day, _ = quote
        if not (rate.is_finite() and rate > 0):
            raise BadRate(f"{base} to {symbol} is {rate} on {day}", provider=provider)
        text = texts.get(day)
        if text is None:
            text = texts[day] = day.isoformat()
        found[base, symbol, text] = quote
    return dict(sorted(found.items()))


def _compared(
    provider: str, given: dict[Key, Quote], known: dict[Key, Row]
) -> tuple[list[tuple[str, str, str, str, int, str, str | None]], Change]:
    """The rows to add, without their answer, and what they change."""
    rows, corrected, same = [], [], 0
    for key, quote in given.items():
        end = None if quote.valid_to is None else quote.valid_to.isoformat()
        revision, before = 0, known.get(key)
        if before is not None:
            if before[4] == end and Decimal(before[3]) == quote.rate:
                same += 1
                continue
            revision = before[6] + 1
            corrected.append((_quote(before), quote))
        rows.append((provider, *key, revision, f"{quote.rate:f}", end))
    return rows, Change(len(rows) - len(corrected), same, tuple(corrected))


def _quote(row: Row) -> Quote:
    base, symbol, day, rate, valid_to = row[:5]
    end = None if valid_to is None else date.fromisoformat(valid_to)
    return Quote(base, symbol, Decimal(rate), date.fromisoformat(day), end)


def _add_answer(database: Database, provider: str, fetched: datetime | None, digest: str) -> int:
    """The number of a new answer."""
    moment = None if fetched is None else fetched.astimezone(UTC).isoformat()
    sql = "INSERT INTO answer (provider, fetched, digest) VALUES (?, ?, ?) RETURNING id"
    [(number,)] = database.rows(sql, (provider, moment, digest))
    return int(number)


def _add_pairs(database: Database, provider: str, given: dict[Key, Quote]) -> None:
    """Enters new pairs, and which of them have periods."""
    periods: dict[tuple[str, str], int] = {}
    for (base, symbol, _), quote in given.items():
        periods[base, symbol] = periods.get((base, symbol), 0) | (quote.valid_to is not None)
    there = {row[:2]: row[2] for row in database.rows("SELECT base, symbol, periods FROM pair WHERE provider = ?",
                                                      (provider,))}  # fmt: skip
    for (base, symbol), has in periods.items():
        if there.get((base, symbol), -1) < has:
            sql = """INSERT INTO pair VALUES (?, ?, ?, ?)
                     ON CONFLICT (provider, base, symbol) DO UPDATE SET periods = excluded.periods"""
            database.rows(sql, (provider, base, symbol, has))


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).astimezone(UTC)
