"""The store: every figure that was fetched, exactly as published, and every later correction beside it.

Reading never waits for a writer. Only the process that opened the store writes to it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from decimal import Decimal
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple

from rates.errors import without_password
from rates.model import Quote
from rates.store import quote_table
from rates.store.answer_table import Answers
from rates.store.attempts import Attempts
from rates.store.connections import Connections
from rates.store.database import Row, location, moment_of
from rates.store.quote_table import Change, by_pair, enter
from rates.store.records import Stored

MOST_IDS = 500  # in one question; older versions of SQLite take 999 parameters

if TYPE_CHECKING:
    from rates.store.care import Holding


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
        self._connections = Connections(place)
        self._rows, self._writing = self._connections.rows, self._connections.writing
        self._answers: dict[int, tuple[datetime | None, str]] = {}
        self.attempts, self.answers = Attempts(self._connections), Answers(self._connections)

    @classmethod
    def open(cls, place: str | os.PathLike[str] = "") -> Store:
        """The store at a path or a PostgreSQL URL; without one the file in the user's data folder."""
        return cls(location(place))

    @property
    def place(self) -> str:
        """Where it is: a path, or a URL without the password."""
        return without_password(self._connections.place)

    @property
    def remote(self) -> bool:
        """True for a database on a server."""
        return self._connections.remote

    def close(self) -> None:
        """Closes the database; it is opened again when it is needed."""
        self._connections.close()

    def __repr__(self) -> str:
        return f"<Store {self.place}>"

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def alone(self, waiting: Callable[[], None]) -> AbstractContextManager[None]:
        """Keeps every other sync out of the store for the block. waiting: called once if there is one to wait for."""
        return self._connections.alone(waiting)

    # --- writing -----------------------------------------------------------------------------------------------------

    def put(self, provider: str, quotes: Iterable[Quote], fetched: datetime | None, digest: str) -> Change:
        """Keeps the quotes of one answer, all or none.

        A figure with another value than the newest revision is a correction: it becomes the next revision. 1.10 is the
        same value as 1.1, and the first text stays. Of two figures of one pair and day in an answer the later counts.

        fetched: when the answer came, aware; None for a recording. digest: the SHA-256 of its body, in hex.
        """
        given = by_pair(provider, quotes)
        if not given:
            return Change()
        with self._writing() as database:
            return enter(database, provider, given, fetched, digest)

    # --- reading -----------------------------------------------------------------------------------------------------

    def providers(self) -> tuple[str, ...]:
        """The keys of the providers that it has any figures of, sorted."""
        return tuple(key for (key,) in self._rows("SELECT DISTINCT provider FROM pair ORDER BY provider"))

    def has(self, provider: str) -> bool:
        """True if it has any figure of a provider: one descent of an index, however many there are."""
        return bool(self._rows("SELECT 1 FROM pair WHERE provider = ? LIMIT 1", (provider,)))

    def between(self, provider: str, codes: Collection[str], first: date, last: date) -> Iterator[Stored]:
        """The newest revision of every quote whose day or period touches first…last; by day, oldest first.

        codes: those that base and symbol must be among; () for all.
        """
        rows = self._rows(*quote_table.between(provider, codes, first.isoformat(), last.isoformat()))
        if any(row[6] for row in rows):
            rows = list({row[:3]: row for row in rows}.values())  # of the same figure the last revision remains
        yield from self._stored(provider, rows)

    def nearest(self, provider: str, codes: Collection[str], day: date, *, later: bool) -> date | None:
        """The newest day on or before `day` with any such quote; with `later`, the oldest on or after it.

        A rate that is valid for a period counts on each day of its period, so for `day` itself or not at all.
        """
        [(within, found)] = self._rows(*quote_table.nearest(provider, codes, day.isoformat(), later=later))
        return day if within else None if found is None else date.fromisoformat(found)

    def revisions(self, provider: str, codes: Collection[str] = ()) -> Iterator[Revision]:
        """All values of the figures that were corrected, by pair, day and revision."""
        rows = self._rows(*quote_table.corrected(provider, codes))
        return map(Revision, (row[6] for row in rows), self._stored(provider, rows))

    def export(self, provider: str, first: date = date.min, last: date = date.max) -> Iterator[Revision]:
        """All values of a provider's figures that begin on these days, by pair, day and revision; a pair at a time."""
        for base, symbol in self._rows(*quote_table.all_pairs(provider)):
            rows = self._rows(*quote_table.of_pair(provider, base, symbol, first.isoformat(), last.isoformat()))
            yield from map(Revision, (row[6] for row in rows), self._stored(provider, rows))

    def _stored(self, provider: str, rows: Sequence[Row]) -> Iterator[Stored]:
        """The rows of quotes as records; `tuple.__new__` makes one in half the time, of which a history has 220,000."""
        answers, days, make = self._answers_of(rows), _Days(), tuple.__new__
        for base, symbol, day, rate, valid_to, answer, _ in rows:
            end = None if valid_to is None else days[valid_to]
            quote = make(Quote, (base, symbol, Decimal(rate), days[day], end))
            fetched, digest = answers[answer]
            yield make(Stored, (provider, quote, fetched, digest))

    def _answers_of(self, rows: Sequence[Row]) -> Mapping[int, tuple[datetime | None, str]]:
        """When the answers were fetched that the rows came from, and their digests; each is read once."""
        answers = self._answers
        missing = sorted({row[5] for row in rows} - answers.keys())
        for start in range(0, len(missing), MOST_IDS):
            ids = missing[start : start + MOST_IDS]
            sql = f"SELECT id, fetched, digest FROM answer WHERE id IN ({', '.join('?' * len(ids))})"
            found = {key: (fetched and moment_of(fetched), digest) for key, fetched, digest in self._rows(sql, ids)}
            answers.update((key, found.get(key, (None, ""))) for key in ids)  # `verify` reports one that is not there
        return answers

    # --- care --------------------------------------------------------------------------------------------------------

    def info(self) -> tuple[Holding, ...]:
        """What it has of each provider."""
        from rates.store import care  # as below: 1 ms, which a look-up must not pay for

        return care.holdings(self._rows)

    def size(self) -> int:
        """The bytes that it takes on the disk."""
        with self._connections.reading() as database:
            return database.size()

    def verify(self) -> list[str]:
        """What is wrong with it, as sentences; [] if nothing. Reads all of it."""
        with self._connections.reading() as database:
            faults = database.faults()
        from rates.store import care

        return faults or care.faults(self._rows)

    def prune(self, providers: Collection[str], before: date | None = None) -> int:
        """Deletes the figures of these providers, or those of days before one, and gives how many.

        A sync does not fetch them again, unless it is asked for days before.
        """
        from rates.store import care

        with self._writing() as database:
            count = sum(care.delete(database, provider, before) for provider in providers)
        with self._connections.writer() as database:
            database.compact()
        return count


class _Days(dict[str, date]):
    """Days by their text, each read once."""

    def __missing__(self, text: str) -> date:
        day = self[text] = date.fromisoformat(text)
        return day
