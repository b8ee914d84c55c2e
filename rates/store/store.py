"""The store: every figure that was fetched, exactly as published, and every later correction beside it.

Reading never waits for a writer. Only the process that opened the store writes to it.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import cached_property
from types import TracebackType
from typing import NamedTuple

from rates.errors import StoreError
from rates.model import Quote
from rates.store import care, quote_table
from rates.store.attempts import Attempts
from rates.store.care import Holding
from rates.store.database import URL, Database, Row, location, moment_of, shown
from rates.store.quote_table import Change, by_key, enter
from rates.store.records import Stored

POLL_S = 0.2  # between two looks whether another sync is done, which takes seconds at least


class Revision(NamedTuple):
    """One value of a figure. number: 0 for the first, more for corrections."""

    number: int
    stored: Stored


class Store:
    """The quotes of many providers in one database; a `Source` of look-ups.

    Nothing is made before something is written: a file that does not exist reads as an empty store. Safe for threads;
    in a forked child it opens its own connection, and does not write.
    """

    def __init__(self, place: str) -> None:
        self._place = place
        self._owner = os.getpid()
        self._answers: dict[int, tuple[datetime | None, str]] = {}
        self._forget()

    def _forget(self) -> None:
        """Begins without connections."""
        self._process = os.getpid()
        self._reader: Database | None = None
        self._writer: Database | None = None
        self._blank = False  # the reader's: there is no file yet
        self._reading, self._writes = threading.RLock(), threading.RLock()

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
        if self._process == os.getpid():
            with self._writes, self._reading:
                for database in (self._writer, self._reader):
                    if database is not None:
                        database.close()
        self._forget()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # --- the database ------------------------------------------------------------------------------------------------

    def _rows(self, sql: str, params: Iterable[object] = ()) -> list[Row]:
        """The rows of a query. Reading has its own connection, so that no thread waits for one that writes."""
        if self._process != os.getpid():  # in a forked child
            self._inherited = self._reader, self._writer  # its parent's, which it must not even close
            self._forget()
        with self._reading:
            return self._read().rows(sql, tuple(params))

    def _read(self) -> Database:
        """The reader's database; within its lock."""
        if self._reader is None or (self._blank and os.path.exists(self._place)):
            self._blank = not (self.remote or os.path.exists(self._place))
            self._reader = self._connected(blank=self._blank)
        return self._reader

    def _connected(self, *, blank: bool = False) -> Database:
        if self.remote:
            from rates.store.postgres import Postgres

            return Postgres(self._place)
        from rates.store.sqlite import Sqlite

        return Sqlite(self._place, blank=blank)

    @contextmanager
    def _writing(self) -> Iterator[Database]:
        """The writer's database within a transaction; makes a new file; refuses in a worker process."""
        processes = sys.modules.get("multiprocessing.process")
        if os.getpid() != self._owner or (processes is not None and processes.parent_process() is not None):
            raise StoreError(
                "a worker process does not write to the store",
                hint="return the quotes to the process that began the run, and store them there",
            )
        with self._writes:
            if self._writer is None:
                self._writer = self._connected()
            with self._writer.writing():
                yield self._writer

    @contextmanager
    def alone(self, waiting: Callable[[], None]) -> Iterator[None]:
        """Keeps every other sync out of the store for the block. waiting: called once if there is one to wait for."""
        with self._writing() as database:
            pass  # opens it, and finds out whether it can be written
        while (unlock := database.try_lock()) is None:
            waiting()
            waiting = _silent
            time.sleep(POLL_S)
        try:
            yield
        finally:
            unlock()

    # --- writing -----------------------------------------------------------------------------------------------------

    def put(self, provider: str, quotes: Iterable[Quote], fetched: datetime | None, digest: str) -> Change:
        """Keeps the quotes of one answer, all or none.

        A figure with another value than the newest revision is a correction: it becomes the next revision. 1.10 is the
        same value as 1.1, and the first text stays. Of two figures of one pair and day in an answer the later counts.

        fetched: when the answer came, aware; None for a recording. digest: the SHA-256 of its body, in hex.
        """
        given = by_key(provider, quotes)
        if not given:
            return Change()
        with self._writing() as database:
            return enter(database, provider, given, fetched, digest)

    @cached_property
    def attempts(self) -> Attempts:
        """What was asked of each provider, and what came of it."""
        return Attempts(self._rows, self._writing)

    # --- reading -----------------------------------------------------------------------------------------------------

    def providers(self) -> tuple[str, ...]:
        """The keys of the providers that it has any figures of, sorted."""
        return tuple(key for (key,) in self._rows("SELECT DISTINCT provider FROM pair ORDER BY provider"))

    def between(self, provider: str, codes: Collection[str], first: date, last: date) -> Iterator[Stored]:
        """The newest revision of every quote whose day or period touches first…last; by day, oldest first.

        codes: those that base and symbol must be among; () for all.
        """
        started, ended = first.isoformat(), last.isoformat()
        yield from self._stored(provider, self._rows(*quote_table.begun_before(provider, codes, started)))
        rows = self._rows(*quote_table.between(provider, codes, started, ended))
        newest = {row[:3]: row for row in rows}.values()  # of the same figure the last revision remains
        yield from self._stored(provider, newest)

    def nearest(self, provider: str, codes: Collection[str], day: date, *, later: bool) -> date | None:
        """The newest day on or before `day` with any such quote; with `later`, the oldest on or after it.

        A rate that is valid for a period counts on each day of its period, so for `day` itself or not at all.
        """
        asked = day.isoformat()
        if self._rows(*quote_table.holding_on(provider, codes, asked)):
            return day
        [(found,)] = self._rows(*quote_table.nearest(provider, codes, asked, later=later))
        return None if found is None else date.fromisoformat(found)

    def revisions(self, provider: str, codes: Collection[str] = ()) -> Iterator[Revision]:
        """All values of the figures that were corrected, by pair, day and revision."""
        rows = self._rows(*quote_table.corrected(provider, codes))
        return map(Revision, (row[6] for row in rows), self._stored(provider, rows))

    def export(self, provider: str, first: date = date.min, last: date = date.max) -> Iterator[Revision]:
        """All values of a provider's figures that begin on these days, by pair, day and revision; a pair at a time."""
        for base, symbol in self._rows(*quote_table.all_pairs(provider)):
            rows = self._rows(*quote_table.of_pair(provider, base, symbol, first.isoformat(), last.isoformat()))
            yield from map(Revision, (row[6] for row in rows), self._stored(provider, rows))

    def _stored(self, provider: str, rows: Iterable[Row]) -> Iterator[Stored]:
        """The rows of quotes as records."""
        answers = self._answers
        for row in rows:
            if row[5] not in answers:
                newest = max(answers, default=0)
                found = self._rows("SELECT id, fetched, digest FROM answer WHERE id > ?", (newest,))
                answers |= {key: (fetched and moment_of(fetched), digest) for key, fetched, digest in found}
            yield Stored(provider, quote_table.quote_of(row), *answers[row[5]])

    # --- care --------------------------------------------------------------------------------------------------------

    def info(self) -> tuple[Holding, ...]:
        """What it has of each provider."""
        return care.holdings(self._rows)

    def size(self) -> int:
        """The bytes that it takes on the disk."""
        with self._reading:
            return self._read().size()

    def verify(self) -> list[str]:
        """What is wrong with it, as sentences; [] if nothing. Reads all of it."""
        with self._reading:
            faults = self._read().faults()
        return faults or care.faults(self._rows)

    def prune(self, providers: Collection[str], before: date | None = None) -> int:
        """Deletes the figures of these providers, or those of days before one, and gives how many.

        A sync does not fetch them again, unless it is asked for days before.
        """
        with self._writing() as database:
            count = sum(care.delete(database, provider, before) for provider in providers)
        with self._writes:
            database.compact()
        return count


def _silent() -> None:
    """Says nothing: it has been said."""
